"""Letters on their way: one claims each, and every outcome leaves a state that somebody looks after."""

from __future__ import annotations

import threading
import zlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from complaintmail.cases.post import Outcome, Result
from complaintmail.cases.settle import Verdict
from complaintmail.store import doubted, outbox, schema
from complaintmail.store.engine import Store
from complaintmail.store.outbox import Claimed
from complaintmail.store.record import Writer
from tests.support.rows import A_BOOK, NOW, all_rows, duty_row, letter_row, put_in

BOX = "info@example.test"
LETTER = "aaaaaaaaaaaaaaaa"
STATES = ("queued", "sending", "doubt", "sent", "refused", "held", "cancelled")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def book(store: Store) -> Store:
    """One case with its duty and its letter."""
    put_in(store, *A_BOOK)
    set_letter(store, data=compressed(b"From: us\r\n\r\nHello\r\n"))
    with store.engine.begin() as connection:
        connection.execute(update(schema.head).values(journal=1, case_=1, obligation=1))
    return store


def compressed(data: bytes) -> bytes:
    return zlib.compress(data, 1)


def set_letter(store: Store, **values: Any) -> None:
    with store.engine.begin() as connection:
        connection.execute(update(schema.letter).where(schema.letter.c.id == LETTER).values(values))


def letter(store: Store) -> Any:
    return next(row for row in all_rows(store, schema.letter) if row.id == LETTER)


def duty(store: Store) -> Any:
    return all_rows(store, schema.obligation)[0]


def events(store: Store) -> list[str]:
    return [event.what for event in all_rows(store, schema.event)]


def claim(store: Store, now: datetime = NOW, owner: str = "one", limit: int = 50) -> list[Claimed]:
    return outbox.claim(store, BOX, limit, now, owner, "bcc")


def settle(store: Store, claimed: Claimed, result: Result, now: datetime = NOW) -> list[str]:
    """What was put to a person."""
    asked: list[str] = []

    def ask(_writer: Writer, _claimed: Claimed, verdict: Verdict) -> None:
        asked.append(verdict.reason or "")

    words = Outcome(claimed.outgoing.letter_id, result, "reply", 250, "the server's words", "bcc")
    outbox.settle(store, [(claimed, words)], now, ask)
    return asked


# Claiming


def test_a_claimed_letter_is_sending_before_anybody_has_its_bytes(book: Store) -> None:
    (claimed,) = claim(book)

    row = letter(book)
    assert (row.state, row.attempts, row.claimed_by, row.claimed_at) == ("sending", 1, "one", NOW)
    assert (claimed.outgoing.data, claimed.outgoing.recipient) == (
        b"From: us\r\n\r\nHello\r\n",
        "jane@complainants.test",
    )
    assert claimed.outgoing.evidence == BOX


@pytest.mark.parametrize("state", [state for state in STATES if state != "queued"])
def test_only_what_is_queued_is_claimed(book: Store, state: str) -> None:
    set_letter(book, state=state)

    assert claim(book) == []


@pytest.mark.parametrize(("next_try", "claimed"), [(0, 1), (-60, 1), (1, 0), (59, 0), (24 * 60, 1)])
def test_a_letter_waits_for_its_next_try_unless_the_clock_went_back(book: Store, next_try: int, claimed: int) -> None:
    set_letter(book, next_try_at=NOW + next_try * MINUTE)

    assert len(claim(book)) == claimed


def test_another_mailbox_s_letters_are_not_ours(book: Store) -> None:
    assert outbox.claim(book, "other@example.test", 50, NOW, "one", "bcc") == []


def test_a_letter_is_claimed_by_one_of_many(book: Store) -> None:
    for n in range(30):
        row = letter_row(f"letter{n:010d}", seq=n + 1, message_id=f"<{n}@example.test>", data=compressed(b"x"))
        put_in(book, (schema.letter, row))
    got: dict[str, list[str]] = {}
    together = threading.Barrier(4)

    def claims(name: str) -> None:
        together.wait(90)
        mine: list[str] = []
        while batch := outbox.claim(book, BOX, 3, NOW, name, "bcc"):
            mine += [one.outgoing.letter_id for one in batch]
        got[name] = mine

    threads = [threading.Thread(target=claims, args=(name,)) for name in ("a", "b", "c", "d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)

    every = [one for mine in got.values() for one in mine]
    assert len(got) == 4
    assert len(every) == len(set(every)) == 31
    assert {row.attempts for row in all_rows(book, schema.letter)} == {1}


def test_a_letter_that_is_sent_once_more_goes_alone(book: Store) -> None:
    for n in range(3):
        row = letter_row(f"letter{n:010d}", seq=n + 1, message_id=f"<{n}@example.test>", data=compressed(b"x"))
        put_in(book, (schema.letter, row))
    set_letter(book, resends=1, next_try_at=NOW - MINUTE)

    assert [one.outgoing.letter_id for one in claim(book)] == [LETTER]
    assert len(claim(book)) == 3


# Settling


def test_a_sent_letter_meets_its_duty_and_dates_its_case(book: Store) -> None:
    (claimed,) = claim(book)

    assert settle(book, claimed, Result.SENT, NOW + MINUTE) == []

    row, owed = letter(book), duty(book)
    assert (row.state, row.sent_at, row.reply, row.evidence) == (
        "sent", NOW + MINUTE, "250 the server's words", "bcc",
    )  # fmt: skip
    assert (owed.state, owed.met_at, owed.evidence) == (
        "met", NOW + MINUTE, f"letter {LETTER}: 250 the server's words",
    )  # fmt: skip
    assert all_rows(book, schema.case)[0].acknowledged_at == NOW + MINUTE
    assert events(book) == ["letter_sent"]


@pytest.mark.parametrize(
    ("result", "state", "asked", "event"),
    [
        (Result.LATER, "queued", 0, "letter_deferred"),
        (Result.UNTRIED, "queued", 0, "letter_deferred"),
        (Result.REFUSED, "refused", 1, "letter_refused"),
        (Result.DOUBT, "doubt", 0, "letter_in_doubt"),
    ],
)
def test_what_was_not_sent_leaves_the_duty_open(
    book: Store, result: Result, state: str, asked: int, event: str
) -> None:
    (claimed,) = claim(book)

    assert len(settle(book, claimed, result)) == asked

    assert (letter(book).state, duty(book).state) == (state, "open")
    assert all_rows(book, schema.case)[0].acknowledged_at is None
    assert events(book) == [event]


@pytest.mark.parametrize("result", Result)
def test_settling_twice_changes_nothing_more(book: Store, result: Result) -> None:
    """The commit went through and its answer was lost: the outcome is written again."""
    (claimed,) = claim(book)
    settle(book, claimed, result)
    before = (letter(book), duty(book), len(events(book)))

    settle(book, claimed, result, NOW + MINUTE)

    if result is Result.DOUBT:
        assert letter(book).state == "doubt"
    else:
        assert (letter(book), duty(book), len(events(book))) == before


@pytest.mark.parametrize("state", ["sent", "refused", "held", "cancelled", "queued"])
def test_an_outcome_that_comes_too_late_changes_no_word_of_a_person_or_of_evidence(book: Store, state: str) -> None:
    (claimed,) = claim(book)
    set_letter(book, state=state, reply="kept")

    settle(book, claimed, Result.LATER)

    assert (letter(book).state, letter(book).reply, events(book)) == (state, "kept", [])


def test_a_daemon_that_was_held_up_does_not_settle_another_s_attempt(book: Store) -> None:
    (first,) = claim(book)
    set_letter(book, state="queued")
    (second,) = claim(book, owner="two")

    settle(book, first, Result.LATER)
    assert letter(book).state == "sending"
    settle(book, second, Result.SENT)
    assert letter(book).state == "sent"


# Daemons that are gone


def test_what_a_daemon_left_while_sending_is_in_doubt_for_the_next(book: Store) -> None:
    claim(book, owner="gone")

    assert doubted.lost_owners(book, [BOX], "gone", NOW) == 0
    assert doubted.lost_owners(book, ["other@example.test"], "new", NOW) == 0
    assert doubted.lost_owners(book, [BOX], "new", NOW + MINUTE) == 1
    assert (letter(book).state, letter(book).doubt_at) == ("doubt", NOW + MINUTE)
    assert doubted.lost_owners(book, [BOX], "new", NOW) == 0


def test_what_a_daemon_lost_sight_of_by_itself_is_in_doubt_too(book: Store) -> None:
    claim(book, owner="one")

    assert doubted.left_behind(book, BOX, "two", NOW) == 0
    assert doubted.left_behind(book, BOX, "one", NOW) == 1
    assert letter(book).state == "doubt"


def test_a_doubt_is_resent_once_and_counted(book: Store) -> None:
    claim(book, owner="gone")
    doubted.lost_owners(book, [BOX], "new", NOW)
    with book.reading() as connection:
        (doubt,) = doubted.doubtful(connection, [BOX])
    with book.writing(NOW) as writer:
        doubted.resolve(writer, doubt, Verdict("queued", NOW, "sent once more"))

    assert (letter(book).state, letter(book).resends) == ("queued", 1)
    assert events(book) == ["letter_in_doubt", "letter_resent"]


# The brake


def several(store: Store, count: int, **more: Any) -> None:
    for n in range(count):
        row = letter_row(f"letter{n:010d}", seq=n + 1, message_id=f"<{n}@example.test>", **more)
        put_in(store, (schema.letter, row))


@pytest.mark.parametrize(("count", "held"), [(49, 0), (50, 51)])
def test_more_answers_at_once_than_the_brake_allows_are_all_held(book: Store, count: int, held: int) -> None:
    several(book, count)

    assert outbox.brake(book, BOX, 50, NOW) == held
    assert sum(row.state == "held" for row in all_rows(book, schema.letter)) == held


@pytest.mark.parametrize(
    "old", [{"attempts": 1}, {"released_at": NOW}, {"next_try_at": NOW + MINUTE}, {"mailbox": "other@example.test"}]
)
def test_the_brake_holds_only_what_is_new_and_due(book: Store, old: dict[str, Any]) -> None:
    several(book, 60, **old)

    assert outbox.brake(book, BOX, 50, NOW) == 0


# By hand


BY_HAND: dict[str, dict[str, str]] = {
    "retry": {"queued": "queued", "refused": "queued", "doubt": "queued"},
    "release": {"held": "queued"},
    "cancel": {"queued": "cancelled", "held": "cancelled", "doubt": "cancelled", "refused": "cancelled"},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("word", BY_HAND)
def test_what_a_person_may_say_of_a_letter(book: Store, word: str, state: str) -> None:
    set_letter(book, state=state)
    with book.writing(NOW) as writer:
        refusal = outbox.by_hand(writer, LETTER, word, "dana@staff.test")

    allowed = BY_HAND[word].get(state)
    assert letter(book).state == (allowed or state)
    assert (refusal is None) == (allowed is not None)
    assert events(book) == ([f"letter_{word}"] if allowed else [])
    assert refusal is None or f"is {state}" in refusal


def test_a_letter_that_a_person_released_passes_the_brake(book: Store) -> None:
    set_letter(book, state="held")
    with book.writing(NOW) as writer:
        outbox.by_hand(writer, LETTER, "release", "dana@staff.test")

    assert outbox.brake(book, BOX, 0, NOW) == 0
    assert len(claim(book)) == 1


def test_a_letter_that_is_not_there_is_said(book: Store) -> None:
    with book.writing(NOW) as writer:
        assert outbox.by_hand(writer, "nothing", "retry", "dana@staff.test") == "there is no letter nothing"


def test_a_duty_that_only_waited_for_the_answer_is_met_with_it_and_a_question_is_not(book: Store) -> None:
    put_in(
        book,
        (schema.obligation, duty_row(2, kind="attend", message_id=1, why="its answer waits for a person: a limit. x")),
        (schema.obligation, duty_row(3, kind="attend", round=2, message_id=1, why="it also names CMS-2026-000009")),
    )
    set_letter(book, answers=1)
    (claimed,) = claim(book)

    settle(book, claimed, Result.SENT)

    assert [row.state for row in all_rows(book, schema.obligation)] == ["met", "met", "open"]
