"""When somebody may be reminded: within the hours they named, on days on which they are not away.

Pure; moments come in with any offset and go out in UTC. Public holidays and the organisation's closures are closed
days where a calendar is given; a weekend is open to whoever named it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from complaintmail.cases.people import Person
from complaintmail.policy.calendar import WorkingCalendar

ONE_DAY = timedelta(days=1)
LONGEST = 3700  # days looked ahead: absences and closures end


def awake(person: Person, now: datetime, timezone: str, calendar: WorkingCalendar | None = None) -> bool:
    """May they be written to at this moment?"""
    local = now.astimezone(ZoneInfo(timezone))
    if not open_on(person, local.date(), calendar):
        return False
    at = local.time().replace(tzinfo=None)
    return not person.hours or any(opens <= at < closes for opens, closes in _spans(person, local.date()))


def next_opening(person: Person, now: datetime, timezone: str, calendar: WorkingCalendar | None = None) -> datetime:
    """The first moment from now on at which they may be; now itself where it is one."""
    if awake(person, now, timezone, calendar):
        return now
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    for ahead in range(LONGEST):
        day = today + ahead * ONE_DAY
        if not open_on(person, day, calendar):
            continue
        for opens, _ in _spans(person, day):
            moment = datetime.combine(day, opens, zone).astimezone(UTC)
            if moment > now and awake(person, moment, timezone, calendar):
                return moment
    return now  # never open: better at once than never


def open_on(person: Person, day: date, calendar: WorkingCalendar | None = None) -> bool:
    """Do they work at all on this day?"""
    if person.is_away(day) or (person.hours and not _spans(person, day)):
        return False
    return calendar is None or calendar.left_out(day) in (None, "weekend")


def _spans(person: Person, day: date) -> list[tuple[time, time]]:
    if not person.hours:
        return [(time(0), time.max)]
    return sorted((opens, closes) for days, opens, closes in person.hours if day.weekday() in days)
