"""The embedded mail server's post: accounts, their folders, and the mails in them. Nothing of it is on a disk.

Everything here belongs to the server's one thread. From outside only `arrivals` may be read and waited on: what was
put into an inbox, in order, with when.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from complaintmail.clock import Clock

SPECIAL = {"Sent": "\\Sent", "Drafts": "\\Drafts", "Junk": "\\Junk", "Trash": "\\Trash"}


@dataclass(eq=False, slots=True)
class Mail:
    uid: int
    raw: bytes
    received_at: datetime
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail that came into an inbox."""

    address: str
    uid: int
    sender: str  # of the envelope; empty for a bounce
    raw: bytes
    at: float  # on the monotonic clock


class Folder:
    """Mails in order of UID. Whoever watches it is called after each change."""

    def __init__(self, name: str, uidvalidity: int) -> None:
        self.name = name
        self.uidvalidity = uidvalidity
        self.uidnext = 1
        self.mails: dict[int, Mail] = {}
        self.watchers: set[Callable[[], None]] = set()

    def add(self, raw: bytes, received_at: datetime, flags: Iterable[str] = ()) -> Mail:
        mail = Mail(self.uidnext, raw, received_at, frozenset(flags))
        self.mails[mail.uid] = mail
        self.uidnext += 1
        self.changed()
        return mail

    def remove(self, uids: Collection[int]) -> None:
        for uid in uids:
            self.mails.pop(uid, None)
        self.changed()

    def changed(self) -> None:
        for watcher in tuple(self.watchers):
            watcher()


@dataclass(slots=True)
class Account:
    address: str
    password: str
    folders: dict[str, Folder]
    subscribed: set[str]
    made: int = 0  # folders so far; each gets a UIDVALIDITY of its own

    def make(self, name: str) -> Folder:
        self.made += 1
        self.folders[name] = Folder(name, self.made)
        return self.folders[name]

    def folder(self, name: str) -> Folder | None:
        return self.folders.get("INBOX" if name.upper() == "INBOX" else name)


@dataclass(slots=True)
class PostRoom:
    """All accounts of the server, and delivery to them."""

    clock: Clock
    accounts: dict[str, Account] = field(default_factory=dict)
    arrivals: list[Arrival] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def open_account(self, address: str, password: str) -> None:
        account = Account(address, password, {}, {"INBOX", *SPECIAL})
        for name in ("INBOX", *SPECIAL):
            account.make(name)
        self.accounts[address.lower()] = account

    def log_in(self, name: str, password: str) -> Account | None:
        account = self.accounts.get(name.lower())
        return account if account is not None and account.password == password else None

    def deliver(self, address: str, sender: str, raw: bytes) -> bool:
        """Into the inbox of `address`; False when nobody has that address."""
        account = self.accounts.get(address.lower())
        if account is None:
            return False
        mail = account.folders["INBOX"].add(f"Return-Path: <{sender}>\r\n".encode() + raw, self.clock.now())
        arrival = Arrival(account.address, mail.uid, sender, mail.raw, self.clock.monotonic())
        with self.arrived:
            self.arrivals.append(arrival)
            self.arrived.notify_all()
        return True

    def wait_for(self, wanted: Callable[[Arrival], bool], seconds: float, first: int = 0) -> Arrival | None:
        """The first arrival from number `first` on that is `wanted`; None when time was up. For other threads."""
        found: list[Arrival] = []

        def look() -> bool:
            found.extend([one for one in self.arrivals[first:] if wanted(one)][:1])
            return bool(found)

        with self.arrived:
            return found[0] if self.arrived.wait_for(look, seconds) else None
