"""Rows on their way into the database: one statement for each shape of row, written once and used ever after.

SQLAlchemy works out a statement's text and each value's type anew in every round; with a hundred values to a mail that
costs more than writing them. Here the text is made once, and values become what the driver takes in one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table

from complaintmail.store import schema
from complaintmail.store.schema import canonical

Said = Callable[[datetime], str]


class Shape:
    """Rows of one table that have the same columns; where `keys` are named, changes to rows found by those."""

    __slots__ = ("_jsons", "_keys", "_moments", "_statements", "columns", "table", "tracked", "tracked_moments")

    def __init__(self, table: Table, columns: tuple[str, ...], keys: tuple[str, ...], tracked: frozenset[str]) -> None:
        self.table, self.columns, self._keys = table, columns, keys
        self.tracked = tuple(name for name in columns if name in tracked)
        of = {name: table.c[name].type for name in (*columns, *keys)}
        self.tracked_moments = tuple(name for name in self.tracked if isinstance(of[name], schema.Instant))
        self._moments = tuple(at for at, name in enumerate(columns) if isinstance(of[name], schema.Instant))
        self._jsons = tuple(at for at, name in enumerate(columns) if isinstance(of[name], schema.Json))
        self._statements: dict[str, str] = {}

    def seen_new(self, row: Mapping[str, Any], said: Said) -> dict[str, Any]:
        """What the record remembers of a new row: of a column without a value, nothing."""
        seen = {name: row[name] for name in self.tracked if row[name] is not None}
        for name in self.tracked_moments:
            if name in seen:
                seen[name] = said(seen[name])
        return seen

    def seen(self, row: Mapping[str, Any], said: Said) -> dict[str, Any]:
        """What the record remembers of a change."""
        seen = {name: row[name] for name in self.tracked}
        for name in self.tracked_moments:
            if seen[name] is not None:
                seen[name] = said(seen[name])
        return seen

    def write(self, connection: Connection, rows: Sequence[Sequence[Any]], said: Said) -> None:
        """Insert or change; in each of `rows` the values of `columns`, then of the keys."""
        text_moments = connection.dialect.name == "sqlite"
        ready = []
        for row in rows:
            values = list(row)
            if text_moments:
                for at in self._moments:
                    if values[at] is not None:
                        values[at] = said(values[at])
            for at in self._jsons:
                if values[at] is not None:
                    values[at] = canonical(values[at])
            ready.append(tuple(values))
        connection.exec_driver_sql(self._statement(connection), ready)

    def _statement(self, connection: Connection) -> str:
        dialect = connection.dialect
        if dialect.name not in self._statements:
            mark = "?" if dialect.paramstyle == "qmark" else "%s"
            name = dialect.identifier_preparer.quote
            table = dialect.identifier_preparer.format_table(self.table)
            if self._keys:
                changes = ", ".join(f"{name(column)} = {mark}" for column in self.columns)
                where = " AND ".join(f"{name(key)} = {mark}" for key in self._keys)
                self._statements[dialect.name] = f"UPDATE {table} SET {changes} WHERE {where}"
            else:
                columns = ", ".join(map(name, self.columns))
                marks = ", ".join([mark] * len(self.columns))
                self._statements[dialect.name] = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
        return self._statements[dialect.name]


_shapes: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Shape] = {}


def shape(table: Table, columns: tuple[str, ...], tracked: frozenset[str], keys: tuple[str, ...] = ()) -> Shape:
    """The shape of such rows; there are a few dozen in all."""
    known = (table.name, columns, keys)
    found = _shapes.get(known)
    if found is None:
        found = _shapes[known] = Shape(table, columns, keys, tracked)
    return found
