"""The demonstration's stage: the embedded mail server, and the real program at work on it, in this process.

Mails go in by SMTP; the daemon is told of them by IDLE as it would be anywhere. In a `with`; whatever happens in
there, the daemon is stopped, its database closed and the mail server gone when it is left.
"""

from __future__ import annotations

import re
import smtplib
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from complaintmail.cases.ending import lines_asked
from complaintmail.config import load
from complaintmail.daemon import Daemon
from complaintmail.demo.fates import ANSWER, Fate, Sent, Standing, answer_on, fate_of, standing_of
from complaintmail.demo.mail_server import HOST, MailServer
from complaintmail.demo.mime_parts import split
from complaintmail.demo.papers import PASSWORD, staff_of, write_out, write_settings
from complaintmail.demo.postroom import Arrival
from complaintmail.demo.story import Written, complainants, mailbox_of
from complaintmail.errors import TemporaryFailure
from complaintmail.store.journal import RawFiles
from complaintmail.wiring import build

T = TypeVar("T")
PATIENCE = 60.0  # seconds; a busy machine takes its time
LOOK_EVERY = 0.02


@dataclass(frozen=True, slots=True)
class Played:
    """A mail that came in, what became of it, and after how many seconds its answer was there."""

    arrival: Arrival
    fate: Fate
    answered_after: float | None
    answer: bytes | None  # as it lies in their inbox, or in ours as a copy when theirs does not exist


class Stage:
    def __init__(self, directory: Path, policies: Sequence[str], *, imap_port: int = 0, smtp_port: int = 0) -> None:
        self.directory, self.policies = directory, policies
        self.server = MailServer(imap_port=imap_port, smtp_port=smtp_port)
        self.mailboxes = tuple(mailbox_of(policy) for policy in policies)
        self.staff = {policy: staff_of(policy, nth) for nth, policy in enumerate(policies)}
        self._stop = threading.Event()
        self._nap = threading.Event()  # never set: a pause between two looks
        self._code: int | None = None

    @property
    def config_path(self) -> Path:
        return self.directory / "config.toml"

    def __enter__(self) -> Stage:
        self.server.__enter__()
        try:
            staff = [member.email for both in self.staff.values() for member in both]
            for address in (*self.mailboxes, *complainants(), *staff):
                self.server.room.open_account(address, PASSWORD)
            self._write_settings()
            self._config = load(self.config_path)
            self._office = build(self._config, stopping=self._stop.is_set)
        except BaseException:
            self.server.__exit__(None, None, None)
            raise
        self._thread = threading.Thread(target=self._run, name="daemon", daemon=True)
        self._thread.start()
        return self

    def _write_settings(self) -> None:
        server = self.server
        # Mail of this day is answered, from its first: a mailbox tells when a mail came in whole seconds only.
        today = server.room.clock.now().date()
        write_settings(self.config_path, self.policies, today, HOST, server.imap_port, server.smtp_port)

    def _run(self) -> None:
        self._code = Daemon(self._office, self._stop).run()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._office.close()
        self.server.__exit__(kind, error, trace)

    def ready(self) -> None:
        """Until every inbox is watched: mail that comes from now on is answered."""
        opened = len(self.mailboxes)
        self._until(lambda: True if self._watched() >= opened else None, "the inboxes were not opened")

    def _watched(self) -> int:
        inboxes = (self.server.room.accounts[address].folders["INBOX"] for address in self.mailboxes)
        return sum(bool(inbox.watchers) for inbox in inboxes)

    def send(self, mail: Written, mailbox: str) -> Played:
        """Hand it in as its writer would, and wait for what becomes of it."""
        first = len(self.server.room.arrivals)
        with smtplib.SMTP(HOST, self.server.smtp_port, local_hostname=mail.address.rpartition("@")[2]) as smtp:
            if mail.address.lower() in self.server.room.accounts:
                smtp.login(mail.address, PASSWORD)
            smtp.sendmail(mail.address, [mailbox], mail.raw)
        return self.follow(self.arrival(lambda one: one.address == mailbox and one.sender == mail.address, first))

    def bounced(self, mailbox: str) -> Played:
        """The next report of a mail server in this inbox."""
        return self.follow(self.arrival(lambda one: one.address == mailbox and not one.sender))

    def arrival(self, wanted: Callable[[Arrival], bool], first: int = 0) -> Arrival:
        found = self.server.room.wait_for(wanted, PATIENCE, first)
        if found is None:
            raise TemporaryFailure(f"a mail did not arrive within {PATIENCE:.0f} s")
        return found

    def follow(self, arrival: Arrival) -> Played:
        """What became of a mail that has arrived."""
        fate = self._until(lambda: fate_of(self._office.store, arrival.address, arrival.uid), "a mail was not settled")
        if fate.letter is None or fate.letter.state != "sent":
            return Played(arrival, fate, None, None)
        answer = self.delivered(fate.letter)
        return Played(arrival, fate, answer.at - arrival.at, answer.raw)

    def delivered(self, letter: Sent) -> Arrival:
        """A letter or notice as it lies in a mailbox."""
        mark = re.compile(rb"^Message-ID:\s*" + re.escape(letter.message_id.encode()), re.MULTILINE | re.IGNORECASE)
        return self.arrival(lambda one: bool(mark.search(split(one.raw)[0])))

    def answered(self, reference: str, kind: str = ANSWER) -> Arrival:
        """The answer that a member of staff gave on this case, as it lies in the complainant's mailbox."""
        found = self._until(lambda: answer_on(self._office.store, reference, kind), "an answer did not leave")
        return self.delivered(found)

    def ended(self, reference: str) -> Standing:
        """How a case stands once its outcome has closed it."""

        def look() -> Standing | None:
            case = standing_of(self._office.store, reference)
            return case if case.outcome else None

        return self._until(look, "an outcome was not recorded")

    def asked_of_outcomes(self, policy: str) -> tuple[str, ...]:
        """What this policy wants to know before an outcome goes, as lines to fill in."""
        return lines_asked(next(work.policy for work in self._office.works if work.policy.name == policy))

    def standing(self, reference: str, *, answered: bool = False) -> Standing:
        """How a case stands; `answered`: once the answer that it was given is credited to it."""

        def look() -> Standing | None:
            case = standing_of(self._office.store, reference)
            return case if case.answered or not answered else None

        return self._until(look, "an answer was not credited")

    def _until(self, look: Callable[[], T | None], complaint: str) -> T:
        clock = self.server.room.clock
        until = clock.monotonic() + PATIENCE
        while (found := look()) is None:
            if self._code is not None:
                raise TemporaryFailure("the daemon has stopped by itself")
            if clock.monotonic() > until:
                raise TemporaryFailure(f"{complaint} within {PATIENCE:.0f} s")
            self._nap.wait(LOOK_EVERY)
        return found

    def is_copy(self, arrival: Arrival) -> bool:
        """Is it a letter of ours, come back as evidence?"""
        return arrival.sender == arrival.address

    @property
    def failed(self) -> bool:
        return self._code not in (None, 0)

    def write_out(self) -> Counter[str]:
        storage = self._config.storage
        return write_out(self._office.store, RawFiles(storage.raw_files, storage.large), self.directory)
