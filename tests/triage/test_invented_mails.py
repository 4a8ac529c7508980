"""Invented mails to training providers, charities and care services, none learnt from: what each is taken for."""

from __future__ import annotations

import pytest

from complaintmail.mail.message import Message
from complaintmail.triage.classify import classify
from complaintmail.triage.judge import score, shipped
from complaintmail.triage.verdicts import Kind

COMPLAINTS = {
    "formal": "I wish to make a formal complaint about the way my daughter was spoken to by your examiner last Friday.",
    "no answer": "This is my fifth message about the missing certificate and I have yet to hear from anybody.",
    "quiet": "I am sorry to have to raise this, but the carer has now missed three visits and my aunt was left in bed.",
    "mixed": "The volunteers were lovely and wonderful, thank you. However, my father fell on the wet floor, "
    "nobody filled in the accident book and your manager laughed it off. I find that appalling.",
    "money": "You have taken the fee from my account twice and your office says that it is not their problem.",
    "teaching": "The trainer was unprepared, rude to the older learners and left early. A complete waste of money.",
    "refund": "We were promised a refund in June. It is September and nothing has been paid. This is not acceptable.",
    "cold": "My mother's room has had no heating since Sunday. I have rung four times and still nobody has come.",
    "appeal": "I am unhappy with the outcome of my assessment. The assessor ignored half of my evidence.",
    "tweetish": "Third cancelled class this month. Why do I even bother paying you? Useless.",
}
NOT_COMPLAINTS = {
    "praise": "Thank you all so much for looking after my grandfather so kindly, the whole family is grateful to you.",
    "course": "What a brilliant week! Jasmin explained everything clearly and I passed with a distinction. Thank you!",
    "question": "How much is the course in plumbing, and do you offer it in the evening? Is there parking?",
    "booking": "I would like to book two places on the manual handling day on 14 May, please send me the invoice.",
    "address": "Please note that from Monday my address will be 12 Station Road. Kind regards, M. Adeyemi",
    "volunteer": "I have some free time on Thursdays and would like to help in your shop. Whom should I speak to?",
    "documents": "Please find attached my signed form and a copy of my passport, as agreed on the telephone.",
    "newsletter": "Welcome to our spring newsletter! In this issue: meet our new trustee, come to the annual "
    "conference, and ten tips for better bids. You receive this because you subscribed. Unsubscribe at any time.",
    "offer": "Dear Sir, we are a leading supplier of promotional pens and mugs. Order now and get 20% off! Click here.",
}


def mail(text: str) -> Message:
    return Message("0" * 64, len(text), text=text, new_text=text)


@pytest.mark.parametrize("name", COMPLAINTS)
def test_a_complaint_is_one_and_its_reason_names_words(name: str) -> None:
    verdict = classify(mail(COMPLAINTS[name]), "general", explain=True)

    assert verdict.kind is Kind.COMPLAINT
    assert verdict.score is not None and verdict.score > 0.5
    assert "“" in verdict.reasons[0]
    assert verdict.weighed


@pytest.mark.parametrize("name", NOT_COMPLAINTS)
def test_what_is_none_is_never_surely_one(name: str) -> None:
    verdict = classify(mail(NOT_COMPLAINTS[name]), "general")

    assert (verdict.kind, verdict.sure) != (Kind.COMPLAINT, True)
    assert verdict.score is not None and verdict.score < 0.6


def test_all_complaints_stand_above_all_the_rest() -> None:
    lowest = min(score(text, shipped()) for text in COMPLAINTS.values())
    highest = max(score(text, shipped()) for text in NOT_COMPLAINTS.values())

    assert lowest > highest


@pytest.mark.parametrize(("name", "kind"), [("praise", Kind.COMPLIMENT), ("question", Kind.ENQUIRY)])
def test_clear_praise_and_clear_questions_are_surely_that(name: str, kind: Kind) -> None:
    verdict = classify(mail(NOT_COMPLAINTS[name]), "general")

    assert (verdict.kind, verdict.sure) == (kind, True)


def test_praise_beside_a_complaint_is_kept_in_the_reasons() -> None:
    verdict = classify(mail(COMPLAINTS["mixed"]), "general")

    assert (verdict.kind, verdict.sure) == (Kind.COMPLAINT, True)
    assert any("praises as well" in reason for reason in verdict.reasons)
