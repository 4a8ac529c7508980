"""An answer that a person gave: what it is credited to.

One function for every way in which it can reach us (the Sent folder, a mail with the mailbox in copy, a command), so
that the same answer counts the same, and counts once: what is met stays met by what met it first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, literal, or_, select

from complaintmail.cases.post import LetterKind
from complaintmail.store import schema
from complaintmail.store.outbox import MEETS, WAITS
from complaintmail.store.record import Writer

AUTOMATIC = tuple(MEETS)  # letters that say no more than an answer by hand has said

case, duty, letter = schema.case, schema.obligation, schema.letter


def credit_answer(
    writer: Writer, case_id: int, at: datetime, evidence: str, by: str, *, counts: bool = True
) -> list[str]:
    """A person (`by`) answered the complainant at this moment: the case's dates, its open duties to acknowledge, to
    get in touch and to respond, and an automatic answer that has not gone yet, which then never goes. Returns the
    kinds of duty that were met; the caller writes the event. `counts`: False for a word in between, which leaves the
    answer itself owed."""
    writer.so_far()  # the same batch may have opened the case
    _date(writer, case_id, at, counts)
    answered = _cancel(writer, case_id, by, (*AUTOMATIC, str(LetterKind.DECIDED)) if counts else AUTOMATIC)
    met: list[str] = []
    owed = select(duty.c.id, duty.c.kind, duty.c.round, duty.c.message_id, duty.c.why).where(
        duty.c.case_id == case_id,
        duty.c.state == "open",
        or_(
            duty.c.kind.in_(("acknowledge", "data-acknowledge", "contact")),
            and_(duty.c.kind == "respond", duty.c.round == 1, literal(counts)),
            and_(duty.c.kind.in_(("decide", "set-date", "confirm")), literal(counts)),  # who answers has dealt with it
            and_(duty.c.kind == "attend", duty.c.message_id.in_(answered)),
        ),
    )
    for row in writer.connection.execute(owed.order_by(duty.c.id)).all():
        if row.kind == "attend" and not row.why.startswith(WAITS):
            continue  # it asks a person something else about that mail
        writer.change(duty, {"id": row.id}, {"state": "met", "met_at": at, "evidence": evidence})
        met.append(row.kind)
    return met


def nothing_to_see_to(writer: Writer, message_id: int, at: datetime, evidence: str) -> None:
    """The same mail came in copy, where nothing proved it staff's, and a person was asked to look: no more."""
    asked = select(duty.c.id).where(duty.c.message_id == message_id, duty.c.kind == "attend", duty.c.state == "open")
    for duty_id in writer.connection.scalars(asked).all():
        writer.change(duty, {"id": duty_id}, {"state": "met", "met_at": at, "evidence": evidence})


def _date(writer: Writer, case_id: int, at: datetime, counts: bool) -> None:
    asked = select(case.c.status, case.c.acknowledged_at, case.c.first_human_at, case.c.responded_at)
    row = writer.connection.execute(asked.where(case.c.id == case_id)).one()
    changes: dict[str, Any] = {
        name: at
        for name in ("acknowledged_at", "first_human_at", "responded_at")
        if getattr(row, name) is None and (counts or name != "responded_at")
    }
    if row.status == "new":
        changes["status"] = "open"  # somebody has it
    elif row.status == "waiting" and counts:
        changes |= {"status": "open", "waiting_since": None}  # nobody waits for the complainant any more
    if changes:
        writer.change(case, {"id": case_id}, changes)


def _cancel(writer: Writer, case_id: int, by: str, kinds: tuple[str, ...]) -> list[int]:
    """Letters on this case that the answer makes needless, and that have not begun to leave; the mails that they would
    have answered."""
    waiting = select(letter.c.id, letter.c.answers).where(
        letter.c.case_id == case_id, letter.c.kind.in_(kinds), letter.c.state.in_(("queued", "held"))
    )
    rows = writer.connection.execute(waiting).all()
    for row in rows:
        reason = f"answered by hand, by {by}"
        writer.change(letter, {"id": row.id}, {"state": "cancelled", "next_try_at": None, "reason": reason})
    return [row.answers for row in rows if row.answers is not None]
