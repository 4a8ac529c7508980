"""The process in which an odd mail is read: one mail from standard input or a file, one line of JSON out, then gone.

Its limits are its own first act: memory, processor time, no file larger than nothing, no further process.
"""

from __future__ import annotations

import io
import json
import math
import resource
import sys
from pathlib import Path


def main() -> int:
    asked = json.loads(sys.stdin.buffer.readline())
    _limit(int(asked["memory_mb"]), float(asked["seconds"]))
    from complaintmail.gateways.reader_wire import to_json
    from complaintmail.mail.read import read, read_file, read_skimmed
    from complaintmail.mail.skim import STRAIGHT, skim

    forms = frozenset(asked["forms"])
    if asked["path"]:
        message = read_file(Path(asked["path"]), forms=forms)
    else:
        raw = sys.stdin.buffer.read()
        small = len(raw) <= STRAIGHT
        message = read(raw, forms=forms) if small else read_skimmed(skim(io.BytesIO(raw)), forms=forms)
    sys.stdout.buffer.write(to_json(message) + b"\n")
    sys.stdout.buffer.flush()
    return 0


def _limit(memory_mb: int, seconds: float) -> None:
    memory = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    cpu = math.ceil(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
