"""One item, one net: the one broad `except` of the program.

What goes wrong with one mail is told, kept with its reason, and does not stop the next. Whatever says that the
database or the disk is not to be had is not about the mail, and is let through.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import TypeVar

from complaintmail.errors import StoreError, TemporaryFailure

T = TypeVar("T")


def net(work: Callable[[], T]) -> tuple[T | None, str | None]:
    """What `work` gave, or why it failed, with where."""
    try:
        return work(), None
    except (StoreError, TemporaryFailure, MemoryError, OSError):
        raise
    except Exception as failure:
        where = traceback.extract_tb(failure.__traceback__)[-1]
        return None, f"{type(failure).__name__}: {failure} (in {where.name}, line {where.lineno})"
