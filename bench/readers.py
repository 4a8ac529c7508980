"""One mail as three readers see it: ours, the standard library's, mail-parser's.

Each gives a `Seen`, or raises; the comparison counts that as not seen at all.
"""

from __future__ import annotations

import base64
import email
import email.policy
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

import mailparser

from complaintmail.mail import headers
from complaintmail.mail.parts import walk
from complaintmail.mail.read import read


@dataclass(frozen=True, slots=True)
class Hanging:
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Seen:
    subject: str
    senders: tuple[tuple[str, str], ...]
    recipients: tuple[str, ...]
    date: datetime | None
    message_id: str
    text: str
    attachments: tuple[Hanging, ...]
    leaves: tuple[bytes, ...]


def ours(raw: bytes) -> Seen:
    message = read(raw)
    if message.error:
        raise ValueError(message.error)
    return Seen(
        subject=message.subject,
        senders=tuple((one.name, one.address) for one in message.from_),
        recipients=tuple(one.address for one in message.to),
        date=message.date,
        message_id=(message.message_id or "").strip("<>"),
        text=message.text,
        attachments=tuple(Hanging(one.name, one.size, one.sha256) for one in message.attachments),
        leaves=tuple(_our_leaves(raw, 0)),
    )


def _our_leaves(raw: bytes, depth: int) -> list[bytes]:
    found: list[bytes] = []
    for leaf in walk(raw, headers.split(raw)).leaves:
        if leaf.type in ("message/rfc822", "message/global") and depth < 20:
            found += _our_leaves(leaf.content(), depth + 1)
        else:
            found.append(leaf.content())
    return found


def standard(raw: bytes) -> Seen:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    attachments: list[Hanging] = []
    for part in message.iter_attachments() if message.is_multipart() else ():
        content = _payload(part)
        attachments.append(Hanging(part.get_filename() or "", len(content), hashlib.sha256(content).hexdigest()))
    return Seen(
        subject=str(message["subject"] or ""),
        senders=tuple(getaddresses([str(one) for one in message.get_all("from", [])])),
        recipients=tuple(address for _, address in getaddresses([str(one) for one in message.get_all("to", [])])),
        date=message["date"].datetime if message["date"] else None,
        message_id=str(message["message-id"] or "").strip().strip("<>"),
        text=str(body.get_content()) if body is not None else "",
        attachments=tuple(attachments),
        leaves=tuple(_payload(part) for part in message.walk() if not part.is_multipart()),
    )


def _payload(part: Any) -> bytes:
    content = part.get_payload(decode=True)
    if content is None:
        return b"".join(one.as_bytes() for one in part.get_payload()) if part.is_multipart() else b""
    return bytes(content)


def mail_parser(raw: bytes) -> Seen:
    parsed = mailparser.parse_from_bytes(raw)
    attachments: list[Hanging] = []
    for one in parsed.attachments:
        payload = one["payload"] or ""
        content = base64.b64decode(payload) if one["binary"] else payload.encode("utf-8", "surrogateescape")
        attachments.append(Hanging(one["filename"] or "", len(content), hashlib.sha256(content).hexdigest()))
    return Seen(
        subject=parsed.subject if isinstance(parsed.subject, str) else str(parsed.subject[0]),
        senders=tuple(parsed.from_),
        recipients=tuple(address for _, address in parsed.to),
        date=parsed.date,
        message_id=str(parsed.message_id or "").strip().strip("<>"),
        text="\n".join(parsed.text_plain) or "\n".join(parsed.text_html),
        attachments=tuple(attachments),
        leaves=tuple(_payload(part) for part in parsed.message.walk() if not part.is_multipart()),
    )


READERS: dict[str, Callable[[bytes], Seen]] = {"complaintmail": ours, "stdlib": standard, "mail-parser": mail_parser}
