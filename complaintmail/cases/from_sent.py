"""A mail from our own Sent folder: what staff answered by hand, from the shared mailbox itself.

Only who may log in can put a mail there, so what it cites may be believed, and a reference in its subject too. Nothing
in it is ever answered, opens a case, or asks anything of a person; what cannot be told is kept without a case. Pure.
"""

from __future__ import annotations

from datetime import datetime

from complaintmail.cases.arrival import House
from complaintmail.cases.changes import Attend, Decision
from complaintmail.mail.addresses import read_addresses
from complaintmail.mail.message import Automatic, Message
from complaintmail.mail.references import case_references
from complaintmail.policy.policy import Policy
from complaintmail.triage.known import Known, KnownCase
from complaintmail.triage.recognise import cited_letters
from complaintmail.triage.verdicts import Kind


def sent_by_hand(
    message: Message, sent_at: datetime, house: House, policy: Policy, known: Known, prefixes: frozenset[str]
) -> Decision:
    """The case this mail belongs to, if there is one that it can only be."""
    before = known.by_identity.get(message.identity)
    if before is not None and before.kind == Kind.STAFF and before.case_id is None:
        before = None  # it came in copy too, where nothing proved it ours: here it is
    again = before.id if before else None
    if message.origin.automatic is not Automatic.NO:
        why = "a machine wrote it, and it lies in the Sent folder"
        return _kept(Kind(message.origin.automatic.value), (why, *message.origin.reasons), None, again)
    if not _by_staff(message, house):
        return _kept(Kind.STAFF, ("it lies in the Sent folder, but is from none of our addresses",), None, again)
    case_id, how = _case_of(message, sent_at, house, policy, known, prefixes)
    if before is not None and before.case_id is not None:
        case_id, how = before.case_id, "the same mail came before"
    reasons = ["it was sent by hand from this mailbox: it lies in the Sent folder", how]
    if case_id is not None and not answers_complainant(message, known.cases.get(case_id)):
        reasons.append("it is not addressed to the complainant, so it counts as no answer")
    return _kept(Kind.STAFF, tuple(reasons), case_id, again)


def answers_complainant(message: Message, case: KnownCase | None) -> bool:
    """Is it addressed to whoever complained? A mail to somebody else about the case answers nobody."""
    return case is not None and not written_to(message).isdisjoint(case.addresses)


def written_to(message: Message) -> frozenset[str]:
    """Everybody a mail in the Sent folder is addressed to; there, hidden copies are named too."""
    hidden = [
        one for line in message.headers_named("bcc")[:5] for one in read_addresses(line.encode("utf-8", "replace"))
    ]
    return frozenset(one.key for one in (*message.to, *message.cc, *hidden) if one.address)


def sent_set_aside(failure: str, policy: Policy) -> Decision:
    """Our own program failed on a mail of the Sent folder: it is kept, and a person is asked to look."""
    why = f"this program failed on a mail in the Sent folder, so a person has to read it: {failure}"
    attend = (Attend(why, None, "", policy.first),)
    return Decision(Kind.STAFF, False, None, "medium", (why,), not_answered=why, attend=attend)


def _kept(kind: Kind, reasons: tuple[str, ...], case_id: int | None, again: int | None) -> Decision:
    why = "it was sent from this mailbox: there is nothing to answer"
    return Decision(kind, True, None, "medium", reasons, joins=case_id, again=again, not_answered=why)


def _by_staff(message: Message, house: House) -> bool:
    writer = message.writer
    return writer is not None and (writer.key in house.own or house.people.at(writer.key) is not None)


def _case_of(
    message: Message, sent_at: datetime, house: House, policy: Policy, known: Known, prefixes: frozenset[str]
) -> tuple[int | None, str]:
    cited = _cited(message, house.key, known)
    named = [known.by_reference.get(one) for one in case_references(message.subject, prefixes=prefixes)]
    for candidates, how in ((cited, "it answers a mail of the case"), (named, "its subject names the reference")):
        there = [case_id for case_id in candidates if case_id is not None and case_id in known.cases]
        if there:  # of several, the one whose complainant it is written to
            to_them = [one for one in there if answers_complainant(message, known.cases[one])]
            return (to_them or there)[0], how
    return _only_case_of_its_recipients(message, sent_at, policy, known)


def _cited(message: Message, key: bytes, known: Known) -> list[int | None]:
    """Cases of the mails and letters that it cites, the nearest first."""
    ids = (*message.in_reply_to, *reversed(message.references))
    letters = [known.letters[one].case_id for one in cited_letters(ids, known, key) if one in known.letters]
    return [*letters, *(mail.case_id for one in ids for mail in known.by_message_id.get(one, ()))]


def _only_case_of_its_recipients(
    message: Message, sent_at: datetime, policy: Policy, known: Known
) -> tuple[int | None, str]:
    ids = {case_id for address in written_to(message) for case_id in known.by_address.get(address, ())}
    live = [
        case
        for case in (known.cases[case_id] for case_id in ids)
        if case.policy == policy.name and case.status != "closed" and case.received_at <= sent_at
    ]
    owed = [case for case in live if case.kind != "compliment"] or live  # praise waits for no answer
    if len(owed) == 1:
        return owed[0].id, "it is written to the complainant of this case, who has no other open one"
    if owed:
        names = ", ".join(sorted(case.reference for case in owed))
        return None, f"it may belong to any of {names}, and says not to which"
    return None, "it cites no case, and is written to nobody who has one open"
