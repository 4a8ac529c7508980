"""Cases in the database: writing what was decided.

Each function takes a `Writer` and gathers rows; the caller closes them with one event for each mail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from complaintmail.cases.budget import text_key
from complaintmail.cases.changes import Attend, Decision, NewCase
from complaintmail.cases.people import Officer, People
from complaintmail.cases.reminding import Duty, first_moment, next_opened
from complaintmail.mail.message import Message
from complaintmail.mail.tokens import without_tokens
from complaintmail.policy.policy import Counted, Owed, Policy
from complaintmail.store import schema
from complaintmail.store.journal import Entry
from complaintmail.store.record import Writer
from complaintmail.triage.verdicts import Kind

UNDELIVERED = 8  # among the things about one mail that a person may have to see to, its answer's not arriving
UNHEARD = 9  # and that a notice of it to staff did not arrive

case, case_address, message_, letter = schema.case, schema.case_address, schema.message, schema.letter


@dataclass(frozen=True, slots=True)
class Opened:
    """A case just written, for the letters and events that speak of it."""

    id: int
    reference: str
    row: Mapping[str, Any]


def open_case(
    writer: Writer,
    new: NewCase,
    policy: Policy,
    people: People,
    mailbox: str,
    received_at: datetime,
    message_id: int | None,
    *,
    without: frozenset[str] = frozenset(),
) -> Opened:
    """Write a new case with its reference, its complainant and everything owed on it from receipt. `without`: members
    of staff whom it names, who may have nothing of it; nor is it ever for whoever complains."""
    without |= {(new.complainant_email or "").lower()}
    year = received_at.astimezone(ZoneInfo(policy.timezone)).year
    reference, number = writer.reference(policy.prefix, year)
    case_id = writer.number("case_")
    due = {owed.kind: owed.counted.due_at for owed in new.owed if owed.counted}
    row = {
        "id": case_id,
        "reference": reference,
        "prefix": policy.prefix,
        "year": year,
        "number": number,
        "policy": policy.name,
        "policy_version": policy.version,
        "kind": str(new.kind),
        "sure": new.sure,
        "status": "new",
        "channel": new.channel,
        "mailbox": mailbox,
        "received_at": received_at,
        "complainant_name": new.complainant_name,
        "complainant_email": new.complainant_email,
        "subject": new.subject[:998],
        "summary": new.summary,
        "area": None,
        "severity": new.severity,
        "owner": people.officer(policy, policy.first, without=without).as_json(),
        "handler": _handler(policy, people, without) if str(new.kind) == "complaint" else None,
        "acknowledge_by": due.get("acknowledge"),
        "acknowledged_at": None,
        "respond_by": due.get("respond"),
        "responded_at": None,
        "first_human_at": None,
        "outcome": None,
        "cause": None,
        "closed_at": None,
        "agreed": None,
        "contact": "email",
        "needs": None,
        "restricted": new.restricted,
        "serious": new.serious,
        "course": {"language": new.language} if new.language != "en" else None,
        "pauses": policy.pauses,
    }
    writer.add(case, row)
    if new.complainant_email:
        writer.add(case_address, {"case_id": case_id, "address": new.complainant_email, "standing": "complainant"})
    for owed in new.owed:
        owe(writer, owed, policy, people, mailbox, case_id, message_id, without)
    return Opened(case_id, reference, row)


def _handler(policy: Policy, people: People, without: frozenset[str]) -> dict[str, str | None] | None:
    """Who deals with it from the start, where the policy names a role for that and somebody holds it."""
    if not policy.handler:
        return None
    officer = people.officer(policy, policy.handler, without=without)
    return officer.as_json() if officer.email else None


def owe(
    writer: Writer,
    owed: Owed,
    policy: Policy,
    people: People,
    mailbox: str,
    case_id: int | None,
    message_id: int | None,
    without: frozenset[str] = frozenset(),
    *,
    round_: int = 1,
    owner: Mapping[str, str] | None = None,
    area: str | None = None,
) -> None:
    counted = owed.counted
    due_at = counted.due_at if counted else None
    writer.add(
        schema.obligation,
        {
            "id": writer.number("obligation"),
            "case_id": case_id,
            "message_id": message_id,
            "mailbox": mailbox,
            "kind": owed.kind,
            "round": round_,
            "clause": owed.clause,
            "role": owed.role,
            "owner": owner or people.officer(policy, owed.role, area=area, without=without).as_json(),
            "opened_at": writer.now,
            "due_at": due_at,
            "why": counted.why if counted else "its date is still to be set by a person",
            "policy_version": policy.version,
            "state": "open",
            "met_at": None,
            "evidence": None,
            "missed_noticed_at": None,
            "told_at": None,
            "next_at": first_moment(policy, owed.kind, owed.role, due_at, writer.now),
            "steps": 0,
        },
    )


def owe_attendance(
    writer: Writer,
    attend: Attend,
    policy: Policy,
    officer: Officer,
    mailbox: str,
    case_id: int | None,
    message_id: int | None,
    nth: int,
    *,
    told: bool = False,
) -> None:
    """Put something before a person: a duty with the same last moment as the one it stands for. `told`: the notice
    about the mail says it already."""
    counted = attend.counted
    due_at = counted.due_at if counted else None
    writer.add(
        schema.obligation,
        {
            "id": writer.number("obligation"),
            "case_id": case_id,
            "message_id": message_id,
            "mailbox": mailbox,
            "kind": "attend",
            "round": (message_id or 0) * 10 + nth,
            "clause": attend.clause,
            "role": attend.role,
            "owner": officer.as_json(),
            "opened_at": writer.now,
            "due_at": due_at,
            "why": _in_full(attend),
            "policy_version": policy.version,
            "state": "open",
            "met_at": None,
            "evidence": None,
            "missed_noticed_at": None,
            "told_at": writer.now if told else None,
            "next_at": first_moment(policy, "attend", attend.role, due_at, writer.now),
            "steps": 0,
        },
    )


def spoken_of(writer: Writer, duty_id: int, due_at: datetime | None, policy: Policy) -> dict[str, datetime | None]:
    """When something is to be said next of a duty that is owed again, or by another day."""
    duty = schema.obligation.c
    row = writer.connection.execute(select(duty.kind, duty.role, duty.opened_at).where(duty.id == duty_id)).first()
    if row is None:
        return {}
    return {"next_at": next_opened(policy, Duty(row.kind, row.opened_at, due_at, row.role), writer.now)}


def _in_full(attend: Attend) -> str:
    return f"{attend.why}. {attend.counted.why}" if attend.counted else attend.why


def keep_message(
    writer: Writer,
    entry_id: int,
    mailbox: str,
    received_at: datetime,
    message: Message,
    decision: Decision,
    case_id: int | None,
    writer_key: str | None,
    judged_by: str | None = None,
) -> None:
    """What was understood of a mail and what it led to; no token of staff's is kept in its words."""
    shown = next((a for a in message.from_ if a.address), None)
    writer.add(
        message_,
        {
            "id": entry_id,
            "sha256": message.sha256,
            "mailbox": mailbox,
            "received_at": received_at,
            "message_id": message.message_id,
            "identity": message.identity,
            "body_hash": text_key(message),
            "from_address": writer_key or (shown.key if shown else None),
            "from_name": shown.name if shown else "",
            "recipients": [without_tokens(a.address) for a in (*message.to, *message.cc)][:50],
            "subject": without_tokens(message.subject)[:998],
            "kind": str(decision.kind),
            "score": decision.score,
            "sure": decision.sure,
            "severity": decision.severity,
            "reasons": list(decision.reasons),
            "text": without_tokens(message.text),
            "new_text": without_tokens(message.new_text),
            "attachments": [{"name": a.name, "type": a.type, "size": a.size} for a in message.attachments],
            "defects": list(message.defects)[:50],
            "bounces": [_bounce(b) for b in message.origin.bounces] or None,
            "case_id": case_id,
            "duplicate_of": decision.again,
            "not_answered": decision.not_answered,
            "language": decision.language,
            "concerns": [{"concern": str(one.concern), "words": list(one.words)} for one in decision.concerns] or None,
            "suggestions": [asdict(one) for one in decision.suggestions] or None,
            "judged_by": judged_by if decision.score is not None else None,
            "listed_at": None,
        },
    )


def keep_staff_mail(
    writer: Writer, entry: Entry, message: Message, case_id: int | None, reasons: tuple[str, ...], why: str
) -> None:
    """A mail of staff's: kept, and answered to nobody but them. One that was held before is on its case now."""
    there = select(message_.c.id).where(message_.c.id == entry.id)
    if writer.connection.scalar(there) is not None:
        writer.change(message_, {"id": entry.id}, {"case_id": case_id, "not_answered": why})
        return
    decision = Decision(Kind.STAFF, True, None, "medium", reasons, joins=case_id, not_answered=why)
    key = message.writer.key if message.writer else None
    keep_message(writer, entry.id, entry.mailbox, entry.received_at, message, decision, case_id, key)


def _bounce(bounce: Any) -> dict[str, str | None]:
    return {"recipient": bounce.recipient, "status": bounce.status, "action": bounce.action}


def discharge(writer: Writer, case_id: int, kinds: Iterable[str], met_at: datetime, evidence: str) -> list[str]:
    """Mark the open duties of these kinds met; which ones were."""
    obligation = schema.obligation
    rows = writer.connection.execute(
        select(obligation.c.id, obligation.c.kind).where(
            obligation.c.case_id == case_id, obligation.c.kind.in_(list(kinds)), obligation.c.state == "open"
        )
    ).all()
    for row in rows:
        writer.change(obligation, {"id": row.id}, {"state": "met", "met_at": met_at, "evidence": evidence})
    return [row.kind for row in rows]


def note_third_party(writer: Writer, case_id: int, address: str) -> None:
    """Somebody wrote about this case and is not on it: noted, never a recipient."""
    there = writer.connection.scalar(
        select(case_address.c.standing).where(case_address.c.case_id == case_id, case_address.c.address == address)
    )
    if there is None:
        writer.add(case_address, {"case_id": case_id, "address": address, "standing": "unverified"})


def case_row(connection: Connection, case_id: int) -> Mapping[str, Any]:
    return dict(connection.execute(select(case).where(case.c.id == case_id)).one()._mapping)


def owe_undelivered(writer: Writer, letter_id: str, why: str, policy: Policy, officer: Officer) -> None:
    """A letter cannot be delivered, or nobody knows whether it was: a person's duty, with the letter's deadline."""
    obligation = schema.obligation
    columns = (letter.c.case_id, letter.c.answers, letter.c.mailbox, letter.c.due_at, letter.c.audience)
    row = writer.connection.execute(
        select(*columns, letter.c.recipient, letter.c.author).where(letter.c.id == letter_id)
    ).one()
    duty = writer.connection.execute(
        select(obligation.c.why, obligation.c.clause)
        .where(obligation.c.case_id == row.case_id, obligation.c.kind == "acknowledge")
        .limit(1)
    ).first()
    counted = Counted(row.due_at.date(), row.due_at, duty.why if duty else "") if row.due_at else None
    if row.audience == "staff":
        why = f"our mail to {row.recipient} did not arrive: {why.replace('its answer', 'it', 1)}"
    elif row.author:
        why = why.replace("its answer", f"the answer that {row.author} wrote", 1)
    attend = Attend(why, counted, duty.clause if duty else "", policy.first)
    nth = UNHEARD if row.audience == "staff" else UNDELIVERED
    writer.so_far()  # another letter about this mail may have come back in the same commit
    owed = _owed_before(writer, row.case_id, row.answers or 0, nth)
    if owed is None:
        owe_attendance(writer, attend, policy, officer, row.mailbox, row.case_id, row.answers, nth)
    elif owed.state != "open":  # it was seen to, and the letter tried again: it is on their list again
        again = {"state": "open", "met_at": None, "evidence": None, "why": _in_full(attend), "told_at": None}
        next_at = first_moment(policy, "attend", attend.role, row.due_at, writer.now)
        writer.change(obligation, {"id": owed.id}, {**again, "next_at": next_at})


def _owed_before(writer: Writer, case_id: int | None, message_id: int, nth: int) -> Any:
    obligation = schema.obligation
    asked = select(obligation.c.id, obligation.c.state).where(
        obligation.c.case_id == case_id,
        obligation.c.kind == "attend",
        obligation.c.round == message_id * 10 + nth,
    )
    return writer.connection.execute(asked.order_by(obligation.c.id.desc()).limit(1)).first()
