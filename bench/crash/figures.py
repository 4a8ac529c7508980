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
    notices_resent: int = 0
    notices_twice: int = 0

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
        self.notices_resent += judgement.notices_resent
        self.notices_twice += judgement.notices_twice

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@dataclass
class Sweep:
    """All of one scene: by database and what was struck, and how many points of each kind."""

    scene: str = "complaint"
    lines: dict[tuple[str, str], Figures] = field(default_factory=dict)
    calls: dict[str, dict[str, int]] = field(default_factory=dict)  # database → call or kind → points struck

    def line(self, database: str, kind: str) -> Figures:
        return self.lines.setdefault((database, kind), Figures())

    def struck(self, database: str, what: str) -> None:
        calls = self.calls.setdefault(database, {})
        calls[what] = calls.get(what, 0) + 1

    @property
    def total(self) -> Figures:
        return sum(self.lines.values(), Figures())


TITLES = {
    "complaint": "### Complaints, without people in the settings",
    "staff": "### Staff's mail: a command, an answer, #stop",
    "outcome": "### An outcome: draft, #send, letter, case closed",
    "reminder": "### A duty: its reminders, late, met by a link",
}


def section(sweep: Sweep) -> str:
    """One scene's part of the report."""
    listed = f"Points by call{'' if sweep.scene == 'complaint' else ' and kind'}:\n\n{calls_struck(sweep)}"
    return f"{TITLES[sweep.scene]}\n\n{table(sweep)}\n\n{bound(sweep.total)}\n\n{listed}\n"


def table(sweep: Sweep) -> str:
    """The figures as Markdown. Only where there are people are notices counted."""
    names = ["Points", "Lost", "Twice", "Left to a person", "Resent"]
    columns = ["points", "lost", "twice", "doubt", "resent"]
    if sweep.scene != "complaint":
        names += ["Notices resent in doubt", "of these, came twice"]
        columns += ["notices_resent", "notices_twice"]
    names, columns = [*names, "Any invariant broken"], [*columns, "broken"]
    out = [f"| Database | Killed at | {' | '.join(names)} |", f"|---|---|{'---:|' * len(names)}"]
    for (database, kind), figures in sweep.lines.items():
        out.append(f"| {database} | {kind} | {' | '.join(str(getattr(figures, name)) for name in columns)} |")
    total = " | ".join(f"**{getattr(sweep.total, name)}**" for name in columns)
    return "\n".join([*out, f"| | **in all** | {total} |"])


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
