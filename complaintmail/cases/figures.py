"""How a policy has worked in a time: how many complaints, what was kept in time, how they ended, why they came, what
repeats, what was learnt and what is still to be done. Counted from rows; whoever asks brings them.

No figure names a complainant. Of a case that its reader may not know, or that is restricted, only numbers are given:
no cause, no word, nothing that was learnt. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from complaintmail.cases.anonymous_words import COMMON, FIRST_NAMES

COMPLAINTS = frozenset({"complaint", "appeal", "unreadable"})
ANSWERS = ("acknowledge", "respond")
MOST = 8
REPEATED = 3  # different people, from which on a word is said to come back
ALWAYS = frozenset({"about", "complain", "complained", "complaining", "complaint", "complaints", "regards", "thanks"})
_WORD = re.compile(r"[^\W\d_]{5,30}")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case, as far as figures need it. `told`: its reader may know what it is about."""

    id: int
    kind: str
    sure: bool
    received_at: datetime
    area: str = ""
    channel: str = "email"
    outcome: str = ""
    cause: str = ""
    who: str = ""
    words: str = ""
    satisfied: str = ""
    open: bool = False
    appealed: bool = False
    told: bool = True

    @property
    def complaint(self) -> bool:
        """As the log counts them: what is unsure counts until somebody says otherwise."""
        return self.kind in COMPLAINTS or not self.sure


@dataclass(frozen=True, slots=True)
class DutyRow:
    case: int
    kind: str
    state: str
    due_at: datetime | None
    met_at: datetime | None
    still: bool = False  # its days stand still


@dataclass(frozen=True, slots=True)
class ActionRow:
    case: int
    kind: str
    text: str
    by: str | None
    who: str | None
    done: bool
    told: bool = True


@dataclass(frozen=True, slots=True)
class Kept:
    """What was done of a kind of duty."""

    in_time: int = 0
    late: int = 0
    missed: int = 0  # open, and past its last moment
    waiting: int = 0  # open


Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    since: date
    until: date
    received: int
    before: int  # in the time before, of the same length
    still_open: int
    appeals: int
    praise: int
    praise_before: int
    kept: tuple[tuple[str, Kept], ...]
    outcomes: Counts
    causes: tuple[tuple[str, int, int], ...]  # now, and in the time before
    without_cause: int  # ended without one
    areas: tuple[tuple[str, int, int, int], ...]  # complaints, of them upheld or in part, praise
    months: Counts
    channels: Counts
    satisfied: Counts
    people_again: int  # people who complained more than once
    words: Counts  # what comes back in different people's complaints
    actions: tuple[int, int, int]  # done, open, of them late
    learning: tuple[str, ...] = field(default=())  # points of the improvement plan that are open


def figures(
    cases: Sequence[CaseRow],
    duties: Iterable[DutyRow],
    actions: Sequence[ActionRow],
    *,
    since: date,
    until: date,
    now: datetime,
    zone: ZoneInfo,
    names: Iterable[str] = (),
) -> Figures:
    """`cases`: those of this time and of the time before it. `names`: staff's, which are no pattern."""
    length = until - since

    def day(row: CaseRow) -> date:
        return row.received_at.astimezone(zone).date()

    these = [row for row in cases if since <= day(row) < until]
    earlier = [row for row in cases if since - length <= day(row) < since]
    complaints = [row for row in these if row.complaint]
    ids = {row.id for row in complaints}
    before = [row for row in earlier if row.complaint]
    owed = [duty for duty in duties if duty.case in ids]
    mine = [each for each in actions if each.kind != "learning"]
    late = [each for each in mine if not each.done and each.by and each.by < now.astimezone(zone).date().isoformat()]
    return Figures(
        since=since,
        until=until,
        received=len(complaints),
        before=len(before),
        still_open=sum(row.open for row in complaints),
        appeals=sum(row.appealed for row in complaints),
        praise=sum(row.kind == "compliment" for row in these),
        praise_before=sum(row.kind == "compliment" for row in earlier),
        kept=tuple((kind, _kept([each for each in owed if each.kind == kind], now)) for kind in ANSWERS),
        outcomes=_counted(row.outcome for row in complaints if row.outcome),
        causes=_causes(complaints, before),
        without_cause=sum(bool(row.outcome) and not row.cause for row in complaints),
        areas=_areas(these),
        months=tuple(sorted(Counter(f"{day(row):%Y-%m}" for row in complaints).items())),
        channels=_counted(row.channel for row in complaints),
        satisfied=_counted(row.satisfied for row in complaints if row.satisfied),
        people_again=sum(n > 1 for n in Counter(row.who for row in complaints if row.who).values()),
        words=_words(complaints, names),
        actions=(sum(each.done for each in mine), sum(not each.done for each in mine), len(late)),
        learning=tuple(_plan(each) for each in actions if each.kind == "learning" and not each.done and each.told),
    )


def _kept(duties: Iterable[DutyRow], now: datetime) -> Kept:
    in_time = late = missed = waiting = 0
    for duty in duties:
        if duty.state == "met":
            overdue = duty.due_at is not None and duty.met_at is not None and duty.met_at > duty.due_at
            in_time, late = in_time + (not overdue), late + overdue
        elif duty.state == "open":
            waiting += 1
            missed += duty.due_at is not None and duty.due_at < now and not duty.still
    return Kept(in_time, late, missed, waiting)


def _counted(said: Iterable[str], most: int = MOST) -> Counts:
    return tuple(sorted(Counter(said).items(), key=lambda each: (-each[1], each[0]))[:most])


def _plain(words: str) -> str:
    return " ".join(words.lower().split()).strip(" .!;,")[:120]


def _causes(now: Sequence[CaseRow], before: Sequence[CaseRow]) -> tuple[tuple[str, int, int], ...]:
    here = Counter(_plain(row.cause) for row in now if row.cause and row.told)
    then = Counter(_plain(row.cause) for row in before if row.cause and row.told)
    return tuple((cause, n, then[cause]) for cause, n in sorted(here.items(), key=lambda one: (-one[1], one[0]))[:MOST])


def _areas(rows: Sequence[CaseRow]) -> tuple[tuple[str, int, int, int], ...]:
    found = []
    for area in sorted({row.area for row in rows}):
        mine = [row for row in rows if row.area == area]
        upheld = sum(row.outcome in ("upheld", "partly upheld") for row in mine if row.complaint)
        praise = sum(row.kind == "compliment" for row in mine)
        found.append((area, sum(row.complaint for row in mine), upheld, praise))
    return tuple(found)


def _words(rows: Sequence[CaseRow], names: Iterable[str]) -> Counts:
    """Words that different people's complaints share, common ones and names left out."""
    never = ALWAYS | COMMON | FIRST_NAMES | {part.lower() for name in names for part in name.split()}
    people: dict[str, set[str]] = {}
    for row in rows:
        if row.told:
            for word in set(_WORD.findall(row.words.lower())) - never:
                people.setdefault(word, set()).add(row.who or f"case {row.id}")
    return _counted(word for word, whose in people.items() if len(whose) >= REPEATED for _ in whose)


def _plan(action: ActionRow) -> str:
    whom = f", {action.who}" if action.who else ""
    return f"{' '.join(action.text.split())[:200]}{whom}{f', by {action.by}' if action.by else ', no day yet'}"
