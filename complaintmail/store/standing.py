"""What `late` says of open duties, for statements of SQLAlchemy's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select

from complaintmail.cases.kinds import PAUSABLE
from complaintmail.store import schema


def stands_still() -> ColumnElement[bool]:
    """STANDS_STILL for a statement of SQLAlchemy's over the table of duties."""
    duty, case = schema.obligation.c, schema.case.alias("w").c
    waits = select(case.id).where(
        case.id == duty.case_id, case.pauses, case.status == "waiting", duty.due_at >= case.waiting_since
    )
    return duty.kind.in_(PAUSABLE) & waits.exists()


def late_now(now: datetime) -> ColumnElement[bool]:
    duty = schema.obligation.c
    return (duty.due_at < now) & ~stands_still()
