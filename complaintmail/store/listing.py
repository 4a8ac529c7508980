"""What the lists of the casebook say, in the fields and shapes that INTERFACE §5 promises: JSON-ready values, nothing
more. Whether something is late is reckoned from its date and `now`, and stands nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from complaintmail.store.choosing import Chosen, Where
from complaintmail.store.late import LATE
from complaintmail.store.lines import (
    Few,
    Listing,
    Shown,
    Told,
    as_json,
    bool_as_json,
    json_as_json,
    time_as_json,
)
from complaintmail.store.reading import Reader, Row

CASE_COLUMNS = (
    "reference, policy, kind, status, channel, mailbox, received_at, complainant_name, complainant_email, subject, "
    "summary, area, severity, owner, handler, acknowledge_by, acknowledged_at, respond_by, responded_at, "
    "first_human_at, outcome, cause, closed_at, id"
)
BY_DEFAULT = ("complaint", "appeal", "unreadable")
MAIL_COLUMNS = (
    "m.id, m.sha256, m.message_id, m.mailbox, m.received_at, m.from_address, m.subject, m.kind, m.score, m.sure, "
    "m.reasons, c.reference, m.not_answered"
)
# A mail read again byte for byte, after a rescan, is no second mail.
NOT_READ_AGAIN = (
    "(m.duplicate_of IS NULL OR m.sha256 <> COALESCE((SELECT o.sha256 FROM message o WHERE o.id = m.duplicate_of), ''))"
)
WAITING_ORDER = (
    "CASE l.state WHEN 'doubt' THEN 0 WHEN 'refused' THEN 1 WHEN 'held' THEN 2 WHEN 'sending' THEN 3 ELSE 4 END"
)


def cases(reader: Reader, told: Told, chosen: Chosen, now: datetime) -> Listing:
    """The complaints log, oldest first: complaints, appeals and what is unsure, unless kinds are chosen."""
    where = Where(reader)
    where.among("policy", chosen.policies)
    where.among("status", chosen.statuses)
    where.between("received_at", chosen)
    if chosen.kinds:
        where.among("kind", chosen.kinds)
    else:
        where.conditions.append(f"(kind IN {BY_DEFAULT} OR NOT sure)")
    where.holding(
        ("reference", "subject", "summary", "complainant_name", "COALESCE(complainant_email, '')", "m.text"),
        chosen.text,
        "EXISTS (SELECT 1 FROM message m WHERE m.case_id = cases.id AND {})",
    )
    rows = reader.rows(f"SELECT {CASE_COLUMNS} FROM cases{where} ORDER BY received_at, id", where.params)
    late = overdue_cases(reader, now)
    officer, done = remembered(from_json), actions(reader, told)
    return Listing(
        rows,
        lambda row: case_of(row, told, officer, row[-1] in late, done.get(row[-1], [])),
        lambda: _case_lines(rows, told, late, done),
    )


def actions(reader: Reader, told: Told, case_id: int | None = None) -> dict[int | None, list[Shown]]:
    """What is to be done, or was, by its case: of one, or of all that have any."""
    where, params = (" WHERE case_id = ?", (case_id,)) if case_id is not None else ("", ())
    found: dict[int | None, list[Shown]] = {}
    asked = 'SELECT case_id, n, text, "by", who, done_at FROM case_action'
    for of, n, text, by, who, done_at in reader.rows(f"{asked}{where} ORDER BY case_id, n", params):
        one = {"n": n, "text": text, "by": by, "who": who, "done_at": told(done_at)}
        found.setdefault(of, []).append(one)
    return found


def case_of(row: Row, told: Told, officer: Callable[[str | None], Any], overdue: bool, done: list[Shown]) -> Shown:
    """One case; `row` holds CASE_COLUMNS; `done`: its actions."""
    (
        reference, policy, kind, status, channel, mailbox, received_at, name, email, subject,
        summary, area, severity, owner, handler, acknowledge_by, acknowledged_at, respond_by, responded_at,
        first_human_at, outcome, cause, closed_at, _id,
    ) = row  # fmt: skip
    return {
        "reference": reference,
        "policy": policy,
        "kind": kind,
        "status": status,
        "channel": channel,
        "mailbox": mailbox,
        "received_at": told(received_at),
        "complainant": {"name": name, "email": email},
        "subject": subject,
        "summary": summary,
        "area": area,
        "severity": severity,
        "owner": officer(owner),
        "handler": officer(handler),
        "acknowledge_by": told(acknowledge_by),
        "acknowledged_at": told(acknowledged_at),
        "respond_by": told(respond_by),
        "responded_at": told(responded_at),
        "first_human_at": told(first_human_at),
        "outcome": outcome,
        "cause": cause,
        "closed_at": told(closed_at),
        "actions": done,
        "overdue": overdue,
    }


_CASE_LINE = (
    '{"reference": %s, "policy": %s, "kind": %s, "status": %s, "channel": %s, "mailbox": %s, "received_at": %s, '
    '"complainant": {"name": %s, "email": %s}, "subject": %s, "summary": %s, "area": %s, "severity": %s, "owner": %s, '
    '"handler": %s, "acknowledge_by": %s, "acknowledged_at": %s, "respond_by": %s, "responded_at": %s, '
    '"first_human_at": %s, "outcome": %s, "cause": %s, "closed_at": %s, "actions": %s, "overdue": %s}'
)


def _case_lines(
    rows: list[Row], told: Told, late: set[int | None], done: Mapping[int | None, list[Shown]]
) -> Iterator[str]:
    few, at, who = Few(as_json).__getitem__, time_as_json(told), Few(json_as_json).__getitem__
    by = Few(at).__getitem__  # a last moment is the end of a day
    encode = (
        *(as_json, few, few, few, few, few, at, as_json, as_json, as_json, as_json, few, few, who, who),
        *(by, at, by, at, at, few, few, at),
    )
    for row in rows:
        fields = [of(value) for of, value in zip(encode, row, strict=False)]
        told_actions = json.dumps(done[row[-1]], ensure_ascii=False) if row[-1] in done else "[]"
        yield _CASE_LINE % (*fields, told_actions, "true" if row[-1] in late else "false")


def overdue_cases(reader: Reader, now: datetime) -> set[int | None]:
    """The cases that owe something whose last moment has passed."""
    asked = f"SELECT o.case_id FROM obligation o WHERE o.state = 'open' AND {LATE}"
    return {row[0] for row in reader.rows(asked, (reader.moment(now),))}


def mails(reader: Reader, told: Told, chosen: Chosen) -> Listing:
    """Every mail taken in, oldest first, with its answer or why there is none."""
    where = Where(reader)
    where.conditions.append(NOT_READ_AGAIN)
    where.among("m.kind", chosen.kinds)
    where.among("m.mailbox", [chosen.mailbox] if chosen.mailbox else ())
    where.among("c.reference", [chosen.case] if chosen.case else ())
    where.between("m.received_at", chosen)
    where.holding(("m.subject", "COALESCE(m.from_address, '')", "m.from_name", "m.text"), chosen.text)
    joined = "message m LEFT JOIN cases c ON c.id = m.case_id"
    rows = reader.rows(f"SELECT {MAIL_COLUMNS} FROM {joined}{where} ORDER BY m.received_at, m.id", where.params)
    answers = _answers(reader)
    reasons = remembered(from_json)
    return Listing(
        rows, lambda row: _mail(row, told, reasons, answers.get(row[0])), lambda: _mail_lines(rows, told, answers)
    )


_MAIL_LINE = (
    '{"sha256": %s, "message_id": %s, "mailbox": %s, "received_at": %s, "from": %s, "subject": %s, "kind": %s, '
    '"complaint_score": %s, "sure": %s, "reasons": %s, "case": %s, "answered_with": %s, "not_answered_because": %s}'
)


def _mail_lines(rows: list[Row], told: Told, answers: Mapping[int, Row]) -> Iterator[str]:
    few, at, why = Few(as_json).__getitem__, time_as_json(told), Few(json_as_json).__getitem__
    score = Few(json.dumps).__getitem__
    encode = (as_json, as_json, few, at, as_json, as_json, few, score, bool_as_json, why, as_json)
    for row in rows:
        fields = [of(value) for of, value in zip(encode, row[1:], strict=False)]
        answered, because = _answer(row[-1], answers.get(row[0]))
        yield _MAIL_LINE % (*fields, as_json(answered), few(because))


def _answers(reader: Reader) -> dict[int, Row]:
    """For each answered mail its letter; where there are several, the first that was sent."""
    found: dict[int, Row] = {}
    asked = "SELECT answers, message_id, state, reason FROM letter WHERE answers IS NOT NULL AND audience <> 'staff'"
    for row in reader.rows(f"{asked} ORDER BY created_at, id"):
        if row[0] not in found or (row[2] == "sent" and found[row[0]][2] != "sent"):
            found[row[0]] = row
    return found


def _mail(row: Row, told: Told, reasons: Callable[[str | None], Any], letter: Row | None) -> Shown:
    (
        _id, sha256, message_id, mailbox, received_at, sender, subject, kind, score, sure, why, reference, unanswered,
    ) = row  # fmt: skip
    answered, because = _answer(unanswered, letter)
    return {
        "sha256": sha256,
        "message_id": message_id,
        "mailbox": mailbox,
        "received_at": told(received_at),
        "from": sender,
        "subject": subject,
        "kind": kind,
        "complaint_score": score,
        "sure": bool(sure),
        "reasons": reasons(why),
        "case": reference,
        "answered_with": answered,
        "not_answered_because": because,
    }


def _answer(unanswered: str | None, letter: Row | None) -> tuple[str | None, str | None]:
    """The Message-ID of the letter that answered a mail, or why none did."""
    if letter is not None and letter[2] == "sent":
        return letter[1], None
    return None, unanswered or why_unsent(letter)


def why_unsent(letter: Row | None) -> str:
    if letter is None:
        return "nothing calls for an answer"
    _, _, state, reason = letter
    words = {
        "queued": "its answer waits to be sent",
        "sending": "its answer is being sent",
        "doubt": "nobody knows yet whether the server took its answer",
        "held": "its answer is held for a person",
        "refused": "its answer was refused",
        "cancelled": "its answer was cancelled",
    }.get(state, f"its answer is {state}")
    return f"{words}: {reason}" if reason else words


def duties(reader: Reader, told: Told, now: datetime) -> Listing:
    """Open obligations, soonest first, those without a date last. `why` is for people; §5 promises the rest."""
    rows = reader.rows(
        "SELECT c.reference, o.kind, o.clause, o.due_at, o.owner, o.why, "
        f"CASE WHEN {LATE} THEN 1 ELSE 0 END FROM obligation o LEFT JOIN cases c ON c.id = o.case_id "
        "WHERE o.state = 'open' ORDER BY CASE WHEN o.due_at IS NULL THEN 1 ELSE 0 END, o.due_at, o.id",
        (reader.moment(now),),
    )
    officer = remembered(from_json)
    return Listing(rows, lambda row: _duty(row, told, officer), lambda: _duty_lines(rows, told))


def _duty(row: Row, told: Told, officer: Callable[[str | None], Any]) -> Shown:
    reference, kind, clause, due_at, owner, why, overdue = row
    return {
        "reference": reference,
        "kind": kind,
        "clause": clause,
        "due_at": told(due_at),
        "owner": officer(owner),
        "overdue": bool(overdue),
        "why": why,
    }


_DUTY_LINE = '{"reference": %s, "kind": %s, "clause": %s, "due_at": %s, "owner": %s, "overdue": %s}'


def _duty_lines(rows: list[Row], told: Told) -> Iterator[str]:
    few, by, who = Few(as_json).__getitem__, Few(time_as_json(told)).__getitem__, Few(json_as_json).__getitem__
    for reference, kind, clause, due_at, owner, _, overdue in rows:
        yield _DUTY_LINE % (
            *(as_json(reference), few(kind), few(clause), by(due_at), who(owner)),
            "true" if overdue else "false",
        )


def letters(reader: Reader, told: Told, *, everything: bool) -> Listing:
    """Letters that are not sent: what needs a person first, then what goes by itself. With `everything`, cancelled
    ones too."""
    kept = "l.state <> 'sent'" + ("" if everything else " AND l.state <> 'cancelled'")  # as the index has it
    rows = reader.rows(
        "SELECT l.id, c.reference, l.kind, l.recipient, l.state, l.reason, l.due_at, l.next_try_at, l.attempts, "
        "l.subject, l.mailbox, l.audience FROM letter l LEFT JOIN cases c ON c.id = l.case_id "
        f"WHERE {kept} ORDER BY {WAITING_ORDER}, "
        "CASE WHEN l.due_at IS NULL THEN 1 ELSE 0 END, l.due_at, l.created_at, l.id"
    )
    names = (
        *("id", "case", "kind", "to", "state", "reason", "due_at", "next_try_at", "attempts", "subject", "mailbox"),
        "for",
    )
    return Listing(
        rows, lambda row: dict(zip(names, row, strict=True)) | {"due_at": told(row[6]), "next_try_at": told(row[7])}
    )


def remembered(read: Callable[[str | None], Any]) -> Callable[[str | None], Any]:
    """The same text read once: owners and reasons are few and stand on many rows."""
    seen: dict[str | None, Any] = {}

    def recall(text: str | None) -> Any:
        if text not in seen:
            if len(seen) > 10_000:
                seen.clear()
            seen[text] = read(text)
        return seen[text]

    return recall


def from_json(text: str | None) -> Any:
    return None if text is None else json.loads(text)
