"""Our own notice inside a reply: cut whole where it is one, and nothing else lost where it only looks like one."""

from __future__ import annotations

import time

import pytest

from complaintmail.mail.own_notice import WRITE_ABOVE
from complaintmail.mail.reply import new_text, split
from tests.mail.test_reply import ATTRIBUTIONS
from tests.support.paces import MUCH

NOTICE = f"Your reply is kept as a note.\n\n{WRITE_ABOVE}\n\nJane Doe wrote:\n\n#close\n"


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_a_notice_goes_with_the_attribution_above_it_in_every_language(attribution: str) -> None:
    result = split(f"#assign me\n\n{attribution}\n\n{NOTICE}")

    assert result.new == "#assign me"
    assert result.quoted == f"{attribution}\n\n{NOTICE}".strip()
    assert result.sure


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_a_notice_with_nothing_above_its_attribution_leaves_nothing(attribution: str) -> None:
    assert new_text(f"{attribution}\n{NOTICE}", "FW: a notice") == ""


@pytest.mark.parametrize("dress", ["{}", "    {}", "*{}*", "| {}", "_{}_", "\u00a0{}"])
def test_the_two_lines_are_known_in_whatever_dress_a_program_gives_them(dress: str) -> None:
    lines = "\n".join(dress.format(line) if line else "" for line in NOTICE.split("\n"))

    assert new_text(f"Agreed.\n\n{lines}") == "Agreed."


def test_a_first_line_broken_in_two_is_still_ours() -> None:
    broken = NOTICE.replace("kept as", "kept\nas")

    assert new_text(f"Agreed.\n\n{broken}") == "Agreed."


@pytest.mark.parametrize(
    "prose",
    [
        f"{WRITE_ABOVE}\nThe lift is broken.\nNobody came.",
        "Your reply is no answer.\n\nThe lift is still broken.",
        "Your reply goes to the complainant.\nPlease write above the line, you said.\nI did.",
    ],
)
def test_a_complainant_who_writes_one_of_the_two_lines_loses_nothing(prose: str) -> None:
    assert new_text(prose) == prose


def test_answers_between_the_lines_of_a_marked_notice_stay() -> None:
    marked = "\n".join(f"> {line}" for line in NOTICE.strip().split("\n"))

    assert new_text(f"{marked}\nI will close it.\n\n> Bye\nAlex").split("\n\n") == ["I will close it.", "Alex"]


def test_what_ran_over_from_a_long_marked_line_is_not_the_writers() -> None:
    marked = "\n".join(f"> {line}" for line in NOTICE.strip().split("\n"))
    spilled = f"> > {'word ' * 14}\n#close\n#undo\n> > end"

    assert new_text(f"#note\nSeen.\n\n{marked}\n{spilled}\n") == "#note\nSeen."
    first = marked.replace("as a note.", f"{'word ' * 12}\n#close #undo")
    assert new_text(f"#note\nSeen.\n\nOn 20 Nov 2026 at 09:00, Info <i@x.test> wrote:\n\n{first}") == "#note\nSeen."
    assert "#close" in new_text(f"#note\nSeen.\n\n> Bye\n{spilled}\n")  # where no notice is, nothing is known


@pytest.mark.parametrize(
    "bomb",
    [
        f"{WRITE_ABOVE}\n",
        f"{WRITE_ABOVE}\n\n\n\n\n",
        f"> {WRITE_ABOVE}\nx\n",
        f"Your answer\n{WRITE_ABOVE}\n",
        f"> {WRITE_ABOVE}\n> {'y' * 70}\nx\n",
        f"From: a@b.test\nTo: c@d.test\nDate: 1\n{NOTICE}",
        "\n" * 100 + NOTICE,
    ],
    ids=range(7),
)
def test_a_megabyte_of_it_takes_no_time(bomb: str) -> None:
    text = bomb * (1_000_000 // len(bomb))
    begin = time.process_time()

    split(text)

    assert time.process_time() - begin < MUCH
