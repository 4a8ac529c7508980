"""Whom a complaint's own words name."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from complaintmail.triage.naming import Mention, named_in
from tests.support.paces import MUCH


@dataclass(frozen=True)
class Somebody:
    name: str
    email: str
    roles: tuple[str, ...] = ()


PEOPLE = (
    Somebody("Robert Smith", "rs@org.test"),
    Somebody("Jane Doe", "jd@org.test"),
    Somebody("Zoë O'Brien", "zo@org.test"),
    Somebody("Anne-Marie Jones", "amj@org.test"),
    Somebody("Mark Young", "my@org.test"),
    Somebody("May Field", "mf@org.test"),
    Somebody("Bill Price", "bp@org.test"),
    Somebody("Priya Patel", "pp@org.test"),
)


def named(text: str) -> list[tuple[str, bool]]:
    return [(mention.email, mention.sure) for mention in named_in(text, PEOPLE)]


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("Jane Doe was rude to me.", "jd@org.test"),
        ("jane doe was rude to me", "jd@org.test"),
        ("JANE DOE WAS RUDE TO ME", "jd@org.test"),
        ("I blame Jane  Doe's attitude", "jd@org.test"),
        ("I blame Jane M. Doe for this", "jd@org.test"),
        ("It was Doe, Jane who did it", "jd@org.test"),
        ("Mr Smith never rang", "rs@org.test"),
        ("mr smith never rang", "rs@org.test"),
        ("Mr. R. Smith never rang", "rs@org.test"),
        ("your Dr Jones laughed", "amj@org.test"),
        ("Ms Anne-Marie Jones laughed", "amj@org.test"),
        ("Ms Anne Jones, or Anne-Marie Jones, laughed", "amj@org.test"),
        ("zoe o’brien hung up on me", "zo@org.test"),
        ("Miss O'Brien hung up", "zo@org.test"),
        ("I wrote to JD@org.test and heard nothing", "jd@org.test"),
        ("Mark Young was late", "my@org.test"),
        ("Mr Price sold it", "bp@org.test"),
        ("May Field said no", "mf@org.test"),
    ],
)
def test_a_full_name_a_title_and_an_address_are_sure(text: str, email: str) -> None:
    assert named(text) == [(email, True)]


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("I spoke with Priya on Monday", "pp@org.test"),
        ("I think that Patel is to blame", "pp@org.test"),
        ("Priya's answer was rude", "pp@org.test"),
        ("Mark was rude to my son", "my@org.test"),
        ("Then Bill refused to let me in", "bp@org.test"),
        ("May shouted at me", "mf@org.test"),
        ("Dear all, Priya shouted at me", "pp@org.test"),
        ("Hi Jane,\nPriya shouted at me\nThanks Bob", "pp@org.test"),
        ("Mark didn’t ring me back", "my@org.test"),
        ("I waited.\nThanks for nothing\nPriya hung up on me.", "pp@org.test"),
        ("I told Mark about it", "my@org.test"),
        ("I complain about your tutor Priya. She shouted at me", "pp@org.test"),
    ],
)
def test_one_name_alone_is_a_suggestion(text: str, email: str) -> None:
    assert named(text) == [(email, False)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Dear Jane,\nthe boiler is cold.",
        "Dear Jane Doe,\nthe boiler is cold.",
        "Dear Mr Smith\nthe boiler is cold.",
        "Hi Jane, the boiler is cold.",
        "Good morning Jane\nThe boiler is cold.",
        "Dear Jane and Priya,\nThe boiler is cold.",
        "The boiler is cold.\nThanks Jane",
        "The boiler is cold.\nMany thanks, Jane\nmore below",
        "The boiler is cold.\nKind regards,\nJane Smith",
        "The boiler is cold.\n\nJane Doe",
        "The boiler is cold.\n-- \nJane Doe\nDirector",
        "My name is Jane and the boiler is cold.",
        "I am Jane, and the boiler is cold.",
        "the mark was low and the bill too high",
        "The Bill was too high and my Mark was low",
        "Will you come in May?",
        "In May the price was right. May was cold.",
        "Young people and Field trips. The Price was high. Young was I.",
        "My daughter Jane Brown was left alone",
        "we saw jane and priya there",
        "The smiths and jones of this world",
        "jd@org.testing.test",
    ],
)
def test_other_words_name_nobody(text: str) -> None:
    assert named(text) == []


def test_everybody_is_named_once_by_the_surest_words() -> None:
    text = "Priya was rude. Then came Mr Smith. Later Priya Patel wrote, and Smith again."

    assert named_in(text, PEOPLE) == (
        Mention("rs@org.test", "Mr Smith", True),
        Mention("pp@org.test", "Priya Patel", True),
    )


def test_a_name_that_two_have_is_not_sure() -> None:
    two = (*PEOPLE, Somebody("Ruth Smith", "ruth@org.test"))

    found = named_in("Mr Smith never rang", two)

    assert {(mention.email, mention.sure) for mention in found} == {("rs@org.test", False), ("ruth@org.test", False)}


@pytest.mark.parametrize(
    "hostile",
    [
        "Jane ",
        "Mr ",
        "Jane Doe ",
        "Dear ",
        "é",
        "a@",
        "a.",
        "Doe, ",
        "Dear Jane\n",
        "Thanks\n",
        "o'",
        "Mark was ",
        "x y\n",
    ],
)
def test_a_megabyte_of_anything_is_read_within_a_second(hostile: str) -> None:
    text = hostile * (1_000_000 // len(hostile))
    start = time.process_time()

    named_in(text, PEOPLE)

    assert time.process_time() - start < MUCH
