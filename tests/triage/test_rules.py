"""Rules as a file: what may stand in it, what a mistake says, and what each weighs."""

from __future__ import annotations

import time

import pytest

from complaintmail.triage.rules import VETO, parse, shipped_rules, weigh

ONE = '[[rule]]\nname = "noise"\nsays = "complaint"\nweight = 2\nany = ["racket", "din all night"]\n'
NOT = '[[rule]]\nname = "negations"\nsays = "negation"\nany = ["not", "no"]\n'


@pytest.mark.parametrize(
    ("text", "weight", "words"),
    [
        ("What a racket!", 2.0, ["racket"]),
        ("There was a din all night.", 2.0, ["din all night"]),
        ("There is no racket here.", 0.0, []),
        ("Quiet.", 0.0, []),
    ],
)
def test_a_rule_weighs_its_words_and_phrases_and_minds_negation(text: str, weight: float, words: list[str]) -> None:
    found = weigh(text, parse(ONE + NOT))

    assert (found.complaint, found.complaint_words) == (weight, words)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[rule]]\nsays = "complaint"\nweight = 1\nany = ["x"]', "has no name"),
        ('[[rule]]\nname = "a"\nsays = "anger"\nweight = 1\nany = ["x"]', "one of complaint"),
        ('[[rule]]\nname = "a"\nsays = "complaint"\nany = ["x"]', "number above 0"),
        ('[[rule]]\nname = "a"\nsays = "complaint"\nweight = -1\nany = ["x"]', "number above 0"),
        ('[[rule]]\nname = "a"\nsays = "complaint"\nweight = true\nany = ["x"]', "number above 0"),
        ('[[rule]]\nname = "a"\nsays = "complaint"\nweight = 1\nany = []', "list of words"),
        ('[[rule]]\nname = "a"\nsays = "complaint"\nweight = 1\nany = ["Capital"]', "lower case"),
        ('[[rule]]\nname = "a"\nsays = "complaint"\nweight = 1\nany = ["one two three four"]', "one to three words"),
        ('[[rule]]\nname = "a"\nsays = "doubt"\nany = ["two words"]', "single word"),
        ('[[rule]]\nname = "a"\nsays = "doubt"\nany = ["x"]\nwait = 3', "not known: wait"),
        ('[[rule]]\nname = "a"\nsays = "doubt"\nany = ["x"]\npolicies = "ceme"', "names"),
        ("[other]\nx = 1", "not known here: other"),
        ("rule = 3", "[[rule]]"),
        ("[never_release]\nsenders = 3", "addresses or domains"),
    ],
)
def test_a_mistake_is_said_in_words_and_nothing_is_half_read(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("[", r"\[")):
        parse(text)


def test_a_rule_of_ones_own_takes_the_place_of_the_rule_with_its_name() -> None:
    own = '[[rule]]\nname = "noise"\nsays = "complaint"\nweight = 3\nany = ["uproar"]\n'
    rules = parse(ONE, own)

    assert weigh("An uproar and a racket.", rules).complaint == 3.0
    assert rules.version != parse(ONE).version


def test_a_rule_may_hold_for_some_policies_only() -> None:
    some = ONE + 'policies = ["ceme"]\n'

    assert weigh("A racket.", parse(some, policy="ceme")).complaint == 2.0
    assert weigh("A racket.", parse(some, policy="sek")).complaint == 0.0


def test_senders_are_known_by_address_or_domain() -> None:
    rules = parse(ONE, '[never_release]\nsenders = ["Board@example.test", "council.test"]\n')

    assert rules.keeps("board@example.test")
    assert rules.keeps("anyone@council.test")
    assert not rules.keeps("other@example.test")


def test_what_is_shipped_reads_and_has_vetoes() -> None:
    rules = shipped_rules()

    assert weigh("This is a disgraceful way to treat people.", rules).strongest >= VETO
    assert rules is shipped_rules()
    assert all(0 < weight <= 3 for table in rules.tables.values() for weight in table.values())


@pytest.mark.parametrize("unit", ["a", "’", "not happy with "])
def test_a_megabyte_is_weighed_in_proportion(unit: str) -> None:
    begin = time.process_time()

    weigh(unit * (1_000_000 // len(unit)))

    assert time.process_time() - begin < 5
