"""The journal: bytes, entry and cursor in one commit, never a UID passed whose bytes are not durable."""

from __future__ import annotations

import hashlib
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from complaintmail.errors import StoreError
from complaintmail.gateways.ports import Fetched
from complaintmail.store import journal, schema, turns
from complaintmail.store.engine import Store
from complaintmail.store.journal import Cursor, Entry, RawFiles
from tests.support.rows import NOW, all_rows, journal_row, put_in

BOX = "info@example.test"
START = Cursor(BOX, "INBOX", NOW - timedelta(days=30), 7, 0, 0)
LARGE = 1000


@pytest.fixture
def files(tmp_path: Path) -> RawFiles:
    return RawFiles(tmp_path / "raw", LARGE)


def fetched(uid: int, raw: bytes | Path) -> Fetched:
    given = raw if isinstance(raw, bytes) else raw.read_bytes()
    return Fetched(uid, NOW, len(given), raw, hashlib.sha256(given).hexdigest())


def begun(store: Store, start: Cursor = START) -> Cursor:
    with store.writing(NOW) as writer:
        journal.begin_mailbox(writer, start)
    return start


def where(store: Store) -> int:
    with store.reading() as connection:
        at = journal.cursor(connection, BOX, "INBOX")
    assert at is not None
    return at.last_uid


def take(store: Store, files: RawFiles, counted: set[int] | None = None, limit: int = 50) -> list[Entry]:
    return journal.take(store, files, [BOX], limit, NOW, set() if counted is None else counted)


def forgetful(files: RawFiles) -> RawFiles:
    """As another life of the program has it: nothing at hand but what is kept."""
    return RawFiles(files.folder, files.large)


def test_mails_entries_and_cursor_are_kept_together(store: Store, files: RawFiles) -> None:
    at = begun(store)

    assert journal.record(store, files, at, [fetched(3, b"one"), fetched(5, b"two")], 5, NOW) == 2

    assert [(e.uid, e.state, e.rule, e.tries) for e in all_rows(store, schema.journal)] == [
        (3, "collected", "answer", 0),
        (5, "collected", "answer", 0),
    ]
    assert where(store) == 5
    assert {entry.raw for entry in take(store, forgetful(files))} == {b"one", b"two"}


def test_a_commit_that_fails_leaves_neither_mail_nor_progress(store: Store, files: RawFiles) -> None:
    at = begun(store)
    journal.record(store, files, at, [fetched(1, b"one")], 1, NOW)
    put_in(
        store,
        (schema.raw_mail, {"sha256": "c" * 64, "size": 1, "body": b"", "path": None}),
        (schema.journal, journal_row(3, uid=1, mailbox="other@example.test", sha256="c" * 64)),
    )

    with pytest.raises(Exception, match=r"(?i)unique"):  # number 3 is taken
        journal.record(store, files, at, [fetched(2, b"two"), fetched(3, b"three")], 3, NOW)

    assert where(store) == 1
    assert [e.uid for e in all_rows(store, schema.journal)] == [1, 1]
    assert len(all_rows(store, schema.raw_mail, "sha256")) == 2


def test_fetched_again_after_a_crash_a_mail_is_one_entry(store: Store, files: RawFiles) -> None:
    at = begun(store)
    journal.record(store, files, at, [fetched(1, b"one"), fetched(2, b"two")], 2, NOW)

    assert journal.record(store, files, at, [fetched(2, b"two"), fetched(3, b"three")], 3, NOW) == 1

    assert [e.uid for e in all_rows(store, schema.journal)] == [1, 2, 3]


def test_the_same_bytes_under_two_numbers_are_two_entries_and_kept_once(store: Store, files: RawFiles) -> None:
    at = begun(store)
    journal.record(store, files, at, [fetched(1, b"same"), fetched(2, b"same")], 2, NOW)
    journal.record(store, files, at, [fetched(9, b"same")], 9, NOW)

    assert len(all_rows(store, schema.journal)) == 3
    assert len(all_rows(store, schema.raw_mail, "sha256")) == 1


def test_the_cursor_never_goes_back(store: Store, files: RawFiles) -> None:
    at = begun(store)
    journal.record(store, files, at, [], 40, NOW)
    journal.record(store, files, at, [fetched(7, b"late")], 7, NOW)

    assert where(store) == 40


def test_what_is_older_than_since_is_history_and_what_a_first_start_finds_is_careful(
    store: Store, files: RawFiles
) -> None:
    at = begun(store, Cursor(BOX, "INBOX", NOW, 7, 0, 5))
    old = Fetched(1, NOW - timedelta(microseconds=1), 3, b"old", hashlib.sha256(b"old").hexdigest())

    journal.record(store, files, at, [old, fetched(4, b"found"), fetched(5, b"new")], 5, NOW)

    assert [e.rule for e in all_rows(store, schema.journal)] == ["history", "careful", "answer"]


def test_an_entry_s_tries_count_the_lives_that_took_it_up(store: Store, files: RawFiles) -> None:
    journal.record(store, files, begun(store), [fetched(1, b"one")], 1, NOW)
    first_life: set[int] = set()

    assert [take(store, forgetful(files), first_life)[0].tries for _ in range(3)] == [1, 1, 1]
    assert [take(store, forgetful(files), set())[0].tries for _ in range(2)] == [2, 3]
    assert all_rows(store, schema.journal)[0].tries == 3


def test_entries_are_taken_oldest_first_and_only_of_the_mailboxes_asked_for(store: Store, files: RawFiles) -> None:
    at = begun(store)
    journal.record(store, files, at, [fetched(n, b"%d" % n) for n in range(1, 8)], 7, NOW)

    assert [entry.raw for entry in take(store, files, limit=3)] == [b"1", b"2", b"3"]
    assert journal.take(store, files, ["other@example.test"], 50, NOW, set()) == []


# Big mails lie in files


def test_a_big_mail_is_a_file_for_this_user_alone_and_its_row_knows_where(store: Store, files: RawFiles) -> None:
    big = b"x" * (LARGE + 1)
    journal.record(store, files, begun(store), [fetched(1, big), fetched(2, b"y" * LARGE)], 2, NOW)

    kept = {row.size: (row.body, row.path) for row in all_rows(store, schema.raw_mail, "sha256")}
    body, path = kept[LARGE + 1]
    assert (body, path) == (None, f"{hashlib.sha256(big).hexdigest()}.eml")
    assert (files.folder / path).read_bytes() == big
    assert files.folder.stat().st_mode & 0o077 == 0
    assert zlib.decompress(kept[LARGE][0])[-LARGE:] == b"y" * LARGE
    assert sorted(one.name for one in files.folder.iterdir()) == [path]


def test_a_big_mail_that_was_fetched_into_a_file_is_moved_not_copied(
    store: Store, files: RawFiles, tmp_path: Path
) -> None:
    fetched_into = tmp_path / "fetched.tmp"
    fetched_into.write_bytes(b"z" * 5000)
    mail = fetched(1, fetched_into)

    journal.record(store, files, begun(store), [mail], 1, NOW)

    assert not fetched_into.exists()
    [entry] = take(store, forgetful(files))
    assert isinstance(entry.raw, Path) and entry.raw.read_bytes() == b"z" * 5000


def test_a_file_without_its_row_is_adopted_when_its_mail_is_fetched_again(store: Store, files: RawFiles) -> None:
    """The program was killed between the file and the commit."""
    at, mail = begun(store), fetched(1, b"x" * 5000)
    assert files.keep(mail) is not None
    assert all_rows(store, schema.journal) == []

    journal.record(store, files, at, [mail], 1, NOW)

    assert len(list(files.folder.iterdir())) == 1
    with store.reading() as connection:
        assert journal.raw_bytes(connection, files, mail.sha256) == b"x" * 5000


@pytest.mark.parametrize("big", [False, True])
def test_a_mail_is_given_back_byte_for_byte_or_not_at_all(store: Store, files: RawFiles, big: bool) -> None:
    mail = fetched(1, b"x" * (5000 if big else 50))
    journal.record(store, files, begun(store), [mail], 1, NOW)
    if big:
        (files.folder / f"{mail.sha256}.eml").write_bytes(b"x" * 4999 + b"y")
    else:
        with store.engine.begin() as connection:
            connection.execute(update(schema.raw_mail).values(body=zlib.compress(b"x" * 49 + b"y")))

    with store.reading() as connection, pytest.raises(StoreError, match="its bytes have changed"):
        journal.raw_bytes(connection, files, mail.sha256)


def test_a_mail_that_is_not_kept_is_said(store: Store, files: RawFiles) -> None:
    with store.reading() as connection, pytest.raises(StoreError, match="is not kept here"):
        journal.raw_bytes(connection, files, "d" * 64)


# How turns went


def test_since_when_a_mailbox_fails_is_kept_until_it_is_well_again(store: Store) -> None:
    begun(store)
    for minute, failure in enumerate(["no route", "no login", None, "no route"]):
        turns.note_pass(store, BOX, "INBOX", NOW + timedelta(minutes=minute), failure, write_good=True)
        (row,) = all_rows(store, schema.mailbox_state, "address")
        if minute == 1:
            assert (row.failing_since, row.failure, row.last_good_at) == (NOW, "no login", None)

    assert row.failing_since == NOW + timedelta(minutes=3)
    assert row.last_good_at == NOW + timedelta(minutes=2)


def test_a_folder_read_anew_hides_no_new_mail_behind_an_old_number(store: Store, files: RawFiles) -> None:
    at = begun(store)
    journal.record(store, files, at, [fetched(1, b"one")], 1, NOW)
    again = Cursor(BOX, "INBOX", at.since, 7, 0, 2)
    with store.writing(NOW) as writer:
        journal.begin_again(writer, again, "UIDNEXT is 1, but UID 1 was read already")

    assert journal.record(store, files, again, [fetched(1, b"another")], 1, NOW) == 1
    with store.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.journal)) == 2
