"""Who judges a mail: the shipped model and rules, and what this installation added to them.

Owns `Judge`, whose version names everything that a stored verdict can be derived from again, and the arithmetic: the
log-odds that a text is a complaint, the share that what was learnt here adds, and the score. Promises: pure and
deterministic; `shipped()` reads the packaged files once, on first use.

What is read of a long text is its beginning and its end. A complaint says so in its first lines, or in its last after
friendly ones; of what lies between, nothing is known, and so a text that was not read whole is never "surely not".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from math import exp, isfinite, sqrt

from complaintmail.triage.features import SIGNS, Counted, counted, parts
from complaintmail.triage.kept import Kept
from complaintmail.triage.language import telling
from complaintmail.triage.model import EMPTY, KEPT, Model, Opinion
from complaintmail.triage.model import parse as parse_model
from complaintmail.triage.rules import Rules, Weights, shipped_rules, shipped_text, weigh
from complaintmail.triage.rules import parse as parse_rules

HEAD, TAIL = 4000, 2000  # characters that are read of a text, from its beginning and from its end
TITLE = 500  # characters of a subject that are read
FARTHEST = 12.0  # no log-odds go beyond this
FAINT = 0.02  # what adds less to the log-odds told nothing
TOLD = 6  # words that are named on either side


@dataclass(frozen=True, slots=True)
class Bands:
    """At or above `open` it is surely a complaint; below `release`, where that is on, it surely is not."""

    open: float = 0.8
    release: float = 0.05
    release_on: bool = False


@dataclass(frozen=True, slots=True)
class Learnt:
    """What this installation added to the shipped weights, over the names of `features`."""

    version: str
    bias: float = 0.0
    weights: Mapping[str, float] = field(default_factory=dict)
    bands: Bands | None = None
    scale: tuple[float, float] | None = None  # calibrated here: log-odds times the first, plus the second


@dataclass(frozen=True, slots=True)
class Judge:
    model: Model
    rules: Rules
    bands: Bands
    learnt: Learnt | None = None

    @property
    def version(self) -> str:
        local = f"+learnt {self.learnt.version}" if self.learnt is not None else ""
        return f"model {self.model.version}+rules {self.rules.version}{local}"

    @property
    def in_force(self) -> Bands:
        """The bands that count: this installation's own where it has some."""
        return self.learnt.bands if self.learnt is not None and self.learnt.bands is not None else self.bands


@dataclass(frozen=True, slots=True)
class Finding:
    """What was made of one text."""

    score: float
    opinion: Opinion
    weights: Weights
    found: Counted
    judge: Judge

    @property
    def weighed(self) -> tuple[tuple[str, float], ...]:
        """The words that told most, the strongest first; a weight above nothing speaks for a complaint. Worked out when
        somebody asks: most verdicts are told by the rules' words."""
        judge = self.judge
        told = judge.model.told(self.found, self.opinion) if judge.model.present else []
        if judge.learnt is not None:
            told = _together(told, _Additions.of(judge.learnt).told(self.found))
        for_it = sorted([(-weight, word) for word, weight in told if weight >= FAINT])[:TOLD]
        against = sorted([(weight, word) for word, weight in told if weight <= -FAINT])[:TOLD]
        both = sorted([*((less, word, 1) for less, word in for_it), *((less, word, -1) for less, word in against)])
        return tuple([(word, round(-less * side, 3)) for less, word, side in both])


@lru_cache(maxsize=1)
def shipped() -> Judge:
    packaged = files("complaintmail.triage") / "packaged"
    weights = packaged / "model.json.gz"
    return Judge(parse_model(weights.read_bytes()) if weights.is_file() else EMPTY, shipped_rules(), Bands())


def with_rules(own: str, policy: str) -> Judge:
    """The shipped judge with this installation's own rules file, as it holds for a policy. A mistake in the file is a
    `ValueError` in plain words."""
    return replace(shipped(), rules=parse_rules(shipped_text(), own, policy))


def readable(subject: str, text: str) -> str:
    """What is judged of a mail: its subject, and the beginning and the end of what its writer newly wrote."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    return f"{subject[:TITLE]}\n{text}" if subject else text


def odds(text: str, judge: Judge) -> float:
    """The log-odds of a complaint by what is shipped, without what was learnt here. `text` as `readable` gives it."""
    return judge.model.judge(counted(text), weigh(text, judge.rules).features()).odds


def score(text: str, judge: Judge) -> float:
    """How much a text reads like a complaint, 0 to 1, all things learnt included."""
    return _score(odds(text, judge), counted(text), judge.learnt)


def find(text: str, weights: Weights, judge: Judge) -> Finding:
    """All that the model and what was learnt here make of a text that the rules have weighed."""
    found = counted(text)
    opinion = judge.model.judge(found, weights.features())
    return Finding(_score(opinion.odds, found, judge.learnt), opinion, weights, found, judge)


def _score(shipped_odds: float, found: Counted, learnt: Learnt | None) -> float:
    said = shipped_odds
    if learnt is not None:
        said += _Additions.of(learnt).odds(found)
        if learnt.scale is not None:
            said = said * learnt.scale[0] + learnt.scale[1]
    if not isfinite(said):
        raise ValueError("The odds are no number.")
    return 1 / (1 + exp(-max(-FARTHEST, min(FARTHEST, said))))


def _together(*told: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    sums: dict[str, float] = {}
    for word, weight in chain(*told):
        sums[word] = sums.get(word, 0.0) + weight
    return list(sums.items())


class _Additions:
    """What was learnt, made ready for the sum; what a word adds is remembered, as in the model."""

    __slots__ = ("_learnt", "_parts", "_shares", "_words")
    _last: _Additions | None = None

    def __init__(self, learnt: Learnt) -> None:
        self._learnt = learnt
        self._words = {name[2:]: weight for name, weight in learnt.weights.items() if name.startswith("w:")}
        self._parts = {name[2:]: weight for name, weight in learnt.weights.items() if name.startswith("c:")}
        self._shares = Kept(self._share, KEPT)

    @classmethod
    def of(cls, learnt: Learnt) -> _Additions:
        if cls._last is None or cls._last._learnt is not learnt:
            cls._last = cls(learnt)
        return cls._last

    def odds(self, found: Counted) -> float:
        shares = list(map(self._shares.__getitem__, found.words))
        pairs = self._words
        by_words = sum([share[0] for share in shares]) + sum([pairs.get(pair, 0.0) for pair in found.pairs])
        of_parts, many = sum([share[1] for share in shares]), sum([share[2] for share in shares])
        said = self._learnt.bias + by_words / sqrt(found.size or 1) + of_parts / sqrt(many or 1)
        weights = self._learnt.weights
        return said + sum(weights.get(name, 0.0) * value for name, value in zip(SIGNS, found.signs, strict=True))

    def told(self, found: Counted) -> list[tuple[str, float]]:
        """As the model's."""
        shares = list(zip(found.words, map(self._shares.__getitem__, found.words), strict=True))
        size, many = sqrt(found.size or 1), sqrt(sum([share[2] for _, share in shares]) or 1)
        pairs = self._words
        return [
            *((word, own / size + of_parts / many) for word, (own, of_parts, _) in shares if telling[word]),
            *((pair, pairs[pair] / size) for pair in found.pairs if pair in pairs and telling[pair]),
        ]

    def _share(self, word: str) -> tuple[float, float, int]:
        all_parts = parts(word)
        return self._words.get(word, 0.0), sum([self._parts.get(part, 0.0) for part in all_parts]), len(all_parts)
