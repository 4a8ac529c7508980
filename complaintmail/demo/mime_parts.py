"""A mail's MIME parts as a mail client asks a server for them: by number, byte for byte; ENVELOPE and BODYSTRUCTURE.

For a demonstration among friends: what cannot be taken apart is shown as one plain part, and nothing raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses

from complaintmail.demo.imap_words import string

DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its header with the empty line, its body, and what is inside."""

    header: bytes
    body: bytes
    fields: Message
    children: tuple[Part, ...]  # of a multipart; of a message/rfc822 the message itself

    @property
    def is_multipart(self) -> bool:
        return self.fields.get_content_maintype() == "multipart" and bool(self.children)

    @property
    def is_message(self) -> bool:
        return self.fields.get_content_type() == "message/rfc822" and bool(self.children)


def split(raw: bytes) -> tuple[bytes, bytes]:
    """Header with the empty line, and body."""
    if raw.startswith(b"\r\n"):
        return raw[:2], raw[2:]
    end = raw.find(b"\r\n\r\n")
    return (raw, b"") if end < 0 else (raw[: end + 4], raw[end + 4 :])


def take_apart(raw: bytes, depth: int = 0) -> Part:
    header, body = split(raw)
    fields = BytesHeaderParser(policy=compat32).parsebytes(header)
    children: tuple[Part, ...] = ()
    boundary = fields.get_boundary()
    if depth < DEEPEST and fields.get_content_maintype() == "multipart" and boundary:
        children = tuple(take_apart(piece, depth + 1) for piece in _pieces(body, boundary))
    elif depth < DEEPEST and fields.get_content_type() == "message/rfc822":
        children = (take_apart(body, depth + 1),)
    return Part(header, body, fields, children)


def _pieces(body: bytes, boundary: str) -> list[bytes]:
    mark = re.escape(boundary.encode("utf-8", "surrogateescape"))
    found = re.split(rb"(?:\A|\r\n)--" + mark + rb"(--)?[ \t]*(?:\r\n|\Z)", body)
    pieces = []
    for closing, piece in zip(found[1::2], found[2::2], strict=False):
        if closing:
            break
        pieces.append(piece)
    return pieces


def at_path(part: Part, path: list[int]) -> Part | None:
    """The part that a number like 2.1 names; the one part of a simple mail is number 1."""
    for number in path:
        inside = part.children[0] if part.is_message else part
        if inside.is_multipart:
            if not 1 <= number <= len(inside.children):
                return None
            part = inside.children[number - 1]
        elif number != 1:
            return None
        else:
            part = inside
    return part


def envelope(fields: Message) -> bytes:
    from_ = _addresses(fields, "From")
    sender, reply_to = (_addresses(fields, name) for name in ("Sender", "Reply-To"))
    words = [
        _field(fields, "Date"),
        _field(fields, "Subject"),
        from_,
        sender if sender != b"NIL" else from_,
        reply_to if reply_to != b"NIL" else from_,
        *(_addresses(fields, name) for name in ("To", "Cc", "Bcc")),
        _field(fields, "In-Reply-To"),
        _field(fields, "Message-ID"),
    ]
    return b"(" + b" ".join(words) + b")"


def structure(part: Part, extended: bool) -> bytes:
    """BODYSTRUCTURE, or BODY where it is not `extended`."""
    kind, sub = (word.upper() for word in part.fields.get_content_type().split("/", 1))
    if part.is_multipart:
        inside = b"".join(structure(child, extended) for child in part.children)
        more = [_parameters(part.fields, "Content-Type"), *_disposition(part.fields)] if extended else []
        return b"(" + b" ".join([inside, string(sub), *more]) + b")"
    if kind == "MULTIPART" or (kind == "MESSAGE" and sub == "RFC822" and not part.is_message):
        kind, sub = "TEXT", "PLAIN"  # it says that more is inside, and nothing is
    words = [
        string(kind),
        string(sub),
        _parameters(part.fields, "Content-Type"),
        _field(part.fields, "Content-ID"),
        _field(part.fields, "Content-Description"),
        string(str(part.fields.get("Content-Transfer-Encoding") or "7BIT").strip().upper()),
        b"%d" % len(part.body),
    ]
    lines = b"%d" % part.body.count(b"\n")
    if part.is_message:
        words += [envelope(part.children[0].fields), structure(part.children[0], extended), lines]
    elif kind == "TEXT":
        words.append(lines)
    if extended:
        words += [b"NIL", *_disposition(part.fields)]
    return b"(" + b" ".join(words) + b")"


def _field(fields: Message, name: str) -> bytes:
    value = fields.get(name)
    return string(None if value is None else re.sub(r"\r?\n(?=[ \t])", "", str(value)))


def _addresses(fields: Message, name: str) -> bytes:
    found = [
        b"(" + b" ".join([string(real or None), b"NIL", string(local), string(domain)]) + b")"
        for real, address in getaddresses([str(value) for value in fields.get_all(name, [])])
        for local, _, domain in [address.rpartition("@")]
        if address
    ]
    return b"(" + b"".join(found) + b")" if found else b"NIL"


def _parameters(fields: Message, name: str) -> bytes:
    found = [(key, value) for key, value in (fields.get_params([], name, unquote=True) or [])[1:] if key]
    if not found and name == "Content-Type" and fields.get(name) is None:
        found = [("CHARSET", "us-ascii")]
    words = [string(word) for key, value in found for word in (str(key).upper(), str(value))]
    return b"(" + b" ".join(words) + b")" if words else b"NIL"


def _disposition(fields: Message) -> list[bytes]:
    """Disposition and language, as they stand at the end."""
    said = fields.get_content_disposition()
    if said is None:
        return [b"NIL", b"NIL"]
    return [b"(" + string(said.upper()) + b" " + _parameters(fields, "Content-Disposition") + b")", b"NIL"]
