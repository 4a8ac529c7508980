"""Reminders and lists that were owed within somebody's hours and could not leave in them: the mail server was away, or
the program was.

They are let go, and said anew at that person's next hour, as things stand then: a list by itself, a reminder because
its duty is spoken of again. What matters for somebody's safety waits for nothing. One commit; a crash leaves it to the
next look.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from complaintmail.cases.hours import next_opening
from complaintmail.cases.people import People
from complaintmail.cases.post import NoticeKind
from complaintmail.cases.reminding import SAFEGUARDING
from complaintmail.policy.duties import calendar_of
from complaintmail.policy.policy import Policy
from complaintmail.store import outbox, reminded, schema
from complaintmail.store.engine import Store
from complaintmail.store.record import Writer

QUIET = (NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.DIGEST)
WHY = "it could not leave in the hours of whoever gets it, and is said anew in the next"


# Built once, and answered by the index of letters that are on their way: each turn of a mailbox asks it.
_WAITING = select(
    *(schema.letter.c.id, schema.letter.c.kind, schema.letter.c.case_id),
    *(schema.letter.c.recipient, schema.letter.c.about),
).where(
    schema.letter.c.mailbox == bindparam("mailbox"),
    outbox.ALIVE,
    schema.letter.c.state == "queued",
    schema.letter.c.kind.in_(QUIET),
    schema.letter.c.next_try_at <= bindparam("now", type_=schema.Instant()),
)


def keep_for_their_hours(store: Store, mailbox: str, policy: Policy, people: People, now: datetime) -> int:
    """Let go of what would go now to somebody who is not at work; how many letters."""
    with store.reading() as connection:
        found = _out_of_hours(connection, mailbox, policy, people, now)
    if not found:
        return 0
    letter = schema.letter
    with store.writing(now) as writer:
        for row in found:
            if writer.connection.scalar(select(letter.c.state).where(letter.c.id == row.id)) != "queued":
                continue
            changes: dict[str, Any] = {"state": "cancelled", "next_try_at": None, "reason": WHY}
            writer.change(letter, {"id": row.id}, changes)
            writer.event("notice_put_off", by="complaintmail", case_id=row.case_id, letter=row.id)
            _say_anew(writer, (row.about or {}).get("duty"))
    return len(found)


def _say_anew(writer: Writer, duty_id: int | None) -> None:
    """It is looked at again at once: whoever owes it then hears of it in their next hours."""
    duty = schema.obligation
    steps = writer.connection.scalar(select(duty.c.steps).where(duty.c.id == duty_id, duty.c.state == "open"))
    if steps is not None and duty_id is not None:
        reminded.spoken(writer, duty_id, writer.now, steps)


def _out_of_hours(connection: Connection, mailbox: str, policy: Policy, people: People, now: datetime) -> list[Any]:
    found = []
    for row in connection.execute(_WAITING, {"mailbox": mailbox, "now": now}):
        person = people.at(row.recipient)
        if person is None:
            continue
        opens = next_opening(person, now, policy.timezone, calendar_of(policy))
        if opens > now and not _for_safety(connection, row):
            found.append(row)
    return found


def _for_safety(connection: Connection, row: Any) -> bool:
    duty = schema.obligation
    owed = (row.about or {}).get("duty")
    return owed is not None and connection.scalar(select(duty.c.role).where(duty.c.id == owed)) == SAFEGUARDING
