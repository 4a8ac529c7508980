"""How the mails were judged, beside what staff said of them: counts, calibration, what would have been missed.

Pure: whoever asks brings the mails. A score is called a probability only once it was calibrated here.
"""

from __future__ import annotations

# ruff: noqa: SIM905 - a word list is read as running text
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from complaintmail.triage.features import tokens
from complaintmail.triage.judge import Bands, Learnt

KINDS = ("complaint", "compliment", "enquiry", "spam")
BINS = 10
COMMON = frozenset(  # words that stand in any text; they weigh as they weigh, and tell a reader nothing
    "a an the and or of to in on at as is it its it's was were be been are am i i'm my me we our us you your he she "
    "his her they their them this that these those for with from by so if there here what which who when where how has "
    "have had do does did can could will would may might shall should all any some very just please about".split()
)
MOST_WORDS = 12
MOST_MISSED = 50


@dataclass(frozen=True, slots=True)
class Judged:
    """One mail with what the program made of it and what staff made of it."""

    number: int
    received_at: str
    sender: str
    subject: str
    text: str
    kind: str
    sure: bool
    score: float
    severity: str
    said: str  # the kind, by staff
    said_severity: str | None = None
    case: str | None = None

    @property
    def corrected(self) -> bool:
        return (self.score >= 0.5) != (self.said == "complaint")


def confusion(mails: Iterable[Judged]) -> list[dict[str, Any]]:
    """What the program said (a row each), by what staff said."""
    counted = Counter((mail.kind, mail.sure, mail.said) for mail in mails)
    rows = sorted({(KINDS.index(kind) if kind in KINDS else 9, not sure, kind) for kind, sure, _ in counted})
    return [
        {"program": kind, "sure": not unsure} | {said: counted[kind, not unsure, said] for said in KINDS}
        for _, unsure, kind in rows
    ]


def calibration(mails: Sequence[Judged]) -> list[dict[str, Any]]:
    """For each tenth of the scores: how many mails, and how many of them were complaints."""
    tenths: list[list[Judged]] = [[] for _ in range(BINS)]
    for mail in mails:
        tenths[min(BINS - 1, int(mail.score * BINS))].append(mail)
    return [
        {
            "from": nth / BINS,
            "to": (nth + 1) / BINS,
            "mails": len(some),
            "complaints": sum(mail.said == "complaint" for mail in some),
            "score": round(sum(mail.score for mail in some) / len(some), 4),
        }
        for nth, some in enumerate(tenths)
        if some
    ]


def off_by(bins: Sequence[Mapping[str, Any]]) -> float | None:
    """How far scores are from the share of complaints, on average over the mails."""
    mails = sum(one["mails"] for one in bins)
    off = sum(abs(one["complaints"] - one["score"] * one["mails"]) for one in bins)
    return round(float(off / mails), 4) if mails else None


def missed(mails: Iterable[Judged], bands: Bands) -> list[Judged]:
    """Complaints that were let go, or would have been with this bound, the lowest first."""
    found = [
        mail
        for mail in mails
        if mail.said == "complaint" and (mail.score < bands.release or (mail.sure and mail.kind != "complaint"))
    ]
    return sorted(found, key=lambda mail: (mail.score, mail.number))


def words_corrected(mails: Sequence[Judged]) -> list[dict[str, Any]]:
    """The words that stand in corrected mails more often than in all, the most telling first."""
    ways: list[dict[str, Any]] = []
    everywhere = Counter(word for mail in mails for word in _words(mail))
    for said, towards in ((True, "complaint"), (False, "no complaint")):
        corrected = [mail for mail in mails if mail.corrected and (mail.said == "complaint") == said]
        counted = Counter(word for mail in corrected for word in _words(mail))
        telling = {
            word: count - len(corrected) * everywhere[word] / len(mails) for word, count in counted.items() if count > 1
        }
        best = sorted((word for word in telling if telling[word] > 0.5), key=lambda word: (-telling[word], word))
        ways += [{"word": word, "towards": towards, "mails": counted[word]} for word in best[:MOST_WORDS]]
    return ways


def _words(mail: Judged) -> set[str]:
    return {
        word
        for word in tokens(f"{mail.subject}\n{mail.text[:6000]}")
        if len(word) > 2 and word.isalpha() and word not in COMMON
    }


def strongest(learnt: Learnt | None, most: int = MOST_WORDS) -> dict[str, list[dict[str, Any]]]:
    """The words that were learnt here and weigh most, both ways; parts of words, which nobody reads, are left out."""
    named = {name: value for name, value in (learnt.weights if learnt else {}).items() if _tells(name)}
    ordered = sorted(named.items(), key=lambda one: (one[1], one[0]))
    return {
        "complaint": [_shown(*one) for one in reversed(ordered[-most:]) if one[1] > 0],
        "no_complaint": [_shown(*one) for one in ordered[:most] if one[1] < 0],
    }


def _tells(name: str) -> bool:
    return name[:2] in ("w:", "n:") and any(word.isalpha() and word not in COMMON for word in name[2:].split())


def _shown(name: str, value: float) -> dict[str, Any]:
    return {"word": f"not … {name[2:]}" if name[0] == "n" else name[2:], "weight": round(value, 2)}


def severities(mails: Iterable[Judged]) -> dict[str, int]:
    """How often staff set another severity than the program had proposed."""
    rank = {"low": 0, "medium": 1, "high": 2}
    moved = [
        rank[mail.said_severity] - rank.get(mail.severity, 1) for mail in mails if mail.said_severity in rank
    ]  # fmt: skip
    return {"raised": sum(one > 0 for one in moved), "lowered": sum(one < 0 for one in moved), "set": len(moved)}
