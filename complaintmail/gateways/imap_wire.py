"""An IMAP connection that keeps its deadlines: imapclient, on sockets that know when a command must be over.

A server that sends one byte every now and then never trips a socket's timeout; here each command has one deadline for
everything it reads. A literal larger than was asked for is refused before it is read. TLS is verified; after STARTTLS
nothing that came in clear is believed.
"""

from __future__ import annotations

import contextlib
import errno
import imaplib
import select
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError

from complaintmail.gateways.tls import Security

LARGEST_LITERAL = 4 * 1024 * 1024
LONGEST_LINE = 1024 * 1024
_Untyped: Any = IMAPClient  # imapclient declares no types; what is used of it is typed where it is used


class LiteralTooBig(IMAPClientAbortError):
    """The server announced more bytes than anything we asked for can have."""


class Deadline:
    """Until when the present command may read; shared by the sockets of one inbox."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._until: float | None = None
        self._each = 60.0
        self.dry = False  # True: give what is buffered already, and do not touch the network

    @contextlib.contextmanager
    def within(self, seconds: float, each: float) -> Iterator[None]:
        """All reads together `seconds`, one read no longer than `each`."""
        self._until, self._each = self._monotonic() + seconds, each
        try:
            yield
        finally:
            self._until = None

    def for_one_read(self) -> float:
        if self.dry:
            raise BlockingIOError(errno.EAGAIN, "nothing buffered")
        if self._until is None:
            return self._each
        left = self._until - self._monotonic()
        if left <= 0:
            raise TimeoutError("the answer did not come to its end in time")
        return min(left, self._each)


def timed_context(context: ssl.SSLContext, deadline: Deadline) -> ssl.SSLContext:
    """The same context, whose connections keep `deadline`."""

    class TimedTLS(ssl.SSLSocket):
        def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
            self.settimeout(deadline.for_one_read())
            return super().recv_into(buffer, nbytes, flags)

    context.sslsocket_class = TimedTLS
    return context


class _TimedPlain(socket.socket):
    deadline: Deadline

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        self.settimeout(self.deadline.for_one_read())
        return super().recv_into(buffer, nbytes, flags)


class _Wire(imaplib.IMAP4):
    """imaplib, reading through one buffered reader that belongs to the present socket and no other."""

    largest_literal = LARGEST_LITERAL

    def __init__(
        self, host: str, port: int, tls: ssl.SSLContext | None, deadline: Deadline, connect_seconds: float
    ) -> None:
        self._tls, self._deadline, self._connect_seconds = tls, deadline, connect_seconds
        self._reader: Any = None
        self._reads_from: socket.socket | None = None
        super().__init__(host, port)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        bare = socket.create_connection((self.host, self.port), timeout=self._connect_seconds)
        try:
            _keep_alive(bare)
            if self._tls is not None:
                return self._tls.wrap_socket(bare, server_hostname=self.host)
            timed = _TimedPlain(fileno=bare.detach())
        except BaseException:
            bare.close()
            raise
        timed.deadline = self._deadline
        timed.settimeout(self._connect_seconds)
        return timed

    def read(self, size: int) -> bytes:
        if size > self.largest_literal:
            raise LiteralTooBig(f"the server announced {size} bytes at once")
        data: bytes = self._buffered().read(size)
        return data

    def readline(self) -> bytes:
        line: bytes = self._buffered().readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            raise self.abort(f"got a line of more than {LONGEST_LINE} bytes")
        return line

    def shutdown(self) -> None:
        if self._reader is not None:
            self._reader.close()
        super().shutdown()

    def has_unread(self) -> bool:
        """Lies an answer here that was not read yet? Says so without waiting."""
        self._deadline.dry = True
        try:
            if self._buffered().peek(1):
                return True
        finally:
            self._deadline.dry = False
        return isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0

    def _buffered(self) -> Any:
        # After STARTTLS the socket is another one, and what the old reader still held came in clear: it is dropped.
        if self._reads_from is not self.sock:
            self._reads_from = self.sock
            self._reader = self.sock.makefile("rb", buffering=64 * 1024)
        return self._reader


class FolderClient(_Untyped):  # type: ignore[misc]
    """imapclient on a `_Wire`, quiet, with times as they were sent."""

    _imap: _Wire

    def __init__(
        self,
        host: str,
        port: int,
        security: Security,
        tls: ssl.SSLContext | None,
        deadline: Deadline,
        connect_seconds: float,
    ) -> None:
        self._wire_settings = (host, port, tls if security == "tls" else None, deadline, connect_seconds)
        super().__init__(host, port, ssl=security == "tls", timeout=SocketTimeout(connect_seconds, connect_seconds))
        self._imap.debug = 0  # imapclient's 5 formats every mail it reads for a log nobody keeps
        self.normalise_times = False

    def _create_IMAP4(self) -> _Wire:  # noqa: N802
        return _Wire(*self._wire_settings)

    def wait_readable(self, other: int, seconds: float) -> bool:
        """Until the server says something or `other`, a file descriptor, is readable; False when time was up."""
        if self._imap.has_unread():
            return True
        poll = select.poll()
        poll.register(self._imap.sock.fileno(), select.POLLIN)
        poll.register(other, select.POLLIN)
        return bool(poll.poll(max(0.0, seconds) * 1000))

    def begin_idle(self) -> bytes | None:
        """Say IDLE and wait for the go-ahead; None when the server refuses. What it says before that is kept."""
        tag: bytes = self._imap._command("IDLE")
        while self._imap._get_response() is not None:
            if self._imap.tagged_commands.get(tag):
                del self._imap.tagged_commands[tag]
                return None
        return tag

    def end_idle(self, tag: bytes) -> None:
        self._imap.send(b"DONE\r\n")
        self._imap._command_complete("IDLE", tag)

    def uid_command(self, name: str, *words: str) -> list[Any]:
        """UID <name>, with the untagged answers as imaplib gives them; NO is an error like BAD."""
        verdict, answers = self._imap.uid(name, *words)
        if verdict != "OK":
            raise IMAPClient.Error(f"{name} was refused: {answers}")
        return [answer for answer in answers if answer is not None]

    def take_untagged(self) -> dict[str, list[Any]]:
        """What the server said besides, since last asked."""
        said: dict[str, list[Any]] = self._imap.untagged_responses
        self._imap.untagged_responses = {}
        return said

    def hang_up(self) -> None:
        with contextlib.suppress(OSError, IMAPClient.Error, ValueError):
            self._imap.shutdown()


def _keep_alive(sock: socket.socket) -> None:
    """A connection whose other end vanished is noticed within minutes."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name, seconds in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 20), ("TCP_KEEPCNT", 5)):
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), seconds)
