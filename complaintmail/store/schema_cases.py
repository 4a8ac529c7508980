"""The tables of cases: what a case is, who is on it, what is owed on it, what waits for a word. See `schema`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from complaintmail.store.columns import Instant, Json, metadata, one_of

policy_text = Table(
    "policy_text",
    metadata,
    Column("version", String(80), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("text", Text, nullable=False),
)

reference_counter = Table(
    "reference_counter",
    metadata,
    Column("prefix", String(16), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

case = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("reference", String(32), nullable=False, unique=True),
    Column("prefix", String(16), nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("policy", String(64), nullable=False),
    Column("policy_version", String(80), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("sure", Boolean, nullable=False),
    Column("status", String(12), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("mailbox", String(320), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("complainant_name", Text, nullable=False),
    Column("complainant_email", String(320)),
    Column("subject", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("area", String(64)),
    Column("severity", String(12), nullable=False),
    Column("owner", Json),
    Column("handler", Json),
    Column("acknowledge_by", Instant),
    Column("acknowledged_at", Instant),
    Column("respond_by", Instant),
    Column("responded_at", Instant),
    Column("first_human_at", Instant),
    Column("outcome", String(24)),
    Column("cause", Text),
    Column("closed_at", Instant),
    Column("agreed", Text),  # why `respond_by` is another day than the policy's: agreed with the complainant
    Column("contact", String(8), nullable=False, server_default="email"),  # how they want to be reached
    Column("needs", Json),  # access needs, in words
    Column("restricted", Boolean, nullable=False, server_default=text("false")),
    Column("serious", Boolean, nullable=False, server_default=text("false")),
    Column("pauses", Boolean, nullable=False, server_default=text("false")),  # its policy lets days stand still
    Column("waiting_since", Instant),  # while it waits for the complainant's answer or a third party's
    Column("outcome_at", Instant),  # when the last outcome letter counts as received
    Column("appeal_by", Instant),  # the last moment of an appeal in time; none: no window, or no appeal
    Column("course", Json),  # what was recorded on its way: see cases/course.py
    one_of("contact", "email", "phone", "post", "never"),
    one_of("kind", "complaint", "compliment", "enquiry", "appeal", "unreadable"),
    one_of("status", "new", "open", "waiting", "referred", "appealed", "closed"),
    UniqueConstraint("prefix", "year", "number"),
    Index("ix_cases_complainant", "complainant_email", "received_at"),
    Index("ix_cases_received", "received_at"),
)

case_address = Table(
    "case_address",
    metadata,
    Column("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
    Column("address", String(320), primary_key=True),
    Column("standing", String(16), nullable=False),
    one_of("standing", "complainant", "third party", "consulted", "unverified"),  # third party: by consent
    Index("ix_case_address_address", "address"),
)

# Members of staff whom a case treats otherwise than their roles say. Who is suspected gets nothing of it either.
case_person = Table(
    "case_person",
    metadata,
    Column("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
    Column("email", String(320), primary_key=True),
    Column("standing", String(16), nullable=False),
    one_of("standing", "suspected", "complained about", "cleared"),
    Index("ix_case_person_email", "email"),
)

case_link = Table(
    "case_link",
    metadata,
    Column("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
    Column("other_id", Integer, ForeignKey("cases.id"), primary_key=True),
    Column("how", String(12), nullable=False),
    one_of("how", "linked", "split from", "merged into"),
)

# What was promised to be done about a case, whatever becomes of the case itself.
case_action = Table(
    "case_action",
    metadata,
    Column("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("by", String(10)),  # its last day
    Column("who", String(320)),
    Column("kind", String(12), nullable=False),
    Column("done_at", Instant),
    Column("done_how", Text),
    one_of("kind", "action", "learning", "assessment"),
)

# What waits for a #yes of one person: a mail that was not proved theirs, an answer shown back, an order offered back.
offer = Table(
    "offer",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("case_id", Integer, ForeignKey("cases.id")),
    Column("mailbox", String(320), nullable=False),
    Column("person", String(320), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("message_id", Integer, ForeignKey("journal.id")),
    Column("payload", Json, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("settled_at", Instant),
    one_of("kind", "confirm", "answer", "orders", "draft", "letter"),
    one_of("state", "open", "taken", "withdrawn"),
    Index("ix_offer_open", "person", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    Index("ix_offer_case", "case_id"),
)

person_state = Table(
    "person_state",
    metadata,
    Column("email", String(320), primary_key=True),
    Column("digest_at", Instant),
    Column("welcomed_at", Instant),
    Column("welcome_answered_at", Instant),
    Column("first_answer_at", Instant),  # their first answer to a complainant that was sent after they had seen it
    Column("absent", Integer, nullable=False, server_default="0"),  # automatic replies since they last wrote
)

UNTOLD_DUTY = "kind = 'attend' AND told_at IS NULL AND state = 'open'"

obligation = Table(
    "obligation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("case_id", Integer, ForeignKey("cases.id")),
    Column("message_id", Integer, ForeignKey("journal.id")),
    Column("mailbox", String(320), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("round", BigInteger, nullable=False),
    Column("clause", String(32), nullable=False),
    Column("role", String(64), nullable=False),
    Column("owner", Json),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("why", Text, nullable=False),
    Column("policy_version", String(80), nullable=False),
    Column("state", String(8), nullable=False),
    Column("met_at", Instant),
    Column("evidence", Text),
    Column("missed_noticed_at", Instant),
    Column("told_at", Instant),  # of what only a person can settle: when a notice went to them
    Column("next_at", Instant),  # when something is to be said of it next: a reminder, or that it is late
    Column("steps", Integer, nullable=False, server_default="0"),  # how many such were said
    one_of("state", "open", "met", "void"),
    Index(
        "uq_obligation_live",
        "case_id",
        "kind",
        "round",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index(  # what is late, and (over all that is open) what is to be spoken of: one index, for each costs every intake
        "ix_obligation_open",
        "due_at",
        "next_at",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index("ix_obligation_case", "case_id"),
    Index("ix_obligation_untold", "mailbox", sqlite_where=text(UNTOLD_DUTY), postgresql_where=text(UNTOLD_DUTY)),
    Index("ix_obligation_message", "message_id"),
)
