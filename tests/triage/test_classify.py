"""The first rule: when unsure it is a complaint, and its reasons name the words."""

from __future__ import annotations

import time

import pytest

from complaintmail.mail.message import Attachment, Message
from complaintmail.triage.classify import classify
from complaintmail.triage.verdicts import Kind


def mail(text: str, subject: str = "", headers: tuple[tuple[str, str], ...] = (), attached: bool = False) -> Message:
    attachments = (Attachment("photo.jpg", "image/jpeg", 1000, 1),) if attached else ()
    return Message(
        "0" * 64, len(text), subject=subject, text=text, new_text=text, headers=headers, attachments=attachments
    )


@pytest.mark.parametrize(
    "text",
    [
        "I want to complain about the boiler. Nobody came.",
        "The boiler was never repaired. I complain.",
        "Your driver was rude and hung up on me.",
        "I am not happy with the course at all.",
        "Three weeks without heating is unacceptable.",
        "The toilets are filthy again and the staff ignored me.",
        "Thank you for your kind reply, but I am still very disappointed: the lift is broken.",
        "The nurse was wonderful, the doctor was appalling.",
        "What time do you open? I waited an hour outside and nobody came, a disgrace and a shambles.",
    ],
)
@pytest.mark.parametrize("purpose", ["general", "complaints"])
def test_dissatisfaction_is_surely_a_complaint(text: str, purpose: str) -> None:
    verdict = classify(mail(text), purpose)
    assert (verdict.kind, verdict.sure) == (Kind.COMPLAINT, True)
    assert verdict.score is not None and verdict.score >= 0.8
    assert "“" in verdict.reasons[0]


@pytest.mark.parametrize(
    "text",
    [
        "The course begins at nine.",
        "Please call me.",
        "My boiler makes a noise.",
        "Thank you, I got your letter.",
        "The staff were great, but the room was small.",
        "I love the garden. Could the gate stay open, though?",
        "How do I get a refund?",
        "Why was my application not looked at?",
        "Could you tell me who is responsible?",
        "hello",
    ],
)
@pytest.mark.parametrize("purpose", ["general", "complaints"])
def test_in_doubt_it_is_a_complaint_and_not_sure(text: str, purpose: str) -> None:
    verdict = classify(mail(text), purpose)
    assert (verdict.kind, verdict.sure) == (Kind.COMPLAINT, False)


@pytest.mark.parametrize(
    "text",
    [
        "I would like to thank Sarah, she was wonderful, kind and very helpful.",
        "What a fantastic day out. The staff were friendly and brilliant.",
        "We want to thank everybody, the service was excellent and you were all lovely.",
    ],
)
def test_clear_praise_is_a_compliment(text: str) -> None:
    for purpose in ("general", "complaints"):
        verdict = classify(mail(text), purpose)
        assert (verdict.kind, verdict.sure) == (Kind.COMPLIMENT, True)
        assert verdict.score is not None and verdict.score < 0.2


@pytest.mark.parametrize(
    "text",
    [
        "I would like to thank Sarah, she was wonderful. The food was cold, unfortunately.",
        "Excellent staff, brilliant course, but the heating.",
        "Wonderful, excellent, thank you. Only the toilets should be cleaned.",
        "The staff were wonderful and kind. My mother was neglected on the ward.",
    ],
)
def test_praise_with_anything_else_in_it_is_not_put_aside(text: str) -> None:
    assert classify(mail(text), "general").kind is Kind.COMPLAINT


@pytest.mark.parametrize(
    "text",
    [
        "Hello, when does the next welding course start and how much is it?",
        "Could you please tell me your opening hours? I am interested in the course. Is it possible to visit?",
        "Are you open on Boxing Day? Where can I park?",
    ],
)
def test_a_clear_question_is_an_enquiry(text: str) -> None:
    for purpose in ("general", "complaints"):
        verdict = classify(mail(text), purpose)
        assert (verdict.kind, verdict.sure) == (Kind.ENQUIRY, True)


def test_a_single_question_is_an_enquiry_only_where_anything_may_come() -> None:
    text = "When does the next course start?"
    assert classify(mail(text), "general").kind is Kind.ENQUIRY
    assert classify(mail(text), "complaints").kind is Kind.COMPLAINT


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        (
            "Seit drei Wochen funktioniert die Heizung in meiner Wohnung nicht und niemand antwortet auf meine Briefe.",
            False,
        ),
        (
            "Je souhaite déposer une réclamation au sujet du chauffage, en panne depuis trois semaines chez moi.",
            False,
        ),
        ("Od trzech tygodni nie działa ogrzewanie w moim mieszkaniu i nikt nie odpowiada na moje listy.", False),
        ("Dydy'r gwres ddim yn gweithio ers tair wythnos a does neb yn ateb fy llythyrau i chi yno.", False),
    ],
)
def test_another_language_is_a_complaint_until_somebody_has_read_it(text: str, sure: bool) -> None:
    verdict = classify(mail(text), "general")
    assert (verdict.kind, verdict.sure) == (Kind.COMPLAINT, sure)


@pytest.mark.parametrize("attached", [True, False])
def test_a_mail_without_words_is_a_complaint_and_not_sure(attached: bool) -> None:
    verdict = classify(mail("", attached=attached), "general")
    assert (verdict.kind, verdict.sure) == (Kind.COMPLAINT, False)
    assert ("attachment" in verdict.reasons[0]) is attached


@pytest.mark.parametrize(
    "header",
    [
        ("x-spam-flag", "YES"),
        ("x-spam-status", "Yes, score=12.3 required=5.0"),
        ("x-ms-exchange-organization-scl", "6"),
        ("x-forefront-antispam-report", "CIP:192.0.2.1;CTRY:US;SCL:9;SRV:;"),
    ],
)
def test_spam_needs_the_servers_word_and_nobody_complaining(header: tuple[str, str]) -> None:
    offer = classify(mail("Buy watches today, limited offer!", headers=(header,)), "general")
    assert (offer.kind, offer.sure) == (Kind.SPAM, True)
    angry = classify(mail("I complain: the boiler is broken.", headers=(header,)), "general")
    assert (angry.kind, angry.sure) == (Kind.COMPLAINT, False)
    assert "hold" in angry.reasons[0]
    german = classify(mail("Ich möchte mich beschweren, die Heizung ist kaputt.", headers=(header,)), "general")
    assert german.kind is Kind.COMPLAINT


@pytest.mark.parametrize(
    "header", [("x-spam-flag", "NO"), ("x-spam-status", "No, score=1"), ("x-ms-exchange-organization-scl", "1")]
)
def test_without_the_servers_word_nothing_is_spam(header: tuple[str, str]) -> None:
    assert classify(mail("Buy watches today, limited offer!", headers=(header,)), "general").kind is not Kind.SPAM


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("I complain: the carer assaulted my mother.", "assaulted"),
        ("My son was injured by the broken gate.", "injured"),
        ("I feel suicidal because of this.", "suicidal"),
        ("My solicitor will write to you about the broken lift.", "solicitor"),
        ("I will take legal action.", "legal action"),
    ],
)
def test_harm_and_law_raise_the_severity_and_say_why(text: str, word: str) -> None:
    verdict = classify(mail(text), "general")
    assert verdict.severity == "high"
    assert any(word in reason for reason in verdict.reasons)


def test_without_them_it_is_medium() -> None:
    assert classify(mail("I complain about the boiler."), "general").severity == "medium"


def test_the_subject_counts_as_much_as_the_text() -> None:
    assert classify(mail("See attached.", subject="Formal complaint"), "general").sure


def test_an_ordinary_mail_takes_next_to_nothing() -> None:
    text = "I rang on Monday and was told to wait, then on Tuesday nobody came to my flat to look at it. " * 12
    message = mail(text)
    best = min(_seconds(message) for _ in range(20))
    assert best < 0.01


def _seconds(message: Message) -> float:
    begin = time.process_time()
    classify(message, "general")
    return time.process_time() - begin


@pytest.mark.parametrize(
    "text",
    [
        "Good afternoon. Kindly confirm my place. Thanks in advance, best regards",
        "Kindly ring me back. Best wishes, Jane",
        "Dear team, I would be grateful for a reply. It would be lovely to hear from you. Have a nice day. Best wishes",
        "It would be great if you could be so kind as to send me the form. All the best and kind regards, Jane",
        "Thanks for your help in this matter. Good morning to all, and best wishes.",
    ],
)
@pytest.mark.parametrize("purpose", ["general", "complaints"])
def test_polite_words_are_never_surely_praise(text: str, purpose: str) -> None:
    verdict = classify(mail(text), purpose)

    assert (verdict.kind, verdict.sure) != (Kind.COMPLIMENT, True)
    assert not any(reason.startswith("It praises") for reason in verdict.reasons)
