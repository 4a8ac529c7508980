"""From a length of time to a date, and the sentence that says how it was counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaintmail.policy.calendar import WorkingCalendar
from complaintmail.policy.policy import Counted, Nation, Span, Unit
from complaintmail.policy.windows import add_months, count, count_from, end_of_day, local_date
from tests.support.policies import LONDON, at

ENGLAND = WorkingCalendar(Nation.ENGLAND_WALES)
SCOTLAND = WorkingCalendar(Nation.SCOTLAND)
ZONE = "Europe/London"


def working_days(n: int, received: str, calendar: WorkingCalendar = ENGLAND) -> Counted:
    return count(Span(n, Unit.WORKING_DAYS), at(received), calendar, ZONE)


def calendar_days(n: int, received: str) -> Counted:
    return count(Span(n, Unit.DAYS), at(received), ENGLAND, ZONE)


# --- the expert's tables -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("received", ["2026-08-28 17:45", "2026-08-29 09:00", "2026-08-30 23:59"])
def test_five_working_days_over_the_august_holiday_end_on_7_september(received: str) -> None:
    counted = working_days(5, received)

    assert counted.due_on == date(2026, 9, 7)
    assert counted.due_at == datetime(2026, 9, 7, 22, 59, 59, tzinfo=UTC)
    assert ": 1, 2, 3, 4 and 7 September; left out: " in counted.why
    assert "31 August (Summer bank holiday)" in counted.why


def test_the_first_day_counted_after_the_august_holiday_is_tuesday() -> None:
    assert working_days(1, "2026-08-28 17:45").due_on == date(2026, 9, 1)


def test_over_christmas_every_day_left_out_is_named() -> None:
    counted = working_days(5, "2026-12-23 16:00")

    assert counted.due_on == date(2027, 1, 4)
    assert counted.why == (
        "5 working days from Wednesday 23 December 2026 (the day of receipt, not counted): 24, 29, 30, 31 December "
        "and 4 January; left out: 25 December (Christmas Day), 26–27 December (weekend), 28 December (bank holiday: "
        "Boxing Day), 1 January (New Year's Day), 2–3 January (weekend)."
    )


def test_in_scotland_the_substitute_for_2_january_is_left_out_too() -> None:
    counted = working_days(5, "2026-12-23 16:00", SCOTLAND)

    assert counted.due_on == date(2027, 1, 5)
    assert counted.why.endswith("2–3 January (weekend), 4 January (bank holiday: 2 January).")


def test_the_organisations_own_closure_moves_the_date_and_is_named() -> None:
    closure = (date(2026, 12, 24), date(2027, 1, 1), "closed over Christmas")
    counted = working_days(5, "2026-12-23 16:00", WorkingCalendar(Nation.ENGLAND_WALES, [closure]))

    assert counted.due_on == date(2027, 1, 8)
    assert "4, 5, 6, 7 and 8 January" in counted.why
    assert "24 December (closed over Christmas), 25 December (Christmas Day)" in counted.why
    assert "29–31 December (closed over Christmas), 1 January (New Year's Day)" in counted.why


def test_28_working_days_and_28_days_differ_and_each_says_which_it_is() -> None:
    working, every = working_days(28, "2026-03-02 09:00"), calendar_days(28, "2026-03-02 09:00")

    assert (working.due_on, every.due_on) == (date(2026, 4, 13), date(2026, 3, 30))
    assert working.why == (
        "28 working days from Monday 2 March 2026 (the day of receipt, not counted): the first is Tuesday 3 March "
        "2026, the last Monday 13 April 2026; left out: weekends, 3 April (Good Friday), 6 April (Easter Monday)."
    )
    assert every.why == (
        "28 days from Monday 2 March 2026 (the day of receipt, not counted), every day counted: Monday 30 March 2026."
    )


def test_half_past_eleven_in_summer_utc_is_the_next_day_in_london() -> None:
    received = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)

    assert local_date(received, ZONE) == date(2026, 7, 1)
    assert count(Span(2, Unit.DAYS), received, ENGLAND, ZONE).due_on == date(2026, 7, 3)


def test_a_date_beyond_the_announced_holidays_carries_a_warning() -> None:
    last_sure = working_days(2, "2027-12-23 09:00")
    beyond = working_days(5, "2027-12-28 09:00")

    assert last_sure.warning is None
    assert beyond.warning is not None and "2027" in beyond.warning
    assert beyond.due_on == date(2028, 1, 5)  # New Year's Day 2028 is a Saturday: Monday 3 January is off


# --- clocks, leap days, ends of years ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-03-28 12:00", "2026-03-29T23:59:59+01:00"),  # the night the clocks go forward
        ("2026-10-24 12:00", "2026-10-25T23:59:59+00:00"),  # … and back
        ("2028-02-28 12:00", "2028-02-29T23:59:59+00:00"),
        ("2027-02-28 12:00", "2027-03-01T23:59:59+00:00"),
        ("2026-12-31 23:59:59", "2027-01-01T23:59:59+00:00"),
    ],
)
def test_a_day_is_a_day_on_the_wall(received: str, due: str) -> None:
    assert calendar_days(1, received).due_at.isoformat() == due


def test_both_halves_past_one_in_the_autumn_are_the_same_day() -> None:
    first = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=0)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1)

    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)
    assert {local_date(moment, ZONE) for moment in (first, second)} == {date(2026, 10, 25)}


def test_another_timezone_has_another_day_of_receipt() -> None:
    received = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)

    assert count(Span(1, Unit.DAYS), received, ENGLAND, "America/New_York").due_on == date(2026, 7, 1)
    assert count(Span(1, Unit.DAYS), received, ENGLAND, "Pacific/Auckland").due_on == date(2026, 7, 2)


def test_the_last_second_of_a_day_counts_also_where_clocks_go_back_at_midnight() -> None:
    # In Cairo the hour before midnight of 29 October 2026 comes twice.
    assert end_of_day(date(2026, 10, 29), "Africa/Cairo").astimezone(UTC) == datetime(
        2026, 10, 29, 21, 59, 59, tzinfo=UTC
    )


def test_a_moment_without_its_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="without its offset"):
        count(Span(1, Unit.DAYS), datetime(2026, 6, 30, 23, 30), ENGLAND, ZONE)  # noqa: DTZ001


# --- months, and ends that move on -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-11-20", 72, "2032-11-20"),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_months_last(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


def test_a_months_clock_that_ends_on_a_weekend_moves_on_where_the_law_says_so() -> None:
    month = Span(1, Unit.MONTHS)

    stays = count(month, at("2026-11-26 10:00"), ENGLAND, ZONE)
    moves = count(month, at("2026-11-26 10:00"), ENGLAND, ZONE, day_zero="the day of the request", rolls_forward=True)

    assert stays.due_on == date(2026, 12, 26)
    assert moves.due_on == date(2026, 12, 29)
    assert moves.why == (
        "1 month from Thursday 26 November 2026 (the day of the request, not counted): Saturday 26 December 2026; no "
        "working day, so moved to Tuesday 29 December 2026; left out: 26–27 December (weekend), 28 December (bank "
        "holiday: Boxing Day)."
    )


def test_a_month_that_has_no_such_day_says_so() -> None:
    counted = count(Span(1, Unit.MONTHS), at("2026-01-31 10:00"), ENGLAND, ZONE)

    assert counted.why.endswith("Saturday 28 February 2026, that month's last day.")


# --- the sentence ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counted", "why"),
    [
        (
            working_days(1, "2026-09-01 09:00"),
            "1 working day from Tuesday 1 September 2026 (the day of receipt, not counted): 2 September.",
        ),
        (working_days(0, "2026-09-01 09:00"), "the same working day: Tuesday 1 September 2026 (the day of receipt)."),
        (
            working_days(0, "2026-08-29 09:00"),
            "the first working day from Saturday 29 August 2026 (the day of receipt): Tuesday 1 September 2026; left "
            "out: 29–30 August (weekend), 31 August (Summer bank holiday).",
        ),
        (calendar_days(0, "2026-08-29 09:00"), "the same day: Saturday 29 August 2026 (the day of receipt)."),
        (
            working_days(3, "2026-09-29 09:00"),
            "3 working days from Tuesday 29 September 2026 (the day of receipt, not counted): 30 September, 1 and 2 "
            "October.",
        ),
        (
            working_days(2, "2026-10-29 09:00"),
            "2 working days from Thursday 29 October 2026 (the day of receipt, not counted): 30 October and 2 "
            "November; left out: 31 October–1 November (weekend).",
        ),
    ],
)
def test_the_sentence_can_be_checked_on_a_wall_calendar(counted: Counted, why: str) -> None:
    assert counted.why == why


@given(st.integers(0, 7_000_000), st.integers(0, 40), st.sampled_from(list(Unit)))
def test_a_window_ends_at_the_last_second_of_its_day_and_never_before_receipt(
    minutes: int, amount: int, unit: Unit
) -> None:
    moment = datetime(2016, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    counted = count(Span(amount, unit), moment, ENGLAND, ZONE)

    local = counted.due_at.astimezone(LONDON)
    assert (local.date(), local.hour, local.minute, local.second) == (counted.due_on, 23, 59, 59)
    assert counted.due_at >= moment
    assert counted == count_from(Span(amount, unit), local_date(moment, ZONE), ENGLAND, ZONE)
    assert counted.why.endswith(".") and "\n" not in counted.why
