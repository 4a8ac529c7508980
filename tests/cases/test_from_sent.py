"""Which case a mail in our own Sent folder belongs to, and whom it answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from complaintmail.cases.changes import Decision
from complaintmail.cases.from_sent import answers_complainant, sent_by_hand, sent_set_aside, written_to
from complaintmail.mail.message import Message
from complaintmail.mail.read import read
from complaintmail.triage.known import Known, KnownMail
from complaintmail.triage.verdicts import Kind
from tests.support.arrivals import AT, BOX, CMS, EVE, JANE, OTHER_LETTER, PREFIXES, a_case, house, known, our_id

LATER = AT + timedelta(hours=2)
BOB = "bob@complainants.test"
FIRST = "<mail-1@complainants.test>"  # Jane's complaint


def by_hand(
    to: str = JANE,
    *,
    sender: str = BOX,
    subject: str = "Your course",
    headers: Sequence[str] = (),
    body: str = "Sorry.",
) -> Message:
    lines = [f"From: {sender}", *([f"To: {to}"] if to else []), f"Subject: {subject}", "Message-ID: <hand@staff.test>"]
    lines += ["Date: Tue, 17 Mar 2026 11:30:00 +0000", *headers, "", body, ""]
    return read("\r\n".join(lines).encode())


def decided(message: Message, there: Known, sent_at: datetime = LATER) -> Decision:
    return sent_by_hand(message, sent_at, house(), CMS, there, PREFIXES)


def one_case() -> Known:
    return known(a_case(1))


def two_cases() -> Known:
    """Jane's, and another of hers."""
    return known(a_case(1), a_case(2))


@pytest.mark.parametrize(
    ("message", "there", "case_id", "why"),
    [
        (by_hand(headers=[f"In-Reply-To: {FIRST}"]), two_cases(), 1, "answers a mail"),
        (by_hand(headers=[f"References: <x@y.test> {FIRST}"]), two_cases(), 1, "answers a mail"),
        (by_hand(headers=[f"In-Reply-To: {our_id(OTHER_LETTER)}"]), two_cases(), 2, "answers a mail"),
        (by_hand(subject="Re: [CMS-2026-000002] it"), two_cases(), 2, "names the reference"),
        (by_hand(), one_case(), 1, "no other open one"),
        (by_hand(f"Jane <{JANE.upper()}>, {EVE}"), one_case(), 1, "no other open one"),
        (by_hand(EVE, headers=[f"Cc: {JANE}"]), one_case(), 1, "no other open one"),
        (by_hand("", headers=[f"Bcc: Jane Doe <{JANE}>"]), one_case(), 1, "no other open one"),
        (by_hand(), two_cases(), None, "CMS-2026-000001, CMS-2026-000002"),
        (by_hand(), known(a_case(1), a_case(2, kind="compliment")), 1, "no other open one"),
        (by_hand(), known(a_case(1), a_case(2, status="closed")), 1, "no other open one"),
        (by_hand(), known(a_case(1, policy="sek")), None, "cites no case"),
        (by_hand(), known(a_case(1, received_at=LATER + timedelta(minutes=1))), None, "cites no case"),
        (by_hand(EVE), one_case(), None, "cites no case"),
        (by_hand(body="about CMS-2026-000002"), two_cases(), None, "may belong to any"),
        (by_hand(sender="dana@staff.test"), one_case(), 1, "no other open one"),
    ],
)
def test_a_mail_sent_by_hand_is_on_the_case_it_can_only_be_on(
    message: Message, there: Known, case_id: int | None, why: str
) -> None:
    decision = decided(message, there)

    assert decision.joins == case_id
    assert any(why in reason for reason in decision.reasons), decision.reasons
    assert decision.kind is Kind.STAFF
    assert decision.not_answered and not decision.attend and decision.opens is None and decision.answer is None


def test_of_several_cited_cases_it_is_on_the_one_of_the_person_written_to() -> None:
    there = known(a_case(1), a_case(2, addresses=(BOB,)))
    message = by_hand(BOB, headers=[f"References: <mail-2@complainants.test> {FIRST}"])

    assert decided(message, there).joins == 2


def test_what_is_cited_decides_before_a_reference_that_the_subject_names() -> None:
    message = by_hand(subject="[CMS-2026-000002]", headers=[f"In-Reply-To: {FIRST}"])

    assert decided(message, two_cases()).joins == 1


def test_a_mail_to_somebody_else_about_the_case_is_kept_on_it_and_answers_nobody() -> None:
    there = one_case()
    message = by_hand("tutor@staff.test", headers=[f"References: {FIRST}"])

    decision = decided(message, there)

    assert decision.joins == 1 and "counts as no answer" in decision.reasons[-1]
    assert not answers_complainant(message, there.cases[1])
    assert answers_complainant(by_hand(), there.cases[1])
    assert not answers_complainant(by_hand(), None)


def test_a_third_partys_mail_in_the_sent_folder_is_on_no_case() -> None:
    decision = decided(by_hand(sender=EVE, headers=[f"In-Reply-To: {FIRST}"]), one_case())

    assert decision.joins is None and decision.kind is Kind.STAFF and not decision.attend


def test_an_out_of_office_note_of_the_mailbox_is_no_answer() -> None:
    decision = decided(by_hand(headers=["Auto-Submitted: auto-replied", f"In-Reply-To: {FIRST}"]), one_case())

    assert decision.joins is None and decision.kind is Kind.AUTO_REPLY


def test_the_same_mail_once_more_is_another_copy_of_it() -> None:
    there, message = one_case(), by_hand()
    there.by_identity[message.identity] = KnownMail(7, 1, "staff", LATER, BOX)

    decision = decided(message, there)

    assert (decision.again, decision.joins) == (7, 1)


def test_a_copy_that_proved_nothing_in_the_inbox_does_not_hide_it_here() -> None:
    there, message = one_case(), by_hand()
    there.by_identity[message.identity] = KnownMail(7, None, "staff", LATER, BOX)

    decision = decided(message, there)

    assert (decision.again, decision.joins) == (None, 1)


def test_those_written_to_are_found_among_hostile_headers_too() -> None:
    message = by_hand(f"{'<' * 1000}, {JANE}", headers=["Cc: ,,;:", f"Bcc: {BOB}, {'x@y.test,' * 20_000}"])

    assert {JANE, BOB} <= written_to(message)


def test_a_mail_that_broke_this_program_is_put_to_a_person_and_opens_no_case() -> None:
    decision = sent_set_aside("ValueError: odd", CMS)

    assert decision.opens is None and "ValueError: odd" in decision.attend[0].why
