"""Raw mails out of files: single ones, folders of them, mbox files, a pipe; one after another, never all at once.

Promises: whatever lies there, each mail is given once, and what cannot be read is given as its reason, so that one bad
file never stops the rest. An mbox is split where a "From " line stands after an empty line (or first) and either looks
like one or has a header after it, so that such words in somebody's text do not cut their mail; the ">" that mbox files
put before such words is taken away again. Mails of an mbox are numbered from 1: `archive.mbox:12`.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LARGE = 16 * 1024 * 1024  # a mail of an mbox that is larger than this goes to a temporary file
LINE = 1024 * 1024
_SEPARATOR = re.compile(rb"From \S*.*\d{1,2}:\d\d")
_HEADER = re.compile(rb">?[!-9;-~]{1,100}:|>?From ")
_QUOTED = re.compile(rb">+From ")


@dataclass(frozen=True, slots=True)
class MailFile:
    """One raw mail: its bytes or the file that holds them; or why there is none."""

    path: str
    raw: bytes | Path = b""
    error: str | None = None


def mail_files(paths: Iterable[str], pipe: IO[bytes]) -> Iterator[MailFile]:
    """The mails of these files and folders, in the order of their names; `-` is the pipe."""
    for path in paths:
        if path == "-":
            yield from _piped(pipe, path)
        elif Path(path).is_dir():
            yield from _of_folder(Path(path))
        else:
            yield from _of_file(Path(path))


def _of_folder(folder: Path) -> Iterator[MailFile]:
    refused: list[OSError] = []
    for here, folders, files in os.walk(folder, onerror=refused.append):
        # Hidden folders are no mail, but for those of a Maildir; what lies in its tmp is not delivered yet.
        folders[:] = sorted(
            name
            for name in folders
            if (not name.startswith(".") or Path(here, name, "cur").is_dir())
            and not (name == "tmp" and "cur" in folders)
        )
        for name in sorted(files):
            path = Path(here, name)
            if not name.startswith(".") and (path.is_file() or path.is_symlink()):
                yield from _of_file(path)
    for failed in refused:
        yield MailFile(str(failed.filename), error=f"cannot be read: {failed.strerror}")


def _of_file(path: Path) -> Iterator[MailFile]:
    try:
        with path.open("rb") as file:
            if not path.is_file():  # a named pipe gives its bytes once
                yield from _piped(file, str(path))
                return
            if path.suffix.lower() != ".eml" and file.read(5) == b"From ":
                file.seek(0)
                for number, raw in enumerate(split_mbox(file), 1):
                    yield MailFile(f"{path}:{number}", raw)
                return
        yield MailFile(str(path), path)
    except OSError as failed:
        yield MailFile(str(path), error=f"cannot be read: {failed.strerror or failed}")


def _piped(pipe: IO[bytes], name: str) -> Iterator[MailFile]:
    start = pipe.read(5)
    if start == b"From ":
        for number, raw in enumerate(split_mbox(pipe, start), 1):
            yield MailFile(f"{name}:{number}", raw)
    else:
        yield MailFile(name, start + pipe.read())


def split_mbox(file: IO[bytes], start: bytes = b"") -> Iterator[bytes | Path]:
    """The mails of an mbox, each without its "From " line. A path is a temporary file, gone with the next mail."""
    mail = _Mail()
    empty, begun = True, False  # was the line before an empty one, and is there a mail yet?
    line = start + file.readline(LINE)
    whole = True  # does a line begin here, or go on?
    while line:
        after = file.readline(LINE)
        if whole and empty and line.startswith(b"From ") and (_SEPARATOR.match(line) or _HEADER.match(after)):
            if begun:
                yield from mail.finish()
            mail, begun = _Mail(), True
        else:
            mail.add(line[1:] if whole and _QUOTED.match(line) else line)
        empty = whole and line in (b"\n", b"\r\n")
        whole = line.endswith(b"\n")
        line = after
    if begun:
        yield from mail.finish()


class _Mail:
    """One mail as its lines come in."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._size = 0
        self._file: IO[bytes] | None = None

    def add(self, line: bytes) -> None:
        self._lines.append(line)
        self._size += len(line)
        if self._size > LARGE:
            if self._file is None:
                self._file = tempfile.NamedTemporaryFile(prefix="complaintmail-", suffix=".eml")  # noqa: SIM115
            self._file.writelines(self._lines)
            self._lines, self._size = [], 0

    def finish(self) -> Iterator[bytes | Path]:
        """The mail; the empty line that an mbox puts after it is not its own."""
        if self._lines and self._lines[-1] in (b"\n", b"\r\n"):
            self._lines.pop()
        if self._file is None:
            yield b"".join(self._lines)
            return
        with self._file as file:
            file.writelines(self._lines)
            file.flush()
            yield Path(file.name)
