"""What a policy owes itself: its review by the date in its file, and a look at the outside bodies that it names.

Owns by when each is due, and from when it is spoken of. Who did it says so (`#reviewed`), or moves the date in the
file: whichever is later counts. A policy without a review date owes no review. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from complaintmail.cases.kinds import BODIES, REVIEW
from complaintmail.policy.concerns import LOOK_AGAIN_AFTER
from complaintmail.policy.duties import calendar_of
from complaintmail.policy.policy import Counted, Policy
from complaintmail.policy.windows import count_from, end_of_day
from complaintmail.policy.wording import joined

AHEAD = timedelta(days=28)  # spoken of so long before


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that is due on the policy itself."""

    kind: str
    clause: str
    counted: Counted


def wanted(policy: Policy, done: Mapping[str, date], today: date) -> tuple[Wanted, ...]:
    """What is due within four weeks, or was due before. `done`: when each kind was last said to be done."""
    found = (_review(policy, done.get(REVIEW)), _bodies(policy, done.get(BODIES), today))
    return tuple(one for one in found if one is not None and one.counted.due_on <= today + AHEAD)


def _review(policy: Policy, last: date | None) -> Wanted | None:
    due, why = policy.review_on, "it is the review date in the policy's file"
    if last is not None and (due is None or due <= last + AHEAD):  # the file still has the date that was kept
        if policy.review_every is None:
            return None
        again = count_from(
            policy.review_every, last, calendar_of(policy), policy.timezone, day_zero="the day of the last review"
        )
        due, why = again.due_on, again.why
    if due is None:
        return None
    clause = next((each.id for each in policy.clauses if REVIEW in each.kept_by), "")
    return Wanted(REVIEW, clause, Counted(due, end_of_day(due, policy.timezone), why))


def _bodies(policy: Policy, last: date | None, today: date) -> Wanted | None:
    seen = {
        body.name: max(body.checked_on, last) if last is not None else body.checked_on
        for body in policy.bodies
        if body.closed_on is None or body.closed_on > today
    }
    if not seen:
        return None
    due = min(seen.values()) + LOOK_AGAIN_AFTER
    old = [name for name, day in seen.items() if day + LOOK_AGAIN_AFTER <= today + AHEAD]
    why = (
        f"nobody has looked for a year whether this still holds: {joined(old)}" if old else "a year after the last look"
    )
    clause = next((each.id for each in policy.clauses if "signposts" in each.kept_by), "")
    return Wanted(BODIES, clause, Counted(due, end_of_day(due, policy.timezone), why))
