"""The record of events, the references, and the promises that the database itself keeps."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from complaintmail.errors import ComplaintmailError
from complaintmail.store import schema
from complaintmail.store.engine import Store
from complaintmail.store.instants import instant_text
from complaintmail.store.record import GENESIS, TRACKED, chained
from tests.support.rows import (
    A_BOOK,
    NOW,
    all_rows,
    case_row,
    duty_row,
    journal_row,
    letter_row,
    numbers,
    open_cases,
    put_in,
)

WRITES = """
import random, sys
from complaintmail.errors import TemporaryFailure
from complaintmail.store.engine import Store
from tests.support.rows import NOW, open_cases

store, chance = Store(sys.argv[1]), random.Random(int(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
kept = 0
while kept < 20:
    try:
        with store.writing(NOW) as writer:
            open_cases(writer, 2)
            if chance.random() < 0.3:
                raise RuntimeError("no")
        kept += 2
    except RuntimeError:
        pass
"""


def chain_holds(store: Store) -> bool:
    """Every event's hash is that of what it says and of all before it, and the head knows the last."""
    previous = GENESIS
    events = all_rows(store, schema.event)
    for number, event in enumerate(events, 1):
        says = (event.case_id, event.what, event.by, event.detail, event.rows)
        if event.id != number or event.hash != chained(previous, event.id, instant_text(event.at), *says):
            return False
        previous = event.hash
    (head,) = all_rows(store, schema.head)
    return (head.event, head.event_hash) == (len(events), previous)


# The chain


def test_events_are_chained_in_the_order_in_which_they_were_written(store: Store) -> None:
    for batch in (1, 3, 2):
        with store.writing(NOW) as writer:
            for _ in range(batch):
                writer.event("looked", by="dana@staff.test", case_id=None, nth=batch)

    assert [event.id for event in all_rows(store, schema.event)] == [1, 2, 3, 4, 5, 6]
    assert chain_holds(store)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", NOW + timedelta(microseconds=1)),
        ("case_id", 7),
        ("what", "looked elsewhere"),
        ("by", "eve@third.test"),
        ("detail", '{"nth":2}'),
        ("rows", "[]"),
        ("hash", "0" * 64),
    ],
)
def test_no_word_of_an_event_can_be_changed_unseen(store: Store, column: str, value: Any) -> None:
    with store.writing(NOW) as writer:
        open_cases(writer, 1)
        writer.event("looked", by="dana@staff.test", nth=1)
    assert chain_holds(store)

    event = schema.event
    with store.engine.begin() as connection:
        connection.execute(update(event).where(event.c.id == (1 if column == "rows" else 2)).values({column: value}))

    assert not chain_holds(store)


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_no_event_can_be_taken_out_unseen(store: Store, gone: int) -> None:
    with store.writing(NOW) as writer:
        for n in range(3):
            writer.event("looked", by="dana@staff.test", nth=n)

    with store.engine.begin() as connection:
        connection.execute(schema.event.delete().where(schema.event.c.id == gone))

    assert not chain_holds(store)


def test_an_event_names_the_rows_that_were_written_with_it_and_no_others(store: Store) -> None:
    with store.writing(NOW) as writer:
        open_cases(writer, 2)
        writer.add(schema.obligation, duty_row(writer.number("obligation")))
        writer.event("duty_opened", by="complaintmail", case_id=1)
        writer.change(schema.obligation, {"id": 1}, {"state": "met", "missed_noticed_at": NOW})
        writer.event("duty_met", by="complaintmail", case_id=1)

    opened, owed, met = (json.loads(event.rows) for event in all_rows(store, schema.event))
    assert [(table, row["id"]) for table, row in opened] == [("cases", 1), ("cases", 2)]
    assert [(table, row["id"], row["state"]) for table, row in owed] == [("obligation", 1, "open")]
    assert met == [["obligation", {"id": 1, "state": "met"}]]


def test_rows_without_an_event_are_never_written(store: Store) -> None:
    with pytest.raises(AssertionError, match="written without an event: cases"), store.writing(NOW) as writer:
        writer.add(schema.case, case_row(1, writer.number("case_")))

    assert numbers(store) == []


def test_what_the_record_remembers_is_a_column_of_its_table(store: Store) -> None:
    for table, columns in TRACKED.items():
        assert columns <= {column.name for column in schema.metadata.tables[table].columns}


def test_changes_of_one_shape_reach_their_own_rows(store: Store) -> None:
    with store.writing(NOW) as writer:
        open_cases(writer, 3)
        for case_id, subject in ((1, "one"), (3, "three"), (2, "two")):
            writer.change(schema.case, {"id": case_id}, {"subject": subject})
        writer.event("renamed", by="dana@staff.test")

    assert [case.subject for case in all_rows(store, schema.case)] == ["one", "two", "three"]


# References


def test_each_policy_and_year_counts_by_itself(store: Store) -> None:
    with store.writing(NOW) as writer:
        assert open_cases(writer, 2) == ["CMS-2026-000001", "CMS-2026-000002"]
        assert open_cases(writer, 1, prefix="SEK") == ["SEK-2026-000001"]
        assert open_cases(writer, 1, year=2027) == ["CMS-2027-000001"]
    with store.writing(NOW) as writer:
        assert open_cases(writer, 1) == ["CMS-2026-000003"]
        assert open_cases(writer, 1, year=2027) == ["CMS-2027-000002"]


def test_references_have_no_gaps_whatever_is_rolled_back(store: Store) -> None:
    chance = random.Random(20261120)
    for _ in range(60):
        try:
            with store.writing(NOW) as writer:
                open_cases(writer, chance.randint(1, 3))
                if chance.random() < 0.4:
                    raise RuntimeError("no")
        except RuntimeError:
            pass

    assert numbers(store) == list(range(1, len(numbers(store)) + 1))
    assert len(numbers(store)) > 40
    assert chain_holds(store)


def test_references_have_no_gaps_with_many_threads_at_once(store: Store) -> None:
    failures: list[BaseException] = []

    def writes(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _ in range(10):
                try:
                    with store.writing(NOW) as writer:
                        open_cases(writer, 2)
                        if chance.random() < 0.3:
                            raise RuntimeError("no")
                except RuntimeError:
                    pass
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=writes, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)

    assert failures == []
    found = numbers(store)
    assert found == list(range(1, len(found) + 1))
    assert len(found) > 80
    assert chain_holds(store)


def test_references_have_no_gaps_with_many_processes_at_once(store: Store) -> None:
    several = [
        subprocess.Popen(
            [sys.executable, "-c", WRITES, store.url, str(seed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in range(3)
    ]
    for one in several:
        assert one.stdout is not None and one.stdin is not None
        assert one.stdout.readline() == "ready\n"
        one.stdin.write("now\n")
        one.stdin.flush()
    ended = [(one.communicate(timeout=180)[1], one.returncode) for one in several]

    assert ended == [("", 0)] * 3
    assert numbers(store) == list(range(1, 61))
    assert chain_holds(store)


# What the database refuses by itself


def obligation(**more: Any) -> tuple[Any, dict[str, Any]]:
    return schema.obligation, duty_row(2, **more)


def letter(**more: Any) -> tuple[Any, dict[str, Any]]:
    return schema.letter, letter_row("bbbbbbbbbbbbbbbb", **more)


REFUSED: dict[str, Callable[[], tuple[Any, dict[str, Any]]]] = {
    "a reference twice": lambda: (schema.case, case_row(2, 2, reference="CMS-2026-000001")),
    "a number of a policy's year twice": lambda: (schema.case, case_row(1, 2, reference="CMS-2026-1")),
    "a case of no kind": lambda: (schema.case, case_row(2, 2, kind="grumble")),
    "a case in no state": lambda: (schema.case, case_row(2, 2, status="lost")),
    "a case without a mailbox": lambda: (schema.case, case_row(2, 2, mailbox=None)),
    "a mail of a folder twice": lambda: (schema.journal, journal_row(2, uid=1)),
    "a mail without its bytes": lambda: (schema.journal, journal_row(2, sha256="c" * 64)),
    "a mail in no state": lambda: (schema.journal, journal_row(2, state="somewhere")),
    "a mail under no rule": lambda: (schema.journal, journal_row(2, rule="never mind")),
    "a second live duty of a round": obligation,
    "a duty on no case": lambda: obligation(case_id=9, kind="respond"),
    "a duty in no state": lambda: obligation(kind="respond", state="late"),
    "a second acknowledgement": lambda: letter(message_id="<other@example.test>"),
    "a letter on no case": lambda: letter(case_id=9, message_id="<other@example.test>"),
    "a letter in no state": lambda: letter(seq=1, message_id="<other@example.test>", state="lost"),
    "a Message-ID twice": lambda: letter(seq=1, message_id="<cm.aaaaaaaaaaaaaaaa@example.test>"),
    "an alias of no letter": lambda: (schema.letter_alias, {"message_id": "<x@y>", "letter_id": "zzzzzzzzzzzzzzzz"}),
    "an address on a case in no standing": lambda: (
        schema.case_address,
        {"case_id": 1, "address": "eve@third.test", "standing": "friend"},
    ),
    "an event's number twice": lambda: (
        schema.event,
        {"id": 1, "at": NOW, "what": "x", "by": "y", "detail": "{}", "rows": "[]", "hash": "0"},
    ),
}
TAKEN: dict[str, Callable[[], tuple[Any, dict[str, Any]]]] = {
    "the next number": lambda: (schema.case, case_row(2, 2)),
    "the same number in another year": lambda: (schema.case, case_row(1, 2, year=2027)),
    "the same UID in another folder": lambda: (schema.journal, journal_row(2, uid=1, folder="Junk")),
    "the same UID under another UIDVALIDITY": lambda: (schema.journal, journal_row(2, uid=1, uidvalidity=2)),
    "the same bytes under another UID": lambda: (schema.journal, journal_row(2, uid=2)),
    "a duty of another round": lambda: obligation(round=2),
    "a duty that is met already, of the same round": lambda: obligation(state="met"),
    "a duty on no case yet": lambda: obligation(case_id=None),
    "a further letter of another turn": lambda: letter(seq=1, kind="added", message_id="<other@example.test>"),
}


@contextlib.contextmanager
def taken_back(store: Store) -> Iterator[Connection]:
    """One raw mail, one entry, one case, one duty, one letter, one event; nothing of it stays."""
    with store.engine.connect() as connection:
        for table, row in (
            *A_BOOK,
            (schema.event, {"id": 1, "at": NOW, "what": "x", "by": "y", "detail": "{}", "rows": "[]", "hash": "0"}),
        ):
            connection.execute(insert(table), row)
        yield connection
        connection.rollback()


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses(shared_store: Store, what: str) -> None:
    table, row = REFUSED[what]()

    with taken_back(shared_store) as connection, pytest.raises(IntegrityError):
        connection.execute(insert(table), row)


@pytest.mark.parametrize("what", TAKEN)
def test_the_database_takes(shared_store: Store, what: str) -> None:
    table, row = TAKEN[what]()

    with taken_back(shared_store) as connection:
        connection.execute(insert(table), row)

        assert len(connection.execute(select(table)).all()) == 2


def test_a_duty_that_was_met_may_be_owed_again(store: Store) -> None:
    put_in(store, *A_BOOK)
    with store.writing(NOW) as writer:
        writer.change(schema.obligation, {"id": 1}, {"state": "met", "met_at": NOW})
        writer.event("duty_met", by="complaintmail")
    put_in(store, obligation())

    with pytest.raises(IntegrityError), store.engine.begin() as connection:
        connection.execute(update(schema.obligation).values(state="open"))


def test_words_are_never_sql(store: Store) -> None:
    evil = "'; DROP TABLE cases; -- \\ % _ \N{SNOWMAN} \x1b[31m"
    with store.writing(NOW) as writer:
        _, number = writer.reference("CMS", 2026)
        writer.add(schema.case, case_row(number, writer.number("case_"), subject=evil))
        writer.event("case_opened", by=evil, why=evil)

    (case,) = all_rows(store, schema.case)
    (event,) = all_rows(store, schema.event)
    assert (case.subject, event.by, json.loads(event.detail)["why"]) == (evil, evil, evil)


def test_a_broken_rule_of_the_database_is_no_passing_failure(store: Store) -> None:
    with pytest.raises(IntegrityError) as raised, store.writing(NOW) as writer:
        writer.connection.execute(text("INSERT INTO setting (key, value) VALUES ('key', 'again')"))

    assert not isinstance(raised.value, ComplaintmailError)
