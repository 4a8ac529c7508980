"""The days off of three nations, reckoned from the rules by which they are proclaimed.

Easter by Butcher's rule, Mondays by the month, substitutes for what falls on a weekend, and the days that were given
once. Written apart from the program and from the library that its table comes from, so that all three can be held
against each other.
"""

from __future__ import annotations

from datetime import date, timedelta

DAY = timedelta(days=1)


def every_day(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def easter(year: int) -> date:
    """Butcher's rule."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


def mondays(year: int, month: int) -> list[date]:
    return [day for day in every_day(date(year, month, 1), date(year, month, 28) + 3 * DAY) if is_monday_in(day, month)]


def is_monday_in(day: date, month: int) -> bool:
    return day.weekday() == 0 and day.month == month


ONCE = {
    date(2022, 6, 3): "ESN",  # the Queen's platinum jubilee
    date(2022, 9, 19): "ESN",  # her funeral
    date(2023, 5, 8): "ESN",  # the King's coronation
    date(2026, 6, 15): "S",  # the men's World Cup
}
MOVED = {date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}


def weekdays_off(year: int, nation: str) -> set[date]:
    sunday = easter(year)
    off = {sunday - 2 * DAY, mondays(year, 5)[0], mondays(year, 5)[-1]}
    off |= {mondays(year, 8)[0]} if nation == "S" else {sunday + DAY, mondays(year, 8)[-1]}
    off = {MOVED.get(day, day) for day in off} | {
        day for day, where in ONCE.items() if nation in where and day.year == year
    }
    fixed = [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)]
    fixed += {"S": [date(year, 1, 2), date(year, 11, 30)], "N": [date(year, 3, 17), date(year, 7, 12)]}.get(nation, [])
    off |= {day for day in fixed if day.weekday() < 5}
    for day in sorted(fixed):
        if day.weekday() > 4:
            while day.weekday() > 4 or day in off:
                day += DAY
            off.add(day)
    return off
