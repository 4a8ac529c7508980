"""Automatic mail, loops and limits: each test is one row of what an expert would try."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.office import STAFF
from tests.support.story import Story, Tell, boxes

pytestmark = pytest.mark.stack

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def opened(tell: Tell, **settings: Any) -> tuple[Story, str, Any]:
    """A story in which somebody complained and was acknowledged; the acknowledgement."""
    story = tell(**settings)
    jane = story.person("jane")
    story.complains(jane)
    story.goes_on()
    [answer] = story.gets(jane, 1)
    return story, jane, answer


def as_it_stands(story: Story, reference: str) -> dict[str, Any]:
    case = story.show(reference)
    return {key: case[key] for key in case if key not in ("messages", "events")}


def test_an_absence_note_in_answer_to_ours_is_filed_and_changes_nothing(tell: Tell) -> None:
    """Row 20: on the case, no reply, no change of state."""
    story, jane, answer = opened(tell)
    before = as_it_stands(story, answer["Complaint-Reference"])
    note = story.letter(
        jane,
        subject=f"Automatic reply: {answer['Subject']}",
        body="I am out of the office until Monday.",
        headers=["Auto-Submitted: auto-replied", f"In-Reply-To: {answer['Message-ID']}", "Precedence: bulk"],
    )
    story.posts(note, jane)

    story.goes_on()

    filed = story.mail(note)
    assert filed["kind"] == "auto-reply" and filed["case"] == answer["Complaint-Reference"]
    assert filed["answered_with"] is None and "never answered" in filed["not_answered_because"]
    assert as_it_stands(story, answer["Complaint-Reference"]) == before
    story.gets(jane, 1)


def test_auto_submitted_no_is_a_persons_mail(tell: Tell) -> None:
    """Row 21, in every spelling that the field allows."""
    story = tell()
    for n, value in enumerate(["no", "No", "no (a person wrote this)", 'no; owner-email="x@y.test"']):
        person = story.person(f"p{n}")
        body = f"Lesson number {n * 7} fell out again. I am unhappy about that."
        story.drops(story.letter(person, body=body, headers=[f"Auto-Submitted: {value}"]))

    story.goes_on()

    for person in story.people:
        story.gets(person, 1)


def test_a_sender_that_wants_no_automatic_reply_is_acknowledged_by_a_persons_word(tell: Tell) -> None:
    """Row 22: the duty stands with its date until it is done, and how it was done is recorded."""
    story = tell()
    jane = story.person("jane")
    raw = story.complains(jane, headers=["X-Auto-Response-Suppress: All"])
    story.goes_on()
    case = story.case_of(raw)
    assert story.gets(jane, 0) == []
    [waiting] = story.outbox("held")
    assert waiting.reason is not None and "X-Auto-Response-Suppress" in waiting.reason
    [ask] = story.duties("attend")
    [acknowledge] = story.duties("acknowledge")
    assert ask["case"] == case["reference"] and ask["due_at"] == acknowledge["due_at"] is not None

    code, _ = story.says("outbox", "release", waiting.id, "--as", "dana.director@staff.test")
    assert code == 0
    story.goes_on()

    story.gets(jane, 1)
    case = story.case_of(raw)
    assert case["acknowledged_at"] is not None
    assert [d["state"] for d in case["obligations"] if d["kind"] in ("acknowledge", "attend")] == ["met", "met"]
    assert "dana.director@staff.test" in {event["by"] for event in case["events"]}


def test_mail_without_a_return_address_and_delivery_reports_are_never_answered(tell: Tell) -> None:
    """Row 23: whatever they say, and wherever they come in."""
    story, jane, answer = opened(tell)
    report = (
        f"From: MAILER-DAEMON@mx.complainants.test\r\nTo: {story.inbox}\r\nSubject: Undelivered Mail\r\n"
        "Message-ID: <report@mx.complainants.test>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n--B\r\n"
        "Content-Type: text/plain\r\n\r\nIt could not be delivered.\r\n--B\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        "Final-Recipient: rfc822; somebody@else.test\r\nAction: failed\r\nStatus: 5.1.1\r\n--B--\r\n"
    ).encode()
    unhappy = story.letter(jane, body="I complain about everything here, it is a shambles and a disgrace.")
    story.posts(report, "")
    story.posts(unhappy, "")

    story.goes_on()

    assert story.mail(report)["kind"] == "bounce"
    assert story.mail(unhappy)["answered_with"] is None
    story.gets(jane, 1)
    assert len(story.outbox()) == 1
    # A complaint may be behind the second: it is a person's to look at, by the same date.
    assert any("a person's complaint may be in it" in why for why in story.asked_of_a_person())
    assert answer["Complaint-Reference"] in {case["reference"] for case in story.cases()}


def test_a_newsletter_is_logged_as_none_and_a_complaint_through_a_list_is_held(tell: Tell) -> None:
    """Rows 24 and 25: the first is seen in `messages` with its reasons; the second is not silently binned."""
    story = tell()
    jane = story.person("jane")
    news = story.letter(
        "news@shop.test",
        subject="Our spring offers",
        body="Save 20 % on all courses until Friday. Click here to unsubscribe.",
        headers=["Precedence: list", "List-Id: <offers.shop.test>", "List-Unsubscribe: <https://shop.test/u>"],
    )
    through = story.letter(
        jane,
        subject="My complaint",
        body="I want to complain: the course was cancelled twice and nobody answers me.",
        headers=["List-Id: <all-staff.example.test>", "List-Post: <mailto:all-staff@example.test>"],
    )
    story.posts(news, "bounces@shop.test")
    story.posts(through, jane)

    story.goes_on()

    seen = story.mail(news)
    assert (seen["kind"], seen["case"], seen["answered_with"]) == ("bulk", None, None)
    assert "list" in " ".join(seen["reasons"]) and seen["not_answered_because"]
    held = story.mail(through)
    assert held["answered_with"] is None and held["sure"] is False
    [why] = story.asked_of_a_person()
    assert "a person's complaint may be in it" in why
    [duty] = story.duties("attend")
    assert duty["due_at"] is not None
    assert story.outbox() == []


def a_form(story: Story, sender: str, person: str, **words: Any) -> bytes:
    return story.letter(sender, headers=[f"Reply-To: {person}"], **words).replace(b"From: Jane Doe", b"From: Website")


def test_a_websites_form_is_answered_to_the_person_and_threads_with_them(tell: Tell) -> None:
    """Row 26: the acknowledgement goes to Reply-To, and their answer joins."""
    form = "noreply@shop.test"
    story = tell(box=f'forms = ["{form}"]')
    jane = story.person("jane")
    raw = a_form(story, form, jane)
    story.posts(raw, form)
    story.goes_on()

    [answer] = story.gets(jane, 1)
    assert answer["To"] == jane
    reply = story.letter(
        jane, body="One thing more: it was in room 4.", headers=[f"In-Reply-To: {answer['Message-ID']}"]
    )
    story.posts(reply, jane)
    story.goes_on()
    assert story.mail(reply)["case"] == story.mail(raw)["case"] == answer["Complaint-Reference"]
    assert story.mail(raw)["from"] == jane
    story.gets(jane, 1)


def test_a_reply_to_of_anybody_else_gets_no_answer(tell: Tell) -> None:
    """Row 26, the other way round: only senders listed as forms have their Reply-To answered."""
    story = tell(box='forms = ["noreply@shop.test"]')
    jane, mallory = story.person("jane"), story.person("mallory")
    story.posts(story.letter(jane, headers=[f"Reply-To: {mallory}"]), jane)

    story.goes_on()

    story.gets(jane, 1)
    story.gets(mallory, 0)


def test_our_own_address_writing_to_itself_is_known_and_its_form_is_the_persons(tell: Tell) -> None:
    """Row 27: never an answer to ourselves; a form that the website sends in our own name is the visitor's."""
    [box] = boxes("own")
    story = tell({box: "cms"}, box=f'forms = ["{box}"]')
    jane = story.person("jane")
    plain = story.letter(box, subject="Test", body="Is this thing on?")
    story.posts(plain, box)
    form = a_form(story, box, jane, body="The library was shut on Sunday although it says open. I complain.")
    story.posts(form, box)

    story.goes_on()

    assert story.mail(plain)["answered_with"] is None
    assert "our own mailboxes" in story.mail(plain)["not_answered_because"]
    [case] = story.cases()
    assert case["complainant"]["email"] == jane
    story.gets(jane, 1)
    assert [letter.recipient for letter in story.outbox()] == [jane]


def test_a_form_in_our_own_name_that_nobody_listed_is_a_case_that_waits_for_a_person(tell: Tell) -> None:
    """Row 27, before the administrator has listed it: the case and its clocks are there, the answer is held."""
    story = tell()
    jane = story.person("jane")
    form = a_form(story, story.inbox, jane, body="The library was shut on Sunday although it says open. I complain.")
    story.posts(form, story.inbox)

    story.goes_on()

    [case] = story.cases()
    assert case["complainant"]["email"] == jane
    [letter] = story.outbox()
    assert (letter.state, letter.recipient) == ("held", jane)
    [why] = story.asked_of_a_person()
    assert "`forms`" in why


def test_a_machine_that_changes_its_address_each_time_is_stopped_after_a_few(tell: Tell) -> None:
    """Row 28: the same words from ever new addresses; after ten the answers wait for a person."""
    story = tell()
    text = "Your offer has been received by our automatic trading desk and will be considered in due course."
    for _ in range(13):
        story.drops(story.letter(story.person("robot"), subject="Your offer", body=text))

    story.goes_on()

    assert len(story.outbox("sent")) == 10
    held = story.outbox("held")
    assert len(held) == 3
    assert all(letter.reason is not None and "word for word the same text" in letter.reason for letter in held)
    assert len(story.duties("attend")) == 3
    assert len(story.cases()) == 13


def test_two_offices_that_write_to_each_other_stop_at_once(tell: Tell) -> None:
    """Row 29: the acknowledgement of one is no complaint to the other."""
    here, there = tell(), tell()
    there.posts(there.letter(here.inbox, subject="A complaint", body="Your invoice is wrong. We complain."), here.inbox)
    for _ in range(3):
        there.goes_on()
        here.stack.wait_for(here.inbox, 1, seconds=10)
        here.goes_on()

    assert len(there.outbox("sent")) == 1
    assert here.outbox() == []
    [answer] = here.mails()
    assert answer["kind"] in ("auto-reply", "bulk") and answer["case"] is None


def test_two_offices_whose_marks_are_taken_off_on_the_way_stop_within_the_limit(tell: Tell) -> None:
    """Row 29, when a gateway between them removes every mark of an automatic mail: the limits for an address end it."""
    here, there = tell(extra=STAFF + "[limits]\nper_address_per_day = 2\n"), tell()
    first = there.letter(here.inbox, subject="A complaint", body="Your invoice is wrong. We complain about it.")
    there.drops(first)
    carried: set[str] = set()
    for _ in range(8):
        for one, other in ((there, here), (here, there)):
            one.goes_on()
            for letter in one.outbox("sent"):
                if letter.id not in carried:
                    carried.add(letter.id)
                    other.drops(_without_marks(letter.data))

    assert len(here.outbox("sent")) <= 2
    assert len(here.outbox("sent")) + len(there.outbox("sent")) <= 4
    assert here.outbox("queued") == there.outbox("queued") == []


def _without_marks(raw: bytes) -> bytes:
    marks = rb"(?mi)^(?:Auto-Submitted|X-Auto-Response-Suppress|Complaint-[A-Za-z]+):.*\r\n(?:[ \t].*\r\n)*"
    return re.sub(marks, b"", raw)
