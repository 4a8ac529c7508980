"""What follows from a mail of staff, as pure tables: the test reply, and commands that are said twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from complaintmail.cases.deeds import Meet
from complaintmail.cases.instruct import Ruling, instruct
from complaintmail.cases.people import People, Person
from complaintmail.cases.scene import OfferNow, RelayRules, Scene
from complaintmail.policy.load import find
from complaintmail.triage.authority import Proof, StaffLetter, Word

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DANA = Person("Dana Director", "dana@staff.test", ("operations-director",))
VISITOR = Person("Vi Visitor", "vi@staff.test")
MINE = OfferNow(7, None, "dana@staff.test", "orders", None, {"lines": ["#record"]}, NOW)
FORGED = OfferNow(8, None, "dana@staff.test", "confirm", 3, {}, NOW)


def duties_met(ruling: Ruling) -> tuple[int, ...]:
    return tuple(n for deed in ruling.deeds for one in deed.effects if isinstance(one, Meet) for n in one.duties)


def scene(person: Person, *, welcome: bool, offers: tuple[OfferNow, ...] = (), link: int | None = None) -> Scene:
    about = {"welcome": True} if welcome else {}
    letter = StaffLetter("abcdefghijklmnop", person.key, None, "welcome", about, ("yes",))
    word = Word(Proof.LINK if link is not None else Proof.REPLY, "proved", letter, link)
    return Scene(
        person=person,
        word=word,
        case=None,
        policy=find("cms", None),
        people=People((DANA, VISITOR)),
        now=NOW,
        mailbox="info@example.test",
        own=frozenset({"info@example.test"}),
        rules=RelayRules(),
        offers=offers,
    )


@pytest.mark.parametrize("words", ["yes", "Yes, thank you.", "#yes", "#yes\n\nDana", "YES PLEASE", "ok"])
@pytest.mark.parametrize("person", [DANA, VISITOR], ids=["with a role", "without one"])
def test_the_yes_to_a_welcome_letter_is_about_nothing_else(person: Person, words: str) -> None:
    for link in (None, 0):
        ruling = instruct(words, scene(person, welcome=True, offers=(MINE, FORGED), link=link))

        (done,) = ruling.done
        assert (done.deed.what, done.deed.effects, ruling.troubles) == ("welcomed", (), ())


@pytest.mark.parametrize("words", ["#yes\n#help", "#help", "no", "What is this?"])
def test_what_is_no_yes_is_no_test_reply(words: str) -> None:
    ruling = instruct(words, scene(DANA, welcome=True))

    assert "welcomed" not in [deed.what for deed in ruling.deeds]


def test_a_yes_to_another_letter_never_says_whose_a_held_mail_was() -> None:
    ruling = instruct("#yes", scene(DANA, welcome=False, offers=(FORGED,)))

    assert ruling.done == () and "Nothing waits" in ruling.troubles[0].words


def test_a_command_said_twice_is_done_once() -> None:
    ruling = instruct("#help\n#HELP\n#help", scene(DANA, welcome=False))

    assert [done.command for done in ruling.done] == ["help"]


@pytest.mark.parametrize(("about", "met"), [({"duty": 5}, (5,)), ({}, ())], ids=["of the notice", "of nothing"])
def test_what_was_put_before_somebody_about_no_case_can_be_said_to_be_done(
    about: dict[str, object], met: tuple[int, ...]
) -> None:
    asked = scene(DANA, welcome=False)
    letter = StaffLetter("abcdefghijklmnop", DANA.key, None, "attend", about, ("answered",))
    ruling = instruct("#answered today", replace(asked, word=Word(Proof.LINK, "proved", letter, 0)))

    assert duties_met(ruling) == met
    assert bool(ruling.troubles) == (not met)
