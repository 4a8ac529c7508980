"""The way in: one folder of one mailbox, read without leaving a trace in it.

`ImapInbox` keeps one connection and the folder selected; when either is lost the next call makes it anew, and no call
goes on with UIDs of another UIDVALIDITY than the last `mark()` told. A failure is raised in one clear line, at once:
waiting before the next try is the caller's. The folder's size never matters: UIDs are asked for in windows. The
folder `auto` is the one for sent mail, looked for at every `mark()` that has not found it yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from imapclient import IMAPClient
from imapclient.exceptions import ProtocolError

from complaintmail.clock import Clock, SystemClock
from complaintmail.errors import PermanentFailure, TemporaryFailure
from complaintmail.gateways import imap_filing, imap_idle
from complaintmail.gateways.imap_account import ImapAccount, ImapTimeouts, quoted
from complaintmail.gateways.imap_bodies import BodyReader
from complaintmail.gateways.imap_fetched import answers, when
from complaintmail.gateways.imap_wire import Deadline, FolderClient, timed_context
from complaintmail.gateways.ports import Fetched, FolderMark, NoSuchFolder
from complaintmail.gateways.tls import Security, client_context, require_safe

WINDOW = 50_000  # UIDs; a SEARCH answer for so many stays well under imaplib's million bytes
SEARCHED_WHOLE = 100_000  # mails in a folder that one SEARCH answer can name
FEW = 1000  # mails in a folder that one FETCH of sizes may name
AT_ONCE = 100  # UIDs in one command


class ImapInbox:
    """See ports.Inbox. `password` and `token` are asked anew for each log-in."""

    def __init__(
        self,
        host: str,
        port: int,
        security: Security,
        username: str,
        password: Callable[[], str] | None = None,
        folder: str = "INBOX",
        *,
        token: Callable[[], str] | None = None,
        ca_file: Path | None = None,
        timeouts: ImapTimeouts | None = None,
        spool: Path | None = None,
        clock: Clock | None = None,
    ) -> None:
        require_safe(security, host, port)
        clock = clock or SystemClock()
        self._deadline = Deadline(clock.monotonic)
        tls = None if security == "none" else timed_context(client_context(ca_file), self._deadline)
        self._timeouts = timeouts or ImapTimeouts()
        self._account = ImapAccount(host, port, security, username, password, token, tls, self._timeouts)
        self._folder = folder
        self._to_be_found = folder == "auto"
        self._client: FolderClient | None = None
        self._selected: str | None = None  # the folder open on the connection
        self._writable = False
        self._mark: FolderMark | None = None  # what the caller was told
        self._next_uid = 0  # the lowest UID we have not heard of
        self._news = False
        self._sizes: dict[int, int] = {}
        self._sent_folder: str | None = None
        self._bell = imap_idle.Bell()
        self._naps = imap_idle.Naps(clock.monotonic)
        self._clock = clock
        self._bodies = BodyReader(self._ready, self._talking, str(self._account), spool, clock)

    # Where the folder stands

    def mark(self) -> FolderMark:
        kept = self._client is not None
        try:
            self._mark = self._open()
        except TemporaryFailure:
            if not kept or self._client is not None:
                raise
            self._mark = self._open()  # the kept connection had died; a new one says more
        return self._mark

    def _open(self) -> FolderMark:
        """The watched folder opened anew; one that is to be found first is looked for again when it is gone."""
        if not self._to_be_found:
            return self._select(self._folder)
        found = self._find_sent()
        if found is None:
            raise NoSuchFolder(f"{self._account}: {NoSuchFolder.WORDS}")
        self._folder = found
        try:
            return self._select(found)
        except PermanentFailure:
            self._sent_folder = None
            raise

    def uids_after(self, uid: int, limit: int) -> list[int]:
        client = self._ready()
        self._news = False
        self._sizes.clear()
        found = self._above(client, uid, limit)
        if len(found) < limit and self._news:
            # The folder grew while we looked, and a server may tell of that only after its answer.
            self._news = False
            found |= self._above(client, max(found, default=uid), limit)
        uids = sorted(found)[:limit]
        self._sizes = {one: found[one] for one in uids}
        self._next_uid = max([self._next_uid, *(one + 1 for one in found)])
        return uids

    def _above(self, client: FolderClient, uid: int, limit: int) -> dict[int, int]:
        """UIDs and sizes above `uid`, window by window until there are `limit`, or the folder ends."""
        low, width, found = uid + 1, max(limit, AT_ONCE), dict[int, int]()
        few = self._mark is not None and self._mark.exists <= FEW
        while True:
            last = few or low + width >= self._next_uid
            span = f"{low}:*" if last else f"{low}:{low + width - 1}"
            with self._talking("looking for new mail", width * 60):
                # `n:*` names the folder's last mail even when its UID is below n; what has no size was not asked for.
                told = list(answers(client.uid_command("FETCH", span, "(RFC822.SIZE)")))
            there = {one.uid: one.size for one in told if one.size is not None and one.uid >= low}
            found |= there
            if last or len(found) >= limit:
                return found
            low, width = low + width, width if there else min(4 * width, WINDOW)

    def uids_since(self, since: datetime) -> int:
        client = self._ready()
        start = since.replace(hour=0, minute=0, second=0, microsecond=0)
        # SEARCH compares days in a zone of the server's choosing: look from the day before, and at the times.
        day = f"{start - timedelta(days=1):%d-%b-%Y}"
        exists = self._mark.exists if self._mark else 0
        low, width = 1, self._next_uid if exists <= SEARCHED_WHOLE else WINDOW
        while low < self._next_uid:
            with self._talking("looking for mail since a day", width * 10):
                said = client.uid_command("SEARCH", "UID", f"{low}:{low + max(width, 1) - 1}", "SINCE", day)
            uids = sorted(int(one) for line in said for one in line.split() if one.isdigit())
            for some in _parts(uids, 500):
                dates = self._dates(some)
                for uid in some:
                    received = dates.get(uid)
                    if received is not None and received >= start:
                        return uid
            low += max(width, 1)
        return self._next_uid

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        client, found = self._ready(), dict[int, int]()
        for some in _parts(uids, AT_ONCE):
            wanted = set(some)
            with self._talking("asking for sizes", len(some) * 60):
                told = answers(client.uid_command("FETCH", _named(some), "(RFC822.SIZE)"))
                found |= {one.uid: one.size for one in told if one.size is not None and one.uid in wanted}
        return found

    # Mails

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        unknown = [uid for uid in uids if uid not in self._sizes]
        sizes = self._sizes | (self.sizes(unknown) if unknown else {})
        return self._bodies.read([(uid, sizes[uid]) for uid in uids if uid in sizes])

    def file(self, uids: Sequence[int], folder: str) -> None:
        if not uids:
            return
        target = self._find_sent(make=True) if folder == "auto" else None if folder == "none" else folder
        client = self._ready(write=True)
        for some in _parts(uids, AT_ONCE):
            with self._talking(f"filing to {target}"):
                imap_filing.file(client, some, None if target in (None, self._folder) else target)

    def find(self, message_id: str, folder: str) -> bool:
        if not message_id or not message_id.isascii() or not message_id.isprintable() or len(message_id) > 998:
            raise PermanentFailure(f"a Message-ID like {message_id[:80]!r} cannot be looked for")
        where = {"inbox": self._folder, "auto": None, "none": None}.get(folder, folder)
        where = self._find_sent() if folder == "auto" else where
        if where is None:
            return False
        if where == self._folder:
            client = self._ready()
        else:
            self._select(where)
            client = self._connected()
        with self._talking(f"looking for a mail in {where}"):
            said = client.uid_command("SEARCH", "HEADER", "Message-ID", quoted(message_id))
        return any(line.split() for line in said)

    # Waiting

    def wait(self, seconds: float) -> bool:
        if self._client is None or not self._naps.may_idle:
            return self._bell.sleep(seconds)
        end, began = self._clock.monotonic() + seconds, self._clock.monotonic()
        try:
            client = self._ready()
            while not self._news:
                left, began = end - self._clock.monotonic(), self._clock.monotonic()
                if left <= 0:
                    return False
                if not client.has_capability("IDLE"):
                    return self._bell.sleep(left)
                self._idle(client, min(left, self._timeouts.idle))
                self._naps.ended(began, lost=False)
                if self._bell.rang():
                    return False
        except (TemporaryFailure, PermanentFailure, OSError):
            self._naps.ended(began, lost=True)  # the next mark() finds out what it was, and says it
        return True

    def interrupt(self) -> None:
        self._bell.ring()

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            try:
                with self._deadline.within(5, 5):
                    client.logout()
            except (OSError, IMAPClient.Error, ValueError):
                client.hang_up()
        self._bell.close()

    def _idle(self, client: FolderClient, seconds: float) -> None:
        """One IDLE, ended by the server's first word, by the bell or by time; what was said is listened to."""
        with self._talking("beginning to wait for new mail"):
            tag = client.begin_idle()
        if tag is None:
            self._bell.sleep(seconds)
            return
        if not self._news:  # a server may tell its news before the go-ahead
            client.wait_readable(self._bell.ear, seconds)
        with self._talking("ending the wait for new mail"):
            client.end_idle(tag)

    # The connection

    def _ready(self, write: bool = False) -> FolderClient:
        """Connected, and the watched folder open; never with other UIDs than the caller knows."""
        if self._client is None or self._selected != self._folder or (write and not self._writable):
            known = self._next_uid
            mark = self._select(self._folder, write)
            self._mark = self._mark or mark
            if mark.uidvalidity != self._mark.uidvalidity:
                self._selected = None  # so that every call says so, until mark() is called
                raise TemporaryFailure(f"{self._account}: UIDVALIDITY of {self._folder} changed: it must be read anew")
            self._news = self._news or mark.uidnext > known
        assert self._client is not None
        return self._client

    def _select(self, folder: str, write: bool = False) -> FolderMark:
        """EXAMINE, or SELECT to write: neither touches a flag that staff see."""
        client = self._connected()
        with self._talking(f"opening the folder {folder}"):
            self._selected = None
            told = client.select_folder(folder, readonly=not write)
            client.take_untagged()
            uidnext = told.get(b"UIDNEXT") or self._last_uid(client, told) + 1
        if b"UIDVALIDITY" not in told:
            raise PermanentFailure(f"{self._account}: {folder} has no UIDVALIDITY, so nothing in it can be told apart")
        self._selected, self._writable = folder, write
        mark = FolderMark(told[b"UIDVALIDITY"], uidnext, told.get(b"EXISTS", 0))
        if folder == self._folder:
            self._next_uid = uidnext
        return mark

    def _last_uid(self, client: FolderClient, told: dict[bytes, int]) -> int:
        if not told.get(b"EXISTS"):
            return 0
        return max((one.uid for one in answers(client.uid_command("FETCH", "*", "(UID)"))), default=0)

    def _connected(self) -> FolderClient:
        if self._client is None:
            self._selected = None
            self._client = self._account.connect(self._deadline)
        return self._client

    @contextmanager
    def _talking(self, doing: str, expected: int = 0) -> Iterator[None]:
        """Everything said to the server is said in here: under a deadline, and with one kind of failure."""
        try:
            with self._deadline.within(self._timeouts.for_bytes(expected), self._timeouts.read):
                yield
        except (IMAPClient.AbortError, ProtocolError, OSError, ValueError, LookupError, TypeError) as error:
            self._drop()
            raise self._account.failure(error, doing) from error
        except IMAPClient.Error as refused:
            self._listen()
            raise self._account.refusal(refused, doing) from refused
        except BaseException:
            self._drop()  # in the middle of an answer: the rest would be taken for the next one
            raise
        self._listen()

    def _listen(self) -> None:
        """What the server said unasked: news, or good-bye."""
        if self._client is None:
            return
        said = self._client.take_untagged()
        if "EXISTS" in said or "RECENT" in said:
            self._news = True
        if "BYE" in said:
            self._drop()

    def _drop(self) -> None:
        client, self._client, self._selected = self._client, None, None
        if client is not None:
            client.hang_up()

    def _find_sent(self, make: bool = False) -> str | None:
        if self._sent_folder is None:
            client = self._connected()
            with self._talking("looking for the Sent folder"):
                self._sent_folder = imap_filing.sent_folder(client)
                if self._sent_folder is None and make:
                    self._sent_folder = imap_filing.make_sent_folder(client)
        return self._sent_folder

    def _dates(self, uids: Sequence[int]) -> dict[int, datetime]:
        client = self._ready()
        with self._talking("asking when mails came", len(uids) * 80):
            told = list(answers(client.uid_command("FETCH", _named(uids), "(INTERNALDATE)")))
        return {one.uid: date for one in told if (date := when(one.date)) is not None}


def _parts(uids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), size):
        yield uids[start : start + size]


def _named(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))


__all__ = ["ImapInbox", "ImapTimeouts"]
