"""The page for the public on how to complain, as values: what each part is called and what it says.

Everything in it comes from the policy's file, so that it cannot disagree with what the program does: the windows are
those of the duties, the steps are there only where the file has them. It promises nothing else. How it looks is
decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from complaintmail.policy.policy import Duty, Nation, OutsideBody, Policy, Span, Unit
from complaintmail.policy.wording import joined, long_date

WHERE = {
    Nation.ENGLAND_WALES: "England and Wales",
    Nation.SCOTLAND: "Scotland",
    Nation.NORTHERN_IRELAND: "Northern Ireland",
}
PLACES = {"england": "England", "wales": "Wales", "scotland": "Scotland", "northern-ireland": "Northern Ireland"}
TOLD = {  # stages.ASKS, for the complainant
    "actions": "what we did or will do",
    "learning": "what we learnt",
    "cause": "what caused it",
    "prevention": "what we do so that it does not happen again",
    "legislation": "which law or guidance we followed",
    "consultation": "whom we asked",
    "meeting": "what we spoke about with you",
    "resolution": "how it is settled",
    "considered": "what we considered",
}
SMALL, MOST, MORE, SERIOUS = "for a small matter", "for most matters", "when it matters more", "when it is serious"
# What each severity is called, by the one that a complaint has until somebody says otherwise.
LEVELS = {
    "low": {"low": MOST, "medium": MORE, "high": SERIOUS},
    "medium": {"low": SMALL, "medium": MOST, "high": SERIOUS},
    "high": {"low": SMALL, "medium": "for a lesser matter", "high": MOST},
}
HELP = (
    "If something would make it easier for you, such as large print, a telephone call in place of a letter, an "
    "interpreter, or somebody who speaks for you, tell us. We note it with your complaint and do what we can."
)
PRAISE = (
    "If something went well, we are glad to hear that too. We keep what you write, and pass it on to the people whom "
    "it is about."
)
OTHERS = (
    "Somebody else may write for you. We then ask you yourself whether you allow it, before we tell them anything "
    "about your complaint."
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach somebody: "By telephone", "01234 …"; or an outside body and where it is found."""

    label: str
    words: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    heading: str
    paragraphs: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    steps: tuple[str, ...] = ()  # in their order
    after: tuple[str, ...] = ()  # paragraphs below the steps


@dataclass(frozen=True, slots=True)
class Leaflet:
    title: str
    organisation: str
    parts: tuple[Part, ...]
    foot: str


def leaflet(policy: Policy, addresses: Sequence[str], today: date) -> Leaflet:
    """`addresses`: the mail addresses at which complaints are read. `today`: which closures are still ahead."""
    parts = (_tell_us(policy, addresses), _help(policy), _steps(policy, today), _unhappy(policy), _elsewhere(policy))
    version = policy.version.partition("/")[0]
    return Leaflet(
        title=f"How to complain to {policy.organisation}",
        organisation=policy.organisation,
        parts=tuple(part for part in (*parts, _records(policy)) if part is not None),
        foot=f"This page follows our {policy.title}, version {version}.",
    )


def _tell_us(policy: Policy, addresses: Sequence[str]) -> Part:
    mail = tuple(Way("By email", address, f"mailto:{address}") for address in addresses)
    ways = (*mail, *(Way(label, words) for label, words in policy.contact))
    paragraphs = [
        "If you are unhappy with something that we did or did not do, please tell us. You need no form and no special "
        "words. It helps if you say what happened and when, how it has affected you, and what would put it right."
    ]
    paragraphs += [policy.public.first] if policy.public.first else []
    after = (PRAISE,) if policy.praise is not None else ()
    return Part("Tell us", tuple(paragraphs), ways, after=after)


def _help(policy: Policy) -> Part:
    return Part("Help with complaining", (policy.public.help or HELP, OTHERS))


# --- what happens, and by when -----------------------------------------------------------------------------------


def _steps(policy: Policy, today: date) -> Part:
    steps = tuple(_each_step(policy))
    return Part("What happens, and by when", (), (), steps, tuple(_how_days_count(policy, today)))


def _each_step(policy: Policy) -> Iterator[str]:
    for kind, says in (
        ("acknowledge", "we write to you that your complaint has reached us, and who deals with it"),
        ("contact", "we speak with you, to understand what happened"),
        ("decide", "we decide who looks into it"),
        ("set-date", "we tell you the day by which you will have our answer"),
    ):
        duty = policy.duty(kind)
        if duty is not None and duty.starts == "receipt":
            yield _step(policy, duty, f"{says}.")
    confirm = policy.duty("confirm")
    if confirm is not None and confirm.within is not None:
        yield f"Within {confirm.within} of that decision: whoever looks into it writes to you."
    if "meeting" in policy.closing.needs or "meeting" in policy.outcome.asks:
        yield "While we look into it, and at the end: we offer to meet or speak with you."
    if "consultation" in policy.outcome.asks:
        yield "Before we settle how to put it right: we ask you, and others whom it touches."
    respond = policy.duty("respond")
    if respond is not None:
        yield _step(policy, respond, f"you have our answer. {_tells(policy)}")
    progress = policy.duty("progress")
    if progress is not None:
        first = f"first within {progress.within}" if progress.within else "from time to time"
        again = f", and then every {progress.repeats}" if progress.repeats else ""
        yield f"As long as you have no answer: we write to you how far we are, {first}{again}."
    if policy.outcome.satisfied:
        yield "Afterwards: we ask you whether our answer settled the matter for you."


def _tells(policy: Policy) -> str:
    return f"It tells you {joined(['what we found', *(TOLD[each] for each in policy.outcome.tells)])}."


def _step(policy: Policy, duty: Duty, says: str) -> str:
    when = _by(policy, duty).strip()
    note = " This holds for complaints in writing; an email is in writing." if duty.needs_writing else ""
    return f"{when[:1].upper()}{when[1:]}: {says}{note}" if when else f"{says[:1].upper()}{says[1:]}{note}"


def _by(policy: Policy, duty: Duty) -> str:
    if duty.by_severity:
        called = LEVELS[policy.severity]
        return f" within {joined([f'{span} {called[level]}' for level, span in duty.by_severity])}"
    if duty.within is None:
        return " by the day that we tell you" if duty.kind == "respond" else ""
    if duty.within.amount == 0:
        return " on the same working day, or on the next one"
    return f" within {duty.within}"


def _how_days_count(policy: Policy, today: date) -> Iterator[str]:
    yield "The day on which your complaint reaches us is not counted. Each time runs to the end of its last day."
    if policy.pauses:
        yield "When we have asked you something, the days stand still until we have your answer."
    yield from working_days(policy, today)


def working_days(policy: Policy, today: date) -> Iterator[str]:
    """What a working day is, and when the organisation is closed from `today` on; nothing where none is counted."""
    spans = [span for duty in policy.duties for span in _spans(duty)]
    if any(span.unit is Unit.WORKING_DAYS for span in spans):
        ahead = [closed for closed in policy.closures if closed[1] >= today]
        closed_too = " and the days on which we are closed" if ahead else ""
        yield f"Working days are Monday to Friday, without the public holidays of {WHERE[policy.nation]}{closed_too}."
        for first, last, why in ahead:
            days = long_date(first) if first == last else f"{long_date(first)} to {long_date(last)}"
            yield f"We are closed {days} ({why})."


def _spans(duty: Duty) -> list[Span]:
    return [span for _, span in duty.by_severity] + ([duty.within] if duty.within else [])


# --- afterwards --------------------------------------------------------------------------------------------------


def _unhappy(policy: Policy) -> Part | None:
    paragraphs = [policy.if_unhappy] if policy.if_unhappy else []
    if policy.appeal is not None and not policy.if_unhappy:
        paragraphs.append(_appeal(policy))
    ways = tuple(_way(policy, body) for body in _where_to_go(policy))
    if policy.end is not None and (clause := policy.clause(policy.end.clause)) is not None:
        paragraphs.append(clause.says)
    return Part("If you are not content with our answer", tuple(paragraphs), ways) if paragraphs or ways else None


def _appeal(policy: Policy) -> str:
    assert policy.appeal is not None
    within = f" within {policy.appeal.within} of receiving our answer" if policy.appeal.within else ""
    role = policy.role(policy.appeal.role)
    words = f"You can appeal{within}. It is heard by: {role.title if role else policy.appeal.role}"
    answer = policy.duty("appeal-answer")
    return f"{words}, who answers{_by(policy, answer)}." if answer is not None and answer.within else f"{words}."


def _where_to_go(policy: Policy) -> list[OutsideBody]:
    """The open bodies to which a complaint can go next; not those to which only a misdirected mail is passed on."""
    passed_on = {referral.address for referral in policy.referrals if referral.address}
    return [body for body in policy.bodies if body.closed_on is None and body.contact not in passed_on]


def _way(policy: Policy, body: OutsideBody) -> Way:
    areas = {area.name: area.title for area in policy.areas}
    serves = [PLACES.get(each) or areas.get(each, each) for each in body.serves]
    label = f"{body.name} ({joined(serves)})" if serves else body.name
    link = body.contact if body.contact.startswith(("https://", "http://")) else ""
    return Way(label, body.contact, link)


def _elsewhere(policy: Policy) -> Part | None:
    """What belongs elsewhere, in the words of the clauses that say so."""
    said = []
    for referral in policy.referrals:
        clause = policy.clause(referral.clause)
        if clause is not None:
            said.append(f"{clause.says} ({referral.address})" if referral.address else clause.says)
    return Part("What belongs elsewhere", tuple(dict.fromkeys(said))) if said else None


def _records(policy: Policy) -> Part:
    said = ["What you tell us is seen only by those who have to deal with it."]
    if policy.retention is not None:
        said.append(f"We keep the papers of a complaint for {policy.retention} after it is closed.")
    access = policy.duty("access")
    if access is not None and access.within is not None:
        said.append(f"You can ask us for all that we have recorded about you. You have it within {access.within}.")
    data = policy.duty("data-acknowledge")
    if data is not None and data.within is not None:
        said.append(
            f"If you complain about how we use your personal data, we tell you within {data.within} that your "
            "complaint has reached us, and in the end what came of it."
        )
    return Part("Your details", tuple(said))
