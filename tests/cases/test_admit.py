"""A mail has come: what follows? One decision for each kind of arrival, and never a person's mail merely dropped."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from complaintmail.cases.admit import admit, from_staff, set_aside, writer_of
from complaintmail.cases.arrival import Arrival, House
from complaintmail.cases.budget import Budget, Limits
from complaintmail.cases.changes import Decision
from complaintmail.mail.message import Message
from complaintmail.triage.known import Known, KnownMail
from complaintmail.triage.recognise import Recognition, recognise
from tests.support.arrivals import (
    AT,
    BOX,
    CMS,
    EVE,
    JANE,
    KEY,
    OTHER_LETTER,
    PREFIXES,
    WORDS,
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


WAITS = "its answer waits for a person: "
OLD = arrival("careful", now=AT + timedelta(hours=48, seconds=1))
TABLE = {
    "a complaint": Row(a_message, "complaint", opens="complaint", answer="acknowledgement"),
    "what leaves a doubt": Row(
        lambda: a_message("My booking is 1234. Please call.", subject="Booking 1234"),
        "complaint",
        opens="complaint",
        sure=False,
        answer="acknowledgement",
    ),
    "a mail without a word": Row(
        lambda: a_message("", subject=""), "complaint", opens="complaint", sure=False, answer="acknowledgement"
    ),
    "praise": Row(lambda: a_message(PRAISE, subject="Thank you"), "compliment", opens="compliment", answer="thanks"),
    "an enquiry": Row(lambda: a_message(QUESTION, subject="A question"), "enquiry", unanswered="an enquiry"),
    "spam": Row(
        lambda: a_message("Buy cheap watches now.", subject="Offer", headers=["X-Spam-Flag: YES"]),
        "spam",
        unanswered="marked it as spam",
    ),
    "a complaint that the server calls spam": Row(
        lambda: a_message(headers=["X-Spam-Flag: YES"]),
        "complaint",
        opens="complaint",
        sure=False,
        answer="acknowledgement",
    ),
    "the same mail again": Row(
        a_message,
        "complaint",
        joins=1,
        unanswered="what followed from it stands",
        knowing=lambda: again(one_case()),
    ),
    "older than since": Row(
        a_message, "complaint", unanswered="before the day from which mail is answered", into=arrival("history")
    ),
    "older than since, on a case": Row(
        lambda: a_message(headers=reply_to(our_id())),
        "complaint",
        joins=1,
        unanswered="read for its history only",
        into=arrival("history"),
        knowing=one_case,
    ),
    "a robot older than since": Row(
        lambda: a_message("I am away until Monday.", subject="Out of office", headers=["Auto-Submitted: auto-replied"]),
        "auto-reply",
        unanswered="read for its history only",
        into=arrival("history"),
    ),
    "an out-of-office": Row(
        lambda: a_message("I am away until Monday.", subject="Out of office", headers=["Auto-Submitted: auto-replied"]),
        "auto-reply",
        unanswered="machines are never answered",
    ),
    "an out-of-office on a case": Row(
        lambda: a_message(
            "I am away until Monday.",
            subject="Out of office",
            headers=["Auto-Submitted: auto-replied", *reply_to(our_id())],
        ),
        "auto-reply",
        joins=1,
        unanswered="machines are never answered",
        knowing=one_case,
    ),
    "a machine that sounds dissatisfied": Row(
        lambda: a_message(headers=["Auto-Submitted: auto-replied"]),
        "auto-reply",
        sure=False,
        unanswered="machines are never answered",
        attend=("it looks automatic, but a person's complaint may be in it",),
    ),
    "a newsletter": Row(
        lambda: a_message(
            "Our spring offers.", subject="News", headers=["List-Id: <news.shop.test>", "Precedence: bulk"]
        ),
        "bulk",
        unanswered="machines are never answered",
    ),
    "a bounce of our letter": Row(
        bounce, "bounce", joins=1, unanswered="machines are never answered", knowing=one_case
    ),
    "a bounce of nothing of ours": Row(
        lambda: bounce(id="<their-own@mx.complainants.test>"), "bounce", unanswered="machines are never answered"
    ),
    "nobody's": Row(
        lambda: a_message(sender=""),
        "complaint",
        opens="complaint",
        sure=False,
        unanswered="no sender's address",
        attend=("find out who wrote it",),
    ),
    "from several": Row(
        lambda: a_message(sender=f"{JANE}, {EVE}"),
        "complaint",
        opens="complaint",
        sure=False,
        unanswered="several senders",
        attend=("find out who wrote it",),
    ),
    "unreadable": Row(
        lambda: a_message("", sender="", subject=""),
        "unreadable",
        opens="unreadable",
        sure=False,
        unanswered="no sender's address",
        attend=("find out who wrote it",),
    ),
    "from our own mailbox": Row(
        lambda: a_message(sender=BOX),
        "staff",
        sure=False,
        unanswered="we never answer ourselves",
        attend=("list that sender under `forms`",),
    ),
    "staff, who complain on their own behalf": Row(
        lambda: a_message(sender="Dana <dana@staff.test>"),
        "complaint",
        sure=False,
        opens="complaint",
        answer="received",
        attend=("does it belong to the grievance procedure",),
    ),
    "staff, who complain from an address that failed its checks": Row(
        lambda: a_message(sender="DANA@staff.test", headers=[VERDICT.format("fail").replace("complainants", "staff")]),
        "complaint",
        sure=False,
        opens="complaint",
        answer="received",
        hold="dmarc=fail",
        attend=(WAITS, "does it belong to the grievance procedure"),
        at=house(authserv_id="mx.example.test"),
    ),
    "staff, who answer the letter about their own complaint": Row(
        lambda: a_message("#close", sender="Dana <dana@staff.test>", headers=reply_to(our_id())),
        "reply",
        joins=1,
        unanswered="it is part of CMS-2026-000001",
        knowing=lambda: known(a_case(addresses=("dana@staff.test",))),
    ),
    "staff, about no case and no grievance": Row(
        lambda: a_message(QUESTION, sender="dana@staff.test", subject="Courses"),
        "staff",
        unanswered="about no case",
    ),
    "a website's form": Row(
        lambda: a_message(
            sender=FORM, headers=[f"Reply-To: {JANE}", "Auto-Submitted: auto-generated"], forms=frozenset({FORM})
        ),
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        at=house(forms=[FORM]),
    ),
    "a website's form that names nobody": Row(
        lambda: a_message(sender=FORM, forms=frozenset({FORM})),
        "complaint",
        opens="complaint",
        sure=False,
        unanswered="no sender's address",
        attend=("find out who wrote it",),
        at=house(forms=[FORM]),
    ),
    "a form that a member of staff filled in": Row(
        lambda: a_message(sender=FORM, headers=["Reply-To: dana@staff.test"], forms=frozenset({FORM})),
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        at=house(forms=[FORM]),
    ),
    "a Reply-To that is no form's": Row(
        lambda: a_message(headers=[f"Reply-To: {EVE}"]), "complaint", opens="complaint", answer="acknowledgement"
    ),
    "an answer to our letter": Row(
        lambda: a_message("Thank you.", headers=reply_to(our_id())),
        "reply",
        joins=1,
        unanswered="acknowledged when it was opened",
        knowing=one_case,
    ),
    "an answer to our letter that names another case": Row(
        lambda: a_message("Not CMS-2026-000002.", headers=reply_to(our_id())),
        "reply",
        joins=1,
        unanswered="acknowledged when it was opened",
        attend=("it also names CMS-2026-000002",),
        knowing=two_cases,
    ),
    "an answer on a closed case": Row(
        lambda: a_message("It is not settled.", headers=reply_to(our_id())),
        "reply",
        joins=1,
        unanswered="acknowledged when it was opened",
        attend=("CMS-2026-000001 is closed",),
        knowing=lambda: known(a_case(status="closed")),
    ),
    "somebody else answers our letter": Row(
        lambda: a_message("I am her spouse.", sender=EVE, headers=reply_to(our_id())),
        "reply",
        sure=False,
        joins=1,
        unanswered="was told nothing",
        attend=(f"{EVE} writes about this case and is not on it",),
        knowing=one_case,
    ),
    "the forgotten photo": Row(
        lambda: a_message(
            "--b\nContent-Type: text/plain\n\nThe photo.\n--b\nContent-Type: image/jpeg; name=mould.jpg\n"
            "Content-Disposition: attachment; filename=mould.jpg\nContent-Transfer-Encoding: base64\n\nAAAA\n--b--\n",
            subject="Photo",
            kind="multipart/mixed; boundary=b",
        ),
        "reply",
        sure=False,
        joins=1,
        answer="added",
        knowing=one_case,
    ),
    "a case named by somebody who is not on it": Row(
        lambda: a_message("About CMS-2026-000001: the boiler was never repaired.", sender=EVE),
        "complaint",
        opens="complaint",
        sure=False,
        answer="received",
        attend=("it names CMS-2026-000001 from an address that is not on it",),
        knowing=one_case,
    ),
    "praise that names a case its writer is not on": Row(
        lambda: a_message(f"{PRAISE} CMS-2026-000001", sender=EVE, subject="Thank you"),
        "complaint",
        opens="complaint",
        sure=False,
        answer="received",
        attend=("it names CMS-2026-000001",),
        knowing=one_case,
    ),
    "no automatic reply is wanted": Row(
        lambda: a_message(headers=["X-Auto-Response-Suppress: All"]),
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="X-Auto-Response-Suppress",
        attend=(WAITS,),
    ),
    "a loop suspect": Row(
        lambda: a_message(headers=["Received: from a.test by b.test; Tue, 17 Mar 2026 09:29:00 +0000"] * 101),
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="loop",
        attend=(WAITS,),
    ),
    "a sender who failed authentication": Row(
        lambda: a_message(headers=[VERDICT.format("fail")]),
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="dmarc=fail",
        attend=(WAITS,),
        at=house(authserv_id="mx.example.test"),
    ),
    "the same where nobody configured whom to believe": Row(
        lambda: a_message(headers=[VERDICT.format("fail")]), "complaint", opens="complaint", answer="acknowledgement"
    ),
    "found after 48 hours on a first start": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="older than 48 hours",
        attend=(WAITS,),
        into=OLD,
    ),
    "found within 48 hours on a first start": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        into=arrival("careful", now=AT + timedelta(hours=48)),
    ),
    "after three days down": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        into=arrival(now=AT + timedelta(days=3)),
    ),
    "the sixth mail of a day": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="5 automatic answers went to this address",
        attend=(WAITS,),
        budget=spent(address=5),
    ),
    "a domain that writes too much": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="200 automatic answers went to complainants.test",
        attend=(WAITS,),
        budget=spent(domain=200),
    ),
    "too much in all": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="1000 automatic answers",
        attend=(WAITS,),
        budget=spent(in_all=1000),
    ),
    "the eleventh of the same words": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="word for word the same text",
        attend=(WAITS,),
        budget=spent(alike=10),
    ),
}


def again(cases: Known) -> Known:
    cases.by_identity[a_message().identity] = KnownMail(1, 1, "complaint", AT, JANE)
    return cases


@pytest.mark.parametrize("name", TABLE)
def test_what_follows_from(name: str) -> None:
    row = TABLE[name]

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


@pytest.mark.parametrize(
    ("cases", "cited", "theirs"),
    [
        ((), None, True),
        ((JANE,), our_id(), True),
        (("dana@staff.test",), our_id(), False),
        (("dana@staff.test",), "<mail-1@complainants.test>", False),
        (("dana@staff.test",), None, True),
        ((JANE, "dana@staff.test"), our_id(), True),
    ],
)
def test_staff_write_as_staff_but_on_a_case_that_is_their_own_complaint(
    cases: tuple[str, ...], cited: str | None, theirs: bool
) -> None:
    mail = a_message("#close", sender="dana@staff.test", headers=reply_to(cited) if cited else [])
    knowing = known(a_case(addresses=cases)) if cases else known()
    found = recognise(mail, "dana@staff.test", AT, CMS.name, knowing, KEY, PREFIXES)

    person = from_staff(mail, found, arrival(), house(), "dana@staff.test", knowing)

    assert (person is not None) == theirs


@pytest.mark.parametrize("name", TABLE)
def test_what_a_person_has_to_see_to_has_the_acknowledgement_s_last_moment(name: str) -> None:
    row = TABLE[name]
    decision = decide(row.mail(), into=row.into, at=row.at, knowing=row.knowing(), budget=row.budget())

    dates = [attend.counted.due_at.isoformat() if attend.counted else None for attend in decision.attend]
    assert dates == [ACKNOWLEDGE_BY] * len(dates)
    if decision.answer is not None and str(decision.answer.kind) != "thanks":
        assert decision.answer.due_at is not None and decision.answer.due_at.isoformat() == ACKNOWLEDGE_BY


@pytest.mark.parametrize("name", TABLE)
def test_every_mail_is_answered_or_says_why_not(name: str) -> None:
    row = TABLE[name]
    decision = decide(row.mail(), into=row.into, at=row.at, knowing=row.knowing(), budget=row.budget())

    assert (decision.answer is None) == bool(decision.not_answered)
    assert decision.opens is None or decision.joins is None


@pytest.mark.parametrize(
    ("mailbox", "rule", "budget", "of"),
    list(
        itertools.product(["general", "complaints"], ["answer", "careful"], [0, 5], ["complaint", "nobody", "unsure"])
    ),
)
def test_a_complaint_is_never_merely_dropped(mailbox: str, rule: str, budget: int, of: str) -> None:
    mail = {
        "complaint": a_message(),
        "nobody": a_message(sender=""),
        "unsure": a_message("My booking is 1234. Please call.", subject="Booking 1234"),
    }[of]

    decision = decide(mail, into=arrival(rule), at=house(purpose=mailbox), budget=spent(address=budget)())

    assert decision.opens is not None
    assert {"acknowledge", "decide", "respond"} == {owed.kind for owed in decision.opens.owed}
    goes = decision.answer is not None and decision.answer.hold is None
    assert goes or decision.attend


def test_praise_has_no_clock() -> None:
    decision = decide(a_message(PRAISE, subject="Thank you"))

    assert decision.opens is not None and decision.opens.owed == ()
    assert decision.answer is not None and decision.answer.due_at is None


def test_an_answer_goes_to_from_and_never_to_reply_to() -> None:
    decision = decide(a_message(headers=[f"Reply-To: {EVE}"]))

    assert decision.answer is not None and decision.answer.recipient == JANE
    assert decision.opens is not None and decision.opens.complainant_email == JANE


def test_an_answer_to_a_form_goes_to_its_reply_to() -> None:
    mail = a_message(sender=f"Website <{FORM}>", headers=[f"Reply-To: Jane <{JANE}>"], forms=frozenset({FORM}))

    decision = decide(mail, at=house(forms=[FORM]))

    assert decision.answer is not None and decision.answer.recipient == JANE
    assert decision.opens is not None and decision.opens.complainant_name == "Jane"


def test_how_a_complaint_came_is_kept() -> None:
    form = a_message(sender=FORM, headers=[f"Reply-To: {JANE}"], forms=frozenset({FORM}))
    nobody = a_message(sender=FORM, forms=frozenset({FORM}))
    opened = [decide(mail, at=house(forms=[FORM])).opens for mail in (form, nobody, a_message())]

    assert [case.channel if case else None for case in opened] == ["website", "website", "email"]


def test_somebody_else_who_answers_is_noted_and_nothing_is_sent() -> None:
    decision = decide(a_message("I am her spouse.", sender=EVE, headers=reply_to(our_id())), knowing=one_case())

    assert decision.unverified == EVE
    assert decision.answer is None


def test_a_bounce_names_the_letter_that_did_not_arrive() -> None:
    assert decide(bounce(), knowing=one_case()).bounced == (("abcdefghijklmnop", "5.1.1"),)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_report_that_is_no_failure_is_none(action: str) -> None:
    decision = decide(bounce(action, status="2.0.0"), knowing=one_case())

    assert decision.bounced == ()
    assert decision.delivered == (() if action == "delayed" else ("abcdefghijklmnop",))


def test_a_bounce_of_the_evidence_copy_says_nothing_of_the_complainant() -> None:
    assert decide(bounce(recipient=BOX), knowing=one_case()).bounced == ()


def test_a_bounce_with_a_forged_mark_changes_nothing() -> None:
    decision = decide(bounce(id=our_id(key=b"another key")), knowing=one_case())

    assert (decision.bounced, decision.joins) == ((), None)


def test_a_bounce_of_a_letter_that_was_never_written_changes_nothing() -> None:
    decision = decide(bounce(id=our_id(OTHER_LETTER)), knowing=one_case())

    assert (decision.bounced, decision.joins) == ((), None)


def test_what_the_program_fails_on_is_a_case_for_a_person() -> None:
    decision = set_aside(a_message(), arrival(), CMS, "ValueError: odd")

    assert decision.opens is not None and decision.opens.complainant_email == JANE
    assert [owed.kind for owed in decision.opens.owed] == ["acknowledge", "decide", "respond"]
    assert "ValueError: odd" in decision.attend[0].why


@pytest.mark.parametrize("of", ["robot", "history"])
def test_a_robot_or_old_mail_that_the_program_fails_on_opens_nothing(of: str) -> None:
    mail = a_message("I am away.", headers=["Auto-Submitted: auto-replied"]) if of == "robot" else a_message()

    decision = set_aside(mail, arrival("history" if of == "history" else "answer"), CMS, "ValueError: odd")

    assert (decision.opens, decision.answer, decision.attend) == (None, None, ())
    assert "ValueError: odd" in (decision.not_answered or "")


def test_the_limits_count_what_a_batch_has_spent_already() -> None:
    budget = Budget(Limits(per_address_per_day=2))
    mails = [a_message(f"{WORDS} It is the {n}th time.", message_id=f"<{n}@complainants.test>") for n in range(3)]

    holds = [decision.answer.hold for mail in mails if (decision := decide(mail, budget=budget)).answer]

    assert holds[:2] == [None, None]
    assert holds[2] is not None and "2 automatic answers" in holds[2]
