"""Which mailbox on which server, as whom, and how a logged-in connection comes about.

TLS or STARTTLS is enforced and verified before a name or password is said. Whatever goes wrong is one of our three
failures in one clear line that begins with the server's name and port.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from imapclient import IMAPClient

from complaintmail.errors import ComplaintmailError, LoginRefused, PermanentFailure, TemporaryFailure
from complaintmail.gateways.imap_wire import Deadline, FolderClient
from complaintmail.gateways.smtp_wire import clean
from complaintmail.gateways.tls import Security, trust_problem

# Answers that mean "not now" even where they come as NO (RFC 5530).
_NOT_NOW = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[OVERQUOTA]", "[CONTACTADMIN]")


@dataclass(frozen=True, slots=True)
class ImapTimeouts:
    """Seconds. A command may take `read`, and for what it brings as long as `slowest` bytes a second need."""

    connect: float = 30
    read: float = 60
    idle: float = 540  # then IDLE is said anew: home routers forget a silent connection
    slowest: int = 16 * 1024

    def for_bytes(self, expected: int) -> float:
        return self.read + expected / self.slowest


@dataclass(frozen=True, slots=True)
class ImapAccount:
    host: str
    port: int
    security: Security
    username: str
    password: Callable[[], str] | None
    token: Callable[[], str] | None
    tls: ssl.SSLContext | None
    timeouts: ImapTimeouts

    def connect(self, deadline: Deadline) -> FolderClient:
        """Connected, encrypted as asked, logged in."""
        limits = self.timeouts
        patience = max(limits.connect, limits.read)  # a server may take its time to greet, and to look a name up
        try:
            with deadline.within(limits.connect + limits.read, patience):
                client = FolderClient(self.host, self.port, self.security, self.tls, deadline, limits.connect)
        except (OSError, IMAPClient.Error) as error:
            raise self.failure(error, "connecting") from error
        try:
            with deadline.within(2 * patience, patience):
                if self.security == "starttls":
                    self._start_tls(client)
                self._log_in(client)
        except BaseException as error:
            client.hang_up()
            if isinstance(error, (OSError, IMAPClient.Error, UnicodeError)):
                raise self.failure(error, "logging in") from error
            raise
        return client

    def _start_tls(self, client: FolderClient) -> None:
        if not client.has_capability("STARTTLS"):
            raise PermanentFailure(f"{self}: the server offers no STARTTLS, and without it no password is sent")
        try:
            client.starttls(self.tls)
        except IMAPClient.AbortError:
            raise
        except IMAPClient.Error as refused:  # a NO, or a greeting that says we are logged in already
            raise PermanentFailure(f"{self}: STARTTLS was refused, so nothing is sent: {_words(refused)}") from refused
        client.take_untagged()  # what was said in clear is not believed

    def _log_in(self, client: FolderClient) -> None:
        """One attempt. A name or password that LOGIN cannot carry goes by AUTHENTICATE PLAIN."""
        try:
            if self.token is not None:
                client.oauth2_login(self.username, self.token())
                return
            password = self.password() if self.password is not None else ""
            if any(ord(sign) < 32 or ord(sign) == 127 for sign in self.username + password):
                raise LoginRefused(f"{self}: the name or password of {self.username!r} holds a control character")
            plain = not (self.username + password).isascii() or client.has_capability("LOGINDISABLED")
            if plain and client.has_capability("AUTH=PLAIN"):
                client.plain_login(self.username, password)
            else:
                client.login(quoted(self.username), password)
        except IMAPClient.Error as refused:
            # imapclient says LoginError for a lost connection too; only a NO is about the password.
            cause = refused.__context__ if refused.__context__ is not None else refused
            words = _words(refused)
            if isinstance(cause, IMAPClient.AbortError) or any(sign in words for sign in _NOT_NOW):
                raise TemporaryFailure(f"{self}: log-in as {self.username} not possible now: {words}") from refused
            raise LoginRefused(f"{self}: log-in as {self.username} refused: {words}") from refused

    def failure(self, error: BaseException, doing: str) -> ComplaintmailError:
        """One of our failures for whatever was raised while talking to the server."""
        untrusted = trust_problem(error)
        if untrusted is not None:
            return PermanentFailure(f"{self}: {untrusted}")
        words = _words(error)
        if isinstance(error, socket.gaierror):
            return TemporaryFailure(f"{self}: no such name: {words} (is the host right? does DNS work here?)")
        if isinstance(error, ConnectionRefusedError):
            return TemporaryFailure(f"{self}: connection refused (is the port right? is the server up?)")
        if isinstance(error, TimeoutError):
            return TemporaryFailure(f"{self}: no answer in time while {doing}")
        lost = isinstance(error, (OSError, IMAPClient.AbortError))
        return TemporaryFailure(f"{self}: {'connection lost' if lost else 'trouble'} while {doing}: {words}")

    def refusal(self, error: BaseException, doing: str) -> ComplaintmailError:
        """For a NO: by its code for now, else for good."""
        words = _words(error)
        kind = TemporaryFailure if any(sign in words for sign in _NOT_NOW) else PermanentFailure
        return kind(f"{self}: {doing} was refused: {words}")

    def __str__(self) -> str:
        return f"IMAP {self.host}:{self.port}"


def _words(error: BaseException) -> str:
    """What was said, without the b'...' that imaplib leaves around a server's words."""
    return clean(re.sub(r"^b(['\"])(.*)\1$", r"\2", str(error), flags=re.DOTALL)) or type(error).__name__


def quoted(words: str) -> str:
    """An IMAP quoted string; the caller has seen to it that there are no controls in it."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
