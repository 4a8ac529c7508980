"""The table of praise: to whom kind words were passed on, and what of them hangs on the board. See `schema`."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from complaintmail.store.columns import Instant, Json, metadata, one_of

praise = Table(
    "praise",
    metadata,
    Column("case_id", Integer, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("words", Text, nullable=False),  # as they hang, or would: without names
    Column("named", Text, nullable=False),  # the giver's name, where they allowed it; else ''
    Column("consent", Text),  # what shows that they did
    Column("passed_to", Json, nullable=False),  # addresses of staff
    Column("board", String(8), nullable=False),
    Column("shown_at", Instant),
    Column("by", String(320), nullable=False),  # who said the last word about it
    one_of("board", "no", "asked", "shown", "off"),  # asked: shown to who keeps the board; off: taken down
)
