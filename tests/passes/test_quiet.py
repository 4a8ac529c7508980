"""What could not leave in somebody's hours does not come to them at night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from complaintmail.gateways.ports import Result
from tests.support.bureau import Bureau, a_bureau


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    """A complaint came on Wednesday, and nobody has decided; on Thursday the mail server takes nothing."""
    bureau = a_bureau(tmp_path)
    bureau.complains("The room was cold and nobody came.")
    bureau.gets("dana")
    bureau.postbox.answer = lambda _: Result.LATER
    at(bureau, "2026-11-19 09:00")
    yield bureau
    bureau.office.close()


def at(bureau: Bureau, words: str) -> None:
    bureau.clock.moment = datetime.fromisoformat(words).replace(tzinfo=UTC)
    bureau.passes()


def subjects(bureau: Bureau) -> list[str]:
    return [got.subject.partition(":")[0] for got in bureau.gets("dana")]


def test_what_could_not_leave_is_said_anew_in_the_morning_as_it_stands_then(bureau: Bureau) -> None:
    bureau.postbox.answer = lambda _: Result.SENT
    at(bureau, "2026-11-19 22:00")

    assert subjects(bureau) == []
    at(bureau, "2026-11-20 08:30")
    assert sorted(subjects(bureau)) == ["Complaints today", "Late since Thursday 19 November"]


def test_within_the_same_day_they_still_come(bureau: Bureau) -> None:
    bureau.postbox.answer = lambda _: Result.SENT
    at(bureau, "2026-11-19 16:00")

    assert sorted(subjects(bureau)) == ["Complaints today", "Reminder"]
