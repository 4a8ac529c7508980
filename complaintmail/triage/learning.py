"""Learns from what staff said of mails: new weights on top of the shipped ones, or the reason why there are none.

Owns `refit` and everything that bounds it: both classes, confirmations beside corrections, so many mails of one
sender, a tenth kept aside for honest figures, a fixed sample (`canary.txt`) whose complaints may not sink, and
letting go only once enough was reviewed. Promises: pure and deterministic; from scratch each time; the shipped weights
are never touched; a word is learnt only from two different people. Where a bound is met, nothing changes and the
reason is a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from math import log
from types import MappingProxyType
from typing import Any

from complaintmail.triage.features import features
from complaintmail.triage.fitting import Example, Fitted, Lexicon, Ready, area, loss, probability, scaled
from complaintmail.triage.judge import Bands, Judge, Learnt, odds, readable
from complaintmail.triage.rules import Rules

HOLD = 0.7  # how firmly the weights are held to nothing
EACH = 10  # mails of each class, before anything is learnt
MOST = 2000  # mails; of more, the latest
PER_SENDER = 5
LEARNT = ("w:", "c:")  # words, pairs and parts of words; how a text looks is the shipped model's matter
NAMES = 6000  # features that are looked at, the commonest
KEPT = 4000  # weights that are kept, the strongest
FAINT = 0.01  # a weight below this is none
STRONGEST = 4.0
MANY = 800  # mails, with which it takes fewer rounds, and fewer parts to try what is learnt on
ASIDE = 10  # one in so many is never learnt from
WORSE = 0.01  # by so much the two classes may be told apart less well in the fixed sample
WORSE_HERE = 0.03  # and here, where there are fewer mails to tell by
STEPS = (1.0, 0.7, 0.5, 0.35, 0.25)  # of what was found, the largest part that leaves the fixed sample as it was
CALIBRATED = 200  # mails that a person looked at, before a score is a probability and before anything is let go
COMPLAINTS = 40  # complaints among them, before anything is let go
CAP = 0.10  # no bound for letting go is above this
SUNK = 0.05  # a complaint of the fixed sample that falls below this has sunk
MARGIN = 0.8  # of the lowest complaint that was seen
LOWEST = 0.005  # a bound below this lets nothing go
JUMP = 0.10  # of all mails; by no more may the share that is let go grow at once
NO_RULES: Mapping[str, Rules] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Review:
    """One mail with what was said of it. `seen`: a person looked at it; else it was only left as it was."""

    key: str  # of the mail, the same for ever: by it some are kept aside
    sender: str
    subject: str
    text: str  # what its writer newly wrote
    complaint: bool
    weight: float = 1.0
    seen: bool = True
    mailbox: str = ""  # where it came; its rules judge it


@dataclass(frozen=True, slots=True)
class Refitted:
    learnt: Learnt
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was learnt, and why."""

    why: str
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _One:
    """A review as it is counted."""

    review: Review
    example: Example
    aside: bool
    lot: int  # of its sender, the same for ever: by it mails are parted


def refit(
    reviews: Sequence[Review], judge: Judge, version: str, rules: Mapping[str, Rules] = NO_RULES
) -> Refitted | Refused:
    """What to add to the shipped weights, by these reviews, the latest first. `judge`: as it judges at present;
    `rules`: of each mailbox. The judge's own hold for a mail of any other mailbox."""
    shipped = replace(judge, learnt=None)
    judges = {mailbox: replace(shipped, rules=own) for mailbox, own in rules.items()}
    lexicon = Lexicon()
    taken = [_counted(review, judges.get(review.mailbox, shipped), lexicon) for review in _taken(reviews)]
    complaints = sum(one.example.complaint for one in taken)
    counts: dict[str, Any] = {
        "reviews": len(taken),
        "complaints": complaints,
        "seen": sum(one.review.seen for one in taken),
        "corrections": sum(_corrects(one) for one in taken),
    }
    if (why := _too_little(taken, complaints)) is not None:
        return Refused(why, counts)
    learnt_from = [one for one in taken if not one.aside]
    ready = Ready.of([one.example for one in learnt_from], _chosen(learnt_from, lexicon), HOLD)
    many = len(learnt_from) > MANY
    added = _out_of_fold(ready, learnt_from, *((3, 5) if many else (5, 10)))
    whole = ready.named(ready.solved(range(len(learnt_from)), 8 if many else 16), lexicon)
    before = _told_apart(learnt_from, [0.0] * len(learnt_from))
    after = _told_apart(learnt_from, added)
    counts["not_learnt_from"] = {"before": before and round(before, 4), "after": after and round(after, 4)}
    if before is not None and after is not None and after < before - WORSE_HERE:
        why = (
            f"On mails that it had not learnt from, complaints were told from the rest less well than before "
            f"({after:.3f} instead of {before:.3f}): what staff said contradicts itself, or is too little."
        )
        return Refused(why, counts)
    differing = {one.rules.version: one for one in judges.values()} or {"": shipped}
    knowns = [[odds(text, one) for _, text in canary()] for one in differing.values()]
    bags = [lexicon.bag(features(text)) for _, text in canary()]
    for step in STEPS:
        calibrated = _learnt(whole, step, version, learnt_from, added, judge, counts)
        adds = [bag.weighed(lexicon.numbered(calibrated.weights)) for bag in bags]
        # Where hardly any mail is a complaint, true odds would sink even plain ones: then a score stays an order.
        for learnt in (calibrated, replace(calibrated, scale=None, bands=None)):
            sample = _worst([_of_canary(known, adds, learnt) for known in knowns])
            if sample["sunk"] == 0 and (not any(map(any, knowns)) or sample["after"] >= sample["before"] - WORSE):
                learnt = _below(learnt, MARGIN * sample["lowest"])
                return _checked(learnt, taken, lexicon, judge, {**counts, "canary": sample, "step": step})
    if sample["sunk"]:
        why = (
            f"In the fixed sample, {sample['sunk']} of {sample['complaints']} complaints would have sunk so low that "
            "they could be let go."
        )
    else:
        why = (
            "In the fixed sample, complaints would have been told from the rest less well than before "
            f"({sample['after']:.3f} instead of {sample['before']:.3f})."
        )
    return Refused(why, counts | {"canary": sample})


def _taken(reviews: Sequence[Review]) -> list[Review]:
    """The latest, each text once, and no sender more than a few times."""
    texts: set[str] = set()
    senders: dict[str, int] = {}
    found: list[Review] = []
    for review in reviews:
        said = " ".join(review.text.lower().split())
        if not said or said in texts or senders.get(review.sender, 0) >= PER_SENDER:
            continue
        texts.add(said)
        senders[review.sender] = senders.get(review.sender, 0) + 1
        found.append(review)
        if len(found) == MOST:
            break
    return found


def _number(words: str) -> int:
    return int.from_bytes(sha256(words.encode("utf-8", "replace")).digest()[:6])


def _counted(review: Review, shipped: Judge, lexicon: Lexicon) -> _One:
    text = readable(review.subject, review.text)
    example = Example(lexicon.bag(features(text)), odds(text, shipped), review.complaint, review.weight)
    return _One(review, example, _number(review.key) % ASIDE == 0, _number(f"sender {review.sender}"))


def _corrects(one: _One) -> bool:
    """Does it say the contrary of what the shipped weights say?"""
    return (one.example.known > 0) != one.example.complaint


def _too_little(taken: Sequence[_One], complaints: int) -> str | None:
    others = len(taken) - complaints
    if complaints < EACH or others < EACH:
        return (
            f"Staff have not looked at enough mails. Complaints: {complaints}, other mails: {others}; it takes {EACH} "
            "of each."
        )
    stands = area(*_columns(taken, [0.0] * len(taken)))
    confirmed = len(taken) - sum(map(_corrects, taken))
    opinion = any(one.example.known for one in taken)
    few, fewest = confirmed < len(taken) / 3, confirmed < len(taken) / 10
    if opinion and (fewest or (few and stands is not None and stands < 0.4)):
        return (
            f"Of the {len(taken)} mails that staff have looked at, only {confirmed} were as the program had judged "
            "them. From its mistakes alone it would unlearn what it knows: please confirm its right verdicts as well."
        )
    return None


def _columns(taken: Sequence[_One], added: Sequence[float]) -> tuple[list[float], list[bool], list[float]]:
    return (
        [one.example.known + more for one, more in zip(taken, added, strict=True)],
        [one.example.complaint for one in taken],
        [one.example.weight for one in taken],
    )


def _told_apart(taken: Sequence[_One], added: Sequence[float]) -> float | None:
    return area(*_columns(taken, added))


def _chosen(taken: Sequence[_One], lexicon: Lexicon) -> list[int]:
    """The words and parts of words to look at, by their numbers. One that one person alone uses is not learnt."""
    by: dict[int, str] = {}
    often: dict[int, int] = {}
    for one in taken:
        sender = one.review.sender
        for number in one.example.bag.numbers:
            if by.setdefault(number, sender) != sender:
                often[number] = often.get(number, 1) + 1
    found = sorted(often, key=lambda number: (-often[number], lexicon.names[number]))
    return [number for number in found if lexicon.names[number][:2] in LEARNT][:NAMES]


def _out_of_fold(ready: Ready, taken: Sequence[_One], parts: int, rounds: int) -> list[float]:
    """What would be added to each mail's log-odds by what the others taught, those of its sender not among them."""
    solved = [
        ready.solved([nth for nth, one in enumerate(taken) if one.lot % parts != part], rounds) for part in range(parts)
    ]
    return [ready.added(nth, solved[one.lot % parts]) for nth, one in enumerate(taken)]


def _learnt(
    whole: Fitted,
    step: float,
    version: str,
    taken: Sequence[_One],
    added: Sequence[float],
    judge: Judge,
    counts: Mapping[str, Any],
) -> Learnt:
    """So much of what was found, within its bounds; calibrated, and letting go, where enough was looked at."""
    strongest = sorted(whole.weights.items(), key=lambda one: (-abs(one[1]), one[0]))[:KEPT]
    bound = _bounded(whole.bias * step)
    weights = {name: round(_bounded(value * step), 4) for name, value in strongest if abs(value * step) >= FAINT}
    learnt = Learnt(version, round(bound, 4), weights)
    if counts["seen"] < CALIBRATED:
        return learnt
    columns = _columns(taken, [step * more for more in added])
    slope, shift = scaled(*columns)
    if slope <= 0:
        return learnt
    learnt = replace(learnt, scale=(round(slope, 4), round(shift, 4)))
    seen_complaints = sum(one.example.complaint and one.review.seen for one in taken)
    if seen_complaints < COMPLAINTS:
        return learnt
    lowest = min(
        probability(slope * one + shift) for one, complaint, _ in zip(*columns, strict=True) if complaint
    )  # fmt: skip
    release = min(CAP, MARGIN * lowest)
    return replace(learnt, bands=Bands(judge.bands.open, round(release, 4), release >= LOWEST))


def _below(learnt: Learnt, bound: float) -> Learnt:
    """The same, letting nothing go at or above this."""
    if learnt.bands is None or learnt.bands.release <= bound:
        return learnt
    return replace(learnt, bands=replace(learnt.bands, release=round(bound, 4), release_on=bound >= LOWEST))


def _bounded(value: float) -> float:
    return max(-STRONGEST, min(STRONGEST, value))


def _said(taken: Sequence[_One], learnt: Learnt | None, lexicon: Lexicon) -> list[float]:
    """The probabilities, or the scores, that these weights give."""
    if learnt is None:
        return [probability(one.example.known) for one in taken]
    weights = lexicon.numbered(learnt.weights)
    slope, shift = learnt.scale or (1.0, 0.0)
    return [
        probability(slope * (one.example.known + learnt.bias + one.example.bag.weighed(weights)) + shift)
        for one in taken
    ]


def _checked(
    learnt: Learnt, taken: Sequence[_One], lexicon: Lexicon, judge: Judge, said: Mapping[str, Any]
) -> Refitted | Refused:
    """The last bound: how much more would be let go. Then the figures on what was kept aside."""
    figures = dict(said)
    if learnt.bands is not None and learnt.bands.release_on:
        bound = judge.in_force.release
        now = sum(one < bound for one in _said(taken, judge.learnt, lexicon)) / len(taken)
        ordered = sorted(_said(taken, learnt, lexicon))
        then = sum(one < learnt.bands.release for one in ordered) / len(taken)
        figures["let_go"] = {"before": round(now, 4), "after": round(then, 4)}
        if judge.in_force.release_on and then > now + JUMP:
            return Refused(
                f"It would let go {then:.0%} of the mails that staff have looked at, where it lets go {now:.0%} now: "
                f"more than {JUMP:.0%} of all at once.",
                figures,
            )
        if not judge.in_force.release_on and then > now + JUMP:
            # Where letting go begins, it begins with a few: below the bound is no more than this share.
            learnt = _below(learnt, ordered[min(len(ordered) - 1, int((now + JUMP) * len(ordered)))] - 1e-4)
    aside = [one for one in taken if one.aside]
    figures["aside"] = {
        "mails": len(aside),
        "complaints": sum(one.example.complaint for one in aside),
        "before": _figures(aside, _said(aside, None, lexicon)),
        "after": _figures(aside, _said(aside, learnt, lexicon)),
    }
    return Refitted(learnt, figures)


def _figures(taken: Sequence[_One], said: Sequence[float]) -> dict[str, float | None]:
    """How well these were judged: told apart, and on the right side of the middle."""
    if not taken:
        return {"told_apart": None, "right": None, "loss": None}
    truth = [one.example.complaint for one in taken]
    apart = area(said, truth)
    return {
        "told_apart": None if apart is None else round(apart, 4),
        "right": round(sum((value >= 0.5) == answer for value, answer in zip(said, truth, strict=True)) / len(said), 4),
        "loss": round(loss([_log_odds(value) for value in said], truth, [1.0] * len(said)), 4),
    }


def _log_odds(value: float) -> float:
    kept = min(1 - 1e-9, max(1e-9, value))
    return log(kept / (1 - kept))


@lru_cache(maxsize=1)
def canary() -> tuple[tuple[bool, str], ...]:
    """The fixed sample: is it a complaint, and its text."""
    lines = files("complaintmail.triage").joinpath("canary.txt").read_text(encoding="utf-8").splitlines()
    parts = [line.partition("\t") for line in lines if line and not line.startswith("#")]
    return tuple((kind == "complaint", readable("", text)) for kind, _, text in parts)


def _worst(samples: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How the fixed sample stands at worst, whichever rules are asked."""
    fallen = max(samples, key=lambda one: float(one["before"] - one["after"]))
    sunk, lowest = max(one["sunk"] for one in samples), min(one["lowest"] for one in samples)
    return {**fallen, "sunk": sunk, "lowest": lowest}


def _of_canary(known: Sequence[float], added: Sequence[float], learnt: Learnt) -> dict[str, Any]:
    """How the fixed sample stands with what was learnt, beside how it stands without (`known`)."""
    slope, shift = learnt.scale or (1.0, 0.0)
    after = [slope * (was + learnt.bias + more) + shift for was, more in zip(known, added, strict=True)]
    truth = [complaint for complaint, _ in canary()]
    stood = [
        probability(now)
        for complaint, was, now in zip(truth, known, after, strict=True)
        if complaint and probability(was) >= SUNK
    ]
    return {
        "complaints": sum(truth),
        "sunk": sum(now < SUNK for now in stood),
        "lowest": min(stood, default=0.0),
        "before": round(area(known, truth) or 0.0, 4),
        "after": round(area(after, truth) or 0.0, 4),
    }
