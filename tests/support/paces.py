"""How long a test waits for a server: with patience where an answer comes, briefly where silence itself is the fault.

A brief wait can cut off what only came late on a busy machine. So a silence is met at several paces, and what the test
says must be so at one of them.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from complaintmail.errors import ComplaintmailError

PATIENCE = 90.0  # seconds: what comes early costs nothing
HUNG = 45.0  # seconds; whatever took so long hung
MUCH = 10.0  # seconds of processor time: what is linear in a megabyte takes about one, what is not takes hours
PACES = (0.5, 3.0, 15.0)
_SILENT = ("silence", "slow", "drip", "hang", "never")


def is_silence(fault: str) -> bool:
    return any(word in fault for word in _SILENT)


def met(fault: str, attempt: Callable[[float], object]) -> None:
    """Call `attempt` with the seconds that an answer may take."""
    if not is_silence(fault):
        attempt(PATIENCE)
        return
    for pace in PACES[:-1]:
        try:
            attempt(pace)
        except (AssertionError, ComplaintmailError, OSError, pytest.fail.Exception):
            continue
        return
    attempt(PACES[-1])
