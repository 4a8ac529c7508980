"""Rows for tests of the store: whole ones, each with a value for every column that must have one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, insert, select

from complaintmail.store import schema
from complaintmail.store.engine import Store
from complaintmail.store.record import Writer

NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)


def case_row(number: int, case_id: int, *, prefix: str = "CMS", year: int = 2026, **more: Any) -> dict[str, Any]:
    return {
        "id": case_id,
        "reference": f"{prefix}-{year}-{number:06d}",
        "prefix": prefix,
        "year": year,
        "number": number,
        "policy": prefix.lower(),
        "policy_version": "1/abc",
        "kind": "complaint",
        "sure": True,
        "status": "new",
        "channel": "email",
        "mailbox": "info@example.test",
        "received_at": NOW,
        "complainant_name": "Jane",
        "complainant_email": "jane@complainants.test",
        "subject": "A complaint",
        "summary": "A complaint",
        "severity": "medium",
    } | more


def journal_row(entry: int, uid: int | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": entry,
        "mailbox": "info@example.test",
        "folder": "INBOX",
        "uidvalidity": 1,
        "uid": uid if uid is not None else entry,
        "sha256": "a" * 64,
        "received_at": NOW,
        "collected_at": NOW,
        "state": "collected",
    } | more


def duty_row(duty_id: int, case_id: int | None = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": duty_id,
        "case_id": case_id,
        "mailbox": "info@example.test",
        "kind": "acknowledge",
        "round": 1,
        "clause": "CMS-1.3a",
        "role": "operations-director",
        "opened_at": NOW,
        "due_at": NOW,
        "why": "counted",
        "policy_version": "1/abc",
        "state": "open",
    } | more


def letter_row(letter: str, case_id: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": letter,
        "case_id": case_id,
        "kind": "acknowledgement",
        "seq": 0,
        "mailbox": "info@example.test",
        "recipient": "jane@complainants.test",
        "recipient_key": "jane@complainants.test",
        "recipient_domain": "complainants.test",
        "message_id": f"<cm.{letter}@example.test>",
        "data": b"",
        "sha256": "b" * 64,
        "subject": "We have received your complaint",
        "text": "Hello",
        "template": "acknowledgement.md",
        "state": "queued",
        "created_at": NOW,
        "next_try_at": NOW,
        "attempts": 0,
        "resends": 0,
    } | more


def put_in(store: Store, *rows: tuple[Table, dict[str, Any]]) -> None:
    """Straight into the tables, past the record."""
    with store.engine.begin() as connection:
        for table, row in rows:
            connection.execute(insert(table), row)


# One raw mail, one entry, one case, one duty, one letter.
A_BOOK: tuple[tuple[Table, dict[str, Any]], ...] = (
    (schema.raw_mail, {"sha256": "a" * 64, "size": 3, "body": b"x", "path": None}),
    (schema.journal, journal_row(1)),
    (schema.case, case_row(1, 1)),
    (schema.obligation, duty_row(1)),
    (schema.letter, letter_row("aaaaaaaaaaaaaaaa")),
)


def open_cases(writer: Writer, count: int, *, prefix: str = "CMS", year: int = 2026) -> list[str]:
    """So many cases with the next references, closed by one event."""
    out = []
    for _ in range(count):
        reference, number = writer.reference(prefix, year)
        writer.add(schema.case, case_row(number, writer.number("case_"), prefix=prefix, year=year))
        out.append(reference)
    writer.event("case_opened", by="complaintmail")
    return out


def all_rows(store: Store, table: Table, *order: str) -> list[Any]:
    with store.reading() as connection:
        return list(connection.execute(select(table).order_by(*(table.c[name] for name in order or ("id",)))))


def numbers(store: Store, prefix: str = "CMS", year: int = 2026) -> list[int]:
    case = schema.case.c
    with store.reading() as connection:
        asked = select(case.number).where(case.prefix == prefix, case.year == year).order_by(case.number)
        return list(connection.scalars(asked))
