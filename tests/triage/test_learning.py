"""What is learnt from staff, and what keeps it from going wrong."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from statistics import fmean

import pytest

from complaintmail.triage import learning
from complaintmail.triage.fitting import Example, Fitted, Lexicon, Ready, area, probability, scaled
from complaintmail.triage.judge import Bands, Learnt, score, shipped
from complaintmail.triage.learning import CAP, SUNK, Refitted, Refused, Review, canary, refit
from complaintmail.triage.packing import packed, unpacked
from complaintmail.triage.rules import Rules, parse, shipped_text
from tests.support.lessons import GRIEVES, a_text, complaints_of, reviews


def learnt_from(found: Sequence[Review]) -> Refitted:
    done = _refitted(tuple(found))
    assert isinstance(done, Refitted), done
    return done


@cache
def _refitted(found: tuple[Review, ...]) -> Refitted | Refused:
    return refit(found, shipped(), "1")


def why_not(found: Sequence[Review]) -> str:
    done = _refitted(tuple(found))
    assert isinstance(done, Refused), done
    return done.why


def scores(learnt: Learnt | None, seed: int = 99, count: int = 200) -> tuple[list[float], list[bool]]:
    """Of mails that nobody has reviewed."""
    judge = replace(shipped(), learnt=learnt)
    fresh = reviews(count, seed=seed)
    return [score(f"\n{review.text}", judge) for review in fresh], [review.complaint for review in fresh]


def wrong(said: Sequence[float], truth: Sequence[bool]) -> float:
    return fmean((one >= 0.5) != answer for one, answer in zip(said, truth, strict=True))


def test_after_two_hundred_reviews_the_errors_in_a_new_place_fall_by_a_quarter_at_least() -> None:
    done = learnt_from(reviews(200))

    before, after = (wrong(*scores(learnt)) for learnt in (None, done.learnt))
    assert after <= 0.75 * before
    assert done.figures["reviews"] == 200
    assert done.figures["aside"]["after"]["right"] > done.figures["aside"]["before"]["right"]


def test_one_wrong_answer_in_ten_does_little_harm() -> None:
    right, erring = (learnt_from(reviews(200, wrong=share)).learnt for share in (0.0, 0.1))

    of_right, of_erring = area(*scores(right)), area(*scores(erring))
    assert of_right is not None and of_erring is not None
    assert of_right - of_erring <= 0.02


def test_the_same_reviews_teach_the_same_to_the_last_digit() -> None:
    first, second = (refit(reviews(60), shipped(), "1") for _ in range(2))

    assert isinstance(first, Refitted) and isinstance(second, Refitted)
    assert packed(first.learnt) == packed(second.learnt)
    assert packed(learnt_from(reviews(60, seed=2)).learnt) != packed(first.learnt)


@pytest.mark.parametrize(
    ("complaints", "others"), [(0, 0), (9, 200), (200, 9), (0, 200), (200, 0)], ids=lambda count: str(count)
)
def test_without_ten_of_each_nothing_is_learnt(complaints: int, others: int) -> None:
    found = reviews(600, complaints=0.5)
    chosen = [one for one in found if one.complaint][:complaints] + [one for one in found if not one.complaint][:others]

    assert why_not(chosen) == (
        f"Staff have not looked at enough mails. Complaints: {complaints}, other mails: {others}; it takes 10 of each."
    )


def test_mails_of_one_sender_count_five_times_and_each_text_once() -> None:
    of_one = [replace(review, sender="one@x.test") for review in reviews(400)]
    one_text = [replace(review, text="the same") for review in reviews(400)]

    assert "Staff have not looked at enough mails" in why_not(of_one)
    assert "Staff have not looked at enough mails" in why_not(one_text)
    honest = reviews(100)
    assert learnt_from([*honest, *of_one]).figures["reviews"] == 105


def test_a_word_that_one_person_alone_wrote_is_not_learnt() -> None:
    found = reviews(100)
    secret = [replace(review, text=f"{review.text} quibberish", sender="a@x.test") for review in found[:4]]

    alone = learnt_from([*secret, *found[4:]]).learnt.weights
    of_two = learnt_from([replace(secret[0], sender="b@x.test"), *secret[1:], *found[4:]]).learnt.weights
    assert "w:quibberish" not in alone
    assert "w:quibberish" in of_two


def test_what_is_kept_aside_is_never_learnt_from() -> None:
    found = reviews(200)
    aside = [review for review in found if learning._number(review.key) % learning.ASIDE == 0]
    turned = [replace(one, complaint=not one.complaint) if one in aside else one for one in found]

    first, second = learnt_from(found), learnt_from(turned)
    assert 8 <= len(aside) <= 35
    assert first.learnt.weights == second.learnt.weights
    assert first.figures["aside"] != second.figures["aside"]


def test_what_would_let_complaints_of_the_fixed_sample_sink_does_not_come_in_force() -> None:
    chance = random.Random(3)
    texts = [text for complaint, text in canary() if complaint]
    poison = [
        Review(f"c{nth}", f"c{nth}@x.test", "", f"{text} {a_text(chance, False)}", False)
        for nth, text in enumerate(texts)
    ]
    done = refit([*poison, *reviews(60, complaints=1.0)], shipped(), "1")
    unopinionated = not shipped().model.present

    if isinstance(done, Refitted):
        taught = replace(shipped(), learnt=done.learnt)
        assert all(score(f"\n{text}", taught) >= SUNK or score(f"\n{text}", shipped()) < SUNK for text in texts)
        assert done.figures["canary"]["after"] >= done.figures["canary"]["before"] - learning.WORSE or unopinionated
    else:
        assert "less well than before" in done.why or "would have sunk" in done.why or "mistakes alone" in done.why


def test_no_weight_goes_beyond_its_bound() -> None:
    learnt = learnt_from([replace(review, weight=50.0) for review in reviews(200)]).learnt

    assert max(map(abs, learnt.weights.values())) <= learning.STRONGEST
    assert abs(learnt.bias) <= learning.STRONGEST
    assert len(learnt.weights) <= learning.KEPT


@pytest.mark.parametrize("share", [0.1, 0.15])
def test_where_hardly_any_mail_is_a_complaint_it_learns_and_a_score_stays_an_order(share: float) -> None:
    found = learnt_from(reviews(230, complaints=share))

    assert found.figures["canary"]["sunk"] == 0
    assert found.learnt.weights
    assert (found.learnt.scale, found.learnt.bands) == (None, None)


def test_nothing_is_let_go_and_no_score_is_a_probability_before_enough_was_looked_at() -> None:
    few = learnt_from(reviews(190)).learnt
    none_of_them_seen = learnt_from([replace(review, seen=False) for review in reviews(205)]).learnt
    few_complaints = [
        one if one.complaint else replace(one, text=f"How much is {one.text}?") for one in reviews(230, complaints=0.15)
    ]
    calibrated = learnt_from(few_complaints).learnt

    assert (few.scale, few.bands) == (None, None)
    assert (none_of_them_seen.scale, none_of_them_seen.bands) == (None, None)
    assert 10 <= complaints_of(few_complaints) < learning.COMPLAINTS
    assert calibrated.scale is not None and calibrated.bands is None


def test_with_enough_reviews_the_bound_is_below_each_complaint_and_never_above_the_cap() -> None:
    found = reviews(400)
    learnt = learnt_from(found).learnt

    assert learnt.bands is not None and learnt.bands.release <= CAP
    taught = replace(shipped(), learnt=learnt)
    low = [one for one in found if one.complaint and score(f"\n{one.text}", taught) < learnt.bands.release]
    assert low == []
    assert learnt.bands.open == shipped().bands.open


def test_a_version_that_suddenly_lets_much_more_go_is_refused() -> None:
    present = replace(shipped(), learnt=Learnt("1", 0.0, {}, Bands(0.8, 1e-9, True), (1.0, 0.0)))
    taken_up = refit(reviews(400), present, "2")

    assert isinstance(taken_up, Refused)
    assert "more than 10% of all at once" in taken_up.why


def test_where_letting_go_begins_it_begins_with_a_tenth_more_at_the_most() -> None:
    done = learnt_from(reviews(400))

    assert done.learnt.bands is not None
    said, _ = scores(done.learnt, count=400)
    before, _ = scores(None, count=400)
    now = fmean(one < done.learnt.bands.release for one in said)
    assert now <= fmean(one < shipped().bands.release for one in before) + learning.JUMP + 0.05


def test_a_text_of_a_megabyte_is_learnt_from_like_any_other() -> None:
    found = reviews(60)
    long = replace(found[0], text="word " * 200_000)

    assert learnt_from([long, *found[1:]]).figures["reviews"] == 60


def test_the_fixed_sample_has_enough_of_both() -> None:
    answers = [complaint for complaint, _ in canary()]

    assert len(answers) >= 300
    assert min(sum(answers), len(answers) - sum(answers)) >= 150
    assert len({text for _, text in canary()}) == len(answers)


def fitted(told: Sequence[tuple[list[str], float, bool]]) -> tuple[Fitted, list[float]]:
    """The weights for these texts, each with what is known of it and its answer, and what they make of each text."""
    lexicon = Lexicon()
    examples = [Example(lexicon.bag(dict.fromkeys(words, 1.0)), known, answer) for words, known, answer in told]
    found = Ready.of(examples, range(len(lexicon.names)), hold=0.3)
    done = found.named(found.solved(range(len(told)), 30), lexicon)
    weights = lexicon.numbered(done.weights)
    return done, [one.known + done.bias + one.bag.weighed(weights) for one in examples]


def test_fitting_finds_the_word_that_tells() -> None:
    told = [(["bad" if nth % 2 else "good", "the"], 0.0, bool(nth % 2)) for nth in range(40)]
    done, said = fitted(told)

    assert done.weights["bad"] > 1 > -1 > done.weights["good"]
    assert abs(done.weights.get("the", 0.0)) < 0.2
    assert [one > 0 for one in said] == [answer for _, _, answer in told]
    assert fitted([])[0] == Fitted(0.0, {})


def test_what_is_known_already_is_not_learnt_again() -> None:
    done, _ = fitted([(["x"], 9.0 if nth % 2 else -9.0, bool(nth % 2)) for nth in range(40)])

    assert abs(done.bias) < 0.1
    assert abs(done.weights.get("x", 0.0)) < 0.1


def test_the_line_makes_scores_into_shares() -> None:
    chance = random.Random(5)
    odds = [chance.uniform(-3, 3) for _ in range(800)]
    truth = [chance.random() < probability(one / 2 - 1) for one in odds]
    surer = [chance.random() < probability(3 * one - 1) for one in odds]

    assert scaled(odds, truth, [1.0] * len(odds)) == pytest.approx((0.5, -1), abs=0.25)
    assert scaled(odds, surer, [1.0] * len(odds)) == pytest.approx((1, -0.6), abs=0.3)  # never surer


@pytest.mark.parametrize(
    ("odds", "truth", "expected"),
    [
        ([1.0, 2.0, 3.0], [False, False, True], 1.0),
        ([3.0, 2.0, 1.0], [False, False, True], 0.0),
        ([1.0, 1.0], [True, False], 0.5),
        ([1.0, 2.0, 2.0, 3.0], [False, True, False, True], 0.875),
        ([1.0], [True], None),
        ([], [], None),
    ],
)
def test_the_area_counts_pairs(odds: list[float], truth: list[bool], expected: float | None) -> None:
    assert area(odds, truth) == expected


def test_weights_come_back_as_they_were_kept() -> None:
    import zlib

    learnt = Learnt("7", 0.25, {"w:grozzled": 1.5, "c:_gro": -0.01}, Bands(0.8, 0.04, True), (0.9, -0.1))

    assert unpacked(7, zlib.compress(packed(learnt))) == learnt
    assert unpacked(8, zlib.compress(packed(Learnt("8")))) == Learnt("8")


@pytest.mark.parametrize(
    "body", [b"", b"no weights", b"\x78\x9c\x03\x00\x00\x00\x00\x01"], ids=["none", "text", "empty"]
)
def test_bytes_that_are_no_weights_are_nothing(body: bytes) -> None:
    assert unpacked(1, body) is None


def own_words(says: str, words: str) -> str:
    some = ", ".join(f'"{word}"' for word in words.split())
    return f'[[rule]]\nname = "our own"\nsays = "{says}"\nweight = 3\nany = [{some}]\n'


def test_a_mail_is_reckoned_by_the_rules_of_the_mailbox_that_it_came_to() -> None:
    found = [replace(one, mailbox=f"{nth % 2}@ours.test") for nth, one in enumerate(reviews(60))]
    rules = parse(shipped_text(), own_words("complaint", " ".join(GRIEVES)))
    each: tuple[dict[str, Rules], ...]
    each = ({}, {"0@ours.test": rules}, {"0@ours.test": rules, "1@ours.test": rules})

    none, half, both = (refit(found, shipped(), "1", by_mailbox).figures["corrections"] for by_mailbox in each)

    assert none > half > both, "what the rules say here needs no correction"


def test_the_fixed_sample_is_held_by_the_rules_of_every_mailbox() -> None:
    shy = parse(shipped_text(), own_words("praise", "not no never still was were had"))
    stern = parse(shipped_text(), own_words("complaint", "not no never still was were had"))
    each = ({"a": shy}, {"b": stern}, {"a": shy, "b": stern}, {"b": stern, "a": shy})

    of_shy, of_stern, *of_both = (
        refit(reviews(60), shipped(), "1", by_mailbox).figures["canary"] for by_mailbox in each
    )

    assert of_shy["lowest"] != of_stern["lowest"]
    assert [one["lowest"] for one in of_both] == [min(of_shy["lowest"], of_stern["lowest"])] * 2
