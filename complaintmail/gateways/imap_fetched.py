"""What a FETCH answered, read from imaplib's records: UID, size, date and body of each mail that was named.

Answers about mails that were not asked for, and answers without a UID, are passed over: servers add both unasked. The
bytes of the literal are the mail, whatever RFC822.SIZE says. Anything that cannot be read at all is `Garbled`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

_FLAGS = re.compile(rb"\bFLAGS \([^)]*\)", re.IGNORECASE)
_UID = re.compile(rb"[( ]UID (\d+)", re.IGNORECASE)
_SIZE = re.compile(rb"[( ]RFC822\.SIZE (\d+)", re.IGNORECASE)
_DATE = re.compile(rb'[( ]INTERNALDATE "([^"]*)"', re.IGNORECASE)
_BODY = re.compile(rb'[( ]BODY\[\](?:<\d+>)? (\x00|NIL|"([^"]*)")', re.IGNORECASE)
_INTERNALDATE = re.compile(rb"\s*(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$")
_MONTHS = {name: number for number, name in enumerate(b"jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


class Garbled(ValueError):
    """The answer is not IMAP."""


@dataclass(slots=True)
class Answer:
    """What was said of one mail. `body` None: not said, or NIL."""

    uid: int
    size: int | None = None
    date: bytes | None = None
    body: bytes | None = None


def answers(records: Sequence[bytes | tuple[bytes, bytes]]) -> Iterator[Answer]:
    """One answer for each FETCH response that has a UID."""
    words: list[bytes] = []
    literals: list[bytes] = []
    for record in records:
        if isinstance(record, tuple):
            words += (record[0][: record[0].rfind(b"{")], b"\x00")
            literals.append(record[1])
            continue
        words.append(record)
        answer = _answer(b"".join(words), literals)
        if answer is not None:
            yield answer
        words, literals = [], []
    if words:
        raise Garbled("a FETCH answer broke off")


def _answer(text: bytes, literals: list[bytes]) -> Answer | None:
    if not text.rstrip().endswith(b")"):
        raise Garbled("a FETCH answer does not close")
    if text.count(b"\x00") != len(literals):
        raise Garbled("a FETCH answer holds a NUL")
    if b"FLAGS" in text.upper():
        text = _FLAGS.sub(b"", text)
    uid = _UID.search(text)
    if uid is None:
        return None
    answer = Answer(int(uid[1]))
    size, date, body = _SIZE.search(text), _DATE.search(text), _BODY.search(text)
    if size is not None:
        answer.size = int(size[1])
    if date is not None:
        answer.date = date[1]
    if body is not None and body[1] == b"\x00":
        before = text.count(b"\x00", 0, body.start(1))
        answer.body = literals[before]
    elif body is not None and body[2] is not None:
        answer.body = body[2]
    return answer


def when(internaldate: bytes | None) -> datetime | None:
    """INTERNALDATE as an aware datetime; None for what is no date."""
    found = _INTERNALDATE.match(internaldate or b"")
    if found is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    offset = 60 * int(hours) + int(minutes)
    zone = UTC if not offset else timezone(timedelta(minutes=-offset if sign == b"-" else offset))
    try:
        return datetime(
            int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute), min(int(second), 59), tzinfo=zone
        )
    except (KeyError, ValueError):
        return None
