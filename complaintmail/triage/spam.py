"""What the receiving mail server said of a mail: the headers by which it calls one spam."""

from __future__ import annotations

import re

from complaintmail.mail.message import Message

_SCL = re.compile(r"\bSCL:([5-9])\b")
_SPAM_HEADERS: dict[str, re.Pattern[str]] = {
    "x-spam-flag": re.compile(r"(?i)^\s*yes"),
    "x-spam-status": re.compile(r"(?i)^\s*yes"),
    "x-spam": re.compile(r"(?i)^\s*(?:yes|true)"),
    "x-barracuda-spam-flag": re.compile(r"(?i)^\s*yes"),
    "x-barracuda-spam-status": re.compile(r"(?i)^\s*yes"),
    "x-ms-exchange-organization-scl": re.compile(r"^\s*[5-9]"),
    "x-forefront-antispam-report": _SCL,
}


def spam_verdict(message: Message) -> str | None:
    """The header by which the receiving mail server calls this spam, or None."""
    for name, value in message.headers:
        pattern = _SPAM_HEADERS.get(name)
        if pattern is not None and pattern.search(value):
            return name.title()
    return None
