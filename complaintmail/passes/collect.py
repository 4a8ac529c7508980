"""Bring new mail from one mailbox into the journal: bytes, entry and cursor in one commit, the server untouched.

Progress is UIDVALIDITY and UID, never \\Seen. A first start begins so that at most `history` older mails are read;
a changed UIDVALIDITY or renumbered UIDs begin again by content, under the 48-hour rule. A mail that the server cannot
deliver is tried on three passes, then stepped over and put to a person. What fails here costs this mailbox its turn.

The folder for sent mail (`sent`) is read the same way, but begins, and begins again, at its end: what staff sent before
we looked is none of ours, and nothing in it is ever answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from complaintmail.errors import TemporaryFailure
from complaintmail.gateways.ports import CannotFetch, Fetched, FolderMark, Inbox
from complaintmail.log import Log
from complaintmail.store import journal
from complaintmail.store.engine import Store
from complaintmail.store.journal import Cursor, RawFiles

log = Log("collect")

BATCH = 200
BATCH_BYTES = 8 * 1024 * 1024  # held in memory before they are written
PASSES_FOR_A_STUCK_MAIL = 3


@dataclass(slots=True)
class Collector:
    """Reads one folder. Belongs to one thread, with its Inbox."""

    store: Store
    files: RawFiles
    inbox: Inbox
    address: str
    folder: str
    since: datetime | None  # None: from the first start on
    history: int
    now: Callable[[], datetime]
    sent: bool = False  # the folder where staff's own answers lie
    may_work: Callable[[], bool] = lambda: True
    on_anew: Callable[[], None] = lambda: None  # called before the first mail of such a pass is kept
    began_anew: bool = False  # set when a pass was a first start or a rescan: the brake looks at its answers
    _checked: bool = False
    _stuck: dict[int, int] = field(default_factory=dict)

    def run(self, on_batch: Callable[[], None] = lambda: None) -> int:
        """One pass: everything new; how many mails came in. `on_batch` is called after each commit."""
        mark = self.inbox.mark()
        at = self._where(mark)
        total = 0
        while self.may_work():
            uids = self.inbox.uids_after(at.last_uid, BATCH)
            if not uids:
                break
            mails, up_to = self._fetch(uids)
            mails = [mail for mail in mails if not _too_old(mail, at)]
            total += journal.record(self.store, self.files, at, mails, up_to, self.now())
            if mails:
                on_batch()
            if up_to <= at.last_uid:
                break
            at = _moved(at, up_to)
        return total

    def _fetch(self, uids: list[int]) -> tuple[list[Fetched], int]:
        """These mails, or the first of them when they are big, and the UID that the cursor may go to.

        It never passes a mail that could not be had; those after such a mail are kept all the same, and known again
        when the next pass meets them.
        """
        mails: list[Fetched] = []
        held = 0
        try:
            for mail in self.inbox.fetch(uids):
                mails.append(mail)
                held += len(mail.raw) if isinstance(mail.raw, bytes) else 0
                if held >= BATCH_BYTES:
                    return mails, mail.uid
        except CannotFetch as failure:
            first = min(failure.uids)
            self._stuck[first] = self._stuck.get(first, 0) + 1
            if self._stuck[first] >= PASSES_FOR_A_STUCK_MAIL:
                self._step_over(first, str(failure))
                return mails, first
            log.warning("mail_not_to_be_had", mailbox=self.address, uid=first, why=str(failure))
            return mails, first - 1
        except TemporaryFailure:
            if not mails:
                raise
            return mails, mails[-1].uid
        return mails, uids[-1]

    def _step_over(self, uid: int, why: str) -> None:
        log.warning("mail_not_fetched", mailbox=self.address, uid=uid, why=why)
        with self.store.writing(self.now()) as writer:
            journal.owe_a_look(writer, self.address, uid, why)
            writer.event("mail_not_fetched", by="complaintmail", mailbox=self.address, uid=uid, why=why)
        self._stuck.pop(uid, None)

    def _where(self, mark: FolderMark) -> Cursor:
        with self.store.reading() as connection:
            at = journal.cursor(connection, self.address, self.folder, sent=self.sent)
        if at is None:
            return self._first_start(mark)
        why = self._changed(at, mark)
        if why is None:
            return at
        start = (mark.uidnext - 1, 0) if self.sent else (self._start(at.since, mark), mark.uidnext)
        again = Cursor(at.address, at.folder, at.since, mark.uidvalidity, *start, sent=self.sent)
        log.event("sent_folder_rebuilt" if self.sent else "mailbox_rebuilt", mailbox=self.address, why=why)
        with self.store.writing(self.now()) as writer:
            journal.begin_again(writer, again, why)
        self._anew()
        return again

    def _changed(self, at: Cursor, mark: FolderMark) -> str | None:
        """Is this still the folder we know? Why not, if not."""
        if at.uidvalidity != mark.uidvalidity:
            return f"UIDVALIDITY is {mark.uidvalidity}, was {at.uidvalidity}"
        if mark.uidnext and mark.uidnext <= at.last_uid and mark.exists:
            return f"UIDNEXT is {mark.uidnext}, but UID {at.last_uid} was read already"
        if not self._checked:
            self._checked = True
            with self.store.reading() as connection:
                kept = journal.size_kept(connection, at, at.last_uid)
            there = self.inbox.sizes([at.last_uid]).get(at.last_uid) if kept is not None else None
            if there is not None and kept is not None and there != kept and abs(there - kept) > kept // 20 + 200:
                return f"UID {at.last_uid} has {there} bytes, and had {kept}"
        return None

    def _first_start(self, mark: FolderMark) -> Cursor:
        with self.store.reading() as connection:
            tried = journal.tried_since(connection, self.address, self.folder)
        since = self.since or tried or self.now().replace(microsecond=0)  # servers tell receipt in whole seconds
        begin, careful = self._start(since, mark), mark.uidnext
        if self.sent and tried is None:
            begin, careful = mark.uidnext - 1, 0
        start = Cursor(self.address, self.folder, since, mark.uidvalidity, begin, careful, sent=self.sent)
        with self.store.writing(self.now()) as writer:
            journal.begin_mailbox(writer, start)
        self._anew()
        return start

    def _anew(self) -> None:
        if not self.sent:
            self.began_anew = True
            self.on_anew()

    def _start(self, since: datetime, mark: FolderMark) -> int:
        """The UID after which reading begins: what came since, and a bounded look at what came before."""
        first = self.inbox.uids_since(since) if mark.exists else mark.uidnext
        return max(0, min(first, mark.uidnext) - 1 - self.history)


def _moved(at: Cursor, last_uid: int) -> Cursor:
    return replace(at, last_uid=last_uid)


def _too_old(mail: Fetched, at: Cursor) -> bool:
    """Sent before the folder for sent mail was first looked for."""
    return at.sent and mail.uid < at.careful_below and mail.received_at < at.since
