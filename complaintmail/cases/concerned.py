"""What follows where a mail cannot wait, or where a law has a clock of its own for it.

Somebody may be at risk: a person whom the policy names for that has it at once, and hourly until they say that they are
seeing to it; the case is restricted, serious and of high severity, and its letter has no cheerful word in it. A
complaint about personal data, or a request for it: the law's own date runs beside the policy's, from receipt, whatever
the mail was first taken for. A threat, a lawyer, the press: proposed to a person, never done by itself. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from complaintmail.cases.arrival import Arrival, put_to_a_person
from complaintmail.cases.changes import Attend, Decision, NewCase
from complaintmail.cases.deeds import Change, Deed, Effect, Owe, Redate
from complaintmail.cases.post import LetterKind
from complaintmail.cases.reminding import SAFEGUARDING
from complaintmail.cases.scene import CaseNow
from complaintmail.mail.message import Message
from complaintmail.policy.duties import owed_by, owed_on_opening
from complaintmail.policy.policy import Counted, Owed, Policy
from complaintmail.policy.windows import add_months, end_of_day, local_date
from complaintmail.policy.wording import long_date
from complaintmail.triage.concern_words import Concern
from complaintmail.triage.concerns import GRAVE, LAWFUL, Found, concerns, named
from complaintmail.triage.needles import Said
from complaintmail.triage.verdicts import Kind

DUTIES = {Concern.DATA: "data-acknowledge", Concern.ACCESS: "access"}
LASTING = frozenset(DUTIES.values())  # owed by law, whatever else the mail was
HIGH = "high"
OPENS_A_CASE = GRAVE | LAWFUL | {Concern.THREAT}  # an enquiry or praise with this in it is a case all the same
# These give way to the other letter.
SOBER = frozenset({LetterKind.ACKNOWLEDGEMENT, LetterKind.UNSURE, LetterKind.RECEIVED, LetterKind.ADDED})
ASKS_FOR_DATA = "it asks for what is recorded about its writer"


def seen_in(message: Message, said: Said | None = None) -> tuple[Found, ...]:
    """What its writer's own words show. `said`: its words, where they were looked through before."""
    return concerns(message.new_text, message.subject, said)


def needs_a_case(seen: Sequence[Found]) -> bool:
    return bool(named(seen, OPENS_A_CASE))


def outlasts(kind: str, role: str) -> bool:
    """Is this owed even where the mail turns out to be no complaint?"""
    return kind in LASTING or (kind == "attend" and role == SAFEGUARDING)


def concerned(decision: Decision, seen: tuple[Found, ...], arrival: Arrival, policy: Policy) -> Decision:
    """The decision with what these concerns bring."""
    if not seen or decision.again is not None or arrival.rule == "history":
        return decision
    if decision.opens is None and decision.joins is None:
        return replace(decision, reasons=(*decision.reasons, *_reasons(seen)))
    grave = named(seen, GRAVE)
    attend = decision.attend
    if grave:
        attend = (at_once(grave, arrival.received_at, policy), *attend)
    if Concern.ACCESS in {one.concern for one in seen} and policy.duty("access") is None:
        attend = (*attend, put_to_a_person(_a_month(arrival, policy), arrival, policy))
    answer = decision.answer
    if grave and answer is not None and answer.kind in SOBER and not answer.neutral:
        despair = any(one.concern is Concern.SELF_HARM for one in grave)
        again = answer.again or answer.kind is LetterKind.ADDED
        extra = {**answer.extra, "despair": "yes" if despair else ""}
        answer = replace(answer, kind=LetterKind.CONCERN, again=again, extra=extra)
    return replace(
        decision,
        severity=HIGH if grave else decision.severity,
        reasons=(*decision.reasons, *_reasons(seen)),
        opens=opening(decision.opens, seen, arrival.received_at, policy) if decision.opens is not None else None,
        answer=answer,
        attend=attend,
        concerns=seen,
    )


def _reasons(seen: Sequence[Found]) -> tuple[str, ...]:
    return tuple(f"{one.says}." for one in seen)


def at_once(grave: Sequence[Found], received_at: datetime, policy: Policy) -> Attend:
    """Whoever is named for safeguarding sees to it today, whatever day it is."""
    day = local_date(received_at, policy.timezone)
    counted = Counted(day, end_of_day(day, policy.timezone), "A person's safety waits for no working day.")
    says = " ".join(f"{one.says}." for one in grave)
    return Attend(f"{says} Please look at it at once", counted, "", SAFEGUARDING)


def _a_month(arrival: Arrival, policy: Policy) -> str:
    last = add_months(local_date(arrival.received_at, policy.timezone), 1)
    return f"{ASKS_FOR_DATA}. The law gives one month, that is, until {long_date(last)}. Who sees to it?"


def lawful(seen: Sequence[Found], received_at: datetime, policy: Policy) -> tuple[Owed, ...]:
    """What a law wants besides, from receipt, where the policy's file has it."""
    kinds = (DUTIES[one.concern] for one in named(seen, LAWFUL))
    owed = (owed_by(policy, kind, received_at, policy.severity) for kind in kinds)
    return tuple(each for each in owed if each is not None)


def opening(opens: NewCase, seen: Sequence[Found], received_at: datetime, policy: Policy) -> NewCase:
    """A case as these concerns have it from its first minute."""
    if opens.kind is Kind.COMPLIMENT:
        return opens
    if named(seen, GRAVE):
        owed = owed_on_opening(policy, received_at=received_at, written=True, severity=HIGH, kind="complaint")
        there = {each.kind for each in opens.owed}  # a call has not all that a letter has
        owed = tuple(each for each in owed if each.kind in there)
        opens = replace(opens, severity=HIGH, restricted=True, serious=True, owed=owed)
    return replace(opens, owed=(*opens.owed, *lawful(seen, received_at, policy)))


def deed_on(case: CaseNow, decision: Decision, policy: Policy, received_at: datetime, entry: int) -> Deed | None:
    """What it changes on a case that is there. Somebody who is not on the case changes nothing of it."""
    if decision.unverified is not None:
        return None
    effects: list[Effect] = []
    if named(decision.concerns, GRAVE):
        marks = {"restricted": True, "serious": True, "severity": HIGH}
        changed = {name: value for name, value in marks.items() if case.row[name] != value}
        if "severity" in changed:
            effects += at_severity(case, policy, HIGH)
        if changed:
            effects.append(Change(changed))
    effects += [
        Owe(owed, max(2, entry)) for owed in lawful(decision.concerns, received_at, policy) if not case.duty(owed.kind)
    ]
    return Deed("; ".join(one.says for one in decision.concerns), tuple(effects), what="concern") if effects else None


def at_severity(case: CaseNow, policy: Policy, level: str) -> list[Effect]:
    """The answer's date moves with the severity, from receipt; never one that was agreed, or that is past."""
    effects: list[Effect] = []
    for duty in case.duty("respond"):
        owed = owed_by(policy, "respond", case.row["received_at"], level)
        if owed is None or owed.counted is None or case.row["agreed"] or owed.counted.due_at == duty.due_at:
            continue
        effects += [Redate(duty.id, owed.counted), Change({"respond_by": owed.counted.due_at})]
    return effects
