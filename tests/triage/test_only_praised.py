"""Whom a complaint names only to praise them: found where nothing can be meant otherwise, and never else."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from complaintmail.triage.named import named_in
from complaintmail.triage.only_praised import only_praised
from tests.support.paces import MUCH


@dataclass(frozen=True)
class Somebody:
    name: str
    email: str
    roles: tuple[str, ...] = ()


PEOPLE = (
    Somebody("Anna Reeve-Hill", "anna@org.test"),
    Somebody("Tom Brown", "tom@org.test"),
    Somebody("Priya Patel", "priya@org.test"),
)


def praised(text: str) -> set[str]:
    return {email.partition("@")[0] for email in only_praised(text, PEOPLE, named_in(text, PEOPLE))}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Anna was lovely, but Mr Brown shouted at me.", {"anna"}),
        ("Anna was lovely but Mr. Brown shouted at me in front of the class and tore my form up.", {"anna"}),
        ("Dear all,\n\nMr Brown shouted at me. Anna was very kind.\n\nRegards,\nJane", {"anna"}),
        ("Mr Brown shouted at me, although Anna and Priya were helpful to me.", {"anna", "priya"}),
        ("Anna was helpful and kind; Tom Brown, however, laughed at me.", {"anna"}),
        ("Anna has been wonderful. Mr Miller shouted at me.", {"anna"}),
        ("Anna was lovely.\nPriya was very kind.\nTom Brown shouted at me.", {"anna", "priya"}),
    ],
)
def test_who_is_only_praised_while_another_is_complained_of_is_found(text: str, who: set[str]) -> None:
    assert praised(text) == who


@pytest.mark.parametrize(
    "text",
    [
        "Anna was lovely.",
        "Anna was lovely, but the tutor shouted at me.",
        "Anna was lovely, but the room was cold.",
        "Anna was lovely at first, but Mr Brown shouted.",
        "Anna was lovely until Mr Brown came.",
        "Anna was lovely, but then shouted at me. So did Mr Brown.",
        "Anna was lovely, but Mr Brown shouted. She laughed.",
        "Anna was lovely, but Mr Brown says she lied to me.",
        "Anna was lovely, but Mr Brown and Anna shouted at me.",
        "Anna was lovely, but Mr Brown shouted. Ask Anna why.",
        "Anna was lovely, but Mr Brown shouted. Both laughed.",
        "Anna was lovely, but Mr Brown shouted and your staff laughed.",
        "Anna was lovely, but Mr Brown shouted and the receptionist laughed.",
        "Anna was lovely, Mr Brown says. I was shouted at by them all.",
        "Anna was “lovely”, but Mr Brown shouted.",
        "Anna was so lovely as to ignore me, but Mr Brown shouted.",
        "Anna was not lovely, but Mr Brown shouted.",
        "Anna was no more helpful, but Mr Brown shouted.",
        "Anna was lovely? But Mr Brown shouted.",
        "Anna was rude and Mr Brown was lovely to Anna.",
        "The lovely Anna hung up on me, but Mr Brown rang back.",
        "Anna was hardly helpful, but Mr Brown shouted.",
        "Anna was helpful to Mr Brown, but Tom shouted.",
        "Dear Anna,\n\nAnna was lovely, but Mr Brown shouted and you laughed.",
        "Anna was lovely, but Mr Brown shouted. anna@org.test never answered.",
        "Anna was lovely. Hung up on me. Mr Brown shouted.",
        "Thanks Anna. Anna was lovely, but Mr Brown shouted.",
        "It would have been nice if Anna was helpful, but Mr Brown shouted.",
        "Anna was lovely, but Mr Brown shouted." + " He would not stop." * 200,
        "Anna was lovely, but Mr Brown, Anna's friend, shouted.",
        "Anna was lovely, but Mr Reeve-Hill shouted.",
        "About Anna\nAnna was lovely, but Mr Brown shouted.",
        "Mr Brown shouted. Anna was lovely. Hung up on me.",
        "Mr Brown shouted. Anna was lovely.\n\nPS Reeve-Hill lost my papers.",
    ],
)
def test_whoever_may_be_meant_otherwise_is_not(text: str) -> None:
    assert "anna" not in praised(text)


def test_who_is_complained_of_is_never_among_them() -> None:
    assert praised("Anna was lovely, but Mr Brown was lovely and shouted. Priya was rude.") == {"anna"}


@pytest.mark.parametrize("unit", ["Anna was lovely, ", "Mr Brown ", "but ", "\n"])
def test_a_megabyte_costs_no_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    mentions = named_in("Anna was lovely, but Mr Brown shouted.", PEOPLE)
    begin = time.process_time()

    only_praised(text, PEOPLE, mentions)

    assert time.process_time() - begin < MUCH
