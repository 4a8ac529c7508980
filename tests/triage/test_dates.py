"""Days and times as people in the UK type them; today is Wednesday 11 March 2026."""

from __future__ import annotations

import time as clock
from datetime import date, time

import pytest

from complaintmail.triage.dates import day_in, day_words, time_in
from tests.support.paces import MUCH

TODAY = date(2026, 3, 11)


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("17/3/2026", day(3, 17)),
        ("17/03/26", day(3, 17)),
        ("17/03", day(3, 17)),
        ("17.3.26", day(3, 17)),
        ("17.03.2026", day(3, 17)),
        ("17-3-2026", day(3, 17)),
        ("17 / 3 / 2026", day(3, 17)),
        ("3/4", day(4, 3)),
        ("2026-03-17", day(3, 17)),
        ("2026/03/17", day(3, 17)),
        ("17 March", day(3, 17)),
        ("17 march", day(3, 17)),
        ("17 MAR", day(3, 17)),
        ("17Mar", day(3, 17)),
        ("17-Mar-2026", day(3, 17)),
        ("17 Mar. 2026", day(3, 17)),
        ("17 March '26", day(3, 17)),
        ("17 March, 2027", day(3, 17, 2027)),
        ("17th March", day(3, 17)),
        ("17th of March 2026", day(3, 17)),
        ("the 17th of March", day(3, 17)),
        ("the seventeenth of March", day(3, 17)),
        ("March 17", day(3, 17)),
        ("March 17th, 2026", day(3, 17)),
        ("March the 17th", day(3, 17)),
        ("Tuesday 17 March", day(3, 17)),
        ("Tues, 17th March 2026", day(3, 17)),
        ("Tuesday 17/3/2026", day(3, 17)),
        ("Tuesday the 17th", day(3, 17)),
        ("the 17th", day(3, 17)),
        ("17th", day(3, 17)),
        ("the 3rd", day(4, 3)),
        ("the 3rd of next month", day(4, 3)),
        ("10 March", day(3, 10, 2027)),
        ("11 March", TODAY),
        ("29 February", day(2, 29, 2028)),
        ("by 17 March", day(3, 17)),
        ("By the 17th March", day(3, 17)),
        ("on 17/3", day(3, 17)),
        ("until 17.3.", day(3, 17)),
        ("before March 17", day(3, 17)),
        ("no later than 17 March", day(3, 17)),
        ("17 Febuary 2027", day(2, 17, 2027)),
        ("1 Sept", day(9, 1)),
        ("today", TODAY),
        ("Tonight", TODAY),
        ("tomorrow", day(3, 12)),
        ("tommorow", day(3, 12)),
        ("the day after tomorrow", day(3, 13)),
        ("tomorrow week", day(3, 19)),
        ("yesterday", day(3, 10)),
        ("the day before yesterday", day(3, 9)),
        ("Friday", day(3, 13)),
        ("fri", day(3, 13)),
        ("by Fri", day(3, 13)),
        ("Monday", day(3, 16)),
        ("this Friday", day(3, 13)),
        ("this coming Friday", day(3, 13)),
        ("this Monday", day(3, 16)),
        ("this Wednesday", TODAY),
        ("next Friday", day(3, 20)),
        ("next Wednesday", day(3, 18)),
        ("Friday next week", day(3, 20)),
        ("last Tuesday", day(3, 10)),
        ("last Wednesday", day(3, 4)),
        ("last Friday", day(3, 6)),
        ("Monday week", day(3, 23)),
        ("a week on Monday", day(3, 23)),
        ("Thrusday", day(3, 12)),
        ("a fortnight on Friday", day(3, 27)),
        ("Tuesday next", day(3, 17)),
        ("Fri 20", day(3, 20)),
        ("17 March 27", day(3, 17, 2027)),
        ("end of play Friday", day(3, 13)),
        ("by close of business on Friday", day(3, 13)),
        ("in two weeks", day(3, 25)),
        ("in 10 days", day(3, 21)),
        ("in 10 days' time", day(3, 21)),
        ("within 10 days", day(3, 21)),
        ("in a fortnight", day(3, 25)),
        ("in a week", day(3, 18)),
        ("two weeks from today", day(3, 25)),
        ("in a month", day(4, 11)),
        ("3 days ago", day(3, 8)),
        ("a week ago", day(3, 4)),
        ("end of March", day(3, 31)),
        ("by the end of March", day(3, 31)),
        ("by end of Feb 2028", day(2, 29, 2028)),
        ("end of the month", day(3, 31)),
        ("end of next month", day(4, 30)),
        ("by the end of the week", day(3, 13)),
    ],
)
def test_a_day_is_read_as_it_is_meant(words: str, meant: date) -> None:
    assert day_in(words, TODAY) == (meant, "", None)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("17 March", day(3, 17, 2025)),
        ("10 March", day(3, 10)),
        ("11/3", TODAY),
        ("Friday", day(3, 6)),
        ("Tuesday", day(3, 10)),
        ("this Monday", day(3, 9)),
        ("the 17th", day(2, 17)),
        ("the 31st", day(1, 31)),
        ("29 February", day(2, 29, 2024)),
        ("on Monday", day(3, 9)),
        ("end of February", day(2, 28)),
        ("17 March 2026", day(3, 17)),
    ],
)
def test_what_is_done_lies_behind(words: str, meant: date) -> None:
    assert day_in(words, TODAY, past=True) == (meant, "", None)


@pytest.mark.parametrize(
    ("words", "meant", "rest"),
    [
        ("17 March she agreed on the phone", day(3, 17), "she agreed on the phone"),
        ("17/3/2026, as agreed by phone", day(3, 17), "as agreed by phone"),
        ("17 March: builder comes on 1 April", day(3, 17), "builder comes on 1 April"),
        ("the 17th she agreed", day(3, 17), "she agreed"),
        ("ring Jane by Friday @bob", day(3, 13), "ring Jane @bob"),
        ("resend the letter of 3 March by 17 March @bob", day(3, 17), "resend the letter of 3 March @bob"),
        ("replace chairs on the 2nd floor by 17 March", day(3, 17), "replace chairs on the 2nd floor"),
        ("put up a 24/7 number by Friday", day(3, 13), "put up a 24/7 number"),
        ("by phone on Tuesday", day(3, 17), "by phone"),
        ("yesterday by phone", day(3, 10), "by phone"),
        ("17 March 10.30 Room 2", day(3, 17), "10.30 Room 2"),
        ("17 March 2026 14:30, Room 2", day(3, 17), "14:30, Room 2"),
        ("2026-03-17T10:30 Room 2", day(3, 17), "10:30 Room 2"),
        ("Friday 2pm at the library", day(3, 13), "2pm at the library"),
        ("meet at the library Tue", day(3, 17), "meet at the library"),
    ],
)
def test_the_other_words_are_kept(words: str, meant: date, rest: str) -> None:
    assert day_in(words, TODAY) == (meant, rest, None)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("31/02", "no 31/02"),
        ("31 February", "no 31 February"),
        ("by 31 April", "no 31 April"),
        ("29/2/2026", "28 days"),
        ("2026-02-30", "28 days"),
        ("0 March", "no 0 March"),
        ("3/17/2026", "17 March"),
        ("32/13/2026", "no date"),
        ("17/3/0000", "too far"),
        ("17/3/1901", "too far"),
        ("Fri 21", "is a Saturday"),
        ("Friday 17 March", "is a Tuesday, not a Friday"),
        ("Monday the 17th", "Tuesday"),
        ("Wednesday", "Today is a Wednesday"),
        ("next week", "not one day"),
        ("by March", "not one day"),
        ("mid-March", "not one day"),
        ("in 5 working days", "Working days"),
        ("in 9999 weeks", "too far"),
        ("the 45th", "no day 45"),
    ],
)
def test_what_is_no_day_is_asked_about(words: str, says: str) -> None:
    found, _, problem = day_in(words, TODAY)

    assert found is None
    assert problem is not None and says in problem


@pytest.mark.parametrize(
    "words",
    [
        "",
        "she sat down and may march on",
        "24/7 in use",
        "on the 2nd floor",
        "half of it, 1/2 of all",
        "Friday's rota",
        "£17.30 was paid",
        "version 2.3.4.5",
        "2-3 people",
        "second letter sent",
        "call 01234 567890",
        "the sun shone",
        "we wed",
        "a week of trouble",
        "10:30",
        "she said in May that all was well and",
    ],
)
def test_other_words_name_no_day(words: str) -> None:
    assert day_in(words, TODAY) == (None, words, None)


def test_only_the_words_of_the_day_can_be_had() -> None:
    assert day_words("we agreed on 3 April, at last") == "3 April"
    assert day_words("by the end of March please") == "end of March"
    assert day_words("no day here") is None


@pytest.mark.parametrize(
    ("words", "meant", "rest"),
    [
        ("10:30", time(10, 30), ""),
        ("10.30", time(10, 30), ""),
        ("2pm", time(14), ""),
        ("2 pm", time(14), ""),
        ("2 p.m.", time(14), ""),
        ("2.30pm Room 5", time(14, 30), "Room 5"),
        ("12pm", time(12), ""),
        ("12am", time(0), ""),
        ("at 10:30, Room 2", time(10, 30), "Room 2"),
        ("2:30 the library", time(14, 30), "the library"),
        ("02:30", time(2, 30), ""),
        ("14.30", time(14, 30), ""),
        ("1430hrs the library", time(14, 30), "the library"),
        ("half past two", time(14, 30), ""),
        ("half two", time(14, 30), ""),
        ("quarter to 11", time(10, 45), ""),
        ("quarter past nine in Room 3", time(9, 15), "in Room 3"),
        ("10 o'clock, main hall", time(10), "main hall"),
        ("noon", time(12), ""),
        ("midday at the cafe", time(12), "at the cafe"),
        ("Room 2 at 10", time(10), "Room 2"),
        ("2-3pm library", time(14), "until 3pm library"),
        ("10-2pm library", time(10), "until 2pm library"),
        ("10:30-11:30 Room 2", time(10, 30), "11:30 Room 2"),
    ],
)
def test_a_time_is_read_as_it_is_meant(words: str, meant: time, rest: str) -> None:
    assert time_in(words) == (meant, rest)


@pytest.mark.parametrize("words", ["", "Room 2", "25:30", "£10.30", "at 2 High Street", "17.03.26", "10.75", "at 99"])
def test_other_words_name_no_time(words: str) -> None:
    assert time_in(words) == (None, words)


@pytest.mark.parametrize(
    "hostile",
    ["1/", "by ", "the ", "17 ", "March ", " ", "a week on ", "Friday ", "17 March ", "1", "twenty ", "10.30 "],
)
def test_a_megabyte_of_anything_is_read_within_a_second(hostile: str) -> None:
    text = hostile * (1_000_000 // len(hostile))
    start = clock.process_time()

    day_in(text, TODAY)
    time_in(text)
    day_words(text)

    assert clock.process_time() - start < MUCH
