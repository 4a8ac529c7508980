"""What a person is told to be careful of beside a mail."""

from __future__ import annotations

import pytest

from complaintmail.mail.message import Address, Message
from complaintmail.triage.cautions import cautions


def a_mail(
    text: str = "It was cold.", subject: str = "Hello", name: str = "Jane", address: str = "jane@x.test"
) -> Message:
    return Message(sha256="", size=0, from_=(Address(name, address),), subject=subject, text=text, new_text=text)


@pytest.mark.parametrize(
    ("mail", "about"),
    [
        (a_mail("Your verification code is 493022."), "sign-in code"),
        (a_mail("493022 is your Example security code"), "sign-in code"),
        (a_mail(subject="Sign-in code: 4930"), "sign-in code"),
        (a_mail(name="Jаne Smith"), "alphabets"),
        (a_mail(name="director@org.test"), "another address"),
    ],
)
def test_it_is_said(mail: Message, about: str) -> None:
    (said,) = cautions(mail)

    assert about in said


@pytest.mark.parametrize(
    "mail",
    [
        a_mail(),
        a_mail("The door code did not work and I paid 4000 pounds for course 493022."),
        a_mail(name="Ольга Петрова"),
        a_mail(name="Siân Ŵyn"),
        a_mail(name="jane@x.test"),
        a_mail("code " * 200_000),
    ],
)
def test_ordinary_mail_says_nothing(mail: Message) -> None:
    assert cautions(mail) == ()
