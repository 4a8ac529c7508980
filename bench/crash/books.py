"""The database as an outsider reads it: plain SQL over a connection of its own, no code of the program.

Only to be opened after the program has been started again: SQLite would otherwise tidy up after the crash for us.
"""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

Row = dict[str, Any]

# What a pass without work may write: when it was there, and that all was well.
MOVING = {("mailbox_state", "last_pass_at"), ("mailbox_state", "last_good_at")}


class Books:
    """`rows` of a query, a `dump` of everything, and whether the file is whole."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite:")

    def rows(self, query: str) -> list[Row]:
        with self._cursor() as cursor:
            cursor.execute(query)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def dump(self) -> dict[str, list[str]]:
        """Every row of every table but for the times in MOVING, so that two states can be compared."""
        return {table: self._table(table) for table in self._tables()}

    def damage(self) -> str | None:
        """What SQLite finds wrong in its own file; PostgreSQL looks after itself."""
        if not self.is_sqlite:
            return None
        said = [str(next(iter(row.values()))) for row in self.rows("PRAGMA integrity_check")]
        return None if said == ["ok"] else "; ".join(said)[:300]

    def _tables(self) -> list[str]:
        query = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            if self.is_sqlite
            else "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
        )
        return sorted(row["name"] for row in self.rows(query))

    def _table(self, table: str) -> list[str]:
        rows = self.rows(f'SELECT * FROM "{table}"')
        kept = [{key: value for key, value in row.items() if (table, key) not in MOVING} for row in rows]
        return sorted(repr(sorted(row.items())) for row in kept)

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[Any]:
        connection: Any
        if self.is_sqlite:
            connection = sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=30)
        else:
            import psycopg

            connection = psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True)
        with contextlib.closing(connection):
            yield connection.cursor()


def moment(value: Any) -> datetime:
    """A time as either database keeps it."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def unpacked(body: Any) -> bytes:
    return zlib.decompress(bytes(body))
