"""Time goes by: what is past its last moment, or was taken and never proved, is noticed, once, in the record.

Lateness itself is never stored: whoever asks reckons it from the date. Reminders and escalations hang on the same
obligations and come with the letters that carry them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from complaintmail.log import Log
from complaintmail.store import schema
from complaintmail.store.engine import Store
from complaintmail.store.standing import late_now

log = Log("chase")
BATCH = 200
EVIDENCE_WITHIN = timedelta(hours=24)
LOOK_BACK = timedelta(days=8)  # letters older than this were looked at long ago


def notice_missed(store: Store, mailboxes: Sequence[str], now: datetime) -> int:
    """Record each open duty whose last moment has passed since we last looked; how many."""
    duty = schema.obligation.c
    asked = (
        select(duty.id, duty.case_id, duty.kind, duty.clause, duty.due_at)
        .where(schema.written_out(duty.state, "open"), late_now(now), duty.missed_noticed_at.is_(None))
        .where(duty.mailbox.in_(list(mailboxes)))
        .order_by(duty.due_at)
        .limit(BATCH)
    )
    with store.reading() as connection:
        rows = connection.execute(asked).all()
    if not rows:
        return 0
    with store.writing(now) as writer:
        for row in rows:
            writer.change(schema.obligation, {"id": row.id}, {"missed_noticed_at": now})
            writer.event(
                "duty_missed",
                by="complaintmail",
                case_id=row.case_id,
                duty=row.kind,
                clause=row.clause,
                due_at=row.due_at,
            )
            log.warning("duty_missed", duty=row.kind, case=row.case_id)
    return len(rows)


def notice_unproved(store: Store, mailboxes: Sequence[str], now: datetime) -> int:
    """Record each letter that a server took, with a copy for us, of which no copy came in a day; how many."""
    letter = schema.letter.c
    asked = (
        select(letter.id, letter.case_id)
        .where(letter.created_at.between(now - LOOK_BACK, now - EVIDENCE_WITHIN), letter.mailbox.in_(list(mailboxes)))
        .where(letter.state == "sent", letter.evidence == "bcc", letter.evidence_at.is_(None))
        .where(letter.sent_at < now - EVIDENCE_WITHIN, letter.bounced_at.is_(None))
        .limit(BATCH)
    )
    with store.reading() as connection:
        rows = connection.execute(asked).all()
    if not rows:
        return 0
    with store.writing(now) as writer:
        for row in rows:
            writer.change(schema.letter, {"id": row.id}, {"evidence": "none"})
            writer.event("evidence_missing", by="complaintmail", case_id=row.case_id, letter=row.id)
            log.warning("evidence_missing", letter=row.id, why="the mail server took it, but no copy came in a day")
    return len(rows)
