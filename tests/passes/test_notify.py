"""Who has not heard yet: nothing that cannot be told keeps others from hearing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from complaintmail.cases.changes import Attend
from complaintmail.cases.people import Officer
from complaintmail.gateways.ports import Result
from complaintmail.passes.notify import tell_people
from complaintmail.policy.load import find
from complaintmail.store import casebook, schema
from tests.support.bureau import JANE, Bureau, a_bureau, reply
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


@pytest.fixture
def upheld(tmp_path: Path) -> Iterator[Bureau]:
    """An outcome that the mail server wants later; it has done with refusing now."""
    bureau = a_bureau(tmp_path)
    bureau.complains("The room was cold and nobody came.")
    bureau.takes(reply("dana", bureau.gets("dana")[0], "#assign Hal"))
    yours = next(got for got in bureau.gets("hal") if "Yours to deal with" in got.subject)
    bureau.takes(reply("hal", yours, "#outcome upheld\n\nNobody came. We are sorry."))
    draft = next(got for got in bureau.gets("hal") if "Look at the letter" in got.subject)
    bureau.postbox.answer = lambda letter: Result.LATER if letter.recipient == JANE else Result.SENT
    bureau.takes(reply("hal", draft, "#send"))
    bureau.postbox.answer = lambda _: Result.SENT
    for who in ("dana", "hal", "bea"):
        bureau.gets(who)
    yield bureau
    bureau.office.close()


def outcome(bureau: Bureau) -> tuple[object, ...]:
    return bureau.rows("SELECT state, told_at FROM letter WHERE kind = 'outcome'")[0]


def case(bureau: Bureau) -> tuple[object, ...]:
    return bureau.rows("SELECT status, outcome FROM cases")[0]


def asked_to_look(bureau: Bureau, who: str) -> int:
    return sum(
        "a letter (outcome) that staff wrote has gone" in " ".join(got.words.split()).replace("A l", "a l")
        for got in bureau.gets(who)
    )


def spoil(bureau: Bureau, **actions: object) -> None:
    """What is kept of the outcome for when it has gone."""
    letter = schema.letter
    with bureau.office.store.writing(bureau.clock.now()) as writer:
        kept = writer.connection.scalar(select(letter.c.about).where(letter.c.kind == "outcome"))
        writer.change(
            letter,
            {"id": bureau.rows("SELECT id FROM letter WHERE kind = 'outcome'")[0][0]},
            {"about": {**kept, **actions}},
        )
        writer.event("spoilt", by="a test")


def test_an_outcome_whose_consequences_fail_is_put_before_a_person_once_and_tried_again_daily(upheld: Bureau) -> None:
    spoil(upheld, actions=[{"text": "mend it", "by": "no day", "who": None}])
    upheld.clock.on(hours=1)
    upheld.passes()
    upheld.passes()

    assert (outcome(upheld)[0], case(upheld)) == ("sent", ("open", None))
    assert (asked_to_look(upheld, "hal"), len(upheld.told("nobody_told"))) == (1, 1)

    upheld.clock.on(days=1)
    upheld.passes()
    asked = upheld.rows("SELECT state FROM obligation WHERE why LIKE '%staff wrote has gone%'")
    assert (asked, len(upheld.told("nobody_told"))) == ([("open",)], 2)

    spoil(upheld, actions=[])
    upheld.clock.on(days=1)
    upheld.passes()
    assert case(upheld) == ("closed", "upheld")
    assert [got.subject[:26] for got in upheld.gets("bea") if got.subject.startswith("The outcome")] == [
        "The outcome of a complaint"
    ]
    assert len(upheld.told("nobody_told")) == 2


def test_an_outcome_of_which_nobody_can_be_told_closes_the_case_all_the_same(upheld: Bureau) -> None:
    spoil(upheld, copies=["nobody at all"], summary=7)
    upheld.clock.on(hours=1)
    upheld.passes()

    assert (case(upheld), outcome(upheld)[0]) == (("closed", "upheld"), "sent")
    assert upheld.rows("SELECT state FROM obligation WHERE kind = 'respond'") == [("met",)]
    assert asked_to_look(upheld, "hal") == 1
    assert tell_people(upheld.office.store, upheld.office.papers, [ADDRESS], upheld.clock.now()) == 0
