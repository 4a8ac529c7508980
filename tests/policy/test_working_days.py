"""Working days: what is one, how they are added, and that three independent ways of counting agree."""

from __future__ import annotations

import importlib.util
from bisect import bisect_right
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaintmail.policy.calendar import WorkingCalendar, holiday_table
from complaintmail.policy.policy import Nation
from tests.support.almanac import DAY, easter, every_day, weekdays_off

ENGLAND, SCOTLAND, IRELAND = Nation.ENGLAND_WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND
ROOT = Path(__file__).parents[2]

days = st.dates(date(2016, 1, 1), date(2030, 12, 31))
nations = st.sampled_from(list(Nation))
numbers = st.integers(0, 60)


@st.composite
def closures(draw: st.DrawFn) -> tuple[tuple[date, date, str], ...]:
    starts = draw(st.lists(days, max_size=4))
    return tuple((start, start + draw(st.integers(0, 14)) * DAY, "closed") for start in starts)


# --- the days off, as the governments announced them -------------------------------------------------------------

ANNOUNCED = {
    (ENGLAND, 2026): "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    (ENGLAND, 2027): "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    (SCOTLAND, 2026): "01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28",
    (SCOTLAND, 2027): "01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28",
    (IRELAND, 2026): "01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28",
    (IRELAND, 2027): "01-01 03-17 03-26 03-29 05-03 05-31 07-12 08-30 12-27 12-28",
}


@pytest.mark.parametrize(("nation", "year"), ANNOUNCED, ids=str)
def test_weekdays_off_are_those_announced(nation: Nation, year: int) -> None:
    calendar = WorkingCalendar(nation)

    off = [day for day in every_day(date(year, 1, 1), date(year, 12, 31)) if not calendar.is_working(day)]

    weekdays_off = [f"{day:%m-%d}" for day in off if day.weekday() < 5]
    assert weekdays_off == ANNOUNCED[nation, year].split()


def test_a_substitute_day_says_what_it_stands_for() -> None:
    assert WorkingCalendar(ENGLAND).left_out(date(2026, 12, 28)) == "bank holiday: Boxing Day"
    assert WorkingCalendar(SCOTLAND).left_out(date(2027, 1, 4)) == "bank holiday: 2 January"
    assert WorkingCalendar(IRELAND).left_out(date(2026, 7, 13)) == "bank holiday: Battle of the Boyne"


def test_the_table_is_what_the_library_says() -> None:
    spec = importlib.util.spec_from_file_location("bank_holidays", ROOT / "tools" / "bank_holidays.py")
    assert spec is not None and spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)

    kept = (ROOT / "complaintmail" / "policy" / "bank_holidays.txt").read_text(encoding="utf-8")

    assert tool.table() == kept


def test_counting_days_never_imports_the_holiday_library() -> None:
    import subprocess
    import sys

    program = (
        "import sys; from datetime import UTC, datetime\n"
        "from complaintmail.policy import duties, load\n"
        "now = datetime(2026, 8, 28, tzinfo=UTC)\n"
        "cms = load.find('cms')\n"
        "assert duties.owed_on_opening(cms, received_at=now, written=True, severity='medium', kind='complaint')\n"
        "print([name for name in ('holidays', 'sqlalchemy', 'jinja2') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)

    assert run.stdout.strip() == "[]"


# --- an independent reckoning, day by day, for eleven years and three nations ------------------------------------


def test_easter_falls_where_the_almanac_has_it() -> None:
    assert [easter(year) for year in (2024, 2026, 2027)] == [date(2024, 3, 31), date(2026, 4, 5), date(2027, 3, 28)]


@pytest.mark.parametrize(("nation", "letter"), [(ENGLAND, "E"), (SCOTLAND, "S"), (IRELAND, "N")])
def test_dates_agree_with_an_independent_reckoning_of_eleven_years(nation: Nation, letter: str) -> None:
    calendar = WorkingCalendar(nation)
    off = set().union(*(weekdays_off(year, letter) for year in range(2020, 2032)))
    span = every_day(date(2020, 1, 1), date(2031, 3, 1))
    working = [day for day in span if day.weekday() < 5 and day not in off]
    starts = every_day(date(2020, 1, 1), date(2030, 12, 31))

    expected = {(start, n): working[bisect_right(working, start) + n - 1] for start in starts for n in (1, 5, 28)}

    assert {(start, n): calendar.add_working_days(start, n)[0] for start, n in expected} == expected


# --- adding, and its laws ----------------------------------------------------------------------------------------


def test_no_working_days_is_the_first_one_from_that_day_on() -> None:
    calendar = WorkingCalendar(ENGLAND)

    assert calendar.add_working_days(date(2026, 8, 28), 0) == (date(2026, 8, 28), ())
    assert calendar.add_working_days(date(2026, 8, 29), 0)[0] == date(2026, 9, 1)


def test_working_days_are_never_taken_away() -> None:
    with pytest.raises(ValueError, match="added, not taken away"):
        WorkingCalendar(ENGLAND).add_working_days(date(2026, 8, 28), -1)


@given(days, numbers, nations, closures())
def test_adding_then_counting_agrees(
    start: date, n: int, nation: Nation, closed: tuple[tuple[date, date, str], ...]
) -> None:
    calendar = WorkingCalendar(nation, closed)

    due, skipped = calendar.add_working_days(start, n)

    assert calendar.is_working(due)
    assert calendar.working_days_between(start, due) == n or (n == 0 and not calendar.is_working(start))
    first = start if n == 0 else start + DAY
    assert {day for day, _ in skipped} == {day for day in every_day(first, due) if not calendar.is_working(day)}


@given(days, numbers, numbers, nations, closures())
def test_a_longer_window_ends_later_and_a_later_start_never_ends_earlier(
    start: date, n: int, more: int, nation: Nation, closed: tuple[tuple[date, date, str], ...]
) -> None:
    calendar = WorkingCalendar(nation, closed)

    due = calendar.add_working_days(start, n)[0]

    assert calendar.add_working_days(start, n + more)[0] >= due
    assert calendar.add_working_days(start + DAY, n)[0] >= due
    assert more == 0 or n == 0 or calendar.add_working_days(start, n + more)[0] > due


@given(days, numbers, nations, closures(), closures())
def test_closures_never_shorten_a_window(
    start: date,
    n: int,
    nation: Nation,
    some: tuple[tuple[date, date, str], ...],
    more: tuple[tuple[date, date, str], ...],
) -> None:
    before = WorkingCalendar(nation, some).add_working_days(start, n)[0]
    after = WorkingCalendar(nation, some + more).add_working_days(start, n)[0]

    assert after >= before


@given(days, days, days, nations)
def test_working_days_between_add_up(a: date, b: date, c: date, nation: Nation) -> None:
    calendar = WorkingCalendar(nation)
    near = [date(2026, day.month, min(day.day, 28)) for day in (a, b, c)]

    there = calendar.working_days_between(near[0], near[1]) + calendar.working_days_between(near[1], near[2])

    assert there == calendar.working_days_between(near[0], near[2])


# --- what the table cannot know ----------------------------------------------------------------------------------


def test_a_newly_proclaimed_holiday_is_left_out_by_its_name() -> None:
    calendar = WorkingCalendar(ENGLAND, extra_holidays=[(date(2026, 9, 2), "Founders' Day")])

    assert calendar.left_out(date(2026, 9, 2)) == "Founders' Day"
    assert calendar.add_working_days(date(2026, 9, 1), 1) == (
        date(2026, 9, 3),
        ((date(2026, 9, 2), "Founders' Day"),),
    )


def test_years_not_announced_yet_are_warned_of_and_years_beyond_the_table_more_so() -> None:
    calendar, table = WorkingCalendar(ENGLAND), holiday_table()

    inside = calendar.warning(date(table.first_year, 1, 1), date(table.announced_until, 12, 31))
    by_rule = calendar.warning(date(2026, 1, 1), date(table.announced_until + 1, 1, 3))
    beyond = calendar.warning(date(2026, 1, 1), date(table.reckoned_until + 1, 1, 3))
    before = calendar.warning(date(table.first_year - 1, 12, 31), date(2026, 1, 1))

    assert inside is None
    assert by_rule is not None and f"after {calendar.known_until} were not announced" in by_rule
    assert beyond is not None and f"no public holidays are known after {table.reckoned_until}" in beyond
    assert before is not None and f"no public holidays are known before {table.first_year}" in before
