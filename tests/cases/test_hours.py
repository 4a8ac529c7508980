"""When somebody may be reminded."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from complaintmail.cases.hours import awake, next_opening
from complaintmail.cases.people import Person
from complaintmail.policy.calendar import WorkingCalendar
from complaintmail.policy.policy import Nation

LONDON = "Europe/London"
OFFICE = Person("Office", "office@staff.test")
HALF = Person(
    "Half",
    "half@staff.test",
    hours=((frozenset(range(4)), time(9), time(17)), (frozenset({4}), time(9), time(12))),
)
WEEKEND = Person("Weekend", "weekend@staff.test", hours=((frozenset({5, 6}), time(10), time(16)),))
AWAY = Person("Away", "away@staff.test", away=((date(2026, 12, 21), date(2027, 1, 2)),))
HOLIDAYS = WorkingCalendar(Nation.ENGLAND_WALES, [(date(2026, 12, 29), date(2026, 12, 30), "closed")])


def utc(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("person", "now", "opening"),
    [
        (OFFICE, "2026-11-20T12:00", "2026-11-20T12:00"),
        (OFFICE, "2026-11-20T03:00", "2026-11-20T08:30"),
        (OFFICE, "2026-11-20T17:29", "2026-11-20T17:29"),
        (OFFICE, "2026-11-20T17:30", "2026-11-23T08:30"),  # Friday evening
        (OFFICE, "2026-11-22T12:00", "2026-11-23T08:30"),  # Sunday
        (OFFICE, "2026-06-15T07:30", "2026-06-15T07:30"),  # summer time: 08:30 there
        (OFFICE, "2026-06-15T07:29", "2026-06-15T07:30"),
        (OFFICE, "2026-10-23T17:00", "2026-10-26T08:30"),  # over the end of summer time
        (HALF, "2026-11-20T12:00", "2026-11-23T09:00"),
        (WEEKEND, "2026-11-20T12:00", "2026-11-21T10:00"),
        (AWAY, "2026-12-18T18:00", "2027-01-04T08:30"),
    ],
)
def test_the_next_moment_within_somebody_s_hours(person: Person, now: str, opening: str) -> None:
    found = next_opening(person, utc(now), LONDON)

    assert found == utc(opening)
    assert awake(person, found, LONDON)
    assert awake(person, utc(now), LONDON) == (now == opening)


def test_public_holidays_and_closures_are_closed_where_a_calendar_is_given() -> None:
    christmas = utc("2026-12-24T18:00")

    assert next_opening(OFFICE, christmas, LONDON, HOLIDAYS) == utc("2026-12-31T08:30")
    assert next_opening(OFFICE, christmas, LONDON) == utc("2026-12-25T08:30")


def test_a_weekend_is_open_to_whoever_named_it() -> None:
    assert awake(WEEKEND, utc("2026-11-21T12:00"), LONDON, HOLIDAYS)


def test_without_hours_every_hour_of_a_day_at_work_will_do() -> None:
    anytime = Person("Any", "any@staff.test", hours=(), away=AWAY.away)

    assert awake(anytime, utc("2026-11-22T03:00"), LONDON)
    assert next_opening(anytime, utc("2026-12-24T03:00"), LONDON) == utc("2027-01-03T00:00")


def test_who_is_never_there_is_told_at_once_rather_than_never() -> None:
    gone = Person("Gone", "gone@staff.test", away=((date(2020, 1, 1), date(2099, 1, 1)),))

    assert next_opening(gone, utc("2026-11-20T12:00"), LONDON) == utc("2026-11-20T12:00")


def test_hours_that_summer_time_leaves_out_open_the_next_day() -> None:
    night = Person("Night", "night@staff.test", hours=((frozenset(range(7)), time(1, 10), time(1, 50)),))

    assert next_opening(night, utc("2026-03-28T12:00"), LONDON) == utc("2026-03-30T00:10")
