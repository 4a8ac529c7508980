"""What is given at a shell meets what comes by mail: a call recorded and answered, a test reply, a list answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.staff import at_work
from tests.support.story import Story

pytestmark = pytest.mark.stack
Tell = Callable[..., Story]


def next_monday() -> datetime:
    """In office hours, some days after what commands write by the clock on the wall."""
    now = datetime.now(UTC)
    return (now + timedelta(days=14 - now.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)


def test_a_call_is_recorded_answered_at_the_shell_and_goes_on_by_mail(tell: Tell) -> None:
    office = at_work(tell, relay='hold = "0s"\nconfirm = "never"')
    story, jane = office.story, office.story.person("jane")
    code, case = story.says("record", "--name", "Jane Doe", "--email", jane, "--text", "The room was cold.")
    case = case.strip()
    assert (code, case) == (0, f"CMS-{datetime.now(UTC):%Y}-000001")
    story.goes_on()
    (notice,) = office.gets("dana")
    assert "The room was cold." in notice.words and "by phone" in notice.words
    (thanks,) = office.gets(jane)
    assert case in thanks.subject and story.show(case)["acknowledged_at"] is not None

    assert story.says("act", case, f"#assign {office.address('hal')}")[0] == 0
    assert story.says("act", case, "#reply\nDear Jane,\n\nThe room is warm now.\n\nThe office")[0] == 0
    story.goes_on()
    decided, answer = sorted(office.gets(jane), key=lambda got: "warm now" in got.words)
    assert decided.subject.startswith("Who deals with your complaint")
    assert "The room is warm now." in answer.words and "Auto-Submitted" not in answer.mail
    assert [mail.subject for mail in office.gets("dana")] == []  # the administrator gets no receipt
    assert "Yours to deal with" in office.gets("hal")[0].subject

    office.writes(jane, f"Re: {answer.subject}", "Thank you, it is.", headers={"In-Reply-To": answer.message_id})
    page = story.show(case)
    # In what order does not matter here: a server dates what comes by whole seconds, and all this takes hardly one.
    told = sorted((mail["direction"], mail["kind"], mail["from"]) for mail in page["messages"])
    assert told == [
        ("in", "complaint", jane),
        ("in", "reply", jane),
        ("out", "acknowledgement", story.inbox),
        ("out", "answer", story.inbox),
        ("out", "decided", story.inbox),
    ]
    assert page["responded_at"] is not None and page["first_human_at"] is not None
    assert {duty["state"] for duty in page["obligations"]} == {"met"}
    (mail,) = story.mails()
    assert mail["case"] == case and "WAS SENT" in story.says("show", case)[1]


def test_a_test_reply_is_taken_and_a_plain_reply_to_a_list_changes_nothing(tell: Tell) -> None:
    office = at_work(tell, relay='hold = "0s"\nconfirm = "never"', clock=datetime.now(UTC))
    story = office.story
    assert story.clock is not None
    assert story.says("people", "welcome")[0] == 0
    story.clock.moment = datetime.now(UTC) + timedelta(minutes=1)  # the letters were owed by the wall clock
    story.goes_on()
    (dana,), (hal,) = office.gets("dana"), office.gets("hal")
    office.clicks("dana", dana, "Reply yes")
    office.replies("hal", hal, "Yes, thank you.")
    answered = {person["name"]: person["answered"] for person in story.asks("people", "list")}
    assert answered["Dana Director"] is not None and answered["Hal Handler"] is not None
    assert answered["Bea Board"] is None
    checked = story.says("check")[1]
    assert office.address("bea") in checked and office.address("hal") not in checked
    assert "Your answer has arrived" in office.gets("dana")[0].words

    story.clock.moment = monday = next_monday()
    story.goes_on()  # nothing to tell yet
    story.clock.moment = monday + timedelta(hours=1)
    bulk = ["List-Unsubscribe: <mailto:x@sales.test>", "Precedence: bulk"]
    story.drops(story.letter("shop@sales.test", subject="Great sale", body="Much is cheaper now.", headers=bulk))
    story.drops(story.letter(story.person("jane"), body="The room was cold and nobody came. I want my money back."))
    story.goes_on()
    assert [mail.about for mail in office.gets("dana")] == ["to decide"]
    story.clock.moment = monday + timedelta(days=21)
    story.goes_on()
    [digest] = [got for got in office.gets("dana") if got.subject.startswith("Complaints today: ")]
    assert "Overdue" in digest.words
    assert "Not treated as complaints" in digest.words and "Great sale" in digest.words
    before = story.cases()
    office.replies("dana", digest, "I will see to it after lunch.")
    (said,) = office.gets("dana")
    assert "Your mail belongs to no case, so it was only kept." in said.words
    assert story.cases() == before
