"""Where a program ends in the middle, in the process of the test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from complaintmail.gateways.ports import Outcome, Outgoing
from complaintmail.wiring import smtp_postbox

pytestmark = pytest.mark.stack

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Cut(BaseException):
    """The program ends here, as if killed: nothing catches it."""


class CutAfterAcceptance:
    """The real way out, that ends the program when the server has taken the letter and nothing is written yet."""

    def __init__(self, box: Any) -> None:
        self._real = smtp_postbox(box)

    def send(
        self,
        letters: Sequence[Outgoing],
        *,
        may_send: Callable[[str], bool],
        done: Callable[[Outcome], None],
    ) -> None:
        self._real.send(letters, may_send=may_send, done=lambda _: None)
        raise Cut

    def check(self) -> str:
        return self._real.check()

    def close(self) -> None:
        self._real.close()
