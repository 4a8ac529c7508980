"""A mail's arrival, and what every decision on it is made of: the case it may open, the duties a person may get."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from complaintmail.cases.changes import Attend, NewCase
from complaintmail.cases.people import People
from complaintmail.mail.message import Message
from complaintmail.policy.duties import owed_on_opening
from complaintmail.policy.policy import Counted, Owed, Policy
from complaintmail.triage.classify import classify
from complaintmail.triage.judge import Judge
from complaintmail.triage.verdicts import Classification, Kind

Ask = Callable[[Message, str, Judge | None], Classification]


@dataclass(frozen=True, slots=True)
class Arrival:
    """When and where the mail came, by the server's word, and which rule holds for it."""

    mailbox: str
    received_at: datetime
    rule: str  # answer; careful: held when older than 48 hours; history: never answered
    now: datetime


@dataclass(frozen=True, slots=True)
class House:
    """What this mailbox's settings say."""

    people: People
    own: frozenset[str]  # every address that is one of our mailboxes
    forms: frozenset[str]  # senders whose Reply-To is the person who writes
    purpose: str
    authserv_id: str | None
    key: bytes
    judge: Judge | None = None  # None: what is shipped
    ask: Ask = classify  # who says what a person's mail is
    staffed: bool = True  # False: it is only asked what a mail is, where no staff is known


def new_case(
    message: Message,
    arrival: Arrival,
    policy: Policy,
    kind: Kind,
    sure: bool,
    name: str,
    email: str | None,
    channel: str = "email",
) -> NewCase:
    owed: tuple[Owed, ...] = ()
    if kind is not Kind.COMPLIMENT:
        owed = owed_on_opening(
            policy, received_at=arrival.received_at, written=True, severity=policy.severity, kind="complaint"
        )
    return NewCase(
        kind=kind,
        sure=sure,
        complainant_name=name,
        complainant_email=email,
        subject=message.subject,
        summary=_summary(message),
        severity=policy.severity,
        owed=owed,
        channel=channel,
    )


def _summary(message: Message) -> str:
    """The first words of the complaint, for lists."""
    words = " ".join(message.new_text[:600].split())
    if len(words) <= 160:
        return words
    return words[:157].rsplit(" ", 1)[0] + " …"


def acknowledgement(policy: Policy, arrival: Arrival) -> Owed | None:
    owed = owed_on_opening(
        policy, received_at=arrival.received_at, written=True, severity=policy.severity, kind="complaint"
    )
    return next((duty for duty in owed if duty.kind == "acknowledge"), None)


def put_to_a_person(why: str, arrival: Arrival, policy: Policy) -> Attend:
    owed = acknowledgement(policy, arrival)
    counted: Counted | None = owed.counted if owed else None
    return Attend(why, counted, owed.clause if owed else "", policy.first)
