"""The stages of a policy after the first letter: outcome, appeal, closing, referral, end, assessment, praise, sharing.

Owns the reading of their tables. Each stands in the file only where the policy promises it; a mistake is one line
on the list of problems, and the reading goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from complaintmail.policy.entries import Entries, nearest
from complaintmail.policy.policy import (
    Appeal,
    Assessment,
    Closing,
    Duty,
    End,
    LogForm,
    Outcome,
    Praise,
    PublicWords,
    Referral,
    Share,
)

# What whoever writes an outcome can be asked for, and how a sentence calls it.
ASKS = {
    "actions": "what was done or will be done, each with who does it and by when",
    "learning": "what was learnt",
    "cause": "what caused it",
    "prevention": "what is done so that it does not happen again",
    "legislation": "which law or guidance was taken into account",
    "consultation": "whom we consulted, and what they said",
    "meeting": "the meeting or talk with the complainant",
    "resolution": "how it was resolved",
    "considered": "what was considered",
}
NEEDS = {
    "meeting": "the complainant was met or spoken with, or the reason why not is recorded",
    "log": "every column of the log has its entry",
}
# What can stand in a column of a policy's own log.
LOG_FIELDS = (
    *("reference", "received", "from", "channel", "area", "reported_to", "description", "severity", "responded"),
    *("response", "actions", "outcome", "cause", "resolution", "closed", "status"),
)
AFTER = ("tells", "consider", "copies", "satisfied")  # what else of an outcome can name its clause


@dataclass(frozen=True, slots=True)
class Known:
    """What a stage may name."""

    clauses: Sequence[str]
    roles: Sequence[str]
    bodies: Sequence[str]

    @property
    def steps(self) -> list[str]:
        return [*self.roles, *self.bodies]


def outcome(file: Entries, known: Known) -> Outcome:
    entry = file.table_if_any("outcome")
    if entry is None:
        return Outcome()
    asks = entry.choices("asks", list(ASKS), "thing to ask for")
    tells = entry.choices("tells", list(ASKS), "thing to tell")
    read = Outcome(
        asks=asks,
        tells=tells,
        consider=entry.words("consider"),
        copies=entry.choices("copies", known.roles, "role"),
        satisfied=entry.flag("satisfied"),
        clauses=entry.sources("clauses", [*dict.fromkeys((*asks, *tells)), *AFTER], known.clauses),
    )
    if read.consider and "considered" not in asks:
        entry.problem("consider", 'its prompts are never asked: add "considered" to asks')
    elif "considered" in asks and not read.consider:
        entry.problem("consider", 'is missing: asks has "considered", so say what: consider = ["…", "…"]')
    entry.finish()
    return read


def appeal(file: Entries, known: Known, duties: tuple[Duty, ...]) -> tuple[tuple[Duty, ...], Appeal | None]:
    """The appeal stage. Its window may stand here or at the duty "appeal"; both have it afterwards."""
    entry = file.table_if_any("appeal")
    if entry is None:
        return duties, None
    clause, role = _clause(entry, known), entry.choice("role", known.roles, what="role")
    within = entry.span("within")
    owed = next((duty for duty in duties if duty.kind == "appeal"), None)
    if owed is None and within is not None:
        duties = (*duties, Duty("appeal", clause, role, within, starts="outcome"))
    elif owed is not None and within is not None and within != owed.within:
        entry.problem("within", f'"{within}" is not what the duty "appeal" says ("{owed.within}"): once is enough')
    read = Appeal(
        clause=clause,
        role=role,
        alternate=entry.choice("alternate", known.roles, default="", what="role"),
        within=within or (owed.within if owed else None),
        next=entry.text("next", ""),
    )
    if read.next and read.next not in known.steps:
        entry.problem(
            "next", f'"{read.next}" is neither a role nor a body of this file; {nearest(read.next, known.steps)}'
        )
    if read.alternate and read.alternate == read.role:
        entry.problem("alternate", f'"{read.alternate}" is the one it stands in for: name another role')
    entry.finish()
    return duties, read


def closing(file: Entries, known: Known) -> Closing:
    entry = file.table_if_any("closing")
    if entry is None:
        return Closing()
    needs = entry.choices("needs", list(NEEDS), "thing that a case can need")
    read = Closing(needs, entry.sources("clauses", needs, known.clauses))
    entry.finish()
    return read


def referrals(file: Entries, known: Known) -> tuple[Referral, ...]:
    return tuple(_referral(entry, known) for entry in file.tables("referral", "to"))


def _referral(entry: Entries, known: Known) -> Referral:
    read = Referral(
        to=entry.text("to"),
        clause=_clause(entry, known),
        says=entry.text("says"),
        address=entry.text("address", ""),
        words=entry.words("words"),
        staff=entry.flag("from_staff"),
    )
    if read.address and read.address.count("@") != 1:
        entry.problem("address", f'"{read.address}" is no mail address; without one the sender is told where to go')
    if not read.words and not read.staff:
        entry.problem("words", 'is missing: by which words is such a mail known? words = ["…", "…"]')
    entry.finish()
    return read


def end(file: Entries, known: Known) -> End | None:
    entry = file.table_if_any("end")
    if entry is None:
        return None
    read = End(_clause(entry, known), entry.number("answers", 1))
    entry.finish()
    return read


def assessment(file: Entries, known: Known) -> Assessment | None:
    entry = file.table_if_any("assessment")
    if entry is None:
        return None
    copies = entry.choices("copies", known.roles, "role")
    read = Assessment(_clause(entry, known), entry.words("actions"), copies)
    if not read.actions:
        entry.problem("actions", 'is missing: what is to be done then? actions = ["find the cause", "…"]')
    entry.finish()
    return read


def praise(file: Entries, known: Known) -> Praise | None:
    entry = file.table_if_any("praise")
    if entry is None:
        return None
    read = Praise(
        clause=_clause(entry, known),
        passes_to=entry.choice("passes_to", known.roles, default="", what="role"),
        board=entry.flag("board"),
        keeper=entry.choice("keeper", known.roles, default="", what="role"),
        clauses=entry.sources("clauses", ("passes_to", "board"), known.clauses),
    )
    if read.keeper and not read.board:
        entry.problem("keeper", "keeps a board that there is not: write board = true, or leave it out")
    entry.finish()
    return read


def share(file: Entries, known: Known) -> Share | None:
    entry = file.table_if_any("share")
    if entry is None:
        return None
    read = Share(_clause(entry, known), entry.words("with"))
    if not read.whom:
        entry.problem("with", 'is missing: with whom? with = ["staff", "regulators"]')
    entry.finish()
    return read


def log(file: Entries, known: Known) -> LogForm:
    entry = file.table_if_any("log")
    if entry is None:
        return LogForm()
    example = 'heading = field: "Received from" = "from"'
    columns, printed = entry.pairs("columns", example), entry.pairs("printed", example)
    if not columns:
        entry.problem("columns", 'is missing: which columns has the log? columns = { "Received from" = "from", … }')
    for key, pairs in (("columns", columns), ("printed", printed)):
        for heading, field in pairs:
            if field not in LOG_FIELDS:
                entry.problem(f"{key}.{heading}", f'"{field}" is nothing a log has; {nearest(field, LOG_FIELDS)}')
    read = LogForm(_clause(entry, known), columns, printed)
    entry.finish()
    return read


def public(file: Entries) -> PublicWords:
    entry = file.table_if_any("leaflet")
    if entry is None:
        return PublicWords()
    read = PublicWords(entry.text("first", ""), entry.text("help", ""))
    entry.finish()
    return read


def _clause(entry: Entries, known: Known) -> str:
    return entry.choice("clause", known.clauses, what="clause")
