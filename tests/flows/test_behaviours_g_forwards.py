"""Complaints that staff pass on, and answers that they give past the program (section G, rows 78 and 86)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support import wire
from tests.support.desks import Desk, unmarked_by_the_house
from tests.support.mail_clients import APPLE_PHONE, GMAIL, OUTLOOK, OUTLOOK_PHONE, Client
from tests.support.staff import Got, at_work
from tests.support.story import Story

pytestmark = pytest.mark.stack
Tell = Callable[..., Story]
AT_ONCE = 'hold = "0s"\nconfirm = "never"'
GRIEF = "The room was cold and nobody came. I want my money back."


def said(got: Got) -> str:
    return " ".join(got.words.split())


@pytest.mark.parametrize("client", [OUTLOOK, GMAIL], ids=lambda client: client.name)
def test_a_complaint_that_a_director_passes_on_is_its_writers(tell: Tell, client: Client) -> None:
    """Row 86: for the original sender, of the day on which they wrote; they get the acknowledgement."""
    office = at_work(tell, relay=AT_ONCE)
    story, jane = office.story, office.story.person("jane")
    dana = Desk(office, "dana", client)
    raw = story.letter(jane, to=office.address("dana"), body=GRIEF, subject="Your course")
    story.posts(raw, jane, office.address("dana"))
    personal = Got(raw, wire.parsed(raw))
    office.seen["dana"] = 1

    dana.forwards(personal, "Please see below. D.")
    asked = dana.get("Did you write this?")
    assert story.cases() == []
    dana.replies(asked, "yes")
    case = office.case()
    assert case["complainant"] == {"name": "Jane Doe", "email": jane}
    assert case["received_at"] == "2026-11-18T10:00:00+00:00"
    came = {got.about: got for got in dana.gets()}
    assert set(came) == {"Done", "to decide"}
    assert f"for Jane Doe <{jane}>, who wrote on Wednesday 18 November 2026" in said(came["Done"])
    assert f"> {GRIEF}" in came["to decide"].words and "see below" not in came["to decide"].words
    (ack,) = office.gets(jane)
    assert case["reference"] in ack.subject and "18 November 2026" in ack.words and "see below" not in ack.words
    hal = Desk(office, "hal", APPLE_PHONE)
    dana.clicks(came["to decide"], "Give it to Hal Handler")
    given = hal.get("Yours to deal with")
    assert f"> {GRIEF}" in given.words and "see below" not in given.words
    hal.replies(given, "Dear Jane, you get it back.")
    (answer,) = unmarked_by_the_house(office, jane, 1)
    assert str(answer.mail["Subject"]) == f"Re: Your course [{case['reference']}]"


def test_a_handler_who_replies_to_all_has_answered_once(tell: Tell) -> None:
    """Row 78: the complainant has it from them already; it is credited and not sent again."""
    office = at_work(tell, relay=AT_ONCE)
    story, jane = office.story, office.story.person("jane")
    hal, dana = Desk(office, "hal", OUTLOOK_PHONE), Desk(office, "dana", APPLE_PHONE)
    office.complains(jane, GRIEF)
    dana.replies(dana.get("]: please decide"), "Hello,\n\nCan Hal deal with this please?\n\nRegards, Dana")
    dana.replies(dana.get("Shall this be done?"), "ok")
    given = hal.get("Yours to deal with")

    raw = hal.replies(given, "Dear Jane, I am sorry. The money is on its way.", cc=[jane])

    assert hal.gets() == [] and story.duties() == []
    assert office.case()["responded_at"] and story.mail(raw)["case"] == office.case()["reference"]
    assert [letter.kind for letter in story.outbox()] == ["acknowledgement", "decided"]
    unmarked_by_the_house(office, jane, 0)
    reply = story.letter(jane, body="Thank you. Which day?", subject=f"Re: [{office.case()['reference']}]")
    story.posts(reply, jane)
    story.goes_on()
    again = hal.get("They have written again")
    hal.replies(again, "On Friday.")
    assert [got.words.strip() for got in unmarked_by_the_house(office, jane, 1)] == ["On Friday."]
