"""The daemon as a process of its own, as it is installed, and how much memory it and its children hold."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Self

from bench.stopwatch import ROOT, memory

OFTEN = 0.003  # seconds between two looks


class RunningDaemon:
    """`complaintmail run`; `resident()` is what it and its children hold now, in MB."""

    def __init__(self, config: Path) -> None:
        self._log = config.with_name("daemon.log").open("wb")
        # The kernel ends it when the benchmark dies, however it dies.
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "complaintmail", "--config", str(config), "run"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        self.pid = self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def resident(self) -> float:
        return sum(memory(pid, "VmRSS") for pid in _tree(self.pid))

    def settled(self, seconds: float = 2.0) -> float:
        """What it holds once that has not changed for a while."""
        before, since = self.resident(), time.monotonic()
        while time.monotonic() - since < seconds:
            time.sleep(0.1)
            now = self.resident()
            if abs(now - before) > 0.2:
                before, since = now, time.monotonic()
        return before


class Peak:
    """The most that a process and its children held together while this was open."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.megabytes = 0.0
        self._done = threading.Event()
        self._looking = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        Path(f"/proc/{self._pid}/clear_refs").write_text("5")  # the kernel forgets the highest mark so far
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._looking.join()
        self.megabytes = max(self.megabytes, memory(self._pid, "VmHWM"))

    def _look(self) -> None:
        while not self._done.wait(OFTEN):
            self.megabytes = max(self.megabytes, sum(memory(pid, "VmRSS") for pid in _tree(self._pid)))


def _tree(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += [int(child) for child in path.read_text().split()]
            except OSError:
                continue  # that thread is gone
    return found
