"""What staff can tell the program by mail, command by command, and what they hear back (section G)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.support.desks import Desk, complains, later, unmarked_by_the_house
from tests.support.mail_clients import GMAIL, OUTLOOK, THUNDERBIRD
from tests.support.staff import Got, at_work
from tests.support.story import Story

pytestmark = pytest.mark.stack
Tell = Callable[..., Story]
MORNING = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)  # a Monday
AT_ONCE = 'hold = "0s"\nconfirm = "never"'
GRIEF = "The room was cold and nobody came. I want my money back."


def said(got: Got) -> str:
    return " ".join(got.words.split())


def test_dates_are_agreed_and_what_was_done_elsewhere_is_credited(tell: Tell) -> None:
    """Row 84's transcripts, #due, #called, #undo: a date or a duty that is taken back is as it was before."""
    office = at_work(tell, relay=AT_ONCE, clock=MORNING)
    story, jane = office.story, office.story.person("jane")
    dana = Desk(office, "dana", OUTLOOK)
    complains(office, jane, GRIEF)
    notice = dana.get("]: please decide")
    later(office, hours=3)

    dana.replies(notice, "#assign me\n#severity high")
    done = dana.get("Done")
    assert "is now with Dana Director" in said(done) and "now high (it was medium)" in said(done)
    case = office.case()
    assert (case["severity"], case["status"], case["handler"]["name"]) == ("high", "open", "Dana Director")
    before = story.duties("respond")

    dana.replies(notice, "#due next Friday she is away until then")
    assert "due by Friday 20 March 2026" in said(dana.get("Done"))
    [agreed] = story.duties("respond")
    assert "agreed with the complainant" in agreed["why"] and "she is away" in agreed["why"]
    assert office.case()["respond_by"].startswith("2026-03-20T23:59:59")
    dana.replies(notice, "#undo")
    assert "Taken back" in said(dana.get("Done"))
    assert story.duties("respond") == before and office.case()["respond_by"].startswith("2026-03-23T23:59:59")

    dana.replies(notice, "#called yesterday")
    assert "8 March 2026 is before the complaint came" in said(dana.get("Not done"))
    dana.replies(notice, "#called\nShe wants the money by bank transfer.")
    assert "by telephone, on 9 March 2026. Credited: the answer" in said(dana.get("Done"))
    assert story.duties() == [] and office.case()["responded_at"].startswith("2026-03-09T12:00")
    dana.replies(notice, "#not-yet")
    assert "still owed" in said(dana.get("Done"))
    assert len(story.duties("respond")) == 1 and office.case()["responded_at"] is None
    later(office, days=2)
    dana.replies(notice, "#answered yesterday by letter")
    assert "by letter, on 10 March 2026" in said(dana.get("Done"))
    dana.replies(notice, "#undo")
    dana.get("Done")
    assert len(story.duties("respond")) == 1 and office.case()["responded_at"] is None
    unmarked_by_the_house(office, jane, 0)


def test_a_case_changes_its_kind_ends_and_begins_again(tell: Tell) -> None:
    office = at_work(tell, relay=AT_ONCE)
    story, jane = office.story, office.story.person("jane")
    dana = Desk(office, "dana", GMAIL)
    office.complains(jane, GRIEF)
    notice = dana.get("]: please decide")
    owed = story.duties()

    dana.clicks(notice, "It is only an enquiry")
    assert "an enquiry, not a complaint" in said(dana.get("Done"))
    assert (office.case()["kind"], office.case()["respond_by"], story.duties()) == ("enquiry", None, [])
    dana.replies(notice, "#kind complaint")
    dana.get("Done")
    assert {duty["kind"]: duty["due_at"] for duty in story.duties()} == {d["kind"]: d["due_at"] for d in owed}

    dana.replies(notice, "#status")
    assert "To be answered: by" in said(dana.get("How it stands"))
    dana.replies(notice, "#help")
    listed = dana.get("This can be written")
    assert "#assign me" in listed.words and not [line for line in listed.words.split("\n") if line.startswith("#")]
    dana.replies(notice, "#note\nShe is a friend of the cook.")
    dana.get("Done")

    dana.replies(notice, "#close")
    refused = dana.get("Not done")
    assert "the answer is still owed" in said(refused)
    reason = "she has taken it back by telephone"
    dana.clicks(refused, "Close it all the same, and say why", lambda body: body.replace("REASON", reason))
    closed = dana.get("Done")
    assert "Status: closed" in said(closed)
    assert (office.case()["status"], story.duties()) == ("closed", [])
    dana.clicks(closed, "Take it back")
    dana.get("Done")
    assert office.case()["status"] == "new" and {d["kind"] for d in story.duties()} == {"decide", "respond"}
    dana.replies(notice, f"#close {reason}")
    dana.get("Done")
    dana.replies(notice, "#reopen")
    dana.clicks(dana.get("Not done"), "Open it again, and say why", lambda body: body.replace("REASON", "she wrote"))
    dana.get("Done")
    assert office.case()["status"] == "open" and [d["kind"] for d in story.duties()] == ["respond"]
    assert {e["what"] for e in story.show(office.case()["reference"])["events"]} >= {"staff_close", "staff_reopen"}
    unmarked_by_the_house(office, jane, 0)


def test_cases_are_tied_taken_apart_and_put_together(tell: Tell) -> None:
    """Rows 39 to 41 as staff settle them: #link, #split, #merge."""
    office = at_work(tell, relay=AT_ONCE)
    story, jane, bob = office.story, office.story.person("jane"), office.story.person("bob")
    dana = Desk(office, "dana", THUNDERBIRD)
    hers = office.complains(jane, GRIEF)
    notice = dana.get("]: please decide")
    his = office.complains(bob, "There was no heating and no tutor came to our class. I complain.")
    dana.get("]: please decide")
    first, second = story.mail(hers)["case"], story.mail(his)["case"]

    dana.replies(notice, f"#merge {second}")
    refused = dana.get("Not done")
    assert "from different people" in said(refused)
    (label,) = [label for label in refused.links() if second in label]
    dana.clicks(refused, label)
    assert "are linked" in said(dana.get("Done"))
    assert story.rows("SELECT how FROM case_link") == [("linked",)]

    more = office.complains(jane, "The bill is wrong too, it says 300 pounds.", subject=f"Re: [{first}]")
    assert story.mail(more)["case"] == first
    dana.replies(dana.get("Added to a case"), "#split")
    third = story.mail(more)["case"]
    assert third not in (first, second)
    came = dana.gets()
    assert {got.about for got in came} == {"Done", "to decide"}
    assert {got.subject.partition("[")[2][: len(first)] for got in came} == {first, third}
    assert story.show(third)["summary"] == "The bill is wrong too, it says 300 pounds."
    assert {d["kind"] for d in story.duties() if d["case"] == third} == {"decide", "respond"}

    dana.replies(notice, f"#merge {third}")
    assert f"merged into {third}" in said(dana.get("Done"))
    assert story.mail(hers)["case"] == story.mail(more)["case"] == third
    assert [case["status"] for case in story.cases()] == ["closed", "new", "new"]
    assert story.show(third)["received_at"] == story.show(first)["received_at"]
    assert not [d for d in story.duties() if d["case"] == first]
    ack = next(got for got in office.gets(jane) if first in got.subject)
    headers = [f"In-Reply-To: {ack.message_id}", f"References: {ack.message_id}"]
    last = office.complains(jane, "Any news of all this?", subject="News?", headers=headers)
    assert story.mail(last)["case"] == third
    assert third in dana.get("Added to a case").subject
    unmarked_by_the_house(office, jane, 0)
    unmarked_by_the_house(office, bob, 0)


def test_somebody_speaks_for_the_complainant_once_they_agree(tell: Tell) -> None:
    """Row 37 and CIM-third: a second address and a third party get nothing until staff say so, and are known then."""
    office = at_work(tell, relay=AT_ONCE)
    story, jane = office.story, office.story.person("jane")
    dana = Desk(office, "dana", OUTLOOK)
    office.complains(jane, GRIEF)
    dana.clicks(dana.get("]: please decide"), "Deal with it yourself")
    dana.gets()
    ack, _ = office.gets(jane)
    mother = story.person("mother")
    thread = {"In-Reply-To": ack.message_id, "References": ack.message_id}
    lines = [f"{name}: {value}" for name, value in thread.items()]
    story.posts(story.letter(mother, body="I write for Jane. What is the news?", headers=lines), mother)
    story.goes_on()
    asked = dana.get("Please look at this")
    assert "may they?" in said(asked) and f"{mother} writes about" in said(asked)
    assert story.stack.mails(mother) == [] and len(story.duties("attend")) == 1
    dana.clicks(asked, "The complainant allows it", lambda body: f"{body}\nJane told me so on the telephone.")
    assert "allows" in said(dana.get("Done")) and story.duties("attend") == []

    raw = story.letter(mother, body="Any news now? She waits.", headers=lines)
    story.posts(raw, mother)
    story.goes_on()
    again = dana.get("They have written again")
    assert again.words.startswith("Your reply to this mail goes to Jane Doe")
    assert f"{mother} wrote this" in said(again)
    assert story.mail(raw)["case"] == office.case()["reference"]
    dana.replies(again, "Dear Jane, the money is on its way.")
    dana.get("Your answer was sent")
    assert story.stack.mails(mother) == []
    unmarked_by_the_house(office, jane, 1)


def test_whether_it_is_the_same_matter_is_one_click(tell: Tell) -> None:
    """Row 39: on a closed case, a new complaint has its own clock from the day it came, or the old one goes on."""
    office = at_work(tell, relay=AT_ONCE)
    story, jane = office.story, office.story.person("jane")
    dana = Desk(office, "dana", OUTLOOK)
    office.complains(jane, GRIEF)
    notice = dana.get("]: please decide")
    dana.replies(notice, "#assign me\n#answered today by telephone\n#close")
    assert "is closed" in said(next(got for got in dana.gets() if "Done" in got.subject))
    first = office.case()["reference"]

    rude = office.complains(jane, "Now the new tutor is rude as well. I complain again.", subject=f"Re: [{first}]")
    asked = dana.get("Please look at this")
    assert "the same matter, or a new complaint" in said(asked)
    assert [duty["case"] for duty in story.duties()] == [first]
    dana.clicks(asked, "It is a new complaint")
    second = story.mail(rude)["case"]
    assert second != first and {duty["case"] for duty in story.duties()} == {second}
    assert {duty["kind"] for duty in story.duties()} == {"decide", "respond"}
    dana.gets()

    cold = office.complains(jane, "It is as cold as it was in the room.", subject=f"Re: [{first}]")
    dana.clicks(dana.get("Please look at this"), "It is the same matter: take it up again")
    dana.get("Done")
    assert story.mail(cold)["case"] == first and story.show(first)["status"] == "open"
    assert [duty["kind"] for duty in story.duties() if duty["case"] == first] == ["attend"]  # it was answered once
    unmarked_by_the_house(office, jane, 0)
