"""Clocks that jump, and days that are odd (TRUST F47, F48). Mails are dated in days gone by, because Dovecot dates
none later than now.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.faults import Clock, complain, letters, post_of, rows, the_letter, told_of, unstaffed
from tests.support.mailstack import MailStack
from tests.support.office import Setup

pytestmark = pytest.mark.stack


def test_f47_the_clock_jumps_and_everybody_is_answered_once(tmp_path: Path, mailstack: MailStack) -> None:
    office = Setup(tmp_path, mailstack)
    people: list[str] = []
    clock = Clock()
    office.once(clock)
    for days in (0, 400, -800, 400):
        clock.later(days=days)
        people.append(complain(office))
        assert office.once(clock) == []
        office.once(clock.later(hours=1))
    for who in people:
        mailstack.wait_for(who, 1, seconds=10)
    assert [mailstack.count(who) for who in people] == [1, 1, 1, 1]
    assert len(letters(office)) == 4
    assert told_of(office) == [1, 2, 3, 4]


def test_f47_a_retry_set_by_a_clock_that_was_ahead_does_not_wait_for_it(tmp_path: Path, mailstack: MailStack) -> None:
    with post_of(mailstack, {"450_rcpt1": 1}) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        office.once()
        jane = complain(office)
        office.once(Clock().later(days=400))
        assert the_letter(office)["state"] == "queued"
        office.once(Clock().later(minutes=31))
        assert the_letter(office)["state"] == "sent"
        assert mailstack.count(jane) == 1


def test_f47_a_doubt_noted_by_a_clock_that_was_ahead_is_resolved(tmp_path: Path, mailstack: MailStack) -> None:
    with post_of(mailstack, {"drop_after_dot_rejected": 1}) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        office.once()
        jane = complain(office)
        office.once(Clock().later(days=400))
        clock = Clock()
        office.once(clock)
        assert len(post.envelopes) == 1
        office.once(clock.later(minutes=16))
        assert the_letter(office)["state"] == "sent"
        assert mailstack.count(jane) == 1


def test_f48_the_years_end_gives_each_mail_the_number_of_its_own_year(tmp_path: Path, mailstack: MailStack) -> None:
    midnight = datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC)
    office = Setup(tmp_path, mailstack)
    clock = Clock(midnight)
    office.once(clock)
    for seconds in (0, 0, 2, 3):
        complain(office, at=midnight + timedelta(seconds=seconds))
    office.once(clock.later(seconds=10))
    references = [row["reference"] for row in rows(office, "SELECT reference FROM cases ORDER BY id")]
    assert references == ["CMS-2025-000001", "CMS-2025-000002", "CMS-2026-000001", "CMS-2026-000002"]


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(datetime(2025, 10, 26, 0, 30, tzinfo=UTC), id="the hour that comes twice"),
        pytest.param(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), id="the hour that is left out"),
        pytest.param(datetime(2024, 2, 29, 12, 0, tzinfo=UTC), id="a leap day"),
    ],
)
def test_f48_odd_hours_answer_each_once_and_in_order(tmp_path: Path, mailstack: MailStack, moment: datetime) -> None:
    office = Setup(tmp_path, mailstack)
    clock = Clock(moment)
    office.once(clock)
    people = [complain(office, at=moment), complain(office, at=moment + timedelta(hours=1))]
    for _ in range(3):
        office.once(clock.later(hours=1))
    for who in people:
        mailstack.wait_for(who, 1, seconds=10)
    assert [mailstack.count(who) for who in people] == [1, 1]
    due = rows(office, "SELECT received_at, acknowledge_by FROM cases ORDER BY id")
    assert due[0]["received_at"] < due[1]["received_at"]
    assert due[0]["acknowledge_by"] <= due[1]["acknowledge_by"]


def test_f48_the_hosts_own_timezone_changes_no_date(tmp_path: Path, mailstack: MailStack) -> None:
    dates: set[str] = set()
    received = datetime(2026, 11, 18, 22, 30, tzinfo=UTC)
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        folder = tmp_path / zone.replace("/", "-")
        folder.mkdir()
        office = Setup(folder, mailstack)
        complain(office, at=received)
        office.run("run", "--once", env={**os.environ, "TZ": zone})
        (case,) = rows(office, "SELECT acknowledge_by FROM cases")
        dates.add(str(case["acknowledge_by"]))
    assert len(dates) == 1
