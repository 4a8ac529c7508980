"""Mail in a member of staff's name that is not proved theirs: it waits, and only its real owner's answer does it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol

import pytest

from tests.support import wire
from tests.support.bureau import ADDRESS, AT_ONCE, JANE, Bureau, a_letter, answering, click, reply
from tests.support.office import a_mail
from tests.support.staff import Got

QUESTION = "Did you write this?"
ABOUT = "[CMS-2026-000001]"


class Staffed(Protocol):
    def __call__(self, **more: Any) -> Bureau: ...


@pytest.fixture
def bureau(staffed: Staffed) -> Bureau:
    return complained(staffed())


def complained(bureau: Bureau) -> Bureau:
    bureau.complains("The room was cold and nobody came. I want my money back.")
    return bureau


def question(bureau: Bureau) -> Got:
    """The only one that dana got since she last looked."""
    [got] = [got for got in bureau.gets("dana") if got.subject == QUESTION]
    return got


def status(bureau: Bureau, case: int = 1) -> str:
    [[found]] = bureau.rows("SELECT status FROM cases WHERE id = ?", case)
    return str(found)


def unproved(words: str = "#close because it is settled", subject: str = ABOUT, who: str = "dana") -> bytes:
    return a_letter(who, subject, words).as_bytes()


def test_it_changes_nothing_and_its_owner_alone_is_shown_what_it_says(bureau: Bureau) -> None:
    before = bureau.state()

    bureau.takes(unproved("#close because BLUE-GIRAFFE"))

    assert bureau.state() == before
    asked = question(bureau)
    assert "BLUE-GIRAFFE" in asked.words and ABOUT in asked.words
    told = [recipient for recipient, data in bureau.outgoing() if "BLUE-GIRAFFE" in wire.words_of(data)]
    assert told == ["dana@staff.test"]
    assert bureau.rows("SELECT case_id, kind FROM message WHERE subject = ?", ABOUT) == [(None, "staff")]


@pytest.mark.parametrize("yes", ["yes", "Yes, that was me.", "#yes", "ok"])
def test_a_yes_from_the_real_address_obeys_it_exactly_once(bureau: Bureau, yes: str) -> None:
    bureau.takes(unproved())
    asked = question(bureau)

    bureau.takes(reply("dana", asked, yes, quotes=False), reply("dana", asked, yes, quotes=False))

    assert status(bureau) == "closed"
    assert len(bureau.told("staff_close")) == len(bureau.told("staff_confirmed")) == 1
    assert bureau.rows("SELECT state FROM offer") == [("taken",)]
    assert any("Nothing waits for a yes" in got.words for got in bureau.gets("dana"))


def test_the_link_in_the_question_does_it_once_and_is_then_void(bureau: Bureau) -> None:
    bureau.takes(unproved("#kind enquiry"))
    asked = question(bureau)

    bureau.takes(click("dana", asked, "Yes, it was me"))
    assert bureau.rows("SELECT kind FROM cases") == [("enquiry",)]
    bureau.takes(reply("dana", bureau.gets("dana")[-1], "#kind complaint", quotes=False))
    before = bureau.state()
    bureau.takes(click("dana", asked, "Yes, it was me"))

    assert bureau.state() == before
    assert bureau.rows("SELECT kind FROM cases") == [("complaint",)]
    assert "used before" in question(bureau).words


@pytest.mark.parametrize("no", ["no", "No, that was not me!", "#stop", "link"])
def test_a_no_withdraws_it_for_good(bureau: Bureau, no: str) -> None:
    bureau.takes(unproved())
    asked = question(bureau)
    before = bureau.state()

    bureau.takes(click("dana", asked, "No, it was not me") if no == "link" else reply("dana", asked, no, quotes=False))

    assert bureau.rows("SELECT state FROM offer") == [("withdrawn",)]
    bureau.takes(reply("dana", asked, "yes", quotes=False))
    assert status(bureau) == "new"
    assert bureau.state()["cases"] == before["cases"] and bureau.told("staff_close") == []


FORGED = {
    "without the question's id": lambda asked: a_letter("dana", f"Re: {QUESTION}", "yes").as_bytes(),
    "from a stranger with the id": lambda asked: a_letter(
        "eve@third.test", f"Re: {QUESTION}", "yes", headers=answering(asked)
    ).as_bytes(),
    "from a stranger with the link": lambda asked: click("dana", asked, "Yes, it was me", sender="eve@third.test"),
    "from a colleague with the id": lambda asked: reply("dana", asked, "yes", sender="hal", quotes=False),
    "from a colleague with the link": lambda asked: click("dana", asked, "Yes, it was me", sender="hal"),
    "from the complainant": lambda asked: reply("dana", asked, "yes", sender=JANE, quotes=False),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_yes_does_nothing(bureau: Bureau, name: str) -> None:
    bureau.takes(unproved())
    asked = question(bureau)
    before = bureau.state(1)

    bureau.takes(FORGED[name](asked))

    assert bureau.state(1) == before
    assert bureau.rows("SELECT state FROM offer WHERE id = 1") == [("open",)]


def test_what_a_stranger_has_of_the_question_is_worth_nothing_in_her_name_either(bureau: Bureau) -> None:
    bureau.takes(unproved())
    asked = question(bureau)
    bureau.takes(FORGED["from a stranger with the id"](asked), FORGED["from a stranger with the link"](asked))
    assert any("did they pass it on" in why for [why] in bureau.rows("SELECT why FROM obligation"))

    bureau.takes(reply("dana", asked, "yes", quotes=False), click("dana", asked, "Yes, it was me"))

    assert status(bureau) == "new"


def test_a_yes_elsewhere_is_no_yes_to_the_question(staffed: Staffed) -> None:
    """Her server vouches for a #yes that answers nothing; a forged mail that waits is not meant by it."""
    bureau = complained(staffed(imap='authserv_id = "mx.example.test"'))
    bureau.takes(unproved())
    said = b"Authentication-Results: mx.example.test; dmarc=pass header.from=staff.test\r\n"

    bureau.takes(said + unproved("#yes", "hello"), said + unproved("yes", ABOUT), said + unproved("#yes", ABOUT))

    assert status(bureau) == "new"
    assert bureau.rows("SELECT state FROM offer WHERE kind = 'confirm'") == [("open",)]


def test_the_same_mail_again_repeats_nothing_held_or_obeyed(bureau: Bureau) -> None:
    held = unproved("#kind enquiry")
    bureau.takes(held, held)
    bureau.takes(held)
    asked = question(bureau)
    yes = reply("dana", asked, "yes", quotes=False)

    bureau.takes(yes, yes)
    letters = len(bureau.rows("SELECT id FROM letter"))
    bureau.takes(yes, held)

    assert len(bureau.told("staff_kind")) == 1
    assert bureau.rows("SELECT COUNT(*) FROM offer") == [(1,)]
    assert len(bureau.rows("SELECT id FROM letter")) == letters


def test_one_person_is_asked_five_times_a_day_and_somebody_else_looks_once(bureau: Bureau) -> None:
    bureau.gets("dana")

    bureau.takes(*(unproved(f"#close because {n}") for n in range(30)))
    bureau.takes(*(unproved(f"#close because of {n}") for n in range(30)))

    assert len([got for got in bureau.gets("dana") if got.subject == QUESTION]) == 5
    looks = bureau.rows("SELECT COUNT(*) FROM obligation WHERE why LIKE 'More than 5 mails in Dana''s name%'")
    assert looks == [(1,)]
    bureau.clock.on(hours=25)
    bureau.takes(unproved("#close because it is tomorrow"))
    assert len([got for got in bureau.gets("dana") if got.subject == QUESTION]) == 1


def test_a_question_is_worth_nothing_after_she_has_left(staffed: Staffed) -> None:
    bureau = complained(staffed())
    bureau.takes(unproved(who="hal"))
    [asked] = bureau.gets("hal")

    without = staffed(without=("hal",))
    without.takes(reply("hal", asked, "yes", quotes=False), click("hal", asked, "Yes, it was me"))

    assert status(without) == "new" and without.told("staff_close") == []
    said = " ".join(got.subject + got.words for got in without.gets("hal"))
    assert "room was cold" not in said and "CMS-2026-000001" not in said


def test_an_answer_to_the_complainant_in_her_name_waits_too(bureau: Bureau) -> None:
    """With the complainant in copy, it would count as the answer that is owed."""
    before = bureau.state()

    bureau.takes(a_letter("dana", f"Re: {ABOUT}", "Dear Jane, we were wrong.", to=f"{JANE}, {ADDRESS}").as_bytes())

    assert bureau.state() == before
    asked = question(bureau)
    bureau.takes(reply("dana", asked, "yes", quotes=False))
    assert bureau.told("staff_answered_directly")[0]["met"]


def test_a_website_that_writes_in_our_name_for_her_address_gives_no_orders(staffed: Staffed) -> None:
    """Its mail is authentic, for it is ours; who filled in the form is not."""
    bureau = complained(staffed(imap='authserv_id = "mx.example.test"'))
    before = bureau.state(1)
    raw = a_mail(
        ADDRESS, sender=ADDRESS, subject=f"Form {ABOUT}", body="#kind spam", headers=["Reply-To: dana@staff.test"]
    )

    bureau.takes(b"Authentication-Results: mx.example.test; dmarc=pass header.from=example.test\r\n" + raw)

    assert bureau.state(1) == before


def test_two_days_later_the_yes_still_counts(bureau: Bureau) -> None:
    bureau.takes(unproved())
    asked = question(bureau)
    bureau.clock.moment += timedelta(days=2)

    bureau.takes(reply("dana", asked, "yes", quotes=False))

    assert status(bureau) == "closed"


def test_what_is_shown_before_it_goes_needs_its_own_writers_yes(staffed: Staffed) -> None:
    bureau = complained(staffed(extra=AT_ONCE.replace("never", "always")))
    [notice] = bureau.gets("dana")
    bureau.takes(reply("dana", notice, "#reply\n\nDear Jane, here is your money.", quotes=False))
    [shown] = [got for got in bureau.gets("dana") if "Look at your answer" in got.subject]

    bureau.takes(
        a_letter("dana", f"Re: {shown.subject}", "yes").as_bytes(),
        reply("dana", shown, "yes", sender="hal", quotes=False),
        a_letter("hal", ABOUT, "#yes").as_bytes(),
    )

    assert [kind for [kind] in bureau.rows("SELECT kind FROM letter WHERE author IS NOT NULL")] == []


def test_two_clicks_of_one_link_that_come_together_are_one(bureau: Bureau) -> None:
    [notice] = bureau.gets("dana")
    label = next(label for label, (_, _, body) in notice.links().items() if body.startswith("#severity high"))

    bureau.takes(click("dana", notice, label), click("dana", notice, label))

    assert len(bureau.told("staff_severity")) == 1
    assert [got.subject for got in bureau.gets("dana")].count(QUESTION) == 1


def test_everything_that_was_void_is_void_in_another_life_of_the_program(staffed: Staffed) -> None:
    bureau = complained(staffed())
    [notice] = bureau.gets("dana")
    label = next(label for label, (_, _, body) in notice.links().items() if body.startswith("#severity high"))
    bureau.takes(click("dana", notice, label))

    later = staffed()
    later.takes(click("dana", notice, label))

    assert len(later.told("staff_severity")) == 1


def test_a_reply_from_a_private_address_is_kept_and_its_owner_is_told_what_counts(bureau: Bureau) -> None:
    [notice] = bureau.gets("dana")
    bureau.takes(reply("dana", notice, "#assign Hal", quotes=False))
    [given] = bureau.gets("hal")
    before = bureau.state()

    bureau.takes(reply("hal", given, "Dear Jane,\n\nhere is your money.", sender="hal.h@freemail.test", quotes=False))

    assert bureau.state() == before
    heard = bureau.gets("hal")
    said = " ".join(" ".join(got.words.split()) for got in heard)
    [told] = [got for got in heard if got.subject == "Not done: please write from your address here"]
    assert "here is your money" in told.words and "hal.h@freemail.test" in told.words
    assert "only mail from their own address here counts" in said
    assert bureau.rows("SELECT case_id FROM message WHERE from_address = 'hal.h@freemail.test'") == [(1,)]
    assert bureau.gets("hal.h@freemail.test") == []
