"""Dates and days in plain words, as a person would say them with a wall calendar in front of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def long_date(day: date) -> str:
    """Wednesday 23 December 2026, in English whatever the machine's locale."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def joined(words: Sequence[str]) -> str:
    """a, b and c"""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def days_in_words(days: Sequence[date]) -> str:
    """24, 29, 30, 31 December and 4 January: the days of one month together, in their order."""
    if not days:
        return ""
    months: list[tuple[str, list[str]]] = []
    for day in days:
        month = MONTHS[day.month - 1]
        if not months or months[-1][0] != month:
            months.append((month, []))
        months[-1][1].append(str(day.day))
    *before, (last_month, last) = months
    parts = [f"{', '.join(numbers)} {month}" for month, numbers in before]
    # One "and" to a list, before its last day.
    if len(last) > 1 or not parts:
        return ", ".join([*parts, f"{joined(last)} {last_month}"])
    return f"{', '.join(parts)} and {last[0]} {last_month}"


def left_out_in_words(skipped: Sequence[tuple[date, str]]) -> str:
    """25 December (Christmas Day), 26–27 December (weekend): neighbours with one reason are one entry."""
    return ", ".join(f"{_range(first, last)} ({reason})" for first, last, reason in _runs(skipped))


def _runs(skipped: Sequence[tuple[date, str]]) -> Iterator[tuple[date, date, str]]:
    first = last = None
    why = ""
    for day, reason in skipped:
        if first is not None and last is not None:
            if reason == why and day - last == timedelta(days=1):
                last = day
                continue
            yield first, last, why
        first, last, why = day, day, reason
    if first is not None and last is not None:
        yield first, last, why


def _range(first: date, last: date) -> str:
    end = f"{last.day} {MONTHS[last.month - 1]}"
    if first == last:
        return end
    if first.month == last.month:
        return f"{first.day}–{end}"
    return f"{first.day} {MONTHS[first.month - 1]}–{end}"
