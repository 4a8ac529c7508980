"""Kill points between the program and the kernel: before its nth write, sync, rename, unlink, truncate or send.

`record` runs the program once under strace and counts, for each of these calls, how many there are before the first
thing that matters (the database opened, a server connected to) and in all. A point (call, n) is a run in which the
kernel kills the program as it enters that call for the nth time; nothing in the program takes part in it.
"""

from __future__ import annotations

import re
import shutil
import signal
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench.crash.scene import Scene

CALLS = ("pwrite64", "write", "fsync", "fdatasync", "unlink", "rename", "ftruncate", "sendto")
# With PostgreSQL what counts is what was sent, and being killed after it, before the answer is read.
CALLS_WITH_A_SERVER = (*CALLS, "recvfrom")
BEYOND = 3  # runs differ by a few calls; so many more are tried than were recorded

_CALL = re.compile(r"(\d+) +(\w+)\((.*)")


@dataclass(frozen=True, slots=True)
class Point:
    """Killed as it enters `call` for the `nth` time."""

    call: str
    nth: int

    def __str__(self) -> str:
        return f"{self.call} {self.nth}"

    @property
    def wrapper(self) -> list[str]:
        """What to run one pass under: the one thread that works, and no child that sets a letter for it."""
        return self._under()

    @property
    def daemon_wrapper(self) -> list[str]:
        """What to run the daemon under: all its threads."""
        return self._under("-f")

    def _under(self, *more: str) -> list[str]:
        inject = f"inject={self.call}:signal=KILL:when={self.nth}"
        return ["strace", *more, "-qq", "-o", "/dev/null", "-e", f"trace={self.call}", "-e", inject]


@dataclass(frozen=True)
class Recording:
    """How often each call is made: before anything that matters, and in all."""

    before: Counter[str]
    total: Counter[str]

    def points(self) -> list[Point]:
        return [
            Point(call, nth)
            for call, times in sorted(self.total.items())
            for nth in range(self.before[call] + 1, times + 1 + BEYOND)
            if times > self.before[call]
        ]


def record(scene: Scene, calls: tuple[str, ...]) -> Recording:
    """Run the program once, unharmed, and read off its calls."""
    if not shutil.which("strace"):
        raise RuntimeError("the kill sweep needs strace: apt-get install strace")
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "calls"
        watched = ",".join((*calls, "connect", "openat", "execve"))
        ending = scene.run(["strace", "-f", "--seccomp-bpf", "-qq", "-o", str(log), "-e", f"trace={watched}"])
        if ending.code != 0:
            raise RuntimeError(f"the recording ended with {ending.code}: {ending.words}")
        return _read_off(log.read_text(errors="replace").splitlines(), calls)


def _read_off(lines: list[str], calls: tuple[str, ...]) -> Recording:
    before: Counter[str] = Counter()
    total: Counter[str] = Counter()
    begun = False
    threads: set[str] = set()
    children: set[str] = set()  # programs of their own: the press that sets a letter
    program = ""
    for line in lines:
        found = _CALL.match(line)
        if not found:
            continue
        thread, call, words = found.groups()
        program = program or thread
        if call == "execve" and thread != program:
            children.add(thread)
        if thread in children:
            continue
        begun = (
            begun or (call == "connect" and "AF_INET" in words) or (call == "openat" and "complaintmail.db" in words)
        )
        if call not in calls:
            continue
        total[call] += 1
        if begun:
            threads.add(thread)
        else:
            before[call] += 1
    if len(threads) > 1:
        raise RuntimeError(f"{len(threads)} threads write: strace counts each by itself, and points would be missed")
    return Recording(before, total)


def killed_by_strace(code: int) -> bool:
    return code in (-signal.SIGKILL, 128 + signal.SIGKILL)
