"""What is owed on a case, by when, under which clause.

Owns the step from a policy's duties to dates: everything owed from the moment a complaint is received, and one
duty by itself when something else opens it (an outcome, an appeal). Deterministic: the same policy, day and
severity give the same answer, which is therefore kept. A duty whose date a person still has to set is owed all
the same, with `counted` None.
"""

from __future__ import annotations

from datetime import date, datetime

from complaintmail.policy.calendar import WorkingCalendar
from complaintmail.policy.contents import SEVERITIES, STARTS
from complaintmail.policy.policy import Counted, Duty, Owed, Policy, Span
from complaintmail.policy.windows import RECEIPT, count_from, local_date

# Kinds of mail that start no complaint clocks. Whatever is not surely one of these runs from receipt.
CLOCKLESS = frozenset({"compliment", "enquiry", "reply", "staff", "auto-reply", "bounce", "bulk", "spam"})
KEPT = 20_000


class _Reckoner:
    """One policy with its calendar, and the answers already worked out."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.calendar = WorkingCalendar(policy.nation, policy.closures, policy.extra_holidays)
        self._owed: dict[tuple[str, str, date, str], Owed] = {}
        self._opening: dict[tuple[str, date, str, bool], tuple[Owed, ...]] = {}

    def owed(self, duty: Duty, start: date, severity: str) -> Owed:
        key = (duty.kind, duty.starts, start, severity)
        found = self._owed.get(key)
        if found is None:
            if len(self._owed) >= KEPT:
                self._owed.clear()
            found = self._owed[key] = self._reckon(duty, start, severity)
        return found

    def opening(self, starts: str, day: date, severity: str, written: bool) -> tuple[Owed, ...]:
        key = (starts, day, severity, written)
        found = self._opening.get(key)
        if found is None:
            if len(self._opening) >= KEPT:
                self._opening.clear()
            duties = (duty for duty in self.policy.duties if duty.starts == starts)
            owed = (self.owed(duty, day, severity) for duty in duties if written or not duty.needs_writing)
            found = self._opening[key] = tuple(owed)
        return found

    def _reckon(self, duty: Duty, start: date, severity: str) -> Owed:
        span, unsure = window_of(self.policy, duty, severity)
        counted: Counted | None = None
        warnings = [unsure] if unsure else []
        if span is not None:
            counted = count_from(
                span,
                start,
                self.calendar,
                self.policy.timezone,
                day_zero=STARTS.get(duty.starts, RECEIPT),
                rolls_forward=duty.rolls_forward,
            )
            if counted.warning:
                warnings.append(counted.warning)
        return Owed(duty.kind, duty.clause, duty.role, counted, tuple(warnings))


# By identity, the policy kept beside it: two policies may share a version (one altered in memory), an id may not.
_reckoners: dict[int, _Reckoner] = {}


def _reckoner(policy: Policy) -> _Reckoner:
    found = _reckoners.get(id(policy))
    if found is None or found.policy is not policy:
        if len(_reckoners) >= 256:
            _reckoners.clear()
        found = _reckoners[id(policy)] = _Reckoner(policy)
    return found


def calendar_of(policy: Policy) -> WorkingCalendar:
    """The working days that this policy counts."""
    return _reckoner(policy).calendar


def window_of(policy: Policy, duty: Duty, severity: str) -> tuple[Span | None, str]:
    """How long the duty has, and what was odd about the severity asked for ('' for nothing)."""
    if not duty.by_severity:
        return duty.within, ""
    spans = dict(duty.by_severity)
    if severity in spans:
        return spans[severity], ""
    return spans[
        policy.severity
    ], f"severity {severity!r} is none of {', '.join(SEVERITIES)}: counted as {policy.severity}"


def owed_on_opening(
    policy: Policy, *, received_at: datetime, written: bool, severity: str, kind: str
) -> tuple[Owed, ...]:
    """Everything owed from receipt on a new case, in the order of the policy's file.

    `kind` is the mail's: praise, robots and the like start no clocks; an appeal starts its own. What is unsure
    or unreadable runs like a complaint. `written`: False for what was said in person or by telephone.
    """
    if kind in CLOCKLESS:
        return ()
    # Who appeals where no appeal is promised complains: somebody has to answer them all the same.
    appeals = kind == "appeal" and any(duty.starts == "appeal" for duty in policy.duties)
    starts = "appeal" if appeals else "receipt"
    return _reckoner(policy).opening(starts, local_date(received_at, policy.timezone), severity, written)


def owed_by(policy: Policy, kind_of_duty: str, start_at: datetime, severity: str) -> Owed | None:
    """One duty, counted from the local day of `start_at`; None where the policy promises no such thing."""
    duty = policy.duty(kind_of_duty)
    if duty is None:
        return None
    return _reckoner(policy).owed(duty, local_date(start_at, policy.timezone), severity)


def owed_again(policy: Policy, kind_of_duty: str, last_at: datetime) -> Owed | None:
    """The duty once more, its `repeats` after it was last met; None where the policy does not repeat it."""
    duty = policy.duty(kind_of_duty)
    if duty is None or duty.repeats is None:
        return None
    day = local_date(last_at, policy.timezone)
    counted = count_from(
        duty.repeats, day, calendar_of(policy), policy.timezone, day_zero="the day of the last one",
        rolls_forward=duty.rolls_forward,
    )  # fmt: skip
    return Owed(duty.kind, duty.clause, duty.role, counted, (counted.warning,) if counted.warning else ())


def counts_as_received(policy: Policy, sent_at: datetime, *, by_post: bool) -> date:
    """The day on which a letter of ours counts as received: by mail the day the server took it."""
    sent_on = local_date(sent_at, policy.timezone)
    if not by_post:
        return sent_on
    reckoner = _reckoner(policy)
    return count_from(policy.post_takes, sent_on, reckoner.calendar, policy.timezone).due_on


def owed_from(policy: Policy, kind_of_duty: str, day: date, severity: str) -> Owed | None:
    """As `owed_by`, from a day that is already known (`counts_as_received`)."""
    duty = policy.duty(kind_of_duty)
    return None if duty is None else _reckoner(policy).owed(duty, day, severity)
