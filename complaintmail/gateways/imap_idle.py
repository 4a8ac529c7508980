"""Waiting for mail: a bell that another thread can ring, and a memory of whether IDLE is worth saying."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable

SHORT = 2.0  # seconds; an IDLE that ends its connection sooner was not wanted
SHORT_IN_A_ROW = 3
LEFT_ALONE = 600.0  # seconds without IDLE after that


class Bell:
    """A pipe: what is written at one end wakes who polls the other. Closed, it opens again when it is next needed, and
    a ring in between is not forgotten: a mailbox whose server was away is waited for again."""

    def __init__(self) -> None:
        self._pipe: tuple[int, int] | None = None
        self._rung = False  # while there was no pipe
        self._lock = threading.Lock()

    @property
    def ear(self) -> int:
        with self._lock:
            return self._ends()[0]

    def _ends(self) -> tuple[int, int]:
        if self._pipe is None:
            self._pipe = os.pipe()
            for end in self._pipe:
                os.set_blocking(end, False)
            if self._rung:
                os.write(self._pipe[1], b"!")
                self._rung = False
        return self._pipe

    def ring(self) -> None:
        with self._lock:
            if self._pipe is None:
                self._rung = True
                return
            try:
                os.write(self._pipe[1], b"!")
            except BlockingIOError:
                pass  # rung often enough

    def rang(self) -> bool:
        """Was it rung since last asked?"""
        with self._lock:
            try:
                return bool(os.read(self._ends()[0], 4096))
            except BlockingIOError:
                return False

    def sleep(self, seconds: float) -> bool:
        """Until time is up or the bell rings; always False: nothing was seen to change."""
        poll = select.poll()
        poll.register(self.ear, select.POLLIN)
        poll.poll(max(0.0, seconds) * 1000)
        self.rang()
        return False

    def close(self) -> None:
        with self._lock:
            ends, self._pipe = self._pipe, None
            for end in ends or ():
                os.close(end)


class Naps:
    """Some servers offer IDLE and hang up on it. After a few such ends we sleep and ask instead, for a while."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.monotonic = monotonic
        self._short = 0
        self._not_before = 0.0

    @property
    def may_idle(self) -> bool:
        return self.monotonic() >= self._not_before

    def ended(self, began: float, *, lost: bool) -> None:
        if not lost:
            self._short = 0
        elif self.monotonic() - began < SHORT:
            self._short += 1
            if self._short >= SHORT_IN_A_ROW:
                self._not_before = self.monotonic() + LEFT_ALONE
                self._short = 0
