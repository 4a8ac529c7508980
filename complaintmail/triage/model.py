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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from math import exp, log, sqrt
from operator import mul
from struct import Struct
from typing import Any

from complaintmail.triage.features import SIGNS, Counted, parts
from complaintmail.triage.kept import Kept
from complaintmail.triage.language import telling

KINDS = ("complaint", "compliment", "enquiry", "bulk", "spam")
WIDTH = len(KINDS)
KEPT = 12_000  # words whose share is kept

Row = tuple[float, ...]
_NOTHING: Row = (0.0,) * WIDTH


@dataclass(frozen=True, slots=True)
class Opinion:
    """How much a text reads like each kind. `odds`: the log-odds of a complaint; `shares` add up to one; by `by_parts`
    counts what parts of words add."""

    odds: float
    shares: Row
    by_parts: float = 1.0

    @property
    def kind(self) -> str:
        return KINDS[max(range(WIDTH), key=self.shares.__getitem__)]

    @property
    def otherwise(self) -> int:
        """What else than a complaint it is most like."""
        return self.shares.index(max(self.shares[1:]), 1)


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
        rows = _packed(weights)
        self._features: dict[str, dict[str, int]] = {"w": {}, "c": {}}
        for name, row in zip(names, rows, strict=True):
            self._features[name[0]][name[2:]] = row
        others = {name: tuple(map(float, row)) for name, row in (others or {}).items()}
        self.present = bool(others)
        self._ruled = tuple(name for name in others if name.startswith("r:"))
        first = ("bias", *SIGNS, *self._ruled)
        self._columns = tuple(zip(*(others.get(name, _NOTHING) for name in first), strict=True))
        self._known = Kept(self._word, KEPT)
        self._shares = tuple(Kept(partial(self._share, kind), KEPT) for kind in range(WIDTH))

    def judge(self, found: Counted, ruled: Mapping[str, float]) -> Opinion:
        """What it makes of a text. `ruled`: what the rules said of it, by the names of their rows."""
        if not self.present:
            return Opinion(0.0, (1 / WIDTH,) * WIDTH)
        pairs = filter(None, map(self._features["w"].get, found.pairs))
        own, of_parts, many = _unpacked(sum(map(self._known.__getitem__, found.words)) + sum(pairs))
        by_words, by_parts = 1 / sqrt(found.size or 1), 1 / sqrt(many or 1)
        values = (1.0, *found.signs, *(ruled.get(name, 0.0) for name in self._ruled))
        sums = [
            scale * (a * by_words + b * by_parts) + sum(map(mul, values, column))
            for a, b, scale, column in zip(own, of_parts, self._scales, self._columns, strict=True)
        ]
        return _opinion(sums, self.calibrated, self.leaning, by_parts)

    def told(self, found: Counted, opinion: Opinion) -> list[tuple[str, float]]:
        """What each word of the text that tells a reader something, and each such pair that is known, speaks for a
        complaint, against what else the text is most like."""
        shares = self._shares[opinion.otherwise].__getitem__
        by_words, by_parts = 1 / sqrt(found.size or 1), opinion.by_parts
        read = zip(found.words, map(shares, found.words), strict=True)
        known = [pair for pair in found.pairs if pair in self._features["w"]]
        return [
            *((word, share[0] * by_words + share[1] * by_parts) for word, share in read if share),
            *((pair, share[0] * by_words) for pair, share in zip(known, map(shares, known), strict=True) if share),
        ]

    def _word(self, word: str) -> int:
        """What a word adds by itself and by its parts, all in one number."""
        all_parts = parts(word)
        of_parts = sum(filter(None, map(self._features["c"].get, all_parts)))
        return self._features["w"].get(word, 0) + (of_parts << _PARTS) + (len(all_parts) << _MANY)

    def _share(self, other: int, word: str) -> tuple[float, float] | None:
        """How much more a word, or a pair, speaks for a complaint than for this other kind, by itself and by its parts;
        None where it tells a reader nothing."""
        if not telling[word]:
            return None
        own, of_parts, _ = _unpacked(self._known[word] if " " not in word else self._features["w"][word])
        first, second = self._scales[0], self._scales[other]
        return own[0] * first - own[other] * second, of_parts[0] * first - of_parts[other] * second


# All that a word adds is one whole number with a field of 32 bits for each sum, so that adding two numbers adds all of
# their fields at once, and exactly: this is most of the work, and what lies in one place in memory is read fastest. A
# weight is kept ZERO above its value, so that no field is ever below nothing; the field after the weights counts them.
# A field holds what 150,000 words add at the most; of no mail so many are read.
ZERO = 128
_FIELD = 4  # bytes
_PARTS = (WIDTH + 1) * _FIELD * 8  # where the fields of a word's parts begin, in bits
_MANY = 2 * _PARTS  # and where the number of all its parts stands
_FIELDS = Struct(f"<{2 * WIDTH + 3}I")


def _packed(weights: bytes) -> Iterator[int]:
    """The rows of the file, a number each."""
    raw = bytes(weight ^ ZERO for weight in range(256))
    rows, width = weights.translate(raw), (WIDTH + 1) * _FIELD
    spread = bytearray(len(rows) // WIDTH * width)
    for kind in range(WIDTH):
        spread[kind * _FIELD :: width] = rows[kind::WIDTH]
    spread[WIDTH * _FIELD :: width] = bytes([1]) * (len(rows) // WIDTH)
    return (int.from_bytes(spread[at : at + width], "little") for at in range(0, len(spread), width))


def _unpacked(added: int) -> tuple[list[int], list[int], int]:
    """The sums of the words' own weights, those of their parts, and how many parts there were."""
    *sums, many = _FIELDS.unpack(added.to_bytes(_FIELDS.size, "little"))
    own, of_parts = sums[: WIDTH + 1], sums[WIDTH + 1 :]
    return (
        [total - ZERO * own[WIDTH] for total in own[:WIDTH]],
        [total - ZERO * of_parts[WIDTH] for total in of_parts[:WIDTH]],
        many,
    )


def _opinion(sums: Sequence[float], calibrated: tuple[float, float], leaning: Row, by_parts: float = 1.0) -> Opinion:
    rest = max(sums[1:])
    odds = sums[0] - rest - log(sum(exp(total - rest) for total in sums[1:]))
    leant = [total + by for total, by in zip(sums, leaning, strict=True)]
    highest = max(leant)
    shares = [exp(total - highest) for total in leant]
    whole = sum(shares)
    return Opinion(odds * calibrated[0] + calibrated[1], tuple([share / whole for share in shares]), by_parts)


def parse(raw: bytes) -> Model:
    """The model in a file."""
    said: dict[str, Any] = json.loads(gzip.decompress(raw))
    version = f"{said['version']}-{sha256(raw).hexdigest()[:8]}"
    names, weights = said["features"].split("\n"), b64decode(said["weights"])
    slope, level = said["calibrated"]
    return Model(version, names, weights, said["scales"], said["others"], (slope, level), said["leaning"])


EMPTY = Model("none")
