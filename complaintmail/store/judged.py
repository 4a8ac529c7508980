"""How mails were judged and what staff said of them, for `classify report`: read without SQLAlchemy, as a report is.

What staff said by a command, and cases that they worked to an outcome; a mail that was only left is not in it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from complaintmail.store.lines import Told
from complaintmail.store.reading import Reader
from complaintmail.triage.judge import Learnt, shipped
from complaintmail.triage.packing import unpacked
from complaintmail.triage.tally import (
    MOST_MISSED,
    Judged,
    calibration,
    confusion,
    missed,
    off_by,
    severities,
    strongest,
    words_corrected,
)

PROBABLE = 200  # mails that staff have looked at, before a score is shown as a probability
MOST = 10_000
_COLUMNS = (
    "m.id, m.received_at, m.from_address, m.subject, SUBSTR(m.new_text, 1, 6000), "
    "m.kind, m.sure, m.score, m.severity, c.reference, "
)


def report(reader: Reader, told: Told, since: datetime | None) -> dict[str, Any]:
    """All that `classify report` shows."""
    mails = _mails(reader, told, since)
    versions = _versions(reader, told)
    learnt = in_force(reader)
    bands = learnt.bands if learnt is not None and learnt.bands is not None else shipped().bands
    enough = len(mails) >= PROBABLE and learnt is not None and learnt.scale is not None
    bins = calibration(mails)
    low = missed(mails, bands)
    return {
        "since": None if since is None else told(since),
        "reviewed": len(mails),
        "complaints": sum(mail.said == "complaint" for mail in mails),
        "corrected": sum(mail.corrected for mail in mails),
        "confusion": confusion(mails),
        "calibration": {
            "scores_are": "probabilities" if enough else "scores",
            "because": None if enough else f"mails that staff have looked at: {len(mails)}; it takes {PROBABLE}",
            "off_by": off_by(bins) if enough else None,
            "bins": bins,
        },
        "bounds": {"open": bands.open, "release": bands.release, "release_on": bands.release_on},
        "missed": {"count": len(low), "mails": [_shown(mail) for mail in low[:MOST_MISSED]]},
        "corrected_words": words_corrected(mails),
        "severity": severities(mails),
        "learnt": strongest(learnt),
        "versions": versions,
        "last_tried": told(reader.value("SELECT value FROM setting WHERE key = ?", ("learning tried",))),
        "nothing_learnt_because": reader.value("SELECT value FROM setting WHERE key = ?", ("learning said",)) or None,
    }


def _mails(reader: Reader, told: Told, since: datetime | None) -> list[Judged]:
    by_word = f"SELECT {_COLUMNS} COALESCE(t.kind, c.kind), t.severity FROM taught t JOIN message m "
    by_word += "ON m.id = t.message_id LEFT JOIN cases c ON c.id = m.case_id "
    by_word += "WHERE (t.kind IS NOT NULL OR t.severity IS NOT NULL OR t.area IS NOT NULL)"
    by_deed = f"SELECT {_COLUMNS} 'complaint', NULL FROM cases c JOIN message m ON m.case_id = c.id "
    by_deed += "LEFT JOIN taught t ON t.message_id = m.id "
    by_deed += "WHERE t.message_id IS NULL AND c.outcome IS NOT NULL AND c.kind IN ('complaint', 'appeal') "
    by_deed += "AND m.kind = 'complaint' AND m.duplicate_of IS NULL"
    params: list[object] = []
    later = ""
    if since is not None:
        later, params = " AND m.received_at >= ?", [reader.moment(since)]
    found: list[Judged] = []
    for asked in (by_word, by_deed):
        rows = reader.rows(f"{asked}{later} AND m.score IS NOT NULL ORDER BY m.id DESC LIMIT {MOST}", params)
        found += [_judged(row, told) for row in rows]
    return found


def _judged(row: Any, told: Told) -> Judged:
    number, came, sender, subject, text, kind, sure, score, severity, reference, said, said_severity = row
    meant = "complaint" if said in ("appeal", "unreadable", None) else said
    return Judged(
        number=number,
        received_at=told(came) or "",
        sender=sender or "",
        subject=subject,
        text=text,
        kind=kind,
        sure=bool(sure),
        score=score,
        severity=severity,
        said=meant,
        said_severity=said_severity,
        case=reference,
    )


def _shown(mail: Judged) -> dict[str, Any]:
    return {
        "mail": mail.number,
        "received_at": mail.received_at,
        "from": mail.sender,
        "subject": mail.subject,
        "score": round(mail.score, 4),
        "case": mail.case,
    }


def _versions(reader: Reader, told: Told) -> list[dict[str, Any]]:
    """The history, the latest first; the first is in force."""
    rows = reader.rows('SELECT id, at, "by", uses, stays, figures, body IS NOT NULL FROM learnt ORDER BY id DESC')
    return [
        {
            "version": number,
            "at": told(at),
            "by": by,
            "uses": "shipped" if uses == 0 else uses,
            "in_force": nth == 0,
            "stays": bool(stays),
            "weights_kept": bool(kept) or uses != number,
            "figures": json.loads(figures),
        }
        for nth, (number, at, by, uses, stays, figures, kept) in enumerate(rows)
    ]


def in_force(reader: Reader) -> Learnt | None:
    """What was learnt and holds at present; None where nothing was, or all was taken back."""
    uses = reader.value("SELECT uses FROM learnt ORDER BY id DESC LIMIT 1")
    body = reader.value("SELECT body FROM learnt WHERE id = ?", (uses,)) if uses else None
    return None if body is None else unpacked(uses, bytes(body))
