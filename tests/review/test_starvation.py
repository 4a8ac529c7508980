"""One thing that goes wrong again and again must not stop what has nothing to do with it."""

from __future__ import annotations

from typing import Any, Protocol

import pytest
from sqlalchemy import select

from complaintmail.cases.post import Result
from complaintmail.errors import PermanentFailure, TemporaryFailure
from complaintmail.mail.ids import read_ids
from complaintmail.mail.references import case_references
from complaintmail.passes.office import Office
from complaintmail.passes.once import run_once
from complaintmail.store import outbox, schema
from tests.support.bureau import JANE, Bureau
from tests.support.doors import At, MemoryInbox, MemoryPostbox
from tests.support.office import a_mail


class Staffed(Protocol):
    def __call__(self, **more: Any) -> Bureau: ...


class Open(Protocol):
    def __call__(self, **more: Any) -> tuple[Office, MemoryInbox, MemoryPostbox, At]: ...


def _states(office: Office) -> list[str]:
    with office.store.reading() as connection:
        return list(connection.scalars(select(schema.letter.c.state)))


def _by_hand(office: Office, word: str) -> None:
    with office.store.writing(office.clock.now()) as writer:
        letter = writer.connection.scalar(select(schema.letter.c.id))
        assert letter is not None
        assert outbox.by_hand(writer, letter, word, "admin") is None


def test_copies_that_cannot_be_filed_do_not_stop_new_mail(opened: Open) -> None:
    office, inbox, postbox, _ = opened()
    inbox.deliver(a_mail("info@example.test"))
    inbox.fails["file"] = PermanentFailure("the Sent folder is over its quota")

    run_once(office)
    inbox.deliver(a_mail("info@example.test", sender="bob@other.test", body="Another matter: my refund never came."))
    failed = run_once(office)

    assert [letter.recipient for letter in postbox.taken] == ["jane@complainants.test", "bob@other.test"]
    assert len(failed) == 1 and "quota" in failed[0]


def test_a_letter_refused_again_after_retry_stops_nothing(opened: Open) -> None:
    office, inbox, postbox, _ = opened()
    inbox.deliver(a_mail("info@example.test"))
    postbox.answer = lambda _: Result.REFUSED
    assert run_once(office) == []
    _by_hand(office, "retry")

    assert run_once(office) == []
    assert len(postbox.tried) == 2
    assert _states(office) == ["refused"]


def test_a_letter_and_a_notice_refused_at_once_are_each_put_before_a_person(staffed: Staffed) -> None:
    bureau = staffed()
    bureau.postbox.answer = lambda _: Result.REFUSED

    bureau.complains("The lift was out of order, and nobody told us.")
    bureau.passes()

    open_now = "SELECT why FROM obligation WHERE kind = 'attend' AND state = 'open'"
    whys = sorted(why.partition(" (")[0].partition(":")[0] for (why,) in bureau.rows(open_now))
    assert whys == ["its answer could not be delivered", "our mail to dana@staff.test did not arrive"]
    assert set(bureau.rows("SELECT state FROM letter")) == {("refused",)}


def test_a_letter_refused_again_after_its_duty_was_seen_to_is_a_persons_again(staffed: Staffed) -> None:
    bureau = staffed()
    bureau.postbox.answer = lambda it: Result.REFUSED if it.recipient == JANE else Result.SENT
    bureau.complains("The lift was out of order, and nobody told us.")
    bureau.passes()
    duty, letter = schema.obligation, schema.letter
    with bureau.office.store.writing(bureau.clock.now()) as writer:
        found = writer.connection.scalar(select(duty.c.id).where(duty.c.why.like("its answer%")))
        writer.change(duty, {"id": found}, {"state": "met", "met_at": writer.now, "evidence": "we called"})
        writer.event("duty_done", by="admin", duty=found)
        refused = writer.connection.scalar(select(letter.c.id).where(letter.c.state == "refused"))
        assert refused is not None
        assert outbox.by_hand(writer, refused, "retry", "admin") is None

    bureau.passes()
    bureau.passes()

    asked = "SELECT state, met_at FROM obligation WHERE why LIKE 'its answer%'"
    assert bureau.rows(asked) == [("open", None)]


def test_a_letter_in_doubt_again_after_release_stops_nothing(opened: Open) -> None:
    office, inbox, postbox, clock = opened()
    inbox.deliver(a_mail("info@example.test"))
    postbox.answer = lambda _: Result.DOUBT
    for _ in range(3):
        assert run_once(office) == []
        clock.on(hours=1)
    assert _states(office) == ["held"]
    _by_hand(office, "release")
    for _ in range(3):
        assert run_once(office) == []
        clock.on(hours=1)

    assert _states(office) == ["held"]
    assert len(postbox.tried) == 3


def test_no_mail_asks_the_database_for_more_than_a_few_references_and_short_ids() -> None:
    words = " ".join(f"CMS-2026-{m:06d}" for m in range(10_000))

    assert len(case_references(words, words, prefixes=frozenset({"CMS"}))) == 50
    assert read_ids(["<{}@x>".format("\U0001f600" * 900).encode()]) == ()  # PostgreSQL indexes no more than 2,704 bytes
    assert read_ids(["<{}@x>".format("\u00e9" * 400).encode()]) == ("<{}@x>".format("\u00e9" * 400),)


def test_a_postbox_that_raises_leaves_no_letter_stranded(opened: Open) -> None:
    office, inbox, postbox, clock = opened()
    inbox.deliver(a_mail("info@example.test"))
    postbox.raises = TemporaryFailure("no token just now")
    run_once(office)
    assert postbox.taken == []

    postbox.raises = None
    for _ in range(3):
        clock.on(hours=1)
        run_once(office)

    assert [letter.recipient for letter in postbox.taken] == ["jane@complainants.test"]
    assert _states(office) == ["sent"]


@pytest.mark.parametrize("hours", [2, 48])
def test_a_clock_set_back_sends_late_letters_and_asks_no_server_without_pause(opened: Open, hours: int) -> None:
    office, inbox, postbox, clock = opened()
    inbox.deliver(a_mail("info@example.test"))
    asked: list[int] = []

    def later(_: object) -> Result:
        asked.append(1)
        return Result.LATER if len(asked) < 20 else Result.SENT

    postbox.answer = later
    assert run_once(office) == []
    clock.on(hours=-hours)
    run_once(office)

    assert len(asked) == 2  # what was put off by the old clock is tried once, and then waits as it should
