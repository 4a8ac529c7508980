"""#praise and #board, as pure tables: whom they mean, what is asked back, and by whose word anything hangs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from complaintmail.cases.commands.praising import board, fingerprint, praise
from complaintmail.cases.commands.table import Order
from complaintmail.cases.deeds import AskBoard, Deed, PassOn, Praised, Regard, Trouble
from complaintmail.cases.instruct import instruct
from complaintmail.cases.people import People, Person
from complaintmail.cases.scene import CaseNow, RelayRules, Scene
from complaintmail.policy.load import find
from complaintmail.triage.authority import Proof, Word

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
DANA = Person("Dana Director", "dana@staff.test", ("manager",))
KIM = Person("Kim Keeper", "kim@staff.test", ("board-keeper",))
HAL = Person("Hal Handler", "hal@staff.test", ("director",))
RAE = Person("Rae Reception", "rae@staff.test", ("manager",), ("reception",))
RAY = Person("Ray Reception", "ray@staff.test", ("manager",), ("reception",))
SHOWN: dict[str, Any] = {"words": "Your colleague was kind.", "named": "", "board": "asked", "passed_to": []}


def scene(
    person: Person | None = DANA, policy: str = "sek", praised: Mapping[str, Any] | None = None, **columns: Any
) -> Scene:
    row: dict[str, Any] = {
        "reference": "SEK-2026-000001", "kind": "compliment", "status": "new", "complainant_name": "Jane Doe",
        "complainant_email": "jane@complainants.test", "contact": "email", "restricted": False, "area": None,
        "handler": None, "course": None, "policy": policy, **columns,
    }  # fmt: skip
    persons = row.pop("persons", {})
    return Scene(
        person=person,
        word=Word(Proof.REPLY, "proved"),
        case=CaseNow(id=1, row=row, persons=persons, praise=praised or {}),
        policy=find(policy, None),
        people=People((DANA, KIM, HAL, RAE, RAY)),
        now=NOW,
        mailbox="info@example.test",
        own=frozenset({"info@example.test"}),
        rules=RelayRules(),
    )


def passed(done: Deed | Trouble) -> tuple[str, ...]:
    assert isinstance(done, Deed), done
    [found] = [one for one in done.effects if isinstance(one, PassOn)]
    return found.to


def refused(done: Deed | Trouble) -> Trouble:
    assert isinstance(done, Trouble), done
    return done


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("@Hal", ("hal@staff.test",)),
        ("hal@staff.test", ("hal@staff.test",)),
        ("@hal@staff.test", ("hal@staff.test",)),
        ("Hal and Kim", ("hal@staff.test", "kim@staff.test")),
        ("me", ("dana@staff.test",)),
        ("all of reception", ("rae@staff.test", "ray@staff.test")),
        ("everybody at the Reception.", ("rae@staff.test", "ray@staff.test")),
        ("the reception team", ("rae@staff.test", "ray@staff.test")),
    ],
)
def test_whom_it_is_for_is_understood(words: str, to: tuple[str, ...]) -> None:
    assert passed(praise(Order("praise", words, ""), scene())) == to


@pytest.mark.parametrize(
    ("words", "why", "right"),
    [
        ("", "Whom are the kind words about?", "#praise NAME"),
        ("Nobodyknown", 'Nobody here is called "Nobodyknown"', "#praise NAME"),
        ("all of the moon", 'Nobody is known for "moon"', "#praise NAME"),
        ("Reception", "may be Rae Reception or Ray Reception", "#praise rae@staff.test"),
    ],
)
def test_what_nobody_can_be_meant_by_is_asked_back(words: str, why: str, right: str) -> None:
    trouble = refused(praise(Order("praise", words, ""), scene()))

    assert why in trouble.words
    assert right in trouble.right


def test_nobody_gets_it_twice() -> None:
    had = {"passed_to": ["hal@staff.test"]}

    assert passed(praise(Order("praise", "Hal and Kim", ""), scene(praised=had))) == ("kim@staff.test",)
    assert "had it already" in refused(praise(Order("praise", "Hal", ""), scene(praised=had))).words


def test_whoever_was_only_suspected_is_cleared_by_praise_and_whoever_is_complained_about_is_not() -> None:
    done = praise(Order("praise", "Hal", ""), scene(persons={"hal@staff.test": "suspected"}))
    about = scene(persons={"hal@staff.test": "complained about"})
    complaint = scene(kind="complaint", persons={"hal@staff.test": "suspected"})

    assert isinstance(done, Deed) and Regard("hal@staff.test", "cleared") in done.effects
    assert "about Hal Handler" in refused(praise(Order("praise", "Hal", ""), about)).words
    assert "about Hal Handler" in refused(praise(Order("praise", "Hal", "Kind words."), complaint)).words


def test_of_a_complaint_only_the_words_given_are_passed_on() -> None:
    complaint = scene(kind="complaint")

    done = praise(Order("praise", "Hal", "An excellent colleague.\n\nRegards\nDana Director"), complaint)

    assert isinstance(done, Deed)
    assert PassOn(("hal@staff.test",), "An excellent colleague.") in done.effects
    assert "only those" in refused(praise(Order("praise", "Hal", ""), complaint)).words


# --- The board -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", [DANA, KIM, None])
def test_whoever_asks_it_is_the_keeper_who_is_shown_the_words(person: Person | None) -> None:
    done = board(Order("board", "", ""), scene(person))

    assert isinstance(done, Deed)
    assert done.effects == (AskBoard("kim@staff.test"),)


@pytest.mark.parametrize(
    ("words", "body", "columns", "why"),
    [
        ("named", "", {}, "only where the person allowed it"),
        ("named", "She said yes.", {"complainant_name": ""}, "is not known"),
        ("", "", {"restricted": True}, "is restricted"),
        ("", "", {"kind": "complaint"}, "is no praise"),
        ("off", "", {}, "Nothing of SEK-2026-000001 hangs"),
        ("later", "", {}, "was not understood"),
        ("ask", "", {}, "First say which words would hang"),
        ("hang", "", {}, "What hangs on the board is for Kim Keeper to say."),
    ],
)
def test_what_may_not_hang_says_why(words: str, body: str, columns: dict[str, Any], why: str) -> None:
    assert why in refused(board(Order("board", words, body), scene(**columns))).words


def test_a_policy_without_a_board_has_none() -> None:
    assert "no board" in refused(board(Order("board", "", ""), scene(policy="cms"))).words


@pytest.mark.parametrize("person", [KIM, None])
def test_the_keepers_yes_hangs_the_words_that_were_shown(person: Person | None) -> None:
    done = board(Order("board", f"hang {fingerprint(SHOWN)}", ""), scene(person, praised=SHOWN))

    assert isinstance(done, Deed)
    [hung] = [one for one in done.effects if isinstance(one, Praised)]
    assert (hung.values["board"], hung.values["shown_at"]) == ("shown", NOW)


@pytest.mark.parametrize(
    ("praised", "mark", "why"),
    [
        (SHOWN, "", "not the ones that wait now"),
        (SHOWN | {"words": "Other words."}, fingerprint(SHOWN), "not the ones that wait now"),
        (SHOWN | {"named": "Jane Doe"}, fingerprint(SHOWN), "not the ones that wait now"),
        (SHOWN | {"board": "off"}, fingerprint(SHOWN), "No words wait"),
        ({}, fingerprint(SHOWN), "No words wait"),
    ],
)
def test_other_words_than_those_shown_do_not_hang(praised: dict[str, Any], mark: str, why: str) -> None:
    assert why in refused(board(Order("board", f"hang {mark}", ""), scene(KIM, praised=praised))).words


@pytest.mark.parametrize("state", ["asked", "shown"])
def test_anybody_may_take_words_down(state: str) -> None:
    done = board(Order("board", "off", ""), scene(praised=SHOWN | {"board": state}))

    assert isinstance(done, Deed)
    assert [one.values["board"] for one in done.effects if isinstance(one, Praised)] == ["off"]


@pytest.mark.parametrize("columns", [{"contact": "post"}, {"contact": "never"}, {"complainant_email": None}])
def test_whoever_cannot_be_asked_by_mail_is_asked_another_way(columns: dict[str, Any]) -> None:
    done = board(Order("board", "ask", ""), scene(praised=SHOWN, **columns))

    assert "cannot be asked by mail" in refused(done).words


@pytest.mark.parametrize(
    ("words", "columns", "offers"),
    [
        ("Please pass this on to Hal", {}, ("#praise hal@staff.test",)),
        ("Please pass this on to Hal", {"kind": "complaint"}, ("#assign hal@staff.test",)),
        ("Please put it on the board", {}, ("#board",)),
        ("Please put it on the board", {"kind": "complaint"}, ()),
        ("Leave it with me", {}, ("#assign me",)),
    ],
)
def test_plain_words_on_praise_offer_what_is_done_with_praise(
    words: str, columns: dict[str, Any], offers: tuple[str, ...]
) -> None:
    assert instruct(words, scene(**columns)).offers == offers
