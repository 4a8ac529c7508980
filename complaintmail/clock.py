"""Time. The only place that reads the machine's clock; everything else is handed `now`."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol

JUMP = 1800.0  # seconds: no drift, no leap second, and no pause between two looks is as long
STEADY_FOR = 600.0  # after a jump, so long without another


class Clock(Protocol):
    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


class SystemClock:
    """The wall clock, in UTC with microseconds."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class Pace:
    """Does the wall clock go as fast as time does? What is said on a certain day waits while it has just been set to
    another one: it may be set back, and what was said cannot be."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: tuple[datetime, float] | None = None
        self._until = float("-inf")

    def jumped(self) -> float | None:
        """By how many seconds it was set since we last looked; None where it was not."""
        now, passed = self._clock.now(), self._clock.monotonic()
        last, self._last = self._last, (now, passed)
        if last is None:
            return None
        by = (now - last[0]).total_seconds() - (passed - last[1])
        if abs(by) < JUMP:
            return None
        self._until = passed + STEADY_FOR
        return by

    @property
    def steady(self) -> bool:
        return self._clock.monotonic() >= self._until
