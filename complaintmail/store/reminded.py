"""What reminders need of the database: whose turn has come, what was said before, and who does not answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, union_all, update

from complaintmail.cases.budget import counted_as
from complaintmail.cases.post import NoticeKind
from complaintmail.store import outbox, schema
from complaintmail.store.outbox import MEETS, WAITS
from complaintmail.store.record import Writer

duty, letter = schema.obligation, schema.letter

KINDS = (str(NoticeKind.REMINDER), str(NoticeKind.OVERDUE))
STEPS = 100_000  # of one duty: a letter's number is the duty's and the step's, so that no step goes twice
MUTE_FOR = timedelta(days=7)  # after a bounce somebody else is asked; then they are tried again
ON_ITS_WAY = frozenset({"queued", "sending", "doubt"})
A_DAY = timedelta(days=1)
SOON, NEVER_SO_FAR = timedelta(days=30), timedelta(days=60)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def whose_turn(connection: Connection, mailboxes: Sequence[str], now: datetime, limit: int) -> list[tuple[int, str]]:
    """Open duties of which something is to be said now: id and mailbox, the longest waiting first."""
    ripe = select(duty.c.id, duty.c.mailbox, duty.c.next_at).where(
        schema.written_out(duty.c.state, "open"), duty.c.next_at <= now, duty.c.mailbox.in_(list(mailboxes))
    )
    # In two parts, each of which the index of open duties serves: it begins with the last moment.
    both = union_all(ripe.where(duty.c.due_at.is_(None)), ripe.where(duty.c.due_at > LONG_AGO)).subquery()
    asked = select(both.c.id, both.c.mailbox).order_by(both.c.next_at, both.c.id).limit(limit)
    return [(row.id, row.mailbox) for row in connection.execute(asked)]


def astray(connection: Connection, mailboxes: Sequence[str], now: datetime) -> list[Any]:
    """Open duties whose next moment was set by a clock that was ahead: no step lies so far behind its last day."""
    asked = select(duty).where(
        schema.written_out(duty.c.state, "open"),
        duty.c.due_at < now + SOON,
        duty.c.next_at > now + NEVER_SO_FAR,
        duty.c.mailbox.in_(list(mailboxes)),
    )
    return list(connection.execute(asked))


def still(connection: Connection, duty_id: int, now: datetime) -> Any:
    """The duty, if its turn has really come: it may have been met, or spoken of by another process, since we looked."""
    asked = select(duty).where(
        duty.c.id == duty_id, schema.written_out(duty.c.state, "open"), duty.c.next_at <= now
    )  # fmt: skip
    return connection.execute(asked).first()


def overtaken(connection: Connection, mailboxes: Sequence[str]) -> list[tuple[str, int | None]]:
    """Notices that have not left yet, of duties that are done or let go: the letter and its case."""
    waiting = select(letter.c.id, letter.c.case_id, letter.c.seq).where(
        outbox.ALIVE, letter.c.state == "queued", letter.c.mailbox.in_(list(mailboxes)), letter.c.kind.in_(KINDS)
    )
    rows = connection.execute(waiting).all()
    if not rows:
        return []
    of = {row.seq // STEPS for row in rows}
    asked = select(duty.c.id).where(duty.c.id.in_(of), schema.written_out(duty.c.state, "open"))
    still_open = set(connection.scalars(asked))
    return [(row.id, row.case_id) for row in rows if row.seq // STEPS not in still_open]


def withdraw(writer: Writer, letter_id: str, case_id: int | None) -> None:
    """This notice does not go: what it is about was done while it waited."""
    changes = {"state": "cancelled", "next_try_at": None, "reason": "what it reminds of was done meanwhile"}
    writer.change(letter, {"id": letter_id}, changes)
    writer.event("reminder_withdrawn", by="complaintmail", case_id=case_id, letter=letter_id)


def spoken(writer: Writer, duty_id: int, next_at: datetime | None, steps: int) -> None:
    writer.execute(update(duty).where(duty.c.id == duty_id).values(next_at=next_at, steps=steps))


def number(duty_id: int, steps: int) -> int:
    """The number of this step's letters."""
    return duty_id * STEPS + steps % STEPS


def said_late(connection: Connection, row: Any) -> int:
    """How many steps before this one said that it is late, by the date that holds now."""
    if row.due_at is None or not row.steps:
        return 0
    asked = select(func.count(letter.c.seq.distinct())).where(
        letter.c.case_id == row.case_id if row.case_id is not None else letter.c.case_id.is_(None),
        letter.c.kind == str(NoticeKind.OVERDUE),
        letter.c.seq.between(number(row.id, 0), number(row.id, row.steps) - 1),
        letter.c.created_at > row.due_at,
        letter.c.state != "cancelled",
    )
    return int(connection.scalar(asked) or 0)


def told_of(connection: Connection, case_id: int | None, number: int) -> frozenset[str]:
    """Who was told of this step already."""
    asked = select(letter.c.recipient_key).where(
        letter.c.case_id == case_id if case_id is not None else letter.c.case_id.is_(None),
        letter.c.kind.in_(KINDS),
        letter.c.seq == number,
    )
    return frozenset(connection.scalars(asked))


def said_today(connection: Connection, email: str, now: datetime) -> int:
    """How many reminders this person was sent within a day."""
    asked = select(func.count()).where(
        letter.c.recipient_key == counted_as(email), letter.c.created_at > now - A_DAY, letter.c.kind.in_(KINDS)
    )
    return int(connection.scalar(asked) or 0)


def silent(connection: Connection, emails: Collection[str], now: datetime, absent: int) -> frozenset[str]:
    """Who does not answer: their mail came back of late, or they only answer automatically."""
    keys = {counted_as(email): email.lower() for email in emails}
    came_back = select(letter.c.recipient_key).where(
        letter.c.recipient_key.in_(list(keys)),
        letter.c.created_at > now - MUTE_FOR,
        letter.c.audience == "staff",
        letter.c.bounced_at.is_not(None) | (letter.c.state == "refused"),
    )
    state = schema.person_state
    away = select(state.c.email).where(state.c.absent >= absent)
    found = {keys[key] for key in connection.scalars(came_back)} | set(connection.scalars(away))
    return frozenset(found)


def acknowledgement(connection: Connection, case_id: int | None, kind: str) -> tuple[bool, str]:
    """Is the letter that meets this duty still on its way by itself? If not: why it has not gone, if there is one."""
    kinds = [name for name, duties in MEETS.items() if kind in duties]
    asked = select(letter.c.state, letter.c.reason).where(
        letter.c.case_id == case_id, letter.c.kind.in_(kinds), letter.c.state.in_((*ON_ITS_WAY, "held", "refused"))
    )
    rows = connection.execute(asked.order_by(letter.c.created_at)).all()
    if any(row.state in ON_ITS_WAY for row in rows):
        return True, ""
    return False, next((str(row.reason or row.state) for row in rows), "")


def stands_for_it(why: str, open_kinds: Collection[str]) -> bool:
    """Does this only say that an automatic answer waits, while the duty to acknowledge says the same?"""
    return why.startswith(WAITS) and bool({"acknowledge", "appeal-acknowledge"} & set(open_kinds))
