"""A wall clock that was set: nothing timed is said until it is steady again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from complaintmail.clock import Pace

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


class Hands:
    """A clock whose wall and inner time go as a test says."""

    def __init__(self) -> None:
        self.wall, self.inner = NOON, 100.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.inner

    def go(self, seconds: float, *, set_by: float = 0.0) -> None:
        self.inner += seconds
        self.wall += timedelta(seconds=seconds + set_by)


@pytest.mark.parametrize("days", [400, -400])
def test_f47_after_a_jump_what_is_timed_waits_until_the_clock_was_steady_for_a_while(days: int) -> None:
    clock = Hands()
    pace = Pace(clock)
    before = (pace.jumped(), pace.steady)

    clock.go(60, set_by=days * 86400)
    assert (pace.jumped(), pace.steady) == (days * 86400, False)
    clock.go(540)
    assert (pace.jumped(), pace.steady) == (None, False)
    clock.go(60)

    assert (pace.jumped(), pace.steady) == (None, True)
    assert before == (None, True)


def test_f47_set_back_in_time_it_waits_anew() -> None:
    clock = Hands()
    pace = Pace(clock)
    pace.jumped()
    clock.go(60, set_by=3600)
    pace.jumped()
    clock.go(500, set_by=-3600)

    assert pace.jumped() == -3600
    clock.go(500)
    assert not pace.steady


@pytest.mark.parametrize(("seconds", "set_by"), [(60, 0), (60, 1), (60, -1), (7200, 0), (60, 1700)])
def test_time_that_goes_by_is_no_jump(seconds: float, set_by: float) -> None:
    """Nor is a long pause between two looks, nor a correction of some minutes."""
    clock = Hands()
    pace = Pace(clock)
    pace.jumped()

    clock.go(seconds, set_by=set_by)

    assert (pace.jumped(), pace.steady) == (None, True)
