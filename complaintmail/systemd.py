"""What systemd is told: ready, alive, stopping. Without systemd every call does nothing."""

from __future__ import annotations

import os
import socket


def notify(words: str) -> None:
    """Send a line of the sd_notify protocol; that nobody listens is no error."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            out.connect(address)
            out.sendall(words.encode())
    except OSError:
        pass


def watchdog_seconds() -> float | None:
    """How often systemd wants to hear from us; None when it does not ask."""
    given = os.environ.get("WATCHDOG_USEC", "")
    if not given.isdigit() or os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    return int(given) / 1_000_000
