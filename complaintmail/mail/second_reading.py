"""The headers once more, as mail-parser reads them: dates, and what it finds odd.

Promises: mail-parser sees a message of a few headers and no body, within limits, and whatever it raises stays here.
Its date is ours; where it is strict, a date that people would still read is read. A sender that it reads otherwise than
we do is told as a defect, for mail that two programs read in two ways is how senders are forged.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message as Headers
from email.utils import parsedate_tz
from typing import Any

from mailparser import MailParser

from complaintmail.mail.message import Address

_ASKED = {"from": "From", "reply-to": "Reply-To", "date": "Date"}  # each costs 30 µs; no other would change a verdict
# A sender whom nobody could read in another way: words, then one address. Most are, and a mail costs less for it.
_MAILBOX = rb"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_PLAIN = re.compile(rb"[ \t]*(?:(?:[A-Za-z0-9'_-]+ )*<%b>|%b)[ \t]*" % (_MAILBOX, _MAILBOX))
_MOST_BYTES = 20_000
_MOST_FIELDS = 20

logging.getLogger("mailparser").setLevel(logging.ERROR)  # its warnings are about mail, which ours tell as defects


_Untyped: Any = MailParser  # mail-parser declares no types


class _Headers(_Untyped):  # type: ignore[misc]
    """Of its reading the part that is about headers; there is no body, and nobody asks for its table of values."""

    def parse(self) -> _Headers:
        self._reset()
        return self


@dataclass(frozen=True, slots=True)
class SecondReading:
    date: datetime | None = None
    defects: tuple[str, ...] = ()


def read_again(fields: tuple[tuple[str, bytes], ...], senders: tuple[Address, ...]) -> SecondReading:
    """The date, and the defects of a mail's headers."""
    asked = Headers()
    count = size = 0
    date: bytes | None = None
    for name, value in fields:
        written = _ASKED.get(name)
        if written is None:
            continue
        count += 1
        size += len(value)
        if count > _MOST_FIELDS or size > _MOST_BYTES:
            return SecondReading(_date_loosely(date), ("headers-read-once",))
        if name == "date" and date is None:
            date = value
        if name == "from" and _PLAIN.fullmatch(value):
            continue
        asked.set_raw(written, value.decode("ascii", "surrogateescape"))
    try:
        parser = _Headers(asked)
        moment = _moment(parser.date, parser.timezone)
        defects = _defects(parser, senders)
    except Exception as fault:  # it raises what its libraries raise; no mail is worth more than a note of it
        return SecondReading(_date_loosely(date), (f"second-reading-failed: {type(fault).__name__}",))
    if moment is None and date is not None:
        moment = _date_loosely(date)
        defects.append("date-read-loosely" if moment else "date-unreadable")
    return SecondReading(moment, tuple(defects))


def _defects(parser: _Headers, senders: tuple[Address, ...]) -> list[str]:
    found: list[str] = []
    if parser.has_defects:
        for defect in parser.address_header_defects + parser.date_header_defects:
            found.append(f"{defect['header']}: {defect['reason']}")
    theirs = {address.lower() for _, address in parser.from_ if "@" in address}
    ours = {sender.key for sender in senders if sender.address}
    if theirs and ours and not theirs <= ours:
        found.append("from-read-in-two-ways")
    return found


def _moment(value: datetime | None, offset: object) -> datetime | None:
    """Its date is in UTC, with the writer's offset in hours beside it."""
    if value is None:
        return None
    moment = value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        hours = float(str(offset))
        return moment.astimezone(timezone(timedelta(minutes=round(hours * 60)))) if hours else moment
    except (ValueError, OverflowError):
        return moment


def _date_loosely(raw: bytes | None) -> datetime | None:
    if not raw or len(raw) > 200 or raw.count(b"(") > 5:
        return None
    try:
        parsed = parsedate_tz(raw.decode("ascii", "replace"))
        if parsed is None or not 1970 <= parsed[0] <= 9998:
            return None
        zone = timezone(timedelta(seconds=parsed[9] or 0))
        return datetime(*parsed[:5], min(parsed[5], 59), tzinfo=zone)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
