"""Fits weights to answers: logistic regression on top of what is known already, and the figures that judge it.

Owns the arithmetic of learning: `Ready` (sparse weights and a bias, held small), `scaled` (a line through log-odds) and
`area` (how well two classes are told apart). Promises: plain Python, deterministic, the same on every machine; ends
after a fixed number of rounds whatever it is given.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log1p
from operator import itemgetter, mul
from typing import Any

NEWTON = 25  # steps, where there are one or two numbers to find
FREE = 0.01  # the bias is held by no more than this
FIXED = 1e9  # what is held by that does not move
TRIES = 12  # to solve for one example
LITTLE = 5e-3  # of what it may be; a smaller change is not worth the work
NEAR = 1e-4  # of what it may be; nearer it need not be found
FARTHEST = 30.0
SPREAD = 2_654_435_761  # mixes the order of the examples, without chance


class Lexicon:
    """The names of features, each with a number: what thousands of texts have in common is kept once."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}

    def bag(self, counted: Mapping[str, float]) -> Bag:
        numbers, names = self._numbers, self.names
        for name in counted:
            if name not in numbers:
                numbers[name] = len(names)
                names.append(name)
        return Bag(array("I", map(numbers.__getitem__, counted)), array("d", counted.values()))

    def numbered(self, weights: Mapping[str, float]) -> dict[int, float]:
        """These weights by the numbers of their names; a name that no text here has weighs nothing in any."""
        numbers = self._numbers
        return {numbers[name]: value for name, value in weights.items() if name in numbers}


@dataclass(frozen=True, slots=True)
class Bag:
    """What is counted of one text: the numbers of its features, and their values."""

    numbers: array[int]
    values: array[float]

    def weighed(self, weights: Mapping[int, float]) -> float:
        return sum(value * weights[at] for at, value in zip(self.numbers, self.values, strict=True) if at in weights)


@dataclass(frozen=True, slots=True)
class Example:
    """One text with its answer. `known`: its log-odds before anything is learnt."""

    bag: Bag
    known: float
    complaint: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Fitted:
    bias: float
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Row:
    """One example as the rounds need it: its places among the weights, and how much of it there may be in them."""

    places: array[int]
    values: array[float]
    look: Any  # from all weights those of its places
    length: float
    known: float
    sign: float
    most: float

    def added(self, weights: Sequence[float]) -> float:
        said: float = sum(map(mul, self.look(weights), self.values))
        return said


@dataclass(frozen=True, slots=True)
class Ready:
    """Examples made ready to be fitted, several times if need be, all of them or some. `hold` keeps weights small."""

    chosen: Sequence[int]  # the numbers of the features that are learnt
    rows: Sequence[_Row]

    @classmethod
    def of(cls, examples: Sequence[Example], chosen: Sequence[int], hold: float) -> Ready:
        place = {number: at for at, number in enumerate(chosen)}
        return cls(chosen, [_row(example, place, hold) for example in examples])

    def solved(self, among: Sequence[int], rounds: int) -> Solved:
        """The weights, and a bias, that with `known` explain the answers of these examples best.

        Coordinate ascent in the dual: each example in turn gets the share in the weights that suits it best, and after
        each round the bias is what suits them all."""
        rows = [self.rows[nth] for nth in among]
        shares = [0.0] * len(rows)
        weights, bias = [0.0] * (len(self.chosen) + 2), 0.0
        for nth in range(rounds):
            bias = _bias(rows, [row.known + row.added(weights) for row in rows], bias)
            for at in sorted(range(len(rows)), key=lambda at: (at + 1) * (nth + 1) * SPREAD & 0xFFFFFFFF):
                row = rows[at]
                share = _share(row, shares[at], row.sign * (row.known + bias + row.added(weights)))
                change = (share - shares[at]) * row.sign
                if abs(change) < LITTLE * row.most:
                    continue
                shares[at] = share
                for where, value in zip(row.places, row.values, strict=True):
                    weights[where] += change * value
        return Solved(_bias(rows, [row.known + row.added(weights) for row in rows], bias), weights)

    def added(self, nth: int, solved: Solved) -> float:
        """What this adds to that example's log-odds."""
        return solved.bias + self.rows[nth].added(solved.weights)

    def named(self, solved: Solved, lexicon: Lexicon) -> Fitted:
        pairs = zip(self.chosen, solved.weights, strict=False)
        return Fitted(solved.bias, {lexicon.names[number]: value for number, value in pairs if value})


@dataclass(frozen=True, slots=True)
class Solved:
    bias: float
    weights: Sequence[float]


def _row(example: Example, place: Mapping[int, int], hold: float) -> _Row:
    pairs = zip(example.bag.numbers, example.bag.values, strict=True)
    there = [(at, value) for number, value in pairs if (at := place.get(number)) is not None and value]
    there += [(len(place), 0.0), (len(place) + 1, 0.0)]  # so that there are always several to look at
    places, values = zip(*there, strict=True)
    sign = 1.0 if example.complaint else -1.0
    length = sum(map(mul, values, values))
    return _Row(
        array("I", places), array("d", values), itemgetter(*places), length, example.known, sign, example.weight / hold
    )


def _bias(rows: Sequence[_Row], odds: Sequence[float], bias: float) -> float:
    """What best suits all of them together, by Newton steps."""
    for _ in range(NEWTON):
        slope, bend = FREE * bias, FREE
        for row, one in zip(rows, odds, strict=True):
            said = probability(one + bias)
            slope += row.most * (said - (row.sign > 0))
            bend += row.most * said * (1 - said)
        step = max(-1.0, min(1.0, slope / bend))
        bias -= step
        if abs(step) < NEAR:
            break
    return bias


def _share(row: _Row, before: float, margin: float) -> float:
    """Where this example's share in the weights and what is left to explain of it are in balance."""
    low, high, share = 0.0, row.most, before
    for _ in range(TRIES):
        wrong = probability(-(margin + (share - before) * row.length))
        over = share - row.most * wrong
        if abs(over) < NEAR * row.most:
            break
        low, high = (low, share) if over > 0 else (share, high)
        share -= over / (1 + row.most * row.length * wrong * (1 - wrong))
        if not low < share < high:
            share = (low + high) / 2
    return share


def probability(odds: float) -> float:
    return 1 / (1 + exp(-max(-FARTHEST, min(FARTHEST, odds))))


def scaled(odds: Sequence[float], complaints: Sequence[bool], weights: Sequence[float]) -> tuple[float, float]:
    """The line through log-odds (times the first, plus the second) by which they are probabilities here. It may make
    them less sure, never surer."""
    slope, shift = _line(odds, complaints, weights, FREE)
    return (slope, shift) if slope <= 1 else _line(odds, complaints, weights, FIXED)


def _line(
    odds: Sequence[float], complaints: Sequence[bool], weights: Sequence[float], hold: float
) -> tuple[float, float]:
    """By Newton steps from the line that changes nothing; `hold` keeps its slope there."""
    slope, shift = 1.0, 0.0
    for _ in range(NEWTON):
        g_slope, g_shift, h11, h12, h22 = hold * (slope - 1.0), FREE * shift, hold, 0.0, FREE
        for one, complaint, weight in zip(odds, complaints, weights, strict=True):
            said = probability(slope * one + shift)
            missed, bend = weight * (said - complaint), weight * said * (1 - said)
            g_slope, g_shift = g_slope + missed * one, g_shift + missed
            h11, h12, h22 = h11 + bend * one * one, h12 + bend * one, h22 + bend
        det = h11 * h22 - h12 * h12
        by_slope, by_shift = (h22 * g_slope - h12 * g_shift) / det, (h11 * g_shift - h12 * g_slope) / det
        slope, shift = slope - max(-1.0, min(1.0, by_slope)), shift - max(-2.0, min(2.0, by_shift))
        if abs(by_slope) + abs(by_shift) < 1e-6:
            break
    return slope, shift


def area(odds: Sequence[float], complaints: Sequence[bool], weights: Sequence[float] | None = None) -> float | None:
    """The share of pairs, of a complaint and something else, in which the complaint stands higher (the area under the
    curve); half for those that stand alike. None where there is no pair."""
    ordered = sorted(zip(odds, complaints, weights or [1.0] * len(odds), strict=True))
    below = right = in_complaints = 0.0
    at = 0
    while at < len(ordered):
        end, here, others = at, 0.0, 0.0
        while end < len(ordered) and ordered[end][0] == ordered[at][0]:
            _, complaint, weight = ordered[end]
            here, others = (here + weight, others) if complaint else (here, others + weight)
            end += 1
        right += here * (below + others / 2)
        below, in_complaints, at = below + others, in_complaints + here, end
    return right / (below * in_complaints) if below and in_complaints else None


def loss(odds: Sequence[float], complaints: Sequence[bool], weights: Sequence[float]) -> float:
    """How far these log-odds are from the answers, on average."""
    lost = 0.0
    for one, complaint, weight in zip(odds, complaints, weights, strict=True):
        margin = one if complaint else -one
        lost += weight * (log1p(exp(-margin)) if margin > -FARTHEST else -margin)
    return lost / (sum(weights) or 1.0)
