"""Model, rules and what was learnt here, as one judge: its bands, its vetoes, and what happens when it goes wrong."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from math import isclose, log, nan
from typing import Any

import pytest

from complaintmail.mail.message import Address, Message
from complaintmail.triage.classify import classify
from complaintmail.triage.features import Counted, features
from complaintmail.triage.judge import HEAD, TAIL, Bands, Judge, Learnt, odds, readable, score, shipped
from complaintmail.triage.model import Model, Opinion
from complaintmail.triage.rules import parse
from complaintmail.triage.verdicts import Kind

FRIENDLY = "Hello, I have attached the signed copy and will bring the other form on Monday. Regards, Jo"


class Fixed(Model):
    """Answers the same whatever it is asked."""

    def __init__(self, odds: float, shares: tuple[float, ...] = (0.1, 0.1, 0.7, 0.05, 0.05)) -> None:
        super().__init__("fixed", others={"bias": (0.0,) * 5})
        self.answer = Opinion(odds, shares)

    def judge(self, found: Counted, ruled: Mapping[str, float]) -> Opinion:
        return self.answer


class Broken(Model):
    def __init__(self, failure: Exception) -> None:
        super().__init__("broken", others={"bias": (0.0,) * 5})
        self.failure = failure

    def judge(self, found: Counted, ruled: Mapping[str, float]) -> Opinion:
        raise self.failure


def mail(text: str, subject: str = "", **more: Any) -> Message:
    return Message("0" * 64, len(text), subject=subject, text=text, new_text=text, **more)


def judge_with(model: Model, release_on: bool = False, **more: Any) -> Judge:
    return replace(shipped(), model=model, bands=Bands(0.8, 0.05, release_on), **more)


@pytest.mark.parametrize(
    "model",
    [
        Broken(RuntimeError("no")),
        Broken(ZeroDivisionError()),
        Broken(MemoryError()),
        Broken(RecursionError()),
        Fixed(nan),
        Fixed(0.0, (nan,) * 5),
        Fixed(0.0, ()),
        Fixed(float("inf"), (nan, 0, 0, 0, 0)),
    ],
)
@pytest.mark.parametrize("text", [FRIENDLY, "Thank you, you were all wonderful and so kind.", "This was late."])
def test_a_model_that_fails_or_answers_nonsense_makes_an_unsure_complaint(model: Model, text: str) -> None:
    verdict = classify(mail(text), "general", judge_with(model, release_on=True))

    assert (verdict.kind, verdict.sure) == (Kind.COMPLAINT, False)
    assert "failed" in verdict.reasons[0]


@pytest.mark.parametrize("model", [Broken(RuntimeError("no")), Fixed(nan), Fixed(-9.0)])
def test_a_word_that_decides_alone_asks_no_model(model: Model) -> None:
    verdict = classify(mail("This is disgraceful."), "general", judge_with(model, release_on=True))

    assert (verdict.kind, verdict.sure) == (Kind.COMPLAINT, True)
    assert "disgraceful" in verdict.reasons[0]


@pytest.mark.parametrize(("release_on", "sure", "kind"), [(True, True, Kind.ENQUIRY), (False, False, Kind.COMPLAINT)])
def test_nothing_is_let_go_by_the_model_alone_before_that_is_on(release_on: bool, sure: bool, kind: Kind) -> None:
    verdict = classify(mail(FRIENDLY), "general", judge_with(Fixed(-6.0), release_on))

    assert (verdict.kind, verdict.sure) == (kind, sure)


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("The food was disgraceful, and that is all I have to say about it.", {}),
        ("I was assaulted in the car park on the way to the class yesterday.", {}),
        ("Yes please", {}),
        ("Hei, lähetän allekirjoitetun kopion huomenna ja tuon toisen lomakkeen maanantaina mukanani.", {}),
        ("Dyma'r copi wedi'i lofnodi, ac mae'r ffurflen arall gyda fi hefyd yn y car, diolch.", {}),
        (FRIENDLY + " and so on" * 1000, {}),
        (FRIENDLY, {"from_": (Address("", "jo@council.test"),)}),
        ("", {}),
    ],
)
def test_some_mail_is_never_let_go_whatever_the_model_says(text: str, more: dict[str, Any]) -> None:
    rules = parse("", "[never_release]\nsenders = ['council.test']\n")
    rules = replace(shipped().rules, senders=rules.senders)
    judge = replace(judge_with(Fixed(-12.0), release_on=True), rules=rules)

    verdict = classify(mail(text, **more), "general", judge)

    assert verdict.kind is Kind.COMPLAINT


def test_the_model_alone_opens_what_it_is_sure_of_and_more_carefully_among_complaints() -> None:
    almost = judge_with(Fixed(1.5))  # 0.818

    general, complaints = (classify(mail(FRIENDLY), purpose, almost) for purpose in ("general", "complaints"))

    assert (general.kind, general.sure, complaints.sure) == (Kind.COMPLAINT, True, False)


def test_what_the_rules_are_sure_of_and_the_model_finds_absurd_is_for_a_person() -> None:
    text = "Our guide to the worst films of the year, and where to see them."

    verdict = classify(mail(text), "general", judge_with(Fixed(-9.0, (0.0, 0.0, 0.0, 1.0, 0.0))))

    assert (verdict.kind, verdict.sure) == (Kind.COMPLAINT, False)
    assert "newsletter" in verdict.reasons[0]


def test_praise_that_the_model_doubts_is_for_a_person() -> None:
    text = "We want to thank everybody, the service was excellent and you were all lovely."

    assert classify(mail(text), "general", judge_with(Fixed(3.0))).kind is Kind.COMPLAINT
    assert classify(mail(text), "general", judge_with(Fixed(-3.0))).kind is Kind.COMPLIMENT


def test_the_same_mail_and_judge_give_the_same_verdict() -> None:
    texts = [FRIENDLY, "The tutor was rude and late again.", "What time do you open?", "Lovely day, thank you all."]
    first = [classify(mail(text), "general") for text in texts]
    again = [classify(mail(text), "general", replace(shipped())) for text in reversed(texts)]

    assert [repr(verdict) for verdict in first] == [repr(verdict) for verdict in reversed(again)]


def test_what_was_learnt_here_moves_the_score_by_its_weights() -> None:
    text = "The grozzled desk again, grozzled as ever!"
    learnt = Learnt("1", 0.25, {"w:grozzled": 2.0, "w:desk again": -0.5, "c:_gro": 1.0, "x:exclaims": 0.4, "w:no": 9.0})
    taught = replace(shipped(), learnt=learnt)

    expected = 0.25 + sum(value * learnt.weights.get(name, 0.0) for name, value in features(text).items())

    said = score(text, taught)
    assert isclose(log(said / (1 - said)) - odds(text, shipped()), expected, rel_tol=1e-6)
    assert score(text, taught) > score(text, shipped())
    assert odds(text, taught) == odds(text, shipped())
    assert taught.version != shipped().version
    assert "grozzled" in dict(classify(mail(text), "general", taught, explain=True).weighed)


def test_the_bands_of_an_installation_count_before_the_shipped_ones() -> None:
    learnt = Learnt("1", bands=Bands(0.99, 0.01, True))

    assert replace(shipped(), learnt=learnt).in_force == learnt.bands
    assert shipped().in_force == shipped().bands
    assert not shipped().bands.release_on


@pytest.mark.parametrize(
    "end", ["I want to complain about my assessor.", "But the carer was rude and nobody came. Dreadful."]
)
def test_a_complaint_at_the_end_of_a_long_friendly_mail_is_found(end: str) -> None:
    friendly = "We had a lovely time in the garden with the children and the weather was kind to us. " * 400

    verdict = classify(mail(f"{friendly}\n{end}"), "general")

    assert len(friendly) > HEAD + TAIL
    assert verdict.kind is Kind.COMPLAINT
    assert any("“" in reason and "dissatisfied" in reason for reason in verdict.reasons)


def test_subject_beginning_and_end_are_read() -> None:
    text = readable("Title", "a" * HEAD + "b" * 100_000 + "c" * TAIL)

    assert (text.count("a"), text.count("b"), text.count("c")) == (HEAD, 0, TAIL)
    assert text.startswith("Title\n")


@pytest.mark.parametrize("unit", ["a", "not ", "x'", "£", "a@", "<", "\n", "Ärger "])
def test_a_megabyte_is_judged_at_once(unit: str) -> None:
    message = mail(unit * (1_000_000 // len(unit)), subject=unit * 1000)
    begin = time.process_time()

    verdict = classify(message, "general")

    assert verdict.kind is Kind.COMPLAINT
    assert time.process_time() - begin < 1


def test_its_words_are_told_with_their_weight_the_strongest_first() -> None:
    verdict = classify(mail("The tutor shrugged and sent us away, an hopeless afternoon."), "general", explain=True)

    weights = [abs(weight) for _, weight in verdict.weighed]
    assert weights
    assert weights == sorted(weights, reverse=True)
    assert not {"the", "and", "us"} & {word for word, _ in verdict.weighed}
