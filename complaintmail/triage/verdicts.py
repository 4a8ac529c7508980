"""Verdicts: what a mail is, each with the reasons a complaints officer can read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    COMPLAINT = "complaint"
    COMPLIMENT = "compliment"
    ENQUIRY = "enquiry"
    APPEAL = "appeal"
    REPLY = "reply"
    STAFF = "staff"
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    BULK = "bulk"
    SPAM = "spam"
    UNREADABLE = "unreadable"


ROBOTS = frozenset({Kind.AUTO_REPLY, Kind.BOUNCE, Kind.BULK})


@dataclass(frozen=True, slots=True)
class Classification:
    """What a human mail is about. `score` is how much it reads like a complaint, 0 to 1; None for robots.

    `language` is "en", "cy" (Welsh) or "other". `weighed` are the words that told, each with its weight, the strongest
    first: a weight above nothing speaks for a complaint.
    """

    kind: Kind
    score: float | None
    sure: bool
    reasons: tuple[str, ...]
    severity: str = "medium"
    language: str = "en"
    weighed: tuple[tuple[str, float], ...] = ()
