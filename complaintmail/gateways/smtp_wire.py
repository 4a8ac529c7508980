"""SMTP commands out, replies in: aiosmtplib's protocol, able to have several commands on their way at once.

aiosmtplib connects, upgrades to TLS and logs in; then its transport is given to `LetterWire`, which reads every reply
in order and loses none. A reply is never misread as something better: what does not begin with a code is code -1.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from dataclasses import dataclass
from typing import cast

from aiosmtplib import SMTPReadTimeoutError, SMTPServerDisconnected
from aiosmtplib.protocol import SMTPProtocol, normalize_message_line_endings

LONGEST_LINE = 4096  # of which the rest is thrown away: some servers say a lot
MOST_LINES = 100
REPLY_WORDS = 500
BLOCK = 64 * 1024
MALFORMED = -1
_LINE = re.compile(rb"([2-5]\d\d)(?:([ -])(.*))?$", re.DOTALL)
_UNCLEAN = re.compile(r"[^\x20-\x7e\u00a1-\u1fff\u2030-\u205e\u2070-\ud7ff\uf900-\ufefe]+")


@dataclass(frozen=True, slots=True)
class Reply:
    code: int
    text: str

    @property
    def accepted(self) -> bool:
        return 200 <= self.code < 300

    @property
    def closes(self) -> bool:
        """After these the connection is of no more use: the server is leaving, or we no longer understand it."""
        return self.code in (421, MALFORMED)


def clean(words: bytes | str) -> str:
    """A server's words, fit for a log line and a table cell."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return _UNCLEAN.sub(" ", text[: 4 * REPLY_WORDS]).strip()[:REPLY_WORDS]


def stuffed(letter: bytes) -> bytes:
    """The letter as DATA wants it: CRLF at every line end, leading dots doubled; without the final dot."""
    breaks = letter.count(b"\r\n")
    if breaks != letter.count(b"\n") or breaks != letter.count(b"\r") or not letter.endswith(b"\r\n"):
        letter = normalize_message_line_endings(letter)
    if letter.startswith(b"."):
        letter = b"." + letter
    return letter.replace(b"\r\n.", b"\r\n..")


class LetterWire(SMTPProtocol):
    """One connection after log-in. Replies queue up in order; `reply` waits for the next one."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._replies: deque[Reply] = deque()
        self._partial = bytearray()
        self._overlong = False
        self._lines: list[bytes] = []
        self._waiter: asyncio.Future[None] | None = None
        self._lost: BaseException | None = None

    def adopt(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection over from aiosmtplib between two commands."""
        self.connection_made(transport)
        cast(asyncio.Transport, transport).set_protocol(self)

    def in_step(self) -> bool:
        """Connected, and nothing lies about that nobody asked for."""
        return self._lost is None and self.is_connected and not self._replies and not self._partial and not self._lines

    @property
    def unread(self) -> Reply | None:
        """What the server said and nobody has read yet."""
        return self._replies[0] if self._replies else None

    def send(self, command: bytes) -> None:
        self.write(command)

    async def ask(self, command: bytes, seconds: float) -> Reply:
        self.write(command)
        return await self.reply(seconds)

    async def reply(self, seconds: float) -> Reply:
        """The next reply; one deadline for all of it, however slowly its bytes drip in."""
        if not self._replies:
            if self._lost is not None or self.transport is None:
                raise SMTPServerDisconnected("the server closed the connection") from self._lost
            self._waiter = self._loop.create_future()
            alarm = self._loop.call_later(seconds, self._too_late, self._waiter, seconds)
            try:
                await self._waiter
            finally:
                alarm.cancel()
                self._waiter = None
        return self._replies.popleft()

    async def write_blocks(self, body: bytes, seconds: float) -> None:
        """Write a long body; each block must have left us for the next one to follow."""
        cast(asyncio.WriteTransport, self.transport).set_write_buffer_limits(high=BLOCK)
        view = memoryview(body)
        for start in range(0, len(body), BLOCK):
            self.write(bytes(view[start : start + BLOCK]))
            try:
                await asyncio.wait_for(self._drain_helper(), seconds)
            except TimeoutError:
                raise SMTPReadTimeoutError(f"the server took nothing for {seconds:g} s") from None
            except ConnectionResetError as lost:
                raise SMTPServerDisconnected("the server closed the connection") from lost

    def abort(self) -> None:
        if self.transport is not None:
            cast(asyncio.WriteTransport, self.transport).abort()

    # What asyncio calls

    def data_received(self, data: bytes) -> None:
        if self._overlong:
            end = data.find(b"\n")
            if end < 0:
                return
            data, self._overlong = data[end:], False
        self._partial += data
        if b"\n" in data:
            *lines, rest = self._partial.split(b"\n")
            self._partial = rest
            for line in lines:
                self._read_line(bytes(line[:LONGEST_LINE]))
        if len(self._partial) > LONGEST_LINE:
            del self._partial[LONGEST_LINE:]
            self._overlong = True
        if self._replies and self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def eof_received(self) -> bool:
        self._lose(None)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._lose(exc)
        super().connection_lost(exc)

    def _read_line(self, line: bytes) -> None:
        found = _LINE.match(line.rstrip(b"\r"))
        if found is None:
            self._lines.clear()
            self._replies.append(Reply(MALFORMED, clean(b"not an SMTP reply: " + line)))
            return
        if len(self._lines) < MOST_LINES:
            self._lines.append(found[3] or b"")
        if found[2] != b"-":
            self._replies.append(Reply(int(found[1]), clean(b" ".join(self._lines))))
            self._lines.clear()

    def _lose(self, error: BaseException | None) -> None:
        self._lost = self._lost or error or ConnectionResetError("end of connection")
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(SMTPServerDisconnected("the server closed the connection"))

    def _too_late(self, waiter: asyncio.Future[None], seconds: float) -> None:
        if not waiter.done():
            waiter.set_exception(SMTPReadTimeoutError(f"the server said nothing for {seconds:g} s"))
