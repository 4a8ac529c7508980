"""An appeal: who may hear it, what it opens, and whether a mail is one. Pure.

It is heard by somebody who had no part in the first answer: not its handler, nor anybody who wrote in the case's name.
Nobody gets the file before they have said so themselves. Where the policy sets a window, a later appeal is put before
a person with its dates, and never turned away by the program.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from complaintmail.cases.deeds import Change, Effect, Owe, Tell, Withhold, Write
from complaintmail.cases.people import Officer, People
from complaintmail.cases.post import LetterKind
from complaintmail.cases.scene import CaseNow
from complaintmail.policy.duties import owed_by
from complaintmail.policy.policy import Owed, Policy
from complaintmail.policy.windows import local_date
from complaintmail.policy.wording import long_date

READ = 4000  # characters in which an appeal says that it is one
_WHAT = r"(?:the |this |your )?(?:outcome|decision|finding|answer|result|response|conclusion|letter|report)"
_APPEALS = re.compile(
    r"\b(?:i|we)(?:'d| would| want| wish)?(?: like| to| hereby| now| therefore| formally){0,3} (?:to )?appeal\b"
    r"|\b(?:this is|please (?:take|treat|accept) this(?: e?mail| letter)? as|my|our|an?)"
    r" (?:my |our |an? )?(?:formal )?appeal\b"
    rf"|\bappeal(?:ing)? (?:against )?{_WHAT}"
    r"|\b(?:do not|don'?t|cannot|can'?t|can not|will not) (?:agree|accept)\b"
    rf"|\b(?:disagree|dispute|contest|challenge|object)\b[^.!?\n]{{0,60}}\b{_WHAT}"
    r"|\b(?:not|far from|still un|un|dis)\s?(?:at all |really |entirely |yet )?(?:satisfied|happy)\b"
    r"|\b(?:not good enough|unacceptable|unfair|does(?:n'?t| not) (?:answer|address|deal with))\b"
    r"|\btake (?:this|it|the matter) (?:further|higher)\b|\b(?:still|remain) (?:very )?(?:unhappy|dissatisfied)\b",
    re.IGNORECASE,
)


def disputes(words: str) -> bool:
    """Does this say that the outcome is not accepted?"""
    return _APPEALS.search(words[:READ].replace("\u2019", "'")) is not None


def involved(case: CaseNow) -> frozenset[str]:
    """Who had a part in the first answer."""
    said: frozenset[str] = frozenset(case.course.get("involved", ()))
    if case.status == "appealed":  # who writes from now on hears the appeal
        return said
    named = LetterKind.DECIDED  # who gives a case away has no part in its answer
    wrote = (going.author.lower() for going in case.going if going.state != "cancelled" and going.kind != named)
    return said | frozenset(wrote) | (frozenset({case.handler}) if case.handler else frozenset())


def hears(policy: Policy, people: People, case: CaseNow, on: date, also_not: frozenset[str] = frozenset()) -> Officer:
    """Who is asked to hear it: the role's holder, its alternate where that one had a part, else up the ladder."""
    assert policy.appeal is not None
    barred = case.excluded | involved(case) | also_not
    area = str(case.row["area"]) if case.row["area"] else None
    for role in (policy.appeal.role, policy.appeal.alternate):
        if not role:
            continue
        for person in people.holders(policy, role, area):
            if person.key not in barred and not person.is_away(on):
                known = policy.role(role)
                return Officer(role, known.title if known else role, person.name, person.email)
    return people.officer(policy, policy.appeal.role, area=area, on=on, without=barred)


def opened(
    case: CaseNow, policy: Policy, people: People, received_at: datetime, now: datetime, *, late: bool = False
) -> tuple[Effect, ...]:
    """Everything that an appeal opens, from the day it came."""
    assert policy.appeal is not None
    officer = hears(policy, people, case, local_date(now, policy.timezone))
    had_part = sorted(involved(case))
    course: dict[str, Any] = dict(case.course) | {"involved": had_part, "appealed_at": received_at.isoformat()}
    effects: list[Effect] = [
        Change({"status": "appealed", "closed_at": None, "handler": None, "course": course}),
        Withhold((LetterKind.SATISFIED,), "an appeal came"),
    ]
    owed = {
        kind: owed_by(policy, kind, received_at, policy.severity) for kind in ("appeal-acknowledge", "appeal-answer")
    }
    for each in owed.values():
        if each is not None:
            effects.append(Owe(each, who=_who(officer)))
    if case.complainant and case.row["contact"] not in ("never", "post"):
        effects.append(Write(LetterKind.APPEAL_RECEIVED, extra=_letter(policy, received_at, owed["appeal-answer"])))
    if officer.email:
        effects.append(Tell(officer.email, "appeal", _why(case, policy, owed["appeal-answer"], late)))
    return tuple(effects)


def _who(officer: Officer) -> Mapping[str, str]:
    return {name: value or "" for name, value in officer.as_json().items()}


def _letter(policy: Policy, received_at: datetime, answer: Owed | None) -> dict[str, str]:
    assert policy.appeal is not None
    role = policy.role(policy.appeal.role)
    extra = {"day": long_date(local_date(received_at, policy.timezone))}
    if role is not None:
        extra["appeal_to"] = f"our {role.title}, or somebody else who had no part in our first answer"
    if answer is not None and answer.counted is not None:
        extra["last_day"] = long_date(answer.counted.due_on)
    return extra


def _why(case: CaseNow, policy: Policy, answer: Owed | None, late: bool) -> str:
    handler = (case.row["handler"] or {}).get("name") or "a colleague"
    when = ""
    if answer is not None and answer.counted is not None:
        when = f" It is to be answered by {long_date(answer.counted.due_on)}: {answer.counted.why}"
    came = " It came after its last day, and was accepted all the same." if late else ""
    return (
        f"Somebody appeals against the outcome of {case.reference}, which {handler} answered.{came} You are asked to "
        f"hear the appeal, if you had no part in that answer.{when}"
    )


def asks_next(case: CaseNow, policy: Policy, people: People, now: datetime, not_them: str) -> tuple[Effect, ...]:
    """Somebody says that they were involved: it goes to the next."""
    on = local_date(now, policy.timezone)
    course = dict(case.course)
    course["involved"] = sorted({*course.get("involved", ()), not_them})
    effects: list[Effect] = [Change({"course": course, **({"handler": None} if case.handler == not_them else {})})]
    officer = hears(policy, people, case, on, frozenset({not_them}))
    since = course.get("appealed_at")
    owed = None
    if since and case.duty("appeal-answer"):
        owed = owed_by(policy, "appeal-answer", datetime.fromisoformat(since), policy.severity)
    if officer.email:
        effects.append(Tell(officer.email, "appeal", _why(case, policy, owed, late=False)))
    return tuple(effects)
