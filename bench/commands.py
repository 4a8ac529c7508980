"""How long the commands that read take, as a user waits for them: the whole process, the best of five, warm.

    python bench/commands.py [--cases 10000] [--keep FOLDER] [--runs 5] [--only WORDS]

Builds a casebook of so many cases through the program's own store (a minute or so; --keep to use it again), then runs
each command with its output into a file. Exit 1 when one takes longer than 0.3 s.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from complaintmail.store.journal import RawFiles  # noqa: E402
from tests.support.casebooks import casebook, settings_for  # noqa: E402

LIMIT = 0.3
COMMANDS = (
    "log",
    "log --format json",
    "log --format csv",
    "log --status closed --since 2026-05-01 --format json",
    "log --policy cms --text nothing-of-that-kind --format json",
    "messages",
    "messages --format json",
    "messages --case CMS-2026-000007 --format json",
    "show cms-2026-000007",
    "show cms-2026-000007 --format json",
    "due",
    "due --format json",
    "outbox",
    "outbox --format json",
    "status",
    "status --format json",
)


def main() -> int:
    words = argparse.ArgumentParser()
    words.add_argument("--cases", type=int, default=10_000)
    words.add_argument("--keep", type=Path)
    words.add_argument("--runs", type=int, default=5)
    words.add_argument("--only", default="")
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        config = folder / "config.toml"
        if not config.exists():
            began = time.perf_counter()
            url = f"sqlite:///{folder.resolve()}/casebook.db"
            with casebook(url, RawFiles(folder / "raw", 2_000_000), given.cases):
                pass
            config.write_text(settings_for(url))
            print(f"built {given.cases} cases in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        return report(config, given.runs, given.only)


def report(config: Path, runs: int, only: str) -> int:
    slow = 0
    print(f"{'wall':>6} {'CPU':>6} {'MB':>5}  command")
    for command in (command for command in COMMANDS if only in command):
        wall, cpu, memory = min(once(config, command.split()) for _ in range(runs))
        slow += wall > LIMIT
        print(f"{wall:6.3f} {cpu:6.3f} {memory:5.0f}  {command}{'   over the limit' if wall > LIMIT else ''}")
    return 1 if slow else 0


def once(config: Path, command: list[str]) -> tuple[float, float, float]:
    """Seconds on the wall and of CPU, and megabytes, for one whole process."""
    program = Path(sys.executable).with_name("complaintmail")
    words = [str(program)] if program.exists() else [sys.executable, "-m", "complaintmail"]
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        child = subprocess.Popen([*words, "--config", str(config), *command], stdout=out, stderr=subprocess.DEVNULL)
        _, _, used = os.wait4(child.pid, 0)
        return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
