"""What somebody should look at in a policy that can be kept all the same.

A closed outside body, an address nobody has looked at for a year, a review that is overdue, a reading that its
owner has not agreed to, holidays not announced yet: each one line with its clause or key and what would be right.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from complaintmail.policy.calendar import holiday_table
from complaintmail.policy.policy import Policy

LOOK_AGAIN_AFTER = timedelta(days=366)


def concerns(policy: Policy, today: date) -> tuple[str, ...]:
    return (*_bodies(policy, today), *_review(policy, today), *_readings(policy), *_holidays(today))


def _bodies(policy: Policy, today: date) -> Iterator[str]:
    for body in policy.bodies:
        if body.closed_on is not None and body.closed_on <= today:
            note = f" ({body.note})" if body.note else ""
            yield f"body {body.name}: closed on {body.closed_on}; letters must not send anybody there{note}"
            if body.name in policy.ladder:
                yield f"ladder: {body.name} closed on {body.closed_on}: put the body that took its place there"
        elif today - body.checked_on > LOOK_AGAIN_AFTER:
            yield f"body {body.name}: last looked at on {body.checked_on}: look whether it holds, then move checked_on"


def _review(policy: Policy, today: date) -> Iterator[str]:
    if policy.review_on is not None and policy.review_on < today:
        yield f"review_on: the review was due on {policy.review_on}: review the policy, then move the date"


def _readings(policy: Policy) -> Iterator[str]:
    waiting = [reading.clause for reading in policy.readings if reading.approved_on is None]
    if waiting:
        clauses = ", ".join(dict.fromkeys(waiting))
        yield f"reading: {len(waiting)} not agreed to by the owner yet ({clauses}): add approved_by and approved_on"


def _holidays(today: date) -> Iterator[str]:
    until = holiday_table().announced_until
    if today.year >= until:
        yield f"extra_holiday: holidays are announced here until {until} only: add newly proclaimed ones, or upgrade"
