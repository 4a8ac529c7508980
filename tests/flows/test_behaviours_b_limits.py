"""Limits, and letters that wait for a person: each test is one row of what an expert would try."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support import wire
from tests.support.office import STAFF
from tests.support.scripted_smtp import ScriptedSmtp
from tests.support.story import Story, Tell

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


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ("per_address_per_day = 2", "2 automatic answers went to this address"),
        ("per_domain_per_hour = 2", "2 automatic answers went to complainants.test"),
        ("per_hour = 2", "2 automatic answers went out"),
    ],
)
def test_what_is_over_a_limit_is_a_persons_to_answer_by_the_same_date(tell: Tell, limits: str, reason: str) -> None:
    """Row 30: the case is there, its letter waits in the outbox, and a duty with the date of the acknowledgement."""
    story = tell(extra=f"{STAFF}[limits]\n{limits}\n")
    jane = story.person("jane")
    matters = (
        "The lift broke down.",
        "An invoice came twice, which is wrong.",
        "My tutor never answers the telephone.",
    )
    for n, words in enumerate(matters):
        sender = jane if "address" in limits else story.person(f"p{n}")
        story.posts(story.letter(sender, subject=f"Complaint {n}", body=words), sender)
        story.goes_on()

    assert len(story.cases()) == 3
    assert len(story.outbox("sent")) == 2
    [held] = story.outbox("held")
    assert held.reason is not None and reason in held.reason
    [ask] = story.duties("attend")
    assert ask["case"] == held.case and reason in ask["why"]
    [acknowledge] = story.duties("acknowledge")
    assert ask["due_at"] == acknowledge["due_at"]
    [shown] = story.asks("outbox")
    assert shown["state"] == "held" and shown["case"] == held.case


def test_big_mail_providers_count_by_address_only(tell: Tell) -> None:
    """Row 30: a domain that half of all people write from is no sign of anything."""
    story = tell(extra=f"{STAFF}[limits]\nper_domain_per_hour = 1\n")
    for n in range(3):
        person = story.person(f"p{n}", domain="gmail.com")
        story.drops(story.letter(person, body=f"Course number {n * 3} was a disgrace. I complain."))

    story.goes_on()

    assert len(story.outbox("sent")) == 3


def test_every_automatic_letter_says_what_it_is_and_threads(tell: Tell) -> None:
    """Row 31, for each kind of letter there is: acknowledgement, thanks, neutral receipt, addition."""
    story = tell()
    jane, bob, eve = story.person("jane"), story.person("bob"), story.person("eve")
    complaint = story.complains(jane)
    praise = story.complains(
        bob, subject="Thank you", body="Thank you so much! Your tutor Mary was excellent, a brilliant course."
    )
    story.goes_on()
    reference = story.mail(complaint)["case"]
    photo = story.letter(jane, subject="The photo that I forgot", body="").replace(
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
        b"Content-Type: image/jpeg; name=room.jpg\r\nContent-Transfer-Encoding: base64\r\n",
    ).replace(b"\r\n\r\n", b"\r\n\r\n/9j/4AAQSkZJRgABAQEASABIAAD/2wBD\r\n", 1)  # fmt: skip
    story.posts(photo, jane)
    stranger = story.complains(eve, subject=f"About {reference}", body="What is going on with this matter?")
    story.goes_on()

    made = {letter.kind: letter for letter in story.outbox()}
    assert set(made) == {"acknowledgement", "thanks", "added", "received"}
    answered = {"acknowledgement": complaint, "thanks": praise, "added": photo, "received": stranger}
    for kind, mail in answered.items():
        wire.check(made[kind].data, answers=mail)
        letter = wire.parsed(made[kind].data)
        theirs = re.search(rb"(?m)^Message-ID: (\S+)", mail)
        assert theirs is not None
        assert letter["In-Reply-To"] == letter["References"] == theirs[1].decode()
    assert "List-Unsubscribe" not in made["acknowledgement"].data.decode()


def test_a_staff_members_absence_note_reaches_nobody(tell: Tell) -> None:
    """Row 32, as far as there are letters yet: what staff's machine says is kept, and goes on to nobody."""
    story, jane, answer = opened(tell)
    note = story.letter(
        "dana.director@staff.test",
        subject="Automatic reply: something",
        body="I am on leave until Monday. Private number: 555-INTERNAL.",
        headers=["Auto-Submitted: auto-replied", f"In-Reply-To: {answer['Message-ID']}"],
    )
    story.posts(note, "dana.director@staff.test")

    story.goes_on()

    assert story.mail(note)["kind"] == "auto-reply"
    story.gets(jane, 1)
    assert len(story.outbox()) == 1
    assert not any(b"555-INTERNAL" in letter.data for letter in story.outbox())


def test_addresses_of_machines_and_roles_are_never_answered(tell: Tell) -> None:
    """Row 33: postmaster, abuse and mailer-daemon; what a person may have written there becomes a person's."""
    story = tell()
    for local in (
        "postmaster",
        "abuse",
        "mailer-daemon",
        "MAILER-DAEMON",
        "listserv",
        "owner-people",
        "people-request",
    ):
        sender = f"{local}@complainants.test"
        story.posts(story.letter(sender, body=f"I complain, says {local}: this is not acceptable to us."), sender)

    story.goes_on()

    assert story.outbox("queued", "sending", "sent") == []
    mails = story.mails()
    assert len(mails) == 7
    assert all(mail["not_answered_because"] for mail in mails)
    asked = {duty["mailbox"] for duty in story.duties("attend")}
    assert asked == {story.inbox}
    assert len(story.duties("attend")) == 7


def test_a_complaint_about_an_absence_is_no_absence_note(tell: Tell) -> None:
    """Row 34."""
    story = tell()
    subjects = {
        "Out of office hours service was dreadful": "I rang at eight in the evening and was cut off, twice.",
        "Your automatic reply is an insult": "I got an out of office reply three weeks running. I want a person.",
        "Abwesend": "Der Kursleiter war wieder abwesend. Ich möchte mich beschweren.",
    }
    for subject, body in subjects.items():
        story.drops(story.letter(story.person("jane"), subject=subject, body=body))

    story.goes_on()

    for person in story.people:
        story.gets(person, 1)
    assert {mail["kind"] for mail in story.mails()} == {"complaint"}


def test_a_mass_of_answers_after_a_start_waits_for_the_admins_word(tell: Tell) -> None:
    """The brake: so many at once on a first start are held; `outbox release` lets them go, and mail that comes
    afterwards is answered as ever."""
    story = tell(extra=f"{STAFF}[limits]\nbrake = 5\n")
    for n in range(6):
        story.drops(story.letter(story.person(f"p{n}"), body=f"Course number {n * 5} was a disgrace. I complain."))
    story.goes_on()
    assert len(story.outbox("held")) == 6
    assert all(letter.reason is not None and "brake" in letter.reason for letter in story.outbox())
    [told] = story.events("brake")
    assert told["letters"] == 6
    story.goes_on()
    assert len(story.outbox("held")) == 6
    late = story.person("late")
    story.complains(late, body="Nobody has ever rung me back. I complain about that.")
    story.goes_on()
    story.gets(late, 1)

    code, _ = story.says("outbox", "release", "--all", "--reason", "brake")
    assert code == 0
    story.goes_on()

    assert story.outbox("held") == []
    for person in story.people:
        story.gets(person, 1)


def test_mail_of_unproved_senders_is_held_where_the_server_says_so(tell: Tell) -> None:
    """`authserv_id`: what our own server found decides; what a mail brings along in that name does not."""
    story = tell(imap='authserv_id = "mx.example.test"', authentic=True)
    failed, passed, forged = story.person("failed"), story.person("passed"), story.person("forged")
    results = "Authentication-Results: mx.example.test; dmarc={} header.from=complainants.test\r\n"
    story.drops(results.format("fail").encode() + story.letter(failed, body="The stairs are unsafe. I complain."))
    story.drops(results.format("pass").encode() + story.letter(passed, body="The windows leak. I complain about it."))
    foreign = b"Received: from a.test by relay.else.test; Fri, 20 Nov 2026 09:00:00 +0000\r\n"
    below = results.format("pass").encode()
    story.drops(foreign + below + story.letter(forged, body="The heating has failed. I complain about that."))

    story.goes_on()

    story.gets(failed, 0)
    [held] = story.outbox("held")
    assert held.recipient == failed and held.reason is not None and "dmarc=fail" in held.reason
    [ask] = story.duties("attend")
    assert ask["due_at"] is not None
    [named] = story.gets(passed, 1)
    [plain] = story.gets(forged, 1)
    assert "Dear Jane Doe," in wire.words_of(named.as_bytes())
    assert "Jane" not in wire.words_of(plain.as_bytes()).replace(forged, "")


def test_a_server_without_the_extension_gets_no_address_beyond_ascii(tell: Tell) -> None:
    """Where the server cannot carry the address, nothing goes to it or to anybody else who is not staff."""
    with ScriptedSmtp(offers=("PIPELINING", "8BITMIME", "DSN")) as server:
        story = tell(smtp_port=server.port)
        story.drops(story.letter("jänner@complainants.test"))

        story.goes_on()

        assert {rcpt for mail in server.envelopes for rcpt in mail.rcpts} == {"dana.director@staff.test"}
    [case] = story.cases()
    assert case["complainant"]["email"] == "jänner@complainants.test" and case["acknowledged_at"] is None
    [letter] = story.outbox()
    assert letter.state == "refused"
    [ask] = story.duties("attend")
    assert "reach them another way" in ask["why"] and ask["due_at"] is not None
