"""What a person gets at the start of their day: what is overdue, due, new and waiting, and what was not treated as a
complaint. Nothing where there is nothing to say.

Pure: whoever asks brings the cases and duties. One from which the person is excluded never appears, whatever else is
wrong with it; a restricted one names nobody and quotes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from complaintmail.cases.hours import awake
from complaintmail.cases.people import NOBODY, Person
from complaintmail.policy.calendar import WorkingCalendar
from complaintmail.policy.policy import Nation
from complaintmail.policy.wording import MONTHS, WEEKDAYS

SOON = 2  # working days
MOST = 40  # lines of one section; the rest is counted
LONGEST = 90  # characters of what somebody else wrote
TASKS = {
    "acknowledge": "acknowledge it",
    "decide": "decide who deals with it",
    "set-date": "set the date of the answer",
    "contact": "speak with the complainant",
    "respond": "answer it",
    "confirm": "confirm who deals with it",
    "progress": "write how far it is",
    "appeal-acknowledge": "acknowledge the appeal",
    "appeal-answer": "answer the appeal",
    "access": "answer the request for personal data",
    "data-acknowledge": "acknowledge the complaint about personal data",
    "attend": "look at it",
}
ROBOTS = {
    "bulk": "a mailing to many",
    "spam": "spam",
    "enquiry": "an enquiry",
    "auto-reply": "an automatic reply",
    "bounce": "a mail server's report",
    "staff": "a mail of a colleague's, about no case",
}


@dataclass(frozen=True, slots=True)
class DigestCase:
    reference: str
    policy: str
    kind: str
    status: str
    subject: str
    complainant: str
    received_at: datetime
    new: bool = False  # since the last digest
    restricted: bool = False
    excluded: frozenset[str] = NOBODY  # addresses that get nothing of it, in small letters


@dataclass(frozen=True, slots=True)
class DigestDuty:
    reference: str | None  # None: of a mail that is no case yet
    policy: str
    kind: str
    clause: str
    due_at: datetime | None
    subject: str = ""
    why: str = ""
    complainant: str = ""
    status: str = "open"
    restricted: bool = False
    excluded: frozenset[str] = NOBODY
    still: bool = False  # its days stand still while an answer is waited for


@dataclass(frozen=True, slots=True)
class Released:
    """A mail that is surely no complaint: nothing is owed on it, and somebody should see that it was judged so.
    `human`: a person may have written it, so it is named however long the list is; its `number` makes it a case.
    `mailbox`, `words`: where it came, and what a person wrote, by which it is settled whose list it stands on."""

    received_at: datetime
    sender: str
    subject: str
    kind: str
    reasons: tuple[str, ...] = ()
    number: int | None = None
    human: bool = False
    mailbox: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """Headings, each with its lines; none of them empty."""

    sections: tuple[tuple[str, tuple[str, ...]], ...]
    complaints: tuple[int, ...] = ()  # numbers of mails that one command makes cases


def digest_due(
    person: Person,
    last_sent: datetime | None,
    now: datetime,
    timezone: str,
    calendar: WorkingCalendar | None = None,
) -> bool:
    """Once on each of their days, from its first hour on; after days without running, one for today."""
    if not awake(person, now, timezone, calendar):
        return False
    zone = ZoneInfo(timezone)
    return last_sent is None or last_sent.astimezone(zone).date() < now.astimezone(zone).date()


def digest(
    person: Person,
    now: datetime,
    cases: Sequence[DigestCase],
    duties: Sequence[DigestDuty],
    *,
    released: Sequence[Released] = (),
    timezone: str = "Europe/London",
    calendars: Mapping[str, WorkingCalendar] | None = None,
    names: bool = True,
) -> Digest | None:
    """What this person is told now. `calendars`: by policy, the days that count as working days. `names=False`: for
    those who should see how things stand and not whose complaints they are (a board)."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    cases = [case for case in cases if person.key not in case.excluded]
    duties = sorted(
        (duty for duty in duties if person.key not in duty.excluded),
        key=lambda duty: (duty.due_at is None, duty.due_at or now, duty.reference or ""),
    )
    found: dict[str, list[str]] = {heading: [] for heading in _HEADINGS}
    for duty in duties:
        due = duty.due_at.astimezone(zone).date() if duty.due_at else None
        heading = _heading(duty, due, now, today, (calendars or {}).get(duty.policy) or _WEEKDAYS_ONLY)
        if heading:
            found[heading].append(_duty_line(duty, due, today, heading, names))
    for case in sorted(cases, key=lambda case: (case.received_at, case.reference)):
        came = case.received_at.astimezone(zone).date()
        if case.new and case.status != "closed":
            found[NEW].append(_case_line(case, f"received {_day(came, today)}", names))
        if case.status == "waiting":
            found[WAITING].append(_case_line(case, "waits for the complainant or somebody else", names))
    let_go: dict[bool, list[str]] = {True: [], False: []}
    in_order = sorted(released, key=lambda mail: mail.received_at)
    for mail in in_order:
        let_go[mail.human].append(_released_line(mail, _day(mail.received_at.astimezone(zone).date(), today)))
    sections = [(heading, _most(lines)) for heading, lines in found.items() if lines]
    if released:
        sections.append((RELEASED, (*let_go[True], *_most(let_go[False]))))
    people = (mail.number for mail in in_order if mail.human and mail.number is not None)
    return Digest(tuple(sections), tuple(people)) if sections else None


OVERDUE = "Overdue"
TODAY = "Due today"
DUE_SOON = "Due within two working days"
NO_DATE = "Without a date yet"
NEW = "New since the last digest"
WAITING = "Waiting"
RELEASED = "Not treated as complaints"
_HEADINGS = (OVERDUE, TODAY, DUE_SOON, NO_DATE, NEW, WAITING)
_WEEKDAYS_ONLY = WorkingCalendar(Nation.ENGLAND_WALES)


def _heading(duty: DigestDuty, due: date | None, now: datetime, today: date, calendar: WorkingCalendar) -> str | None:
    if due is None or duty.due_at is None:
        return None if duty.status == "waiting" else NO_DATE
    if duty.still:
        return None  # the case is under "Waiting"
    if duty.due_at < now:
        return OVERDUE
    if due <= today:
        return TODAY
    if calendar.working_days_between(today, due) <= SOON:
        return DUE_SOON
    return None


def _duty_line(duty: DigestDuty, due: date | None, today: date, heading: str, names: bool) -> str:
    task = TASKS.get(duty.kind, duty.kind.replace("-", " "))
    if duty.kind == "attend" and duty.why and not duty.restricted:
        task = f"look at it: {_short(duty.why.partition('. ')[0])}"
    when = ""
    if due is not None:
        when = f", {'was due' if heading == OVERDUE else 'due'} {_day(due, today)}"
    return f"{_about(duty.reference, duty.complainant, duty.subject, duty.restricted, names)}: {task}{when}"


def _case_line(case: DigestCase, what: str, names: bool) -> str:
    praise = " (praise)" if case.kind == "compliment" else ""
    return f"{_about(case.reference, case.complainant, case.subject, case.restricted, names)}{praise}: {what}"


def _about(reference: str | None, complainant: str, subject: str, restricted: bool, names: bool) -> str:
    known = reference or "A mail that is no case yet"
    if restricted:
        return f"{known} (restricted)"
    who = _short(complainant) if names else ""
    what = f"“{_short(subject)}”" if subject.strip() and names else ""
    return ", ".join(part for part in (known, who, what) if part)


def _released_line(mail: Released, day: str) -> str:
    what = ROBOTS.get(mail.kind, mail.kind)
    subject = f"“{_short(mail.subject)}”" if mail.subject.strip() else "a mail without a subject"
    why = _short(mail.reasons[0]).rstrip(".") if mail.reasons else ""
    because = f", because {'it' + why[2:] if why.startswith('It ') else why}" if why else ""
    number = f" (mail {mail.number})" if mail.human and mail.number is not None else ""
    return f"{subject}{number} from {_short(mail.sender) or 'nobody named'}, {day}: {what}{because}"


def _most(lines: Sequence[str]) -> tuple[str, ...]:
    if len(lines) <= MOST:
        return tuple(lines)
    return (*lines[:MOST], f"and {len(lines) - MOST} more")


def _day(day: date, today: date) -> str:
    """Wednesday 25 November (tomorrow); with its year where that is another."""
    written = f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
    if day.year != today.year:
        written += f" {day.year}"
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    return f"{written} ({near})" if near else written


def _short(text: str) -> str:
    """One line, short enough for a list; what somebody else wrote starts no line of its own."""
    words = " ".join(_words(text[: 10 * LONGEST]))
    return words if len(words) <= LONGEST else words[:LONGEST].rstrip() + "…"


def _words(text: str) -> Iterator[str]:
    return (word for word in "".join(char if char.isprintable() else " " for char in text).split())
