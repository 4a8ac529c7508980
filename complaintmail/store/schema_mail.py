"""The tables of what comes in and of the record: mailboxes, raw mails, the journal, what was understood of each mail,
the chain of events. See `schema`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
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

setting = Table(
    "setting",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

# One row. Whoever writes events holds it for the length of the transaction, so numbers and the chain never fork.
head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("event", Integer, nullable=False),
    Column("event_hash", String(64), nullable=False),
    Column("journal", Integer, nullable=False),
    Column("case_", Integer, nullable=False),
    Column("obligation", Integer, nullable=False),
    Column("offer", Integer, nullable=False, server_default="0"),
)

mailbox_state = Table(
    "mailbox_state",
    metadata,
    Column("address", String(320), primary_key=True),
    Column("folder", String(255), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("last_uid", BigInteger, nullable=False),
    Column("careful_below", BigInteger, nullable=False, server_default="0"),  # the 48-hour rule holds up to this UID
    Column("history_below", BigInteger, nullable=False, server_default="0"),  # older than `since` up to this UID
    Column("history_left_out", Integer, nullable=False, server_default="0"),
    Column("last_pass_at", Instant),
    Column("last_good_at", Instant),
    Column("failing_since", Instant),
    Column("failure", Text),
)

raw_mail = Table(
    "raw_mail",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("body", LargeBinary),  # zlib; NULL when it lies in a file
    Column("path", Text),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("mailbox", String(320), nullable=False),
    Column("folder", String(255), nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("sha256", String(64), ForeignKey("raw_mail.sha256"), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("collected_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column(
        "rule", String(12), nullable=False, server_default="answer"
    ),  # careful: 48 hours; history: never; sent: by us
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("evidence_of", String(16)),
    Column("filing", String(8)),  # wanted, done: an evidence copy on its way to the Sent folder
    one_of("state", "collected", "settled", "set aside"),
    one_of("rule", "answer", "careful", "history", "sent"),
    UniqueConstraint("mailbox", "folder", "uidvalidity", "uid"),
    Index(
        "ix_journal_collected",
        "id",
        sqlite_where=text("state = 'collected'"),
        postgresql_where=text("state = 'collected'"),
    ),
    Index(
        "ix_journal_filing",
        "mailbox",
        sqlite_where=text("filing = 'wanted'"),
        postgresql_where=text("filing = 'wanted'"),
    ),
    Index("ix_journal_sha256", "sha256"),
)

message = Table(
    "message",
    metadata,
    Column("id", Integer, ForeignKey("journal.id"), primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False),
    Column("mailbox", String(320), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("message_id", Text),
    Column("identity", String(64), nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("from_address", String(320)),
    Column("from_name", Text, nullable=False),
    Column("recipients", Json, nullable=False),
    Column("subject", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("score", Float),
    Column("sure", Boolean, nullable=False),
    Column("severity", String(12), nullable=False),
    Column("reasons", Json, nullable=False),
    Column("text", Text, nullable=False),
    Column("new_text", Text, nullable=False),
    Column("attachments", Json, nullable=False),
    Column("defects", Json, nullable=False),
    Column("bounces", Json),
    Column("case_id", Integer, ForeignKey("cases.id")),
    Column("duplicate_of", Integer, ForeignKey("journal.id")),
    Column("not_answered", Text),
    Column("language", String(8)),  # en, cy, other; NULL where nobody asked
    Column("concerns", Json),  # what cannot wait, or has a law's clock, with the words that weighed
    Column("suggestions", Json),  # what else may be in it, for a person to say
    Column("judged_by", String(160)),  # which model, rules and weights; NULL where nobody was asked
    Column("listed_at", Instant),  # of a mail that was let go: when somebody had it on their list
    Index("ix_message_identity", "identity"),
    Index("ix_message_body", "body_hash", "received_at"),
    Index("ix_message_message_id", "message_id"),
    Index("ix_message_case", "case_id"),
    Index("ix_message_received", "received_at"),
    Index(
        "ix_message_unlisted",
        "mailbox",
        sqlite_where=text("listed_at IS NULL AND case_id IS NULL"),
        postgresql_where=text("listed_at IS NULL AND case_id IS NULL"),
    ),
)

# Append-only; each row's hash covers the row and the one before it. `rows` names what was written, so that the
# tables can be reckoned again from the record and compared (store.verify).
event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("case_id", Integer),
    Column("what", String(40), nullable=False),
    Column("by", String(320), nullable=False),
    Column("detail", Text, nullable=False),
    Column("rows", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_event_case", "case_id"),
)
