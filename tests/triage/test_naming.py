"""Whom a colleague's few words mean."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from complaintmail.triage.naming import who
from tests.support.paces import MUCH


@dataclass(frozen=True)
class Somebody:
    name: str
    email: str
    roles: tuple[str, ...] = ()


PEOPLE = (
    Somebody("Robert Smith", "site@org.test", ("area-manager", "site-manager")),
    Somebody("Jane Doe", "jane.doe@org.test", ("operations-director", "policy-owner")),
    Somebody("Jane Smithers", "js@org.test", ("training-director",)),
    Somebody("Zoë O'Brien", "zoe@org.test", ("chief-executive",)),
    Somebody("Dr Anne-Marie Jones", "amj@org.test", ("head-of-it", "safeguarding")),
    Somebody("Mark Grace", "mark@org.test", ("board",)),
    Somebody("Priya Patel", "pp@org.test", ("complaints-manager",)),
)


@pytest.mark.parametrize(
    ("words", "emails"),
    [
        ("site@org.test", ["site@org.test"]),
        ("SITE@ORG.TEST", ["site@org.test"]),
        ("<site@org.test>", ["site@org.test"]),
        ("Jane Doe <jane.doe@org.test>", ["jane.doe@org.test"]),
        ("mailto:site@org.test", ["site@org.test"]),
        ("nobody@org.test", []),
        ("Robert Smith", ["site@org.test"]),
        ("robert smith", ["site@org.test"]),
        ("Smith, Robert", ["site@org.test"]),
        ("@Robert", ["site@org.test"]),
        ("@zoe", ["zoe@org.test"]),
        ("Zoë", ["zoe@org.test"]),
        ("zoe obrien", ["zoe@org.test"]),
        ("Zoe O’Brien", ["zoe@org.test"]),
        ("Mrs Patel", ["pp@org.test"]),
        ("Priya, please", ["pp@org.test"]),
        ("to Priya thanks", ["pp@org.test"]),
        ("Anne-Marie", ["amj@org.test"]),
        ("Anne Marie Jones", ["amj@org.test"]),
        ("Dr. Jones", ["amj@org.test"]),
        ("Jane", ["jane.doe@org.test", "js@org.test"]),
        ("Jane D", ["jane.doe@org.test"]),
        ("J. Smithers", ["js@org.test"]),
        ("js", ["js@org.test"]),
        ("Smith", ["site@org.test"]),
        ("Bob", ["site@org.test"]),
        ("Rob Smith", ["site@org.test"]),
        ("Pri", ["pp@org.test"]),
        ("Priyah", ["pp@org.test"]),
        ("Roberrt Smtih", ["site@org.test"]),
        ("Jnae", []),
        ("Mark", ["mark@org.test"]),
        ("site manager", ["site@org.test"]),
        ("the site manager", ["site@org.test"]),
        ("the Site-Manager please", ["site@org.test"]),
        ("the operations director", ["jane.doe@org.test"]),
        ("ops director", ["jane.doe@org.test"]),
        ("operations", ["jane.doe@org.test"]),
        ("the director", ["jane.doe@org.test", "js@org.test"]),
        ("the manager", ["site@org.test", "pp@org.test"]),
        ("the CEO", ["zoe@org.test"]),
        ("Chief Executive", ["zoe@org.test"]),
        ("head of IT", ["amj@org.test"]),
        ("safeguarding lead", ["amj@org.test"]),
        ("the board", ["mark@org.test"]),
        ("complaints manager", ["pp@org.test"]),
        ("complaint manager", ["pp@org.test"]),
        ("Priya and Zoe", ["pp@org.test", "zoe@org.test"]),
        ("", []),
        ("the", []),
        ("Peter", []),
        ("somebody who knows about boilers and has the time for it today", []),
    ],
)
def test_the_persons_meant_are_found(words: str, emails: list[str]) -> None:
    assert [person.email for person in who(words, PEOPLE)] == emails


@pytest.mark.parametrize("hostile", ["a@", "Jane ", "and ", ",", "é", "'", "x" * 50 + " "])
def test_a_megabyte_of_anything_is_read_within_a_second(hostile: str) -> None:
    text = hostile * (1_000_000 // len(hostile))
    start = time.process_time()

    who(text, PEOPLE)

    assert time.process_time() - start < MUCH


def test_a_name_that_reads_like_an_article_and_a_role_is_that_persons() -> None:
    director = Somebody("A. Director", "a@staff.test", ("operations-director",))
    other = Somebody("B. Head", "b@staff.test", ("directors",))

    assert who("A. Director", [director, other]) == (director,)
    assert who("a. director.", [other, director]) == (director,)
    assert who("B. Head", [director, other]) == (other,)
