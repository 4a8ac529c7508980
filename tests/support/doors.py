"""The two doors to the outside as a test wants them: a folder in memory, and a postbox that answers as it is told.

    office, inbox, postbox = an_office(tmp_path)
    inbox.deliver(raw)
    run_once(office)

Everything between the doors is the real program on a real SQLite file.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from complaintmail.clock import SystemClock
from complaintmail.config import load
from complaintmail.gateways.ports import Fetched, FolderMark, Outcome, Outgoing, Result
from complaintmail.passes.office import Office
from complaintmail.wiring import build
from tests.support.shaped import shape

ADDRESS = "info@example.test"
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
STAFF = '\n[[person]]\nname = "Dana"\nemail = "dana@staff.test"\nroles = ["operations-director", "policy-owner"]\n'


@dataclass
class At:
    """A clock that stands where a test puts it."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return SystemClock().monotonic()

    def on(self, **more: float) -> None:
        self.moment += timedelta(**more)


@dataclass
class MemoryInbox:
    """A folder and its Sent folder; each method can be told to fail."""

    clock: At
    uidvalidity: int = 7
    uidnext: int = 1
    mails: dict[int, tuple[bytes, datetime]] = field(default_factory=dict)
    sent: list[bytes] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)  # method → what it raises
    asked: list[str] = field(default_factory=list)
    bell: threading.Event = field(default_factory=threading.Event)

    def deliver(self, raw: bytes, received_at: datetime | None = None) -> int:
        uid, self.uidnext = self.uidnext, self.uidnext + 1
        self.mails[uid] = (raw, received_at or self.clock.now())
        return uid

    def _asked(self, what: str) -> None:
        self.asked.append(what)
        if what in self.fails:
            raise self.fails[what]

    def mark(self) -> FolderMark:
        self._asked("mark")
        return FolderMark(self.uidvalidity, self.uidnext, len(self.mails))

    def uids_after(self, uid: int, limit: int) -> list[int]:
        self._asked("uids_after")
        return [one for one in sorted(self.mails) if one > uid][:limit]

    def uids_since(self, since: datetime) -> int:
        day = since.replace(hour=0, minute=0, second=0, microsecond=0)
        return min((uid for uid, (_, at) in self.mails.items() if at >= day), default=self.uidnext)

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        self._asked("fetch")
        for uid in uids:
            raw, at = self.mails[uid]
            yield Fetched(uid, at, len(raw), raw, hashlib.sha256(raw).hexdigest())

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        return {uid: len(self.mails[uid][0]) for uid in uids if uid in self.mails}

    def wait(self, seconds: float) -> bool:
        rung = self.bell.wait(seconds)
        self.bell.clear()
        return rung

    def interrupt(self) -> None:
        self.bell.set()

    def file(self, uids: Sequence[int], folder: str) -> None:
        self._asked("file")
        self.sent += [self.mails.pop(uid)[0] for uid in uids if uid in self.mails]

    def find(self, message_id: str, folder: str) -> bool:
        self._asked("find")
        there = self.sent if folder != "inbox" else [raw for raw, _ in self.mails.values()]
        return any(f"Message-ID: {message_id}".encode() in raw for raw in there)

    def close(self) -> None:
        self._asked("close")


@dataclass
class MemoryPostbox:
    """Takes every letter, or gives the outcome that `answer` says; a taken one leaves its evidence copy."""

    inbox: MemoryInbox | None = None
    answer: Callable[[Outgoing], Result] = lambda _: Result.SENT
    taken: list[Outgoing] = field(default_factory=list)
    tried: list[Outgoing] = field(default_factory=list)
    raises: Exception | None = None

    def send(
        self, letters: Sequence[Outgoing], *, may_send: Callable[[str], bool], done: Callable[[Outcome], None]
    ) -> None:
        for letter in letters:
            if self.raises is not None:
                raise self.raises
            self.tried.append(letter)
            result = self.answer(letter) if may_send(letter.letter_id) else Result.UNTRIED
            if result is Result.SENT:
                self.taken.append(letter)
                if letter.evidence and self.inbox is not None:
                    self.inbox.deliver(letter.data)
            codes = {Result.SENT: 250, Result.LATER: 450, Result.REFUSED: 550}
            done(Outcome(letter.letter_id, result, "reply", codes.get(result), "as the test says", None))

    def check(self) -> str:
        return "a postbox in memory"

    def close(self) -> None:
        pass


def an_office(
    folder: Path,
    *,
    clock: At | None = None,
    box: str = "",
    imap: str = "",
    extra: str = "",
    staff: str = STAFF,
    policy: str = "cms",
    stop: Callable[[], bool] | None = None,
) -> tuple[Office, MemoryInbox, MemoryPostbox, At]:
    """An office with one mailbox; open it again on the same folder for another life of the program."""
    clock = clock or At()
    path = folder / "config.toml"
    path.write_text(
        f'[storage]\ndatabase = "sqlite:///{folder}/cm.db"\n[[mailbox]]\naddress = "{ADDRESS}"\npolicy = "{policy}"\n'
        f'since = "2026-01-01"\n{box}\n[mailbox.imap]\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"\n'
        f'username = "{ADDRESS}"\npassword = "secret"\n{imap}\n[mailbox.smtp]\nhost = "127.0.0.1"\nport = 1\n'
        f'security = "none"\n{extra}{staff}'
    )
    path.chmod(0o600)
    shape(f"sqlite:///{folder}/cm.db")
    inbox = MemoryInbox(clock)
    postbox = MemoryPostbox(inbox)
    office = build(load(path), clock=clock, postbox=lambda _: postbox, stopping=stop or (lambda: False))
    behind_doors(office, inbox)
    return office, inbox, postbox, clock


def behind_doors(office: Office, inbox: MemoryInbox) -> None:
    """Let the office's one mailbox be read from here."""
    for work in office.works:
        work.inbox.close()
        work.inbox = inbox
        work.collector.inbox = inbox
