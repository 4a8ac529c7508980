"""The row of praise of a case: written by its own command or at intake, read by whoever looks at the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from complaintmail.store import schema
from complaintmail.store.record import Writer

FRESH: Mapping[str, Any] = {
    "words": "",
    "named": "",
    "consent": None,
    "passed_to": [],
    "board": "no",
    "shown_at": None,
    "by": "complaintmail",
}


def praise_of(connection: Connection, case_id: int) -> dict[str, Any]:
    """Nothing where there is no row."""
    found = connection.execute(select(schema.praise).where(schema.praise.c.case_id == case_id)).first()
    return dict(found._mapping) if found is not None else {}


def keep_praise(writer: Writer, case_id: int, values: Mapping[str, Any]) -> None:
    """Change these columns; the row is made where there was none. The caller's event names it."""
    writer.so_far()  # the same mail may have made it
    if praise_of(writer.connection, case_id):
        writer.change(schema.praise, {"case_id": case_id}, values)
    else:
        writer.add(schema.praise, {"case_id": case_id, **FRESH, **values})
