"""The record of events, gone through from its first to its last: is the chain whole, and do the tables hold what it
tells?

The tables are reckoned again from what each event says was written, in a database on disk of its own, so that memory
stays flat however much there is; then both are gone through side by side. What an edit by hand changed is named by
table, row and column; an event that was edited, taken out or put in by its number.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean

from complaintmail.store import schema
from complaintmail.store.instants import instant_of, instant_text
from complaintmail.store.reading import Reader, Row
from complaintmail.store.record import GENESIS, TRACKED, chained
from complaintmail.store.schema import Json, canonical

KEYS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(TRACKED, ("id",)),
    "case_action": ("case_id", "n"),
    "case_address": ("case_id", "address"),
    "case_person": ("case_id", "email"),
    "case_link": ("case_id", "other_id"),
    "link_void": ("letter_id", "link"),
    "praise": ("case_id",),
    "taught": ("message_id",),
}
TEXT_KEYS = frozenset(
    {("letter", "id"), ("case_address", "address"), ("case_person", "email"), ("link_void", "letter_id")}
)
BATCH = 5000
SHOWN = 60

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: where, and what. A note is worth knowing and no fault."""

    table: str
    row: str
    column: str
    words: str
    note: bool = False

    def __str__(self) -> str:
        where = " ".join(part for part in (self.table, self.row, self.column) if part)
        return f"{where}: {self.words}"


class Reckoned:
    """What the record says that the tables hold."""

    def __init__(self) -> None:
        self._kept = sqlite3.connect("", isolation_level=None)  # on disk, and gone when it is closed
        self._kept.execute("PRAGMA cache_size=-32000")
        for table in TRACKED:
            self._kept.execute(f"CREATE TABLE {table} (k1, k2, said TEXT NOT NULL, PRIMARY KEY (k1, k2)) WITHOUT ROWID")
        self._kept.execute("BEGIN")
        self._waiting: dict[tuple[str, Key], dict[str, Any]] = {}

    def take(self, table: str, said: Mapping[str, Any]) -> None:
        """A row that was added, or the columns of one that were changed."""
        key = tuple(said[name] for name in KEYS[table])
        self._waiting.setdefault((table, key), {}).update(said)
        if len(self._waiting) >= BATCH:
            self.settle()

    def settle(self) -> None:
        rows: dict[str, list[tuple[Any, Any, str]]] = {}
        for (table, key), said in self._waiting.items():
            # Nested values as text: a patch would merge them with what was there before.
            flat = {n: canonical(v) if isinstance(v, (dict, list)) else v for n, v in said.items()}
            rows.setdefault(table, []).append((key[0], key[1] if len(key) > 1 else "", json.dumps(flat)))
        for table, changed in rows.items():
            self._kept.executemany(
                f"INSERT INTO {table} VALUES (?, ?, ?) "
                "ON CONFLICT (k1, k2) DO UPDATE SET said = json_patch(said, excluded.said)",
                changed,
            )
        self._waiting.clear()

    def rows(self, table: str) -> Iterator[tuple[Key, dict[str, Any]]]:
        """In the order of their keys."""
        self.settle()
        width = len(KEYS[table])
        with closing(self._kept.cursor()) as cursor:
            cursor.execute(f"SELECT k1, k2, said FROM {table} ORDER BY k1, k2")
            while block := cursor.fetchmany(1000):
                for k1, k2, said in block:
                    yield (k1, k2)[:width], json.loads(said)

    def close(self) -> None:
        self._kept.close()


def follow_record(reader: Reader, reckoned: Reckoned) -> Iterator[Finding]:
    """Go through the chain; what each event tells of the tables goes into `reckoned`."""
    last, stored, computed = 0, GENESIS, GENESIS
    events = reader.stream('SELECT id, at, case_id, what, "by", detail, "rows", hash FROM event ORDER BY id')
    for number, at, case_id, what, by, detail, rows, hashed in events:
        if number != last + 1:
            yield Finding("event", _span(last + 1, number - 1), "", "missing from the record")
        fields = (number, _instant(at), case_id, what, by, detail, rows)
        digest = chained(stored, *fields)
        if digest != hashed:
            # Where only the hash before was edited, this event still follows from what that one says.
            if chained(computed, *fields) == hashed:
                digest = hashed
            else:
                yield Finding(
                    "event", str(number), "hash", f"it does not follow from what it says ({what}) and what came before"
                )
        last, stored, computed = number, hashed, digest
        yield from _told(number, rows, reckoned)
    head = reader.rows("SELECT event, event_hash FROM head")
    if head and head[0][0] != last:
        words = f"says that the last event is {head[0][0]}, and it is {last}"
        yield Finding("head", "1", "event", words)
    elif head and head[0][1] != stored:
        yield Finding("head", "1", "event_hash", "is not the last event's")


def _told(number: int, rows: str, reckoned: Reckoned) -> Iterator[Finding]:
    try:
        for table, said in json.loads(rows):
            if table in KEYS:
                reckoned.take(table, said)
    except (ValueError, KeyError, TypeError):
        yield Finding("event", str(number), "rows", "cannot be read")


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"


def compare(reader: Reader, reckoned: Reckoned) -> Iterator[Finding]:
    """Each followed table against what the record says of it."""
    for table in TRACKED:
        yield from _compare_table(reader, reckoned, table)


def _compare_table(reader: Reader, reckoned: Reckoned, table: str) -> Iterator[Finding]:
    columns = sorted(TRACKED[table])
    key_places = [columns.index(name) for name in KEYS[table]]
    told, kept = reckoned.rows(table), _table_rows(reader, table, columns)
    said, row = next(told, None), next(kept, None)
    while said is not None or row is not None:
        key = None if row is None else tuple(row[place] for place in key_places)
        if row is None or (said is not None and key is not None and said[0] < key):
            assert said is not None
            yield Finding(table, _shown_key(table, said[0], said[1]), "", "gone, though the record tells of it")
            said = next(told, None)
        elif said is None or (key is not None and key < said[0]):
            assert key is not None
            yield Finding(
                table,
                _shown_key(table, key, dict(zip(columns, row, strict=True))),
                "",
                "the record knows nothing of it",
            )
            row = next(kept, None)
        else:
            yield from _compare_row(table, said[0], dict(zip(columns, row, strict=True)), said[1])
            said, row = next(told, None), next(kept, None)


def _table_rows(reader: Reader, table: str, columns: list[str]) -> Iterator[Row]:
    order = ", ".join(
        f'{name} COLLATE "C"' if not reader.is_sqlite and (table, name) in TEXT_KEYS else name for name in KEYS[table]
    )
    read = [_reader_of(table, column) for column in columns]
    named = ", ".join(f'"{column}"' for column in columns)
    for row in reader.stream(f"SELECT {named} FROM {table} ORDER BY {order}"):
        yield tuple(as_said(value) for as_said, value in zip(read, row, strict=True))


def _reader_of(table: str, column: str) -> Any:
    """From a table's value to the form in which the record has it."""
    kind = schema.metadata.tables[table].c[column].type
    if isinstance(kind, schema.Instant):
        return _instant
    if isinstance(kind, Boolean):
        return lambda value: None if value is None else bool(value)
    if isinstance(kind, Json):
        return _canonical_again
    return lambda value: value


def _instant(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    moment = instant_of(value)
    return None if moment is None else instant_text(moment)


def _canonical_again(value: str | None) -> str | None:
    try:
        return None if value is None else canonical(json.loads(value))
    except ValueError:
        return value


def _compare_row(table: str, key: Key, row: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[Finding]:
    for column, value in row.items():
        expected = said.get(column)
        if value == expected or (
            table == "letter" and column == "state" and (expected, value) == ("queued", "sending")
        ):
            continue
        yield Finding(
            table, _shown_key(table, key, said), column, f"is {_shown(value)}, and the record says {_shown(expected)}"
        )


def _shown_key(table: str, key: Key, row: Mapping[str, Any]) -> str:
    words = " ".join(map(str, key))
    return f"{words} ({row['reference']})" if table == "cases" and row.get("reference") else words


def _shown(value: Any) -> str:
    if value is None:
        return "empty"
    words = str(value)
    return f'"{words}"' if len(words) <= SHOWN else f'"{words[:SHOWN]}…"'
