"""The tables of learning: what staff said of a mail, and what was learnt from it. See `schema`."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from complaintmail.store.columns import Instant, Json, metadata, one_of

# The last word of staff on a mail. What the machine had said of it stands in `message`, and its words only there.
taught = Table(
    "taught",
    metadata,
    Column("message_id", Integer, ForeignKey("journal.id"), primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("by", String(320), nullable=False),
    Column("kind", String(16)),  # none: they did not say, or took it back
    Column("severity", String(12)),
    Column("area", String(64)),
    one_of("kind", "complaint", "compliment", "enquiry", "spam"),
    Index("ix_taught_at", "at"),
)

# What is added to the shipped weights; the last row is in force. A row is never changed: taking one back adds another.
learnt = Table(
    "learnt",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("by", String(320), nullable=False),
    Column("uses", Integer, nullable=False),  # whose weights hold: its own, an earlier one's, or 0: none
    Column("stays", Boolean, nullable=False),  # nothing is learnt before somebody says so
    Column("figures", Json, nullable=False),
    Column("digest", String(64)),
    Column("body", LargeBinary),  # the weights, zlib; none where `uses` names another
)
