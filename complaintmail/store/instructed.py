"""What staff's words changed, written: each effect of a `Deed` as rows, in the caller's transaction, one event a deed.

Effects that need words on paper (an answer, a notice, a new case's acknowledgement) are handed back to the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from complaintmail.cases.deeds import (
    Act,
    Answer,
    AskBoard,
    Change,
    Deed,
    Draft,
    Effect,
    HandOn,
    MakeCase,
    Meet,
    Merge,
    Open,
    Owe,
    PassOn,
    Posted,
    Praised,
    Recall,
    Redate,
    Regard,
    Release,
    Reopen,
    Requeue,
    Restore,
    Settle,
    ShowBack,
    TakeAsTheirs,
    Tell,
    Tie,
    Vouch,
    Waive,
    Withhold,
    Write,
)
from complaintmail.cases.people import People
from complaintmail.cases.scene import CaseNow
from complaintmail.mail.compose import address
from complaintmail.policy.policy import Policy
from complaintmail.store import casebook, schema, taught
from complaintmail.store.instants import instant_of, instant_text
from complaintmail.store.praised import keep_praise
from complaintmail.store.record import Writer

OnPaper = (
    Answer | ShowBack | Tell | Open | TakeAsTheirs | Write | Draft | Posted | PassOn | AskBoard | HandOn | MakeCase
)


@dataclass(slots=True)
class Applied:
    """What is left to do on paper, and the case's columns as they are now."""

    paper: list[OnPaper] = field(default_factory=list)
    row: dict[str, Any] = field(default_factory=dict)
    regarded: dict[str, str] = field(default_factory=dict)
    merged_into: int | None = None


def apply(
    writer: Writer,
    deed: Deed,
    command: str,
    case: CaseNow | None,
    policy: Policy,
    people: People,
    by: str,
    entry: int | None,
    *,
    actor: str = "staff",
) -> Applied:
    """Write one deed; its event says by whom, what and, where it can be taken back, what was there before."""
    out = Applied(row=dict(case.row) if case else {})
    back: dict[str, Any] = {}
    said_of_it = deed.back and command == "kind"
    letters = _withheld(writer, deed, case) if said_of_it else []
    for effect in deed.effects:
        _apply(writer, effect, case, policy, people, out, back)
    stood = taught.note(writer, command, deed, case, by) if actor == "staff" else {}
    opens = deed.what == "recorded"  # of somebody else: the new case has an event of its own, with all of it
    detail = (dict(deed.detail) if not opens else {}) | {"said": deed.said}
    if entry is not None:
        detail["journal"] = entry
    if deed.back and back:
        detail["back"] = {name: _plain(value) for name, value in back.items()}
        detail["back_duties"] = [
            {"duty": duty.id, "due_at": _plain(duty.due_at), "why": duty.why}
            for duty in (case.duties if case else ())
            if duty.id in _duties_of(deed)
        ]
    if deed.back and stood:
        detail["back_taught"] = stood
    if said_of_it:  # what it is decides who hears of it, so both are taken back with it
        detail["back_letters"] = letters
        detail["back_persons"] = {
            email: case.persons[email] for email in out.regarded if case and email in case.persons
        }
    about = case.id if case and not opens and "mail" not in deed.detail else None  # said of a mail, not of the case
    writer.event(f"{actor}_{deed.what or command}".replace("-", "_")[:40], by=by, case_id=about, **detail)
    return out


def _duties_of(deed: Deed) -> frozenset[int]:
    """The duties that it meets, lets go or gives another date."""
    touched: list[int] = []
    for effect in deed.effects:
        match effect:
            case Meet(duties) | Waive(duties):
                touched += duties
            case Redate(duty):
                touched.append(duty)
            case _:
                pass
    return frozenset(touched)


def _plain(value: Any) -> Any:
    return instant_text(value) if isinstance(value, datetime) else value


def _apply(
    writer: Writer,
    effect: Effect,
    case: CaseNow | None,
    policy: Policy,
    people: People,
    out: Applied,
    back: dict[str, Any],
) -> None:
    match effect:
        case Answer() | ShowBack() | Tell() | Open() | TakeAsTheirs() | Write() | PassOn() | AskBoard():
            out.paper.append(effect)
        case Draft() | Posted() | HandOn() | MakeCase():
            out.paper.append(effect)
        case Change(values):
            assert case is not None
            changes = {name: _moment(name, value) for name, value in values.items()}
            for name in changes:
                back.setdefault(name, out.row[name])
            out.row |= changes
            writer.change(schema.case, {"id": case.id}, changes)
        case Meet(duties, at, evidence):
            for duty in duties:
                writer.change(schema.obligation, {"id": duty}, {"state": "met", "met_at": at, "evidence": evidence})
        case Waive(duties, why):
            for duty in duties:
                writer.change(schema.obligation, {"id": duty}, {"state": "void", "evidence": why})
        case Redate(duty, counted):
            writer.change(
                schema.obligation,
                {"id": duty},
                {"due_at": counted.due_at, "why": counted.why, "missed_noticed_at": None}
                | casebook.spoken_of(writer, duty, counted.due_at, policy),
            )
        case Reopen(kind, after):
            _reopen(writer, case, kind, after, policy)
        case Restore(duty, due_at, why):
            was = {"state": "open", "met_at": None, "evidence": None, "due_at": due_at, "why": why}
            writer.change(schema.obligation, {"id": duty}, was | casebook.spoken_of(writer, duty, due_at, policy))
        case Owe(owed, round_, who):
            assert case is not None
            if _is_owed(writer, case.id, owed.kind, round_):
                return  # another command of the same mail owes it already
            area = str(out.row["area"]) if out.row["area"] else None
            casebook.owe(
                writer, owed, policy, people, str(case.row["mailbox"]), case.id, case.first_mail, case.excluded,
                round_=round_, owner=who, area=area,
            )  # fmt: skip
        case Regard(email, standing):
            assert case is not None
            regard(writer, case, email, standing)
            out.regarded[email] = standing
        case Vouch(address, standing):
            assert case is not None
            vouch(writer, case, address, standing)
        case Act(n, values):
            assert case is not None
            _act(writer, case.id, n, values)
        case Praised(values):
            assert case is not None
            keep_praise(writer, case.id, values)
        case Settle(offer, state):
            writer.change(schema.offer, {"id": offer}, {"state": state, "settled_at": writer.now})
        case Recall(letters):
            for letter in letters:
                changes = {"state": "cancelled", "next_try_at": None, "reason": "taken back by #stop"}
                writer.change(schema.letter, {"id": letter}, changes)
        case Withhold(kinds, why):
            _withhold(writer, case, kinds, why)
        case Requeue(letter, state, reason):
            waits = {"state": state, "next_try_at": writer.now if state == "queued" else None, "reason": reason}
            writer.change(schema.letter, {"id": letter}, waits)
        case Release(kinds):
            _release(writer, case, kinds)
        case Tie(other, how):
            assert case is not None
            tie(writer, case.id, other, how)
        case Merge(into, values):
            assert case is not None
            if values:
                writer.change(schema.case, {"id": into}, dict(values))
            move_mails(writer, tuple(mail.id for mail in case.mails), into)
            out.merged_into = into


def _moment(name: str, value: Any) -> Any:
    """A column's value; what #undo brings back was written down as text."""
    if isinstance(value, str) and isinstance(schema.case.c[name].type, schema.Instant):
        return instant_of(value)
    return value


def regard(writer: Writer, case: CaseNow, email: str, standing: str) -> None:
    """A member of staff is suspected, complained about, or cleared of it."""
    key = {"case_id": case.id, "email": email}
    if email in case.persons:
        writer.change(schema.case_person, key, {"standing": standing})
    else:
        writer.add(schema.case_person, {**key, "standing": standing})


def vouch(writer: Writer, case: CaseNow, address: str, standing: str) -> None:
    table = schema.case_address
    key = {"case_id": case.id, "address": address}
    asked = select(table.c.standing).where(table.c.case_id == case.id, table.c.address == address)
    if writer.connection.scalar(asked) is None:
        writer.add(table, {**key, "standing": standing})
    else:
        writer.change(table, key, {"standing": standing})


def _is_owed(writer: Writer, case_id: int, kind: str, round_: int) -> bool:
    writer.so_far()
    duty = schema.obligation
    asked = select(duty.c.id).where(
        duty.c.case_id == case_id, duty.c.kind == kind, duty.c.round == round_, duty.c.state == "open"
    )
    return writer.connection.scalar(asked) is not None


def _act(writer: Writer, case_id: int, n: int | None, values: Mapping[str, Any]) -> None:
    table = schema.case_action
    if n is not None:
        writer.change(table, {"case_id": case_id, "n": n}, values)
        return
    writer.so_far()  # the same mail may have given another one
    last = writer.connection.scalar(select(func.max(table.c.n)).where(table.c.case_id == case_id)) or 0
    row = {"by": None, "who": None, "kind": "action", "done_at": None, "done_how": None}
    writer.add(table, {"case_id": case_id, "n": last + 1, **row, **values})


def _reopen(writer: Writer, case: CaseNow | None, kind: str, after: str, policy: Policy) -> None:
    assert case is not None
    duty = schema.obligation
    asked = (
        select(duty.c.id, duty.c.due_at)
        .where(duty.c.case_id == case.id, duty.c.kind == kind, duty.c.state == after)
        .order_by(duty.c.id.desc())
        .limit(1)
    )
    found = writer.connection.execute(asked).first()
    if found is not None:
        again: dict[str, Any] = {"state": "open", "met_at": None, "evidence": None}
        again |= casebook.spoken_of(writer, found.id, found.due_at, policy)
        writer.change(duty, {"id": found.id}, again)


def _release(writer: Writer, case: CaseNow | None, kinds: tuple[str, ...]) -> None:
    """Automatic letters of this case that waited for a person go now."""
    assert case is not None
    letter = schema.letter
    asked = select(letter.c.id).where(letter.c.case_id == case.id, letter.c.state == "held", letter.c.kind.in_(kinds))
    for found in writer.connection.scalars(asked).all():
        changes = {"state": "queued", "next_try_at": writer.now, "released_at": writer.now, "reason": None}
        writer.change(letter, {"id": found}, changes)


def _withhold(writer: Writer, case: CaseNow | None, kinds: tuple[str, ...], why: str) -> None:
    for found in _waiting(writer, case, kinds):
        writer.change(schema.letter, {"id": found.id}, {"state": "cancelled", "next_try_at": None, "reason": why})


def _withheld(writer: Writer, deed: Deed, case: CaseNow | None) -> list[dict[str, Any]]:
    """The letters that this deed withholds, as they wait now."""
    kinds = tuple(kind for effect in deed.effects if isinstance(effect, Withhold) for kind in effect.kinds)
    found = _waiting(writer, case, kinds) if kinds else ()
    return [{"letter": row.id, "state": row.state, "reason": row.reason} for row in found]


def _waiting(writer: Writer, case: CaseNow | None, kinds: tuple[str, ...]) -> Sequence[Any]:
    assert case is not None
    writer.so_far()
    letter = schema.letter
    asked = select(letter.c.id, letter.c.state, letter.c.reason).where(
        letter.c.case_id == case.id, letter.c.state.in_(("queued", "held")), letter.c.kind.in_([str(k) for k in kinds])
    )
    return writer.connection.execute(asked).all()


def tie(writer: Writer, case_id: int, other: int, how: str) -> None:
    table = schema.case_link
    asked = select(table.c.how).where(table.c.case_id == case_id, table.c.other_id == other)
    if writer.connection.scalar(asked) is None:
        writer.add(table, {"case_id": case_id, "other_id": other, "how": how})


def move_mails(writer: Writer, messages: tuple[int, ...], into: int) -> None:
    for message in messages:
        writer.change(schema.message, {"id": message}, {"case_id": into})


def make_offer(
    writer: Writer, *, case_id: int | None, mailbox: str, person: str, kind: str, message_id: int | None,
    payload: Mapping[str, Any],
) -> int:  # fmt: skip
    """Something waits for this person's #yes."""
    number = writer.number("offer")
    writer.add(
        schema.offer,
        {
            "id": number,
            "case_id": case_id,
            "mailbox": mailbox,
            "person": person,
            "kind": kind,
            "message_id": message_id,
            "payload": dict(payload),
            "made_at": writer.now,
            "state": "open",
            "settled_at": None,
        },
    )
    return number


def void_links(writer: Writer, letter_id: str, links: Mapping[int, str], known: frozenset[int]) -> None:
    """These one-click links are no longer good: used, or seen where others may have read them."""
    for link, why in sorted(links.items()):
        if link not in known:
            writer.add(schema.link_void, {"letter_id": letter_id, "link": link, "at": writer.now, "why": why})


def person_state(writer: Writer, email: str, values: Mapping[str, Any]) -> None:
    """What is kept of a member of staff between mails. Not part of the record: it proves nothing."""
    table = schema.person_state
    done = writer.connection.execute(update(table).where(table.c.email == email).values(**values))
    if not done.rowcount:
        writer.connection.execute(insert(table).values(email=email, **values))


def mails_since(writer: Writer, kind: str, recipient: str, since: datetime) -> int:
    """How many mails of this kind were written to this member of staff."""
    letter = schema.letter
    asked = select(func.count()).where(
        letter.c.created_at > since, letter.c.kind == kind, letter.c.recipient == address(recipient, utf8=True)
    )
    return int(writer.connection.scalar(asked) or 0)
