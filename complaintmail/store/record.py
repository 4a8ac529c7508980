"""One write transaction: rows gathered and written in batches, and the record of events that names each of them.

`add` and `change` gather rows; `event` closes over what was gathered since the last event and chains it: hash =
SHA-256 over the previous hash and this event. `flush` writes everything, parents first, in one round per table.
The record is append-only; `store.verify` reckons the tables again from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from complaintmail.store import schema
from complaintmail.store.instants import instant_text
from complaintmail.store.rows import Shape, shape
from complaintmail.store.schema import canonical

GENESIS = "0" * 64
EVENT = ("id", "at", "case_id", "what", "by", "detail", "rows", "hash")
NOTHING: frozenset[str] = frozenset()

_ORDER = (
    schema.policy_text,
    schema.raw_mail,
    schema.journal,
    schema.case,
    schema.case_action,
    schema.case_address,
    schema.case_person,
    schema.case_link,
    schema.praise,
    schema.message,
    schema.obligation,
    schema.offer,
    schema.letter,
    schema.letter_alias,
    schema.link_void,
    schema.taught,
    schema.learnt,
    schema.event,
)

# What the record remembers of each row. Long texts follow from the raw mail or from `sha256`; columns in which a
# letter's attempts come and go are left out.
TRACKED: dict[str, frozenset[str]] = {
    "cases": frozenset(column.name for column in schema.case.columns),
    "case_action": frozenset(column.name for column in schema.case_action.columns),
    "case_address": frozenset({"case_id", "address", "standing"}),
    "case_person": frozenset({"case_id", "email", "standing"}),
    "case_link": frozenset({"case_id", "other_id", "how"}),
    "praise": frozenset(column.name for column in schema.praise.columns),
    "taught": frozenset(column.name for column in schema.taught.columns),
    "learnt": frozenset(column.name for column in schema.learnt.columns) - {"body"},
    "offer": frozenset(column.name for column in schema.offer.columns),
    "link_void": frozenset(column.name for column in schema.link_void.columns),
    "obligation": frozenset(c.name for c in schema.obligation.columns)
    - {"missed_noticed_at", "told_at", "next_at", "steps"},
    "message": frozenset(
        {"id", "sha256", "mailbox", "received_at", "message_id", "identity", "from_address", "kind", "case_id"}
        | {"duplicate_of", "not_answered"}
    ),
    "letter": frozenset(
        {"id", "case_id", "answers", "audience", "kind", "seq", "mailbox", "recipient", "message_id", "sha256"}
        | {"created_at", "author", "not_before", "about", "links"}
        | {"due_at", "released_at", "sent_at", "reply", "evidence", "evidence_at", "bounced_at", "state"}
    ),
}


def plain(value: Any) -> Any:
    """A column's value as the record writes it."""
    return instant_text(value) if isinstance(value, datetime) else value


def chained(
    previous: str, event_id: int, at: str, case_id: int | None, what: str, by: str, detail: str, rows: str
) -> str:
    """The hash of one event: everything it says, and everything before it. Canonical JSON has no line breaks, so three
    lines can be parted in one way alone."""
    said = f"{canonical([previous, event_id, at, case_id, what, by])}\n{detail}\n{rows}"
    return hashlib.sha256(said.encode("ascii")).hexdigest()


class Writer:
    """What one transaction is about to write. Made by `Store.writing`."""

    def __init__(self, connection: Connection, now: datetime, head: Mapping[str, Any]) -> None:
        self.connection = connection
        self.now = now
        self._head = dict(head)
        self._start = dict(head)
        self._rows: dict[Table, dict[Shape, list[Sequence[Any]]]] = {}
        self._changes: dict[Shape, list[Sequence[Any]]] = {}
        self._moments: dict[datetime, str] = {}
        self._gathered: list[list[Any]] = []
        self._counters: dict[tuple[str, int], int] = {}

    def number(self, name: str) -> int:
        """The next id of `journal`, `case_` or `obligation`: ours to give while we hold the head row."""
        self._head[name] += 1
        return int(self._head[name])

    def reference(self, prefix: str, year: int) -> tuple[str, int]:
        """The next reference of a policy's year: without gaps, because taking it and using it is one commit."""
        key = (prefix, year)
        if key not in self._counters:
            counter = schema.reference_counter
            last = self.connection.scalar(
                select(counter.c.last).where(counter.c.prefix == prefix, counter.c.year == year)
            )
            if last is None:
                self.connection.execute(insert(counter).values(prefix=prefix, year=year, last=0))
            self._counters[key] = last or 0
        self._counters[key] += 1
        return f"{prefix}-{year}-{self._counters[key]:06d}", self._counters[key]

    def add(self, table: Table, row: dict[str, Any]) -> None:
        tracked = TRACKED.get(table.name, NOTHING)
        of = shape(table, tuple(row), tracked)
        self._rows.setdefault(table, {}).setdefault(of, []).append(tuple(row.values()))
        if tracked:
            self._gathered.append([table.name, of.seen_new(row, self._said)])

    def change(self, table: Table, key: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
        """Change one row by its key; later rows of the same shape go in the same round."""
        of = shape(table, tuple(changes), TRACKED.get(table.name, NOTHING), tuple(key))
        self._changes.setdefault(of, []).append((*changes.values(), *key.values()))
        if of.tracked:
            self._gathered.append([table.name, dict(key) | of.seen(changes, self._said)])

    def _said(self, moment: datetime) -> str:
        """A moment as text; in one transaction the same few come again and again."""
        text = self._moments.get(moment)
        if text is None:
            if moment.tzinfo is None:
                raise ValueError("a moment without its offset")
            text = self._moments[moment] = instant_text(moment)
        return text

    def event(self, what: str, *, by: str, case_id: int | None = None, **detail: Any) -> None:
        event_id = self.number("event")
        at = self._said(self.now)
        said = canonical({name: plain(value) for name, value in detail.items()})
        rows = canonical(self._gathered)
        self._gathered = []
        digest = chained(self._head["event_hash"], event_id, at, case_id, what, by, said, rows)
        self._head["event_hash"] = digest
        of = shape(schema.event, EVENT, NOTHING)
        row = (event_id, self.now, case_id, what, by, said, rows, digest)
        self._rows.setdefault(schema.event, {}).setdefault(of, []).append(row)

    def execute(self, statement: Any, rows: Sequence[Mapping[str, Any]] | None = None) -> Any:
        """For rows that the record does not follow (cursors, claims)."""
        return self.connection.execute(statement, rows) if rows is not None else self.connection.execute(statement)

    def so_far(self) -> None:
        """Write what was gathered, so that what is read next in this transaction sees it."""
        for table in _ORDER:
            for of, rows in self._rows.get(table, {}).items():
                of.write(self.connection, rows, self._said)
        for of, rows in self._changes.items():
            of.write(self.connection, rows, self._said)
        self._rows, self._changes = {}, {}

    def flush(self) -> None:
        if self._gathered:
            raise AssertionError(f"rows were written without an event: {self._gathered[0][0]}")
        self.so_far()
        for (prefix, year), last in self._counters.items():
            counter = schema.reference_counter
            self.connection.execute(
                update(counter).where(counter.c.prefix == prefix, counter.c.year == year).values(last=last)
            )
        if self._head != self._start:
            self.connection.execute(
                update(schema.head).values({name: self._head[name] for name in self._head if name != "id"})
            )
