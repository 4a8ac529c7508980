"""The post answers: what becomes of a letter (TRUST §2).

    queued → sending → sent | queued (later) | refused | doubt
    doubt → sent (evidence) | queued (resent once, byte for byte) | held

Retries back off; a letter that cannot be settled by itself is held or refused, and becomes a person's duty with the
same deadline. A letter in doubt is resent once when no evidence came in `doubt_wait`; the second doubt is held. Only
letters that do no harm when they come twice are resent (RESENDABLE).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from complaintmail.cases.post import AUTOMATIC, NoticeKind, Outcome, Result

RESENDABLE = frozenset((*AUTOMATIC, *NoticeKind))  # not a person's own words: who gets those twice wonders why
GIVE_UP_AFTER = timedelta(days=5)

_WHEN_TOLD_LATER = tuple(timedelta(minutes=m) for m in (5, 10, 20, 30))
_WHEN_UNREACHABLE = tuple(timedelta(seconds=s) for s in (15, 30, 60, 120, 300, 600, 900))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to write: the letter's new state, and when it is tried again."""

    state: str
    next_try_at: datetime | None = None
    reason: str | None = None
    attend: bool = False  # a person has to see to it


def after_attempt(outcome: Outcome, attempts: int, created_at: datetime, now: datetime) -> Verdict:
    """What an attempt's outcome makes of the letter; `attempts` includes this one."""
    said = outcome.reply or outcome.phase
    if outcome.result is Result.SENT:
        return Verdict("sent")
    if outcome.result is Result.REFUSED:
        return Verdict("refused", None, f"refused at {outcome.phase}: {said}", attend=True)
    if outcome.result is Result.DOUBT:
        return Verdict("doubt", None, f"cut off after the whole letter was sent: {said}")
    if now - created_at > GIVE_UP_AFTER:
        return Verdict("refused", None, f"given up after {GIVE_UP_AFTER.days} days: {said}", attend=True)
    steps = _WHEN_UNREACHABLE if outcome.result is Result.UNTRIED else _WHEN_TOLD_LATER
    wait = steps[min(max(attempts, 1) - 1, len(steps) - 1)]
    return Verdict("queued", now + wait, f"to be tried again: {said}")


def in_doubt(kind: str, resends: int, claimed_at: datetime, doubt_wait: timedelta, now: datetime) -> Verdict | None:
    """What to do with a letter in doubt for which no evidence was found; None: go on waiting."""
    if now < claimed_at + doubt_wait:
        return None
    if kind in RESENDABLE and resends == 0:
        return Verdict("queued", now, "no evidence that it was accepted: sent once more, byte for byte the same")
    why = "in doubt twice" if resends else "in doubt, and a second copy could do harm"
    return Verdict("held", None, f"{why}: look whether it arrived, then release or cancel it", attend=True)
