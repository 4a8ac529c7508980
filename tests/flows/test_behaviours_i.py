"""Calls, letters and visits that staff record by mail (the behaviours of section I; SEK-verbal, ACE-1)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.desks import Desk, unmarked_by_the_house
from tests.support.mail_clients import APPLE_PHONE, GMAIL_PHONE, OUTLOOK
from tests.support.staff import Got, at_work
from tests.support.story import Story

pytestmark = pytest.mark.stack
Tell = Callable[..., Story]
AT_ONCE = 'hold = "0s"\nconfirm = "never"'


def said(got: Got) -> str:
    return " ".join(got.words.split())


def test_sek_verbal_1_a_call_in_a_full_form_is_a_case_and_its_caller_is_told(tell: Tell) -> None:
    """Row 98, SEK-verbal-1: recorded by a mail that nothing proves, after one yes; no date counts for a spoken one."""
    office = at_work(tell, policy="sek", relay=AT_ONCE)
    story, jane = office.story, office.story.person("jane")
    hal, dana = Desk(office, "hal", OUTLOOK), Desk(office, "dana", OUTLOOK)
    form = (
        f"#record\nName: Jane Doe\nEmail: {jane}\nPhone: 01234 567890\nChannel: phone\nReceived: today\n\n"
        "She says that the lift has been out of order for a week and that nobody answers her."
    )

    hal.writes("A call", form)
    asked = hal.get("Did you write this?")
    assert story.cases() == []
    hal.replies(asked, "yes")

    case = office.case()
    assert f"Its reference is {case['reference']}" in said(hal.get("Done"))
    assert (case["channel"], case["complainant"], case["respond_by"]) == (
        "phone", {"name": "Jane Doe", "email": jane}, None,
    )  # fmt: skip
    assert case["owner"]["name"] == "Dana Director" and story.duties() == []
    given = dana.get("Yours to deal with")
    assert given.words.startswith("Your reply to this mail goes to Jane Doe")
    assert "lift has been out of order" in said(given) and "#record" not in given.words
    events = {event["what"]: event for event in story.show(case["reference"])["events"]}
    assert events["case_recorded"]["by"] == office.address("hal")
    assert events["case_recorded"]["detail"]["phone"] == "01234 567890"
    dana.replies(given, "Dear Jane, the lift is mended tomorrow.")
    (answer,) = unmarked_by_the_house(office, jane, 1)
    assert "mended tomorrow" in answer.words
    (ack,) = [got for got in office.gets(jane) if got.message_id != answer.message_id]
    assert case["reference"] in ack.subject and "01234" not in ack.words


def test_ace_1_a_call_told_in_a_sentence_is_asked_for_what_is_missing_and_then_settled(tell: Tell) -> None:
    """Rows 98, 99, ACE-1: only what is missing is asked, as lines to fill in; what was settled is closed by a yes."""
    office = at_work(tell, policy="ace", relay=AT_ONCE)
    story, other = office.story, office.story.person("other")
    dana = Desk(office, "dana", APPLE_PHONE)
    office.complains(other, "The room was cold. I complain.")
    notice = dana.get("]: please decide")

    dana.replies(notice, "#record A customer rang today, unhappy about the room, happy with a refund.")
    asked = dana.get("Not done")
    assert len(story.cases()) == 1
    (to, subject, body) = asked.links()["Fill in what is missing"]
    assert body.startswith("#record\nName:\n") and "happy with a refund" in body
    jane = story.person("jane")
    filled = body.replace("Name:\n", "Name: Mrs Doe\n").replace("Email:\n", f"Email: {jane}\n")
    Desk(office, "dana", GMAIL_PHONE).writes(subject, filled, to=[to])

    [case] = story.cases(channel="phone")
    came = {got.about: got for got in dana.gets()}
    assert set(came) == {"Done", "to decide"}
    assert (case["channel"], case["complainant"]) == ("phone", {"name": "Mrs Doe", "email": jane})
    assert "happy with a refund" in said(came["to decide"])
    assert "Sent from my" not in came["to decide"].words

    dana.replies(came["to decide"], "All settled now, thanks.")
    offer = dana.get("Shall this be done?")
    assert "closes the case as settled at once" in said(offer)
    dana.clicks(offer, "Yes, do it")
    dana.get("Done")
    closed = story.show(case["reference"])
    assert closed["status"] == "closed" and closed["handler"] is None
    assert not [duty for duty in story.duties() if duty["case"] == case["reference"]]
    assert [duty["state"] for duty in closed["obligations"] if duty["kind"] == "respond"] == ["void"]
    assert closed["outcome"] == "settled"
    unmarked_by_the_house(office, jane, 0)


def test_a_letter_without_an_address_is_recorded_and_its_writer_reached_otherwise(tell: Tell) -> None:
    """CMS-1.1: a letter counts from the day on which it came; nobody pretends that a mail could be sent."""
    office = at_work(tell, relay=AT_ONCE)
    story, other = office.story, office.story.person("other")
    dana = Desk(office, "dana", OUTLOOK)
    office.complains(other, "The room was cold. I complain.")
    notice = dana.get("]: please decide")

    dana.replies(
        notice,
        "#record\nName: John Roe\nAddress: 1 High Street, Anytown\nChannel: letter\nReceived: yesterday\n\n"
        "The certificate never came, and he has asked three times.",
        attachments=[("letter.pdf", "application/pdf", b"%PDF-1.4 scanned")],
    )
    came = {got.about: got for got in dana.gets()}
    [case] = story.cases(channel="letter")
    assert case["complainant"] == {"name": "John Roe", "email": None}
    assert {d["kind"] for d in story.duties() if d["case"] == case["reference"]} == {"acknowledge", "decide", "respond"}
    dana.replies(came["to decide"], "#assign me")
    given = dana.get("Yours to deal with")
    dana.gets()
    dana.replies(given, "Dear Mr Roe, it is in the post.")
    refused = dana.get("Not done")
    assert "no mail address" in said(refused)
    dana.clicks(refused, "It was answered by letter")
    assert "Credited" in said(dana.get("Done"))
    assert not [d for d in story.duties() if d["case"] == case["reference"]]
