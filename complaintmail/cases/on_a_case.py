"""A mail that belongs to a case, or says that it does: what follows for that case. Pure.

Nothing of a case is told to anybody who is not on it; what only a person can settle is put before one.
"""

from __future__ import annotations

from dataclasses import replace

from complaintmail.cases import continuing
from complaintmail.cases.appeals import disputes
from complaintmail.cases.arrival import Arrival, House, acknowledgement, put_to_a_person
from complaintmail.cases.automatic import automatic_answer
from complaintmail.cases.budget import Budget
from complaintmail.cases.changes import Attend, Continuation, Decision
from complaintmail.cases.post import LetterKind
from complaintmail.cases.whats_next import after_outcome
from complaintmail.mail.message import Address, Message
from complaintmail.policy.policy import Policy
from complaintmail.policy.windows import local_date
from complaintmail.policy.wording import long_date
from complaintmail.triage.known import Known, KnownCase
from complaintmail.triage.recognise import Recognition, Thread
from complaintmail.triage.thanks import only_thanks
from complaintmail.triage.verdicts import Kind


def reply(
    message: Message,
    arrival: Arrival,
    found: Recognition,
    house: House,
    policy: Policy,
    known: Known,
    budget: Budget,
    writer: Address,
) -> Decision:
    assert found.case_id is not None
    case = known.cases[found.case_id]
    attend: list[Attend] = []
    reasons = found.reasons
    disputed = case.status == "closed" and policy.appeal is not None and bool(case.outcome)
    heard = bool(case.course.get("appeal_outcome"))  # there is one appeal: what comes after it, a person reads
    disputed = disputed and not heard and disputes(message.new_text)
    if disputed and (case.appeal_by is None or arrival.received_at <= case.appeal_by):
        return _appeal(found, policy, case)
    cites = tuple(known.letters[letter] for letter in found.letters if letter in known.letters)
    goes_on = continuing.read(continuing.Coming(message, arrival.received_at, writer.key, case, policy, cites))
    if goes_on is not None and not disputed:
        return _continues(goes_on, message, arrival, found, house, policy, case, budget, writer)
    if case.status == "closed" and not message.attachments and only_thanks(message.new_text):
        reasons = (*reasons, f"{case.reference} is closed, and it says thanks and nothing else")
    elif disputed and case.appeal_by is not None:
        last, came = (long_date(local_date(at, policy.timezone)) for at in (case.appeal_by, arrival.received_at))
        late = f"it disputes the outcome of {case.reference} after the last day for an appeal: that was {last}, and it"
        attend.append(put_to_a_person(f"{late} came on {came}. Is the appeal taken up?", arrival, policy))
    elif case.status == "closed":
        attend.append(
            put_to_a_person(
                f"{case.reference} is closed: is this the same matter, or a new complaint?", arrival, policy
            )
        )
    if found.suggested:
        attend.append(
            put_to_a_person(f"it also names {', '.join(found.suggested)}: which case is it about?", arrival, policy)
        )
    return Decision(
        kind=Kind.REPLY,
        sure=True,
        score=None,
        severity="medium",
        reasons=reasons,
        joins=case.id,
        not_answered=f"it is part of {case.reference}, which was acknowledged when it was opened",
        attend=tuple(attend),
    )


def _appeal(found: Recognition, policy: Policy, case: KnownCase) -> Decision:
    """In time, and it does not accept the outcome: somebody who had no part in it is asked to hear it."""
    clause = policy.appeal.clause if policy.appeal else ""
    why = f"it disputes the outcome of {case.reference} in time, so it is an appeal ({clause})"
    return Decision(
        kind=Kind.APPEAL,
        sure=True,
        score=None,
        severity="medium",
        reasons=(*found.reasons, why),
        joins=case.id,
        not_answered=f"{why}; the appeal has a letter of its own",
        appeals=True,
    )


def _continues(
    goes_on: Continuation,
    message: Message,
    arrival: Arrival,
    found: Recognition,
    house: House,
    policy: Policy,
    case: KnownCase,
    budget: Budget,
    writer: Address,
) -> Decision:
    """It means something for its case: that is noted, a person is asked what they have to settle, a letter may go."""
    why = f"it is part of {case.reference}, which was acknowledged when it was opened"
    answer, attend, refusal = None, tuple(put_to_a_person(ask, arrival, policy) for ask in goes_on.asks), why
    if goes_on.letter is not None:
        owed = acknowledgement(policy, arrival) if goes_on.letter is LetterKind.ACKNOWLEDGEMENT else None
        answer, more, held = automatic_answer(goes_on.letter, message, arrival, house, policy, budget, writer, owed)
        attend, refusal = (*attend, *more), held or ""
    if answer is not None:
        answer = replace(answer, again=True, extra=_next_body(goes_on.letter, case, policy))
    if found.suggested:
        names = ", ".join(found.suggested)
        attend = (*attend, put_to_a_person(f"it also names {names}: which case is it about?", arrival, policy))
    return Decision(
        kind=Kind.REPLY,
        sure=True,
        score=None,
        severity="medium",
        reasons=(*found.reasons, *goes_on.reasons),
        joins=case.id,
        answer=answer,
        not_answered=refusal or None,
        attend=attend,
        continues=goes_on,
    )


def _next_body(letter: LetterKind | None, case: KnownCase, policy: Policy) -> dict[str, str]:
    """Where they can go from here, for a letter that ends the correspondence."""
    if letter is not LetterKind.FINISHED:
        return {}
    following = after_outcome(policy, case.received_at, None, by_post=False, appealed=True).extra()
    return {name: words for name, words in following.items() if name in ("next_body", "next_contact")}


def on_behalf(message: Message, found: Recognition, policy: Policy, known: Known) -> KnownCase | None:
    """The case that somebody names who says that they write for its complainant: it is no case of their own."""
    if found.thread is not Thread.SUGGESTS or len(found.suggested) != 1 or not continuing.on_behalf(message.new_text):
        return None
    case = known.cases.get(known.by_reference.get(found.suggested[0], 0))
    return case if case is not None and case.policy == policy.name else None


def stranger(
    message: Message,
    arrival: Arrival,
    found: Recognition,
    house: House,
    policy: Policy,
    case: KnownCase,
    budget: Budget,
    writer: Address,
) -> Decision:
    """They are not on the case: they learn nothing of it. Who writes for its complainant is told that it has arrived,
    and the complainant is asked whether they may."""
    why = "it is by somebody whose address is not on the case: it was told nothing of it"
    answer, goes_on, refusal = None, None, why
    more: tuple[Attend, ...] = ()
    if continuing.on_behalf(message.new_text):
        answer, more, held = automatic_answer(
            LetterKind.RECEIVED, message, arrival, house, policy, budget, writer, None
        )
        refusal = held or ""
        if answer is not None:
            answer = replace(answer, again=True, neutral=True)
        if answer is not None and answer.hold is None:
            goes_on = continuing.third_party(case, writer.key)
            if goes_on.noted and not _may_be_asked(case, budget):
                goes_on = None
    told = "They were told that their mail has arrived, and nothing else" if answer else "Nothing was sent to them"
    ask = put_to_a_person(
        f"{writer.address} writes about this case and is not on it: may they? {told}", arrival, policy
    )
    attend = (ask, *more)
    return Decision(
        kind=Kind.REPLY,
        sure=False,
        score=None,
        severity="medium",
        reasons=(*found.reasons, *(goes_on.reasons if goes_on else ())),
        joins=case.id,
        unverified=writer.key,
        answer=answer,
        not_answered=refusal or None,
        attend=attend,
        continues=goes_on,
    )


def _may_be_asked(case: KnownCase, budget: Budget) -> bool:
    """Can their complainant be written to by itself once more?"""
    if case.complainant is None or budget.objection(case.complainant, "") is not None:
        return False
    budget.spend(case.complainant)
    return True


def added(
    message: Message,
    arrival: Arrival,
    found: Recognition,
    house: House,
    policy: Policy,
    known: Known,
    budget: Budget,
    writer: Address,
) -> Decision:
    owed = acknowledgement(policy, arrival)
    answer, attend, refusal = automatic_answer(LetterKind.ADDED, message, arrival, house, policy, budget, writer, owed)
    return Decision(
        kind=Kind.REPLY,
        sure=False,
        score=None,
        severity="medium",
        reasons=(*found.reasons, "joined provisionally: staff can split it off"),
        joins=found.case_id,
        answer=answer,
        not_answered=refusal,
        attend=attend,
    )
