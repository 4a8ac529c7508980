"""What notices to staff say: a complaint to decide on, a case to deal with, an answer shown back, what was done.

Each function gives a `Paper`: the notice with its one-click links still without their tokens, which only the letter
that carries them has. The first line of each says where a plain reply goes. Nothing here reads a case or a clock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from complaintmail.letters.notice import Link, Notice, Section
from complaintmail.mail.tokens import MOST_LINKS, token_for
from complaintmail.policy.windows import add_months
from complaintmail.policy.wording import long_date
from complaintmail.triage.concern_words import Concern
from complaintmail.triage.concerns import GRAVE, SERIOUS, Found

THEIRS = "What they wrote"
NOTE = "A plain reply to this mail is kept as a note on the case. It is sent to nobody."


_NOT_ON_IT = re.compile(r"(\S{1,250}@\S{1,250}) writes about this case and is not on it")
_ALLOWED = re.compile(r"answers yes: (\S{1,250}@\S{1,250}) may speak for them")
_NAMES_CASE = re.compile(r"it names ([A-Z0-9-]{1,40}) from an address that is not on it", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Click:
    """One thing that can be done now. `line`: the command; `more`: lines to fill in below it."""

    label: str
    line: str
    more: str = ""

    @property
    def command(self) -> str:
        return self.line.split()[0].lstrip("#").lower()


@dataclass(frozen=True, slots=True)
class Paper:
    """A notice before it has a letter to travel in."""

    subject: str
    first_line: str
    sections: tuple[Section, ...]
    clicks: tuple[Click, ...] = ()
    foot: str = ""

    def notice(self, key: bytes, letter_id: str, reference: str) -> Notice:
        """With its links, each good for this letter's recipient alone."""
        links = tuple(
            Link(click.label, _subject(click, reference, token_for(key, letter_id, number)), _body(click))
            for number, click in enumerate(self.clicks[:MOST_LINKS])
        )
        sections = self.sections
        if links:
            read = next((n for n, one in enumerate(sections, 1) if one.heading == THEIRS), 1)  # first read, then do
            sections = (*sections[:read], Section("What you can do now", links=links), *sections[read:])
        return Notice(self.subject, self.first_line, sections, self.foot)

    @property
    def commands(self) -> list[str]:
        return [click.command for click in self.clicks[:MOST_LINKS]]


def _subject(click: Click, reference: str, token: str) -> str:
    return " ".join(part for part in (token, click.label, f"[{reference}]" if reference else "") if part)


def _body(click: Click) -> str:
    return f"{click.line}\n{click.more}" if click.more else f"{click.line}\n"


@dataclass(frozen=True, slots=True)
class Promise:
    """An open duty, in words."""

    what: str
    clause: str
    due_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class CaseTold:
    """What a notice may say of a case."""

    reference: str
    organisation: str
    zone: ZoneInfo
    received_at: datetime
    channel: str
    complainant_name: str
    complainant_email: str
    subject: str
    text: str  # the words of the mail that the notice is about
    kind: str = "complaint"
    sure: bool = True
    severity: str = "medium"
    area: str = ""
    handler: str = ""
    status: str = "new"
    reasons: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    needs: tuple[str, ...] = ()
    earlier: tuple[tuple[str, str, str], ...] = ()
    attached: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()  # name, why it is not attached
    cloud: tuple[tuple[str, str], ...] = ()  # link, whose service
    warnings: tuple[str, ...] = ()
    attends: tuple[str, ...] = ()  # what only a person can settle
    restricted: bool = False
    elsewhere: tuple[str, ...] = ()  # where the policy says that such a matter may belong
    concerns: tuple[Found, ...] = ()  # what in their words cannot wait, or has a law's clock
    notes: tuple[str, ...] = field(default=())

    @property
    def who(self) -> str:
        return self.complainant_name or self.complainant_email or "somebody whose name is not known"


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


def _rest(case: CaseTold) -> tuple[Section, ...]:
    return (*_attention(case), their_words(case), dates(case), made_of_it(case), *_earlier(case))


def _kind_words(case: CaseTold) -> tuple[Click, ...]:
    """A complaint that praises somebody as well: those words are passed on alone."""
    too = any("praises as well" in reason for reason in case.reasons)
    return (Click("Pass their kind words on", "#praise NAME", "Their kind words here."),) if too else ()


def _of_concerns(case: CaseTold) -> tuple[Click, ...]:
    """What was seen in their words: acted on, or taken back."""
    seen = {one.concern for one in case.concerns}
    clicks: list[Click] = []
    if seen & SERIOUS:
        clicks.append(Click("Mark it as serious, and tell whom the policy names", "#serious"))
        clicks.append(Click("Its severity is high", "#severity high"))
    if Concern.ACCESS in seen and not any(each.what == "access" for each in case.promises):
        by = long_date(add_months(case.received_at.astimezone(case.zone).date(), 1))
        clicks.append(Click("See that they get it", f"#action Give them what is recorded about them by {by}"))
    elif Concern.ACCESS in seen:
        clicks.append(Click("They do not ask for their data", "#concern off access"))
    if Concern.DATA in seen:
        clicks.append(Click("It is not about personal data", "#concern off data"))
    if seen & GRAVE:
        clicks.append(Click("Nobody is at risk: take that back", "#concern off safety"))
    return tuple(clicks)


def _elsewhere(case: CaseTold) -> tuple[Click, ...]:
    """It may belong to somebody else: that is for a person to say."""
    return tuple(Click(f"It belongs to {where}: refer it", f"#refer {where}") for where in case.elsewhere)


def to_decide(case: CaseTold, holders: Sequence[tuple[str, str]], staff: Sequence[str], deadline: str) -> Paper:
    """A new complaint, to who decides. `holders`: name and address of who could deal with it."""
    clicks = [Click("Deal with it yourself", "#assign me")]
    clicks += [Click(f"Give it to {name}", f"#assign {address}") for name, address in holders[:6]]
    clicks += [
        Click("Give it to somebody else", "#assign NAME"),
        *_of_concerns(case),
        *_elsewhere(case),
        Click("I have answered already", "#answered today HOW"),
        Click("It is serious", "#severity high"),
        Click("It is praise", "#kind compliment"),
        *_kind_words(case),
        Click("It is only an enquiry", "#kind enquiry"),
        Click("It is spam", "#kind spam"),
        Click("It is about one of our staff", "#about NAME"),
    ]
    by = f": please decide by {deadline}" if deadline else ": please decide who deals with it"
    what = {"compliment": "Praise", "enquiry": "An enquiry"}.get(case.kind, "New complaint")
    return Paper(
        f"{what} [{case.reference}]{by}",
        NOTE,
        (facts(case), *_rest(case)),
        tuple(clicks),
        "You get this because new complaints come to you first.",
    )


def relays(case: CaseTold, new_words: bool) -> Paper:
    """To the handler: the one notice whose plain reply goes to the complainant."""
    clicks = (
        Click("I have answered already", "#answered today HOW"),
        Click("I have spoken with them", "#called today"),
        Click("Keep a note", "#note", "Your note here. It is sent to nobody."),
        Click("A date was agreed", "#due DATE REASON"),
        Click("Ask them something", "#ask", "Your question here."),
        Click("Tell them how far it is", "#progress", "How far it is."),
        *_of_concerns(case),
        *_elsewhere(case),
        Click("Give it to somebody else", "#assign NAME"),
        Click("It is about one of our staff", "#about NAME"),
        *_kind_words(case),
        Click("How does it stand?", "#status"),
        Click("Close the case", "#close REASON"),
    )
    subject = f"They have written again [{case.reference}]" if new_words else f"Yours to deal with [{case.reference}]"
    by = next((day(p.due_at, case.zone) for p in case.promises if p.what == "respond" and p.due_at), "")
    return Paper(
        subject + (f": answer by {by}" if by and not new_words else ""),
        f"Your reply to this mail goes to {case.who} as the answer of {case.organisation}. Write as you would to them.",
        (facts(case), *_rest(case)),
        clicks,
        "Only your own words go to them: not this mail, not your address. To say something to colleagues alone, begin "
        "your reply with #note.",
    )


def _choices(why: str) -> tuple[Click, ...]:
    """What a question is answered with, by the words in which `cases.admit` asks it."""
    if "the same matter, or a new complaint" in why:
        return (
            Click("It is the same matter: take it up again", "#reopen they wrote again about the same matter"),
            Click("It is a new complaint", "#split"),
        )
    if "withdraw their complaint" in why:
        return (Click("Yes, confirm it to them and close it", "#outcome withdrawn"),)
    if (allowed := _ALLOWED.search(why)) is not None:
        return (Click(f"Yes, {allowed[1]} may speak for them", f"#consent {allowed[1]}"),)
    if "was referred to" in why:
        return (Click("Take it up again", "#reopen they came back with it"),)
    if "were asked, and say" in why:
        take_up = "#appeal accept" if "is the appeal" in why else "#reopen our answer did not settle it"
        return (Click("Take it up", take_up),)
    if "Where can it be confirmed" in why:
        return (Click("Give their address, and confirm it", "#confirm ADDRESS", "What was agreed, as they read it."),)
    if "Is the appeal taken up?" in why:
        return (
            Click("Take up the appeal", "#appeal accept"),
            Click("Do not take it up, and tell them why", "#appeal decline", "Why, as they are to read it."),
        )
    if (asks := _NOT_ON_IT.search(why)) is not None:
        may = (
            f"{asks[1]} has written to us about your complaint. May they speak for you, and may we tell them about it?"
        )
        return (
            Click("The complainant allows it", f"#consent {asks[1]}"),
            Click("Ask the complainant", "#ask", may),
        )
    if (names := _NAMES_CASE.search(why)) is not None:
        return (Click(f"It belongs to {names[1]}", f"#merge {names[1]}"),)
    if "its answer waits for a person" in why.lower():
        return (Click("It is a complaint: send the answer", "#kind complaint"),)
    return ()


def to_know(case: CaseTold, why: str, heading: str) -> Paper:
    """Somebody has to look at something on a case."""
    clicks = (
        *_choices(why),
        Click("It is done", "#answered today HOW"),
        Click("I am seeing to it", "#mine"),
        *_of_concerns(case),
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
        (Section("", paragraphs=(why,)), facts(case), *_rest(case)),
        tuple(clicks),
    )


def taken_over(case: CaseTold, why: str) -> Paper:
    return Paper(
        f"No longer yours [{case.reference}]", NOTE, (Section("", paragraphs=(why, "Thank you for your part in it.")),)
    )
