"""Runs the whole suite over several processes; the few tests that failed in that crowd are tried again, alone.

Many tests drive real mail and database servers, and on a small machine a crowd of them can be starved of time. A test
that fails alone as well is broken: this ends with 1. One that passes alone is named in the last lines, for it waits
for too little or races, and wants mending. More than FEW failures are no accident and are not tried again.

    python tools/suite.py -n 3 …        # all that follows is pytest's
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FEW = 4
FAILED = 1  # pytest's word for "some tests failed"; anything else it ends with is worse, and final
LIST = Path(".pytest_cache/v/cache/lastfailed")


def failed() -> list[str]:
    try:
        return sorted(json.loads(LIST.read_text()))
    except (OSError, ValueError):
        return []


def pytest(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", "-q", *arguments], check=False).returncode


def main(arguments: list[str]) -> int:
    LIST.unlink(missing_ok=True)
    code = pytest(*arguments)
    names = failed()
    if code != FAILED or not 0 < len(names) <= FEW:
        return code
    print(f"\n{len(names)} failed among the others; tried again, alone:", *names, sep="\n  ", flush=True)
    code = pytest("-p", "no:xdist", "-p", "no:cacheprovider", *names)
    if code == 0:
        print(
            "Passed alone, failed in the crowd. They race or wait for too little and want mending:", *names, sep="\n  "
        )
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
