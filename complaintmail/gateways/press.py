"""The press: a letter's page and data become a PDF, in a process of its own.

Owns that process and its guard: typst runs apart, with limits on time and memory and with no file and no network in
reach, and gets nothing of ours but the letter. It starts with the first letter and stays for the next ones, so that a
batch costs milliseconds each. Promises: `pdf` returns within a little more than `seconds` or raises PaperError;
whatever became of the process, the next letter finds a new one. Use it in a `with`, or `close` it.
"""

from __future__ import annotations

import contextlib
import json
import math
import subprocess
import sys
import threading
from types import TracebackType
from typing import Any, Self

from complaintmail.errors import PaperError
from complaintmail.gateways.child import environment
from complaintmail.gateways.ports import UnknownGlyphs

LARGEST_PDF = 32 * 1024 * 1024
LONGEST_ANSWER = 8 * 1024 * 1024
LETTERS_EACH = 50  # a process keeps what it worked out; after so many a fresh one takes its place


class ChildPress:
    """A press in a child process. One thread owns it."""

    def __init__(self, *, seconds: float = 30, memory_mb: int = 512) -> None:
        self._seconds, self._memory_mb = seconds, memory_mb
        self._child: subprocess.Popen[bytes] | None = None
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, it: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        child, self._child, self._done = self._child, None, 0
        if child is not None:
            with contextlib.suppress(OSError):
                child.kill()
            child.communicate()

    def pdf(self, page: str, data: str, at: int) -> bytes:
        asked = json.dumps({"page": page, "data": data, "at": at}).encode("ascii") + b"\n"
        if self._done >= LETTERS_EACH:
            self.close()
        self._done += 1
        try:
            answer, made = self._ask(asked)
        except BaseException:
            self.close()
            raise
        problem = answer.get("problem")
        if problem is None:
            return made
        unknown = answer.get("unknown")
        if isinstance(unknown, list) and unknown:
            raise UnknownGlyphs(tuple(str(each) for each in unknown))
        raise PaperError(f"The letter cannot be set: {' '.join(str(problem).split())[:300]}")

    def _ask(self, asked: bytes) -> tuple[dict[str, Any], bytes]:
        child = self._child = self._child or self._started()
        late = threading.Event()

        def stop() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(self._seconds, stop)
        timer.daemon = True
        timer.start()
        assert child.stdin is not None and child.stdout is not None
        try:
            with contextlib.suppress(BrokenPipeError):  # its answer says why, or that there is none
                child.stdin.write(asked)
                child.stdin.flush()
            line = child.stdout.readline(LONGEST_ANSWER)
            answer = json.loads(line) if line.endswith(b"\n") else None
            size = answer.get("size") if isinstance(answer, dict) else None
            made = child.stdout.read(size) if isinstance(size, int) and 0 <= size <= LARGEST_PDF else None
        except ValueError:
            answer = made = None
        finally:
            timer.cancel()
        if late.is_set():
            raise PaperError(f"Setting the letter took more than {self._seconds:g} seconds and was stopped.")
        if not isinstance(answer, dict) or made is None or len(made) != size:
            raise PaperError("Setting the letter broke off: memory or processor time ran out.")
        if "problem" not in answer and not made.startswith(b"%PDF-"):
            raise PaperError("What was set of the letter is no PDF.")
        return answer, made

    def _started(self) -> subprocess.Popen[bytes]:
        limits = [str(self._memory_mb), str(math.ceil(self._seconds))]
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "complaintmail.gateways.press_child", *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=environment(),
            start_new_session=True,
        )
