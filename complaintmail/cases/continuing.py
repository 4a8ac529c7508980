"""A mail on a case that is there: what does it mean for that case?

`read` asks one question after another of the mail, and the first that fits gives a `Continuation`; `deed_of` says what
it changes once the whole case is at hand. A question is a function; another stage is one more of them. What a person
has to settle is put before them with one click; nothing is closed, told to anybody else or re-opened by itself. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from complaintmail.cases.afterwards import CONSULTATION, CONSULTING, IN_WRITING, WAITS_FOR, consultations
from complaintmail.cases.changes import Continuation
from complaintmail.cases.deeds import Change, Deed, Effect, Meet, Owe, Redate, Write
from complaintmail.cases.kinds import PAUSABLE
from complaintmail.cases.post import LetterKind
from complaintmail.cases.scene import CaseNow
from complaintmail.mail.message import Message
from complaintmail.policy.duties import calendar_of, owed_on_opening, window_of
from complaintmail.policy.policy import Counted, Policy, Unit
from complaintmail.policy.windows import end_of_day, local_date
from complaintmail.policy.wording import long_date
from complaintmail.triage.known import KnownCase, KnownLetter
from complaintmail.triage.thanks import only_thanks
from complaintmail.triage.wishes import BEHALF, FOR_SOMEBODY, withdraws

READ = 4000  # characters in which somebody says what they want
MOST_ASKED = 3  # third parties of one case about whom its complainant is asked
ENDED_OTHERWISE = ("withdrawn", "settled")  # without an answer of ours, so there is nothing that would be final

_YES = re.compile(r"\W{0,5}(?:yes|yep|yeah|ok|okay|i do|i agree|agreed|they may|she may|he may|of course)\b", re.I)
_NO = re.compile(r"\W{0,5}(?:no|nope|not|i do not|i don'?t|they may not|she may not|he may not|never)\b", re.I)
_LATER = re.compile(
    r"\b(?:i|we)(?:'ll| will| shall| am going to|'m going to) (?:\w+ ){0,3}(?:write|send|put|do|email|post)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Coming:
    """A mail by somebody who is on the case. `cites`: our letters that it answers."""

    message: Message
    at: datetime
    writer: str
    case: KnownCase
    policy: Policy
    cites: tuple[KnownLetter, ...] = ()

    @property
    def words(self) -> str:
        return self.message.new_text[:READ].replace("\u2019", "'")

    @property
    def theirs(self) -> bool:
        """Is it the complainant's own?"""
        return self.case.standings.get(self.writer, "complainant") == "complainant"

    def answers(self, kind: LetterKind) -> KnownLetter | None:
        return next((letter for letter in self.cites if letter.kind == kind), None)


def read(coming: Coming) -> Continuation | None:
    """What it means; None where it is one more mail on the case, and no more."""
    return next((found for question in QUESTIONS if (found := question(coming)) is not None), None)


# The questions


def _consents(coming: Coming) -> Continuation | None:
    """The complainant's answer to "may they speak for you?"."""
    letter = coming.answers(LetterKind.CONSENT)
    third = str((letter.about if letter else {}).get("third") or "")
    if letter is None or not coming.theirs or not third:
        return None
    noted = {"third": third}
    if _YES.match(coming.words) and not _NO.search(coming.words[:200]):
        ask = f"the complainant answers yes: {third} may speak for them. Is that so?"
        return Continuation("consents", ("it allows somebody to speak for them",), (ask,), noted=noted)
    if _NO.match(coming.words):
        why = f"it does not allow {third} to speak for them"
        return Continuation("refuses", (why,), noted=noted)
    ask = f"the complainant answers the question whether {third} may speak for them: what do they say?"
    return Continuation("consent-unclear", (), (ask,), noted=noted)


def _satisfied(coming: Coming) -> Continuation | None:
    """Whether our answer settled it."""
    if coming.answers(LetterKind.SATISFIED) is None or not coming.theirs:
        return None
    yes, no = _YES.match(coming.words) is not None, _NO.match(coming.words) is not None
    said = "yes" if yes else "no" if no else "unclear"
    noted = {"satisfied": said, "words": " ".join(coming.words.split())[:1000]}
    reasons = (f"it answers whether our answer settled the matter: {said}",)
    asks: tuple[str, ...] = ()
    if said != "yes":
        what = "that our answer did not settle it" if no else "whether our answer settled it"
        stage = "the appeal" if coming.policy.appeal is not None else "the case"
        asks = (f"they were asked, and say {what}: is {stage} of {coming.case.reference} taken up?",)
    return Continuation("satisfied", reasons, asks, noted=noted)


def _withdraws(coming: Coming) -> Continuation | None:
    """It is proposed to the owner; its dates run until that was confirmed in writing."""
    if coming.case.status == "closed" or not coming.theirs:
        return None
    if withdraws(coming.words) is None:
        return None
    ask = f"they withdraw their complaint {coming.case.reference}: is that confirmed to them in writing, and closed?"
    return Continuation("withdraws", ("it withdraws the complaint",), (ask,))


def _put_in_writing(coming: Coming) -> Continuation | None:
    """The spoken complaint, in writing as it was asked for: what holds for written ones counts from today."""
    if not coming.case.course.get(IN_WRITING) or coming.writer != coming.case.complainant:
        return None
    few = len(coming.words.split()) < 25
    if only_thanks(coming.message.new_text) or (few and not coming.message.attachments and not _tells(coming.words)):
        return None
    owed = any(duty.kind == "acknowledge" and duty.needs_writing for duty in coming.policy.duties)
    letter = LetterKind.ACKNOWLEDGEMENT if owed else LetterKind.ADDED
    why = "it is the complaint in writing that was asked for: what counts for written ones counts from today"
    return Continuation("put-in-writing", (why,), letter=letter)


def _tells(words: str) -> bool:
    """Does so short a mail say something, or only that something will follow?"""
    return len(words.split()) >= 4 and not _LATER.search(words) and not words.rstrip().endswith("?")


def _referred_back(coming: Coming) -> Continuation | None:
    """What belonged elsewhere first comes back."""
    if coming.case.status != "referred" or only_thanks(coming.message.new_text):
        return None
    where = coming.case.course.get("referred_to") or "somebody else"
    ask = f"{coming.case.reference} was referred to {where}, and they have written again: is it taken up again?"
    return Continuation("came-back", ("it comes back on a matter that was referred",), (ask,))


def _finished(coming: Coming) -> Continuation | None:
    """The process is over: read by a person, and answered no more often than the policy says."""
    case, end = coming.case, coming.policy.end
    final = case.status == "closed" and (case.outcome or case.responded) and case.outcome not in ENDED_OTHERWISE
    if end is None or not final or not coming.theirs or only_thanks(coming.message.new_text):
        return None
    so_far = int(case.course.get("finished") or 0)
    goes = so_far < end.answers
    why = f"{case.reference} is finished ({end.clause}): "
    why += "they are told so once more" if goes and so_far else "they are told so" if goes else "they were told so"
    ask = f"{case.reference} is closed: is this the same matter, or a new complaint?"
    return Continuation("finished", (why,), (ask,), LetterKind.FINISHED if goes else None)


def _answers(coming: Coming) -> Continuation | None:
    """What the case waited for has come, from whom it waited for; or what somebody was asked."""
    case = coming.case
    consulted = case.standings.get(coming.writer) == "consulted"
    waited = case.status == "waiting" and (coming.writer == case.course.get(WAITS_FOR) or not consulted)
    if waited and not consulted and case.standings.get(str(case.course.get(WAITS_FOR) or "")) == "consulted":
        waited = False  # somebody else's answer is waited for
    if case.status == "waiting" and waited and only_thanks(coming.message.new_text):
        return None
    if consulted:
        return Continuation("consulted", (f"{coming.writer} was asked about it, and answers",))
    return Continuation("answers", ("it was waited for",)) if waited else None


QUESTIONS: tuple[Callable[[Coming], Continuation | None], ...] = (
    _consents, _satisfied, _withdraws, _put_in_writing, _referred_back, _finished, _answers,
)  # fmt: skip


# Somebody who is not on it


def on_behalf(text: str) -> bool:
    """Does its writer say that they write for somebody else?"""
    return BEHALF.search(text[:READ].replace("\u2019", "'")) is not None


def for_somebody(text: str) -> bool:
    """Is a fresh complaint somebody else's? What somebody writes on behalf of their company is their own."""
    if "behalf" not in text[:READ].lower():
        return False  # nearly every mail; each of the pattern's ways has that word
    return FOR_SOMEBODY.search(text[:READ].replace("\u2019", "'")) is not None


def third_party(case: KnownCase, writer: str) -> Continuation:
    """Somebody writes about another person's case: that person is asked whether they may. The question names an
    address alone: what a stranger calls themselves is nothing that we repeat."""
    asked = tuple(case.course.get("consent_asked") or ())
    may = bool(case.complainant) and writer not in asked and len(asked) < MOST_ASKED and case.status != "closed"
    noted = {"third": writer, "asked": [*asked, writer]} if may else {}
    return Continuation("third-party", ("it is written on somebody's behalf",), noted=noted)


FOR_ANOTHER = Continuation(
    "for-another",
    ("it is written on behalf of somebody else",),
    (
        "it is written on behalf of somebody else, and their writer was asked for that person's permission: nothing "
        "personal goes to the writer before it is there",
    ),
)


# What it changes


def deed_of(found: Continuation, case: CaseNow, policy: Policy, at: datetime, evidence: str) -> Deed:
    """What is so from now on. `evidence`: the mail that says so."""
    course: dict[str, Any] = dict(case.course)
    values: dict[str, Any] = {}
    effects: list[Effect] = []
    if case.status == "waiting" and found.what not in ("third-party", "withdraws", "consent-unclear"):
        values, effects = _goes_on(case, policy, at)
        course.pop(WAITS_FOR, None)
    noted = found.noted
    match found.what:
        case "satisfied":
            course["satisfied"] = {"answer": noted["satisfied"], "words": noted["words"], "at": at.isoformat()}
        case "finished" if found.letter is not None:
            course["finished"] = int(course.get("finished") or 0) + 1
        case "refuses":
            asked = tuple(duty.id for duty in case.duty("attend") if noted["third"] in duty.why)
            effects += [Meet(asked, at, f"the complainant does not allow it: {evidence}")] if asked else []
        case "consulted" | "answers" if course.pop(CONSULTING, None):
            course[CONSULTATION] = consultations(case, f"answered on {long_date(local_date(at, policy.timezone))}")
        case "third-party" if noted:
            course["consent_asked"] = list(noted["asked"])
            effects.append(
                Write(LetterKind.CONSENT, extra={"who": str(noted["third"])}, after={"third": noted["third"]})
            )
        case "for-another":
            effects.append(Write(LetterKind.CONSENT, after={"third": ""}))
        case "put-in-writing":
            dates, owed = _written(case, policy, at, evidence)
            course.pop(IN_WRITING, None)
            course["put_in_writing"] = at.isoformat()
            values |= dates
            effects += owed
    if course != case.course:
        values["course"] = course
    detail: dict[str, Any] = {}
    if case.row["waiting_since"] is not None and values.get("status") == "open":
        detail["waited_days"] = (at - case.row["waiting_since"]).days
        detail["waited_since"] = case.row["waiting_since"].isoformat()
    first = (Change(values),) if values else ()
    return Deed("", (*first, *effects), what=found.what.replace("-", "_"), detail=detail)


def _goes_on(case: CaseNow, policy: Policy, at: datetime) -> tuple[dict[str, Any], list[Effect]]:
    """The waiting is over; where the policy says that it pauses the dates, they move by as much."""
    values: dict[str, Any] = {"status": "open", "waiting_since": None}
    effects: list[Effect] = []
    since = case.row["waiting_since"]
    if not policy.pauses or since is None:
        return values, effects
    for duty in case.duty(*PAUSABLE):
        if duty.due_at is None:
            continue
        counted = _moved(duty.kind, duty.due_at, duty.why, since, at, policy, str(case.row["severity"]))
        if counted is not None:
            effects.append(Redate(duty.id, counted))
            if duty.kind == "respond":
                values["respond_by"] = counted.due_at
    return values, effects


def _moved(
    kind: str, due_at: datetime, why: str, since: datetime, at: datetime, policy: Policy, severity: str
) -> Counted | None:
    """The last day, later by exactly the days that were waited for, in the unit in which the policy counts it."""
    first, last, old = (local_date(moment, policy.timezone) for moment in (since, at, due_at))
    duty, calendar = policy.duty(kind), calendar_of(policy)
    span = window_of(policy, duty, severity)[0] if duty is not None else None
    working = span is not None and span.unit is Unit.WORKING_DAYS
    days = calendar.working_days_between(first, last) if working else (last - first).days
    if days <= 0:
        return None
    new = calendar.add_working_days(old, days)[0] if working else old + timedelta(days=days)
    unit = f"{'working ' if working else ''}day{'' if days == 1 else 's'}"
    said = (
        f"{why.rstrip('.')}. From {long_date(first)} to {long_date(last)} an answer was waited for, which is {days} "
        f"{unit}: {long_date(old)} became {long_date(new)}."
    )
    return Counted(new, end_of_day(new, policy.timezone), said)


def _written(case: CaseNow, policy: Policy, at: datetime, evidence: str) -> tuple[dict[str, Any], list[Effect]]:
    """What the policy promises for complaints in writing alone, owed from the day of this one."""
    needs = {duty.kind for duty in policy.duties if duty.needs_writing}
    there = {duty.kind for duty in case.duties}
    owed = owed_on_opening(
        policy, received_at=at, written=True, severity=str(case.row["severity"]), kind="complaint"
    )  # fmt: skip
    new = [each for each in owed if each.kind in needs and each.kind not in there]
    due: Mapping[str, datetime] = {each.kind: each.counted.due_at for each in new if each.counted is not None}
    values: dict[str, Any] = {"status": "open", "waiting_since": None}
    for kind, column in (("acknowledge", "acknowledge_by"), ("respond", "respond_by")):
        if kind in due:
            values[column] = due[kind]
    effects: list[Effect] = [Owe(each) for each in new]
    if asked := tuple(duty.id for duty in case.duty(IN_WRITING)):
        effects.append(Meet(asked, at, evidence))
    return values, effects
