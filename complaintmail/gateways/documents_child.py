"""The process in which a PDF is read: the file from standard input, its words out as UTF-8, then gone.

Its limits are its own first act: memory, processor time, no file larger than nothing, no connection and no further
process. Exit 1 when there are no words: it is scanned, locked, broken, or takes too long.
"""

from __future__ import annotations

import io
import resource
import sys
from typing import BinaryIO

MOST_PAGES = 60
LONGEST = 200_000  # characters


def main() -> int:
    memory_mb, seconds = int(sys.argv[1]), int(sys.argv[2])
    _limit(memory_mb * 1024 * 1024, seconds)
    try:
        words = _words(sys.stdin.buffer)
    except Exception:  # the library's own, or memory that ran out: either way there are no words
        return 1
    if not words.strip():
        return 1
    sys.stdout.buffer.write(words.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
    return 0


def _words(source: BinaryIO) -> str:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(source.read()), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return ""
    said: list[str] = []
    length = 0
    for number, page in enumerate(reader.pages):
        if number == MOST_PAGES or length > LONGEST:
            break
        said.append(page.extract_text())
        length += len(said[-1])
    return "\n".join(said)[:LONGEST]


def _limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event: str, _: object) -> None:
    """The library loads parts of itself when it needs them, so files may be opened; nothing else may be reached."""
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "ctypes.")):
        raise PermissionError(event)


if __name__ == "__main__":
    sys.exit(main())
