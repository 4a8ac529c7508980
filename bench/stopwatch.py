"""Seconds on the wall and of CPU, and how a measured process talks with the benchmark: a line of JSON at a time."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[1]


class Stopwatch:
    """Begins when it is made. CPU is that of this process, all its threads and the processes it has ended."""

    def __init__(self) -> None:
        self._cpu = _cpu()
        self._began = time.perf_counter()

    def read(self) -> dict[str, float]:
        return {"seconds": time.perf_counter() - self._began, "cpu": _cpu() - self._cpu}


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def say(**words: Any) -> None:
    print(json.dumps(words), flush=True)


def wait_for_word() -> dict[str, Any]:
    """Whatever the benchmark has to say; it is over when nothing comes any more."""
    line = sys.stdin.readline()
    if not line:
        sys.exit(1)
    said: dict[str, Any] = json.loads(line)
    return said


class Measured:
    """A process being measured: `hear` what it says, `tell` it to go on."""

    def __init__(self, module: str, settings: Mapping[str, Any], *, log: Path) -> None:
        self.name, self.log = module, log
        self._errors = log.open("wb")
        # The kernel ends it when the benchmark dies, however it dies.
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", module, json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        self.pid = self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            raise RuntimeError(f"{self.name} ended:\n{self.log.read_text(errors='replace')[-3000:]}")
        said: dict[str, Any] = json.loads(line)
        return said

    def tell(self, **words: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()


def wait_for(program: Sequence[str], **more: Any) -> tuple[int, float, float, float]:
    """A program from start to end: its exit code, seconds, CPU seconds, and its highest memory in MB."""
    began, highest = time.perf_counter(), 0.0
    child = subprocess.Popen(program, cwd=ROOT, stdout=subprocess.DEVNULL, **more)
    while True:
        pid, status, used = os.wait4(child.pid, os.WNOHANG)
        if pid:
            break
        # Not ru_maxrss, which begins with what this process had when it was forked from it.
        highest = max(highest, memory(child.pid, "VmHWM"))
        time.sleep(0.005)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, time.perf_counter() - began, used.ru_utime + used.ru_stime, highest


def memory(pid: int, key: str) -> float:
    """VmRSS or VmHWM of a process, in MB; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{key}:")), 0.0)
