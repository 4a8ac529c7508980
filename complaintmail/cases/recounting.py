"""A case keeps its dates when its policy's file changes; which of them would be others by the present file.

Only what counts from receipt and is not late: a date that was agreed, and one that was missed, stay as they are. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from complaintmail.cases.scene import DutyNow
from complaintmail.policy.duties import owed_by
from complaintmail.policy.policy import Counted, Policy


@dataclass(frozen=True, slots=True)
class Moved:
    """An open duty whose last moment would be another one."""

    duty: int
    kind: str
    before: datetime
    counted: Counted


def moved(
    policy: Policy, received_at: datetime, severity: str, duties: Iterable[DutyNow], now: datetime, *, agreed: bool
) -> tuple[Moved, ...]:
    """What would move, in the order of the duties. `agreed`: the date of the answer is one that a person set."""
    found: list[Moved] = []
    for duty in duties:
        rule = policy.duty(duty.kind)
        if rule is None or rule.starts != "receipt" or duty.round != 1 or (agreed and duty.kind == "respond"):
            continue
        if duty.due_at is None or duty.due_at < now:
            continue
        owed = owed_by(policy, duty.kind, received_at, severity)
        if owed is not None and owed.counted is not None and owed.counted.due_at != duty.due_at:
            found.append(Moved(duty.id, duty.kind, duty.due_at, owed.counted))
    return tuple(found)
