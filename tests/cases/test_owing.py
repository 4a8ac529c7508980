"""Who owes a duty on a day, and who stands above them: never anybody whom the case excludes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from complaintmail.cases.owing import Owing
from complaintmail.cases.people import People, Person
from complaintmail.policy.load import find

DAY = date(2026, 11, 30)
OPS, INV = "operations-director", "investigator"
AWAY = ((date(2026, 11, 27), date(2026, 12, 4)),)


def one(name: str, *roles: str, **more: Any) -> Person:
    return Person(name, f"{name.lower()}@x.test", roles, **more)


DANA, HAL, BEA = one("Dana", OPS), one("Hal", INV), one("Bea", "board")
DEP, DIR = one("Dep"), one("Dir", "directors")
EVERYBODY = (DANA, HAL, BEA, DEP, DIR)


def owing(kind: str, role: str, *persons: Person, policy: str = "cms", **more: Any) -> Owing:
    return Owing(kind, role, find(policy, None), People(persons or EVERYBODY), DAY, **more)


def email(person: Person) -> frozenset[str]:
    return frozenset({person.key})


@pytest.mark.parametrize(
    ("why", "asked", "name"),
    [
        ("the handler answers", owing("respond", INV, handler=DANA.key), "Dana"),
        ("without one, whoever holds the role", owing("respond", INV), "Hal"),
        ("the decision is the role's, whoever deals with it", owing("decide", OPS, handler=HAL.key), "Dana"),
        ("contact is the director's own", owing("contact", OPS, handler=HAL.key), "Dana"),
        ("an excluded handler has no part", owing("respond", INV, handler=DANA.key, without=email(DANA)), "Hal"),
        ("nor has an excluded holder", owing("respond", INV, without=email(HAL)), "Bea"),
        ("a silent handler is passed over", owing("respond", INV, handler=DANA.key, silent=email(DANA)), "Hal"),
        ("safety is not the handler's", owing("attend", "safeguarding", handler=HAL.key), "Dana"),
        ("what a person has to look at is", owing("attend", OPS, handler=HAL.key), "Hal"),
        ("an action is its owner's", owing("action", OPS, handler=HAL.key, named=DIR.key), "Dir"),
        ("or the handler's", owing("action", OPS, handler=HAL.key, named="gone@x.test"), "Hal"),
        ("an appeal is whose who hears it", owing("appeal-answer", "board", handler=DIR.key, named=BEA.key), "Dir"),
        ("until then theirs who is asked", owing("appeal-answer", "board", named=DIR.key), "Dir"),
        ("never theirs who had a part", owing("appeal-answer", "board", named=BEA.key, without=email(BEA)), "Dir"),
        ("no role named: who decides first", owing("attend", ""), "Dana"),
    ],
)  # fmt: skip
def test_who_owes_it(why: str, asked: Owing, name: str) -> None:
    assert asked.today().name == name, why


def test_a_handler_who_is_away_is_stood_in_for_by_deputies_in_their_turn() -> None:
    away = one("Ann", deputy="ben@x.test", away=AWAY)
    also = one("Ben", deputy="cyd@x.test", away=AWAY)
    there = one("Cyd")

    found = owing("respond", INV, away, also, there, HAL, handler=away.key).today()
    excluded = owing("respond", INV, away, also, there, HAL, handler=away.key, without=email(there)).today()

    assert (found.name, found.why) == ("Cyd", "you stand in for Ann")
    assert excluded.name == "Hal"


def test_deputies_in_a_ring_end_where_they_began() -> None:
    ann = one("Ann", deputy="ben@x.test", away=AWAY)
    ben = one("Ben", deputy="ann@x.test", away=AWAY)

    assert owing("respond", INV, ann, ben, HAL, handler=ann.key).today().name == "Hal"


@pytest.mark.parametrize(
    ("why", "asked", "besides", "names"),
    [
        ("from the rung after the role's own", owing("respond", INV), HAL, ["Bea"]),
        ("a role that is not on it: from its second rung", owing("decide", OPS), DANA, ["Bea"]),
        ("whom it is about is passed over", owing("respond", INV, without=email(BEA)), HAL, ["Dir"]),
        ("nobody above: whoever else could do it", owing("respond", INV, HAL, DANA), HAL, ["Dana"]),
        ("nobody else at all", owing("respond", INV, HAL), HAL, []),
        (
            "several rungs, in their order, nobody twice",
            owing(
                "respond", "area-director", one("Ara", "area-director"), one("Max", "managing-director"), policy="ace"
            ),
            one("Ara"), ["Max"],
        ),
    ],
)  # fmt: skip
def test_who_stands_above(why: str, asked: Owing, besides: Person, names: list[str]) -> None:
    assert [officer.name for officer in asked.above(besides.key)] == names, why


def test_the_others_are_everybody_who_could_see_to_it_but_those_who_do_not_answer() -> None:
    asked = owing("respond", INV, silent=email(BEA))

    assert [person.name for person in asked.others(HAL.key)] == ["Dana"]
