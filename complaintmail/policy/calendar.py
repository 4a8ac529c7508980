"""Working days: Monday to Friday, less the public holidays of one nation and the organisation's own closures.

Owns what a working day is and how days are added. The public holidays come from bank_holidays.txt beside this
file (tools/bank_holidays.py writes it), read once, at first use. Every day left out carries its reason, so that
a date can be checked on a wall calendar.

What the table cannot know is never passed over in silence: `warning` says when a reckoning leaves the years
that the government has announced, or the table altogether. Beyond the table only weekends and closures count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from complaintmail.policy.policy import Nation

ONE_DAY = timedelta(days=1)
SATURDAY = 5
LETTERS = {"E": Nation.ENGLAND_WALES, "S": Nation.SCOTLAND, "N": Nation.NORTHERN_IRELAND}

LeftOut = tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class HolidayTable:
    days: Mapping[Nation, Mapping[date, str]]
    first_year: int
    announced_until: int
    reckoned_until: int


@cache
def holiday_table() -> HolidayTable:
    days: dict[Nation, dict[date, str]] = {nation: {} for nation in Nation}
    until: dict[str, int] = {}
    for line in Path(__file__).with_name("bank_holidays.txt").read_text(encoding="utf-8").splitlines():
        first, _, rest = line.partition(" ")
        if first.endswith("-until"):
            until[first] = int(rest)
        elif first != "#":
            nations, _, name = rest.partition(" ")
            day = date.fromisoformat(first)
            for letter in nations:
                days[LETTERS[letter]][day] = name.lstrip()
    first_year = min(day.year for day in days[Nation.ENGLAND_WALES])
    return HolidayTable(days, first_year, until["announced-until"], until["reckoned-until"])


class WorkingCalendar:
    """One organisation's working days. `closures`: first day, last day, why; `extra_holidays`: day, name."""

    def __init__(
        self,
        nation: Nation,
        closures: Iterable[tuple[date, date, str]] = (),
        extra_holidays: Iterable[tuple[date, str]] = (),
    ) -> None:
        self.nation = nation
        self._table = holiday_table()
        self._holidays = {**self._table.days[nation], **dict(extra_holidays)}
        self._closed: dict[date, str] = {}
        for first, last, why in closures:
            for ahead in range((last - first).days + 1):
                self._closed.setdefault(first + ahead * ONE_DAY, why)

    @property
    def known_until(self) -> int:
        """The last year whose holidays the government has announced; later ones follow the standing rules."""
        return self._table.announced_until

    def left_out(self, day: date) -> str | None:
        """Why this is no working day; None when it is one. A weekend is a weekend whatever else falls on it."""
        if day.weekday() >= SATURDAY:
            return "weekend"
        return self._holidays.get(day) or self._closed.get(day)

    def is_working(self, day: date) -> bool:
        return self.left_out(day) is None

    def add_working_days(self, start: date, n: int) -> tuple[date, LeftOut]:
        """The nth working day after `start`, which is day 0, and the days passed over on the way.

        n = 0 is the first working day from `start` on, `start` itself where it is one.
        """
        if n < 0:
            raise ValueError(f"working days are added, not taken away: {n}")
        skipped: list[tuple[date, str]] = []
        day = start if n else start - ONE_DAY
        left = n or 1
        while left:
            day += ONE_DAY
            reason = self.left_out(day)
            if reason is None:
                left -= 1
            else:
                skipped.append((day, reason))
        return day, tuple(skipped)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end`: what `add_working_days` would need."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working(start + ahead * ONE_DAY) for ahead in range(1, (end - start).days + 1))

    def warning(self, first: date, last: date) -> str | None:
        """What a reckoning from `first` to `last` cannot be sure of."""
        table = self._table
        if last.year > table.reckoned_until:
            return (
                f"no public holidays are known after {table.reckoned_until}: only weekends and closures were left out"
            )
        if first.year < table.first_year:
            return f"no public holidays are known before {table.first_year}: only weekends and closures were left out"
        if last.year > table.announced_until:
            return (
                f"the public holidays after {table.announced_until} were not announced when this program was made and"
                " follow the standing rules: look for newly proclaimed ones"
            )
        return None
