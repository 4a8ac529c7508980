"""What a sweep found, in numbers, and the report that is written of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bench.crash.checks import Judgement

BEGIN, END = "<!-- figures: written by bench.kill_sweep -->", "<!-- end of figures -->"


@dataclass
class Figures:
    """One line of the table."""

    points: int = 0
    missed: int = 0
    broken: int = 0
    lost: int = 0
    twice: int = 0
    doubt: int = 0
    resent: int = 0

    def count(self, judgement: Judgement | None) -> None:
        if judgement is None:
            self.missed += 1
            return
        self.points += 1
        self.broken += bool(judgement.broken)
        self.lost += judgement.lost
        self.twice += judgement.twice
        self.doubt += judgement.doubt
        self.resent += judgement.resent

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@dataclass
class Sweep:
    """All of them: by database and kind of point."""

    lines: dict[tuple[str, str], Figures] = field(default_factory=dict)
    calls: dict[str, dict[str, int]] = field(default_factory=dict)  # database → call → points struck

    def line(self, database: str, kind: str) -> Figures:
        return self.lines.setdefault((database, kind), Figures())

    @property
    def total(self) -> Figures:
        return sum(self.lines.values(), Figures())


def table(sweep: Sweep) -> str:
    """The figures as Markdown."""
    out = [
        "| Database | Killed at | Points | Lost | Twice | Left to a person | Resent | Any invariant broken |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for (database, kind), f in sweep.lines.items():
        out.append(f"| {database} | {kind} | {f.points} | {f.lost} | {f.twice} | {f.doubt} | {f.resent} | {f.broken} |")
    total = sweep.total
    out.append(
        f"| | **in all** | **{total.points}** | **{total.lost}** | **{total.twice}** | **{total.doubt}** "
        f"| **{total.resent}** | **{total.broken}** |"
    )
    return "\n".join(out)


def bound(total: Figures) -> str:
    """What a zero is worth."""
    if not total.points or total.broken:
        return f"{total.broken} of {total.points} points broke an invariant."
    percent = f"{300 / total.points:.2g}"
    return f"0 of {total.points} points broke an invariant: with 95 % confidence the rate is under about {percent} %."


def calls_struck(sweep: Sweep) -> str:
    lines = [
        f"- {database}: " + ", ".join(f"{call} {times}" for call, times in sorted(calls.items()))
        for database, calls in sweep.calls.items()
    ]
    return "\n".join(lines)


def into_report(text: str, figures: str) -> str:
    """The report with these figures in place of the last ones."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        return f"{text.rstrip()}\n\n{BEGIN}\n{figures}\n{END}\n"
    return f"{head}{BEGIN}\n{figures}\n{END}{tail}"
