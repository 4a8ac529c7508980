"""The rules by which words weigh, as an administrator can read and change them.

Owns their form. The tables are those of `words.py` for the present.
"""

from __future__ import annotations

from dataclasses import dataclass

VETO = 3.0  # a rule of this weight that speaks of dissatisfaction is never overruled


@dataclass(frozen=True, slots=True)
class Rules:
    version: str


SHIPPED = Rules("1")
