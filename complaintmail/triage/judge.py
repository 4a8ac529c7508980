"""Who judges a mail: the shipped model and rules, and what this installation added to them.

Owns `Judge`, whose version names everything that a stored verdict can be derived from again, and the arithmetic: the
log-odds that a text is a complaint, the share that what was learnt here adds, and the score. Promises: pure and
deterministic; `shipped()` reads the packaged files once, on first use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp

from complaintmail.triage.features import features
from complaintmail.triage.model import EMPTY, Model
from complaintmail.triage.rules import SHIPPED, Rules

HEAD, TAIL = 4000, 2000  # characters that are read of a text, from its beginning and from its end
FARTHEST = 12.0  # no log-odds go beyond this


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


@lru_cache(maxsize=1)
def shipped() -> Judge:
    return Judge(EMPTY, SHIPPED, Bands())


def readable(subject: str, text: str) -> str:
    """What is judged of a mail: its subject, and the beginning and the end of what its writer newly wrote."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    return f"{subject[:500]}\n{text}"


def odds(text: str, judge: Judge) -> float:
    """The log-odds of a complaint by what is shipped, without what was learnt here. `text` as `readable` gives it."""
    return 0.0


def learnt_odds(text: str, learnt: Learnt) -> float:
    """What was learnt here adds this to the log-odds."""
    weights = learnt.weights
    return learnt.bias + sum(value * weights[name] for name, value in features(text).items() if name in weights)


def score(text: str, judge: Judge) -> float:
    """How much a text reads like a complaint, 0 to 1, all things learnt included."""
    said = odds(text, judge)
    if judge.learnt is not None:
        said += learnt_odds(text, judge.learnt)
        if judge.learnt.scale is not None:
            said = said * judge.learnt.scale[0] + judge.learnt.scale[1]
    return 1 / (1 + exp(-max(-FARTHEST, min(FARTHEST, said))))
