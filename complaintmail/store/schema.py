"""The tables. SQLAlchemy Core, no ORM: rows are written in batches and handed out as frozen values.

What a crash leaves at each row, and who tidies, stands in docs/states.md. Closed sets are CHECKed and "one live"
is a partial unique index: the database keeps the promise even if we forget.
"""

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

from complaintmail.store.columns import Instant as Instant
from complaintmail.store.columns import Json as Json
from complaintmail.store.columns import beside_the_index as beside_the_index
from complaintmail.store.columns import canonical as canonical
from complaintmail.store.columns import metadata as metadata
from complaintmail.store.columns import one_of
from complaintmail.store.columns import written_out as written_out

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
    one_of("standing", "complainant", "third party", "unverified"),  # third party: with the complainant's consent
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
    one_of("kind", "confirm", "answer", "orders", "draft"),
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
    Index("ix_message_identity", "identity"),
    Index("ix_message_body", "body_hash", "received_at"),
    Index("ix_message_message_id", "message_id"),
    Index("ix_message_case", "case_id"),
    Index("ix_message_received", "received_at"),
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
    Index("ix_obligation_open", "due_at", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    Index("ix_obligation_case", "case_id"),
    Index("ix_obligation_untold", "mailbox", sqlite_where=text(UNTOLD_DUTY), postgresql_where=text(UNTOLD_DUTY)),
    Index("ix_obligation_message", "message_id"),
)

UNTOLD = "kind = 'answer' AND told_at IS NULL"  # answers whose end nobody has heard of yet

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
    Column("about", Json),  # of a letter to staff: what a reply to it is about
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
