"""An inbox on a scripted IMAP server with five mails, and what a test reads through it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from complaintmail.gateways.imap import ImapInbox, ImapTimeouts
from complaintmail.gateways.ports import CannotFetch, Fetched
from tests.support.paces import PATIENCE
from tests.support.scripted_folder import Folder
from tests.support.scripted_imap import ScriptedImap

PATIENT = ImapTimeouts(connect=PATIENCE, read=PATIENCE, idle=10 * PATIENCE)


def brief(pace: float, **changes: Any) -> ImapTimeouts:
    """For where the server is silent once it has let us in."""
    return ImapTimeouts(**({"connect": PATIENCE, "read": pace, "idle": 10 * PATIENCE} | changes))


def a_mail(n: int) -> bytes:
    return b"Message-ID: <%d@complainants.test>\r\nSubject: the lift\r\n\r\nIt is stuck, %d.\r\n" % (n, n)


def a_folder(count: int = 5) -> Folder:
    return Folder({n: a_mail(n) for n in range(1, count + 1)})


@contextmanager
def an_inbox(server: ScriptedImap, **changes: Any) -> Iterator[ImapInbox]:
    told: dict[str, Any] = {"password": lambda: "secret", "timeouts": PATIENT}
    inbox = ImapInbox("127.0.0.1", server.port, "none", "info@example.test", **(told | changes))
    try:
        yield inbox
    finally:
        inbox.close()


def read(inbox: ImapInbox, limit: int = 50) -> dict[int, bytes]:
    inbox.mark()
    return {one.uid: bytes_of(one) for one in inbox.fetch(inbox.uids_after(0, limit))}


def bytes_of(one: Fetched) -> bytes:
    raw = one.raw.read_bytes() if isinstance(one.raw, Path) else one.raw
    assert one.size == len(raw) and one.sha256 == hashlib.sha256(raw).hexdigest()
    return raw


def partly(inbox: ImapInbox) -> tuple[list[int], CannotFetch]:
    """What came, and the failure at the end that names what did not."""
    inbox.mark()
    got: list[int] = []
    with pytest.raises(CannotFetch) as failure:
        got.extend(one.uid for one in inbox.fetch(inbox.uids_after(0, 50)))
    return got, failure.value


def everything(count: int = 5, without: int = 0) -> dict[int, bytes]:
    return {n: a_mail(n) for n in range(1, count + 1) if n != without}
