"""Arrivals and what the program knew when they came, for tests of what follows from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from complaintmail.cases.admit import admit, writer_of
from complaintmail.cases.arrival import Arrival, House
from complaintmail.cases.budget import Budget, Limits
from complaintmail.cases.changes import Decision
from complaintmail.mail.message import Message
from complaintmail.triage.known import Known, KnownMail
from complaintmail.triage.recognise import Recognition, recognise
from tests.support.arrivals import (
    AT,
    CMS,
    JANE,
    KEY,
    PREFIXES,
    a_case,
    a_message,
    arrival,
    house,
    known,
    our_id,
)

PRAISE = "Thank you so much, the tutor was wonderful, kind and patient with all of us. I was delighted."
QUESTION = "Could you please tell me when the next course starts, and how much it costs? What are the opening hours?"
ACKNOWLEDGE_BY = "2026-03-19T23:59:59+00:00"  # two working days after Tuesday 17 March
FORM = "forms@website.test"
WAITS = "its answer waits for a person: "
VERDICT = "Authentication-Results: mx.example.test; dmarc={} header.from=complainants.test"
DSN = """--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.complainants.test

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}

--b
Content-Type: message/rfc822-headers

Message-ID: {id}
Subject: We have received your complaint

--b--
"""


def decide(
    message: Message,
    *,
    into: Arrival | None = None,
    at: House | None = None,
    knowing: Known | None = None,
    budget: Budget | None = None,
) -> Decision:
    """As intake does it: recognise, then admit."""
    into, at, knowing = into or arrival(), at or house(), knowing or known()
    writer = writer_of(message, at)
    key = writer.key if writer and writer.address else None
    found: Recognition = recognise(message, key, into.received_at, CMS.name, knowing, KEY, PREFIXES)
    return admit(message, into, found, at, CMS, knowing, budget or Budget(Limits()))


@dataclass(frozen=True)
class Row:
    """One kind of arrival, and what the decision on it is."""

    mail: Callable[[], Message]
    kind: str
    opens: str | None = None
    sure: bool = True
    joins: int | None = None
    answer: str | None = None
    hold: str | None = None
    unanswered: str | None = None
    attend: tuple[str, ...] = ()
    into: Arrival = field(default_factory=arrival)
    at: House = field(default_factory=house)
    knowing: Callable[[], Known] = known
    budget: Callable[[], Budget] = lambda: Budget(Limits())


def bounce(action: str = "failed", recipient: str = JANE, status: str = "5.1.1", id: str | None = None) -> Message:
    return a_message(
        DSN.format(action=action, recipient=recipient, status=status, id=id or our_id()),
        sender="MAILER-DAEMON@mx.complainants.test",
        subject="Undelivered Mail Returned to Sender",
        headers=["Return-Path: <>", "Auto-Submitted: auto-replied"],
        kind="multipart/report; report-type=delivery-status; boundary=b",
    )


def spent(*, address: int = 0, domain: int = 0, in_all: int = 0, alike: int = 0) -> Callable[[], Budget]:
    def made() -> Budget:
        budget = Budget(Limits())
        budget.by_address[JANE] = address
        budget.by_domain["complainants.test"] = domain
        budget.in_all = in_all
        for n in range(alike):
            budget.note_text(f"other{n}@third.test", a_message().body_hash)
        return budget

    return made


def one_case() -> Known:
    return known(a_case())


def two_cases() -> Known:
    return known(a_case(), a_case(2, addresses=("bob@complainants.test",)))


def reply_to(*cited: str) -> list[str]:
    return [f"In-Reply-To: {mid}" for mid in cited[:1]] + [f"References: {' '.join(cited)}"]


def again(cases: Known) -> Known:
    cases.by_identity[a_message().identity] = KnownMail(1, 1, "complaint", AT, JANE)
    return cases


def follows(row: Row) -> None:
    """What the row says is what follows."""
    decision = decide(row.mail(), into=row.into, at=row.at, knowing=row.knowing(), budget=row.budget())

    assert str(decision.kind) == row.kind
    assert decision.sure == row.sure
    assert (str(decision.opens.kind) if decision.opens else None) == row.opens
    assert decision.joins == row.joins
    assert (str(decision.answer.kind) if decision.answer else None) == row.answer
    held = decision.answer.hold if decision.answer else None
    assert held is None if row.hold is None else held is not None and row.hold in held
    assert (
        row.unanswered in decision.not_answered
        if row.unanswered and decision.not_answered
        else (row.unanswered is decision.not_answered)
    )
    assert len(decision.attend) == len(row.attend)
    assert all(words in attend.why for words, attend in zip(row.attend, decision.attend, strict=True))
    assert decision.reasons
    assert (decision.answer is None) == bool(decision.not_answered), "it is answered, or says why not"
    assert decision.opens is None or decision.joins is None


def dated(row: Row) -> None:
    """Whatever a person has to see to has the acknowledgement's last moment."""
    decision = decide(row.mail(), into=row.into, at=row.at, knowing=row.knowing(), budget=row.budget())

    dates = [attend.counted.due_at.isoformat() if attend.counted else None for attend in decision.attend]
    assert dates == [ACKNOWLEDGE_BY] * len(dates)
    if decision.answer is not None and str(decision.answer.kind) != "thanks":
        assert decision.answer.due_at is not None and decision.answer.due_at.isoformat() == ACKNOWLEDGE_BY
