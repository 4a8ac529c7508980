"""What a mail says by itself: looked at before anybody asks what it belongs to, and whoever judges is asked once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from complaintmail.mail.message import Message
from complaintmail.triage.classify import classify
from complaintmail.triage.verdicts import Classification
from tests.support.admissions import FORM, PRAISE, QUESTION, decide, one_case, reply_to
from tests.support.arrivals import JANE, a_message, arrival, house


@pytest.mark.parametrize(
    ("mail", "rest", "times"),
    [
        (a_message(), {}, 1),
        (a_message(PRAISE), {}, 1),
        (a_message(QUESTION, sender="dana@staff.test", subject="Courses"), {}, 1),
        (a_message(), {"into": arrival("history")}, 1),
        (a_message(headers=["In-Reply-To: <elsewhere@example.test>"]), {}, 1),
        (a_message(headers=["In-Reply-To: <elsewhere@example.test>"]), {"into": arrival("history")}, 1),
        (a_message(sender=FORM, headers=["Reply-To: dana@staff.test"], forms=frozenset({FORM})), {}, 1),
        (a_message(headers=["Auto-Submitted: auto-replied"]), {}, 0),
        (a_message(sender=JANE, headers=reply_to("<elsewhere@example.test>")), {"knowing": one_case()}, 0),
    ],
)
def test_whoever_judges_is_asked_once_for_each_mail(mail: Message, rest: dict[str, Any], times: int) -> None:
    asked: list[Message] = []

    def judge(message: Message, *more: Any) -> Classification:
        asked.append(message)
        return classify(message, *more)

    decide(mail, at=replace(house(), ask=judge), **rest)

    assert len(asked) == times
