"""The letter that goes to a mail's writer by itself, or why it waits for a person instead. Pure."""

from __future__ import annotations

from datetime import timedelta

from complaintmail.cases.arrival import Arrival, House, put_to_a_person
from complaintmail.cases.budget import Budget, text_key
from complaintmail.cases.changes import Answer, Attend
from complaintmail.cases.post import LetterKind
from complaintmail.mail.authentication import Standing, standing
from complaintmail.mail.message import Address, Message
from complaintmail.mail.spam_marks import spam_mark
from complaintmail.policy.policy import Owed, Policy

CAREFUL_AGE = timedelta(hours=48)


def automatic_answer(
    kind: LetterKind,
    message: Message,
    arrival: Arrival,
    house: House,
    policy: Policy,
    budget: Budget,
    writer: Address,
    owed: Owed | None,
) -> tuple[Answer | None, tuple[Attend, ...], str | None]:
    """The letter, held with its reason where it may not go by itself; held or not, it has the same deadline."""
    hold = _objection(message, arrival, house, budget, writer)
    due = owed.counted.due_at if owed and owed.counted else None
    budget.note_text(writer.key, text_key(message))
    if hold is None:
        budget.spend(writer.key)
        return Answer(kind, writer.address, None, due), (), None
    attend = put_to_a_person(f"its answer waits for a person: {hold}", arrival, policy)
    return Answer(kind, writer.address, hold, due), (attend,), None


def _objection(message: Message, arrival: Arrival, house: House, budget: Budget, writer: Address) -> str | None:
    if message.origin.hold_answer:
        return message.origin.hold_answer
    if message.writer is not None and message.writer.key in house.own and message.writer.key not in house.forms:
        return "it comes from one of our own mailboxes: if a website's form sends it, list that sender under `forms`"
    proved = standing(message, house.authserv_id)
    if proved is Standing.FAILED:
        return "the mail server says that the sender is not who the mail says (dmarc=fail)"
    if proved is not Standing.PASSED and (mark := spam_mark(message, house.authserv_id)) is not None:
        return f"the mail server marked it as spam ({mark}), so its sender may be forged"
    if arrival.rule == "careful" and arrival.now - arrival.received_at > CAREFUL_AGE:
        return "it is older than 48 hours and was found on a first start or after the mailbox was rebuilt"
    return budget.objection(writer.key, text_key(message))
