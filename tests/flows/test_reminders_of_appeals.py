"""Reminders of an appeal go to who is asked to hear it, without the file until they have said that they had no part;
then to who hears it. Never to who had a part in the answer.

The appeal comes on Wednesday 18 November 2026; its answer is due ten working days later, on Wednesday 2 December.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.test_appeals import APPEAL, MORE, answered, said, writes
from tests.flows.test_reminders import Office, at
from tests.support.bureau import AT_ONCE, a_bureau, click

DUE = "answer to the appeal due by Wednesday 2 December [CMS-2026-000001]"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Hal has answered a complaint, and the complainant appeals; Cleo is asked to hear it."""
    bureau = a_bureau(tmp_path, extra=AT_ONCE + MORE)
    writes(bureau, answered(bureau), APPEAL)
    yield Office(bureau)
    bureau.office.close()


def test_cms_2_2b_who_is_asked_to_hear_an_appeal_is_reminded_without_the_file(office: Office) -> None:
    office.days("30 Nov")
    [notice] = office.notices("cleo")

    assert notice.subject == f"Reminder: {DUE}"
    for words in ("register", "tutor", "Jane", "jane@"):
        assert words not in said(notice)
    assert {"I was not involved: I hear the appeal", "I was involved: ask somebody else"} < set(notice.links())
    assert [office.spoken(who) for who in ("hal", "dana", "bea", "dora")] == [[], [], [], []]


def test_cms_2_2b_once_they_hear_it_they_are_reminded_with_it_and_who_answered_first_never_is(office: Office) -> None:
    office.days("30 Nov")
    [notice] = office.notices("cleo")
    office.bureau.clock.moment = at("30 Nov 12:00")
    office.bureau.takes(click("cleo", notice, "I was not involved: I hear the appeal"))

    office.days("16 Dec")
    notices = office.notices("cleo")

    assert [got.subject[:9] for got in notices] == ["Reminder:", "Late sinc", "Late sinc"]
    assert "tutor" in said(notices[0])
    assert office.spoken("hal") == []


def test_cms_2_2b_who_was_involved_is_reminded_no_more(office: Office) -> None:
    office.days("30 Nov")
    [notice] = office.notices("cleo")

    office.bureau.takes(click("cleo", notice, "I was involved: ask somebody else"))
    office.days("2 Dec")

    assert office.spoken("cleo") == []
    assert [f"Reminder: {DUE}" in words for words in office.spoken("bea")] == [True]
