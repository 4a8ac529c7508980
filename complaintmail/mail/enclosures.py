"""What hangs on a letter of ours: files, each under a name that every mail program can read.

Promises: the same arguments give the same bytes; 7-bit throughout, base64 in lines of 76; every enclosure is an
attachment, never shown in place, whatever its type. A name is what `display_name` leaves of it: no control character,
no path, no direction mark; a type that is not two plain words, or that would need more care than base64, becomes
application/octet-stream. Never fails for what a complainant sent: a file goes with a worse label, but it goes.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from complaintmail.mail.attachments import display_name
from complaintmail.mail.encoded_words import encoded_words

UNKNOWN = "application/octet-stream"
_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,60}/[A-Za-z0-9][A-Za-z0-9.+-]{0,90}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 !#$&'()+,.;=@\[\]^_`{}~-]{1,58}")
_ENCODED = re.compile(r"%[0-9A-F]{2}|.")
_ROOM = 60  # characters of a name that stand on one header line


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One file. `type` as its sender named it; message/rfc822 only where the mail is to be opened as a mail."""

    name: str
    type: str
    data: bytes


def enclosed(body: bytes, enclosures: Sequence[Enclosure], mark: bytes) -> bytes:
    """The body as the first part of a mail, and the enclosures after it. `body` begins with its Content-Type."""
    pieces = [b'Content-Type: multipart/mixed;\r\n boundary="%b"\r\n\r\n--%b\r\n' % (mark, mark), body]
    for number, each in enumerate(enclosures, 1):
        if not pieces[-1].endswith(b"\r\n"):
            pieces.append(b"\r\n")
        pieces.append(b"--%b\r\n" % mark)
        pieces += _part(each, number, mark)
    if not pieces[-1].endswith(b"\r\n"):
        pieces.append(b"\r\n")
    pieces.append(b"--%b--\r\n" % mark)
    return b"".join(pieces)


def _part(each: Enclosure, number: int, mark: bytes) -> list[bytes]:
    kind = each.type.strip().lower() if _TYPE.fullmatch(each.type.strip()) else UNKNOWN
    mail = _as_mail(each.data, mark) if kind == "message/rfc822" else b""
    if not mail and kind.startswith(("message/", "multipart/")):
        kind = UNKNOWN  # these may not travel as base64
    name = display_name(each.name).encode("utf-8", "replace").decode("utf-8") or f"file-{number}"
    if _PLAIN_NAME.fullmatch(name):
        named, filed = f' name="{name}"', f' filename="{name}"'
    else:
        # The standard's way for whoever reads it; the older programs' way beside it.
        named = ' name="' + "\r\n ".join(encoded_words(name, 66)) + '"'
        filed = _extended(name)
    charset = f" charset={_charset(each.data)};\r\n" if kind.startswith("text/") else ""
    head = (
        f"Content-Type: {kind};\r\n{charset}{named}\r\n"
        f"Content-Transfer-Encoding: {'7bit' if mail else 'base64'}\r\n"
        f"Content-Disposition: attachment;\r\n{filed}\r\n\r\n"
    )
    return [head.encode("ascii"), mail or encodebytes(each.data).replace(b"\n", b"\r\n")]


def _extended(name: str) -> str:
    """filename* of RFC 2231: in one where it fits a line, else in numbered pieces, none cut inside an escape."""
    escaped = quote(name, safe="")
    if len(escaped) <= _ROOM - 8:
        return f" filename*=utf-8''{escaped}"
    pieces, piece = [], "utf-8''"
    for unit in _ENCODED.findall(escaped):
        if len(piece) + len(unit) > _ROOM:
            pieces.append(piece)
            piece = ""
        piece += unit
    pieces.append(piece)
    return ";\r\n".join(f" filename*{number}*={piece}" for number, piece in enumerate(pieces))


def _charset(data: bytes) -> str:
    if data.isascii():
        return "us-ascii"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"  # what most text that is not UTF-8 was written in; the bytes stay as they are
    return "utf-8"


def _as_mail(data: bytes, mark: bytes) -> bytes:
    """The mail as it may stand inside another without encoding, or b'': 8-bit, long lines, or our own boundary."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if not data.isascii() or b"\0" in data or mark in data or max(map(len, lines)) > 998:
        return b""
    return b"\r\n".join(lines)
