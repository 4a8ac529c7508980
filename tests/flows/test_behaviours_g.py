"""Staff who never leave their mail program: the behaviours of section G, through a real mail stack."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.support import wire
from tests.support.desks import Desk, complains, later, unmarked_by_the_house
from tests.support.mail_clients import ALL, APPLE_PHONE, GMAIL, MUTT, OUTLOOK, THUNDERBIRD
from tests.support.staff import Got, at_work
from tests.support.story import Story

pytestmark = pytest.mark.stack
Tell = Callable[..., Story]
MORNING = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)  # a Monday
AT_ONCE = 'hold = "0s"\nconfirm = "never"'
GRIEF = "The room was cold and nobody came. I want my money back."


def said(got: Got) -> str:
    return " ".join(got.words.split())


def test_a_director_who_never_read_a_manual_gives_it_away(tell: Tell) -> None:
    """Rows 77, 80, 88: plain English is offered back; nothing that they send to a notice to decide reaches Jane."""
    office = at_work(tell)
    story, jane = office.story, office.story.person("jane")
    dana, hal = Desk(office, "dana", OUTLOOK), Desk(office, "hal", OUTLOOK)
    office.complains(jane, GRIEF)
    notice = dana.get("]: please decide")
    assert "staff who" not in notice.words and GRIEF in notice.words

    dana.replies(notice, "Please give this to Hal.\n\nThanks\nDana")
    asked = dana.get("Shall this be done?")
    assert "one word yes gives the case to Hal Handler" in said(asked)
    assert office.case()["handler"] is None
    dana.replies(asked, "Yes please")
    assert "is now with Hal Handler" in said(dana.get("Done"))
    given = hal.get("Yours to deal with")
    assert given.words.startswith("Your reply to this mail goes to Jane Doe")

    dana.replies(asked, "yes")
    assert "Nothing waits for a yes" in dana.get("Not done").words
    dana.replies(notice, "")
    assert "no text in your mail" in dana.get("Not done").words
    dana.replies(notice, "I think they are right, we should pay.", cc=[])
    kept = dana.get("Done")
    assert "kept as a note" in kept.words and hal.gets() == []

    shown = story.show(office.case()["reference"])
    assert [e["detail"]["text"] for e in shown["events"] if e["what"] == "staff_note"] == [
        "Please give this to Hal.\n\nThanks\nDana",
        "I think they are right, we should pay.",
    ]
    assert [m["kind"] for m in shown["messages"] if m["direction"] == "out"] == ["acknowledgement", "decided"]
    assert {duty["kind"] for duty in story.duties()} == {"respond"}
    unmarked_by_the_house(office, jane, 0)


def test_a_director_who_replies_to_all_has_answered_and_gives_no_link_away(tell: Tell) -> None:
    """Row 78, and threat: the notice quoted in a mail to the complainant carries links that are good no more."""
    office = at_work(tell)
    story, jane = office.story, office.story.person("jane")
    dana = Desk(office, "dana", OUTLOOK)
    office.complains(jane, GRIEF)
    notice = dana.get("]: please decide")

    dana.replies(notice, "Dear Jane, I am sorry. You get your money back.\n\nDana", cc=[jane])

    case = office.case()
    assert case["responded_at"] and case["first_human_at"] and case["status"] == "open"
    shown = story.show(case["reference"])
    assert story.duties() == []
    assert [e["by"] for e in shown["events"] if e["what"] == "staff_answered_directly"] == [office.address("dana")]
    unmarked_by_the_house(office, jane, 0)
    to, subject, body = notice.links()["It is spam"]
    forged = Desk(office, "dana", GMAIL)
    forged.writes(subject, body, to=[to])
    assert office.case()["kind"] == "complaint"
    asked = dana.get("Did you write this?")
    assert "others may have seen it" in said(asked)
    assert not wire.TOKEN.search(asked.words.partition("What it says")[2])
    unmarked_by_the_house(office, jane, 0)


def test_an_investigator_on_a_phone_answers_from_the_lock_screen(tell: Tell) -> None:
    """Row 77: the first answer is shown back, later ones wait ten minutes in which one click takes them back."""
    office = at_work(tell, relay='hold = "10m"\nconfirm = "first"', clock=MORNING)
    story, jane = office.story, office.story.person("jane")
    hal, dana = Desk(office, "hal", APPLE_PHONE), Desk(office, "dana", OUTLOOK)
    complains(office, jane, GRIEF)
    dana.clicks(dana.get("]: please decide"), "Give it to Hal Handler")
    given = hal.get("Yours to deal with")

    photo = ("bank.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 a picture")
    hal.replies(given, "Dear Jane,\n\nI am sorry. The money is on its way.\n\nHal Handler", attachments=[photo])
    shown = hal.get("Look at your answer")
    assert "NOT sent yet" in said(shown) and "Sent from my iPhone" not in shown.words
    unmarked_by_the_house(office, jane, 0)
    hal.replies(shown, "Yes")
    (answer,) = unmarked_by_the_house(office, jane, 1)
    assert "The money is on its way." in answer.words and "Sent from my" not in answer.words
    assert [part.get_filename() for part in answer.mail.iter_attachments()] == ["bank.jpg"]
    assert "The money is on its way." in hal.get("Your answer was sent").words
    case = office.case()
    assert case["responded_at"] == case["first_human_at"] == MORNING.isoformat()

    later(office, hours=2)
    complains(office, jane, "It has not come. When?", subject=f"Re: [{case['reference']}]")
    again = hal.get("They have written again")
    assert again.words.startswith("Your reply to this mail goes to Jane Doe") and "It has not come." in again.words
    hal.replies(again, "Tomorrow, I promise.")
    going = hal.get("on its way")
    assert "It goes to Jane Doe on Monday 9 March 2026, 11:10." in said(going)
    unmarked_by_the_house(office, jane, 1)
    later(office, minutes=8)
    hal.clicks(going, "Take it back")
    assert "It did not go to the complainant" in said(hal.get("Done"))
    later(office, minutes=30)
    story.goes_on()
    unmarked_by_the_house(office, jane, 1)
    hal.replies(given, "On Wednesday, then.")  # the older notice: she has written since
    crossing = hal.get("Look at your answer")
    assert "has written again since" in said(crossing)
    hal.clicks(crossing, "Yes, send it")
    assert [got.words.strip() for got in unmarked_by_the_house(office, jane, 2)][1] == "On Wednesday, then."
    hal.get("Your answer was sent")
    hal.clicks(going, "Take it back")  # a link is good once
    assert "the link in it was used before" in said(hal.get("Did you write this?"))
    assert [letter.state for letter in story.outbox() if letter.kind == "answer"] == ["sent", "cancelled", "sent"]


def test_two_who_answer_at_once_are_both_kept_and_the_second_is_asked(tell: Tell) -> None:
    """Row 85."""
    office = at_work(tell, relay='hold = "10m"\nconfirm = "never"', clock=MORNING)
    story, jane = office.story, office.story.person("jane")
    hal, dana = Desk(office, "hal", GMAIL), Desk(office, "dana", THUNDERBIRD)
    complains(office, jane, GRIEF)
    notice = dana.get("]: please decide")
    dana.replies(notice, "#assign hal")
    dana.gets()
    given = hal.get("Yours to deal with")
    hal.replies(given, "Dear Jane, we pay you back.", goes_on=False)
    dana.replies(notice, "#reply\nDear Jane, we are sorry but cannot pay.")

    asked = dana.get("Look at your answer")
    assert "Hal Handler has answered the complainant too" in said(asked)
    hal.get("on its way")
    later(office, minutes=11)
    story.goes_on()
    (first,) = unmarked_by_the_house(office, jane, 1)
    assert first.words.strip() == "Dear Jane, we pay you back."
    hal.get("Your answer was sent")
    dana.clicks(asked, "Yes, send it")
    both = unmarked_by_the_house(office, jane, 2)
    assert both[1].words.strip() == "Dear Jane, we are sorry but cannot pay."
    told = [e["by"] for e in story.show(office.case()["reference"])["events"] if e["what"] == "answer_went"]
    assert told == [office.address("hal"), office.address("dana")]


def test_what_staff_wrote_goes_on_whole_from_every_program(tell: Tell) -> None:
    """Row 87: numbered lists, and answers below what they answer, as each program puts them."""
    office = at_work(tell, relay=AT_ONCE)
    jane = office.story.person("jane")
    office.complains(jane, GRIEF)
    dana = Desk(office, "dana", OUTLOOK)
    dana.clicks(dana.get("]: please decide"), "Deal with it yourself")
    given = dana.get("Yours to deal with")
    typed = (
        'Dear Jane,\n\nHere is what we do:\n\n1. You get £120 back.\n2. The heating is mended: "by Friday".\n'
        "3. We write again on 4 December.\n\nKind regards\nDana Director\nOperations Director"
    )
    for client in ALL:
        Desk(office, "dana", client).replies(given, typed, goes_on=False)
    office.story.goes_on()

    went = unmarked_by_the_house(office, jane, len(ALL))
    assert [answer.words.replace("\r\n", "\n").strip() for answer in went] == [typed] * len(ALL)


def test_answers_between_the_quoted_lines_are_all_there(tell: Tell) -> None:
    office = at_work(tell, relay=AT_ONCE)
    jane = office.story.person("jane")
    office.complains(jane, "1. The room was cold.\n\n2. Nobody came.\n\nI want my money back.")
    dana = Desk(office, "dana", MUTT)
    dana.clicks(dana.get("]: please decide"), "Deal with it yourself")
    given = dana.get("Yours to deal with")
    quoted = "".join(f"> {line}\n" for line in given.words.splitlines())
    inline = quoted.replace("> > 1. The room was cold.\n", "> > 1. The room was cold.\nThe boiler was broken.\n\n")
    inline = inline.replace("> > 2. Nobody came.\n", "> > 2. Nobody came.\nThe tutor was ill.\n\n")
    assert inline != quoted

    dana.writes(
        f"Re: {given.subject}", f"On Sat, Nov 21, 2026, we wrote:\n{inline}",
        headers={"In-Reply-To": given.message_id, "References": given.message_id},
    )  # fmt: skip
    (went,) = unmarked_by_the_house(office, jane, 1)
    assert went.words.split("\r\n\r\n") == ["The boiler was broken.", "The tutor was ill.\r\n"]
