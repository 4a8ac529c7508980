"""A case as a command needs to see it, and the letters to staff that a mail names: read inside the transaction that
will write, so nothing changes between the look and the deed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from complaintmail.cases.scene import ActionNow, CaseNow, DutyNow, GoingNow, MailNow, OfferNow, WrittenNow
from complaintmail.store import schema
from complaintmail.store.praised import praise_of
from complaintmail.triage.authority import StaffLetter

RECORDED = "case_recorded"  # the event of a case that did not begin with the complainant's mail
PASSED_ON = "mail_passed_on"


ANSWERED = ("answer_went", "answered_by_hand")
CHANGES_NOTHING = (
    "went_handler_confirmed",
    "staff_note",
    "staff_mail_taken_in",
    "staff_taken",
    "staff_answer_shown",
    "staff_away",
)


def staff_letters(connection: Connection, ids: Collection[str]) -> dict[str, StaffLetter]:
    """Those of these letters that went to staff."""
    if not ids:
        return {}
    letter, void = schema.letter, schema.link_void
    columns = (letter.c.id, letter.c.recipient, letter.c.case_id, letter.c.kind, letter.c.about, letter.c.links)
    rows = connection.execute(select(*columns).where(letter.c.id.in_(ids), letter.c.audience == "staff")).all()
    gone: dict[str, set[int]] = {}
    for row in connection.execute(select(void.c.letter_id, void.c.link).where(void.c.letter_id.in_(ids))):
        gone.setdefault(row.letter_id, set()).add(row.link)
    return {
        row.id: StaffLetter(
            *(row.id, row.recipient.lower(), row.case_id, row.kind, row.about or {}),
            *(tuple(row.links or ()), frozenset(gone.get(row.id, ()))),
        )
        for row in rows
    }


def case_now(connection: Connection, case_id: int) -> CaseNow:
    case, address, person = schema.case, schema.case_address, schema.case_person
    row = dict(connection.execute(select(case).where(case.c.id == case_id)).one()._mapping)
    letters = _letters(connection, case_id)
    addresses = connection.execute(select(address.c.address, address.c.standing).where(address.c.case_id == case_id))
    persons = connection.execute(select(person.c.email, person.c.standing).where(person.c.case_id == case_id))
    return CaseNow(
        id=case_id,
        row=row,
        addresses={a.address: a.standing for a in addresses if a.standing != "unverified"},
        persons={p.email: p.standing for p in persons},
        duties=tuple(_duties(connection, case_id)),
        mails=tuple(_mails(connection, case_id)),
        going=tuple(GoingNow(each.id, each.author, *each[2:]) for each in letters if each.author is not None),
        written=tuple(WrittenNow(each.kind, each.state, each.text) for each in letters if each.author is None),
        actions=tuple(_actions(connection, case_id)),
        praise=praise_of(connection, case_id),
        last=_last_command(connection, case_id),
    )


def by_reference(connection: Connection, references: Iterable[str]) -> dict[str, CaseNow]:
    case = schema.case
    wanted = [reference.upper() for reference in references]
    if not wanted:
        return {}
    rows = connection.execute(select(case.c.id, case.c.reference).where(case.c.reference.in_(wanted))).all()
    return {row.reference: case_now(connection, row.id) for row in rows}


def account_of(connection: Connection, case_id: int) -> str | None:
    """What was recorded of a call or a letter, or was passed on: the account alone, without what a colleague wrote
    around it. None where the case began with a mail."""
    event = schema.event
    asked = select(event.c.detail).where(event.c.case_id == case_id, event.c.what.in_((RECORDED, PASSED_ON))).limit(1)
    detail = json.loads(connection.scalar(asked) or "{}")
    account = str(detail.get("text", ""))
    return account if account or (detail and detail.get("journal") is None) else None


def postal_address(connection: Connection, case_id: int) -> tuple[str, ...]:
    """Where a letter to the complainant goes, as it was recorded."""
    event = schema.event
    asked = select(event.c.detail).where(event.c.case_id == case_id, event.c.what == RECORDED).limit(1)
    said = str(json.loads(connection.scalar(asked) or "{}").get("address") or "")
    return tuple(part.strip() for part in said.replace("\n", ",").split(",") if part.strip())


def appeal_papers(connection: Connection, case_id: int) -> tuple[str, str]:
    """The first outcome as it was sent, and what the complainant wrote last."""
    letter, mail = schema.letter, schema.message
    outcome = select(letter.c.text).where(letter.c.case_id == case_id, letter.c.kind == "outcome")
    appeal = select(mail.c.new_text).where(mail.c.case_id == case_id, mail.c.kind.in_(("reply", "appeal")))
    return (
        connection.scalar(outcome.order_by(letter.c.created_at.desc()).limit(1)) or "",
        connection.scalar(appeal.order_by(mail.c.id.desc()).limit(1)) or "",
    )


def _duties(connection: Connection, case_id: int) -> Iterable[DutyNow]:
    duty = schema.obligation
    columns = (*(duty.c.id, duty.c.kind, duty.c.clause, duty.c.role, duty.c.due_at, duty.c.why), duty.c.message_id)
    asked = select(*columns, duty.c.round).where(duty.c.case_id == case_id, duty.c.state == "open").order_by(duty.c.id)
    return (DutyNow(*row) for row in connection.execute(asked))


def _mails(connection: Connection, case_id: int) -> Iterable[MailNow]:
    mail = schema.message
    columns = (mail.c.id, mail.c.message_id, mail.c.kind, mail.c.from_address, mail.c.received_at, mail.c.subject)
    asked = select(*columns).where(mail.c.case_id == case_id, mail.c.duplicate_of.is_(None)).order_by(mail.c.id)
    return (MailNow(*row) for row in connection.execute(asked))


def _letters(connection: Connection, case_id: int) -> Sequence[Any]:
    """What went, or is to go, to whoever is no staff: by their word, or by itself."""
    letter = schema.letter
    columns = (
        letter.c.id,
        letter.c.author,
        letter.c.state,
        letter.c.created_at,
        letter.c.not_before,
        letter.c.text,
        letter.c.kind,
    )
    asked = select(*columns).where(letter.c.case_id == case_id)
    asked = asked.where(letter.c.author.is_not(None) | (letter.c.audience == "complainant"))
    return connection.execute(asked.order_by(letter.c.created_at)).all()


def _actions(connection: Connection, case_id: int) -> Iterable[ActionNow]:
    action = schema.case_action
    columns = (action.c.n, action.c.text, action.c.by, action.c.who, action.c.kind, action.c.done_at)
    asked = select(*columns).where(action.c.case_id == case_id).order_by(action.c.n)
    return (ActionNow(*row) for row in connection.execute(asked))


def _last_command(connection: Connection, case_id: int) -> dict[str, Any]:
    """What the last command on the case changed, if it can be taken back and nothing that matters came after it."""
    event = schema.event
    asked = (
        select(event.c.id, event.c.what, event.c.detail)
        .where(
            event.c.case_id == case_id,
            event.c.what.like("staff_%") | event.c.what.like("went_%") | event.c.what.in_(ANSWERED),
        )
        .where(event.c.what.not_in(CHANGES_NOTHING))
        .order_by(event.c.id.desc())
        .limit(1)
    )
    row = connection.execute(asked).first()
    detail = json.loads(row.detail) if row else {}
    back = detail.get("back")
    if row is None or not back:
        return {}
    also = {name: detail[f"back_{name}"] for name in ("letters", "persons") if f"back_{name}" in detail}
    duties = detail.get("back_duties", [])
    return {"values": back, "duties": duties, "said": detail.get("said", ""), "event": row.id, **also}


def offers_of(
    connection: Connection, person: str | None, case_id: int | None, ids: Collection[int]
) -> tuple[OfferNow, ...]:
    """What waits for this person's word: on this case, and what the mail they answer named."""
    offer = schema.offer
    columns = (
        *(offer.c.id, offer.c.case_id, offer.c.person, offer.c.kind, offer.c.message_id, offer.c.payload),
        offer.c.made_at,
    )
    asked = select(*columns).where(schema.written_out(offer.c.state, "open"))
    if person is not None:
        asked = asked.where(offer.c.person == person)
    elif case_id is not None:
        asked = asked.where(offer.c.case_id == case_id)
    asked = asked.where((offer.c.case_id == case_id) | offer.c.id.in_(ids)) if person is not None else asked
    return tuple(OfferNow(*row) for row in connection.execute(asked.order_by(offer.c.id)))


def earlier_cases(connection: Connection, address: str | None, besides: int) -> tuple[tuple[str, str, str], ...]:
    """Other cases of the same person, the latest first: reference, status, subject."""
    if not address:
        return ()
    rows = connection.execute(_EARLIER, {"address": address, "besides": besides})
    return tuple((row.reference, row.status, row.subject) for row in rows)


# Built once: every notice of a new case asks this, and building it takes longer than answering it.
_EARLIER = (
    select(schema.case.c.reference, schema.case.c.status, schema.case.c.subject)
    .where(schema.case.c.complainant_email == bindparam("address"), schema.case.c.id != bindparam("besides"))
    .order_by(schema.case.c.received_at.desc())
    .limit(5)
)


def answered_before(connection: Connection, email: str) -> bool:
    state = schema.person_state
    return connection.scalar(select(state.c.first_answer_at).where(state.c.email == email)) is not None
