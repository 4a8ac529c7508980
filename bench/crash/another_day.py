"""The program on another day: `python -m bench.crash.another_day SECONDS run --once` is `complaintmail run --once` with
the clock so many seconds ahead. Nothing but the clock is changed; it goes on from there as time does.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from complaintmail.cli import main
from complaintmail.clock import SystemClock


def put_forward(seconds: float) -> None:
    """From now on this process lives so many seconds ahead."""
    ahead = timedelta(seconds=seconds)

    def now(_: SystemClock) -> datetime:
        return datetime.now(UTC) + ahead

    setattr(SystemClock, "now", now)  # noqa: B010 — so that mypy lets it be


if __name__ == "__main__":
    put_forward(float(sys.argv[1]))
    main(sys.argv[2:])
