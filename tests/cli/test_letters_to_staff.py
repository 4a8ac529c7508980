"""Letters to staff in the lists and in `status`: welcome letters, notices, and what is not the complainant's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from complaintmail.config import load
from complaintmail.mail.compose import Enclosure
from complaintmail.store import casebook, journal
from complaintmail.store.engine import Store
from complaintmail.wiring import at_the_desks
from tests.support.shells import FIRST, Shell, shell_in

HEAD, DIRECTOR, JANE = "head@staff.test", "director@staff.test", "jane@complainants.test"
UNSEEN = "that the server cannot hand over"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return shell_in(tmp_path)


def test_welcome_letters_wait_for_the_daemon_once_a_day(tmp_path: Path) -> None:
    shell = shell_in(tmp_path, begun=False)
    first = shell("people", "welcome", "--to", HEAD)
    again = shell("people", "welcome")

    assert first.exit_code == again.exit_code == 0
    assert first.stdout == f"B. Head <{HEAD}>: the letter waits for the daemon\n"
    assert f"B. Head <{HEAD}>: was written to today already\n" in again.stdout
    assert [shell.letters(to) for to in (HEAD, DIRECTOR)] == [[("welcome", "queued")]] * 2
    assert all(person["welcomed"] and not person["answered"] for person in shell.json("people", "list"))
    assert shell("verify").exit_code == 0


def test_a_welcome_letter_is_about_no_case_and_has_one_link(shell: Shell) -> None:
    shell("people", "welcome", "--to", HEAD)

    [(case, audience, about, links, html)] = shell.rows("SELECT case_id, audience, about, links, text FROM letter")
    assert (case, audience, links) == (None, "staff", '["yes"]')
    assert '"welcome":true' in about and "the one word yes" in " ".join(html.split())


def test_the_outbox_says_whom_a_letter_is_for(shell: Shell) -> None:
    shell.recorded()
    shell("people", "welcome", "--to", HEAD)

    rows = {row["kind"]: (row["for"], row["case"]) for row in shell.json("outbox")}
    assert rows == {
        "acknowledgement": ("complainant", FIRST),
        "decide": ("staff", FIRST),
        "welcome": ("staff", None),
    }
    assert shell("outbox").stdout.split()[:3] == ["ID", "CASE", "FOR"]
    assert shell("outbox", "cancel", "--all").exit_code == 0 and shell.json("outbox") == []


def test_notices_to_staff_are_no_messages_of_the_case(shell: Shell) -> None:
    case = shell.recorded()
    shell("act", case, "#assign B. Head")
    _sent(shell)

    page = shell.json("show", case)
    shown = [(mail["direction"], mail["kind"], mail["to"]) for mail in page["messages"]]
    assert shown[0] == ("in", "complaint", [])
    assert sorted(shown[1:]) == [("out", "acknowledgement", [JANE]), ("out", "decided", [JANE])]  # gone in one moment
    told = [event["detail"]["whom"] for event in page["events"] if event["what"] == "told"]
    assert told == [DIRECTOR, HEAD]
    assert shell.json("messages") == []


def _sent(shell: Shell) -> None:
    """As if the server had taken everything."""
    now = datetime.now(UTC)
    store = Store(f"sqlite:///{shell.folder}/casebook.db")
    with store.writing(now) as writer:
        for letter in [row[0] for row in shell.rows("SELECT id FROM letter")]:
            writer.change(casebook.letter, {"id": letter}, {"state": "sent", "sent_at": now})
            writer.event("letter_sent", by="complaintmail", letter=letter)
    store.close()


def test_a_letter_to_staff_that_came_back_is_no_mail_that_nobody_can_read(shell: Shell) -> None:
    shell("people", "welcome", "--to", HEAD)
    [(letter,)] = shell.rows("SELECT id FROM letter")
    with at_the_desks(load(shell.folder / "config.toml")) as intake:
        desk = intake.desks["info@example.test"]
        officer = intake.people.officer(desk.policy, desk.policy.first)
        with intake.store.writing(datetime.now(UTC)) as writer:
            casebook.owe_undelivered(writer, letter, "550 no such user", desk.policy, officer)
            writer.event("letter_bounced", by="complaintmail", letter=letter)
    quiet = " ".join(shell.json("status")["problems"])
    store = Store(f"sqlite:///{shell.folder}/casebook.db")
    with store.writing(datetime.now(UTC)) as writer:
        journal.owe_a_look(writer, "info@example.test", 7, "it is too big")
        writer.event("mail_unseen", by="complaintmail")
    store.close()

    (first, second) = shell.json("due")
    assert UNSEEN not in quiet and UNSEEN in " ".join(shell.json("status")["problems"])
    assert (first["reference"], first["owner"]["email"]) == (None, DIRECTOR)
    assert (second["reference"], second["owner"]) == (None, None)
    assert "our mail to head@staff.test did not arrive" in shell("due").stdout


def test_due_names_whoever_was_asked_to_look(shell: Shell) -> None:
    from complaintmail.passes.notify import tell_people

    now = datetime.now(UTC)
    case = shell.recorded()
    shell("act", case, f"#assign {HEAD}")
    with at_the_desks(load(shell.folder / "config.toml")) as intake:
        with intake.store.writing(now) as writer:
            journal.owe_a_look(writer, "info@example.test", 7, "it is too big")
            writer.event("mail_unseen", by="complaintmail")
            [(letter,)] = shell.rows("SELECT id FROM letter WHERE kind = 'acknowledgement'")
            desk = intake.desks["info@example.test"]
            officer = intake.people.officer(desk.policy, desk.policy.first)
            casebook.owe_undelivered(writer, letter, "its answer was refused: 550", desk.policy, officer)
            writer.event("letter_refused", by="complaintmail", letter=letter)
        papers = {address: one.instruction.papers for address, one in intake.desks.items()}
        told = tell_people(intake.store, papers, list(papers), now)

    asked = {(duty["reference"], duty["owner"]["email"]) for duty in shell.json("due") if duty["kind"] == "attend"}
    assert told == 2 and asked == {(case, HEAD), (None, DIRECTOR)}
    assert shell("verify").exit_code == 0


def test_what_hung_on_an_answer_is_told_with_it(shell: Shell) -> None:
    case = shell.recorded()
    with at_the_desks(load(shell.folder / "config.toml")) as intake:
        desk = intake.desks["info@example.test"]
        with intake.store.writing(datetime.now(UTC)) as writer:
            row = casebook.case_row(writer.connection, 1)
            report = Enclosure("report.pdf", "application/pdf", b"%PDF-1.4 of no use\n" * 20)
            desk.lettering.relay(
                *(writer, row, "Dear Jane,\n\nsee the report.", (), desk.policy),
                author=HEAD,
                enclosures=(report,),
                not_before=None,
                entry=None,
            )
    _sent(shell)

    told = {mail["kind"]: mail["attachments"] for mail in shell.json("show", case)["messages"]}
    assert told == {
        "complaint": [],
        "acknowledgement": [],
        "answer": [{"name": "report.pdf", "type": "application/pdf", "size": 380}],
    }
