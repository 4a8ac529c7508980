"""Four daemons on one PostgreSQL, killed and stopped at random while mail comes in: each complaint is answered once."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.support.daemons import MANY, SOON, SURE, Daemons, Running
from tests.support.mailstack import MailStack, until
from tests.support.office import Setup, own_address
from tests.support.postgres import PostgresServer

pytestmark = [pytest.mark.stack, pytest.mark.postgres]

POLL = 2.0
BOXES = 4


@contextmanager
def office(folder: Path, stack: MailStack, server: PostgresServer, boxes: int = BOXES) -> Iterator[Daemons]:
    addresses = {own_address(): policy for policy in ("cms", "sek", "cim", "ceme")[:boxes]}
    setup = Setup(folder, stack, addresses, database=server.shaped_database(), box=SOON, smtp=SURE, extra=MANY)
    with Daemons(setup) as daemons:
        yield daemons


@pytest.fixture
def daemons(tmp_path: Path, mailstack: MailStack, postgres_server: PostgresServer) -> Iterator[Daemons]:
    with office(tmp_path, mailstack, postgres_server) as daemons:
        yield daemons


def holders(daemons: Daemons) -> dict[int, int]:
    """How many mailboxes each server process that holds any holds."""
    rows = daemons.rows(
        "SELECT pid, COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) GROUP BY pid"
    )
    return dict(rows)


def all_held(daemons: Daemons) -> bool:
    return sum(holders(daemons).values()) == len(daemons.setup.addresses)


def test_daemons_share_a_database_and_each_mailbox_is_one_s(daemons: Daemons) -> None:
    every = [daemons.start(up=False) for _ in range(2)]
    for one in every:
        one.wait_until_up()
    for box in daemons.setup.addresses:
        daemons.complain(box)

    daemons.wait_until_answered(40)
    assert sum(holders(daemons).values()) == BOXES
    assert [one.stop() for one in every] == [0, 0]
    assert holders(daemons) == {}
    daemons.assert_each_answered_once()


def test_another_takes_over_within_a_poll_interval_what_a_killed_one_watched(daemons: Daemons) -> None:
    first = daemons.start()
    until(lambda: all_held(daemons), 20, "the first to hold every mailbox")
    (before,) = holders(daemons)
    second = daemons.start()

    first.kill()

    until(lambda: all_held(daemons) and before not in holders(daemons), POLL + 3, "the second to hold every mailbox")
    for box in daemons.setup.addresses:
        daemons.complain(box)
    daemons.wait_until_answered(30)
    assert second.stop() == 0
    daemons.assert_each_answered_once()


def test_one_that_stands_still_and_loses_its_connection_sends_nothing_when_it_wakes(daemons: Daemons) -> None:
    """What it had begun is another's by then: SIGSTOP, the server ends its sessions, SIGCONT."""
    first = daemons.start()
    until(lambda: all_held(daemons), 20, "the first to hold every mailbox")
    sessions = {pid for (pid,) in daemons.rows("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")}
    second = daemons.start()
    senders = [daemons.complain(box) for box in daemons.setup.addresses for _ in range(3)]
    first.pause()
    with psycopg.connect(daemons.setup.database.replace("+psycopg", ""), autocommit=True) as admin:
        for pid in sessions:
            admin.execute("SELECT pg_terminate_backend(%s)", (pid,))
        daemons_of_first = set(holders(daemons)) & sessions
    assert not daemons_of_first

    until(lambda: all_held(daemons), POLL + 5, "the second to hold every mailbox")
    daemons.wait_until_answered(60, senders)
    first.goes_on()
    more = [daemons.complain(box) for box in daemons.setup.addresses]
    daemons.wait_until_answered(30, more)

    assert (first.stop(), second.stop()) == (0, 0)
    daemons.assert_each_answered_once()


def havoc(daemons: Daemons, chance: random.Random, over: threading.Event) -> list[str]:
    """Kill, or stop for longer than others take to take over, whoever is running; always start another."""
    done: list[str] = []
    while not over.wait(chance.uniform(0.3, 1.5)):
        victim = chance.choice(daemons.running)
        if chance.random() < 0.7:
            victim.kill()
            done.append("kill")
            daemons.start(up=False)
        else:
            victim.pause()
            over.wait(POLL + chance.uniform(0.5, 1.5))
            victim.goes_on()
            done.append("stop")
    return done


def random_kills(daemons: Daemons, mails: int, seed: int, seconds: float) -> list[str]:
    chance, coming = random.Random(seed), random.Random(seed)
    every: list[Running] = [daemons.start(up=False) for _ in range(4)]
    for one in every:
        one.wait_until_up()
    over = threading.Event()
    done: list[str] = []
    failed: list[BaseException] = []

    def wreck() -> None:
        try:
            done.extend(havoc(daemons, chance, over))
        except BaseException as failure:
            failed.append(failure)

    wrecking = threading.Thread(target=wreck)
    wrecking.start()
    boxes = list(daemons.setup.addresses)
    pause = threading.Event()
    for n in range(mails):
        daemons.complain(boxes[n % len(boxes)])
        pause.wait(coming.uniform(0, 0.4))
    over.set()
    wrecking.join(90)
    assert failed == []
    daemons.wait_until_answered(seconds)
    assert {one.wait_until_up().stop() for one in daemons.running} == {0}
    daemons.assert_each_answered_once()
    return done


def test_with_random_kills_each_complaint_has_one_case_and_one_acknowledgement(daemons: Daemons) -> None:
    done = random_kills(daemons, 60, seed=20261120, seconds=90)

    assert "kill" in done


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(1, 11))
def test_the_same_for_longer(tmp_path: Path, mailstack: MailStack, postgres_server: PostgresServer, seed: int) -> None:
    with office(tmp_path, mailstack, postgres_server) as daemons:
        done = random_kills(daemons, 200, seed=seed, seconds=300)

        assert done.count("kill") > 10
        assert "stop" in done
