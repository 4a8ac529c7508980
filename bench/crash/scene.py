"""One crash's own world: a mailbox with three mails in flight, a database, and ways to start the real program.

`Ground` holds what all of them share (servers, a prepared database) and gives out scenes; a `Scene` has addresses
that no other has, so two may be played at once. The three mails are two complaints from different people, one of them
big enough to be kept as a file beside the database, and an out-of-office. Nobody of staff is named in its settings, so
none of them is written to; `bench.crash.staff_scene` has those with people.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from bench.crash.books import Books, moment
from complaintmail.clock import SystemClock
from tests.support.mailstack import MailStack
from tests.support.office import Setup, a_mail, own_address
from tests.support.postgres import PostgresServer

SETTLE, DOUBT_WAIT = 1.0, 2.0
SMTP = f'evidence = "bcc"\nsettle = "{SETTLE:g}s"\ndoubt_wait = "{DOUBT_WAIT:g}s"\n'
RUNS_AT_MOST = 8
PROGRAM_SECONDS = 180
LARGE = "4KB"  # the second complaint is bigger
_DATABASES = itertools.count(1)  # those of failing scenes are kept, so that no name may come again


class Ground:
    """What every scene stands on. With a PostgreSQL server, scenes keep their books there. `play`: which scene."""

    def __init__(
        self,
        folder: Path,
        stack: MailStack,
        postgres: PostgresServer | None = None,
        *,
        play: type[Scene] | None = None,
    ) -> None:
        self.folder, self.stack, self.postgres = folder, stack, postgres
        self.play: type[Scene] = play or Scene
        self._numbers = itertools.count(1)
        self._template = ""
        self._prepared = folder / "prepared.db"
        self._prepare()

    @property
    def database(self) -> str:
        return "PostgreSQL" if self.postgres else "SQLite"

    def scene(self, *, smtp_port: int | None = None, imap_port: int | None = None) -> Scene:
        folder = self.folder / f"{self.database}-{self.play.__name__}-{next(self._numbers):04d}".lower()
        (folder / "var").mkdir(parents=True)
        url = self._fresh(folder)
        return self.play(folder, self.stack, url, smtp_port=smtp_port, imap_port=imap_port)

    def clear_away(self, scene: Scene) -> None:
        """A scene that ended well leaves nothing."""
        if self.postgres is not None:
            self.postgres.drop_database(scene.url)
        shutil.rmtree(scene.folder, ignore_errors=True)

    def _prepare(self) -> None:
        """The tables, made once by the program itself."""
        from complaintmail.store.engine import Store
        from complaintmail.store.migrate import upgrade

        if self.postgres is not None:
            url = self.postgres.fresh_database()
            self._template = url.rpartition("/")[2]
        else:
            url = f"sqlite:///{self._prepared}"
        store = Store(url)
        upgrade(store)
        store.close()

    def _fresh(self, folder: Path) -> str:
        if self.postgres is None:
            shutil.copy(self._prepared, folder / "var" / "complaintmail.db")
            return f"sqlite:///{folder}/var/complaintmail.db"
        name = f"scene_{os.getpid()}_{next(_DATABASES)}"
        self._tell_postgres(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}"')
        return f"{self.postgres.url.rpartition('/')[0]}/{name}"

    def _tell_postgres(self, statement: str) -> None:
        import psycopg

        assert self.postgres is not None
        with psycopg.connect(self.postgres.url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(statement.encode())


@dataclass(frozen=True)
class Ending:
    """How one run of the program ended."""

    code: int
    words: str

    @property
    def was_killed(self) -> bool:
        return self.code in (-9, 137)


@dataclass
class Scene:
    """`mails` is the ledger: what lies in the inbox before the program is started, by hash."""

    folder: Path
    stack: MailStack
    url: str
    smtp_port: int | None = None
    imap_port: int | None = None
    mails: dict[str, bytes] = field(default_factory=dict)
    runs: int = 0
    notes: list[str] = field(default_factory=list)

    resends: ClassVar[bool] = True  # does what it sends go a second time after a doubt?
    letters: ClassVar[int] = 2  # how many its struck run sends
    copied: ClassVar[int] = 2  # how many of them with an evidence copy

    def __post_init__(self) -> None:
        self.books = Books(self.url)
        self._cast()
        self.setup = Setup(self.folder, self.stack, database=self.url)
        self._settings(self.smtp_port, self.imap_port)
        self._post()

    @property
    def inbox(self) -> str:
        return self.setup.address

    @property
    def everybody(self) -> list[str]:
        """Whose mailboxes are looked into, besides the inbox."""
        return [*self.complainants, self.absent]

    @property
    def moment(self) -> str:
        """Which part of a story is struck, where there are several."""
        return ""

    def _cast(self) -> None:
        self.complainants = [own_address("complainants.test") for _ in range(2)]
        self.absent = own_address("complainants.test")
        for address in self.everybody:
            self.stack.add_user(address)

    def _settings(self, smtp_port: int | None, imap_port: int | None) -> None:
        self.setup.write(smtp=SMTP, smtp_port=smtp_port, imap_port=imap_port, extra=self._people())
        keep = f'[storage]\nlarge = "{LARGE}"\nraw_files = "{self.folder}/var/raw"\n'
        self.setup.path.write_text(self.setup.path.read_text().replace("[storage]\n", keep, 1))

    def _people(self) -> str:
        return ""

    def _post(self) -> None:
        first, second = self.complainants
        body = "I am very unhappy. The tutor did not come, twice, and nobody told us. I want to complain about this.\n"
        away = "I am out of the office until Monday and will answer your mail when I am back."
        auto = ("Auto-Submitted: auto-replied",)
        for raw in (
            a_mail(self.inbox, sender=first, body=body),
            a_mail(self.inbox, sender=second, body="My complaint is a long one.\n" + body * 60),
            a_mail(self.inbox, sender=self.absent, subject="Out of office: your letter", body=away, headers=auto),
        ):
            self._comes(raw)

    def _comes(self, raw: bytes) -> None:
        self.stack.append(self.inbox, raw)
        self.mails[hashlib.sha256(raw).hexdigest()] = raw

    def goes_on(self) -> None:
        """What else comes in while the program lies dead."""

    def ends(self) -> bool:
        """What of the story comes after the crash is over, until all is quiet again."""
        return True

    # Running the program

    @property
    def now(self) -> datetime:
        """The time that the program goes by."""
        return SystemClock().now()

    def command(self, *words: str) -> list[str]:
        return self.setup.command(*words)

    def begin(self, wrapped_in: Sequence[str] = (), *, daemon: bool = False) -> subprocess.Popen[str]:
        self.runs += 1
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.Popen(
            [*wrapped_in, *self.command("run", *(() if daemon else ("--once",)))],
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def end(self, program: subprocess.Popen[str]) -> Ending:
        try:
            words, _ = program.communicate(timeout=PROGRAM_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            words, _ = program.communicate()
            words += f"\nstill at work after {PROGRAM_SECONDS} s"
        self.notes.append(f"run {self.runs}: exit {program.returncode}\n{words}")
        return Ending(program.returncode, words)

    def run(self, wrapped_in: Sequence[str] = ()) -> Ending:
        return self.end(self.begin(wrapped_in))

    def run_daemon(self, wrapped_in: Sequence[str], seconds: float) -> bool:
        """Let the daemon work for so long; was it killed from outside before its time was up?"""
        program = self.begin(wrapped_in, daemon=True)
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.wait(seconds)
        in_time = program.poll() is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)  # strace and what it traces
        return self.end(program).was_killed and in_time

    def run_until_quiet(self, run: Callable[[], object] | None = None) -> bool:
        """Start it again, with the waits that doubts need, until all is at rest; False: that never came."""
        for _ in range(RUNS_AT_MOST):
            self._let_the_post_through()
            (run or self.run)()
            self._let_the_post_through()
            wait = self._wait_wanted()
            if wait is None:
                return True
            time.sleep(wait)
        return False

    def _wait_wanted(self) -> float | None:
        """Seconds until the next run has something to do; None when nothing is on its way."""
        letters = self.books.rows("SELECT state, claimed_at, evidence, evidence_at, not_before FROM letter")
        journal = self.books.rows("SELECT state, filing FROM journal WHERE rule <> 'sent'")
        if any(entry["state"] == "collected" or entry["filing"] == "wanted" for entry in journal):
            return 0.0
        now = self.now
        doubts = [moment(letter["claimed_at"]) for letter in letters if letter["state"] == "doubt"]
        if doubts:
            return max(0.1, DOUBT_WAIT - (now - min(doubts)).total_seconds() + 0.05)
        if any(letter["state"] in ("queued", "sending") for letter in letters):
            held = [moment(x["not_before"]) for x in letters if x["state"] == "queued" and x["not_before"]]
            return max(0.2, (min(held) - now).total_seconds() + 0.05) if held else 0.2
        unproved = [x for x in letters if x["state"] == "sent" and x["evidence"] and not x["evidence_at"]]
        return 0.2 if unproved or len(journal) < len(self.mails) else None

    def _let_the_post_through(self) -> None:
        """Until Postfix has delivered what it holds (it may hold another scene's mail as well)."""
        queue = self.stack.directory / "queue"
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if not any(any((queue / name).rglob("*")) for name in ("maildrop", "incoming", "active")):
                return
            time.sleep(0.02)

    def point_smtp_at(self, port: int) -> None:
        """From the next run on, letters go to this server."""
        settings = self.setup.path
        old = f"port = {self.smtp_port or self.stack.smtp_port}\n"
        settings.write_text(settings.read_text().replace(old, f"port = {port}\n"))
        self.smtp_port = port

    # Looking at it

    def photograph(self) -> dict[str, object]:
        """Everything that a further run must leave as it is."""
        return {"database": self.books.dump(), "mailboxes": self.mailboxes(), "files": self.files()}

    def mailboxes(self) -> dict[str, list[bytes]]:
        seen = {f"{self.inbox} {folder}": self.stack.mails(self.inbox, folder) for folder in ("INBOX", "Sent")}
        seen |= {address: self.stack.mails(address) for address in self.everybody}
        seen[f"{self.inbox} flags"] = [
            b" ".join(f for f in flags if f != b"\\Recent") for _, flags in sorted(self.stack.flags(self.inbox).items())
        ]
        return seen

    def files(self) -> list[str]:
        """What lies in the state directory, but for the lock and the database itself."""
        names = sorted(str(path.relative_to(self.folder)) for path in (self.folder / "var").rglob("*"))
        return [name for name in names if not name.endswith((".db", ".db.lock")) and name != "var/raw"]

    def keep_for_a_look(self, why: Sequence[str]) -> None:
        """Beside the failing state: what was wrong, what the program said, what lies in the mailboxes."""
        (self.folder / "violations.txt").write_text("\n".join(why) + "\n")
        (self.folder / "runs.txt").write_text("\n".join(self.notes))
        for name, mails in self.mailboxes().items():
            for number, raw in enumerate(mails, 1):
                (self.folder / f"{name.replace(' ', '.')}.{number}.eml").write_bytes(raw)
        with (self.folder / "database.txt").open("w") as out:
            for table, rows in self.books.dump().items():
                out.write(f"== {table}\n" + "".join(f"{row}\n" for row in rows))
