"""One mailbox's turn at its server: settle doubts, file copies, collect. What fails costs this mailbox its turn; what
fails in the folder for sent mail is told in `status`, and costs only the look there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from complaintmail.errors import ComplaintmailError, StoreError
from complaintmail.gateways.ports import NoSuchFolder
from complaintmail.log import Log
from complaintmail.passes.collect import Collector
from complaintmail.passes.filing import file_copies
from complaintmail.passes.office import Work
from complaintmail.store import turns

log = Log("turn")
SAY_GOOD_EVERY = timedelta(seconds=30)
FILE_AGAIN_AFTER = timedelta(minutes=5)
SENT_AGAIN_AFTER = timedelta(minutes=5)
NOT_SAID = ""  # nothing was told of the folder for sent mail in this life


class Turn:
    """The turns of one mailbox; remembers how the last one went."""

    def __init__(self, work: Work, now: Callable[[], datetime]) -> None:
        self.work = work
        self.failure: Exception | None = None
        self._now = now
        self._said_good_at: datetime | None = None
        self._read_to_the_end_at: datetime | None = None
        self._unfiled: str | None = None  # why evidence copies could not be filed
        self._file_after: datetime | None = None
        self._sent_after: datetime | None = None
        self._sent_said: str | None = NOT_SAID

    def settle(self) -> int:
        """Doubts and evidence copies: what stands before new mail. Raises what the server or database does."""
        return self.work.doubts.run(self.work.inbox, self._read_to_the_end_at) + self._file()

    def _file(self) -> int:
        """A Sent folder that cannot be had leaves the copies where they are; new mail is collected all the same."""
        work, now = self.work, self._now()
        if self._file_after is not None and self._file_after > now > self._file_after - FILE_AGAIN_AFTER:
            return 0
        try:
            filed = file_copies(
                work.collector.store, work.inbox, work.address, work.folder, work.box.imap.folders.sent, self._now
            )
        except StoreError:
            raise
        except ComplaintmailError as failure:
            log.warning("copies_not_filed", mailbox=work.address, why=str(failure))
            self._unfiled, self._file_after = _one_line(failure), now + FILE_AGAIN_AFTER
            return 0
        self._unfiled = self._file_after = None
        return filed

    def collect(self, on_batch: Callable[[], None]) -> int:
        return self.work.collector.run(on_batch)

    def collect_sent(self) -> int:
        """What staff sent from this mailbox by hand. A folder that is not there costs one question each turn; one that
        cannot be read is left alone for a while."""
        collector, now = self.work.sent, self._now()
        if collector is None:
            return 0
        if self._sent_after is not None and self._sent_after > now > self._sent_after - SENT_AGAIN_AFTER:
            return 0
        self._sent_after = None
        try:
            came = collector.run()
        except StoreError:
            raise
        except ComplaintmailError as failure:
            if not isinstance(failure, NoSuchFolder):
                collector.inbox.close()
                self._sent_after = now + SENT_AGAIN_AFTER
            self._say_of_sent(collector, _one_line(failure))
            return 0
        self._say_of_sent(collector, None)
        return came

    def _say_of_sent(self, collector: Collector, failure: str | None) -> None:
        if failure == self._sent_said:
            return
        if failure is not None:
            log.warning("sent_folder_not_read", mailbox=self.work.address, why=failure)
        try:
            turns.note_sent_folder(collector.store, collector.address, collector.folder, self._now(), failure)
        except StoreError:
            raise
        except ComplaintmailError as busy:
            log.warning("turn_not_noted", mailbox=self.work.address, why=str(busy))
            return
        self._sent_said = failure

    @property
    def unfiled(self) -> str | None:
        """Mail was read, but evidence copies could not be filed: why."""
        return f"evidence copies stay in the inbox: {self._unfiled}" if self._unfiled else None

    def ended(self, failure: Exception | None, *, always: bool = False) -> None:
        """Write down how the turn went; good ones now and then, failures each time."""
        now = self._now()
        self.failure = failure
        if failure is None:
            self._read_to_the_end_at = now
        elif not isinstance(failure, ComplaintmailError):
            log.failure("turn_failed", failure, mailbox=self.work.address)
        else:
            log.warning("turn_failed", mailbox=self.work.address, why=str(failure))
        stale = self._said_good_at is None or now - self._said_good_at >= SAY_GOOD_EVERY
        if failure is None and not (always or stale):
            return
        why = self.unfiled if failure is None else _one_line(failure)
        try:
            turns.note_pass(self.work.collector.store, self.work.address, self.work.folder, now, why, write_good=True)
            self._said_good_at = now if failure is None else None
        except StoreError:
            raise
        except ComplaintmailError as busy:
            log.warning("turn_not_noted", mailbox=self.work.address, why=str(busy))


def _one_line(failure: Exception) -> str:
    words = str(failure) or type(failure).__name__
    return " ".join(words.split())[:500]
