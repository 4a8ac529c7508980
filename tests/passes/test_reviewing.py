"""What a policy owes itself is owed once, whichever of its mailboxes speaks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from complaintmail.passes.reviewing import owe_reviews
from tests.support.bureau import Bureau, a_bureau, reply
from tests.support.doors import ADDRESS

SECOND = "complaints@example.test"


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    bureau = a_bureau(tmp_path, policy="ceme")
    yield bureau
    bureau.office.close()


def test_a_review_that_was_done_is_not_asked_for_again_when_another_mailbox_stands_first(bureau: Bureau) -> None:
    bureau.complains("The room was freezing. I want to complain.")
    for _ in range(3):
        bureau.clock.moment += timedelta(days=1)
        bureau.passes()
    for asked in [got for got in bureau.gets("dana") if "#reviewed" in got.words]:
        bureau.takes(reply("dana", asked, "#reviewed today"))
    duties = bureau.rows("SELECT kind, state FROM obligation WHERE case_id IS NULL")
    assert ("policy-review", "met") in duties
    office = bureau.office
    first = office.papers[ADDRESS]
    papers = {SECOND: replace(first, mailbox=SECOND), ADDRESS: first}

    assert owe_reviews(office.store, papers, (SECOND, ADDRESS), bureau.clock.moment) == 0
    assert bureau.rows("SELECT kind, state FROM obligation WHERE case_id IS NULL") == duties
