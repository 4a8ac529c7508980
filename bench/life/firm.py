"""The firm of a simulated year: the real program between two doors, opened, closed and killed as often as it comes.

A kill leaves what a kill leaves: the database as it was at that moment, a letter on its way that the server took or
did not take, and a lock that nobody holds.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.life import cast
from complaintmail.config import load
from complaintmail.gateways.ports import Outcome, Outgoing
from complaintmail.passes.office import Office
from complaintmail.passes.once import run_once
from complaintmail.wiring import build
from tests.support.doors import ADDRESS, At, MemoryInbox, MemoryPostbox, behind_doors
from tests.support.shaped import shape

BEGIN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SETTINGS = """
[storage]
database = "sqlite:///{folder}/cm.db"
[policies]
directory = "{policies}"
[[mailbox]]
address = "{address}"
policy = "{policy}"
since = "2026-01-01"
plus_addressing = {plus}
[mailbox.imap]
host = "127.0.0.1"
port = 1
security = "none"
username = "{address}"
password = "secret"
[mailbox.smtp]
host = "127.0.0.1"
port = 1
security = "none"
{people}
"""
COPIED = ("cm.db", "cm.db-wal")


class Killed(BaseException):
    """The program is no more."""


@dataclass
class FrailPostbox(MemoryPostbox):
    """A postbox at which the program dies when it is told to: just before, or just after the server took a letter."""

    dies: str = ""
    dying: Callable[[], None] = lambda: None

    def send(
        self, letters: Sequence[Outgoing], *, may_send: Callable[[str], bool], done: Callable[[Outcome], None]
    ) -> None:
        for letter in letters:
            if self.dies == "before":
                self._die()
            super().send([letter], may_send=may_send, done=self._end if self.dies == "after" else done)

    def _end(self, outcome: Outcome) -> None:
        self._die()

    def _die(self) -> None:
        self.dies = ""
        self.dying()
        raise Killed


@dataclass
class Firm:
    """One policy's office."""

    policy: str
    folder: Path
    plus: bool = True
    clock: At = field(default_factory=lambda: At(BEGIN))
    inbox: MemoryInbox = field(init=False)
    postbox: FrailPostbox = field(init=False)
    office: Office | None = None
    kills: int = 0
    down: timedelta = timedelta(0)  # how long after a kill
    starts: int = 0
    passes: int = 0
    delivered: int = 0  # mails that somebody sent us
    stopped: list[tuple[datetime, datetime]] = field(default_factory=list)
    _stopped_at: datetime | None = None

    def __post_init__(self) -> None:
        self.inbox = MemoryInbox(self.clock)
        self.postbox = FrailPostbox(self.inbox, dying=self._keep_as_it_is)
        path = self.folder / "config.toml"
        path.write_text(
            SETTINGS.format(
                folder=self.folder, policies=Path(__file__).parent, address=ADDRESS, policy=self.policy,
                plus=str(self.plus).lower(), people=cast.people(self.policy),
            )
        )  # fmt: skip
        path.chmod(0o600)
        shape(f"sqlite:///{self.folder}/cm.db")

    def comes(self, raw: bytes) -> None:
        self.inbox.deliver(raw)
        self.delivered += 1

    # Its lives

    def opens(self) -> None:
        self.office = build(load(self.folder / "config.toml"), clock=self.clock, postbox=lambda _: self.postbox)
        behind_doors(self.office, self.inbox)
        for work in self.office.works:
            if work.sent is not None:
                work.sent.inbox.close()
                work.sent = None
        self.starts += 1
        if self._stopped_at is not None:
            self.stopped.append((self._stopped_at, self.clock.now()))
            self._stopped_at = None

    def stops(self) -> None:
        if self.office is not None:
            self.office.close()
        self.office = None
        self._stopped_at = self.clock.now()

    def works(self) -> None:
        """One pass; if it is killed on the way, it starts again at once, or stays down for as long as was drawn."""
        if self.office is None:
            return
        self.passes += 1
        try:
            failed = run_once(self.office)
        except Killed:
            self._falls()
            if self.down:
                return
            self.opens()
            assert self.office is not None
            failed = run_once(self.office)
        if failed:
            raise AssertionError(f"{self.policy}, {self.clock.now()}: {failed}")

    def kill_at(self, moment: str, down: timedelta) -> None:
        """The next letter is not sent, or is sent and not known to be."""
        self.postbox.dies, self.down = moment, down

    def _keep_as_it_is(self) -> None:
        self.kills += 1
        for name in COPIED:
            with suppress(FileNotFoundError):
                shutil.copyfile(self.folder / name, self.folder / f"{name}.killed")

    def _falls(self) -> None:
        self.stops()
        for name in COPIED:
            (self.folder / name).unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                (self.folder / f"{name}.killed").rename(self.folder / name)
        (self.folder / "cm.db-shm").unlink(missing_ok=True)

    # What there is to see

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "cm.db")) as database:
            return database.execute(sql, params).fetchall()

    def next_moment(self) -> datetime | None:
        """When the program has something to do next of its own."""
        [(letter, duty)] = self.rows(
            "SELECT (SELECT MIN(MAX(COALESCE(next_try_at, ''), COALESCE(not_before, ''))) FROM letter "
            "WHERE state IN ('queued', 'doubt', 'sending')), "
            "(SELECT MIN(next_at) FROM obligation WHERE state = 'open')"
        )
        moments = [datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (letter, duty) if text]
        return min(moments, default=None)
