"""A mail has come: what follows? One reasoned `Decision` for every mail there can be.

Promises: every mail gets exactly one decision; a mail that a person may have written is never merely dropped — it is
answered, or it opens a duty on a person with the same deadline; nothing automatic is ever answered (RFC 3834);
nothing of a case is disclosed to anybody who is not on it. Pure: the caller brings the time and what is known.
"""

from __future__ import annotations

from dataclasses import replace

from complaintmail.cases import continuing
from complaintmail.cases.arrival import Arrival, House, new_case, put_to_a_person
from complaintmail.cases.automatic import automatic_answer
from complaintmail.cases.budget import Budget
from complaintmail.cases.changes import Attend, Decision
from complaintmail.cases.concerned import concerned, needs_a_case
from complaintmail.cases.impression import Impression, first_impression
from complaintmail.cases.judging import LET_GO, unlistable
from complaintmail.cases.machines import bounce, robot
from complaintmail.cases.on_a_case import added, on_behalf, reply, stranger
from complaintmail.cases.people import Person
from complaintmail.cases.post import LetterKind
from complaintmail.cases.suggesting import Read, suggestions
from complaintmail.mail.message import Address, Automatic, Message
from complaintmail.policy.policy import Policy
from complaintmail.triage.concerns import GRAVE, named
from complaintmail.triage.known import Known
from complaintmail.triage.recognise import Recognition, Thread
from complaintmail.triage.verdicts import Classification, Kind

WHY_LET_GO = {
    Kind.ENQUIRY: "an enquiry: it starts no complaint clock, and staff answer it as any other mail",
    Kind.SPAM: "the mail server marked it as spam and nothing in it reads like a complaint",
    Kind.BULK: "a mailing to many, by its words: nobody waits for an answer",
}
STAFF_COMPLAIN = 0.5  # how much a mail of staff must read like a complaint to be taken for one


def writer_of(message: Message, house: House) -> Address | None:
    """Who wrote: From, and for a form's mail its Reply-To. None when that is not exactly one address.

    Many websites send their form in our own name: then somebody else's Reply-To is who wrote, whether that is listed
    under `forms` or not (not listed, the answer waits for a person).
    """
    said = message.writer
    if said is None or (said.key not in house.forms and said.key not in house.own):
        return said
    replies = {address.key: address for address in message.reply_to if address.address and address.key not in house.own}
    if len(replies) == 1:
        return next(iter(replies.values()))
    return said if said.key in house.own else None


def _channel(message: Message, house: House) -> str:
    return "website" if message.writer is not None and message.writer.key in house.forms else "email"


def admit(
    message: Message,
    arrival: Arrival,
    found: Recognition,
    house: House,
    policy: Policy,
    known: Known,
    budget: Budget,
    first: Impression | None = None,
) -> Decision:
    """What this mail means and what it calls for. `first`: what it says by itself, where that was looked at before."""
    first = first or first_impression(message, house, policy)
    decision = _decide(message, arrival, found, house, policy, known, budget, first)
    return _suggested(concerned(decision, first.seen, arrival, policy), message, arrival, house, policy, first)


def _suggested(
    decision: Decision,
    message: Message,
    arrival: Arrival,
    house: House,
    policy: Policy,
    first: Impression,
) -> Decision:
    """What else may be in a complaint, or in what comes on a case, and how serious the mail sounds. It changes nothing
    of what is done: how serious the case is, a person says."""
    opens = decision.opens is not None and decision.opens.kind is not Kind.COMPLIMENT
    theirs = opens or (decision.joins is not None and decision.kind is Kind.REPLY)
    if not theirs or decision.again is not None or arrival.rule == "history":
        return decision
    writer = writer_of(message, house)
    key = writer.key if writer is not None else ""
    people = tuple(one for one in house.people.persons if one.key != key and one.serves(policy))
    under = policy if house.staffed else None
    language, on_a_case = decision.language, decision.joins is not None
    read = Read(message.subject, message.new_text, under, people, key, first.seen, language, on_a_case, first.said)
    found = suggestions(read)
    raised = any(one.what == "severity" and one.command.endswith("high") for one in found)
    return replace(decision, suggestions=found, severity="high" if raised else decision.severity)


def _decide(
    message: Message,
    arrival: Arrival,
    found: Recognition,
    house: House,
    policy: Policy,
    known: Known,
    budget: Budget,
    first: Impression,
) -> Decision:
    writer = writer_of(message, house)
    is_form = message.writer is not None and message.writer.key in house.forms
    automatic = message.origin.automatic
    if found.thread is Thread.AGAIN and found.again is not None:
        return _again(found, message)
    if arrival.rule == "history":
        return _history(message, found, house, policy, first)
    if automatic is Automatic.BOUNCE:
        return bounce(message, arrival, found, house, policy, known)
    if automatic is not Automatic.NO and not is_form:
        return robot(message, arrival, found, policy)
    if writer is None or not writer.address:
        return _nobody_to_answer(message, arrival, policy, house, first)
    if writer.key in house.own:
        return _from_ourselves(message, arrival, policy)
    if house.people.at(writer.key) is not None and not is_form and not _own_complaint(found, known, writer.key):
        return _staff(message, arrival, found, house, policy, budget, writer, first)
    if found.thread is Thread.JOINS and found.case_id is not None:
        return reply(message, arrival, found, house, policy, known, budget, writer)
    behalf = on_behalf(message, found, policy, known)
    if (found.thread is Thread.STRANGER and found.case_id is not None) or behalf is not None:
        case = behalf or known.cases[found.case_id or 0]
        return stranger(message, arrival, found, house, policy, case, budget, writer)
    if found.thread is Thread.ALIKE and found.case_id is not None:
        return added(message, arrival, found, house, policy, known, budget, writer)
    return _fresh(message, arrival, found, house, policy, budget, writer, first)


def set_aside(message: Message, arrival: Arrival, policy: Policy, failure: str) -> Decision:
    """Our own program failed on this mail: a case for a person, with its clocks, and no answer by itself."""
    why = f"this program failed on it, so a person has to read it: {failure}"
    if arrival.rule == "history" or message.origin.automatic is not Automatic.NO:
        return Decision(Kind.UNREADABLE, False, None, "medium", (why,), not_answered=why)
    name = message.writer.name if message.writer else ""
    opens = new_case(
        message, arrival, policy, Kind.UNREADABLE, False, name, message.writer.key if message.writer else None
    )
    attend = (put_to_a_person(why, arrival, policy),)
    return Decision(Kind.UNREADABLE, False, None, "medium", (why,), opens=opens, not_answered=why, attend=attend)


def unanswerable(odd: str, decision: Decision, policy: Policy) -> Attend:
    """The writer's address is one that no letter can be addressed to: a person has to find another way."""
    why = f"its writer's address cannot be written to ({odd}): reach them another way"
    owed = next((duty for duty in (decision.opens.owed if decision.opens else ()) if duty.kind == "acknowledge"), None)
    return Attend(why, owed.counted if owed else None, owed.clause if owed else "", policy.first)


def _again(found: Recognition, message: Message) -> Decision:
    assert found.again is not None
    return Decision(
        kind=Kind(found.again.kind),
        sure=True,
        score=None,
        severity="medium",
        reasons=found.reasons,
        joins=found.case_id,
        again=found.again.id,
        not_answered=f"{found.reasons[0]}; what followed from it stands",
    )


def _history(message: Message, found: Recognition, house: House, policy: Policy, first: Impression) -> Decision:
    verdict = _verdict(message, house, policy, first)
    joins = found.case_id if found.thread is Thread.JOINS else None
    why = "it was in the mailbox before the day from which mail is answered (`since`): read for its history only"
    return Decision(
        verdict.kind, verdict.sure, verdict.score, verdict.severity, verdict.reasons, joins=joins, not_answered=why,
        language=verdict.language,
    )  # fmt: skip


def _verdict(message: Message, house: House, policy: Policy, first: Impression) -> Classification:
    automatic = message.origin.automatic
    if automatic is Automatic.NO:
        return first.asked(message, house, policy)
    return Classification(Kind(automatic.value), None, message.origin.sure, message.origin.reasons)


def _nobody_to_answer(message: Message, arrival: Arrival, policy: Policy, house: House, first: Impression) -> Decision:
    readable = bool(message.text.strip() or message.subject.strip() or message.attachments) and not message.error
    several = len({a.key for a in message.from_ if a.address}) > 1
    why = (
        "it names several senders, so nothing can be answered by itself"
        if several
        else "it has no sender's address that could be answered"
    )
    if readable:
        verdict = first.asked(message, house, policy)
        kind, score, reasons = Kind.COMPLAINT, verdict.score, verdict.reasons
    else:
        kind, score = Kind.UNREADABLE, None
        reasons = (message.error or "nothing in it can be read",)
    opens = new_case(message, arrival, policy, kind, False, "", None, _channel(message, house))
    attend = (put_to_a_person(f"{why}: find out who wrote it and acknowledge it by hand", arrival, policy),)
    return Decision(kind, False, score, "medium", (*reasons, why), opens=opens, not_answered=why, attend=attend)


def _from_ourselves(message: Message, arrival: Arrival, policy: Policy) -> Decision:
    why = "it comes from one of our own mailboxes"
    attend = (put_to_a_person(f"{why}: if a website's form sends it, list that sender under `forms`", arrival, policy),)
    return Decision(
        Kind.STAFF, False, None, "medium", (why,), not_answered=f"{why}; we never answer ourselves", attend=attend
    )


def from_staff(
    message: Message, found: Recognition, arrival: Arrival, house: House, writer: str | None, known: Known
) -> Person | None:
    """The member of staff whose mail this may be, where it has to be seen as staff's first. On a case that is their
    own complaint they write as its complainant, and order nothing."""
    if found.thread is Thread.AGAIN or arrival.rule == "history" or message.origin.automatic is not Automatic.NO:
        return None
    if writer is None or (message.writer is not None and message.writer.key in house.forms):
        return None
    return None if _own_complaint(found, known, writer) else house.people.at(writer)


def _own_complaint(found: Recognition, known: Known, writer: str) -> bool:
    case = known.cases.get(found.case_id) if found.thread is Thread.JOINS and found.case_id is not None else None
    return case is not None and case.complainant == writer


def _staff(
    message: Message,
    arrival: Arrival,
    found: Recognition,
    house: House,
    policy: Policy,
    budget: Budget,
    writer: Address,
    first: Impression,
) -> Decision:
    """A member of staff writes on their own behalf: about no case, and with no order in it."""
    verdict = first.asked(message, house, policy)
    why = "its sender's address is a member of staff's"
    complains = verdict.kind is Kind.COMPLAINT and (verdict.sure or (verdict.score or 0.0) >= STAFF_COMPLAIN)
    unlisted = unlistable(message, house, policy)
    if not complains and not named(first.seen, GRAVE) and not unlisted:
        return Decision(
            *(Kind.STAFF, True, verdict.score, "medium", (why,)),
            not_answered=f"{why}, and it is about no case: kept, and on the day's list",
        )
    opens = new_case(message, arrival, policy, Kind.COMPLAINT, False, writer.name, writer.key)
    owed = next((duty for duty in opens.owed if duty.kind == "acknowledge"), None)
    answer, attend, refusal = automatic_answer(
        LetterKind.RECEIVED, message, arrival, house, policy, budget, writer, owed
    )
    ask = (
        f"{writer.address} is a member of staff and seems to complain: does it belong to the grievance procedure? They "
        "were told that it has arrived, and nothing else"
    )
    attend = (*attend, put_to_a_person(ask, arrival, policy))
    return Decision(
        kind=Kind.COMPLAINT,
        language=verdict.language,
        sure=False,
        score=verdict.score,
        severity=verdict.severity,
        reasons=tuple(filter(None, (*verdict.reasons, why, unlisted))),
        opens=opens,
        answer=answer,
        not_answered=refusal,
        attend=attend,
    )


def _fresh(
    message: Message,
    arrival: Arrival,
    found: Recognition,
    house: House,
    policy: Policy,
    budget: Budget,
    writer: Address,
    first: Impression,
) -> Decision:
    verdict = first.asked(message, house, policy)
    reasons = (*verdict.reasons, *found.reasons)
    suggests, urgent = found.thread is Thread.SUGGESTS, verdict.kind is not Kind.COMPLAINT and needs_a_case(first.seen)
    sure = verdict.sure and not suggests and not urgent
    if sure and verdict.kind in LET_GO:
        return Decision(
            verdict.kind, True, verdict.score, verdict.severity, reasons, not_answered=WHY_LET_GO[verdict.kind],
            language=verdict.language,
        )  # fmt: skip
    praise = verdict.kind is Kind.COMPLIMENT and sure
    kind = Kind.COMPLIMENT if praise else Kind.COMPLAINT
    channel = _channel(message, house)
    opens = new_case(message, arrival, policy, kind, sure, writer.name, writer.key, channel)
    opens = replace(opens, language=verdict.language)
    letter = LetterKind.THANKS if praise else LetterKind.ACKNOWLEDGEMENT if sure else LetterKind.UNSURE
    letter = LetterKind.RECEIVED if suggests else letter
    owed = next((duty for duty in opens.owed if duty.kind == "acknowledge"), None)
    answer, attend, refusal = automatic_answer(letter, message, arrival, house, policy, budget, writer, owed)
    if suggests:
        names = ", ".join(found.suggested)
        ask = f"it names {names} from an address that is not on it: does it belong there? Its writer was told nothing"
        attend = (*attend, put_to_a_person(ask, arrival, policy))
    goes_on = None
    if kind is Kind.COMPLAINT and answer is not None and answer.hold is None and not suggests:
        goes_on = continuing.FOR_ANOTHER if continuing.for_somebody(message.new_text) else None
    if goes_on is not None:
        budget.spend(writer.key)
        reasons = (*reasons, *goes_on.reasons)
        attend = (*attend, *(put_to_a_person(ask, arrival, policy) for ask in goes_on.asks))
    return Decision(
        continues=goes_on,
        language=verdict.language,
        kind=kind,
        sure=sure,
        score=verdict.score,
        severity=verdict.severity,
        reasons=reasons,
        opens=opens,
        answer=answer,
        not_answered=refusal,
        attend=attend,
    )
