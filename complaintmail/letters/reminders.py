"""What a reminder says: what is owed, by when and how that was counted, what can be done now, and why you are asked.

A `Paper` for who owes it, and one for who hears of it because it is late. The first link is always that it was done
already. Of a restricted case neither names anybody, nor quotes what they wrote. Nothing here reads a case or a clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from complaintmail.cases.commands import BY_NAME
from complaintmail.cases.reminding import DAILY
from complaintmail.letters.notice import Section
from complaintmail.letters.notices import NOTE, CaseTold, Click, Paper, facts, moment, sentence, their_words
from complaintmail.letters.offers import which_kind
from complaintmail.policy.policy import Clause

NO_CASE = "A plain reply to this mail is kept. It is sent to nobody."

# What is owed: as a subject has it, and in a sentence ("… is owed").
OWED = {
    "acknowledge": ("acknowledgement", "the acknowledgement of this complaint"),
    "decide": ("decision", "the decision on who deals with this complaint"),
    "set-date": ("date of the answer", "the date by which the complainant has an answer"),
    "contact": ("first contact", "the first contact with the complainant"),
    "respond": ("answer", "the answer to this complaint"),
    "confirm": ("letter about who deals with it", "the letter that tells the complainant who deals with it"),
    "progress": ("progress letter", "a letter that tells the complainant how far it is"),
    "appeal-acknowledge": ("acknowledgement of the appeal", "the acknowledgement of this appeal"),
    "appeal-answer": ("answer to the appeal", "the answer to this appeal"),
    "access": ("personal data", "the answer to this request for personal data"),
    "data-acknowledge": ("complaint about personal data", "the acknowledgement of this complaint about personal data"),
    "meeting": ("notes of the meeting", "a note of the meeting with the complainant"),
    "action": ("action", "what was to be done"),
    "close": ("what the case still lacks", "something without which the policy lets no case be closed"),
    "attend": ("something to look at", "a person has to look at this"),
}
ANSWERS = frozenset({"acknowledge", "respond", "appeal-acknowledge", "appeal-answer", "access", "decide"})


@dataclass(frozen=True, slots=True)
class Reminded:
    """One duty, to one person. `why_them`: what brought it to them, if not their own part in it."""

    kind: str
    due_at: datetime | None
    why: str  # how its last day was counted; of what only a person can settle: what it is
    zone: ZoneInfo
    now: datetime
    clause: Clause | None = None
    rung: int = 0  # how far up the ladder; 0 owes it
    role: str = ""  # the title of the role that owes it
    also: str = ""  # who hears of it as well: the title of their role
    why_them: str = ""
    waits_since: datetime | None = None  # for an answer to what was asked
    paused: bool = False  # and until then the days stand still
    safety: bool = False  # it waits for nobody's hours
    asked_to_hear: bool = False  # an appeal that nobody has taken on yet: who had a part in the answer may not
    n: int = 1  # of several things of a kind: which
    held: str = ""  # why the acknowledgement has not gone
    holders: Sequence[tuple[str, str]] = ()  # who could deal with the case: name, address

    @property
    def late(self) -> bool:
        return self.due_at is not None and self.due_at < self.now


def reminder(case: CaseTold | None, owed: Reminded) -> Paper:
    """To who owes it, or (with a rung) to who hears of it because it is late. `case` None: of a mail that is none."""
    bare = case is not None and (case.restricted or owed.asked_to_hear)
    rows = () if case is None else _bare_facts(case) if bare else facts(case).facts
    sections = [Section("", paragraphs=_said(owed, case), facts=rows)]
    if case is not None and not owed.rung and not bare and owed.kind != "attend":
        sections.append(their_words(case))
    reference = case.reference if case is not None else ""
    first_line = NOTE if case is not None else NO_CASE
    return Paper(_subject(owed, reference), first_line, tuple(sections), _clicks(owed, case), _why_you(owed))


def _subject(owed: Reminded, reference: str) -> str:
    what = "somebody may be at risk" if owed.safety else _words(owed.kind)[0]
    ends = f" [{reference}]" if reference else ""
    if owed.late:
        assert owed.due_at is not None
        return f"Late since {_day(owed.due_at, owed)}: {what}{ends}"
    if owed.due_at is None:
        return f"Reminder: {what} still owed{ends}" if owed.kind != "attend" else f"Reminder: {what}{ends}"
    return f"Reminder: {what} due by {_day(owed.due_at, owed)}{ends}"


def _words(kind: str) -> tuple[str, str]:
    plain = kind.replace("-", " ")
    return OWED.get(kind, (plain, plain))


def _day(at: datetime, owed: Reminded) -> str:
    """Friday 27 November; with the year where it is another than now."""
    there, now = at.astimezone(owed.zone), owed.now.astimezone(owed.zone)
    year = f" {there.year}" if there.year != now.year else ""
    return f"{there:%A} {there.day} {there:%B}{year}"


def _said(owed: Reminded, case: CaseTold | None) -> tuple[str, ...]:
    return tuple(part for part in (*_what_is_owed(owed, case), *_how_it_stands(owed), _clause(owed)) if part)


def _what_is_owed(owed: Reminded, case: CaseTold | None) -> tuple[str, ...]:
    if owed.kind in ("attend", "action"):
        return _in_its_own_words(owed, hidden=case is not None and case.restricted)
    what = sentence(_words(owed.kind)[1])
    if owed.kind == "close":
        return (f"{what} is still missing. The link to close the case says what it is.",)
    if owed.due_at is None:
        dateless = "The days stand still while an answer is waited for." if owed.paused else "It has no date yet."
        return (f"{what} is still owed. {dateless}",)
    if owed.late:
        said = f"{what} was due by {_day(owed.due_at, owed)}, and is late."
    elif owed.due_at.astimezone(owed.zone).date() == owed.now.astimezone(owed.zone).date():
        said = f"{what} is due today, {_day(owed.due_at, owed)}."
    else:
        said = f"{what} is due by {_day(owed.due_at, owed)}."
    return (said, f"How that day was counted: {sentence(owed.why).rstrip('.')}.")


def _in_its_own_words(owed: Reminded, *, hidden: bool) -> tuple[str, ...]:
    """What somebody wrote down for them to see to, or to do."""
    if owed.kind == "action":
        what = f"Action {owed.n} of this case is yours." if hidden else f"Action {owed.n}: {owed.why.rstrip('.')}."
    else:
        what = "Something on this case needs you." if hidden else f"{sentence(owed.why).rstrip('.')}."
    if owed.due_at is None:
        return (what, "It is still open.") if owed.kind == "action" else (what,)
    done = "done" if owed.kind == "action" else "seen to"
    return (what, f"This {'was' if owed.late else 'is'} to be {done} by {_day(owed.due_at, owed)}.")


def _how_it_stands(owed: Reminded) -> tuple[str, ...]:
    said: list[str] = []
    if owed.held:
        said.append(f"It has not gone by itself: {owed.held.rstrip('.')}. It needs your word, or yours in its place.")
    if owed.waits_since is not None:
        stays = "The date stays as it is until another one is agreed."
        then = "Its date moves by as much once it has come." if owed.paused else stays
        said.append(f"The case has waited for an answer since {_day(owed.waits_since, owed)}. {then}")
    if owed.also:
        said.append(f"As it is late, {owed.also} hears of it as well, as the policy has it.")
    if owed.safety:
        said.append("Somebody may be at risk, so you hear of this every hour until somebody says that they see to it.")
    if owed.kind in DAILY and not owed.rung:
        said.append("You hear of this every working day until it is done.")
    return tuple(said)


def _clause(owed: Reminded) -> str:
    if owed.clause is None:
        return ""
    clause = owed.clause
    heading = f", {clause.heading}" if clause.heading and not clause.id.endswith(clause.heading) else ""
    return f"The policy says so under {clause.id}{heading}: {clause.says}"


def _bare_facts(case: CaseTold) -> tuple[tuple[str, str], ...]:
    """Nobody's name, nothing of what was written: it is restricted, or they have not said yet that they had no part."""
    return (
        ("Case", f"{case.reference} (restricted: no names in reminders)" if case.restricted else case.reference),
        ("Came", moment(case.received_at, case.zone)),
        ("Status", case.status),
    )


def _why_you(owed: Reminded) -> str:
    if owed.rung:
        role = f" the {owed.role}" if owed.role else " whoever owes it"
        late = "it is late and " if owed.late else "nobody has seen to it yet and "
        return f"You get this because {late}you come after{role} under the policy (step {owed.rung})."
    if owed.why_them:
        return f"Why you get this: {owed.why_them.rstrip('.')}."
    return f"You get this because it is owed by you{f' as {owed.role}' if owed.role else ''}."


# --- What can be done ------------------------------------------------------------------------------------------------


def _clicks(owed: Reminded, case: CaseTold | None) -> tuple[Click, ...]:
    clicks = [_done(owed)]
    if case is None:
        return tuple(clicks)
    clicks += _to_do(owed)
    if owed.kind in ("respond", "decide", "set-date"):
        clicks += which_kind(case)  # nobody has said yet whether it is a complaint
    if owed.asked_to_hear:
        clicks.append(Click("I was not involved: I hear the appeal", "#assign me"))
        clicks.append(Click("I was involved: ask somebody else", "#involved"))
    elif owed.rung:
        clicks.append(Click("Take the case over", "#assign me"))
    clicks += [Click("Give it to somebody else", "#assign NAME"), Click("How does it stand?", "#status")]
    if owed.kind in ("respond", "appeal-answer"):
        clicks.append(Click("Close the case", "#close REASON"))
    known = {click.line: click for click in clicks if click.command in BY_NAME}
    return tuple(known.values())


def _done(owed: Reminded) -> Click:
    match owed.kind:
        case "action":
            return Click("It is done already", f"#done {owed.n}")
        case "close":
            return Click("Close the case, or hear what is missing", "#close")
        case kind if kind in ANSWERS:
            return Click("I have already answered", "#answered today HOW")
    return Click("It is done already", "#answered today HOW")


def _to_do(owed: Reminded) -> list[Click]:
    match owed.kind:
        case "decide":
            given = [Click(f"Give it to {name}", f"#assign {address}") for name, address in owed.holders[:6]]
            return [
                Click("Deal with it yourself", "#assign me"),
                *given,
                Click("It is only an enquiry", "#kind enquiry"),
            ]
        case "acknowledge":
            return [Click("It is a complaint: send the acknowledgement", "#kind complaint")] if owed.held else []
        case "set-date":
            return [Click("Give the date", "#due DATE REASON")]
        case "contact":
            return [Click("I have spoken with them", "#called today")]
        case "respond" | "appeal-answer":
            return [
                Click("I have spoken with them", "#called today"),
                Click("Another date was agreed", "#due DATE REASON"),
                Click("Tell them how far it is", "#progress", "Your words to them here."),
            ]
        case "progress":
            return [Click("Tell them how far it is", "#progress", "Your words to them here.")]
        case "meeting":
            return [
                Click("My notes of it", "#met", "Your notes here. They are sent to nobody."),
                Click("It is on another day", "#meeting DATE TIME PLACE"),
                Click("It does not take place", "#meeting off"),
            ]
        case "attend":
            return [Click("I am seeing to it", "#mine")]
    return []
