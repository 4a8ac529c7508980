"""Staff learn of a complaint by mail, decide by mail and answer by mail: whole stories through a real mail stack."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.staff import Staff, at_work
from tests.support.story import Story

pytestmark = pytest.mark.stack
Tell = Callable[..., Story]


@pytest.fixture
def office(tell: Tell) -> Staff:
    return at_work(tell)


def test_a_complaint_reaches_who_decides_is_given_away_answered_and_the_answer_arrives(office: Staff) -> None:
    jane = office.story.person("jane")
    office.complains(jane, "The room was cold and nobody came. I want my money back.")
    (notice,) = office.gets("dana")
    assert notice.words.startswith("A plain reply to this mail is kept as a note")
    assert "The room was cold" in notice.words

    office.replies("dana", notice, "#assign Hal")
    (given,) = office.gets("hal")
    office.replies("hal", given, "Dear Jane,\n\nI am sorry. We have sent you the money.\n\nHal Handler")
    (shown,) = [mail for mail in office.gets("hal") if "Look at your answer" in mail.subject]
    office.replies("hal", shown, "yes")

    answer = office.gets(jane)[-1]
    assert "We have sent you the money." in answer.words
    assert "staff.test" not in answer.raw.decode()
    assert "Auto-Submitted" not in answer.mail
    case = office.case()
    assert (case["status"], case["handler"]["email"]) == ("open", office.address("hal"))
    assert case["responded_at"] is not None and case["first_human_at"] is not None
