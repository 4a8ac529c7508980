"""The daemon's turns: a mailbox that another daemon holds, a database that is busy at the start, the brake."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import pytest

from complaintmail import daemon as daemons
from complaintmail.daemon import Daemon
from complaintmail.errors import TemporaryFailure
from complaintmail.passes.office import Office
from tests.support.doors import At, MemoryInbox, MemoryPostbox
from tests.support.office import a_mail
from tests.support.scripted_server import eventually


class Open(Protocol):
    def __call__(self, **more: Any) -> tuple[Office, MemoryInbox, MemoryPostbox, At]: ...


class Another:
    """The mailbox is another daemon's until it has been asked for so many times."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.asked = 0

    def take(self, address: str) -> bool:
        self.asked += 1
        return self.asked > self.refusals

    def holds(self, address: str) -> bool:
        return self.asked > self.refusals

    def close(self) -> None:
        pass


@contextmanager
def running(office: Office) -> Iterator[list[int]]:
    stop = threading.Event()
    daemon = Daemon(office, stop)
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(daemon.run()))
    thread.start()
    try:
        yield codes
    finally:
        stop.set()
        thread.join(60)
    assert codes == [0]


def test_a_mailbox_that_becomes_free_is_taken_over_at_the_next_look(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemons, "ASK_AGAIN", 0.05)
    office, inbox, postbox, _ = opened()
    inbox.deliver(a_mail("info@example.test"))
    office.ownership.close()
    another = Another(refusals=12)
    office.ownership = another
    for work in office.works:
        work.collector.may_work = lambda: another.holds("")
        work.dispatcher.may_send = lambda: another.holds("")

    with running(office):
        eventually(lambda: len(postbox.taken) == 1)

    assert "mark" in inbox.asked


def test_a_database_that_is_busy_at_the_start_does_not_end_the_daemon(opened: Open) -> None:
    office, inbox, postbox, _ = opened()
    inbox.deliver(a_mail("info@example.test"))
    real: Callable[[Any], int] = office.intake.run
    busy = [TemporaryFailure("the database is not to be had just now: it is locked")] * 2

    class Busy:
        limits = office.intake.limits

        def run(self, mailboxes: Any) -> int:
            if busy and threading.current_thread().name.startswith("watch"):
                raise busy.pop()
            return real(mailboxes)

    office.intake = Busy()  # type: ignore[assignment]
    with running(office):
        eventually(lambda: len(postbox.taken) == 1)


def test_the_brake_looks_at_what_a_broken_first_pass_leaves_to_the_next(opened: Open) -> None:
    office, inbox, postbox, _ = opened(extra="[limits]\nbrake = 5\nper_domain_per_hour = 1000\n")
    for n in range(4):
        inbox.deliver(a_mail("info@example.test", sender=f"w{n}@a{n}.test", body=f"Complaint {n}: nobody came. " * 3))
    broken = [True]
    fetch = inbox.fetch

    def breaks_after(uids: Any) -> Any:
        yield from fetch(uids)
        if broken:
            broken.clear()
            for n in range(4, 14):
                raw = a_mail("info@example.test", sender=f"w{n}@a{n}.test", body=f"Complaint {n}: nobody came. " * 3)
                inbox.deliver(raw)
            inbox.fails["uids_after"] = TemporaryFailure("connection lost")

    def mended() -> bool:
        inbox.fails.clear()
        return True

    inbox.fetch = breaks_after  # type: ignore[method-assign]
    postbox.inbox = None
    with running(office):
        eventually(lambda: len(postbox.taken) == 4)
        mended()
        eventually(lambda: _held(office) == 10)

    assert len(postbox.taken) == 4


def _held(office: Office) -> int:
    from sqlalchemy import func, select

    from complaintmail.store import schema

    with office.store.reading() as connection:
        return int(
            connection.scalar(select(func.count()).select_from(schema.letter).where(schema.letter.c.state == "held"))
            or 0
        )
