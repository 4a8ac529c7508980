"""Opening the database, and its two kinds of transaction.

`writing()` is the one way to change anything: on SQLite `BEGIN IMMEDIATE`, on PostgreSQL the `head` row locked, so
numbers, references and the chain of events never fork. `reading()` sees one consistent state. SQLite runs with a
rollback journal and `synchronous=FULL` (TRUST D6: WAL only where the library has its fix); PostgreSQL must have
`synchronous_commit` on, and is asked.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from complaintmail.errors import ComplaintmailError, StoreError, TemporaryFailure
from complaintmail.store import schema
from complaintmail.store.record import GENESIS, Writer

BUSY_SECONDS = 30
ALIVE = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}  # a lost network is noticed in a minute


class Store:
    """One database. Threads may share it; each transaction belongs to one thread."""

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._turn = threading.RLock()  # SQLite: writers of this process queue here instead of polling the file
        self.engine = _sqlite_engine(url, busy_seconds) if self.is_sqlite else _postgres_engine(url)
        self._key: bytes | None = None

    @contextlib.contextmanager
    def writing(self, now: datetime) -> Iterator[Writer]:
        """One transaction that changes things; committed when the block ends, rolled back when it raises."""
        turn = self._turn if self.is_sqlite else contextlib.nullcontext()
        with turn, clear_errors(), self.engine.begin() as connection:
            locked = select(schema.head)
            if not self.is_sqlite:
                locked = locked.with_for_update()
            writer = Writer(connection, now, dict(connection.execute(locked).one()._mapping))
            yield writer
            writer.flush()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        with clear_errors(), self.engine.connect() as connection:
            yield connection.execution_options(read=True)

    def setting(self, key: str) -> str | None:
        with self.reading() as connection:
            return connection.scalar(select(schema.setting.c.value).where(schema.setting.c.key == key))

    @property
    def key(self) -> bytes:
        """The key of our Message-IDs and tokens: made at first start, travels with backups, never printed."""
        if self._key is None:
            kept = self.setting("key")
            if kept is None:
                raise StoreError("the database has no key: it was not made by `complaintmail run` or `check`")
            self._key = bytes.fromhex(kept)
        return self._key

    def close(self) -> None:
        self.engine.dispose()


def alone(connection: Connection) -> None:
    """On PostgreSQL, one daemon at a time until this transaction ends. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SETTING_UP})


_SETTING_UP = 0x636F6D706C61696E  # "complain": the lock of whoever prepares the database


def found_ready(store: Store) -> None:
    """Fill the rows that a new database starts with; harmless on one that has them, and beside another daemon."""
    with clear_errors(), store.engine.begin() as connection:
        if _has_first_rows(connection):
            return
        alone(connection)
        if _has_first_rows(connection):
            return
        connection.execute(
            insert(schema.head).values(id=1, event=0, event_hash=GENESIS, journal=0, case_=0, obligation=0, offer=0)
        )
        connection.execute(insert(schema.setting).values(key="key", value=secrets.token_hex(32)))
        connection.execute(insert(schema.setting).values(key="instance", value=secrets.token_hex(8)))


def _has_first_rows(connection: Connection) -> bool:
    return connection.scalar(select(schema.head.c.id)) is not None


def _sqlite_engine(url: str, busy_seconds: float) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        folder = Path(path).parent
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreError(f"cannot make the folder {folder} for the database: {error.strerror}") from error
    engine = create_engine(
        url,
        hide_parameters=True,  # an error's words go to the log, and a complainant's must not
        connect_args={"timeout": busy_seconds, "check_same_thread": False},
        pool_size=8,
        max_overflow=8,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=DELETE", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
            connection.execute(f"PRAGMA {pragma}").fetchall()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if not connection.get_execution_options().get("read") else "BEGIN")

    if path and path != ":memory:":
        previous = os.umask(0o077)
        try:
            with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path)):
                pass
        finally:
            os.umask(previous)
    return engine


def _postgres_engine(url: str) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, pool_size=8, max_overflow=8, pool_pre_ping=True, connect_args=ALIVE
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")
            cursor.execute("SET TIME ZONE 'UTC'")
        connection.commit()

    return engine


@contextlib.contextmanager
def clear_errors() -> Iterator[None]:
    """What the database says, as one of ours: busy, full or gone is worth another try; a broken disk is not."""
    try:
        yield
    except PoolTimeout as error:
        raise TemporaryFailure("every connection to the database is in use") from error
    except DBAPIError as error:
        said = ours(error)
        if said is None:
            raise
        raise said from error


# SQLite: busy, locked, out of memory, read-only, interrupted, full, cannot open, protocol.
_PASSING = frozenset({5, 6, 7, 8, 9, 13, 14, 15})
_DAMAGED = frozenset({10, 11, 26})  # input or output failed, malformed, no database
# PostgreSQL: connection, transaction state (read-only after a failover), rollback, resources, intervention, system.
_PASSING_CLASSES = ("08", "25", "40", "53", "55", "57", "58")
_DAMAGED_STATES = ("XX001", "XX002")


def ours(error: DBAPIError) -> ComplaintmailError | None:
    """What this is among our own errors; None when the statement is to blame, or what it was given."""
    words = next(iter(str(error.orig).strip().splitlines()), "the database failed")
    code = getattr(error.orig, "sqlite_errorcode", None)
    state = getattr(error.orig, "sqlstate", None) or ""
    if (code is not None and code & 0xFF in _DAMAGED) or state in _DAMAGED_STATES:
        return StoreError(f"the database is damaged or its disk fails ({words}); stopping rather than go on")
    if error.connection_invalidated:
        return TemporaryFailure(f"the database connection was lost: {words}")
    too_much = state.startswith("54")  # a statement over PostgreSQL's limits: it would fail again and again
    passing = code & 0xFF in _PASSING if code is not None else isinstance(error, OperationalError) and not too_much
    if passing or state.startswith(_PASSING_CLASSES):
        return TemporaryFailure(f"the database is not to be had just now: {words}")
    return None


def version_at(connection: Connection) -> str | None:
    """Which migration the database stands at, without importing the migration library."""
    try:
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found
    except DBAPIError:
        return None
