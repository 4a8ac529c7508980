"""What is to be done, by when and by whom, in a line."""

from __future__ import annotations

from datetime import date

import pytest

from complaintmail.triage.action_lines import read_action

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("line", "text", "by", "who"),
    [
        ("give back the fee by 1 December @Hal", "give back the fee", date(2026, 12, 1), "Hal"),
        ("- give back the fee, by Friday @Hal Handler", "give back the fee", date(2026, 11, 20), "Hal Handler"),
        ("@hal@staff.test mend the lift by 3/12/2026", "mend the lift", date(2026, 12, 3), "hal@staff.test"),
        ("mend the lift", "mend the lift", None, ""),
        ("mend the lift by hand", "mend the lift by hand", None, ""),
        ("put a notice by the door by 1 December", "put a notice by the door", date(2026, 12, 1), ""),
        ("ask @Dana by tomorrow", "ask", date(2026, 11, 19), "Dana"),
        ("• train the desk until 2027-01-15.", "train the desk", date(2027, 1, 15), ""),
    ],
)
def test_a_line_is_read_as_people_write_it(line: str, text: str, by: date | None, who: str) -> None:
    read = read_action(line, TODAY)

    assert (read.text, read.by, read.who, read.problem) == (text, by, who, "")


def test_a_day_that_does_not_exist_is_told() -> None:
    assert read_action("mend it by 31 February", TODAY).problem
