"""What somebody should look at in a policy that can be kept all the same.

A closed outside body, an address nobody has looked at for a year, a review that is overdue, a reading that its
owner has not agreed to, holidays not announced yet: each one line with its clause or key and what would be right.
Only a letter that would send people to a body that is closed is more than that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from complaintmail.policy.calendar import holiday_table
from complaintmail.policy.contradictions import contradictions
from complaintmail.policy.finding import Finding
from complaintmail.policy.policy import Policy

LOOK_AGAIN_AFTER = timedelta(days=366)


def findings(policy: Policy, today: date) -> tuple[Finding, ...]:
    """All that is said of a policy that loads: what contradicts itself, then what its owner should look at."""
    return (*contradictions(policy, today), *concerns(policy, today))


def in_short(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """The same with one line for all the readings that wait for the owner."""
    readings = [finding for finding in found if finding.place.startswith("reading ")]
    if not readings:
        return tuple(found)
    clauses = ", ".join(dict.fromkeys(finding.place.partition("(")[2].rstrip(")") for finding in readings))
    words = f"{len(readings)} not agreed to by the owner yet ({clauses}): complaintmail policy explain shows them"
    return (*(finding for finding in found if finding not in readings), Finding("reading", words))


def concerns(policy: Policy, today: date) -> tuple[Finding, ...]:
    return (*_bodies(policy, today), *_review(policy, today), *_readings(policy), *_holidays(today))


def _bodies(policy: Policy, today: date) -> Iterator[Finding]:
    for body in policy.bodies:
        place = f"body {body.name}"
        if body.closed_on is not None and body.closed_on <= today:
            note = f" ({body.note})" if body.note else ""
            yield Finding(place, f"closed on {body.closed_on}; letters must not send anybody there{note}")
            gone = f"{body.name} closed on {body.closed_on}: put the body that took its place there"
            if body.name in policy.ladder:
                yield Finding("ladder", gone, grave=True)
            if policy.appeal is not None and policy.appeal.next == body.name:
                yield Finding("appeal.next", gone, grave=True)
        elif today - body.checked_on > LOOK_AGAIN_AFTER:
            words = f"last looked at on {body.checked_on}: look whether it holds, then move checked_on"
            yield Finding(place, words)


def _review(policy: Policy, today: date) -> Iterator[Finding]:
    if policy.review_on is not None and policy.review_on < today:
        yield Finding("review_on", f"the review was due on {policy.review_on}: review the policy, then move the date")


def _readings(policy: Policy) -> Iterator[Finding]:
    for number, reading in enumerate(policy.readings, start=1):
        if reading.approved_on is None:
            words = f'how "{reading.words}" is read is not agreed to by the owner yet: add approved_by and approved_on'
            yield Finding(f"reading {number} ({reading.clause})", words)


def _holidays(today: date) -> Iterator[Finding]:
    until = holiday_table().announced_until
    if today.year >= until:
        words = f"holidays are announced here until {until} only: add newly proclaimed ones, or upgrade"
        yield Finding("extra_holiday", words)
