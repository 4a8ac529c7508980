"""The shipped model: for every feature a weight for each kind, read from a packaged file.

Owns the file's form and the sum. Promises: plain Python; linear; only what is in the explicit vocabulary counts, and
what a word adds, its parts included, is kept for the next mail in a dictionary that cannot grow beyond a bound. The
file is gzipped JSON: `licences` says from what it was trained, `features` are the names, `weights` one signed byte for
each kind and feature. Where there is no file there is an empty model, which has no opinion.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import exp, log, sqrt
from operator import mul
from struct import iter_unpack
from typing import Any

from complaintmail.triage.features import SIGNS, Counted, parts
from complaintmail.triage.kept import Kept
from complaintmail.triage.language import telling

KINDS = ("complaint", "compliment", "enquiry", "bulk", "spam")
WIDTH = len(KINDS)
KEPT = 12_000  # words whose share is kept

Row = tuple[float, ...]
Whole = tuple[int, ...]  # a row of the file, in its own small numbers
_NOTHING: Row = (0.0,) * WIDTH


@dataclass(frozen=True, slots=True)
class Opinion:
    """How much a text reads like each kind. `odds`: the log-odds of a complaint; `shares` add up to one."""

    odds: float
    shares: Row

    @property
    def kind(self) -> str:
        return KINDS[max(range(WIDTH), key=self.shares.__getitem__)]


class Model:
    """Read-only, but for what it remembers of words."""

    def __init__(
        self,
        version: str,
        names: Sequence[str] = (),
        weights: bytes = b"",
        scales: Sequence[float] = (0.0,) * WIDTH,
        others: Mapping[str, Sequence[float]] | None = None,
        calibrated: tuple[float, float] = (1.0, 0.0),
        leaning: Sequence[float] = (0.0,) * WIDTH,
    ) -> None:
        """`others`: rows in full, of the signs, the rules ("r:…") and the "bias". `calibrated`: of the odds.
        `leaning`: added where a kind is named."""
        self.version = version
        self.calibrated = calibrated
        self.leaning = tuple(leaning)
        self._scales = tuple(scales)
        self._rows: list[Whole] = list(iter_unpack(f"{WIDTH}b", weights))
        self._places: dict[str, dict[str, int]] = {"w": {}, "c": {}}
        for at, name in enumerate(names):
            self._places[name[0]][name[2:]] = at
        others = {name: tuple(map(float, row)) for name, row in (others or {}).items()}
        self.present = bool(others)
        self._ruled = tuple(name for name in others if name.startswith("r:"))
        self._columns = tuple(
            zip(*(others.get(name, _NOTHING) for name in ("bias", *SIGNS, *self._ruled)), strict=True)
        )
        self._known = Kept(self._word, KEPT)

    def judge(self, found: Counted, ruled: Mapping[str, float]) -> Opinion:
        """What it makes of a text. `ruled`: what the rules said of it, by the names of their rows."""
        if not self.present:
            return Opinion(0.0, (1 / WIDTH,) * WIDTH)
        *both, many = _added(map(self._known.__getitem__, found.words), 2 * WIDTH + 1)
        pairs = _added(map(self._rows.__getitem__, self._pairs_of(found)), WIDTH)
        by_words, by_parts = 1 / sqrt(found.size or 1), 1 / sqrt(many or 1)
        values = (1.0, *found.signs, *(ruled.get(name, 0.0) for name in self._ruled))
        sums = [
            (own + beside) * scale * by_words + of_parts * scale * by_parts + sum(map(mul, values, column))
            for own, beside, of_parts, scale, column in zip(
                both[:WIDTH], pairs, both[WIDTH:], self._scales, self._columns, strict=True
            )
        ]
        return _opinion(sums, self.calibrated, self.leaning)

    def told(self, found: Counted, shares: Row) -> dict[str, float]:
        """What each word of the text that tells a reader something, and each such pair that is known, added to the
        log-odds of a complaint, against what else it may be."""
        rest = 1 - shares[0] or 1.0
        sides = (1.0, *(-share / rest for share in shares[1:]))
        t0, t1, t2, t3, t4 = (side * scale for side, scale in zip(sides, self._scales, strict=True))
        rows = list(map(self._known.__getitem__, found.words))
        by_words, by_parts = 1 / sqrt(found.size or 1), 1 / sqrt(sum([row[-1] for row in rows]) or 1)
        added = {
            word: (t0 * w0 + t1 * w1 + t2 * w2 + t3 * w3 + t4 * w4) * by_words
            + (t0 * c0 + t1 * c1 + t2 * c2 + t3 * c3 + t4 * c4) * by_parts
            for word, (w0, w1, w2, w3, w4, c0, c1, c2, c3, c4, _) in zip(found.words, rows, strict=True)
            if telling[word]
        }
        places = self._places["w"]
        for pair in [pair for pair in found.pairs if pair in places]:
            if telling[pair]:
                w0, w1, w2, w3, w4 = self._rows[places[pair]]
                added[pair] = (t0 * w0 + t1 * w1 + t2 * w2 + t3 * w3 + t4 * w4) * by_words
        return added

    def _pairs_of(self, found: Counted) -> list[int]:
        return [at for at in map(self._places["w"].get, found.pairs) if at is not None]

    def _word(self, word: str) -> Whole:
        """What a word adds to each kind by itself and by its parts, and how many parts it has."""
        whole, all_parts = self._places["w"].get(word), parts(word)
        own = self._rows[whole] if whole is not None else (0,) * WIDTH
        known = [self._rows[at] for at in map(self._places["c"].get, all_parts) if at is not None]
        return *own, *_added(known, WIDTH), len(all_parts)


def _added(rows: Iterable[Whole], width: int) -> list[int]:
    """The sum of rows of whole numbers: exact, in whatever order."""
    return list(map(sum, zip(*rows, strict=True))) or [0] * width


def _opinion(sums: Sequence[float], calibrated: tuple[float, float], leaning: Row) -> Opinion:
    rest = max(sums[1:])
    odds = sums[0] - rest - log(sum(exp(total - rest) for total in sums[1:]))
    leant = [total + by for total, by in zip(sums, leaning, strict=True)]
    highest = max(leant)
    shares = [exp(total - highest) for total in leant]
    whole = sum(shares)
    return Opinion(odds * calibrated[0] + calibrated[1], tuple(share / whole for share in shares))


def parse(raw: bytes) -> Model:
    """The model in a file."""
    said: dict[str, Any] = json.loads(gzip.decompress(raw))
    version = f"{said['version']}-{sha256(raw).hexdigest()[:8]}"
    names, weights = said["features"].split("\n"), b64decode(said["weights"])
    slope, level = said["calibrated"]
    return Model(version, names, weights, said["scales"], said["others"], (slope, level), said["leaning"])


EMPTY = Model("none")
