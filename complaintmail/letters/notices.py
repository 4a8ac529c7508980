"""What notices to staff say: a complaint to decide on, a case to deal with, an answer shown back, what was done.

Each function gives a `Paper`: the notice with its one-click links still without their tokens, which only the letter
that carries them has. The first line of each says where a plain reply goes. Nothing here reads a case or a clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from complaintmail.letters.notice import Section
from complaintmail.letters.offers import (
    NO_COMPLAINT,
    besides,
    choices,
    fitting,
    kind_words,
    of_concerns,
    of_suggestions,
    question,
    which_kind,
)
from complaintmail.letters.told import THEIRS as THEIRS
from complaintmail.letters.told import CaseTold as CaseTold
from complaintmail.letters.told import Click as Click
from complaintmail.letters.told import Paper as Paper
from complaintmail.letters.told import Promise as Promise
from complaintmail.triage.concerns import GRAVE

NOTE = "A plain reply to this mail is kept as a note on the case. It is sent to nobody."


def moment(at: datetime, zone: ZoneInfo) -> str:
    there = at.astimezone(zone)
    return f"{there:%A} {there.day} {there:%B %Y}, {there:%H:%M}"


def day(at: datetime | None, zone: ZoneInfo) -> str:
    if at is None:
        return "a date still to be set"
    there = at.astimezone(zone)
    return f"{there:%A} {there.day} {there:%B %Y}"


WHAT = {
    "acknowledge": "to be acknowledged",
    "decide": "to decide who deals with it",
    "set-date": "to give a date for the answer",
    "contact": "first contact with the complainant",
    "respond": "to be answered",
    "progress": "a progress letter",
    "appeal-acknowledge": "the appeal to be acknowledged",
    "appeal-answer": "the appeal to be answered",
    "access": "what is recorded about them to be handed over",
    "data-acknowledge": "what they say about their personal data to be acknowledged",
    "in-writing": "the complaint in writing, which they were asked for",
    "action": "something promised to be done",
    "close": "to be closed",
    "attend": "to be seen to",
    "confirm": "a letter that says who deals with it",
    "meeting": "the meeting with the complainant and its notes",
}


def _person(name: str, email: str) -> str:
    return f"{name} <{email}>" if name and email else name or email or "not known"


def facts(case: CaseTold) -> Section:
    """The case at a glance."""
    rows = [
        ("Case", case.reference),
        ("From", _person(case.complainant_name, case.complainant_email)),
        ("Came", f"{moment(case.received_at, case.zone)}, by {case.channel.replace('email', 'mail')}"),
        ("Subject", case.subject or "(none)"),
    ]  # fmt: skip
    if case.handler:
        rows.append(("Dealt with by", case.handler))
    if case.status != "new":
        rows.append(("Status", case.status))
    rows.append(("Severity", case.severity))
    if case.area:
        rows.append(("Area", case.area))
    if case.needs:
        rows.append(("Please note", "; ".join(f"they need {need}" for need in case.needs)))
    return Section("", facts=tuple(rows))


def dates(case: CaseTold) -> Section:
    return Section("Dates, and how they were counted", items=tuple(_owed(p, case.zone) for p in case.promises))


def _owed(p: Promise, zone: ZoneInfo) -> str:
    what = WHAT.get(p.what, p.what).capitalize()
    by = "" if p.what == "attend" and p.due_at is None else f": by {day(p.due_at, zone)}"
    clause = f" ({p.clause})" if p.clause else ""
    return f"{what}{by}{clause}. {sentence(p.why)}".rstrip()


def sentence(words: str) -> str:
    """As it stands at the beginning of a line; an address keeps its small letter."""
    first = words.partition(" ")[0]
    return words if "@" in first else words[:1].upper() + words[1:]


def made_of_it(case: CaseTold) -> Section:
    kind = {"complaint": "a complaint", "compliment": "praise", "enquiry": "an enquiry"}.get(case.kind, case.kind)
    sure = "" if case.sure else " It is not sure of that, so it was treated as one."
    return Section("What the program made of it", paragraphs=(f"It took this for {kind}.{sure}",), items=case.reasons)


def their_words(case: CaseTold, heading: str = THEIRS) -> Section:
    items = [f"Attached here: {', '.join(case.attached)}"] if case.attached else []
    items += [f"Not attached: {name} ({why}). It is kept with the case." for name, why in case.left_out]
    items += [
        f"A link to {service}: {url} Such links may stop working; please save what they hold soon."
        for url, service in case.cloud
    ]
    return Section(heading, items=tuple(items), quoted=case.text or "(no words)")


def _earlier(case: CaseTold) -> tuple[Section, ...]:
    if not case.earlier:
        return ()
    items = tuple(f"{reference} ({status}): {subject}" for reference, status, subject in case.earlier)
    return (Section("Earlier cases of the same person", items=items),)


def _attention(case: CaseTold) -> tuple[Section, ...]:
    elsewhere = (
        f"It may belong to {' or to '.join(case.elsewhere)}. Nothing is passed on, and nobody is told, before you say "
        "so.",
    ) if case.elsewhere else ()  # fmt: skip
    concerns = (f"{one.says}." for one in case.concerns if one.concern not in GRAVE)  # those are put to a person
    items = (*case.warnings, *concerns, *case.attends, *elsewhere)
    return (Section("Please look at this", items=items),) if items else ()


def _rest(case: CaseTold, clicks: Sequence[Click]) -> tuple[Section, ...]:
    said = (*_attention(case), *besides(case, clicks))
    return (*said, their_words(case), dates(case), made_of_it(case), *_earlier(case))


def to_decide(case: CaseTold, holders: Sequence[tuple[str, str]], staff: Sequence[str], deadline: str) -> Paper:
    """A new complaint, to who decides. `holders`: name and address of who could deal with it."""
    asked = which_kind(case)
    given = (Click(f"Give it to {name}", f"#assign {address}") for name, address in holders[:6])
    clicks = fitting(
        case,
        (*asked, Click("Deal with it yourself", "#assign me")),
        (*given, Click("Give it to somebody else", "#assign NAME")),
        (
            Click("I have answered already", "#answered today HOW"),
            Click("It is serious", "#severity high"),
            *(() if asked else NO_COMPLAINT),
            *kind_words(case),
            Click("It is about one of our staff", "#about NAME"),
        ),
    )
    by = f": please decide by {deadline}" if deadline else ": please decide who deals with it"
    complaint = "Is this a complaint?" if asked else "New complaint"
    what = {"compliment": "Praise", "enquiry": "An enquiry"}.get(case.kind, complaint)
    return Paper(
        f"{what} [{case.reference}]{by}",
        NOTE,
        (*question(case), facts(case), *_rest(case, clicks)),
        clicks,
        "You get this because new complaints come to you first.",
    )


def relays(case: CaseTold, new_words: bool) -> Paper:
    """To the handler: the one notice whose plain reply goes to the complainant."""
    clicks = fitting(
        case,
        (
            *which_kind(case),
            Click("I have answered already", "#answered today HOW"),
            Click("I have spoken with them", "#called today"),
        ),
        (),
        (
            Click("Keep a note", "#note", "Your note here. It is sent to nobody."),
            Click("A date was agreed", "#due DATE REASON"),
            Click("Ask them something", "#ask", "Your question here."),
            Click("Tell them how far it is", "#progress", "How far it is."),
            Click("Give it to somebody else", "#assign NAME"),
            Click("It is about one of our staff", "#about NAME"),
            *kind_words(case),
            Click("How does it stand?", "#status"),
            Click("Close the case", "#close REASON"),
        ),
    )
    subject = f"They have written again [{case.reference}]" if new_words else f"Yours to deal with [{case.reference}]"
    by = next((day(p.due_at, case.zone) for p in case.promises if p.what == "respond" and p.due_at), "")
    return Paper(
        subject + (f": answer by {by}" if by and not new_words else ""),
        f"Your reply to this mail goes to {case.who} as the answer of {case.organisation}. Write as you would to them.",
        (*question(case), facts(case), *_rest(case, clicks)),
        clicks,
        "Only your own words go to them: not this mail, not your address. To say something to colleagues alone, begin "
        "your reply with #note.",
    )


def to_know(case: CaseTold, why: str, heading: str) -> Paper:
    """Somebody has to look at something on a case."""
    clicks = (
        *choices(why),
        Click("It is done", "#answered today HOW"),
        Click("I am seeing to it", "#mine"),
        *which_kind(case),
        *of_concerns(case),
        *of_suggestions(case, 3),
        Click("Give the case to somebody", "#assign NAME"),
        Click("How does it stand?", "#status"),
    )
    return Paper(
        f"{heading} [{case.reference}]", NOTE,
        (Section("", paragraphs=(why,)), facts(case), their_words(case), dates(case)), clicks,
    )  # fmt: skip


def about_whom(case: CaseTold, names: Sequence[tuple[str, str]]) -> Paper:
    """Is this complaint about a member of staff? Asked of somebody else."""
    clicks = [Click(f"Yes, about {name}", f"#about {address}") for name, address in names]
    clicks.append(Click("No, about none of our staff", "#about nobody"))
    said = " and ".join(name for name, _ in names)
    why = (
        f"The complaint names {said}. Until you have said whether it is about them, they get nothing of it, and you "
        "are asked in their place."
    )
    return Paper(
        f"Is this about a colleague? [{case.reference}]",
        NOTE,
        (Section("", paragraphs=(why,)), facts(case), *_rest(case, clicks)),
        tuple(clicks),
    )


def taken_over(case: CaseTold, why: str) -> Paper:
    return Paper(
        f"No longer yours [{case.reference}]", NOTE, (Section("", paragraphs=(why, "Thank you for your part in it.")),)
    )
