"""The shipped model: a weight for each feature and kind, read from a packaged file.

Owns the file's format and the sum. Promises: plain Python, linear, no feature outside the vocabulary counts. Where
there is no file there is an empty model, which has no opinion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS = ("complaint", "compliment", "enquiry", "bulk", "spam")


@dataclass(frozen=True, slots=True)
class Model:
    """`weights`: for each feature its weight per kind, in the order of `KINDS`."""

    version: str
    weights: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    bias: tuple[float, ...] = (0.0,) * len(KINDS)

    @property
    def present(self) -> bool:
        return bool(self.weights)


EMPTY = Model("none")
