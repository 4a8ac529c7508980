"""Taking mail in, and never losing any: each test is one row of what an expert would try."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from complaintmail.config import load
from complaintmail.gateways.ports import Postbox
from complaintmail.triage.recognise import recognise
from complaintmail.wiring import build
from tests.support.cuts import Cut, CutAfterAcceptance
from tests.support.office import STAFF
from tests.support.scripted_folder import RECEIVED, Folder
from tests.support.scripted_imap import ScriptedImap
from tests.support.story import Tell

pytestmark = pytest.mark.stack

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_mail_that_a_colleague_has_opened_is_taken_in_and_unread_marks_stay(tell: Tell) -> None:
    """Row 1: progress is kept by UID, never by `\\Seen`."""
    story = tell()
    jane, bob = story.person("jane"), story.person("bob")
    story.drops(story.letter(jane), flags=[b"\\Seen"])
    story.drops(story.letter(bob, body="The heating in room four never worked, all winter. I complain."))
    before = story.stack.flags(story.inbox)

    story.goes_on()

    assert len(story.cases()) == 2
    story.gets(jane, 1)
    story.gets(bob, 1)
    after = story.stack.flags(story.inbox)
    assert [b"\\Seen" in after[uid] for uid in before] == [True, False]


def test_a_mail_fetched_twice_is_one_case_and_one_acknowledgement(tell: Tell) -> None:
    """Row 2: the cursor is lost between two passes, and the same UIDs are fetched again."""
    story = tell()
    jane = story.person()
    story.complains(jane)
    story.goes_on()
    with contextlib.closing(sqlite3.connect(story.setup.folder / "var" / "complaintmail.db")) as database:
        database.execute("UPDATE mailbox_state SET last_uid = 0")
        database.commit()

    story.goes_on()

    assert len(story.cases()) == 1
    story.gets(jane, 1)


def test_killed_between_case_and_acknowledgement_it_goes_out_once(tell: Tell) -> None:
    """Row 3: the case is stored, and the program ends before the first byte to the mail server."""
    story = tell()
    jane = story.person()
    story.complains(jane)
    office = build(load(story.setup.path))
    try:
        [work] = office.works
        office.ownership.take(work.address)
        assert work.collector.run() == 1
        assert office.intake.run([work.address]) == 1
    finally:
        office.close()
    assert [letter.state for letter in story.outbox()] == ["queued"]

    story.goes_on()
    story.goes_on()

    story.gets(jane, 1)
    assert story.cases()[0]["acknowledged_at"] is not None


def test_killed_after_the_server_took_the_acknowledgement_no_second_one_goes(tell: Tell) -> None:
    """Row 4: the evidence copy in the mailbox proves that it was taken."""
    story = tell(smtp='settle = "0s"\ndoubt_wait = "0s"')
    jane = story.person()
    story.complains(jane)
    postbox: Callable[[Any], Postbox] = CutAfterAcceptance
    with pytest.raises(Cut):
        story.setup.once(postbox=postbox)
    assert [letter.state for letter in story.outbox()] == ["sending"]
    story.stack.wait_for(story.inbox, 2, seconds=10)

    story.goes_on()
    story.goes_on()

    [letter] = story.outbox()
    assert letter.state == "sent"
    story.gets(jane, 1)
    [case] = story.cases()
    assert case["acknowledged_at"] is not None
    [told] = [event for event in story.events("letter_sent") if event["kind"] == "acknowledgement"]
    assert told["found"] == "evidence copy"


def test_without_evidence_a_cut_send_is_repeated_once_byte_for_byte_and_said(tell: Tell) -> None:
    """Row 4, where no evidence can be had: never silently a second one; it is recorded, and both are the same bytes."""
    story = tell(smtp='evidence = "none"\nsettle = "0s"\ndoubt_wait = "0s"')
    jane = story.person()
    story.complains(jane)
    with pytest.raises(Cut):
        story.setup.once(postbox=CutAfterAcceptance)

    story.goes_on()

    [letter] = story.outbox()
    assert letter.state == "sent"
    story.stack.wait_for(jane, 2, seconds=10)
    first, second = (raw[raw.index(b"From: ") :] for raw in story.stack.mails(jane))
    assert first == second == letter.data
    assert len(story.events("letter_in_doubt")) == 1
    assert len(story.events("letter_resent")) == 1


def test_a_rebuilt_mailbox_makes_no_duplicates_and_is_reported(tell: Tell) -> None:
    """Row 5: UIDVALIDITY changes; what is known is known by content, what is new is answered."""
    story = tell()
    jane, bob = story.person("jane"), story.person("bob")
    story.complains(jane)
    story.goes_on()
    story.goes_on()
    story.stack.doveadm("mailbox", "update", "--uid-validity", "4242", "-u", story.inbox, "INBOX")
    story.complains(bob, body="Nobody has answered the telephone for three weeks. This is a complaint.")

    story.goes_on()
    story.goes_on()

    assert len(story.cases()) == 2
    story.gets(jane, 1)
    story.gets(bob, 1)
    [told] = story.events("mailbox_rebuilt")
    assert told["mailbox"] == story.inbox and "4242" in told["why"]
    assert len(story.mails()) == 2


def test_two_different_mails_with_one_message_id_are_both_kept(tell: Tell) -> None:
    """Row 6: a Message-ID is no identity; otherwise a copied one would hide somebody's complaint."""
    story = tell()
    jane, bob = story.person("jane"), story.person("bob")
    same = "<copied-by-a-template@complainants.test>"
    story.drops(story.letter(jane, message_id=same))
    story.drops(story.letter(bob, message_id=same, body="The lift is broken again. I want to complain about it."))

    story.goes_on()

    assert [case["complainant"]["email"] for case in story.cases()] == [jane, bob]
    story.gets(jane, 1)
    story.gets(bob, 1)


WITHOUT = {
    "Message-ID": "The invoice was wrong twice. I am unhappy about it.",
    "Date": "The tutor left after ten minutes. This is not acceptable.",
    "Subject": "My certificate never came, and nobody answers. I complain.",
    "To": "The toilets were filthy for a whole week, which is disgusting.",
}


def test_what_lacks_an_id_a_date_a_subject_or_an_addressee_is_a_case_all_the_same(tell: Tell) -> None:
    """Row 7: the server's own date is the day of receipt."""
    story = tell(clock=NOW)
    came = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    people = {}
    for header, body in WITHOUT.items():
        people[header] = story.person(header.lower())
        lines = story.letter(people[header], body=body).split(b"\r\n")
        story.drops(
            b"\r\n".join(line for line in lines if not line.startswith(f"{header}:".encode())), internaldate=came
        )

    story.goes_on()

    assert {case["complainant"]["email"] for case in story.cases()} == set(people.values())
    for case in story.cases():
        assert datetime.fromisoformat(case["received_at"]) == came
        assert case["respond_by"] is not None
    for header, person in people.items():
        [answer] = story.gets(person, 1)
        assert ("In-Reply-To" in answer) == (header != "Message-ID")


def test_mail_without_a_usable_sender_waits_for_a_person_with_the_clock_running(tell: Tell) -> None:
    """Row 8: no answer is tried, and nobody forgets it."""
    story = tell()
    body = b"To: info\r\nSubject: Broken\r\n\r\nThe boiler was never repaired. I complain.\r\n"
    for sender in (b"", b"From: undisclosed\r\n", b"From: <>\r\n", b"From: a@x.test, b@y.test\r\n"):
        story.drops(sender + b"Message-ID: <" + str(len(sender)).encode() + b"@x.test>\r\n" + body)

    story.goes_on()

    cases = story.cases()
    assert len(cases) == 4
    assert story.outbox() == []
    for case in cases:
        assert case["complainant"]["email"] is None and case["acknowledged_at"] is None
        owed = {duty["kind"] for duty in story.duties() if duty["case"] == case["reference"]}
        assert {"acknowledge", "respond", "attend"} <= owed
    assert all(duty["due_at"] is not None for duty in story.duties("attend"))


@pytest.mark.parametrize("fault", ["empty_body", "nil_body"])
def test_an_empty_body_from_the_server_is_fetched_again_later(tell: Tell, fault: str) -> None:
    """Row 9: nothing empty is filed as a case, and nothing is lost."""
    story = tell(clock=RECEIVED + timedelta(minutes=5))
    jane = story.person()
    raw = story.letter(jane)
    with ScriptedImap(Folder({1: raw}), {fault: 1}, bad={1}, users={story.inbox: "secret"}) as server:
        story.setup.write(imap_port=server.port)
        story.setup.once(clock=story.clock)
        assert story.mails() == []
        assert story.outbox() == []

        story.goes_on()

        [mail] = story.mails()
        assert mail["case"] is not None and mail["answered_with"] is not None
    story.gets(jane, 1)


def test_one_mail_that_our_own_program_fails_on_stops_none_of_the_others(
    tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 10: nineteen are answered; the twentieth is kept as a case for a person, and that is said."""
    real = recognise

    def fails_on_one(message: Any, *rest: Any) -> Any:
        if message.subject == "The twentieth":
            raise KeyError("a mistake of our own")
        return real(message, *rest)

    monkeypatch.setattr("complaintmail.passes.intake.recognise", fails_on_one)
    story = tell(extra=STAFF + "[limits]\nper_domain_per_hour = 1000\n")
    people = [story.person(f"p{n}") for n in range(20)]
    mails = [
        story.letter(person, subject="The twentieth" if n == 7 else f"Matter {n}",
                     body=f"The course number {n} was cancelled {n} times. I am unhappy with that.")
        for n, person in enumerate(people)
    ]  # fmt: skip
    story.stack.fill(story.inbox, mails)

    story.goes_on()

    assert len(story.cases()) == 20
    for n, person in enumerate(people):
        story.gets(person, 0 if n == 7 else 1)
    bad = story.mail(mails[7])
    assert bad["kind"] == "unreadable" and "a mistake of our own" in bad["reasons"][0]
    case = story.show(bad["case"])
    assert {"acknowledge", "attend"} <= {duty["kind"] for duty in case["obligations"]}
    [told] = story.events("mail_set_aside")
    assert "a mistake of our own" in told["why"]
    _, said = story.says("status")
    assert "set aside" in said


def test_a_server_that_repeats_its_last_mail_moves_nothing_back(tell: Tell) -> None:
    """Row 11: `UID n:*` is answered with the last mail even when n is past it (Dovecot does, Office 365 does)."""
    story = tell(smtp='evidence = "none"')
    jane = story.person()
    story.complains(jane)
    story.goes_on()
    [[last]] = story.rows("SELECT last_uid FROM mailbox_state WHERE folder = 'INBOX'")
    journal = story.rows("SELECT id, uid FROM journal")

    story.goes_on()
    story.goes_on()

    assert story.rows("SELECT last_uid FROM mailbox_state WHERE folder = 'INBOX'") == [(last,)]
    assert story.rows("SELECT id, uid FROM journal") == journal
    story.gets(jane, 1)


def test_an_old_mail_moved_into_the_folder_by_hand_is_taken_in_from_its_own_day(tell: Tell) -> None:
    """Row 12: the day of receipt is the server's date of arrival, which a move keeps; the dates say so."""
    story = tell(clock=NOW)
    jane, bob = story.person("jane"), story.person("bob")
    story.drops(story.letter(jane), internaldate=NOW - timedelta(hours=1))
    story.goes_on()
    old = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
    story.drops(
        story.letter(bob, body="My refund of ninety pounds is overdue. I complain.", date=old),
        folder="INBOX",
        internaldate=old,
    )

    story.goes_on()

    [_, case] = sorted(story.cases(), key=lambda case: case["reference"])
    assert case["complainant"]["email"] == bob
    assert datetime.fromisoformat(case["received_at"]) == old
    story.gets(bob, 1)
    [respond] = [duty for duty in story.duties("respond") if duty["case"] == case["reference"]]
    assert "3 November 2026" in respond["why"]
