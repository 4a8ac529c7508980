"""What became of a mail, read from the program's own database once it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from complaintmail.store import schema
from complaintmail.store.engine import Store

ON_ITS_WAY = ("queued", "sending")
ANSWER = "answer"  # the kind of a letter that a member of staff wrote


@dataclass(frozen=True, slots=True)
class Owed:
    """Something a person owes on the case."""

    kind: str
    who: str
    due_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Our letter in answer."""

    letter_id: str
    message_id: str
    subject: str
    recipient: str
    state: str
    reason: str | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as it stands, in the words of its row."""

    status: str
    handler: str
    answered: bool
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    kind: str
    sure: bool
    reasons: tuple[str, ...]
    reference: str | None
    owner: str  # of the case
    opened: bool  # this mail opened the case
    again: bool  # the same mail was here before
    not_answered: str | None
    letter: Sent | None
    owed: tuple[Owed, ...]  # by what this mail opened, and by what it put to a person
    told: tuple[Sent, ...] = ()  # what members of staff were sent because of it


def fate_of(store: Store, mailbox: str, uid: int) -> Fate | None:
    """None while it is not settled, or its answer is still on its way."""
    entry, message, case = schema.journal.c, schema.message.c, schema.case.c
    with store.reading() as connection:
        row = connection.execute(
            select(entry.id, entry.evidence_of, schema.message, case.reference, case.owner)
            .select_from(
                schema.journal.join(schema.message, message.id == entry.id).outerjoin(
                    schema.case, case.id == message.case_id
                )
            )
            .where(entry.mailbox == mailbox, entry.uid == uid, entry.state != "collected")
        ).first()
        if row is None:
            return None
        letter = _letter(connection, row.id)
        if letter is not None and letter.state in ON_ITS_WAY:
            return None
        opened = row.case_id is not None and row.duplicate_of is None and _first_of(connection, row.case_id) == row.id
        owed = _owed(connection, row.id, row.case_id, row.kind, opened, letter)
        told = _told(connection, row.id)
    return Fate(
        kind=row.kind,
        sure=row.sure,
        reasons=tuple(row.reasons),
        reference=row.reference,
        owner=(row.owner or {}).get("name") or "",
        opened=opened,
        again=row.duplicate_of is not None,
        not_answered=row.not_answered,
        letter=letter,
        owed=owed,
        told=told,
    )


def answer_on(store: Store, reference: str, kind: str = ANSWER) -> Sent | None:
    """The newest answer by a member of staff on this case, or letter of another kind; None while there is none, or it
    is still on its way."""
    asked = (
        _sent()
        .join(schema.case, schema.case.c.id == schema.letter.c.case_id)
        .where(schema.case.c.reference == reference, schema.letter.c.kind == kind)
        .order_by(schema.letter.c.created_at.desc())
        .limit(1)
    )
    with store.reading() as connection:
        row = connection.execute(asked).first()
    return None if row is None or row.state in ON_ITS_WAY else _as_sent(row)


def standing_of(store: Store, reference: str) -> Standing:
    case = schema.case.c
    asked = select(case.status, case.handler, case.responded_at, case.outcome).where(case.reference == reference)
    with store.reading() as connection:
        row = connection.execute(asked).one()
    return Standing(row.status, (row.handler or {}).get("name") or "", row.responded_at is not None, row.outcome or "")


def _sent() -> Select[Any]:
    letter = schema.letter.c
    columns = (letter.id, letter.message_id, letter.subject, letter.recipient, letter.state, letter.reason)
    return select(*columns, letter.created_at)


def _as_sent(row: Row[Any]) -> Sent:
    return Sent(row.id, row.message_id, row.subject, row.recipient, row.state, row.reason, row.created_at)


def _letter(connection: Connection, answers: int) -> Sent | None:
    """What the program wrote by itself to whoever sent this mail."""
    letter = schema.letter.c
    row = connection.execute(
        _sent()
        .where(letter.answers == answers, letter.audience == "complainant", letter.author.is_(None))
        .order_by(letter.created_at)
        .limit(1)
    ).first()
    return None if row is None else _as_sent(row)


def _told(connection: Connection, entry: int) -> tuple[Sent, ...]:
    """A new handler's notice shows the complaint, so it answers that mail and not the one that named them."""
    letter = schema.letter.c
    because = or_(letter.answers == entry, (letter.kind == "handler") & (letter.seq == entry))
    asked = _sent().where(letter.audience == "staff", because).order_by(letter.created_at, letter.id)
    return tuple(_as_sent(row) for row in connection.execute(asked))


def _first_of(connection: Connection, case_id: int) -> int | None:
    message = schema.message.c
    first: int | None = connection.scalar(
        select(message.id).where(message.case_id == case_id).order_by(message.id).limit(1)
    )
    return first


def _owed(
    connection: Connection, entry: int, case_id: int | None, kind: str, opened: bool, letter: Sent | None
) -> tuple[Owed, ...]:
    duty = schema.obligation.c
    asked = select(duty.kind, duty.owner, duty.due_at, duty.why).where(duty.state == "open").order_by(duty.id)
    if opened:
        asked = asked.where(duty.case_id == case_id)
        if letter is not None:  # a bounce may have followed already; it is told as a mail of its own
            asked = asked.where(or_(duty.kind != "attend", duty.opened_at <= letter.written_at))
    elif kind == "bounce" and case_id is not None:  # its duty is about the letter that came back
        asked = asked.where(duty.case_id == case_id, duty.kind == "attend")
    else:
        asked = asked.where(duty.message_id == entry, duty.kind == "attend")
    return tuple(
        Owed(row.kind, (row.owner or {}).get("name") or "", row.due_at, row.why) for row in connection.execute(asked)
    )
