"""A meeting as an iCalendar file (RFC 5545, 5546): an invitation, the same one moved, or taken back.

Promises: the same arguments give the same text; CRLF only; no line over 75 bytes, none cut inside a character; what
people wrote is a value and nothing more, whatever it holds. The file says no alarm: when to be reminded is theirs.
A meeting without an offset from UTC, or that ends before it begins, is a ValueError, as is what is no address.

Times are in UTC. A meeting is one moment, not a rule that repeats, so a zone adds nothing that a program needs; every
program shows UTC in its reader's own time, while a zone's rules written into the file are read in as many ways as there
are programs, and a wrong hour is the one mistake that a meeting does not forgive. The words of the letter and of the
description say the time at the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from complaintmail.mail.compose import address

PRODUCT = "-//complaintmail//meetings//EN"
HOUR = timedelta(hours=1)
FOLD = 75  # bytes of a line, without its end
LONGEST = 4000  # characters of one value: no words make the file big

_LINE_END = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufffe\uffff]"
)
_ADDRESS_SAFE = "@+-._~!$&'*=/"
_UID_SAFE = re.compile(r"[^A-Za-z0-9.-]+")


class Method(StrEnum):
    """What the file asks the reader's calendar to do; the mail that carries it names the same."""

    REQUEST = "REQUEST"  # an invitation, or the same one changed
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting as everybody's calendar has it. `sequence`: how often it was changed; 0 the first time."""

    uid: str
    begins: datetime
    summary: str
    organiser: str  # the mailbox that the letter comes from: answers go there
    attendee: str
    sequence: int = 0
    lasts: timedelta = HOUR
    place: str = ""
    description: str = ""
    organiser_name: str = ""
    attendee_name: str = ""


def uid(reference: str, number: int, mailbox: str) -> str:
    """The name by which a calendar knows one meeting of a case again, for ever: it holds nothing of the complaint."""
    domain = mailbox.rpartition("@")[2] or "localhost"
    return f"{_UID_SAFE.sub('-', reference)}.meeting-{number}@{_UID_SAFE.sub('-', domain)}"


def calendar_file(meeting: Meeting, method: Method, *, stamp: datetime) -> str:
    """The file. `stamp`: when it was written."""
    if meeting.lasts <= timedelta():
        raise ValueError("a meeting ends after it has begun")
    return "".join(f"{line}\r\n" for said in _lines(meeting, method, stamp) for line in folded(said))


def folded(line: str) -> Iterator[str]:
    """One content line as the lines that stand for it: each but the first begins with a blank."""
    begin, room = 0, FOLD
    while begin < len(line):
        end = min(len(line), begin + room)
        while len(line[begin:end].encode("utf-8")) > room:
            end -= max(1, (len(line[begin:end].encode("utf-8")) - room) // 4)
        yield ("" if begin == 0 else " ") + line[begin:end]
        begin, room = end, FOLD - 1
    if not line:
        yield ""


def _lines(meeting: Meeting, method: Method, stamp: datetime) -> Iterator[str]:
    cancelled = method is Method.CANCEL
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:{PRODUCT}"
    yield "CALSCALE:GREGORIAN"
    yield f"METHOD:{method}"
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(meeting.uid)}"
    yield f"SEQUENCE:{max(0, meeting.sequence)}"
    yield f"DTSTAMP:{_instant(stamp)}"
    yield f"DTSTART:{_instant(meeting.begins)}"
    yield f"DTEND:{_instant(meeting.begins + meeting.lasts)}"
    yield f"ORGANIZER{_named(meeting.organiser_name)}:{_mailto(meeting.organiser)}"
    answer = "" if cancelled else ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
    yield (
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT{answer}{_named(meeting.attendee_name)}:"
        f"{_mailto(meeting.attendee)}"
    )
    yield f"SUMMARY:{_text(meeting.summary)}"
    if meeting.place:
        yield f"LOCATION:{_text(meeting.place)}"
    if meeting.description:
        yield f"DESCRIPTION:{_text(meeting.description)}"
    yield f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}"
    yield "TRANSP:OPAQUE"
    yield "END:VEVENT"
    yield "END:VCALENDAR"


def _instant(moment: datetime) -> str:
    if moment.utcoffset() is None:
        raise ValueError("a meeting needs its offset from UTC")
    there = moment.astimezone(UTC)
    return f"{there.year:04d}{there:%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """A value of type TEXT: what would end it, part it or steer it is escaped, what does not print is gone."""
    kept = _UNPRINTABLE.sub("", _LINE_END.sub("\n", words[:LONGEST])).replace("\t", " ").strip()
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _named(name: str) -> str:
    """A name beside an address. Quotation marks cannot be said inside one, so they become single ones."""
    said = " ".join(_UNPRINTABLE.sub("", _LINE_END.sub(" ", name[:200])).replace('"', "'").split())
    return f';CN="{said}"' if said else ""


def _mailto(written: str) -> str:
    return f"mailto:{quote(address(written, utf8=True), safe=_ADDRESS_SAFE)}"
