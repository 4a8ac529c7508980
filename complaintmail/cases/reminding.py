"""When somebody is reminded of what they owe, and when it goes up the ladder: one table, and the dates that follow.

    before the last day    who owes it is reminded, a few times
    after it               they hear that it is late, and so does the next on the ladder; then a rung further up

A step falls on the morning of a working day; whoever sends it waits for the person's own hours. What matters for a
child's or an adult's safety waits for nobody's hours. Pure, and cheap: a duty is given its first moment as it is
opened, in the commit that opens it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from complaintmail.cases.kinds import OF_THE_POLICY
from complaintmail.policy.calendar import ONE_DAY, WorkingCalendar
from complaintmail.policy.duties import calendar_of
from complaintmail.policy.policy import Policy

MORNING = time(7)  # steps fall due then; each person hears of one at their own first hour
# From so many days between the opening and the last day: so many working days before the last one. 0 is that day.
BEFORE = ((15, (5, 1)), (4, (2, 0)), (0, (0,)))
DAILY = frozenset({"decide", "set-date", "contact"})  # every working day until it is done
SAME_DAY = {"contact": timedelta(hours=3)}  # so long after it came, on the day itself
SAME_DAY_UNTIL = time(16)  # the last hour at which somebody can still act on it
WITHOUT_DATE = 5  # working days from one reminder to the next
LATE_EVERY = 2  # working days from one rung to the next
AT_THE_TOP = timedelta(days=7)
WEEK = 5  # of what is said daily: so many to who owes it, for one to the top of the ladder
NOBODY_ABOVE = 3  # steps to who owes it, before they come weekly, where there is no ladder
SAFETY = timedelta(hours=1)  # from one reminder to the next, at any hour
SAFETY_ALONE = 2  # reminders of those, before the next on the ladder hears of it too
SELDOM = timedelta(days=30)  # from one reminder to the next of what a policy owes itself, to its owner alone
NEVER = frozenset({"appeal", "in-writing"})  # those are the complainant's to use
SAFEGUARDING = "safeguarding"
FAR = 3700  # days looked back or ahead: a calendar without a working day in ten years is none
KEPT = 4096


class Stage(StrEnum):
    REMIND = "remind"
    OVERDUE = "overdue"  # who owes it and the next on the ladder
    ESCALATE = "escalate"  # a rung further up


@dataclass(frozen=True, slots=True)
class Duty:
    """An open duty, as far as time goes."""

    kind: str
    opened_at: datetime
    due_at: datetime | None
    role: str = ""

    @property
    def safety(self) -> bool:
        return self.kind == "attend" and self.role == SAFEGUARDING


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of it so far: how often in all, how often since it is late."""

    steps: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What is said next. `rung`: how far up the ladder it goes beside who owes it; 0 is to them alone."""

    stage: Stage
    rung: int
    at: datetime


def next_step(duty: Duty, policy: Policy, now: datetime, said: Said = Said(), rungs: int = 1) -> Step | None:
    """What is said next, and when, if everything up to now has been said. `rungs`: how many there are above."""
    at = next_moment(duty, policy, now, said, rungs)
    if at is None:
        return None
    stage, rung = stage_at(duty, at, said, rungs)
    return Step(stage, rung, at)


def stage_at(duty: Duty, now: datetime, said: Said = Said(), rungs: int = 1) -> tuple[Stage, int]:
    """What is said when something is said at this moment, and to how high a rung."""
    late = duty.due_at is not None and duty.due_at < now
    if duty.safety:
        rung = min(max(0, said.steps + 1 - SAFETY_ALONE), rungs)
        return (Stage.ESCALATE if rung else Stage.OVERDUE if late else Stage.REMIND), rung
    if not late:
        return Stage.REMIND, 0
    if duty.kind in OF_THE_POLICY:
        return Stage.OVERDUE, 0
    if said.late == 0:
        return Stage.OVERDUE, min(1, rungs)
    if duty.kind not in DAILY:
        return Stage.ESCALATE, min(said.late + 1, rungs)
    if said.late < LATE_EVERY * rungs:
        rung = 0 if said.late % LATE_EVERY else said.late // LATE_EVERY + 1
    else:
        rung = 0 if (said.late - LATE_EVERY * (rungs - 1)) % WEEK else rungs
    return (Stage.ESCALATE if rung else Stage.OVERDUE), rung


def first_moment(policy: Policy, kind: str, role: str, due_at: datetime | None, now: datetime) -> datetime | None:
    """When something is to be said first of a duty that is opened now. Every complaint asks this for each of its
    duties, so an answer is kept for as long as it stays the same: until that moment, or the end of the day."""
    key = (id(policy), kind, role, due_at)
    kept = _first.get(key)
    if kept is not None and kept[1] <= now < kept[2] and kept[0] is policy:
        return kept[3]
    found = next_opened(policy, Duty(kind, now, due_at, role), now)
    if found is not None and kind not in SAME_DAY and role != SAFEGUARDING:
        if len(_first) >= KEPT:
            _first.clear()
        midnight = datetime.combine(_day(now, policy) + ONE_DAY, time(), _zone(policy)).astimezone(UTC)
        _first[key] = (policy, now, min(found, midnight), found)
    return found


def next_opened(policy: Policy, duty: Duty, now: datetime) -> datetime | None:
    """The first moment after now at which something is to be said of it, whatever was said before: it was opened just
    now, is owed again, or by another day."""
    if duty.kind in NEVER:
        return None
    if duty.safety:
        return now + SAFETY
    for moment in _moments(policy, duty):
        if moment > now:
            return moment
    if duty.due_at is None and duty.kind not in DAILY:
        return _morning_after(policy, now, WITHOUT_DATE)
    return _morning_after(policy, now, 1)  # it was late already: give them this day


def next_moment(duty: Duty, policy: Policy, now: datetime, said: Said = Said(), rungs: int = 1) -> datetime | None:
    """The moment of what is said next, if everything up to now has been said."""
    if duty.kind in NEVER:
        return None
    if duty.safety:
        return max(now, duty.opened_at) + SAFETY
    if said.steps == 0 and said.late == 0 and now <= duty.opened_at:
        return next_opened(policy, duty, duty.opened_at)
    if duty.due_at is None:
        return _morning_after(policy, now, 1 if duty.kind in DAILY else WITHOUT_DATE)
    if duty.due_at >= now:
        today = _day(now, policy)
        ahead = (moment for moment in _moments(policy, duty) if moment > now and _day(moment, policy) > today)
        return next(ahead, None) or _morning_after(policy, duty.due_at, 1)
    if said.late == 0:
        return _morning_after(policy, now, 1)
    if duty.kind in OF_THE_POLICY:
        return _morning_from(policy, _day(now + SELDOM, policy))
    if duty.kind in DAILY:
        return _morning_after(policy, now, 1)
    if said.late >= (rungs or NOBODY_ABOVE):
        return _morning_from(policy, _day(now + AT_THE_TOP, policy))
    return _morning_after(policy, now, LATE_EVERY)


# --- Days ------------------------------------------------------------------------------------------------------------

_kept: dict[tuple[int, str, date, datetime | None], tuple[Policy, tuple[datetime, ...]]] = {}
_first: dict[tuple[int, str, str, datetime | None], tuple[Policy, datetime, datetime, datetime]] = {}
_zones: dict[str, ZoneInfo] = {}


def _zone(policy: Policy) -> ZoneInfo:
    zone = _zones.get(policy.timezone)
    if zone is None:
        zone = _zones[policy.timezone] = ZoneInfo(policy.timezone)
    return zone


def _day(moment: datetime, policy: Policy) -> date:
    return moment.astimezone(_zone(policy)).date()


def _morning(policy: Policy, day: date) -> datetime:
    return datetime.combine(day, MORNING, _zone(policy)).astimezone(UTC)


def _morning_after(policy: Policy, moment: datetime, days: int) -> datetime:
    """The morning of the nth working day after the day of this moment."""
    return _morning(policy, calendar_of(policy).add_working_days(_day(moment, policy), days)[0])


def _morning_from(policy: Policy, day: date) -> datetime:
    return _morning(policy, calendar_of(policy).add_working_days(day, 0)[0])


def _moments(policy: Policy, duty: Duty) -> tuple[datetime, ...]:
    """Every moment at which a duty of this length is spoken of until it is late, and that one."""
    opened = _day(duty.opened_at, policy)
    key = (id(policy), duty.kind, opened, duty.due_at)
    found = _kept.get(key)
    if found is None or found[0] is not policy:
        if len(_kept) >= KEPT:
            _kept.clear()
        found = _kept[key] = (policy, _worked_out(policy, duty, opened))
    if duty.kind in SAME_DAY:
        return tuple(sorted((*_same_day(policy, duty, opened), *found[1])))
    return found[1]


def _worked_out(policy: Policy, duty: Duty, opened: date) -> tuple[datetime, ...]:
    calendar = calendar_of(policy)
    if duty.due_at is None:
        return (_morning_after(policy, duty.opened_at, 1 if duty.kind in DAILY else WITHOUT_DATE),)
    due = _day(duty.due_at, policy)
    late = _morning_after(policy, duty.due_at, 1)
    if duty.kind in DAILY:
        ahead = (opened + n * ONE_DAY for n in range((due - opened).days + 1))
        days = [day for day in ahead if calendar.is_working(day)]
    else:
        length = (due - opened).days
        before = next((numbers for least, numbers in BEFORE if length >= least), BEFORE[-1][1])
        days = [_working_day_before(calendar, due, n) for n in before]
        if duty.kind in OF_THE_POLICY:
            days.insert(0, calendar.add_working_days(opened, 1)[0])
    return (*(_morning(policy, day) for day in days if day >= opened), late)


def _working_day_before(calendar: WorkingCalendar, due: date, n: int) -> date:
    """The nth working day before the last one on which something can still be done; 0 is that one."""
    day = due
    for _ in range(FAR):
        if calendar.is_working(day):
            if n == 0:
                return day
            n -= 1
        day -= ONE_DAY
    return due


def _same_day(policy: Policy, duty: Duty, opened: date) -> tuple[datetime, ...]:
    """Some hours after it came, as long as there is somebody to do it today."""
    if not calendar_of(policy).is_working(opened):
        return ()
    last = datetime.combine(opened, SAME_DAY_UNTIL, _zone(policy)).astimezone(UTC)
    at = min(duty.opened_at + SAME_DAY[duty.kind], last)
    return (at,) if at > duty.opened_at else ()
