"""What stands in a policy file, table by table, and what has to agree with what.

The keys are explained, for whoever writes a policy, by the comments in packaged/*.toml.
"""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from complaintmail.policy import stages
from complaintmail.policy.entries import Entries, nearest
from complaintmail.policy.mechanisms import MECHANISMS
from complaintmail.policy.policy import Area, Clause, Duty, Nation, OutsideBody, Policy, Reading, Role, Span, Unit

OWNER, SAFEGUARDING = "policy-owner", "safeguarding"
SEVERITIES = ("low", "medium", "high")
# What the program knows how to owe. A policy promises any of them, once each for one `starts`.
KINDS = (
    "acknowledge",  # tell the complainant that it has arrived, who deals with it, by when
    "decide",  # say who deals with it and how
    "confirm",  # a letter in the name of whoever was chosen
    "set-date",  # give the complainant a date for the answer
    "contact",  # speak with the complainant
    "respond",  # the answer
    "progress",  # say how far it is
    "appeal",  # how long the complainant may appeal
    "appeal-acknowledge",
    "appeal-answer",
    "access",  # hand over what is recorded about a person
    "data-acknowledge",  # tell whoever complains about the use of their personal data that this has arrived
    "action",  # do what was decided, by its own date
    "consult",  # ask whom the matter touches before it is settled
    "meeting",  # meet or speak with the complainant
    "satisfaction",  # ask whether the answer settled the matter
    "report",  # hand in the record of what was done
    "review",  # look over every case, open and closed
)
# What opens a duty, and how a sentence calls that day.
STARTS = {
    "receipt": "the day of receipt",
    "decision": "the day it was decided",
    "outcome": "the day the outcome counts as received",
    "appeal": "the day the appeal was received",
    "access-request": "the day the request was received",
    "data-complaint": "the day the data-protection complaint was received",
}
BRACED = re.compile(r"\{([a-z-]+)\}")
PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,11}")
LONGEST_CLOSURE = 366


def read_policy(file: Entries, *, name: str, digest: str, source: str, text: str) -> Policy:
    roles = _roles(file)
    clauses = _clauses(file)
    role_names = [role.name for role in roles]
    clause_ids = [clause.id for clause in clauses]
    first = file.choice("first", role_names, default=role_names[0], what="role")
    owner = file.choice("owner", role_names, default=OWNER, what="role")
    bodies = tuple(_body(body) for body in file.tables("body", "name"))
    known = stages.Known(clause_ids, role_names, [body.name for body in bodies])
    duties, appeal = stages.appeal(file, known, _duties(file, clause_ids, role_names))
    organisation = file.text("organisation")
    letters = file.table("letters")
    policy = Policy(
        name=name,
        version=f"{file.text('version')}/{digest}",
        source=source,
        text=text,
        title=file.text("title"),
        organisation=organisation,
        prefix=_prefix(file),
        nation=_nation(file),
        timezone=_timezone(file),
        owner=owner,
        first=first,
        clauses=clauses,
        readings=tuple(_reading(reading, clause_ids) for reading in file.tables("reading", "clause")),
        roles=roles,
        duties=duties,
        closures=tuple(_closure(closure) for closure in file.tables("closure", "why")),
        serious=file.choice("serious", role_names, default="", what="role"),
        handler=file.choice("handler", role_names, default="", what="role"),
        severity=file.choice("severity", SEVERITIES, default="medium"),
        deals=_sentence(letters, "deals", duties, person=True),
        next_step=_sentence(letters, "next_step", duties),
        if_unhappy=_sentence(letters, "if_unhappy", duties),
        contact=letters.pairs("contact"),
        bodies=bodies,
        retention=file.span("retention"),
        review_on=file.day("review_on"),
        review_every=file.span("review_every"),
        extra_holidays=tuple(_holiday(day) for day in file.tables("extra_holiday", "name")),
        post_takes=file.span("post_takes") or Span(2, Unit.WORKING_DAYS),
        areas=tuple(_area(area) for area in file.tables("area", "name")),
        ladder=_ladder(file, known.steps),
        pauses=file.flag("pauses"),
        letterhead=file.words("letterhead") or (organisation,),
        outcome=stages.outcome(file, known),
        appeal=appeal,
        closing=stages.closing(file, known),
        referrals=stages.referrals(file, known),
        end=stages.end(file, known),
        assessment=stages.assessment(file, known),
        praise=stages.praise(file, known),
        share=stages.share(file, known),
        public=stages.public(file),
        log=stages.log(file, known),
    )
    letters.finish()
    file.finish()
    return policy


def _prefix(file: Entries) -> str:
    prefix = file.text("prefix")
    if prefix and not PREFIX.fullmatch(prefix):
        file.problem("prefix", f'"{prefix}" cannot start a reference: capital letters and figures only, as in "ACME"')
    return prefix


def _nation(file: Entries) -> Nation:
    nation = file.choice("nation", [str(one) for one in Nation])
    return Nation(nation) if nation in list(Nation) else Nation.ENGLAND_WALES


def _timezone(file: Entries) -> str:
    timezone = file.text("timezone", "Europe/London")
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        file.problem("timezone", f'"{timezone}" is no timezone: write its place, as in "Europe/London"')
    return timezone


def _roles(file: Entries) -> tuple[Role, ...]:
    """The file's roles; an owner and a safeguarding lead are always there, and fall to the first one named."""
    entries = list(file.tables("role", "name"))
    if not entries:
        file.problem("role", 'is missing: say who does what, as in [[role]] name = "manager", title = "Manager"')
    read = [(entry, _role(entry)) for entry in entries]
    first = read[0][1].name if read else OWNER
    roles = {role.name: role for _, role in read}
    for entry, role in read:
        if roles[role.name] is not role:
            entry.problem("name", f'"{role.name}" is there twice: once is enough')
    for always, title in ((OWNER, "Policy owner"), (SAFEGUARDING, "Safeguarding lead")):
        roles.setdefault(always, Role(always, title, falls_to=None if first == always else first))
    for entry, role in read:
        if role.falls_to is not None and role.falls_to not in roles:
            entry.problem("falls_to", f'"{role.falls_to}" is no role here; {nearest(role.falls_to, list(roles))}')
        elif _falls_in_a_ring(role, roles):
            entry.problem("falls_to", f'leads back to "{role.name}": somebody has to be at the end of it')
    return tuple(roles.values())


def _role(entry: Entries) -> Role:
    role = Role(entry.text("name"), entry.text("title"), entry.flag("by_area"), entry.text("falls_to", "") or None)
    entry.finish()
    return role


def _falls_in_a_ring(role: Role, roles: dict[str, Role]) -> bool:
    seen: set[str] = set()
    at: Role | None = role
    while at is not None and at.name not in seen:
        seen.add(at.name)
        at = roles.get(at.falls_to) if at.falls_to else None
        if at is not None and at.name == role.name:
            return True
    return False


def _clauses(file: Entries) -> tuple[Clause, ...]:
    clauses: dict[str, Clause] = {}
    for entry in file.tables("clause", "id"):
        clause = Clause(
            id=entry.text("id"),
            heading=entry.text("heading"),
            says=entry.text("says"),
            kept_by=entry.one_or_more("by", list(MECHANISMS), "part of the program"),
            law=entry.flag("law"),
        )
        if clause.id in clauses:
            entry.problem("id", f'"{clause.id}" is there twice: each clause has its own id')
        clauses[clause.id] = clause
        entry.finish()
    if not clauses:
        file.problem("clause", 'is missing: say what is promised, as in [[clause]] id = "ACME-1", heading, says')
    return tuple(clauses.values())


def _reading(entry: Entries, clause_ids: list[str]) -> Reading:
    reading = Reading(
        clause=entry.choice("clause", clause_ids, what="clause"),
        words=entry.text("words"),
        chosen=entry.text("chosen"),
        consequence=entry.text("consequence"),
        approved_by=entry.text("approved_by", "") or None,
        approved_on=entry.day("approved_on"),
    )
    if bool(reading.approved_by) != bool(reading.approved_on):
        entry.problem("approved_by", "goes with approved_on: who agreed to this reading, and when")
    entry.finish()
    return reading


def _duties(file: Entries, clause_ids: list[str], role_names: list[str]) -> tuple[Duty, ...]:
    duties: dict[tuple[str, str], Duty] = {}
    for entry in file.tables("duty", "kind"):
        duty = _duty(entry, clause_ids, role_names)
        if (duty.kind, duty.starts) in duties:
            entry.problem("kind", f'"{duty.kind}" is there twice from {duty.starts}: which one holds?')
        duties.setdefault((duty.kind, duty.starts), duty)
    if not any(duty.kind == "acknowledge" and duty.starts == "receipt" for duty in duties.values()):
        file.problem("duty", 'one with kind = "acknowledge" is missing: every complaint is acknowledged')
    return tuple(duties.values())


def _duty(entry: Entries, clause_ids: list[str], role_names: list[str]) -> Duty:
    duty = Duty(
        kind=entry.choice("kind", KINDS, what="kind of duty"),
        clause=entry.choice("clause", clause_ids, what="clause"),
        role=entry.choice("role", role_names, what="role"),
        within=entry.span("within"),
        by_severity=entry.spans("by_severity", SEVERITIES),
        starts=entry.choice("starts", list(STARTS), default="receipt", what="start"),
        needs_writing=entry.flag("needs_writing"),
        ours=entry.flag("our_setting"),
        rolls_forward=entry.flag("rolls_forward"),
        repeats=entry.span("repeats"),
        alternate=entry.choice("alternate", role_names, default="", what="role"),
    )
    if duty.kind == "acknowledge" and duty.within is None and not duty.by_severity:
        entry.problem("within", 'is missing: an acknowledgement has a last day: write within = "5 working days"')
    if duty.repeats is not None and duty.repeats.amount == 0:
        entry.problem("repeats", "cannot be nothing: it would never end")
    entry.finish()
    return duty


def _sentence(letters: Entries, key: str, duties: tuple[Duty, ...], *, person: bool = False) -> str:
    """Words for a letter. {respond} becomes that duty's window, so that a letter cannot disagree with its policy;
    {person} stays for the letter to fill in."""
    windows = {duty.kind: str(duty.within) for duty in duties if duty.within is not None}
    may_name = [*(["person"] if person else []), *windows]

    def filled(match: re.Match[str]) -> str:
        if match[1] not in may_name:
            letters.problem(key, f"{match[0]} cannot be filled in here; {nearest(match[1], may_name)}")
        return windows.get(match[1], match[0])

    words = letters.text(key, "")
    if words.count("{") != len(BRACED.findall(words)) or words.count("}") != words.count("{"):
        letters.problem(key, "has a brace without its other half, or with more than a name inside")
    return BRACED.sub(filled, words)


def _closure(entry: Entries) -> tuple[date, date, str]:
    first, last = entry.day("from", needed=True), entry.day("to", needed=True)
    why = entry.text("why", "closed")
    entry.finish()
    if first is None or last is None:
        return date.min, date.min, why
    if last < first:
        entry.problem("to", f"{last} is before {first}: the last day closed is meant")
        return first, first, why
    if (last - first).days > LONGEST_CLOSURE:
        entry.problem("to", f"{last} is more than a year after {first}")
        return first, first, why
    return first, last, why


def _holiday(entry: Entries) -> tuple[date, str]:
    day, name = entry.day("on", needed=True), entry.text("name")
    entry.finish()
    return day or date.min, name


def _body(entry: Entries) -> OutsideBody:
    body = OutsideBody(
        name=entry.text("name"),
        contact=entry.text("contact"),
        checked_on=entry.day("checked_on", needed=True) or date.min,
        closed_on=entry.day("closed_on"),
        note=entry.text("note", ""),
        serves=entry.words("serves"),
    )
    entry.finish()
    return body


def _area(entry: Entries) -> Area:
    area = Area(entry.text("name"), entry.text("title"), entry.words("words"))
    entry.finish()
    return area


def _ladder(file: Entries, known: list[str]) -> tuple[str, ...]:
    ladder = file.words("ladder")
    for step in ladder:
        if step not in known:
            file.problem("ladder", f'"{step}" is neither a role nor a body of this file; {nearest(step, known)}')
    return ladder
