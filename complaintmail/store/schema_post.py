"""The tables of what goes out: letters, their other names, the links in them that are void. See `schema`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from complaintmail.store.columns import Instant, Json, metadata, one_of

UNTOLD = "author IS NOT NULL AND told_at IS NULL"  # staff's own words whose end nobody has heard of yet

letter = Table(
    "letter",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("case_id", Integer, ForeignKey("cases.id")),
    Column("answers", Integer, ForeignKey("journal.id")),
    Column("audience", String(12), nullable=False, server_default="complainant"),
    Column("kind", String(24), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("mailbox", String(320), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("recipient_key", String(320), nullable=False),  # as the limits count it
    Column("recipient_domain", String(255), nullable=False),
    Column("message_id", Text, nullable=False, unique=True),
    Column("data", LargeBinary, nullable=False),  # zlib of the bytes as they leave; never rendered again
    Column("sha256", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("reason", Text),  # why it is held, refused, in doubt or waiting
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("next_try_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("claimed_at", Instant),
    Column("claimed_by", String(40)),
    Column("doubt_at", Instant),
    Column("resends", Integer, nullable=False),
    Column("released_at", Instant),
    Column("sent_at", Instant),
    Column("reply", Text),
    Column("evidence", String(8)),  # asked for and taken: bcc, dsn, sent, none
    Column("evidence_at", Instant),
    Column("bounced_at", Instant),
    Column("author", String(320)),  # the member of staff whose words it carries
    Column("not_before", Instant),  # time in which #stop takes it back
    Column("about", Json),  # of a letter to staff: what a reply to it is about; of theirs: what follows once it went
    Column("links", Json),  # of a letter to staff: the command that each of its one-click links may give
    Column("told_at", Instant),  # of an answer that was sent: when it was credited and its writer told
    one_of("state", "queued", "sending", "sent", "refused", "doubt", "held", "cancelled"),
    one_of("audience", "complainant", "staff", "third party"),
    UniqueConstraint("case_id", "kind", "seq", "recipient_key"),
    Index(
        "uq_letter_without_case",
        "kind",
        "seq",
        "recipient_key",
        unique=True,
        sqlite_where=text("case_id IS NULL"),
        postgresql_where=text("case_id IS NULL"),
    ),
    Index(
        "ix_letter_live",
        "mailbox",
        "next_try_at",
        sqlite_where=text("state IN ('queued', 'sending', 'doubt')"),
        postgresql_where=text("state IN ('queued', 'sending', 'doubt')"),
    ),
    Index("ix_letter_recipient", "recipient_key", "created_at"),
    Index("ix_letter_domain", "recipient_domain", "created_at"),
    Index("ix_letter_created", "created_at"),
    Index("ix_letter_answers", "answers"),
    Index("ix_letter_untold", "mailbox", sqlite_where=text(UNTOLD), postgresql_where=text(UNTOLD)),
    Index("ix_letter_waiting", "state", sqlite_where=text("state <> 'sent'"), postgresql_where=text("state <> 'sent'")),
)

letter_alias = Table(
    "letter_alias",
    metadata,
    Column("message_id", String(998), primary_key=True),
    Column("letter_id", String(16), ForeignKey("letter.id"), nullable=False),
)

# One-click links that are void: used, or seen where others may have read them.
link_void = Table(
    "link_void",
    metadata,
    Column("letter_id", String(16), ForeignKey("letter.id"), primary_key=True),
    Column("link", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("why", String(8), nullable=False),
    one_of("why", "used", "seen"),
)
