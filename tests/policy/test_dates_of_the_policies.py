"""Every window of every policy over ten years and in three nations, held against a reckoning of its own.

The other reckoning knows the rules by which holidays are proclaimed (tests/support/almanac.py) and looks days up in a
list of working days; it shares no line with the program.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from complaintmail.policy import load
from complaintmail.policy.duties import owed_by
from complaintmail.policy.policy import Duty, Nation, Policy, Span
from tests.support.almanac import every_day, weekdays_off

FIRST, LAST = date(2020, 1, 1), date(2029, 12, 31)
POLICIES = [*(load.find(name) for name in load.packaged()), load.read(Path(__file__).parent / "lochside.toml")]
LETTERS = {Nation.ENGLAND_WALES: "E", Nation.SCOTLAND: "S", Nation.NORTHERN_IRELAND: "N"}
CHRISTMAS = tuple((date(year, 12, 24), date(year + 1, 1, 1), "closed") for year in range(2019, 2031))
# Nothing is on a day of its own every eleventh day, and around Christmas and Easter there is much.
STARTS = [
    day
    for day in every_day(FIRST, LAST)
    if (day - FIRST).days % 11 == 0 or (day.month, day.day) >= (12, 20) or (day.month == 4 and day.day % 3 == 0)
]


def working_days(nation: Nation, *, closed: bool) -> list[date]:
    off = set().union(*(weekdays_off(year, LETTERS[nation]) for year in range(2020, 2032)))
    shut = {day for first, last, _ in CHRISTMAS for day in every_day(first, last)} if closed else set()
    return [day for day in every_day(FIRST, date(2031, 6, 30)) if day.weekday() < 5 and day not in off | shut]


def last_day(span: Span, start: date, working: list[date]) -> date:
    if str(span).endswith(("working day", "working days")):
        found = bisect_right(working, start) + span.amount - 1 if span.amount else bisect_left(working, start)
        return working[found]
    if str(span).endswith(("day", "days")):
        return date.fromordinal(start.toordinal() + span.amount)
    year, month = start.year, start.month
    for _ in range(span.amount * (12 if "year" in str(span) else 1)):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = start.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def windows(policy: Policy) -> Iterator[tuple[Duty, str, Span]]:
    for duty in policy.duties:
        if duty.within is not None:
            yield duty, policy.severity, duty.within
        yield from ((duty, severity, span) for severity, span in duty.by_severity)


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed over Christmas"])
@pytest.mark.parametrize("nation", list(Nation))
def test_every_window_of_every_policy_ends_where_another_reckoning_ends_it(nation: Nation, closed: bool) -> None:
    working = working_days(nation, closed=closed)
    wrong, counted = [], 0

    for packaged in POLICIES:
        policy = replace(packaged, nation=nation, closures=CHRISTMAS if closed else ())
        for duty, severity, span in windows(policy):
            for start in STARTS:
                owed = owed_by(policy, duty.kind, datetime.combine(start, time(12), UTC), severity)
                expected = last_day(span, start, working)
                if duty.rolls_forward:
                    expected = working[bisect_left(working, expected)]
                counted += 1
                if owed is None or owed.counted is None or owed.counted.due_on != expected:
                    wrong.append((policy.name, duty.kind, start, expected))

    assert wrong == []
    assert counted > 10_000


@pytest.mark.parametrize(
    ("received", "day_zero", "ends"),
    [
        ("2026-03-28T23:30:00+00:00", "28 March", "2026-04-27T22:59:59+00:00"),  # the clocks go forward in between
        ("2026-03-29T23:30:00+00:00", "30 March", "2026-04-29T22:59:59+00:00"),
        ("2026-06-30T22:59:59+00:00", "30 June", "2026-07-30T22:59:59+00:00"),
        ("2026-06-30T23:00:00+00:00", "1 July", "2026-07-31T22:59:59+00:00"),
        ("2026-10-24T22:59:59+00:00", "24 October", "2026-11-23T23:59:59+00:00"),  # and back
        ("2026-12-31T23:59:59+00:00", "31 December", "2027-02-01T23:59:59+00:00"),  # 30 January is a Saturday
    ],
)
def test_thirty_days_run_from_the_day_on_the_wall_to_the_last_second_of_their_last_day(
    received: str, day_zero: str, ends: str
) -> None:
    owed = owed_by(load.find("cms"), "data-acknowledge", datetime.fromisoformat(received), "medium")

    assert owed is not None and owed.counted is not None
    assert owed.counted.due_at.astimezone(UTC) == datetime.fromisoformat(ends)
    assert owed.counted.due_at.astimezone(ZoneInfo("Europe/London")).time() == time(23, 59, 59)
    assert f"{day_zero} 2026 (the day the data-protection complaint was received, not counted)" in owed.counted.why
