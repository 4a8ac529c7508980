"""What staff said of mails, kept as it is said, and read again as what is learnt from.

One row for each mail: its last word, whose, and when. Only commands write here, and those are staff's proved word
(passes.instruction) or the administrator's. No text is copied: the words are read from `message` each time, so what is
erased there is not learnt from again. Beside what was said stands what was done: a case that staff worked to its
outcome was a complaint; what was let go, and nobody took up for some days, was none. Those count half.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy import case as sql_case

from complaintmail.cases.deeds import Change, Deed
from complaintmail.cases.scene import CaseNow
from complaintmail.store import schema
from complaintmail.store.record import Writer
from complaintmail.triage.judge import HEAD, TAIL
from complaintmail.triage.learning import MOST, Review

LEFT_FOR = timedelta(days=7)  # what was let go and is not taken up by then was let go rightly
HALF = 0.5
COMPLAINTS = ("complaint", "appeal")
LET_GO = ("enquiry", "compliment", "spam")
SAID = ("kind", "severity", "area")

case, message, taught = schema.case, schema.message, schema.taught


def note(writer: Writer, command: str, deed: Deed, case_now: CaseNow | None, by: str) -> dict[str, str | None]:
    """Keep what this command says of a mail, if it says anything. Returned is what stood there before, for the event
    that the caller writes: by that, `#undo` brings it back."""
    said = _taken_back(writer.connection, deed) if command == "undo" else _said(command, deed)
    if not said:
        return {}
    number = deed.detail.get("mail") if "mail" in deed.detail else _judged_mail(writer.connection, case_now)
    if number is None:
        return {}
    writer.so_far()  # the same mail may have said something of it
    asked = select(message.c.score, *(taught.c[name] for name in ("message_id", "by", *SAID))).join_from(
        message, taught, taught.c.message_id == message.c.id, isouter=True
    )
    found = writer.connection.execute(asked.where(message.c.id == number)).first()
    if found is None or found.score is None:
        return {}  # nobody has judged it: it is a robot's, or came on a case
    values = {"by": by, **said, "at": writer.now}
    if found.message_id is None:
        writer.add(taught, {"message_id": number, **dict.fromkeys(SAID), **values})
    else:
        writer.change(taught, {"message_id": number}, values)
    stood = {name: found._mapping[name] for name in said if name in SAID}
    return stood | ({"by": found.by} if found.by else {})


def _said(command: str, deed: Deed) -> dict[str, str | None]:
    if command == "kind":
        return {"kind": str(deed.detail["kind"])} if "kind" in deed.detail else {}
    changed = {name: value for effect in deed.effects if isinstance(effect, Change) for name, value in _of(effect)}
    if command not in ("severity", "area") or command not in changed:
        return {}
    value = changed[command]
    return {command: None if value is None else str(value)}  # what is taken off says nothing any more


def _taken_back(connection: Connection, deed: Deed) -> dict[str, str | None]:
    """What stood before the command that is taken back, and whose word it was; nothing where that taught nothing."""
    event = schema.event
    found = connection.execute(
        select(event.c.what, event.c.detail).where(event.c.id == deed.detail.get("undoes", 0))
    ).first()
    if found is None:
        return {}
    detail = json.loads(found.detail)
    if "back_taught" in detail:
        return dict(detail["back_taught"])
    told = found.what.removeprefix("staff_")  # written before events remembered it
    return {told: None} if told in SAID else {}


def _of(change: Change) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in change.values.items() if name in SAID]


def _judged_mail(connection: Connection, case_now: CaseNow | None) -> int | None:
    """The mail that opened the case; None where it was recorded from a call or a letter."""
    if case_now is None:
        return None
    asked = select(func.min(message.c.id)).where(message.c.case_id == case_now.id, message.c.score.is_not(None))
    found: int | None = connection.scalar(asked)
    return found


def latest(connection: Connection, before: datetime) -> datetime | None:
    """When somebody last said something before that: one look at an index."""
    asked = select(taught.c.at).where(taught.c.at < before).order_by(taught.c.at.desc()).limit(1)
    found: datetime | None = connection.scalar(asked)
    return found


def reviews(connection: Connection, now: datetime) -> list[Review]:
    """All that can be learnt from, the latest first: what was said, then what was done, then what was left."""
    said = [_review(row, _kind_said(row), 1.0) for row in connection.execute(_told()) if _kind_said(row)]
    worked = [_review(row, "complaint", HALF) for row in connection.execute(_worked())]
    seen = len(said) + len(worked)  # nobody outside may teach more by what they send than staff do by what they say
    left = [_review(row, "", HALF, seen=False) for row in connection.execute(_left(now).limit(min(seen, MOST)))]
    return [*said, *worked, *left]


# No more of a text than is judged of it: `readable` makes the same of this as of the whole.
_READ = sql_case(
    (
        func.length(message.c.new_text) > HEAD + TAIL,
        func.substr(message.c.new_text, 1, HEAD)
        + "\n"
        + func.substr(message.c.new_text, func.length(message.c.new_text) - (TAIL - 1), TAIL),
    ),
    else_=message.c.new_text,
)
_TEXT = (
    *(message.c.id, message.c.sha256, message.c.mailbox, message.c.from_address, message.c.subject),
    _READ.label("words"),
)


def _told() -> Select[Any]:
    return (
        select(*_TEXT, taught.c.kind.label("said"), case.c.kind.label("is"))
        .join_from(taught, message, message.c.id == taught.c.message_id)
        .outerjoin(case, case.c.id == message.c.case_id)
        .where(taught.c.kind.is_not(None) | taught.c.severity.is_not(None) | taught.c.area.is_not(None))
        .order_by(taught.c.at.desc(), taught.c.message_id.desc())
        .limit(2 * MOST)
    )


def _kind_said(row: Row[Any]) -> str:
    """Whoever says how grave a complaint is, or whose, has said that it is one."""
    kind = row.said or row._mapping["is"]
    return str(kind) if kind and kind != "unreadable" else ""


def _worked() -> Select[Any]:
    said = select(taught.c.message_id).where(taught.c.message_id == message.c.id)
    return (
        select(*_TEXT)
        .join_from(case, message, message.c.case_id == case.c.id)
        .where(
            case.c.outcome.is_not(None),
            case.c.kind.in_(COMPLAINTS),
            message.c.score.is_not(None),
            message.c.kind == "complaint",
            message.c.duplicate_of.is_(None),
            ~said.exists(),
        )
        .order_by(message.c.id.desc())
        .limit(MOST)
    )


def _left(now: datetime) -> Select[Any]:
    said = select(taught.c.message_id).where(taught.c.message_id == message.c.id)
    return (
        select(*_TEXT)
        .outerjoin(case, case.c.id == message.c.case_id)
        .where(
            message.c.received_at < now - LEFT_FOR,
            message.c.sure,
            message.c.score.is_not(None),
            message.c.kind.in_(LET_GO),
            message.c.case_id.is_(None) | (case.c.kind == message.c.kind),
            message.c.duplicate_of.is_(None),
            ~said.exists(),
        )
        .order_by(message.c.received_at.desc(), message.c.id.desc())
    )


def _review(row: Row[Any], kind: str, weight: float, *, seen: bool = True) -> Review:
    return Review(
        key=row.sha256,
        sender=row.from_address or "",
        subject=row.subject,
        text=row.words,
        complaint=kind in COMPLAINTS,
        weight=weight,
        seen=seen,
        mailbox=row.mailbox,
    )


def to_audit(connection: Connection, mailbox: str, since: datetime, until: datetime, most: int) -> list[Row[Any]]:
    """Mails of a person's that were let go then and of which nobody has said anything, chosen by their own digests:
    at random, and the same whoever asks."""
    asked = (
        select(
            *(message.c.id, message.c.received_at, message.c.from_address, message.c.subject, message.c.kind),
            message.c.new_text,
        )
        .where(
            message.c.received_at >= since,
            message.c.received_at < until,
            message.c.mailbox == mailbox,
            message.c.sure,
            message.c.score.is_not(None),
            message.c.kind.in_(("enquiry", "spam")),
            message.c.case_id.is_(None),
            message.c.duplicate_of.is_(None),
            ~select(taught.c.message_id).where(taught.c.message_id == message.c.id).exists(),
        )
        .order_by(message.c.sha256)
        .limit(most)
    )
    return list(connection.execute(asked))
