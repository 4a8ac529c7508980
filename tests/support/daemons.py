"""Daemons as processes: started, watched, killed, stopped, and none of them left behind.

with Daemons(setup) as daemons:
    one = daemons.start()
    one.kill(); daemons.start()
    setup…; daemons.all_answered(60)
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Self

import psycopg

from tests.support.mailstack import until
from tests.support.office import STAFF, Setup, a_mail, own_address

UP = 90.0  # seconds: a busy machine takes its time
SOON = 'poll = "2s"'
SURE = 'settle = "3s"\ndoubt_wait = "8s"'  # a letter goes again when no copy of it has come by then
GOING = "SELECT COUNT(*) FROM letter WHERE audience = 'staff' AND state NOT IN ('sent', 'held', 'refused')"
MANY = STAFF + "\n[limits]\nbrake = 1000\nper_domain_per_hour = 100000\nper_hour = 100000\n"


@dataclass
class Running:
    """One daemon with its log."""

    process: subprocess.Popen[bytes]
    log_file: Path
    paused: bool = False

    @property
    def pid(self) -> int:
        return self.process.pid

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """What it has said so far, a dictionary for each line."""
        lines = self.log_file.read_text(errors="replace").splitlines() if self.log_file.exists() else []
        told = []
        for line in lines:
            with contextlib.suppress(ValueError):
                told.append(json.loads(line))
        return [line for line in told if name in (None, line.get("event"))]

    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def wait_until_up(self, seconds: float = UP) -> Self:
        until(lambda: bool(self.events("started")) or self.process.poll() is not None, seconds, "the daemon to come up")
        assert self.process.poll() is None, f"the daemon ended with {self.process.returncode}:\n{self.log()}"
        return self

    def signal(self, number: int) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.process.wait(UP)

    def pause(self) -> None:
        self.paused = True
        self.signal(signal.SIGSTOP)

    def goes_on(self) -> None:
        self.paused = False
        self.signal(signal.SIGCONT)

    def stop(self, seconds: float = UP) -> int:
        self.signal(signal.SIGTERM)
        return self.process.wait(seconds)

    @property
    def runs(self) -> bool:
        return self.process.poll() is None


@dataclass
class Daemons:
    """Every daemon that a test starts on one office."""

    setup: Setup
    every: list[Running] = field(default_factory=list)
    complainants: dict[str, str] = field(default_factory=dict)  # address → the mailbox they wrote to

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self.every:
            with contextlib.suppress(ProcessLookupError):
                one.process.kill()
            one.process.wait(UP)

    def start(
        self, *words: str, env: Mapping[str, str] | None = None, up: bool = True, log: IO[bytes] | int | None = None
    ) -> Running:
        path = self.setup.folder / f"daemon-{len(self.every)}.log"
        with path.open("wb") as own:
            process = subprocess.Popen(
                self.setup.command("run", *words),
                stdin=subprocess.DEVNULL,
                stdout=log or own,
                stderr=log or own,
                env={**os.environ, "LOG_FORMAT": "json", **(env or {})},
            )
        one = Running(process, path)
        self.every.append(one)
        return one.wait_until_up() if up and log is None else one

    @property
    def running(self) -> list[Running]:
        return [one for one in self.every if one.runs]

    # Complaints, and what became of them

    def complain(self, to: str | None = None) -> str:
        """Somebody new writes to this mailbox, over SMTP."""
        sender, box = own_address("complainants.test"), to or self.setup.address
        self.setup.stack.add_user(sender)
        self.complainants[sender] = box
        self.setup.stack.deliver(sender, box, a_mail(box, sender=sender, body=f"I am very unhappy, says {sender}."))
        return sender

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """What the database holds, as any tool would see it."""
        if self.setup.database.startswith("sqlite"):
            path = self.setup.database.partition(":///")[2]
            with contextlib.closing(sqlite3.connect(path, timeout=UP)) as database:
                return database.execute(sql, params).fetchall()
        with psycopg.connect(self.setup.database.replace("+psycopg", ""), autocommit=True) as connection:
            asked = connection.execute(sql.replace("?", "%s").encode(), params or None)
            return asked.fetchall() if asked.description else []

    def states(self) -> dict[str, int]:
        return dict(self.rows("SELECT state, COUNT(*) FROM letter GROUP BY state"))

    def wait_until_answered(self, seconds: float, senders: Sequence[str] | None = None) -> None:
        """Until every complainant's letter is sent, and no mail to staff is on its way."""
        wanted = set(self.complainants if senders is None else senders)

        def all_sent() -> bool:
            for one in self.every:
                assert one.process.poll() in (None, 0, -signal.SIGKILL), f"a daemon ended by itself:\n{one.log()}"
            with contextlib.suppress(sqlite3.OperationalError, psycopg.Error):
                sent = {row[0] for row in self.rows("SELECT recipient FROM letter WHERE state = 'sent'")}
                return wanted <= sent and self.rows(GOING) == [(0,)]
            return False

        try:
            until(all_sent, seconds, "every letter to be sent")
        except TimeoutError as late:
            told = "\n".join(f"--- {one.pid}\n{one.log()[-3000:]}" for one in self.every[-3:])
            raise TimeoutError(f"{late}: {self.states()}\n{told}") from None

    def assert_each_answered_once(self) -> None:
        """One case, one letter and one mail in their mailbox for every complainant, one notice of each case to whoever
        has it first, and a record that is whole."""
        cases = self.rows("SELECT complainant_email, COUNT(*) FROM cases GROUP BY 1")
        assert dict(cases) == dict.fromkeys(self.complainants, 1)
        letters = self.rows("SELECT recipient, state, COUNT(*) FROM letter WHERE audience <> 'staff' GROUP BY 1, 2")
        assert sorted(letters) == sorted((sender, "sent", 1) for sender in self.complainants)
        for sender in self.complainants:
            self.setup.stack.wait_for(sender, 1, seconds=10)
        received = {sender: self.setup.stack.count(sender) for sender in self.complainants}
        assert received == dict.fromkeys(self.complainants, 1)
        self._assert_staff_told_once()
        assert self.setup.says("verify")[0] == 0
        series = self.rows("SELECT prefix, MIN(number), MAX(number), COUNT(*) FROM cases GROUP BY prefix, year")
        assert all((first, last) == (1, count) for _, first, last, count in series)

    def _assert_staff_told_once(self) -> None:
        """One notice of each case; what was in doubt is sent once more, for no copy of it comes to a mailbox."""
        columns = "case_id, recipient, message_id, resends, state"
        told = self.rows(f"SELECT {columns} FROM letter WHERE kind IN ('decide', 'handler')")
        assert sorted(row[0] for row in told) == sorted(row[0] for row in self.rows("SELECT id FROM cases"))
        assert {(resends, state) for *_, resends, state in told} <= {(0, "sent"), (1, "sent"), (1, "held")}
        for director in {row[1] for row in told}:
            theirs = {mid: resends for _, to, mid, resends, state in told if (to, state) == (director, "sent")}
            until(lambda: theirs.keys() <= set(self._ids(director)), 10, "the notices to arrive")  # noqa: B023
            came = Counter(self._ids(director))
            assert all(came[mid] <= 1 + resends for mid, resends in theirs.items())

    def _ids(self, person: str) -> list[str]:
        """The Message-ID of each mail that lies with somebody."""
        with self.setup.stack.imap(person) as client:
            client.select_folder("INBOX", readonly=True)
            uids = client.search()
            heads = client.fetch(uids, ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"]) if uids else {}
        found = [part for head in heads.values() for part in head.values() if isinstance(part, bytes)]
        return [head.partition(b":")[2].strip().decode() for head in found]
