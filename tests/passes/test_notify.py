"""Who has not heard yet: nothing that cannot be told keeps others from hearing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from complaintmail.cases.changes import Attend
from complaintmail.cases.people import Officer
from complaintmail.passes.notify import tell_people
from complaintmail.policy.load import find
from complaintmail.store import casebook, schema
from tests.support.bureau import Bureau, a_bureau, reply
from tests.support.doors import ADDRESS

DECIDES = Officer("operations-director", "Operations Director")


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    """A complaint that Hal has answered, and everybody told."""
    bureau = a_bureau(tmp_path)
    bureau.complains("The room was cold and nobody came.")
    [notice] = bureau.gets("dana")
    bureau.takes(reply("dana", notice, "#assign Hal"))
    [given] = bureau.gets("hal")
    bureau.takes(reply("hal", given, "Dear Jane,\n\nWe have mended the heating.\n\nHal"))
    assert bureau.gets("hal") and not bureau.gets("bea")
    yield bureau
    bureau.office.close()


def test_an_answer_of_which_nobody_can_be_told_keeps_nobody_else_from_hearing(bureau: Bureau) -> None:
    store, now = bureau.office.store, bureau.clock.now()
    with store.writing(now) as writer:
        asked = Attend("it asks for something", None, "CMS-1.2", "operations-director")
        casebook.owe_attendance(writer, asked, find("cms", None), DECIDES, ADDRESS, 1, 1, 3)
        gone = {"told_at": None, "case_id": None}  # a row that somebody has spoilt
        writer.execute(update(schema.letter).where(schema.letter.c.kind == "answer").values(gone))
        writer.event("spoilt", by="a test")

    tell_people(store, bureau.office.papers, [ADDRESS], now)
    bureau.passes()

    assert [event for event in bureau.told("nobody_told") if "NoResultFound" in event["why"]] != []
    assert ["It asks for something" in got.words for got in bureau.gets("hal")] == [True]
    assert tell_people(store, bureau.office.papers, [ADDRESS], now) == 0


def test_what_is_owed_again_is_told_again(bureau: Bureau) -> None:
    store = bureau.office.store
    with store.writing(bureau.clock.now()) as writer:
        asked = Attend("it asks for something", None, "CMS-1.2", "operations-director")
        casebook.owe_attendance(writer, asked, find("cms", None), DECIDES, ADDRESS, 1, 1, 3)
        writer.event("asked", by="a test")
    bureau.passes()
    [(duty,)] = bureau.rows("SELECT id FROM obligation WHERE why LIKE 'it asks%'")
    bureau.clock.moment = bureau.clock.moment.replace(minute=(bureau.clock.moment.minute + 1) % 60)
    with store.writing(bureau.clock.now()) as writer:
        writer.change(schema.obligation, {"id": duty}, {"told_at": None})
        writer.event("asked_again", by="a test")
    bureau.passes()

    assert ["It asks for something" in got.words for got in bureau.gets("hal")] == [True, True]
