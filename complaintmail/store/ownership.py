"""Who may work on which mailbox. No leases: what is held dies with its holder.

SQLite: one daemon for the whole database, by a lock on a file beside it; a second is refused with a clear line.
PostgreSQL: a mailbox belongs to whoever holds its session advisory lock; when that connection is gone so is the
lock, and another daemon takes over. Who lost the connection finds out before each letter and sends nothing more.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import socket
import threading
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from complaintmail.errors import AlreadyRunning, TemporaryFailure
from complaintmail.store.engine import Store


class Ownership(Protocol):
    def take(self, address: str) -> bool:
        """Is this mailbox ours to work on? Takes it if nobody holds it."""
        ...

    def holds(self, address: str) -> bool:
        """Is it still ours, at this moment?"""
        ...

    def close(self) -> None: ...


def ownership_of(store: Store) -> Ownership:
    return FileOwnership(store) if store.is_sqlite else SessionOwnership(store)


class FileOwnership:
    """One process holds the whole database."""

    def __init__(self, store: Store) -> None:
        database = make_url(store.url).database or ""
        self._path = Path(f"{database}.lock")
        self._file: IO[str] | None = None
        self._lock()

    def _lock(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            file.close()
            raise AlreadyRunning(
                f"another complaintmail is at work on this database ({holder}); SQLite takes one at a time: "
                "stop it first, or use PostgreSQL for several"
            ) from None
        file.truncate(0)
        file.write(f"pid {os.getpid()} on {socket.gethostname()}")
        file.flush()
        self._file = file

    def take(self, address: str) -> bool:
        return self._file is not None

    def holds(self, address: str) -> bool:
        return self._file is not None

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class SessionOwnership:
    """A mailbox for each advisory lock, all held by one connection that does nothing else."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection: Connection | None = None
        self._held: set[str] = set()
        self._turn = threading.Lock()

    def take(self, address: str) -> bool:
        with self._turn:
            if not self._alive():
                self._open()
            if address in self._held:
                return True
            assert self._connection is not None
            try:
                got = self._connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _number(address)})
                self._connection.commit()
            except DBAPIError as error:
                self._drop()
                raise TemporaryFailure("the database connection that holds our mailboxes was lost") from error
            if got:
                self._held.add(address)
            return bool(got)

    def holds(self, address: str) -> bool:
        with self._turn:
            return address in self._held and self._alive()

    def _alive(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
            self._connection.commit()
        except DBAPIError:
            self._drop()
            return False
        return True

    def _open(self) -> None:
        self._held.clear()
        try:
            self._connection = self._store.engine.connect()
        except DBAPIError as error:
            raise TemporaryFailure("the database is not to be had just now") from error

    def _drop(self) -> None:
        self._held.clear()
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(DBAPIError):
                connection.invalidate()
                connection.close()

    def close(self) -> None:
        """Gives everything back before it returns: the server would notice a closed connection only a little later."""
        with self._turn:
            if self._connection is not None:
                with contextlib.suppress(DBAPIError):
                    self._connection.execute(text("SELECT pg_advisory_unlock_all()"))
                    self._connection.commit()
            self._drop()


def _number(address: str) -> int:
    """A mailbox as the 64-bit number that advisory locks take."""
    return int.from_bytes(hashlib.sha256(b"mailbox\x00" + address.lower().encode()).digest()[:8], "big", signed=True)
