"""Where a mailbox's letters are handed in, as whom, and how a logged-in connection comes about.

TLS or STARTTLS is enforced and verified before any name or password is said; one log-in attempt for each connection.
Whatever goes wrong is one `Unreachable`, with the phase, the server's code and one clear line.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
)

from complaintmail.errors import ComplaintmailError
from complaintmail.gateways.smtp_wire import clean
from complaintmail.gateways.tls import Security, trust_problem

LOST = (OSError, SMTPException, TimeoutError)


@dataclass(frozen=True, slots=True)
class SmtpTimeouts:
    """Seconds for each phase; the defaults are what RFC 5321 asks for. A short `dot` makes duplicates."""

    connect: float = 300
    command: float = 300
    data: float = 120
    block: float = 180
    dot: float = 600
    goodbye: float = 5


class Unreachable(Exception):
    """No session came about; which phase ended it, the server's code if it gave one, and one clear line."""

    def __init__(self, phase: str, code: int | None, words: str) -> None:
        super().__init__(words)
        self.phase, self.code, self.words = phase, code, words


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """Where letters are handed in, and as whom."""

    host: str
    port: int
    security: Security
    username: str | None
    password: Callable[[], str] | None
    token: Callable[[], str] | None
    helo: str
    context: ssl.SSLContext | None
    timeouts: SmtpTimeouts

    async def connect(self) -> SMTP:
        """Connected, encrypted as asked, logged in."""
        smtp = SMTP(
            hostname=self.host,
            port=self.port,
            local_hostname=self.helo,
            timeout=self.timeouts.command,
            use_tls=self.security == "tls",
            start_tls=self.security == "starttls",  # True or False, never None: None goes on in clear
            tls_context=self.context,
        )
        phase = "connect"
        try:
            await smtp.connect(timeout=self.timeouts.connect)
            try:
                await smtp.ehlo()
            except SMTPHeloError:
                await smtp.helo()
            phase = "auth"
            if self.username is not None:
                await self._log_in(smtp)
        except LOST as lost:
            drop(smtp)
            raise self._unreachable(lost, phase) from lost
        except ComplaintmailError as no_token:
            drop(smtp)
            raise Unreachable("auth", None, f"{self._where()}: {no_token}") from no_token
        except BaseException:
            drop(smtp)
            raise
        return smtp

    async def _log_in(self, smtp: SMTP) -> None:
        """One attempt by one method: some servers lock an account after a few."""
        methods = smtp.server_auth_methods
        username = self.username or ""
        if self.token is not None:
            if "xoauth2" not in methods:
                raise Unreachable("auth", None, f"{self._where()}: the server does not offer XOAUTH2")
            await smtp.auth_xoauth2(username, self.token())
            return
        password = self.password() if self.password is not None else ""
        for method, log_in in (("plain", smtp.auth_plain), ("login", smtp.auth_login), ("cram-md5", smtp.auth_crammd5)):
            if method in methods:
                await log_in(username, password)
                return
        raise Unreachable(
            "auth",
            None,
            f"{self._where()}: the server offers no log-in that we know (it says: {' '.join(methods) or '-'})",
        )

    def _where(self) -> str:
        return f"SMTP {self.host}:{self.port}"

    def _unreachable(self, lost: BaseException, phase: str) -> Unreachable:
        untrusted = trust_problem(lost)
        if untrusted:
            return Unreachable("tls", None, f"{self._where()}: {untrusted}")
        code = lost.code if isinstance(lost, SMTPResponseException) else None
        words = clean(lost.message if isinstance(lost, SMTPException) else str(lost) or type(lost).__name__)
        if isinstance(lost, SMTPAuthenticationError):
            return Unreachable("auth", code, f"{self._where()}: log-in as {self.username} refused: {code} {words}")
        if isinstance(lost, SMTPConnectError) or code is not None:
            said = f"{code} {words}" if code else _why_not_there(lost, words)
            return Unreachable(phase, code, f"{self._where()}: {said}")
        if phase == "connect" and self.security == "starttls":
            return Unreachable("tls", None, f"{self._where()}: no STARTTLS, and without it nothing is sent: {words}")
        return Unreachable(phase, None, f"{self._where()}: {words}")


def _why_not_there(lost: BaseException, words: str) -> str:
    """Why nobody answered, in words that say what to look at; without them, as the network put it."""
    beneath = lost.__cause__ or lost.__context__
    if isinstance(beneath, socket.gaierror):
        return "no such name (is the host right? does DNS work here?)"
    if isinstance(beneath, ConnectionRefusedError) or f"[Errno {errno.ECONNREFUSED}]" in words:
        return "connection refused (is the port right? is the server up?)"
    return words


def drop(smtp: SMTP) -> None:
    """End the connection at once, owing nobody a QUIT."""
    if smtp.transport is not None:
        cast(asyncio.Transport, smtp.transport).abort()
    smtp.close()
