"""Letters on their way, and the one place that changes their state.

What a crash leaves at each state, and who tidies:

    queued     intent committed, nothing begun         the next dispatch claims it
    sending    committed before the first byte         at start, or when its daemon is gone: doubt
    doubt      the dot may have been flushed           evidence → sent; none in time → queued once more, then held
    sent       2xx, or evidence, committed             nothing left to do; evidence copy filed by its own pass
    refused    certainly not accepted, never will be   a person's duty was opened in the same commit
    held       waits for a person's word               `outbox release` or `cancel`
    cancelled  a person said no                        —
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from complaintmail.cases.budget import counted_as, counted_domain
from complaintmail.cases.post import LetterKind, Outcome, Outgoing, Result
from complaintmail.cases.settle import RESENDABLE, Verdict, after_attempt
from complaintmail.store import schema
from complaintmail.store.by_hand import by_hand as by_hand
from complaintmail.store.engine import Store
from complaintmail.store.raw import packed
from complaintmail.store.record import Writer

letter = schema.letter
ALIVE = schema.written_out(letter.c.state, "queued", "sending", "doubt")  # the condition of their index

CLOCK_WENT_BACK = timedelta(hours=1)  # no pause is as long: a next try further off was reckoned by another clock

TO_COMPLAINANTS = frozenset(LetterKind)  # only these meet anything by being sent; a notice to staff does not
# Which duties a letter meets when it is sent.
MEETS = {
    "acknowledgement": ("acknowledge", "data-acknowledge"),
    "unsure": ("acknowledge", "data-acknowledge"),
    "received": ("acknowledge", "data-acknowledge"),
    "concern": ("acknowledge", "data-acknowledge"),
    "appeal-received": ("appeal-acknowledge",),
}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter we may send now, and what settling it needs."""

    outgoing: Outgoing
    case_id: int | None
    answers: int | None
    kind: str
    attempts: int
    since: datetime  # when it was owed, or a person last let it go: after days of trying it is given up


def put(writer: Writer, row: dict[str, Any], data: bytes, *, hold: str | None) -> None:
    """Owe a letter: rendered once, kept as the bytes that will leave."""
    writer.add(
        letter,
        {
            "audience": "complainant",
            "recipient_key": counted_as(row["recipient"]),
            "recipient_domain": counted_domain(row["recipient"]),
            "data": packed(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "state": "held" if hold else "queued",
            "reason": hold,
            "created_at": writer.now,
            "next_try_at": None if hold else writer.now,
            "attempts": 0,
            "claimed_at": None,
            "claimed_by": None,
            "doubt_at": None,
            "resends": 0,
            "released_at": None,
            "sent_at": None,
            "reply": None,
            "evidence": None,
            "evidence_at": None,
            "bounced_at": None,
            "author": None,
            "not_before": None,
            "about": None,
            "links": None,
            "told_at": None,
        }
        | row,
    )


def claim(store: Store, mailbox: str, limit: int, now: datetime, owner: str, evidence: str) -> list[Claimed]:
    """Take due letters of a mailbox to send: `sending` is committed before the first byte goes to the server."""
    with store.reading() as connection:
        ids = _due(connection, mailbox, limit, now)
    if not ids:
        return []
    with store.writing(now) as writer:
        return _take(writer, ids, mailbox, owner, evidence)


def _due(connection: Connection, mailbox: str, limit: int, now: datetime) -> list[str]:
    due = and_(letter.c.mailbox == mailbox, ALIVE, letter.c.state == "queued", _come(now))
    asked = select(letter.c.id, letter.c.resends, letter.c.kind).where(due).order_by(letter.c.next_try_at).limit(limit)
    rows = connection.execute(asked).all()
    # One that is sent again, or that is a person's own words, goes alone: a crash would leave every letter of its
    # batch in doubt, and such a one to a person.
    return [rows[0].id] if rows and _alone(rows[0]) else [row.id for row in rows if not _alone(row)]


def _alone(row: Any) -> bool:
    return bool(row.resends) or row.kind not in RESENDABLE


def _take(writer: Writer, ids: Sequence[str], mailbox: str, owner: str, evidence: str) -> list[Claimed]:
    taken = writer.execute(
        update(letter)
        .where(letter.c.id.in_(ids), letter.c.state == "queued")
        .values(state="sending", attempts=letter.c.attempts + 1, claimed_at=writer.now, claimed_by=owner)
        .returning(
            *(letter.c.id, letter.c.case_id, letter.c.answers, letter.c.kind, letter.c.attempts),
            *(letter.c.created_at, letter.c.released_at, letter.c.recipient, letter.c.data, letter.c.audience),
        )
    ).all()
    ours = {row.id: row for row in taken}
    return [_claimed(ours[letter_id], mailbox, evidence) for letter_id in ids if letter_id in ours]


def _come(now: datetime) -> ColumnElement[bool]:
    tried = or_(letter.c.next_try_at <= now, letter.c.next_try_at > now + CLOCK_WENT_BACK)
    return and_(tried, or_(letter.c.not_before.is_(None), letter.c.not_before <= now))


def _claimed(row: Any, mailbox: str, evidence: str) -> Claimed:
    outgoing = Outgoing(
        letter_id=row.id,
        mail_from=mailbox,
        recipient=row.recipient,
        data=zlib.decompress(row.data),
        evidence=mailbox if evidence == "bcc" and row.audience != "staff" else None,
        envid=row.id if evidence == "dsn" else None,
        utf8=not row.recipient.isascii(),
    )
    return Claimed(outgoing, row.case_id, row.answers, row.kind, row.attempts, row.released_at or row.created_at)


def settle(
    store: Store,
    tried: Sequence[tuple[Claimed, Outcome]],
    now: datetime,
    put_to_a_person: Callable[[Writer, Claimed, Verdict], None],
) -> None:
    """Write what became of these attempts, in one commit; what a person has to see to is opened in the same one."""
    with store.writing(now) as writer:
        _settle(writer, tried, put_to_a_person)


def settle_and_claim(
    store: Store,
    tried: Sequence[tuple[Claimed, Outcome]],
    now: datetime,
    put_to_a_person: Callable[[Writer, Claimed, Verdict], None],
    mailbox: str,
    limit: int,
    owner: str,
    evidence: str,
) -> list[Claimed]:
    """What `settle` does, and then what `claim` does, in one commit: a commit takes longer than the letters do."""
    with store.writing(now) as writer:
        _settle(writer, tried, put_to_a_person)
        ids = _due(writer.connection, mailbox, limit, now)
        return _take(writer, ids, mailbox, owner, evidence) if ids else []


def _settle(
    writer: Writer,
    tried: Sequence[tuple[Claimed, Outcome]],
    put_to_a_person: Callable[[Writer, Claimed, Verdict], None],
) -> None:
    now = writer.now
    asked = select(letter.c.id, letter.c.state, letter.c.attempts, letter.c.reply, letter.c.audience).where(
        letter.c.id.in_([claimed.outgoing.letter_id for claimed, _ in tried])
    )
    now_it_is = {row.id: row for row in writer.connection.execute(asked)}
    sent = [(claimed, outcome) for claimed, outcome in tried if outcome.result is Result.SENT]
    open_duties = _open_duties(writer.connection, [c.case_id for c, _ in sent if c.case_id is not None])
    for claimed, outcome in tried:
        row = now_it_is[claimed.outgoing.letter_id]
        if row.state == "sent" and row.reply is None and outcome.result is Result.SENT:
            _answered(writer, claimed, outcome)
        if row.state not in ("sending", "doubt"):
            continue
        if row.attempts != claimed.attempts and outcome.result is not Result.SENT:
            continue  # it was held up so long that another daemon is trying this letter
        verdict = after_attempt(outcome, claimed.attempts, claimed.since, now)
        if verdict.state == "sent":
            mark_sent(
                writer,
                claimed.outgoing.letter_id,
                claimed.case_id,
                claimed.kind,
                claimed.answers,
                reply=f"{outcome.code} {outcome.reply}".strip(),
                evidence=outcome.evidence,
                sent_at=now,
                open_duties=open_duties,
                audience=row.audience,
            )
            continue
        if verdict.attend:
            put_to_a_person(writer, claimed, verdict)
        _back(writer, claimed, outcome, verdict, now)


def _answered(writer: Writer, claimed: Claimed, outcome: Outcome) -> None:
    """The evidence copy was understood before the server's own words were written: they are kept beside it."""
    reply = f"{outcome.code} {outcome.reply}".strip()
    writer.change(letter, {"id": claimed.outgoing.letter_id}, {"reply": reply})
    writer.event(
        "server_answered",
        by="complaintmail",
        case_id=claimed.case_id,
        letter=claimed.outgoing.letter_id,
        reply=reply,
    )


def _back(writer: Writer, claimed: Claimed, outcome: Outcome, verdict: Verdict, now: datetime) -> None:
    changes: dict[str, Any] = {
        "state": verdict.state,
        "reason": verdict.reason,
        "next_try_at": verdict.next_try_at,
        "reply": outcome.reply or None,
    }
    if verdict.state == "doubt":
        changes |= {"doubt_at": now}
    writer.change(letter, {"id": claimed.outgoing.letter_id}, changes)
    what = {"queued": "letter_deferred", "refused": "letter_refused", "doubt": "letter_in_doubt"}[verdict.state]
    writer.event(
        what,
        by="complaintmail",
        case_id=claimed.case_id,
        letter=claimed.outgoing.letter_id,
        phase=outcome.phase,
        code=outcome.code,
        reply=outcome.reply,
        attempt=claimed.attempts,
    )


def _open_duties(connection: Connection, case_ids: Sequence[int]) -> dict[int, list[tuple[int, str, int]]]:
    obligation = schema.obligation
    rows = connection.execute(
        select(obligation.c.case_id, obligation.c.id, obligation.c.kind, obligation.c.message_id).where(
            obligation.c.case_id.in_(case_ids),
            obligation.c.state == "open",
            obligation.c.kind.in_(("acknowledge", "data-acknowledge", "appeal-acknowledge", "attend")),
        )
    )
    out: dict[int, list[tuple[int, str, int]]] = {}
    for row in rows:
        out.setdefault(row.case_id, []).append((row.id, row.kind, row.message_id))
    return out


def _audience(connection: Connection, letter_id: str) -> str | None:
    return connection.scalar(select(letter.c.audience).where(letter.c.id == letter_id))


def mark_sent(
    writer: Writer,
    letter_id: str,
    case_id: int | None,
    kind: str,
    answers: int | None,
    *,
    reply: str | None,
    evidence: str | None,
    sent_at: datetime,
    open_duties: dict[int, list[tuple[int, str, int]]] | None = None,
    audience: str | None = None,
    found: str | None = None,
) -> None:
    """A letter is theirs now: by the server's word, or by evidence that was found (`found`). `open_duties` and
    `audience` are asked for here where whoever calls has not asked for many letters at once."""
    changes: dict[str, Any] = {
        "state": "sent", "sent_at": sent_at, "evidence": evidence, "reason": None, "next_try_at": None,
    }  # fmt: skip
    if reply is not None:
        changes["reply"] = reply
    if found is not None:
        changes["evidence_at"] = writer.now
    writer.change(letter, {"id": letter_id}, changes)
    duties = open_duties if open_duties is not None else _open_duties(writer.connection, [case_id] if case_id else [])
    met: list[str] = []
    why = f"letter {letter_id}: {found or reply or 'accepted'}"
    to = audience or _audience(writer.connection, letter_id)
    neutral = kind in MEETS and to == "third party"  # the complainant has heard nothing yet
    for duty_id, duty, message_id in duties.get(case_id or 0, ()) if kind in TO_COMPLAINANTS and not neutral else ():
        if duty in MEETS.get(kind, ()) or (duty == "attend" and message_id == answers and _waited(writer, duty_id)):
            writer.change(schema.obligation, {"id": duty_id}, {"state": "met", "met_at": sent_at, "evidence": why})
            met.append(duty)
    if (
        (kind in MEETS or kind == "thanks")
        and not neutral
        and ("acknowledge" in met or _not_acknowledged(writer, case_id))
    ):
        writer.change(schema.case, {"id": case_id}, {"acknowledged_at": sent_at})
    writer.event(
        "letter_sent",
        by="complaintmail",
        case_id=case_id,
        letter=letter_id,
        kind=kind,
        reply=reply,
        found=found,
        met=met,
    )


def _not_acknowledged(writer: Writer, case_id: int | None) -> bool:
    """A person may have answered while this letter was on its way: the first word stays the first."""
    return writer.connection.scalar(select(schema.case.c.acknowledged_at).where(schema.case.c.id == case_id)) is None


def _waited(writer: Writer, duty_id: int) -> bool:
    """Did this duty only stand for the answer's going out? Then it is done now; a question to a person is not."""
    why = writer.connection.scalar(select(schema.obligation.c.why).where(schema.obligation.c.id == duty_id)) or ""
    return why.startswith(WAITS)


WAITS = ("its answer waits", "its answer was", "its answer could not")


def brake(store: Store, mailbox: str, limit: int, now: datetime) -> int:
    """Hold what a first pass would send all at once, if it is more than `limit`; how many were held."""
    fresh: ColumnElement[bool] = and_(
        letter.c.mailbox == mailbox,
        ALIVE,
        letter.c.state == "queued",
        letter.c.attempts == 0,
        letter.c.audience == "complainant",
        letter.c.author.is_(None),
        letter.c.released_at.is_(None),
        or_(letter.c.next_try_at.is_(None), letter.c.next_try_at <= now),
    )
    with store.writing(now) as writer:
        rows = writer.connection.execute(select(letter.c.id, letter.c.case_id).where(fresh)).all()
        if len(rows) <= limit:
            return 0
        why = f"the brake: {len(rows)} answers at once after a start or a rescan, more than {limit}"
        for row in rows:
            writer.change(letter, {"id": row.id}, {"state": "held", "next_try_at": None, "reason": why})
        writer.event("brake", by="complaintmail", mailbox=mailbox, letters=len(rows), limit=limit)
    return len(rows)


def bytes_of(connection: Connection, letter_id: str) -> bytes | None:
    packed = connection.scalar(select(letter.c.data).where(letter.c.id == letter_id))
    return zlib.decompress(packed) if packed is not None else None


def due_now(connection: Connection, now: datetime) -> set[str]:
    """The mailboxes that have a letter to send."""
    asked = select(letter.c.mailbox).where(ALIVE, letter.c.state == "queued", _come(now)).distinct()
    return set(connection.scalars(asked))


def is_owed(connection: Connection, kind: str, seq: int, recipient: str | None = None) -> bool:
    """Is there a letter of this kind and number to them already, or to anybody, about no case?"""
    asked = select(letter.c.id).where(letter.c.case_id.is_(None), letter.c.kind == kind, letter.c.seq == seq).limit(1)
    if recipient is not None:
        asked = asked.where(letter.c.recipient_key == counted_as(recipient))
    return connection.scalar(asked) is not None
