"""How long a complainant waits: from when Postfix has taken their mail until its acknowledgement lies in theirs.

The real daemon waits in IDLE; the mail goes through Postfix and Dovecot's LMTP, and so does the acknowledgement. Of
this Dovecot itself takes half a second: so long it gathers news before it tells a client in IDLE.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from bench.daemon import RunningDaemon
from bench.figures import Line
from bench.ground import Ground
from bench.mails import Posted, mails
from bench.rate import wait_until_sent

P99 = 1.0
APART = 1.2  # seconds from one mail to the next, at the least
PATIENCE = 30.0


def measure(ground: Ground, *, count: int, seed: int) -> list[Line]:
    address, folder = ground.mailbox(), ground.own_folder()
    warm = [mail for mail in mails(10, seed + 1, address, attachments=0) if mail.human][:3]
    measured = [mail for mail in mails(2 * count, seed, address) if mail.human][:count]
    for mail in (*warm, *measured):
        ground.stack.add_user(mail.sender)
    waits: list[float] = []
    with RunningDaemon(ground.settings(folder, address, smtp=ground.stack.smtp_port)):
        ground.put(address, warm)
        wait_until_sent(folder / "complaintmail.db", len(warm))
        time.sleep(3)
        for mail in measured:
            began = time.monotonic()
            waits.append(_wait(ground, address, mail))
            time.sleep(max(0.1, APART - (time.monotonic() - began)))
    waits.sort()
    p99 = waits[min(len(waits) - 1, round(0.99 * (len(waits) - 1)))]
    return [
        Line(f"half of {count} within, s", f"{statistics.median(waits):.2f}"),
        Line("the longest, s", f"{waits[-1]:.2f}"),
        Line.at_most("99 % within, s", [p99], P99, "{:.2f}"),
    ]


def _wait(ground: Ground, address: str, mail: Posted) -> float:
    inbox = _inbox(ground.stack.directory, mail.sender)
    ground.stack.deliver(mail.sender, address, mail.raw)
    began = time.monotonic()
    while not inbox.exists() or not any(inbox.glob("u.*")):
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError(f"no acknowledgement in {PATIENCE:g} s")
        time.sleep(0.002)
    return time.monotonic() - began


def _inbox(directory: Path, address: str) -> Path:
    """Where Dovecot keeps their mails: looking there costs nobody anything."""
    local, _, domain = address.partition("@")
    return directory / "mail" / domain / local / "mailboxes" / "INBOX" / "dbox-Mails"
