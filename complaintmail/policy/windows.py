"""From a length of time in a policy to a date, and to the sentence that says how it was counted.

The day of receipt, as the policy's own timezone has it, is day 0. A window lasts to the end of its last day,
23:59:59 local time, whatever summer time does. Days are added in `calendar`; here they get their meaning.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

from complaintmail.policy.calendar import ONE_DAY, LeftOut, WorkingCalendar
from complaintmail.policy.policy import Counted, Span, Unit
from complaintmail.policy.wording import days_in_words, left_out_in_words, long_date

# Up to so many counted days are named one by one; a longer count names its first and its last.
NAMED = 10
RECEIPT = "the day of receipt"


def count(
    span: Span,
    received_at: datetime,
    calendar: WorkingCalendar,
    timezone: str,
    *,
    day_zero: str = RECEIPT,
    rolls_forward: bool = False,
) -> Counted:
    """The last moment of `span`, counted from `received_at`; `day_zero` names that day in the sentence.

    `rolls_forward`: an end on a day that is no working day moves to the next one, as the data-protection
    clocks do. Working days never need it.
    """
    start = local_date(received_at, timezone)
    return count_from(span, start, calendar, timezone, day_zero=day_zero, rolls_forward=rolls_forward)


def count_from(
    span: Span,
    start: date,
    calendar: WorkingCalendar,
    timezone: str,
    *,
    day_zero: str = RECEIPT,
    rolls_forward: bool = False,
) -> Counted:
    """The same from a local date, where the moment does not matter."""
    from_start = f"from {long_date(start)} ({day_zero}, not counted)"
    match span.unit:
        case Unit.WORKING_DAYS:
            due, why = _working_days(span, start, calendar, day_zero)
        case Unit.DAYS:
            due = start + span.amount * ONE_DAY
            why = f"{span} {from_start}, every day counted: {long_date(due)}"
            if span.amount == 0:
                why = f"the same day: {long_date(due)} ({day_zero})"
        case Unit.MONTHS | Unit.YEARS:
            due = add_months(start, span.amount * (12 if span.unit is Unit.YEARS else 1))
            shorter = "" if due.day == start.day else ", that month's last day"
            why = f"{span} {from_start}: {long_date(due)}{shorter}"
    if rolls_forward and not calendar.is_working(due):
        due, skipped = calendar.add_working_days(due, 0)
        why += f"; no working day, so moved to {long_date(due)}; left out: {left_out_in_words(skipped)}"
    warning = None
    if span.unit is Unit.WORKING_DAYS or rolls_forward:
        warning = calendar.warning(start, due)
    return Counted(due, end_of_day(due, timezone), why + ".", warning)


def _working_days(span: Span, start: date, calendar: WorkingCalendar, day_zero: str) -> tuple[date, str]:
    due, skipped = calendar.add_working_days(start, span.amount)
    if span.amount == 0:
        if due == start:
            return due, f"the same working day: {long_date(due)} ({day_zero})"
        why = f"the first working day from {long_date(start)} ({day_zero}): {long_date(due)}"
        return due, why + _left_out(skipped)
    why = f"{span} from {long_date(start)} ({day_zero}, not counted): "
    if span.amount <= NAMED:
        left_out = {day for day, _ in skipped}
        ahead = (start + n * ONE_DAY for n in range(1, (due - start).days + 1))
        return due, why + days_in_words([day for day in ahead if day not in left_out]) + _left_out(skipped)
    first, _ = calendar.add_working_days(start, 1)
    weekdays = tuple((day, reason) for day, reason in skipped if reason != "weekend")
    weekends = "weekends" if len(weekdays) < len(skipped) else ""
    apart = ", ".join(part for part in (weekends, left_out_in_words(weekdays)) if part)
    return due, f"{why}the first is {long_date(first)}, the last {long_date(due)}; left out: {apart}"


def _left_out(skipped: LeftOut) -> str:
    return f"; left out: {left_out_in_words(skipped)}" if skipped else ""


def local_date(moment: datetime, timezone: str) -> date:
    """The date on the wall where the policy lives."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without its offset cannot be given a date: {moment}")
    return moment.astimezone(ZoneInfo(timezone)).date()


def end_of_day(day: date, timezone: str) -> datetime:
    # fold=1: where clocks go back at midnight the second 23:59:59 is the last moment of the day.
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=ZoneInfo(timezone), fold=1)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
