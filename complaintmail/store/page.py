"""One case, whole: its facts, the mails and letters on it, what is owed, what happened; and what a mistyped reference
may have meant."""

from __future__ import annotations

import json
import re
import zlib
from datetime import datetime
from typing import Any

from complaintmail.store.instants import instant_of
from complaintmail.store.late import STANDS_STILL
from complaintmail.store.lines import Shown, Told
from complaintmail.store.listing import CASE_COLUMNS, NOT_READ_AGAIN, actions, case_of, from_json
from complaintmail.store.reading import Reader, Row

_PARTS = re.compile(r"([A-Z][A-Z0-9]*)\W+(\d{4})\W*([\dOIL]{1,6})")
_FIGURES = str.maketrans("OIL", "011")  # as they are misread


def case_page(reader: Reader, told: Told, reference: str, now: datetime) -> Shown | None:
    """The case of that reference, capitals or not; None where there is none."""
    found = reader.rows(f"SELECT {CASE_COLUMNS} FROM cases WHERE reference = ?", (plain_reference(reference),))
    if not found:
        return None
    case_id = found[0][-1]
    obligations = _obligations(reader, told, case_id, now)
    overdue = any(duty["state"] == "missed" for duty in obligations)
    done = actions(reader, told, case_id).get(case_id, [])
    return case_of(found[0], told, from_json, overdue, done) | {
        "points": _points(reader, case_id),
        "messages": _messages(reader, told, case_id, found[0]),
        "obligations": obligations,
        "events": _events(reader, told, case_id),
    }


def _points(reader: Reader, case_id: int) -> list[Shown]:
    """What the outcome found on each point, or the answer to an appeal, where it went into points."""
    [(kept,)] = reader.rows("SELECT course FROM cases WHERE id = ?", (case_id,))
    course = from_json(kept) or {}
    return list(course.get("appeal_points") or course.get("points") or ())


def _messages(reader: Reader, told: Told, case_id: int, case: Row) -> list[Shown]:
    taken_in = reader.rows(
        "SELECT m.received_at, j.rule, m.message_id, m.from_address, m.recipients, m.subject, m.kind, m.text, "
        "m.new_text, m.attachments, m.sha256, m.reasons, m.language, m.concerns, m.suggestions "
        "FROM message m LEFT JOIN journal j ON j.id = m.id "
        f"WHERE m.case_id = ? AND {NOT_READ_AGAIN} ORDER BY m.id",
        (case_id,),
    )
    sent = reader.rows(
        "SELECT sent_at, message_id, mailbox, recipient, subject, kind, text, sha256, "
        "CASE WHEN kind = 'answer' THEN data END FROM letter "
        "WHERE case_id = ? AND state = 'sent' AND audience <> 'staff' ORDER BY sent_at, id",
        (case_id,),
    )
    shown: list[tuple[datetime | None, Shown]] = _account(reader, told, case_id, case)
    for at, rule, message_id, sender, recipients, subject, kind, text, new_text, attachments, sha256, *seen in taken_in:
        way = "out" if rule == "sent" else "in"
        fields = _fields(message_id, way, sender, json.loads(recipients), told(at), subject, kind, text, new_text)
        fields |= {"attachments": json.loads(attachments), "sha256": sha256}
        shown.append((instant_of(at), fields | _made_of_it(*seen)))
    for at, message_id, mailbox, recipient, subject, kind, text, sha256, data in sent:
        fields = _fields(message_id, "out", mailbox, [recipient], told(at), subject, kind, text, text)
        shown.append((instant_of(at), fields | {"attachments": _enclosed(data), "sha256": sha256} | _made_of_it()))
    shown.sort(key=lambda pair: (pair[0] is None, pair[0]))
    return [fields for _, fields in shown]


def _made_of_it(
    reasons: str | None = None,
    language: str | None = None,
    concerns: str | None = None,
    suggestions: str | None = None,
) -> Shown:
    """What the program made of a mail, each with its reason."""
    every = json.loads(suggestions or "[]") or ()
    suggested = [{name: one[name] for name in ("what", "says", "command")} for one in every]
    return {
        "reasons": json.loads(reasons or "[]"),
        "language": language,
        "concerns": json.loads(concerns or "[]") or [],
        "suggestions": suggested,
    }


def _enclosed(packed: bytes | None) -> list[Shown]:
    """What went along with an answer by staff; no other letter has anything with it."""
    if packed is None:
        return []
    data = zlib.decompress(packed)
    if b"multipart/mixed" not in data:
        return []
    from complaintmail.mail.read import read

    return [{"name": each.name, "type": each.type, "size": each.size} for each in read(data).attachments]


def _account(reader: Reader, told: Told, case_id: int, case: Row) -> list[tuple[datetime | None, Shown]]:
    """What was told by telephone, by post or over a counter, where no mail tells of it: it stands in the record."""
    rows = reader.rows("SELECT detail FROM event WHERE case_id = ? AND what = 'case_recorded'", (case_id,))
    detail = json.loads(rows[0][0]) if rows else {}
    if not detail.get("text") or detail.get("journal") is not None:
        return []
    named = dict(zip(CASE_COLUMNS.split(", "), case, strict=True))
    at, sender, words = named["received_at"], named["complainant_email"], detail["text"]
    fields = _fields(None, "in", sender, [], told(at), named["subject"], named["kind"], words, words)
    return [(instant_of(at), fields | {"attachments": [], "sha256": None} | _made_of_it())]


def _fields(
    message_id: str | None,
    direction: str,
    sender: str | None,
    to: list[str],
    at: str | None,
    subject: str,
    kind: str,
    text: str,
    new_text: str,
) -> Shown:
    return {
        "message_id": message_id,
        "direction": direction,
        "from": sender,
        "to": to,
        "at": at,
        "subject": subject,
        "kind": kind,
        "text": text,
        "new_text": new_text,
    }


def _obligations(reader: Reader, told: Told, case_id: int, now: datetime) -> list[Shown]:
    rows = reader.rows(
        "SELECT o.kind, o.clause, o.due_at, o.why, o.policy_version, o.met_at, o.evidence, o.state, "
        f"CASE WHEN {STANDS_STILL} THEN 1 ELSE 0 END FROM obligation o WHERE o.case_id = ? "
        "ORDER BY CASE WHEN o.due_at IS NULL THEN 1 ELSE 0 END, o.due_at, o.id",
        (case_id,),
    )
    return [
        {
            "kind": kind,
            "clause": clause,
            "due_at": told(due_at),
            "why": why,
            "policy_version": version,
            "met_at": told(met_at),
            "evidence": evidence,
            "state": state_of(state, instant_of(due_at), instant_of(met_at), now, still=bool(still)),
        }
        for kind, clause, due_at, why, version, met_at, evidence, state, still in rows
    ]


def state_of(
    state: str, due_at: datetime | None, met_at: datetime | None, now: datetime, *, still: bool = False
) -> str:
    """open, met, late (met after its last moment), missed (open past it, and its days do not stand still) or void."""
    if due_at is None:
        return state
    if state == "open" and due_at < now and not still:
        return "missed"
    if state == "met" and met_at is not None and met_at > due_at:
        return "late"
    return state


def _events(reader: Reader, told: Told, case_id: int) -> list[Shown]:
    rows = reader.rows('SELECT at, what, "by", detail FROM event WHERE case_id = ? ORDER BY id', (case_id,))
    return [{"at": told(at), "what": what, "by": by, "detail": json.loads(detail)} for at, what, by, detail in rows]


def plain_reference(typed: str) -> str:
    """A reference as it is kept, however it was copied: [cms-2026-000123] is CMS-2026-000123."""
    return typed.strip().strip("[]()<>\"'.,;: ").upper()


def nearest_reference(reader: Reader, typed: str) -> str | None:
    """The reference there is that is most like what was typed; None in an empty casebook."""
    known: list[str] = [row[0] for row in reader.rows("SELECT reference FROM cases ORDER BY id")]
    if not known:
        return None
    meant = plain_reference(typed)
    parts = _PARTS.fullmatch(meant)
    return min(known, key=lambda there: _distance(meant, parts, there))


def _distance(meant: str, parts: re.Match[str] | None, there: str) -> tuple[Any, ...]:
    """First the policy and year that were meant, then the figures that differ, then how far the numbers lie apart."""
    prefix, year, number = there.rsplit("-", 2)
    if parts is None:
        return (sum(a != b for a, b in zip(meant, there, strict=False)) + abs(len(meant) - len(there)), there)
    figures = parts[3].translate(_FIGURES).zfill(6)
    wrong = (prefix != parts[1]) + (year != parts[2])
    return (wrong + sum(a != b for a, b in zip(figures, number, strict=True)), abs(int(figures) - int(number)), there)
