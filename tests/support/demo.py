"""`complaintmail demo` run as a newcomer runs it, and what it has said."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 180


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "complaintmail", "demo", *words]


def environment(place: Path) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(place), "TZ": "Europe/London"}


@dataclass(frozen=True)
class Seen:
    """A demonstration that has ended."""

    out: str
    err: str
    code: int
    folder: Path

    def config(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / "config.toml").read_text(encoding="utf-8"))

    def told(self, heading: str) -> str:
        """What is said of one mail, as one line."""
        blocks = [" ".join(block.split()) for block in self.out.split("\n\n")]
        (found,) = [block for block in blocks if heading in block]
        return found

    def commands(self) -> list[str]:
        return [line.strip() for line in self.out.splitlines() if " --config " in line]


def too_wide(out: str, columns: int, folder: str) -> list[str]:
    """The lines that do not fit, but for commands to copy: how long those are is up to where this lies."""
    copied = (sys.executable, folder)
    return [line for line in out.splitlines() if len(line) > columns and not any(path in line for path in copied)]


def see(place: Path, *words: str) -> Seen:
    done = subprocess.run(
        command(*words), capture_output=True, text=True, timeout=SECONDS, check=False, env=environment(place)
    )
    (folder,) = [*place.glob("complaints-*"), *place.glob("kept")]
    return Seen(done.stdout, done.stderr, done.returncode, folder)
