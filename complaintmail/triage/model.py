"""The shipped model: for every feature a weight for each kind, read from a packaged file.

Owns the file's form and the sum. Promises: plain Python; linear; only what is in the explicit vocabulary counts, and
what a word adds, its parts included, is kept for the next mail in a dictionary that cannot grow beyond a bound. The
file is gzipped JSON: `licences` says from what it was trained, `features` are the names, `weights` one signed byte for
each kind and feature. Where there is no file there is an empty model, which has no opinion.
"""

from __future__ import annotations

import gzip
import json
from array import array
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from math import exp, log, sqrt
from typing import Any

from complaintmail.triage.features import SIGNS, Counted, parts

KINDS = ("complaint", "compliment", "enquiry", "bulk", "spam")
WIDTH = len(KINDS)
KEPT = 12_000  # words whose share is kept

Row = tuple[float, ...]
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
        self._weights = array("b", weights)
        self._scales = tuple(scales)
        self._places: dict[str, dict[str, int]] = {"w": {}, "c": {}}
        for at, name in enumerate(names):
            self._places[name[0]][name[2:]] = at
        self._others = {name: tuple(map(float, row)) for name, row in (others or {}).items()}
        self._signs = tuple(self._others.get(name, _NOTHING) for name in SIGNS)
        self._known: dict[str, tuple[Row, Row, int]] = {}

    @property
    def present(self) -> bool:
        return bool(self._others)

    def judge(self, found: Counted, ruled: Mapping[str, float]) -> Opinion:
        """What it makes of a text. `ruled`: what the rules said of it, by the names of their rows."""
        if not self.present:
            return Opinion(0.0, (1 / WIDTH,) * WIDTH)
        sums = self._sums(found)
        for name, value in ruled.items():
            row = self._others.get(name)
            if row is not None and value:
                sums = [total + value * weight for total, weight in zip(sums, row, strict=True)]
        return _opinion(sums, self.calibrated, self.leaning)

    def _sums(self, found: Counted) -> list[float]:
        known = self._known
        many = 0
        a0 = a1 = a2 = a3 = a4 = b0 = b1 = b2 = b3 = b4 = 0.0
        for word in found.words:
            share = known.get(word) or self._word(word)
            (w0, w1, w2, w3, w4), (c0, c1, c2, c3, c4), count = share
            a0, a1, a2, a3, a4 = a0 + w0, a1 + w1, a2 + w2, a3 + w3, a4 + w4
            b0, b1, b2, b3, b4 = b0 + c0, b1 + c1, b2 + c2, b3 + c3, b4 + c4
            many += count
        in_words, in_parts = [a0, a1, a2, a3, a4], [b0, b1, b2, b3, b4]
        self._add(in_words, [at for at in map(self._places["w"].get, found.pairs) if at is not None])
        by_words, by_parts = 1 / sqrt(found.size or 1), 1 / sqrt(many or 1)
        sums = [a * by_words + b * by_parts for a, b in zip(in_words, in_parts, strict=True)]
        for value, row in zip(found.signs, self._signs, strict=True):
            if value:
                sums = [total + value * weight for total, weight in zip(sums, row, strict=True)]
        return [total + weight for total, weight in zip(sums, self._others.get("bias", _NOTHING), strict=True)]

    def _add(self, sums: list[float], places: Iterable[int]) -> None:
        a0 = a1 = a2 = a3 = a4 = 0  # whole numbers: exact, in whatever order
        weights = self._weights
        for at in places:
            w0, w1, w2, w3, w4 = weights[at * WIDTH : at * WIDTH + WIDTH]
            a0, a1, a2, a3, a4 = a0 + w0, a1 + w1, a2 + w2, a3 + w3, a4 + w4
        for kind, (total, scale) in enumerate(zip((a0, a1, a2, a3, a4), self._scales, strict=True)):
            sums[kind] += total * scale

    def _word(self, word: str) -> tuple[Row, Row, int]:
        """What a word adds by itself and by its parts, and how many parts it has."""
        own, of_parts = [0.0] * WIDTH, [0.0] * WIDTH
        whole, all_parts = self._places["w"].get(word), parts(word)
        self._add(own, () if whole is None else (whole,))
        self._add(of_parts, [at for at in map(self._places["c"].get, all_parts) if at is not None])
        share = (tuple(own), tuple(of_parts), len(all_parts))
        if len(self._known) >= KEPT:
            for old in tuple(islice(self._known, KEPT // 4)):
                del self._known[old]
        self._known[word] = share
        return share

    def told(self, found: Counted, shares: Row, words: Sequence[str]) -> dict[str, float]:
        """What each of these words of the text, and each known pair, added to the log-odds of a complaint, against
        what else it may be."""
        rest = 1 - shares[0] or 1.0
        s1, s2, s3, s4 = (-share / rest for share in shares[1:])
        known = self._known
        read = [(word, known.get(word) or self._word(word)) for word in words]
        by_words = 1 / sqrt(found.size or 1)
        by_parts = 1 / sqrt(sum([(known.get(word) or self._word(word))[2] for word in found.words]) or 1)
        added: dict[str, float] = {}
        for word, ((w0, w1, w2, w3, w4), (c0, c1, c2, c3, c4), _) in read:
            own = w0 + s1 * w1 + s2 * w2 + s3 * w3 + s4 * w4
            of_parts = c0 + s1 * c1 + s2 * c2 + s3 * c3 + s4 * c4
            added[word] = own * by_words + of_parts * by_parts
        places, weights = self._places["w"], self._weights
        t0, *others = self._scales
        t1, t2, t3, t4 = (side * scale for side, scale in zip((s1, s2, s3, s4), others, strict=True))
        for pair in found.pairs:
            at = places.get(pair)
            if at is not None:
                w0, w1, w2, w3, w4 = weights[at * WIDTH : at * WIDTH + WIDTH]
                added[pair] = (t0 * w0 + t1 * w1 + t2 * w2 + t3 * w3 + t4 * w4) * by_words
        return added


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
