"""Reading mail so that no mail can stop the daemon.

Owns the decision where a mail is read: nearly every one here, after a first look at its bytes; an odd or very large one
in a process of its own with limits on memory, processor time and waiting, which is killed when it keeps none of them.
Promises: `read_guarded` returns a Message for every mail within a little more than `seconds`, never raises for what a
mail contains, and never lets reading use more than `memory_mb`. A mail that could not be read comes back salvaged, with
the reason in `error`.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import subprocess
import sys
import threading
from collections.abc import Collection
from pathlib import Path

from complaintmail.gateways.child import environment
from complaintmail.gateways.reader_wire import from_json
from complaintmail.mail import prescan
from complaintmail.mail.message import Message
from complaintmail.mail.read import SALVAGED, read, read_skimmed, salvage
from complaintmail.mail.skim import STRAIGHT, Skimmed, skim

LARGEST_ANSWER = 64 * 1024 * 1024
PROCESSOR_SECONDS = 10.0  # what no mail may need more of; a busy machine may take longer to give them


def read_guarded(
    raw: bytes | Path,
    *,
    seconds: float = 30,
    memory_mb: int = 400,
    force_child: bool = False,
    forms: Collection[str] = frozenset(),
    sha256: str | None = None,
) -> Message:
    """What this mail says. `force_child`: it has stopped us before, so it is not read here whatever it looks like.
    `sha256`: the hash of its bytes, where it is known."""
    if isinstance(raw, Path):
        return _read_path(raw, seconds, memory_mb, force_child, forms)
    if not force_child and len(raw) <= STRAIGHT and prescan.odd(raw) is None:
        return read(raw, forms=forms, sha256=sha256)
    if not force_child and len(raw) > STRAIGHT:
        skimmed = skim(io.BytesIO(raw))
        if prescan.odd(skimmed.raw) is None:
            return read_skimmed(skimmed, forms=forms)
    return _read_apart(raw, None, seconds, memory_mb, forms)


def _read_path(path: Path, seconds: float, memory_mb: int, force_child: bool, forms: Collection[str]) -> Message:
    if not force_child:
        with path.open("rb") as source:
            if path.stat().st_size <= STRAIGHT:
                return read_guarded(source.read(), seconds=seconds, memory_mb=memory_mb, forms=forms)
            skimmed = skim(source)
        if prescan.odd(skimmed.raw) is None:
            return read_skimmed(skimmed, forms=forms)
    return _read_apart(None, path, seconds, memory_mb, forms)


def _read_apart(
    raw: bytes | None, path: Path | None, seconds: float, memory_mb: int, forms: Collection[str]
) -> Message:
    asked = {
        "path": str(path) if path else None,
        "forms": sorted(forms),
        "seconds": min(seconds, PROCESSOR_SECONDS),
        "memory_mb": memory_mb,
    }
    answer, why = _ask(json.dumps(asked).encode("ascii") + b"\n", raw or b"", seconds)
    if not why:
        try:
            return from_json(answer)
        except (ValueError, KeyError, TypeError, AttributeError):
            why = "the process reading it gave no usable answer"
    return _salvaged(raw, path, why)


def _ask(asked: bytes, raw: bytes, seconds: float) -> tuple[bytes, str]:
    """Let a process of its own read; its answer, or why there is none."""
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "complaintmail.gateways.reader_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=environment(),
        start_new_session=True,
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        child.kill()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        assert child.stdin is not None and child.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(asked)
            child.stdin.write(raw)
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
        answer = child.stdout.read(LARGEST_ANSWER + 1)
    finally:
        timer.cancel()
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
    if late.is_set():
        return b"", f"reading took more than {seconds:g} s and was stopped"
    if len(answer) > LARGEST_ANSWER:
        return b"", "what was read of it is too large"
    if not answer.endswith(b"\n"):
        return b"", "reading broke off (memory or processor time ran out)"
    return answer, ""


def unread(raw: bytes | Path, why: str) -> Message:
    """A mail that is not to be read any more: what can be had of it without risk, and why."""
    return _salvaged(raw, None, why) if isinstance(raw, bytes) else _salvaged(None, raw, why)


def _salvaged(raw: bytes | None, path: Path | None, why: str) -> Message:
    if raw is not None:
        return salvage(raw, why)
    assert path is not None
    digest = hashlib.sha256()
    with path.open("rb") as source:
        head = source.read(SALVAGED)
        source.seek(0)
        size = 0
        while piece := source.read(1024 * 1024):
            digest.update(piece)
            size += len(piece)
    return salvage(head, why, Skimmed(head, size, digest.hexdigest()))
