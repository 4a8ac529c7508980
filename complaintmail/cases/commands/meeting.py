"""Commands about meetings: invite the complainant, move the meeting, take it back; notes of what was said.

A meeting is known by its number on the case: moved, it keeps its name in everybody's calendar and counts up. What is
owed is not the meeting alone but its notes, by the end of the next working day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from complaintmail.cases.commands.table import Command, Order, the_case
from complaintmail.cases.commands.writing import letter
from complaintmail.cases.deeds import Change, Deed, Effect, Meet, Owe, Redate, Trouble, Waive
from complaintmail.cases.ending import closing_lacks
from complaintmail.cases.post import LetterKind
from complaintmail.cases.scene import CaseNow, Scene
from complaintmail.cases.signed import unsigned
from complaintmail.mail.calendar_file import HOUR, Meeting, Method, calendar_file, uid
from complaintmail.policy.duties import calendar_of
from complaintmail.policy.policy import Counted, Owed
from complaintmail.policy.windows import end_of_day
from complaintmail.policy.wording import long_date
from complaintmail.triage.dates import day_in, time_in

RIGHT = "#meeting 17 March 14:30 PLACE"
LONGEST_NOTES = 4000
_OFF = re.compile(r"(?i)(?:off|cancel(?:led)?|none|no)[\s.!]*")
_UNTIL = re.compile(r"(?i)^(?:until|till|to|[-–])\s+(?=\d|noon)")
_LASTS = re.compile(r"(?i)\bfor\s+(?:(?P<n>\d{1,3})|an?|half an)\s*(?P<unit>hours?|hrs?|h|minutes?|mins?)\b")
_AROUND = " \t,;.-–"


@dataclass(frozen=True, slots=True)
class Planned:
    """What was understood of one line."""

    day: date
    at: time
    place: str
    lasts: timedelta = HOUR


def meeting(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    if case.status == "closed":
        return Trouble(f"{case.reference} is closed.", ("#reopen REASON",))
    if _OFF.fullmatch(order.rest.strip()):
        return _off(order, scene)
    planned = _planned(order.rest, scene)
    if isinstance(planned, Trouble):
        return planned
    begins = datetime.combine(planned.day, planned.at, tzinfo=ZoneInfo(scene.policy.timezone)).astimezone(UTC)
    before = _ahead(case, scene.now)
    invitation = {
        "n": before["n"] if before else _last(case) + 1,
        "sequence": before["sequence"] + 1 if before else 0,
        "begins": begins.isoformat(),
        "minutes": int(planned.lasts.total_seconds() // 60),
        "place": planned.place,
        "state": "asked",
    }
    called = "the new date of the meeting" if before else "the invitation"
    extra = {"day": long_date(planned.day), "time": f"{planned.at:%H:%M}", "place": planned.place}
    n = int(invitation["n"])
    done = letter(
        order, scene, LetterKind.MEETING, called, extra=extra, what="meeting_moved" if before else "meeting_planned",
        calendar=_file(scene, invitation, Method.REQUEST),
        more=(_keep(case, invitation=invitation), *_owed(scene, planned, n, moved=before is not None)),
        after={"n": n, "begins": invitation["begins"]},
    )  # fmt: skip
    if isinstance(done, Trouble):
        return done
    noted = f"The meeting is noted for {extra['day']}, {extra['time']}: {extra['place']}."
    return replace(done, said=f"{done.said} {noted}")


def _off(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    before = _ahead(case, scene.now)
    if before is None:
        return Trouble(f"No meeting is planned on {case.reference}.", (RIGHT,))
    invitation = {**before, "sequence": before["sequence"] + 1, "state": "off"}
    duties = tuple(duty.id for duty in case.duty("meeting") if duty.round == before["n"])
    waived: tuple[Effect, ...] = (Waive(duties, f"{scene.by} took the meeting back"),) if duties else ()
    return letter(
        order, scene, LetterKind.MEETING, "the word that the meeting does not take place", what="meeting_off",
        calendar=_file(scene, invitation, Method.CANCEL), more=(_keep(case, invitation=invitation), *waived),
        after={"n": invitation["n"]},
    )  # fmt: skip


def met(order: Order, scene: Scene) -> Deed | Trouble:
    """The notes of a meeting, or of a talk: kept on the case, sent to nobody."""
    case = the_case(scene)
    zone = ZoneInfo(scene.policy.timezone)
    today = scene.now.astimezone(zone).date()
    found, said, problem = day_in(order.rest, today, past=True)
    if found is None or problem or found > today:
        found, said = None, order.rest
    day = found or _day_planned(case, zone, today) or today
    own = unsigned(order.body.strip(), scene.person.name if scene.person else "")
    notes = "\n".join(part for part in (said.lstrip(_AROUND).rstrip(), own.strip()) if part)
    if not notes:
        return Trouble(
            "What was said, and what was agreed? Please write the notes below the command.",
            (f"#met {order.rest.strip() or 'today'}\nYour notes here",),
        )
    at = scene.now if day == today else datetime.combine(day, time(12), tzinfo=zone).astimezone(UTC)
    kept = f"{long_date(day)}: {notes}"
    before = str(case.course.get("meeting") or "")
    course: dict[str, Any] = {"meeting": (f"{before}\n\n{kept}" if before else kept)[-LONGEST_NOTES:]}
    ahead = _ahead(case, scene.now)
    if (asked := _asked(case)) is not None and ahead is None:
        course["invitation"] = {**asked, "state": "held"}
    changed = _keep(case, **course)
    effects: list[Effect] = [changed]
    if case.row["first_human_at"] is None:
        effects.append(Change({"first_human_at": at}))
    later = ahead["n"] if ahead else None  # the notes of a meeting that is still to come stay owed
    if duties := tuple(d.id for d in case.duty("meeting", "contact") if d.kind != "meeting" or d.round != later):
        effects.append(Meet(duties, at, f"{scene.by} says: met or spoke with the complainant on {long_date(day)}"))
    said_so = "The notes are kept on the case. They were sent to nobody."
    ending = _closes(case, changed, scene)
    if ending:
        said_so += f" That was all that was missing, so {case.reference} is closed."
    return Deed(
        said_so, (*effects, *ending), back=True, what="met",
        detail={"day": day.isoformat(), "text": notes},
    )  # fmt: skip


def _closes(case: CaseNow, changed: Change, scene: Scene) -> tuple[Effect, ...]:
    """The outcome has gone, and the case stayed open for these notes alone."""
    waiting = case.duty("close")
    then = replace(case, row={**case.row, **changed.values})
    if not waiting or case.row["outcome"] is None or closing_lacks(scene.policy, then, {}):
        return ()
    return (
        Meet(tuple(duty.id for duty in waiting), scene.now, "what was missing is recorded"),
        Change({"status": "closed", "closed_at": scene.now}),
    )


# --- What a line says ----------------------------------------------------------------------------------------------


def _planned(words: str, scene: Scene) -> Planned | Trouble:
    zone = ZoneInfo(scene.policy.timezone)
    now = scene.now.astimezone(zone)
    day, rest, problem = day_in(words, now.date())
    if problem:
        return Trouble(problem, (RIGHT,))
    lasts, rest = _length(rest)
    at, place = time_in(rest)
    if at is not None and (found := _UNTIL.match(place.strip())):
        until, place = time_in(f"at {place.strip()[found.end() :]}")
        if until is not None and until > at:
            lasts = timedelta(hours=until.hour - at.hour, minutes=until.minute - at.minute)
    place = re.sub(r"(?i)^(?:in|at)\s+(?=the\b|room\b)", "", place.strip(_AROUND)).strip(_AROUND)
    on = f"{day.day} {day:%B}" if day else "17 March"
    if day is None or at is None or not place:
        lacks = [what for what, there in (("the day", day), ("the time", at), ("the place", place)) if not there]
        said = f"#meeting {on} {f'{at:%H:%M}' if at else '14:30'} {place or 'PLACE'}"
        return Trouble(f"An invitation needs a day, a time and a place. Missing: {', '.join(lacks)}.", (said,))
    if datetime.combine(day, at, tzinfo=zone) <= now:
        past = f"{long_date(day)}, {at:%H:%M}, is past."
        return Trouble(f"{past} If you met already, the notes go with #met.", (RIGHT, "#met today"))
    return Planned(day, at, place[:300], lasts)


def _length(words: str) -> tuple[timedelta, str]:
    found = _LASTS.search(words)
    if found is None:
        return HOUR, words
    number = int(found["n"]) if found["n"] else 1
    minutes = number * (60 if found["unit"].lower().startswith("h") else 1)
    if "half" in found[0].lower():
        minutes = 30
    return timedelta(minutes=min(max(minutes, 5), 1440)), f"{words[: found.start()]} {words[found.end() :]}"


# --- What is kept, owed and sent -----------------------------------------------------------------------------------


def _asked(case: CaseNow) -> Mapping[str, Any] | None:
    """The meeting that they were invited to, and of which nobody has told yet that it was held."""
    found = case.course.get("invitation")
    return found if found and found.get("state") == "asked" else None


def _ahead(case: CaseNow, now: datetime) -> Mapping[str, Any] | None:
    """The same, while it is still to come: only that can be moved or taken back."""
    found = _asked(case)
    return found if found is not None and datetime.fromisoformat(found["begins"]) > now else None


def _last(case: CaseNow) -> int:
    return int((case.course.get("invitation") or {}).get("n", 0))


def _day_planned(case: CaseNow, zone: ZoneInfo, today: date) -> date | None:
    asked = _asked(case)
    day = datetime.fromisoformat(asked["begins"]).astimezone(zone).date() if asked else None
    return day if day is not None and day <= today else None


def _keep(case: CaseNow, **values: Any) -> Change:
    return Change({"course": {**case.course, **values}})


def _owed(scene: Scene, planned: Planned, n: int, *, moved: bool) -> tuple[Effect, ...]:
    """Its notes are owed by whoever deals with the case; those of an earlier meeting stay owed beside them."""
    case, policy = the_case(scene), scene.policy
    due, _ = calendar_of(policy).add_working_days(planned.day, 1)
    on = f"the meeting is on {long_date(planned.day)} at {planned.at:%H:%M}"
    counted = Counted(
        due, end_of_day(due, policy.timezone), f"{on}; its notes are due by the end of the next working day"
    )
    there = [d for d in case.duty("meeting") if (moved and d.round == n) or d.due_at is None]
    if there:
        return (Redate(there[0].id, counted),)
    named = policy.duty("meeting")
    clause = named.clause if named else policy.closing.clause_of("meeting") or policy.outcome.clause_of("meeting")
    handler = scene.people.at(case.handler) or scene.person
    who = {"name": handler.name, "email": handler.email, "role": "handler"} if handler else None
    return (Owe(Owed("meeting", clause, named.role if named else policy.first, counted), round=n, who=who),)


def _file(scene: Scene, invitation: Mapping[str, Any], method: Method) -> str:
    case, policy = the_case(scene), scene.policy
    if not case.row["complainant_email"]:
        return ""
    begins = datetime.fromisoformat(invitation["begins"])
    there = begins.astimezone(ZoneInfo(policy.timezone))
    one = Meeting(
        uid=uid(case.reference, int(invitation["n"]), scene.mailbox),
        begins=begins,
        summary=f"Meeting with {policy.organisation} [{case.reference}]",
        organiser=scene.mailbox,
        organiser_name=policy.organisation,
        attendee=str(case.row["complainant_email"]),
        sequence=int(invitation["sequence"]),
        lasts=timedelta(minutes=int(invitation["minutes"])),
        place=str(invitation["place"]),
        description=(
            f"{long_date(there.date())} at {there:%H:%M}, local time at the place.\n"
            "If another day or place would suit you better, please answer our letter."
        ),
    )
    try:
        return calendar_file(one, method, stamp=scene.now)
    except ValueError:  # an address that no calendar understands: the letter says it all
        return ""


COMMANDS = (
    Command("meeting", "#meeting DATE TIME PLACE, or #meeting off",
            "invites the complainant, with a file for their calendar; moves the meeting, or takes it back", meeting,
            takes_text=True, also=("invite",)),
    Command("met", "#met, or #met DATE", "keeps your notes of a meeting or talk with the complainant", met,
            takes_text=True),
)  # fmt: skip
