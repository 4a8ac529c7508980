"""Opening the database, its two kinds of transaction, and what it says when it is busy, gone or broken."""

from __future__ import annotations

import contextlib
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, text

from complaintmail.errors import ComplaintmailError, StoreError, TemporaryFailure
from complaintmail.store import schema
from complaintmail.store.engine import Store
from complaintmail.store.instants import instant_of, instant_text
from complaintmail.store.migrate import upgrade
from tests.support.postgres import PostgresServer
from tests.support.rows import NOW, numbers, open_cases

LONDON = ZoneInfo("Europe/London")
MOMENTS = [
    datetime(2026, 3, 17, 9, 30, tzinfo=UTC),
    datetime(2026, 3, 17, 9, 30, 0, 1, tzinfo=UTC),
    datetime(2026, 3, 17, 9, 30, 59, 999999, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    datetime(2026, 10, 25, 1, 30, tzinfo=LONDON),
    datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1),
    datetime(2026, 3, 29, 1, 30, tzinfo=LONDON),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(1900, 1, 2, tzinfo=UTC),
    datetime(9999, 12, 30, tzinfo=UTC),
]
FIRST, LAST = datetime.fromisoformat("0002-01-01"), datetime.fromisoformat("9998-12-31")
AWARE = st.datetimes(FIRST, LAST, timezones=st.timezones())  # times that exist and times that do not


@contextlib.contextmanager
def sqlite_store(folder: Path, **more: Any) -> Iterator[Store]:
    store = Store(f"sqlite:///{folder}/var/complaintmail.db", **more)
    upgrade(store)
    try:
        yield store
    finally:
        store.close()


def file_of(store: Store) -> Path:
    return Path(store.url.removeprefix("sqlite:///"))


# What is promised of each database


def test_sqlite_runs_with_a_rollback_journal_full_sync_and_foreign_keys_on_every_connection(tmp_path: Path) -> None:
    with sqlite_store(tmp_path) as store, contextlib.ExitStack() as open_at_once:
        for _ in range(12):
            connection = open_at_once.enter_context(store.engine.connect().execution_options(read=True))

            said = [
                connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
            assert said == ["delete", 2, 1]


def test_a_file_left_in_wal_mode_is_brought_back(tmp_path: Path) -> None:
    with sqlite_store(tmp_path) as store:
        path = file_of(store)
    with contextlib.closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)

    with sqlite_store(tmp_path) as store, store.reading() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "delete"


@pytest.mark.postgres
def test_postgresql_waits_for_its_disk_whatever_the_server_s_default_is(postgres_server: PostgresServer) -> None:
    url = postgres_server.fresh_database()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{url.rpartition("/")[2]}" SET synchronous_commit = off'.encode())
        admin.execute(f"ALTER DATABASE \"{url.rpartition('/')[2]}\" SET timezone = 'Asia/Kathmandu'".encode())
    store = Store(url)
    with contextlib.ExitStack() as open_at_once:
        for _ in range(12):
            connection = open_at_once.enter_context(store.engine.connect())

            assert connection.scalar(text("SHOW synchronous_commit")) == "on"
            assert connection.scalar(text("SHOW timezone")) == "UTC"
    store.close()


def test_the_database_and_its_folder_are_for_this_user_alone(tmp_path: Path) -> None:
    with sqlite_store(tmp_path) as store:
        path = file_of(store)

        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")

    with pytest.raises(StoreError, match="cannot make the folder"):
        Store(f"sqlite:///{tmp_path}/var/deeper/complaintmail.db")


def test_the_key_is_made_once_and_is_not_in_the_url(store: Store) -> None:
    assert len(store.key) == 32
    assert store.setting("instance")
    with pytest.raises(StoreError, match="has no key"), contextlib.closing(_without_key(store)) as keyless:
        assert keyless.key


def _without_key(store: Store) -> Store:
    with store.engine.begin() as connection:
        connection.execute(schema.setting.delete().where(schema.setting.c.key == "key"))
    return Store(store.url)


# Transactions


def test_what_raises_leaves_nothing_and_gives_its_numbers_back(store: Store) -> None:
    with store.writing(NOW) as writer:
        open_cases(writer, 2)
    with pytest.raises(RuntimeError, match="in the middle"), store.writing(NOW) as writer:
        assert open_cases(writer, 3)[0] == "CMS-2026-000003"
        raise RuntimeError("in the middle")

    with store.writing(NOW) as writer:
        assert open_cases(writer, 1) == ["CMS-2026-000003"]
    assert numbers(store) == [1, 2, 3]


def test_a_reader_sees_one_state_while_somebody_waits_to_write(tmp_path: Path) -> None:
    """SQLite: with a rollback journal whoever writes waits for the readers."""
    with sqlite_store(tmp_path) as store:
        with store.reading() as connection:
            before = connection.scalar(text("SELECT COUNT(*) FROM cases"))
            writes = threading.Thread(target=_open_one, args=(store,))
            writes.start()
            writes.join(0.3)
            assert writes.is_alive()
            assert connection.scalar(text("SELECT COUNT(*) FROM cases")) == before == 0
        writes.join(90)
        assert numbers(store) == [1]


def _open_one(store: Store) -> None:
    with store.writing(NOW) as writer:
        open_cases(writer, 1)


# What goes wrong


def test_a_database_that_somebody_else_locks_is_worth_another_try(tmp_path: Path) -> None:
    with (
        sqlite_store(tmp_path, busy_seconds=0.1) as store,
        contextlib.closing(sqlite3.connect(file_of(store))) as other,
    ):
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(TemporaryFailure, match="not to be had just now: database is locked"):
            _open_one(store)
        with pytest.raises(TemporaryFailure):
            store.setting("instance")
        other.rollback()

        _open_one(store)
        assert numbers(store) == [1]


@pytest.mark.parametrize("how", ["overwritten", "cut short", "garbled"])
def test_a_database_that_is_damaged_ends_the_program(tmp_path: Path, how: str) -> None:
    with sqlite_store(tmp_path) as store:
        path = file_of(store)
    whole = path.read_bytes()
    path.write_bytes(
        {"overwritten": b"\0" * len(whole), "cut short": whole[:5000], "garbled": whole[:4096] + b"\xff" * 60_000}[how]
    )

    damaged = Store(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="damaged or its disk fails"):
        _open_one(damaged)
    damaged.close()


def test_a_full_disk_is_worth_another_try(tmp_path: Path) -> None:
    with sqlite_store(tmp_path) as store:
        with pytest.raises(TemporaryFailure, match="full"), store.writing(NOW) as writer:
            pages = writer.connection.scalar(text("PRAGMA page_count"))
            writer.connection.execute(text(f"PRAGMA max_page_count = {pages}"))
            open_cases(writer, 500)
        with store.writing(NOW) as writer:
            writer.connection.execute(text("PRAGMA max_page_count = 1000000"))
            open_cases(writer, 1)

        assert numbers(store) == [1]


def test_a_server_that_is_not_there_is_worth_another_try() -> None:
    store = Store("postgresql+psycopg://postgres@127.0.0.1:1/nothing")

    with pytest.raises(TemporaryFailure, match="not to be had just now"):
        store.setting("key")
    store.close()


@pytest.mark.postgres
@pytest.mark.parametrize("when", ["before", "in the middle"])
def test_a_connection_that_is_cut_is_worth_another_try(
    postgres_server: PostgresServer, copies: Callable[[], str], when: str
) -> None:
    store = Store(copies())
    name = store.url.rpartition("/")[2]
    with psycopg.connect(postgres_server.url.replace("+psycopg", ""), autocommit=True) as admin:
        cut = b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name.encode() + b"'"
        if when == "before":
            admin.execute(cut)
            _open_one(store)  # the pool notices, and opens another
        else:
            with pytest.raises(TemporaryFailure), store.writing(NOW) as writer:
                open_cases(writer, 1)
                admin.execute(cut)
            _open_one(store)

    assert numbers(store) == [1]
    store.close()


@pytest.mark.postgres
def test_what_postgresql_gets_over_is_worth_another_try(copies: Callable[[], str]) -> None:
    store = Store(copies())
    for state in ["25006", "40001", "40P01", "53100", "53300", "55P03", "57P01", "57P03", "58030"]:
        with pytest.raises(TemporaryFailure), store.writing(NOW) as writer:
            writer.connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"))
    store.close()


@pytest.mark.postgres
def test_a_failover_to_a_read_only_server_is_worth_another_try(
    postgres_server: PostgresServer, copies: Callable[[], str]
) -> None:
    store = Store(copies())
    name = store.url.rpartition("/")[2]
    with psycopg.connect(postgres_server.url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'.encode())
    store.engine.dispose()

    with pytest.raises(TemporaryFailure, match="read-only"):
        _open_one(store)
    store.close()


@pytest.mark.postgres
def test_what_a_statement_is_to_blame_for_is_no_passing_failure(copies: Callable[[], str]) -> None:
    store = Store(copies())
    for state in ["23505", "42P01", "22021", "XX000"]:
        with pytest.raises(Exception, match="no") as raised, store.writing(NOW) as writer:
            writer.connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"))
        assert not isinstance(raised.value, ComplaintmailError)
    store.close()


def test_more_readers_than_connections_wait_and_are_told(tmp_path: Path) -> None:
    with sqlite_store(tmp_path) as store, contextlib.ExitStack() as all_of_them:
        store.engine.pool._timeout = 0.05  # type: ignore[attr-defined]
        for _ in range(16):
            all_of_them.enter_context(store.reading()).scalar(text("SELECT 1"))

        with pytest.raises(TemporaryFailure, match="in use"), store.reading():
            pass


# Moments


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_moment_comes_back_as_the_same_moment(shared_store: Store, moment: datetime) -> None:
    with shared_store.engine.connect() as connection:
        connection.execute(insert(schema.mailbox_state), _begun(moment))
        back = connection.scalar(select(schema.mailbox_state.c.since))

    assert back is not None
    assert (back.astimezone(UTC), back.utcoffset()) == (moment.astimezone(UTC), timedelta(0))


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_moment_is_found_by_itself_and_by_its_neighbours(shared_store: Store, moment: datetime) -> None:
    since = schema.mailbox_state.c.since
    instant = moment.astimezone(UTC)
    with shared_store.engine.connect() as connection:
        connection.execute(insert(schema.mailbox_state), _begun(moment))
        asked = select(
            since == instant, since < instant + timedelta(microseconds=1), since > instant - timedelta(days=1)
        )

        assert [bool(one) for one in connection.execute(asked).one()] == [True, True, True]


def test_a_moment_without_its_offset_is_refused(shared_store: Store) -> None:
    naive = datetime(2026, 3, 17, 9, 30)  # noqa: DTZ001 - the point of it

    with pytest.raises(Exception, match="a moment without its offset"), shared_store.engine.connect() as connection:
        connection.execute(insert(schema.mailbox_state), _begun(naive))


def _begun(since: datetime) -> dict[str, Any]:
    return {"address": "a", "folder": "f", "since": since, "uidvalidity": 1, "last_uid": 0}


@given(AWARE)
def test_as_text_a_moment_is_the_same_moment(moment: datetime) -> None:
    back = instant_of(instant_text(moment))

    assert back is not None
    assert back == moment.astimezone(UTC)


@given(AWARE, AWARE)
def test_as_text_moments_sort_as_they_follow_each_other(one: datetime, other: datetime) -> None:
    first, second = one.astimezone(UTC), other.astimezone(UTC)

    assert (instant_text(one) < instant_text(other)) == (first < second)
    assert len(instant_text(one)) == 27


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_structured_values_have_one_text_that_any_database_takes(value: Any) -> None:
    import json

    written = schema.canonical(value)

    assert json.loads(written) == value
    assert written.isascii() and "\0" not in written
