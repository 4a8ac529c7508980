"""Letters of which nobody knows whether the server took them: how they come to be in doubt, and how that ends.

`outbox` says what each state of a letter means. Each function commits by itself, but for `resolve`, which its caller
closes; what a crash leaves is found again by the next look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select

from complaintmail.cases.settle import Verdict
from complaintmail.store import schema
from complaintmail.store.engine import Store
from complaintmail.store.outbox import ALIVE
from complaintmail.store.record import Writer

letter = schema.letter


def lost_owners(store: Store, mailboxes: Sequence[str], owner: str, now: datetime) -> int:
    """Letters left `sending` by a daemon that is gone: in doubt from now on. How many there were."""
    claimed_by = func.coalesce(letter.c.claimed_by, "")
    return _left_sending(store, mailboxes, claimed_by != owner, "the program stopped while it was being sent", now)


def left_behind(store: Store, mailbox: str, owner: str, now: datetime) -> int:
    """Letters that this daemon claimed and then lost sight of (a claim whose commit was cut off, a sending that broke
    off): in doubt. Asked only by the one who sends this mailbox's letters, while it sends none."""
    return _left_sending(store, [mailbox], letter.c.claimed_by == owner, "its sending broke off", now)


def _left_sending(store: Store, mailboxes: Sequence[str], whose: ColumnElement[bool], why: str, now: datetime) -> int:
    left = and_(ALIVE, letter.c.state == "sending", letter.c.mailbox.in_(list(mailboxes)), whose)
    with store.reading() as connection:
        rows = connection.execute(select(letter.c.id, letter.c.case_id).where(left)).all()
    if not rows:
        return 0
    with store.writing(now) as writer:
        for row in rows:
            writer.change(letter, {"id": row.id}, {"state": "doubt", "doubt_at": now, "reason": why})
            writer.event("letter_in_doubt", by="complaintmail", case_id=row.case_id, letter=row.id, reply=why)
    return len(rows)


@dataclass(frozen=True, slots=True)
class Doubtful:
    id: str
    case_id: int | None
    answers: int | None
    kind: str
    message_id: str
    claimed_at: datetime
    resends: int


def doubtful(connection: Connection, mailboxes: Sequence[str]) -> list[Doubtful]:
    columns = (
        *(letter.c.id, letter.c.case_id, letter.c.answers, letter.c.kind, letter.c.message_id),
        *(letter.c.claimed_at, letter.c.resends),
    )
    asked = select(*columns).where(ALIVE, letter.c.state == "doubt", letter.c.mailbox.in_(list(mailboxes)))
    return [Doubtful(*row) for row in connection.execute(asked)]


def reckon_anew(store: Store, ahead: Sequence[Doubtful], now: datetime) -> None:
    """The clock was set back since these were claimed: their wait for evidence begins now."""
    with store.writing(now) as writer:
        for doubt in ahead:
            writer.change(letter, {"id": doubt.id}, {"claimed_at": now})
            writer.event("clock_set_back", by="complaintmail", case_id=doubt.case_id, letter=doubt.id)


def resolve(writer: Writer, doubt: Doubtful, verdict: Verdict) -> None:
    """No evidence came: queue it once more, or hold it for a person."""
    changes: dict[str, Any] = {
        "state": verdict.state,
        "reason": verdict.reason,
        "next_try_at": verdict.next_try_at,
    }
    if verdict.state == "queued":
        changes["resends"] = doubt.resends + 1
    writer.change(letter, {"id": doubt.id}, changes)
    what = "letter_resent" if verdict.state == "queued" else "letter_held"
    writer.event(what, by="complaintmail", case_id=doubt.case_id, letter=doubt.id, reason=verdict.reason)
