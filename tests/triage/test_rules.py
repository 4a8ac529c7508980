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


POLITE = """\
Kindly ring.
Kindly send me the form, and kindly confirm my place.
Please kindly let me know when you are open.
Could you kindly advise?
Would you be so kind as to call me back?
If you would be kind enough to reply.
Good morning,
Good afternoon, good evening, good day.
Best wishes, Jane
All the best, kind regards, best regards
Thank you in advance.
Many thanks in advance for a reply. Thanks in advance.
Thanks for your help in this matter.
Thank you for your help in this matter, and for your time.
Thank you for your time. Thank you for your attention to this matter.
Thank you for your email. Thanks for your message.
I would be grateful if you could ring me.
I should be grateful for a reply.
I would appreciate a call. Any help would be appreciated.
I'd appreciate it if somebody rang.
It would be great if you could call. It would be lovely to hear from you.
It would have been nice if somebody had told me.
I hope you are well. I hope this finds you well.
Have a nice day. Have a good weekend.
I would be happy to come in.
What kind of course is it? Is there any kind of parking?
What is the best way to reach you? When is the best time to ring?
""".splitlines()


@pytest.mark.parametrize("words", POLITE)
def test_politeness_is_no_praise(words: str) -> None:
    assert weigh(words).praise_words == [] and weigh(words).praise == 0


@pytest.mark.parametrize(
    "words",
    [
        "She kindly helped me with the form.", "The lady at the desk was kindly.", "They were so kind.",
        "How very kind of you!", "It was kind of her to stay.", "The best course that I ever did.",
        "The food was good.", "I am grateful for everything.", "I appreciate what you did.",
        "The staff were happy to help.", "She had a lovely way with him.", "It was great.", "You have a good team.",
        "A great big thank you to all.", "Thanks so much for all your help.", "What a nice day we had with you!",
        "The staff have been great.", "You have been kind to us.", "You have a great way with people.",
        "Best wishes to Anna, who was wonderful.", "Kindly tell Anna that she was brilliant.",
    ],
)  # fmt: skip
def test_praise_is_praise_however_polite(words: str) -> None:
    assert weigh(words).praise > 0


def test_what_is_not_kind_is_no_politeness() -> None:
    assert weigh("He was not kind enough to answer.").complaint > 0


def test_a_polite_form_of_ones_own_counts_as_little_as_those_that_are_shipped() -> None:
    praise = '[[rule]]\nname = "p"\nsays = "praise"\nweight = 1\nany = ["kind", "best"]\n'
    rules = parse(praise, '[[rule]]\nname = "forms"\nsays = "courtesy"\nany = ["with a kind and humble bow to all"]\n')

    assert weigh("With a kind and humble bow to all", rules).praise == 0
    assert weigh("With a kind and humble bow", rules).praise == 1
    assert weigh("kind", rules).praise == 1
