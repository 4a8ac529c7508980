"""The letter that tells a member of staff what they may be asked, and how to answer, with a test reply.

Made from the policies alone: their roles, duties and clauses, in plain words. It is about no case and names no
complainant. The same people and policies give the same letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from complaintmail.cases.people import People, Person
from complaintmail.letters.notice import Link, Notice, Section
from complaintmail.policy.policy import Duty, Policy
from complaintmail.policy.wording import joined

FIRST_LINE = "Your reply goes to nobody but the program that keeps the complaints; please reply with the one word yes."
TASKS = {
    "acknowledge": "See to it that each complaint is acknowledged",
    "decide": "Decide who deals with a complaint",
    "set-date": "Set the date by which a complaint is answered",
    "contact": "Speak with the complainant",
    "respond": "Answer a complaint",
    "confirm": "Confirm to the complainant who deals with it",
    "progress": "Tell the complainant how far it is",
    "appeal-acknowledge": "Acknowledge an appeal",
    "appeal-answer": "Answer an appeal",
    "access": "Answer a request for personal data",
    "data-acknowledge": "Acknowledge a complaint about the use of personal data",
}
STARTS = {
    "receipt": "its receipt",
    "decision": "the decision",
    "outcome": "the outcome",
    "appeal": "its receipt",
    "access-request": "its receipt",
    "data-complaint": "its receipt",
}
NOT_OURS = frozenset({"appeal"})  # the time that the complainant has


def welcome(
    person: Person, people: People, policies: Sequence[Policy], mailbox: str, *, token: str = "", hours: str = ""
) -> Notice:
    """`mailbox`: where the program writes from. `token`: begins the subject of the one-click reply; without one the
    letter asks for a plain reply alone. `hours`: when they are reminded, as the settings have it."""
    served = [policy for policy in policies if person.serves(policy)]
    owners = joined(list(dict.fromkeys(policy.organisation for policy in served)))
    opening = (
        f"Dear {person.name},",
        f"Complaints{f' to {owners}' if owners else ''} are kept by a program that reads {mailbox} and writes to you "
        "from there when something is yours to do. This letter says what that may be, and how to answer. Only one "
        "thing is asked of you now: a reply with the one word yes, so that we know that letters reach you and that "
        "your answers reach us.",
    )
    link = (Link("Reply yes", f"{token} Test reply", "yes"),) if token else ()
    sections = (
        Section("", opening, links=link),
        *_by_policy(person, people, served),
        Section("Standing in", items=tuple(_standing_in(person, people))),
        Section("How to answer", items=tuple(_how(hours))),
        Section("The test", ("Please reply to this letter with the one word yes, from the address it came to.",)),
    )
    foot = f"This letter went to {person.email}, which is named in the settings of the program."
    return Notice("Complaints: what you may be asked, and a test reply", FIRST_LINE, sections, foot)


def _by_policy(person: Person, people: People, policies: Sequence[Policy]) -> Iterator[Section]:
    found = [section for policy in policies if (section := _of_policy(person, people, policy)) is not None]
    if found:
        yield from found
        return
    nothing = "You hold no role of a complaints policy. A case may still be given to you, or your view be asked for."
    yield Section("What you may be asked", (nothing,))


def _of_policy(person: Person, people: People, policy: Policy) -> Section | None:
    own = [role for role in policy.roles if role.name in person.roles]
    fallen = [
        role
        for role in policy.roles
        if role.name not in person.roles and people.officer(policy, role.name).email == person.email
    ]
    if not own and not fallen:
        return None
    areas = f" for {joined(person.areas)}" if person.areas and any(role.by_area for role in own) else ""
    are = []
    if own:
        are.append(f"You are: {joined([role.title for role in own])}{areas}.")
    if fallen:
        are.append(f"Since nobody else is there for it, you are also: {joined([role.title for role in fallen])}.")
    roles = {role.name for role in (*own, *fallen)}
    return Section(f"{policy.organisation}: {policy.title}", tuple(are), tuple(_asked(policy, roles)))


def _asked(policy: Policy, roles: set[str]) -> Iterator[str]:
    """What may be asked of these roles: what comes to them, what they owe, and where else the policy names them."""
    told: set[str] = set()
    if policy.first in roles:
        yield "A new complaint comes to you first, and what the program cannot tell is put before you."
    if policy.owner in roles:
        yield "You answer for this policy: what nobody else is there for comes to you."
        if policy.review_on is not None:
            yield "When the policy is to be reviewed you are mailed its figures, until you say that it was done."
    if "safeguarding" in roles:
        yield "You are told at once where somebody may be in danger."
    for duty in policy.duties:
        if duty.kind in NOT_OURS or not roles & {duty.role, duty.alternate}:
            continue
        told.add(duty.clause)
        clause = policy.clause(duty.clause)
        says = f" {clause.id} says: {clause.says}" if clause else ""
        yield f"{_task(duty)}{_instead(policy, duty, roles)}.{says}"
    titles = [role.title for role in policy.roles if role.name in roles]
    named = re.compile("|".join(rf"\b{re.escape(title)}s?\b" for title in titles), re.IGNORECASE)
    for clause in policy.clauses:
        if clause.id not in told and named.search(clause.says):
            yield f"{clause.id}: {clause.says}"


def _task(duty: Duty) -> str:
    task = TASKS.get(duty.kind, duty.kind.replace("-", " ").capitalize())
    if duty.kind == "acknowledge":
        task = f"{task}{_window(duty)}; the letter goes by itself, and you are asked where it cannot"
    else:
        task += _window(duty)
    if duty.repeats:
        task += f", and again every {duty.repeats}"
    return f"{task}, when it was made in writing" if duty.needs_writing else task


def _window(duty: Duty) -> str:
    since = STARTS.get(duty.starts, "that day")
    if duty.by_severity:
        spans = sorted(duty.by_severity, key=lambda pair: pair[1].amount)
        return " within " + joined([f"{span} when it is {severity}" for severity, span in spans]) + f", from {since}"
    if duty.within is None:
        return ", by the date that is set for it" if duty.kind == "respond" else ""
    if duty.within.amount == 0:
        return " on the same working day"
    return f" within {duty.within} of {since}"


def _instead(policy: Policy, duty: Duty, roles: set[str]) -> str:
    if duty.role in roles:
        return ""
    role = policy.role(duty.role)
    return f", where {role.title if role else duty.role} may not"


def _standing_in(person: Person, people: People) -> Iterator[str]:
    for other in people.persons:
        if (other.deputy or "").lower() == person.key:
            yield f"You stand in for {other.name} while they are away, or do not answer."
    deputy = people.at(person.deputy)
    if deputy is not None:
        yield f"{deputy.name} stands in for you while you are away, or do not answer."
    else:
        yield "Nobody is named to stand in for you: while you are away your mail goes to somebody above you."
    yield "Tell whoever looks after the program when you will be away; an automatic reply alone says too little."


def _how(hours: str) -> Iterator[str]:
    yield "The first line of every letter says where a plain reply to it goes. Write above the line that follows it."
    yield (
        "Only a letter that says that your reply goes to the complainant sends your words on, as the organisation's "
        "answer and without your address. For a short while you can take it back with a reply of #stop."
    )
    yield "Every other reply is kept as a note on the case, and nobody outside sees it."
    yield (
        "What can be done stands in each letter as a link. The same can be written at the start of a line: #assign and "
        "a name gives the case to somebody, #note keeps a note, #help lists the rest. An answer always says what was "
        "done, or what was not understood."
    )
    yield "Answer from the address to which the letter came. A mail from another one is held, and changes nothing."
    yield "Of a complaint about yourself you get nothing, whatever your role, and others are asked in your place."
    when = f" (for you: {hours})" if hours else ""
    yield (
        f"Reminders come within your hours alone{when}, and once a day a list of what is due, where there is anything. "
        "Something done elsewhere, by telephone say, is told with #called or #answered."
    )
