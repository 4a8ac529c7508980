"""Who may work on which mailbox: what is held dies with its holder, and whoever lost it finds out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from complaintmail.errors import AlreadyRunning, TemporaryFailure
from complaintmail.store.engine import Store
from complaintmail.store.ownership import Ownership, ownership_of
from tests.support.mailstack import until
from tests.support.postgres import PostgresServer

BOX = "info@example.test"
HOLDS = """
import sys
from complaintmail.store.engine import Store
from complaintmail.store.ownership import ownership_of

ownership = ownership_of(Store(sys.argv[1]))
print(ownership.take(sys.argv[2]), flush=True)
sys.stdin.readline()
print(ownership.holds(sys.argv[2]), flush=True)
"""


@contextmanager
def another_process(url: str, address: str = BOX) -> Iterator[subprocess.Popen[str]]:
    """A process that took this mailbox, or was refused."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDS, url, address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield other
    finally:
        other.kill()
        other.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def a_store(folder: Path) -> Store:
    return Store(f"sqlite:///{folder}/var/complaintmail.db")


# SQLite: one process has it all


def test_a_second_daemon_on_the_same_file_is_refused_in_one_line_that_names_the_first(tmp_path: Path) -> None:
    with closing(a_store(tmp_path)) as store, another_process(store.url) as other:
        assert line(other) == "True"

        with pytest.raises(AlreadyRunning, match=rf"\(pid {other.pid} on .+\)") as refused:
            ownership_of(store)

    assert "\n" not in str(refused.value)
    assert "use PostgreSQL for several" in str(refused.value)


def test_the_same_process_cannot_have_it_twice_either(tmp_path: Path) -> None:
    with closing(a_store(tmp_path)) as store, closing(ownership_of(store)), pytest.raises(AlreadyRunning):
        ownership_of(store)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_the_file_is_free_as_soon_as_its_holder_is_gone(tmp_path: Path, end: int) -> None:
    with closing(a_store(tmp_path)) as store, another_process(store.url) as other:
        assert line(other) == "True"
        other.send_signal(end)
        other.wait(90)

        with closing(ownership_of(store)) as ours:
            assert ours.take(BOX) and ours.holds(BOX)
            assert f"pid {os.getpid()} on" in Path(f"{tmp_path}/var/complaintmail.db.lock").read_text()


def test_a_holder_that_only_stands_still_keeps_it(tmp_path: Path) -> None:
    with closing(a_store(tmp_path)) as store, another_process(store.url) as other:
        assert line(other) == "True"
        other.send_signal(signal.SIGSTOP)

        with pytest.raises(AlreadyRunning):
            ownership_of(store)


def test_what_is_given_back_is_held_no_more(tmp_path: Path) -> None:
    with closing(a_store(tmp_path)) as store:
        first = ownership_of(store)
        assert first.take(BOX)
        first.close()

        assert not first.take(BOX) and not first.holds(BOX)
        with closing(ownership_of(store)) as second:
            assert second.take(BOX)


# PostgreSQL: mailbox by mailbox


@pytest.fixture
def url(copies: Callable[[], str]) -> str:
    return copies()


@contextmanager
def daemons(url: str, count: int) -> Iterator[list[Ownership]]:
    with ExitStack() as kept:
        stores = [kept.enter_context(closing(Store(url))) for _ in range(count)]
        yield [kept.enter_context(closing(ownership_of(store))) for store in stores]


def cut_lock_of(url: str, address: str = BOX) -> None:
    """End the connection that holds an advisory lock, as a broken network would."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )


@pytest.mark.postgres
def test_a_mailbox_belongs_to_one_daemon_and_another_mailbox_to_another(url: str) -> None:
    with daemons(url, 2) as (first, second):
        assert first.take(BOX)
        assert not second.take(BOX)
        assert second.take("care@example.test")
        assert not first.take("care@example.test")
        assert (first.holds(BOX), second.holds(BOX)) == (True, False)


@pytest.mark.postgres
def test_capitals_make_no_other_mailbox(url: str) -> None:
    with daemons(url, 2) as (first, second):
        assert first.take("Info@Example.test")
        assert not second.take(BOX)


@pytest.mark.postgres
def test_taking_what_is_ours_already_holds_it_once(url: str) -> None:
    with daemons(url, 2) as (first, second):
        assert [first.take(BOX) for _ in range(3)] == [True] * 3
        first.close()

        assert second.take(BOX)


@pytest.mark.postgres
def test_what_is_held_dies_with_its_process(url: str) -> None:
    with another_process(url) as other, daemons(url, 1) as (ours,):
        assert line(other) == "True"
        assert not ours.take(BOX)
        other.kill()
        other.wait(90)

        until(lambda: ours.take(BOX), 5, "the lock to be free")


@pytest.mark.postgres
def test_a_process_that_only_stands_still_keeps_its_mailboxes(url: str) -> None:
    with another_process(url) as other, daemons(url, 1) as (ours,):
        assert line(other) == "True"
        other.send_signal(signal.SIGSTOP)

        assert not ours.take(BOX)


@pytest.mark.postgres
def test_who_lost_the_connection_holds_nothing_and_another_takes_over(url: str) -> None:
    with daemons(url, 2) as (first, second):
        assert first.take(BOX)
        cut_lock_of(url)

        until(lambda: second.take(BOX), 5, "the lock to be free")
        assert not first.holds(BOX)
        assert not first.take(BOX)
        second.close()
        assert first.take(BOX) and first.holds(BOX)


@pytest.mark.postgres
def test_who_lost_the_connection_and_gets_it_back_holds_only_what_it_asks_for_again(url: str) -> None:
    with daemons(url, 1) as (first,):
        assert first.take(BOX) and first.take("care@example.test")
        cut_lock_of(url)

        assert not first.holds(BOX)
        assert first.take(BOX)
        assert not first.holds("care@example.test")


@pytest.mark.postgres
def test_without_a_server_nothing_is_held_and_asking_is_worth_another_try(url: str) -> None:
    nowhere = Store("postgresql+psycopg://postgres@127.0.0.1:1/nothing")
    with closing(nowhere), closing(ownership_of(nowhere)) as ours:
        assert not ours.holds(BOX)
        with pytest.raises(TemporaryFailure):
            ours.take(BOX)


@pytest.mark.postgres
def test_two_databases_on_one_server_have_mailboxes_of_their_own(url: str, copies: Callable[[], str]) -> None:
    with daemons(url, 1) as (first,), daemons(copies(), 1) as (second,):
        assert first.take(BOX) and second.take(BOX)


@pytest.mark.postgres
def test_many_threads_of_a_daemon_may_ask_at_once(url: str, postgres_server: PostgresServer) -> None:
    boxes = [f"box{n}@example.test" for n in range(8)]
    wrong: list[str] = []

    with daemons(url, 1) as (ours,):

        def asks(box: str) -> None:
            for _ in range(20):
                if not (ours.take(box) and ours.holds(box)):
                    wrong.append(box)

        threads = [threading.Thread(target=asks, args=(box,)) for box in boxes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(90)

    assert wrong == []
