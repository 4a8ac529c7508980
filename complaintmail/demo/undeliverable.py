"""What a mail server writes when it could not deliver: a delivery status report (RFC 3464)."""

from __future__ import annotations

import secrets
from datetime import datetime
from email.utils import format_datetime

from complaintmail.demo.mime_parts import split


def bounce(server: str, sender: str, recipient: str, raw: bytes, now: datetime) -> bytes:
    """The report to `sender` that nobody has the address `recipient`; the letter's header goes back with it."""
    mark = secrets.token_hex(12)
    header, _ = split(raw)
    lines = [
        f"From: Mail Delivery System <mailer-daemon@{server}>",
        f"To: <{sender}>",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {format_datetime(now)}",
        f"Message-ID: <{secrets.token_hex(12)}@{server}>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{mark}"',
        "",
        f"--{mark}",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        "Your mail could not be delivered.",
        "",
        f"<{recipient}>: nobody has that address",
        "",
        f"--{mark}",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; {server}",
        f"Arrival-Date: {format_datetime(now)}",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 nobody has that address",
        "",
        f"--{mark}",
        "Content-Type: text/rfc822-headers",
        "",
    ]
    return "\r\n".join(lines).encode() + b"\r\n" + header.rstrip(b"\r\n") + f"\r\n\r\n--{mark}--\r\n".encode()
