"""What the mail server calls spam, as the verdict takes it."""

from __future__ import annotations

import pytest

from complaintmail.mail.message import Message
from complaintmail.triage.classify import classify
from complaintmail.triage.judge import HEAD, TAIL
from complaintmail.triage.verdicts import Kind

MARK = (("x-spam-flag", "YES"),)
OFFER = "Our offer ends soon and is for you alone. "
COMPLAINT = "The tutor was a disgrace and I am furious. "


@pytest.mark.parametrize(
    ("words", "surely"),
    [
        (OFFER, True),
        (OFFER * (HEAD // 20), True),
        (OFFER + COMPLAINT, False),
        (OFFER * 6000, False),  # too long
        (OFFER * (HEAD // 20) + COMPLAINT + OFFER * (TAIL // 20), False),  # where the model does not read
    ],
)
def test_a_mark_of_spam_lets_a_mail_go_only_where_all_of_it_was_read_and_complains_of_nothing(
    words: str, surely: bool
) -> None:
    said = classify(Message(sha256="", size=0, new_text=words, text=words, headers=MARK), "general")

    assert (said.kind is Kind.SPAM and said.sure) is surely
    assert said.sure is surely
