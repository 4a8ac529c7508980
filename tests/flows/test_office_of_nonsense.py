"""A whole office whose judge of mails answers nonsense: whoever wrote is answered, or somebody has it before them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.bureau import AT_ONCE, Bureau, a_bureau
from tests.support.doors import ADDRESS
from tests.support.nonsense import JUDGES, Ask, of_people
from tests.support.office import a_mail

OF_EACH = 6


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    bureau = a_bureau(tmp_path, extra=f"{AT_ONCE}[limits]\nbrake = 1000\n")
    yield bureau
    bureau.office.close()


def judged_by(bureau: Bureau, ask: Ask) -> None:
    desks = bureau.office.intake.desks
    desks[ADDRESS] = replace(desks[ADDRESS], house=replace(desks[ADDRESS].house, ask=ask))


def test_an_office_whose_judge_answers_nonsense_leaves_nobody_unanswered_and_unseen(bureau: Bureau) -> None:
    wrote: dict[str, str] = {}
    mails = list(of_people())[::3]
    for judge, ask in JUDGES.items():
        judged_by(bureau, ask())
        for subject, words in mails[len(wrote) % 97 :][:OF_EACH]:
            number = len(wrote)
            sender, mark = f"writer{number}@house{number}.test", f"mark{number:03d}x"
            wrote[sender] = f"{judge}: {words!r}"
            headers = ["X-Spam-Flag: YES"] if number % 5 == 0 else []
            bureau.comes(a_mail(ADDRESS, sender=sender, subject=f"{subject} {mark}", body=words, headers=headers))
        bureau.passes()
    bureau.clock.on(days=1, hours=-2)
    bureau.passes()

    answered = {letter.recipient.lower() for letter in bureau.postbox.taken}
    seen = " ".join(got.words for got in bureau.all_to("dana"))
    lost = [
        (sender, what)
        for number, (sender, what) in enumerate(wrote.items())
        if sender not in answered and f"mark{number:03d}x" not in seen
    ]
    let_go = bureau.rows("SELECT count(*) FROM message WHERE case_id IS NULL")[0][0]
    assert len(wrote) == OF_EACH * len(JUDGES) and let_go > 10, "some were let go, so the list is put to the test"
    assert lost == []
    assert bureau.rows("SELECT count(*) FROM message WHERE case_id IS NULL AND listed_at IS NULL") == [(0,)]
