"""The doors to the outside, as the passes see them.

`Inbox` is one folder of one mailbox over IMAP (`auto`: the one where sent mail is kept); `Postbox` is one mailbox's way
out over SMTP. Both raise only `TemporaryFailure`, `PermanentFailure` and `LoginRefused` (errors.py); what they promise
stands at each method.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from complaintmail.cases.post import Outcome as Outcome
from complaintmail.cases.post import Outgoing as Outgoing
from complaintmail.cases.post import Result as Result
from complaintmail.errors import PaperError, PermanentFailure, TemporaryFailure


@dataclass(frozen=True, slots=True)
class FolderMark:
    """What SELECT told: the folder's identity and where it stands."""

    uidvalidity: int
    uidnext: int
    exists: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail as the server gave it. `raw` is the bytes, or for a big mail a finished, fsynced temporary file."""

    uid: int
    received_at: datetime  # INTERNALDATE, aware
    size: int  # of what was received, not what RFC822.SIZE announced
    raw: bytes | Path
    sha256: str


class CannotFetch(TemporaryFailure):
    """The server is well, but could not deliver these; unlike a server that is not there, this is about the mails."""

    def __init__(self, words: str, uids: tuple[int, ...]) -> None:
        super().__init__(words)
        self.uids = uids


class NoSuchFolder(PermanentFailure):
    """The folder for sent mail is not there (yet): a mailbox that never sent anything may have none."""

    WORDS = "no folder for sent mail is there, by its use or its name"


class Inbox(Protocol):
    """A folder being watched. Not thread-safe: one thread owns one Inbox."""

    def mark(self) -> FolderMark:
        """(Re)select read-only-ish without touching flags; reconnects when the connection is gone."""
        ...

    def uids_after(self, uid: int, limit: int) -> list[int]:
        """The lowest `limit` UIDs greater than `uid`, ascending; never the folder's last mail by accident (n:*)."""
        ...

    def uids_since(self, since: datetime) -> int:
        """The lowest UID whose INTERNALDATE is on or after `since`'s day; uidnext when there is none."""
        ...

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        """Bodies by BODY.PEEK[] (never setting \\Seen), in the order given. A UID that is gone is left out; one that
        the server cannot deliver raises CannotFetch naming it after the others were yielded."""
        ...

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """RFC822.SIZE of each UID that still exists."""
        ...

    def wait(self, seconds: float) -> bool:
        """IDLE (or, where the server has none, sleep) until something may have changed: True, or time is up: False."""
        ...

    def interrupt(self) -> None:
        """From another thread: make `wait` return soon."""
        ...

    def file(self, uids: Sequence[int], folder: str) -> None:
        """Mark these read and move them to `folder` ('auto': the special-use Sent, else the usual names, else made;
        'none': they stay where they are). MOVE, else COPY, verify and UID EXPUNGE of those alone. UIDs already gone
        are no error."""
        ...

    def find(self, message_id: str, folder: str) -> bool:
        """Is a mail with this Message-ID in `folder`? ('inbox' is the watched one, 'auto' as in `file`; nothing lies
        in 'none'.)"""
        ...

    def close(self) -> None: ...


class Postbox(Protocol):
    def send(
        self,
        letters: Sequence[Outgoing],
        *,
        may_send: Callable[[str], bool],
        done: Callable[[Outcome], None],
    ) -> None:
        """Hand each letter over at most once, over several kept connections; `done` is called once for each, from this
        thread, as soon as its outcome is known. `may_send(letter_id)` is asked right before DATA. Never raises for
        what a server does; a server that cannot be reached gives every letter UNTRIED with the reason."""
        ...

    def check(self) -> str:
        """Connect, TLS, log in, NOOP, quit; says in one line what was found. Sends nothing."""
        ...

    def close(self) -> None: ...


class UnknownGlyphs(PaperError):
    """The press has no glyph for these; with something else in their place it can print the letter."""

    def __init__(self, clusters: tuple[str, ...]) -> None:
        super().__init__("The letter holds characters that no font here has.")
        self.clusters = clusters


class Press(Protocol):
    """What makes a PDF. Not thread-safe."""

    def pdf(self, page: str, data: str, at: int) -> bytes:
        """The file: `page` is typst of our own, `data` the JSON that it lays out, `at` the time that the file bears.
        The same three give the same bytes. Raises UnknownGlyphs, or PaperError with the reason; needs no longer than
        its limit of time, and keeps nothing."""
        ...
