"""Staff by mail, when something is not as it should be: forged, mistyped, bounced, away, about them (section G)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.desks import Desk, a_bounce, unmarked_by_the_house
from tests.support.mail_clients import APPLE_PHONE, GMAIL, GMAIL_PHONE, OUTLOOK, THUNDERBIRD
from tests.support.staff import Got, Staff, at_work
from tests.support.story import Story

pytestmark = pytest.mark.stack
Tell = Callable[..., Story]
AT_ONCE = 'hold = "0s"\nconfirm = "never"'
GRIEF = "The room was cold and nobody came. I want my money back."
REFUSED = "You cannot see or change this case. Somebody else deals with it."


def said(got: Got) -> str:
    return " ".join(got.words.split())


def test_a_mail_in_a_directors_name_or_from_their_private_address_does_nothing(tell: Tell) -> None:
    """Rows 81, 82: held and the real address asked; a private address learns nothing, and its words are kept."""
    office = at_work(tell, relay=AT_ONCE)
    story, jane = office.story, office.story.person("jane")
    dana, hal = Desk(office, "dana", OUTLOOK), Desk(office, "hal", APPLE_PHONE)
    office.complains(jane, GRIEF)
    notice = dana.get("]: please decide")
    before = office.case()

    dana.writes(f"[{before['reference']}]", "#kind spam\n#close it is nothing")
    asked = dana.get("Did you write this?")
    dana.replies(asked, "no")
    assert "withdrawn" in said(dana.get("Done"))
    dana.replies(asked, "yes")
    assert "Nothing waits for a yes" in said(dana.get("Not done"))
    assert office.case() == before

    dana.clicks(notice, "Give it to Hal Handler")
    dana.gets()
    given = hal.get("Yours to deal with")
    office.addresses["hal-at-home"] = story.person("hal-private", domain="home.test")
    home = Desk(office, "hal-at-home", GMAIL_PHONE)
    raw = home.replies(given, "Dear Jane, you get your money back. Hal")
    assert home.gets() == []
    asked = hal.get("Please look at this")
    assert (
        "what only Hal Handler was sent" in said(asked) and "> Dear Jane, you get your money back. Hal" in asked.words
    )
    assert "Please write above this line" not in asked.words.partition("What they wrote")[2]
    assert story.mail(raw)["case"] == before["reference"]
    assert office.case()["responded_at"] is None
    hal.clicks(given, "Close the case")
    assert "others may have seen it" in said(hal.get("Did you write this?"))
    assert office.case()["status"] == "open"
    unmarked_by_the_house(office, jane, 0)


def test_a_command_counts_where_it_is_written_and_a_slip_changes_nothing(tell: Tell) -> None:
    """Rows 83, 84: quoted and in a signature it is none; beside a slip nothing is done; the right form is a click."""
    office = at_work(tell, relay=AT_ONCE)
    story, jane = office.story, office.story.person("jane")
    dana, hal = Desk(office, "dana", OUTLOOK), Desk(office, "hal", THUNDERBIRD)
    office.complains(jane, f"{GRIEF}\n\n#close\n#kind spam")
    notice = dana.get("]: please decide")

    dana.replies(notice, "#severity high\n#asign hal")
    slip = dana.get("Not done")
    assert '"#asign hal" was not understood. Did you mean #assign hal?' in said(slip)
    assert "So this was not done either: #severity high" in said(slip)
    assert office.case()["severity"] == "medium" and office.case()["handler"] is None
    dana.clicks(slip, "Sets its severity to high")
    assert office.case()["severity"] == "high"
    dana.get("Done")
    dana.replies(notice, "#assign bea\n\n-- \nDana\n#close")
    assert "is now with Bea" in said(dana.get("Done"))
    assert office.case()["handler"]["email"] == office.address("bea") and office.case()["status"] == "open"
    dana.clicks(slip, "Gives the case to hal")
    case = office.case()
    assert (case["status"], case["kind"]) == ("open", "complaint")
    assert case["handler"]["email"] == office.address("hal")

    given = hal.get("Yours to deal with")
    hal.replies(given, "#reply\nDear Jane, we are on it.\n#clsoe")
    kept = hal.get("Not done")
    assert "> Dear Jane, we are on it." in kept.words
    unmarked_by_the_house(office, jane, 0)
    hal.clicks(kept, "Write to the complainant")
    (answer,) = unmarked_by_the_house(office, jane, 1)
    assert answer.words.strip() == "Dear Jane, we are on it."
    assert {e["what"] for e in story.show(case["reference"])["events"]}.isdisjoint({"staff_close", "staff_kind"})


def test_a_complaint_that_names_a_colleague_goes_past_them(tell: Tell) -> None:
    """Whoever it is about gets nothing, learns nothing and can do nothing; who decides is asked."""
    office = at_work(tell, relay=AT_ONCE)
    jane = office.story.person("jane")
    dana, hal = Desk(office, "dana", OUTLOOK), Desk(office, "hal", GMAIL)
    office.complains(jane, "Hal Handler shouted at me in front of everybody. I complain about him.")
    came = {got.about: got for got in dana.gets()}
    notice, asked = came["to decide"], came["Is this about a colleague?"]
    assert not [label for label in notice.links() if "Hal" in label]
    reference = office.case()["reference"]
    assert hal.gets() == []

    hal.writes(f"[{reference}]", "#status")
    held = hal.get("Did you write this?")
    hal.replies(held, "yes")
    told = [held, *hal.gets()]
    dana.clicks(asked, "Yes, about Hal Handler")
    assert "Hal Handler, who gets nothing of it from now on" in said(dana.get("Done"))
    dana.replies(notice, "#assign hal")
    assert "Hal Handler cannot have this case" in said(dana.get("Not done"))
    dana.replies(notice, "#assign bea")
    dana.get("Done")
    (given,) = office.gets("bea")
    assert "shouted at me" in given.words
    told += hal.gets()
    assert not [got for got in told if "shouted" in got.words or jane in got.words or "Jane" in got.words]
    assert office.case()["handler"]["email"] == office.address("bea")
    unmarked_by_the_house(office, jane, 0)


def test_who_turns_out_to_be_complained_about_gets_nothing_more(tell: Tell) -> None:
    office = at_work(tell, relay=AT_ONCE)
    story, jane = office.story, office.story.person("jane")
    dana, hal = Desk(office, "dana", OUTLOOK), Desk(office, "hal", GMAIL)
    office.complains(jane, GRIEF)
    notice = dana.get("]: please decide")
    dana.replies(notice, "#assign hal")
    dana.get("Done")
    given = hal.get("Yours to deal with")
    reference = office.case()["reference"]

    dana.replies(notice, "#about hal")
    came = {got.about: got for got in dana.gets()}
    assert set(came) == {"Done", "to decide"} and "#assign NAME" in said(came["Done"])
    assert office.case()["handler"] is None and [d["kind"] for d in story.duties()] == ["decide", "respond"]
    office.complains(jane, "And he has laughed at me. That was Hal.", subject=f"Re: [{reference}]")
    assert "laughed at me" in dana.get("Added to a case").words and hal.gets() == []
    hal.replies(given, "Dear Jane, it was not so.")
    refused = hal.get("Not done")
    assert REFUSED in said(refused) and reference not in refused.subject + refused.words
    assert "Jane Doe" not in refused.words and "laughed" not in refused.words
    hal.clicks(given, "How does it stand?")
    assert [got.subject for got in hal.gets()] == ["Did you write this?"]
    assert office.case()["responded_at"] is None
    unmarked_by_the_house(office, jane, 0)


def with_deputy(office: Staff) -> None:
    """Bea stands in for Dana."""
    path = office.story.setup.path
    mine = f'email = "{office.address("dana")}"\n'
    path.write_text(path.read_text().replace(mine, f'{mine}deputy = "{office.address("bea")}"\n'))


def test_a_director_who_is_away_or_gone_is_stood_in_for(tell: Tell) -> None:
    """Rows 32 and 89: absence notes reach nobody; after two the deputy is asked, and after a bounce at once."""
    office = at_work(tell, relay=AT_ONCE)
    with_deputy(office)
    story, jane, bob = office.story, office.story.person("jane"), office.story.person("bob")
    dana, bea = Desk(office, "dana", OUTLOOK), Desk(office, "bea", GMAIL)
    away = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}

    notices = []
    for who, words in ((jane, GRIEF), (bob, "The bus was late again and I complain about it.")):
        assert bea.gets() == []
        office.complains(who, words)
        notices.append(dana.get("]: please decide"))
        thread = {"In-Reply-To": notices[-1].message_id, "References": notices[-1].message_id}
        note = "I am on leave. Private number: 555-INTERNAL."
        dana.writes(f"Automatic reply: {notices[-1].subject}", note, headers=away | thread)
    asked = bea.get("]: please decide")
    assert "Dana Director only answers automatically" in said(asked) and "The bus was late" in asked.words
    before = story.duties()
    assert {duty["kind"] for duty in before} == {"decide", "respond"}

    story.drops(a_bounce(notices[0], office.address("dana"), "550 5.1.1 User unknown"))
    story.goes_on()
    gone = bea.get("Please look at this")
    assert "Our mail to" in said(gone) and "550 5.1.1 User unknown" in said(gone) and GRIEF in said(gone)
    assert dana.gets() == []
    assert [duty for duty in story.duties() if duty["kind"] != "attend"] == before
    assert "555-INTERNAL" not in "".join(got.words for got in (asked, gone))
    for who in (jane, bob):
        unmarked_by_the_house(office, who, 0)


def test_an_answer_that_comes_back_is_owed_again_and_its_writer_told_why(tell: Tell) -> None:
    office = at_work(tell, relay=AT_ONCE)
    story, jane = office.story, office.story.person("jane")
    dana = Desk(office, "dana", OUTLOOK)
    office.complains(jane, GRIEF)
    dana.clicks(dana.get("]: please decide"), "Deal with it yourself")
    given = dana.get("Yours to deal with")
    dana.replies(given, "Dear Jane, you get your money back.")
    dana.get("Your answer was sent")
    (answer,) = unmarked_by_the_house(office, jane, 1)
    assert office.case()["responded_at"] and story.duties() == []

    story.drops(a_bounce(answer, jane, "552 5.2.2 Mailbox of this user is full", "5.2.2"))
    story.goes_on()
    assert office.case()["responded_at"] is None
    assert [duty["kind"] for duty in story.duties()] == ["respond", "attend"]
    told = dana.get("Please look at this")
    assert "came back undeliverable (552 5.2.2 Mailbox of this user is full)" in said(told)
    assert [row["overdue"] for row in story.asks("due")] == [False, False]
