"""A letter's file: headers on top, a blank line, then the words.

    Subject: We have received your complaint [{{ case.reference }}]
    Description: goes out when a complaint arrives

    Dear …

Owns reading it, with the line on which things stand. A file that is too big, not UTF-8, or has no subject is a
LetterError that names file and line. Files whose name begins with `_` are pieces of letters and have no headers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from complaintmail.errors import LetterError

BIGGEST = 32_768
HEADERS = ("Subject", "Description")

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_HEADER = re.compile(r"([A-Za-z-]+)[ \t]*:[ \t]*(.*)")


@dataclass(frozen=True, slots=True)
class LetterFile:
    """What stands in one file. `words_at` is the line on which the words begin, counted from 1."""

    name: str  # for people: "packaged acknowledgement.md", "/etc/…/acknowledgement.md"
    subject: str
    subject_at: int
    description: str
    words: str
    words_at: int


def read_text(path: Path, name: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError as failed:
        raise LetterError(f"{name}: cannot be read: {failed.strerror or failed}") from failed
    if len(raw) > BIGGEST:
        raise LetterError(f"{name}: is {len(raw)} bytes; a letter may have {BIGGEST}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as failed:
        line = raw.count(b"\n", 0, failed.start) + 1
        raise LetterError(f"{name}:{line}: is not UTF-8; save the file as UTF-8") from failed
    text = text.replace("\r\n", "\n")
    control = _CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        raise LetterError(f"{name}:{line}: holds a control character (U+{ord(control.group()):04X})")
    return text


def read_piece(path: Path, name: str) -> LetterFile:
    return LetterFile(name, "", 0, "", read_text(path, name), 1)


def read_letter(path: Path, name: str) -> LetterFile:
    text = read_text(path, name)
    head, blank, words = text.partition("\n\n")
    if not blank or not words.strip():
        raise LetterError(f"{name}: needs its headers (Subject: …), a blank line, then the words")
    found: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(head.split("\n"), 1):
        header = _HEADER.fullmatch(line)
        if header is None:
            raise LetterError(f'{name}:{number}: is not a header ("Subject: …"); a blank line ends the headers')
        known = next((each for each in HEADERS if each.lower() == header[1].lower()), None)
        if known is None:
            near = (get_close_matches(header[1].title(), HEADERS, n=1, cutoff=0.0) or HEADERS)[0]
            raise LetterError(f"{name}:{number}: there is no header {header[1]}; did you mean {near}?")
        if known in found:
            raise LetterError(f"{name}:{number}: {known} stands here a second time")
        found[known] = (header[2].strip(), number)
    subject, subject_at = found.get("Subject", ("", 1))
    if not subject:
        raise LetterError(f"{name}:{subject_at}: needs a Subject")
    return LetterFile(name, subject, subject_at, found.get("Description", ("", 0))[0], words, head.count("\n") + 3)
