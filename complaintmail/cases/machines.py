"""Mail that no person wrote: robots, and what other servers report of our letters. None of it is ever answered."""

from __future__ import annotations

import re

from complaintmail.cases.arrival import Arrival, House, put_to_a_person
from complaintmail.cases.changes import Attend, Decision
from complaintmail.mail.message import Message
from complaintmail.mail.references import letter_of
from complaintmail.policy.policy import Policy
from complaintmail.triage.known import Known
from complaintmail.triage.recognise import Recognition, Thread
from complaintmail.triage.verdicts import Kind

_DOES_NOT_SUIT = re.compile(
    r"\s*(?:event |meeting )?(?:invitation |response )?(?:declined|tentative(?:ly accepted)?|maybe|new time proposed|"
    r"proposed new time|counter[- ]?proposal)\b",
    re.IGNORECASE,
)


def robot(message: Message, arrival: Arrival, found: Recognition, policy: Policy) -> Decision:
    kind = Kind(message.origin.automatic.value)
    joins = found.case_id if found.thread in (Thread.JOINS, Thread.STRANGER) else None
    theirs = joins is not None and found.thread is Thread.JOINS
    return Decision(
        kind=kind,
        sure=message.origin.sure,
        score=None,
        severity="medium",
        reasons=(*message.origin.reasons, *found.reasons),
        joins=joins,
        not_answered="a machine wrote it, and machines are never answered",
        attend=_in_doubt(message, arrival, policy) or (_meeting(message, arrival, policy) if theirs else ()),
    )


def _meeting(message: Message, arrival: Arrival, policy: Policy) -> tuple[Attend, ...]:
    """A calendar says for its owner that a meeting does not suit them: a person has to know before that day."""
    if not _DOES_NOT_SUIT.match(message.subject):
        return ()
    return (put_to_a_person("the meeting does not suit them as it was proposed, says their calendar", arrival, policy),)


def _in_doubt(message: Message, arrival: Arrival, policy: Policy) -> tuple[Attend, ...]:
    if message.origin.sure:
        return ()
    return (put_to_a_person("it looks automatic, but a person's complaint may be in it", arrival, policy),)


def bounce(
    message: Message, arrival: Arrival, found: Recognition, house: House, policy: Policy, known: Known
) -> Decision:
    """Another server reports on a letter of ours; it changes a case only when it knows that letter's keyed id."""
    bounced: list[tuple[str, str]] = []
    delivered: list[str] = []
    case_id: int | None = found.case_id
    for report in message.origin.bounces:
        ids = [report.original_message_id or ""]
        letter = next((x for x in (letter_of(house.key, mid) or known.aliases.get(mid) for mid in ids) if x), None)
        if letter is None and report.original_envelope_id in known.letters:
            letter = report.original_envelope_id
        if letter is None and len(found.letters) == 1:
            letter = found.letters[0]
        if letter is None or letter not in known.letters:
            continue
        case_id = known.letters[letter].case_id
        if report.action == "failed" and not _is_our_copy(report.recipient, house):
            word = (report.diagnostic or "").removeprefix("smtp;").strip()  # what the other server said
            said = word if (report.status or "") in word else f"{report.status} {word}".strip()
            bounced.append((letter, said or "undeliverable"))
        elif report.action in ("delivered", "relayed", "expanded"):
            delivered.append(letter)
    reasons = message.origin.reasons
    if case_id is None:
        reasons = (*reasons, "it names no letter of ours")
    return Decision(
        kind=Kind.BOUNCE,
        sure=message.origin.sure,
        score=None,
        severity="medium",
        reasons=reasons,
        joins=case_id,
        not_answered="a mail server wrote it, and machines are never answered",
        attend=() if bounced else _in_doubt(message, arrival, policy),
        bounced=tuple(dict(bounced).items()),
        delivered=tuple(dict.fromkeys(delivered)),
    )


def _is_our_copy(recipient: str | None, house: House) -> bool:
    """A report on our own evidence copy says nothing of the complainant. Any other recipient may be where their
    address forwards to, and one that is not named is taken to be theirs."""
    return recipient is not None and recipient.lower() in house.own
