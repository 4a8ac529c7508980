"""A mail that staff sent from the mailbox by hand: kept on its case, and credited to it where it is the answer."""

from __future__ import annotations

from complaintmail.cases.from_sent import answers_complainant, sent_by_hand
from complaintmail.mail.message import Message
from complaintmail.passes.batch import Batch
from complaintmail.passes.desk import Desk
from complaintmail.store import casebook
from complaintmail.store.crediting import credit_answer, nothing_to_see_to
from complaintmail.store.journal import Entry
from complaintmail.triage.known import KnownMail
from complaintmail.triage.verdicts import Kind


def keep_sent(batch: Batch, entry: Entry, message: Message, desk: Desk, prefixes: frozenset[str]) -> None:
    """A mail that staff sent from this mailbox by hand: kept on its case, and credited to it."""
    known, writer = batch.known, batch.writer
    earlier = known.by_identity.get(message.identity)
    decision = sent_by_hand(message, entry.received_at, desk.house, desk.policy, known, prefixes)
    case_id, by = decision.joins, message.writer.key if message.writer else None
    casebook.keep_message(writer, entry.id, entry.mailbox, entry.received_at, message, decision, case_id, by)
    desk.instruction.spent.by_hand(writer, entry)
    met: list[str] = []
    answers = decision.kind is Kind.STAFF and (earlier is None or earlier.kind == Kind.STAFF)
    if case_id is not None and by and answers and answers_complainant(message, known.cases.get(case_id)):
        at = min(entry.received_at, writer.now)
        evidence = f"mail {entry.id}: sent by hand, it lies in the Sent folder of {entry.mailbox}"
        met = credit_answer(writer, case_id, at, evidence, by)
        if earlier is not None:
            nothing_to_see_to(writer, earlier.id, at, evidence)
    else:
        answers = False
    writer.event(
        "answered_by_hand" if answers and (met or decision.again is None) else "sent_mail_kept",
        by=by or "complaintmail",
        case_id=case_id,
        journal=entry.id,
        sha256=message.sha256,
        kind=str(decision.kind),
        reasons=list(decision.reasons),
        met=met,
    )
    if decision.again is None:
        batch.remember(message, KnownMail(entry.id, case_id, str(decision.kind), entry.received_at, by))
