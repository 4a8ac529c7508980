"""The list at the start of a person's day: who gets one, when, from which mailbox, and once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from complaintmail.config import load
from complaintmail.passes.digests import send_digests
from complaintmail.passes.intake import Intake
from complaintmail.wiring import at_the_desks
from tests.support.casebooks import BOXES
from tests.support.shells import Shell, shell_in

DIRECTOR, HEAD, CHIEF = "director@staff.test", "head@staff.test", "chief@staff.test"
MONDAY = datetime(2099, 11, 23, 9, 0, tzinfo=UTC)  # far ahead of whatever day the case is recorded on
MORE = """
[[person]]
name = "E. Early"
email = "early@staff.test"
roles = ["operations-director"]
policies = ["ceme"]
hours = "Mon-Fri 06:00-08:00"
"""


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return shell_in(tmp_path, MORE)


@contextmanager
def at_work(shell: Shell) -> Iterator[Intake]:
    with at_the_desks(load(shell.folder / "config.toml")) as intake:
        yield intake


def lists(shell: Shell, *moments: datetime, mailboxes: tuple[str, ...] = tuple(BOXES)) -> list[int]:
    with at_work(shell) as intake:
        papers = {address: desk.instruction.papers for address, desk in intake.desks.items()}
        return [send_digests(intake.store, papers, mailboxes, now) for now in moments]


def written(shell: Shell) -> list[tuple[str, str]]:
    rows = shell.rows("SELECT recipient, mailbox FROM letter WHERE kind = 'digest' ORDER BY recipient")
    return [(recipient, mailbox) for recipient, mailbox in rows]


def test_only_who_has_something_to_do_gets_a_list_and_once_a_day(shell: Shell) -> None:
    shell.recorded()

    hours = [MONDAY - timedelta(hours=2), MONDAY, MONDAY + timedelta(minutes=1), MONDAY + timedelta(days=1)]
    counts = lists(shell, *hours)

    assert counts == [0, 2, 0, 2]  # the director decides, the head answers; the chief has nothing
    assert {to for to, _ in written(shell)} == {DIRECTOR, HEAD}
    [(text, case, audience, about)] = shell.rows(
        "SELECT text, case_id, audience, about FROM letter WHERE kind = 'digest' AND recipient = ? LIMIT 1", DIRECTOR
    )
    assert text.startswith("A plain reply to this mail reaches no complainant") and "Overdue" in text
    assert (case, audience) == (None, "staff") and "offer" not in about


def test_whoever_had_nothing_is_not_looked_at_again_that_day(shell: Shell) -> None:
    assert lists(shell, MONDAY) == [0]
    shell.recorded()

    assert lists(shell, MONDAY + timedelta(hours=1)) == [0]
    assert lists(shell, MONDAY + timedelta(days=1)) == [2]


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        (MONDAY.replace(hour=7), "before their hours"),
        (MONDAY.replace(hour=18), "after them"),
        (MONDAY - timedelta(days=1), "on a Sunday"),
    ],
)
def test_nobody_is_written_to_outside_their_hours(shell: Shell, moment: datetime, why: str) -> None:
    shell.recorded()

    assert lists(shell, moment) == [0], why


def test_it_goes_from_the_first_mailbox_whose_policy_they_serve(shell: Shell) -> None:
    shell.recorded()
    done = shell("record", "--policy", "ceme", "--name", "Jane", "--text", "Cold.")
    assert done.exit_code == 0 and shell("act", done.stdout.strip(), "#assign early@staff.test").exit_code == 0

    lists(shell, MONDAY.replace(hour=7), MONDAY)

    assert ("early@staff.test", "care@example.test") in written(shell)
    assert dict(written(shell))[DIRECTOR] == "info@example.test"


def test_a_daemon_writes_only_from_the_mailboxes_that_it_holds(shell: Shell) -> None:
    shell.recorded()

    assert lists(shell, MONDAY, mailboxes=("care@example.test",)) == [0]
    assert lists(shell, MONDAY, mailboxes=("info@example.test",)) == [2]


def test_whom_a_case_is_about_reads_nothing_of_it(shell: Shell) -> None:
    case = shell.recorded()
    assert shell("act", case, "#about A. Director").exit_code == 0

    lists(shell, MONDAY)

    assert DIRECTOR not in dict(written(shell))


def test_what_was_written_down_is_whole(shell: Shell) -> None:
    shell.recorded()
    lists(shell, MONDAY)

    assert shell("verify").exit_code == 0
    assert [row["for"] for row in shell.json("outbox") if row["kind"] == "digest"] == ["staff", "staff"]
