"""What a person is told at the start of their day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from complaintmail.cases.digest import (
    DUE_SOON,
    MOST,
    NEW,
    NO_DATE,
    OVERDUE,
    RELEASED,
    TODAY,
    WAITING,
    DigestCase,
    DigestDuty,
    Released,
    digest,
    digest_due,
)  # fmt: skip
from complaintmail.cases.people import Person
from complaintmail.policy.calendar import WorkingCalendar
from complaintmail.policy.policy import Nation

DANA = Person("Dana Director", "Dana@staff.test", away=((date(2026, 11, 26), date(2026, 11, 27)),))
NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)  # a Friday
CASE = DigestCase(
    "CMS-2026-000012", "cms", "complaint", "new", "The course", "Jane Doe", datetime(2026, 11, 19, 15, tzinfo=UTC), True
)
DUTY = DigestDuty(
    "CMS-2026-000012", "cms", "respond", "CMS-1.3a", datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC),
    "The course", "", "Jane Doe",
)  # fmt: skip
LETTER = Released(NOW, "news@shop.test", "Autumn offers", "bulk", ("it came through a mailing list",))


def told(*things: DigestCase | DigestDuty | Released, **more: object) -> dict[str, tuple[str, ...]]:
    found = digest(
        DANA,
        NOW,
        [thing for thing in things if isinstance(thing, DigestCase)],
        [thing for thing in things if isinstance(thing, DigestDuty)],
        released=[thing for thing in things if isinstance(thing, Released)],
        **more,  # type: ignore[arg-type]
    )
    return dict(found.sections) if found else {}


def due(words: str) -> DigestDuty:
    return replace(DUTY, due_at=datetime.fromisoformat(words).replace(tzinfo=UTC))


def test_where_there_is_nothing_to_say_nothing_is_said() -> None:
    assert digest(DANA, NOW, [], []) is None
    assert digest(DANA, NOW, [replace(CASE, new=False, status="open")], [due("2026-12-24T23:59:59")]) is None


@pytest.mark.parametrize(
    ("last_moment", "heading", "words"),
    [
        ("2026-11-19T23:59:59", OVERDUE, "was due Thursday 19 November (yesterday)"),
        ("2026-11-20T08:29:59", OVERDUE, "was due Friday 20 November (today)"),
        ("2026-11-20T23:59:59", TODAY, "due Friday 20 November (today)"),
        ("2026-11-21T23:59:59", DUE_SOON, "due Saturday 21 November (tomorrow)"),
        ("2026-11-24T23:59:59", DUE_SOON, "due Tuesday 24 November"),
    ],
)
def test_what_is_owed_stands_under_its_urgency_with_its_date(last_moment: str, heading: str, words: str) -> None:
    assert told(due(last_moment)) == {heading: (f"CMS-2026-000012, Jane Doe, “The course”: answer it, {words}",)}


def test_what_is_due_on_the_third_working_day_can_wait() -> None:
    assert told(due("2026-11-25T23:59:59")) == {}


def test_working_days_are_those_of_the_case_s_policy() -> None:
    closed = WorkingCalendar(Nation.ENGLAND_WALES, [(date(2026, 11, 23), date(2026, 11, 24), "closed")])

    assert list(told(due("2026-11-26T23:59:59"), calendars={"cms": closed})) == [DUE_SOON]
    assert told(due("2026-11-26T23:59:59"), calendars={"ace": closed}) == {}


def test_a_duty_without_a_date_is_told_until_its_case_waits_for_somebody() -> None:
    undated = replace(DUTY, due_at=None)

    assert list(told(undated)) == [NO_DATE]
    assert told(replace(undated, status="waiting")) == {}


def test_new_and_waiting_cases_and_mails_let_go_stand_in_this_order() -> None:
    waiting = replace(CASE, reference="CMS-2026-000001", status="waiting", new=False)
    sections = told(LETTER, waiting, CASE, DUTY)

    assert list(sections) == [DUE_SOON, NEW, WAITING, RELEASED]
    assert sections[NEW] == ("CMS-2026-000012, Jane Doe, “The course”: received Thursday 19 November (yesterday)",)
    assert sections[RELEASED] == (
        "“Autumn offers” from news@shop.test, Friday 20 November (today): a mailing to many, because it came through a "
        "mailing list",
    )


@pytest.mark.parametrize("thing", [CASE, DUTY, replace(CASE, status="waiting"), due("2026-11-01T00:00:00")])
def test_who_is_excluded_from_a_case_reads_nothing_of_it(thing: DigestCase | DigestDuty) -> None:
    assert told(thing) != {}
    assert told(replace(thing, excluded=frozenset({"dana@staff.test"}))) == {}


@pytest.mark.parametrize("thing", [CASE, DUTY, replace(DUTY, kind="attend", why="Jane Doe threatens to sue. Counted.")])
def test_a_restricted_case_names_nobody_and_quotes_nothing(thing: DigestCase | DigestDuty) -> None:
    (lines,) = told(replace(thing, restricted=True)).values()

    assert lines[0].startswith("CMS-2026-000012 (restricted): ")
    assert "Jane" not in lines[0] and "course" not in lines[0]


def test_a_board_reads_how_things_stand_and_not_whose_complaints_they_are() -> None:
    assert told(DUTY, names=False)[DUE_SOON] == ("CMS-2026-000012: answer it, due Tuesday 24 November",)


def test_what_was_put_before_a_person_says_why_without_its_counting() -> None:
    attend = replace(DUTY, kind="attend", reference=None, complainant="", subject="", why="it looks automatic. 2 days.")

    assert told(attend)[DUE_SOON] == (
        "A mail that is no case yet: look at it: it looks automatic, due Tuesday 24 November",
    )


@pytest.mark.parametrize("hostile", ["a\r\n\r\nOverdue\r\n- x", "\x1b[31mred", "‮evil", "x" * 1_000_000])
def test_what_others_wrote_stays_one_short_line(hostile: str) -> None:
    lines = [
        line
        for lines in told(replace(CASE, subject=hostile), replace(LETTER, subject=hostile)).values()
        for line in lines
    ]

    assert len(lines) == 2
    assert all(line.isprintable() and len(line) < 400 for line in lines)


def test_a_long_list_is_cut_and_the_rest_counted() -> None:
    lines = told(*[replace(LETTER, subject=f"No. {n}") for n in range(MOST + 7)])[RELEASED]

    assert len(lines) == MOST + 1 and lines[-1] == "and 7 more"


@pytest.mark.parametrize(
    ("last", "now", "is_due"),
    [
        (None, "2026-11-20T08:30", True),
        (None, "2026-11-20T08:29", False),
        (None, "2026-11-21T12:00", False),  # a Saturday
        ("2026-11-19T08:30", "2026-11-20T08:29", False),
        ("2026-11-19T08:30", "2026-11-20T08:30", True),
        ("2026-11-20T08:30", "2026-11-20T17:00", False),
        ("2026-11-02T08:30", "2026-11-20T16:00", True),  # after days without running: one, for today
        ("2026-11-25T08:30", "2026-11-26T09:00", False),  # away
        ("2026-11-25T08:30", "2026-11-30T09:00", True),
    ],
)
def test_a_digest_is_due_once_a_working_day_from_its_first_hour(last: str | None, now: str, is_due: bool) -> None:
    sent, at = (datetime.fromisoformat(words).replace(tzinfo=UTC) if words else None for words in (last, now))
    assert at is not None

    assert digest_due(DANA, sent, at, "Europe/London") is is_due
