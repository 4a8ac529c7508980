"""A process of its own for what reads or sets strangers' bytes: it holds nothing of ours and cannot outlive its time.

Owns how such a process starts and what it may know. The limits that it sets itself (memory, files, connections) stand
with each child, since they differ.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def environment() -> dict[str, str]:
    """Nothing of ours but where Python finds its modules: no secrets in reach of what a stranger sent."""
    found = [str(Path(entry).resolve()) for entry in sys.path if entry]
    return {"PYTHONPATH": os.pathsep.join(found), "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"}


def answer_of(module: str, arguments: Sequence[str], data: bytes, seconds: float) -> bytes | None:
    """What this module makes of the data in a process of its own; None when it failed or took longer."""
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=environment(),
        start_new_session=True,
    )
    try:
        answer, _ = child.communicate(data, timeout=seconds)
    except (subprocess.TimeoutExpired, OSError):
        return None
    finally:
        with contextlib.suppress(OSError):
            child.kill()
        child.communicate()
    return None if child.returncode else answer
