"""Staff answer from the shared mailbox itself, and leave their answer in its Sent folder: found, kept, credited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.cuts import Cut, CutAfterAcceptance
from tests.support.office import STAFF, a_mail, own_address
from tests.support.story import Story, Tell

pytestmark = pytest.mark.stack

MONDAY = datetime(2026, 8, 24, 9, 0, tzinfo=UTC)
HAND = "<by-hand-1@staff.test>"


def an_office(tell: Tell, **settings: Any) -> Story:
    """Somebody is there who gets what is told to staff."""
    clerk = own_address("staff.test")
    story: Story = tell(extra=STAFF.replace("dana.director@staff.test", clerk), **settings)
    story.stack.add_user(clerk)
    return story


def has_sent(story: Story, name: str = "Sent") -> None:
    """The mailbox has sent mail before."""
    with story.stack.imap(story.inbox) as client:
        client.create_folder(name)


def by_hand(story: Story, to: str, *, cites: bytes | None = None, headers: Sequence[str] = (), **words: Any) -> bytes:
    """A reply as Outlook writes it when the shared mailbox is the sender."""
    about = [f"In-Reply-To: {mid}" for mid in [message_id(cites)] if cites] if cites else []
    words = {"subject": "Re: A complaint about my course", "body": "I am sorry. We repeat the course.", **words}
    return a_mail(to, sender=story.inbox, message_id=HAND, headers=[*about, *headers], **words)


def message_id(raw: bytes) -> str:
    return raw.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()


def lies_in_sent(story: Story, raw: bytes, at: datetime | None = None, folder: str = "Sent") -> None:
    story.stack.append(story.inbox, raw, internaldate=at, folder=folder)


def at_hour(story: Story, hours: float) -> datetime:
    assert story.clock is not None
    story.clock.moment = MONDAY + timedelta(hours=hours)
    return story.clock.moment


def at(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def test_a_reply_from_the_shared_mailbox_is_found_filed_as_outgoing_and_credited(tell: Tell) -> None:
    """Row 79."""
    story = an_office(tell, clock=MONDAY)
    has_sent(story)
    story.goes_on()
    jane = story.person("jane")
    complaint = story.letter(jane)
    story.drops(complaint)
    story.goes_on()
    answered = at_hour(story, 5)
    raw = by_hand(story, jane, cites=complaint)
    lies_in_sent(story, raw, answered)

    at_hour(story, 6)
    story.goes_on()

    shown = story.case_of(complaint)
    [reply] = [mail for mail in shown["messages"] if mail["message_id"] == HAND]
    assert reply["direction"] == "out" and reply["kind"] == "staff" and reply["to"] == [jane]
    assert (at(shown["first_human_at"]), at(shown["responded_at"])) == (answered, answered)
    assert at(shown["acknowledged_at"]) == MONDAY and shown["status"] == "open"
    duties = {duty["kind"]: duty for duty in shown["obligations"]}
    assert duties["respond"]["state"] == "met" and at(duties["respond"]["met_at"]) == answered
    assert "Sent folder" in duties["respond"]["evidence"]
    [told] = story.events("answered_by_hand")
    assert "respond" in told["met"]
    story.gets(jane, 1)  # the acknowledgement, and nothing is sent on
    assert len(story.cases()) == 1 and story.asked_of_a_person() == []


def test_after_a_manual_acknowledgement_no_automatic_one_follows(tell: Tell) -> None:
    """Row 69: the program was off when the complaint came, and staff had answered before it was on again."""
    story = an_office(tell, clock=MONDAY)
    has_sent(story)
    story.goes_on()
    jane = story.person("jane")
    complaint = story.letter(jane)
    story.drops(complaint)
    acknowledged = at_hour(story, 20)
    lies_in_sent(story, by_hand(story, jane, body="Thank you, I have it and will look into it."), acknowledged)

    at_hour(story, 30)
    story.goes_on()
    story.goes_on()

    story.gets(jane, 0)
    [letter] = story.outbox()
    assert letter.state == "cancelled" and "by hand" in str(letter.reason)
    shown = story.case_of(complaint)
    assert at(shown["acknowledged_at"]) == acknowledged
    [duty] = [duty for duty in shown["obligations"] if duty["kind"] == "acknowledge"]
    assert duty["state"] == "met" and at(duty["met_at"]) == acknowledged
    assert "by hand" in story.mail(complaint)["not_answered_because"]


def test_a_reply_that_came_in_copy_as_well_is_credited_once(tell: Tell) -> None:
    story = an_office(tell)
    has_sent(story)
    story.goes_on()
    jane = story.person("jane")
    complaint = story.complains(jane)
    story.goes_on()
    raw = by_hand(story, jane, cites=complaint, headers=[f"Cc: {story.inbox}"])
    story.posts(raw, story.inbox, [story.inbox])
    lies_in_sent(story, raw)

    story.goes_on()

    assert len(story.events("answered_by_hand")) == 1
    assert story.asked_of_a_person() == []
    shown = story.case_of(complaint)
    assert [mail["direction"] for mail in shown["messages"] if mail["message_id"] == HAND] == ["out"]


def test_a_copy_that_comes_after_its_reply_in_sent_asks_nobody_anything(tell: Tell) -> None:
    story = an_office(tell)
    has_sent(story)
    story.goes_on()
    jane = story.person("jane")
    complaint = story.complains(jane)
    story.goes_on()
    raw = by_hand(story, jane, cites=complaint, headers=[f"Cc: {story.inbox}"])
    lies_in_sent(story, raw)
    story.goes_on()
    answered = story.case_of(complaint)["responded_at"]

    story.posts(raw, story.inbox, [story.inbox])
    story.goes_on()

    assert len(story.events("answered_by_hand")) == 1 and story.asked_of_a_person() == []
    assert story.case_of(complaint)["responded_at"] == answered


def test_a_mail_to_somebody_else_about_the_case_answers_nobody(tell: Tell) -> None:
    story = an_office(tell)
    has_sent(story)
    story.goes_on()
    jane = story.person("jane")
    complaint = story.complains(jane)
    story.goes_on()
    lies_in_sent(story, by_hand(story, "tutor@staff.test", cites=complaint, subject="Fwd: a complaint"))

    story.goes_on()

    shown = story.case_of(complaint)
    assert [mail["direction"] for mail in shown["messages"] if mail["message_id"] == HAND] == ["out"]
    assert shown["first_human_at"] is None and shown["status"] == "new"
    assert story.events("answered_by_hand") == []


def test_what_was_sent_before_the_folder_was_first_seen_is_never_read(tell: Tell) -> None:
    story = an_office(tell)
    has_sent(story)
    jane = story.person("jane")
    for n in range(3):
        lies_in_sent(story, story.letter(story.inbox, jane, body=f"An old answer, {n}."))

    story.goes_on()

    assert story.mails() == []
    assert len(story.events("sent_folder_begun")) == 1


def test_our_own_copies_in_the_sent_folder_are_no_messages(tell: Tell) -> None:
    """The folder comes to be with the first of them; a copy there waits for nothing."""
    story = an_office(tell)
    story.goes_on()
    jane = story.person("jane")
    story.complains(jane)
    story.goes_on()
    story.goes_on()

    assert len(story.mails()) == 1
    assert story.stack.count(story.inbox, "Sent") == 1
    rows = story.rows("SELECT rule, evidence_of IS NOT NULL, filing FROM journal WHERE rule = 'sent'")
    assert rows == [("sent", 1, None)]


def test_the_first_reply_in_a_folder_that_was_not_there_before_is_found(tell: Tell) -> None:
    story = an_office(tell, smtp='evidence = "none"')
    story.goes_on()
    jane = story.person("jane")
    complaint = story.complains(jane)
    story.goes_on()
    has_sent(story, "Verzonden")  # known by its use alone
    lies_in_sent(story, by_hand(story, jane, cites=complaint), folder="Verzonden")

    story.goes_on()

    assert story.case_of(complaint)["responded_at"] is not None
    assert story.asks("status")["problems"] == []


def test_a_copy_that_the_server_kept_settles_a_letter_in_doubt(tell: Tell) -> None:
    story = an_office(tell, smtp='evidence = "sent"')
    has_sent(story)
    story.goes_on()
    jane = story.person("jane")
    story.complains(jane)
    with pytest.raises(Cut):
        story.setup.once(postbox=CutAfterAcceptance)
    [letter] = story.outbox()
    assert letter.state == "sending"
    lies_in_sent(story, letter.data)

    story.goes_on()

    [letter] = story.outbox()
    assert letter.state == "sent"
    [told] = story.events("letter_sent")
    assert told["found"] == "a copy lies in the Sent folder"
    story.gets(jane, 1)


def test_a_rebuilt_sent_folder_begins_anew_at_its_end_and_is_noted(tell: Tell) -> None:
    story = an_office(tell, smtp='evidence = "none"')
    has_sent(story)
    story.goes_on()
    jane = story.person("jane")
    complaint = story.complains(jane)
    story.goes_on()
    lies_in_sent(story, by_hand(story, jane, cites=complaint))
    story.goes_on()
    story.stack.doveadm("mailbox", "update", "--uid-validity", "77", "-u", story.inbox, "Sent")

    story.goes_on()

    [told] = story.events("sent_folder_rebuilt")
    assert "UIDVALIDITY" in told["why"]
    assert story.events("mailbox_rebuilt") == []
    assert len(story.mails()) == 2


@pytest.mark.parametrize(("name", "words"), [("Ausgang", "Ausgang"), ("none", 'sent = "none"')])
def test_a_sent_folder_that_is_not_there_is_said_and_harms_no_complaint(tell: Tell, name: str, words: str) -> None:
    story = an_office(tell, imap=f'[mailbox.imap.folders]\nsent = "{name}"', smtp='evidence = "none"')
    jane = story.person("jane")
    story.complains(jane)

    story.goes_on()
    story.goes_on()

    story.gets(jane, 1)
    status = story.asks("status")
    [said] = status["problems"]
    assert status["healthy"] and words in said and "by hand" in said


def test_a_mailbox_that_has_no_folder_for_sent_mail_is_told_of_after_a_day(tell: Tell) -> None:
    fresh, old = an_office(tell, smtp='evidence = "none"'), an_office(tell, smtp='evidence = "none"', clock=MONDAY)
    for story in (fresh, old):
        story.goes_on()

    said = [[words for words in story.asks("status")["problems"] if "by hand" in words] for story in (fresh, old)]

    assert said[0] == []
    assert len(said[1]) == 1 and "no folder for sent mail is there" in said[1][0]


def test_without_a_sent_folder_copies_stay_in_the_inbox_marked_read(tell: Tell) -> None:
    story = an_office(tell, imap='[mailbox.imap.folders]\nsent = "none"')
    jane = story.person("jane")
    story.complains(jane)
    story.goes_on()
    story.stack.wait_for(story.inbox, 2, seconds=10)

    story.goes_on()

    assert sorted(b"\\Seen" in flags for flags in story.stack.flags(story.inbox).values()) == [False, True]
    assert story.rows("SELECT COUNT(*) FROM journal WHERE filing = 'wanted'") == [(0,)]
