"""Ports that no other test run on this machine will take."""

from __future__ import annotations

import fcntl
import random
import socket
import tempfile
from pathlib import Path
from typing import IO

_claimed: list[IO[str]] = []


def free_port() -> int:
    """A port for this process alone, until it ends: test runs side by side must never talk to each other's servers.

    Below the range that the kernel gives to outgoing connections, and held by a lock file besides."""
    locks = Path(tempfile.gettempdir()) / "cm-ports"
    locks.mkdir(mode=0o777, exist_ok=True)
    for port in random.sample(range(20_000, 32_000), 2_000):
        lock = (locks / str(port)).open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
        except OSError:
            lock.close()
            continue
        _claimed.append(lock)
        return port
    raise OSError("no free port between 20000 and 32000")
