"""What follows from a mail, case by case: what the table of arrivals does not say."""

from __future__ import annotations

import itertools

import pytest

from complaintmail.cases.admit import from_staff, set_aside
from complaintmail.cases.budget import Budget, Limits
from complaintmail.triage.recognise import recognise
from tests.support.admissions import (
    FORM,
    PRAISE,
    bounce,
    decide,
    one_case,
    reply_to,
    spent,
)
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
