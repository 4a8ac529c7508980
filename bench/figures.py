"""Figures, their goals, and the table they stand in."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `met` None: no goal."""

    name: str
    found: str
    goal: str = ""
    met: bool | None = None

    @classmethod
    def at_most(cls, name: str, found: Sequence[float], goal: float, form: str) -> Line:
        return cls(name, about(found, form), f"≤ {goal:g}", statistics.median(found) <= goal)

    @classmethod
    def at_least(cls, name: str, found: Sequence[float], goal: float, form: str) -> Line:
        return cls(name, about(found, form), f"≥ {goal:g}", statistics.median(found) >= goal)


def about(found: Sequence[float], form: str) -> str:
    """The median, and between what it lay."""
    middle = form.format(statistics.median(found))
    if len(found) == 1:
        return middle
    return f"{middle} ({form.format(min(found))} to {form.format(max(found))})"


def table(sections: Sequence[tuple[str, Sequence[Line]]]) -> str:
    rows = ["| | found | goal | |", "|---|---|---|---|"]
    for title, lines in sections:
        rows.append(f"| **{title}** | | | |")
        for line in lines:
            verdict = "" if line.met is None else "met" if line.met else "**missed**"
            rows.append(f"| {line.name} | {line.found} | {line.goal} | {verdict} |")
    return "\n".join(rows)
