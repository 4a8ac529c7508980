"""A small SMTP server over a `PostRoom`: it takes mail for its own accounts from anybody, and for the whole world from
those who log in.

There is no world behind it: what a client that logged in sends to an address nobody here has is taken, as a provider
would, and comes back as a bounce.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from email.utils import format_datetime, getaddresses

from complaintmail.demo.mime_parts import take_apart
from complaintmail.demo.postroom import PostRoom
from complaintmail.demo.undeliverable import bounce

LARGEST = 64 * 1024 * 1024
NAME = "mail.demo.example"
_PATH = re.compile(r"(?:FROM|TO):\s*<(?:@[^:>]*:)?([^>]*)>(?:\s+(.*))?$", re.IGNORECASE)


class Exchange:
    """From greeting to QUIT."""

    def __init__(self, room: PostRoom, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._room, self._reader, self._writer = room, reader, writer
        self._helo = "unknown"
        self._user: str | None = None
        self._sender: str | None = None
        self._recipients: list[str] = []

    async def go_on(self) -> None:
        self._say(f"220 {NAME} ESMTP")
        try:
            while True:
                await self._writer.drain()
                line = (await self._reader.readuntil(b"\n")).rstrip(b"\r\n").decode("utf-8", "replace")
                verb, _, rest = line.partition(" ")
                if verb.upper() == "QUIT":
                    self._say("221 2.0.0 good-bye")
                    await self._writer.drain()
                    return
                await self._one(verb.upper(), rest.strip())
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # the client is gone, or speaks no SMTP at all

    def _say(self, words: str) -> None:
        self._writer.write(words.encode() + b"\r\n")

    async def _one(self, verb: str, rest: str) -> None:
        match verb:
            case "EHLO":
                self._helo = rest or "unknown"
                offers = (NAME, "PIPELINING", f"SIZE {LARGEST}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
                self._say("\r\n".join([f"250-{offer}" for offer in offers] + ["250 AUTH PLAIN LOGIN"]))
            case "HELO":
                self._helo = rest or "unknown"
                self._say(f"250 {NAME}")
            case "AUTH":
                await self._auth(rest)
            case "MAIL":
                self._mail(rest)
            case "RCPT":
                self._rcpt(rest)
            case "DATA":
                await self._data()
            case "RSET":
                self._forget()
                self._say("250 2.0.0 forgotten")
            case "NOOP":
                self._say("250 2.0.0 here")
            case "VRFY":
                self._say("252 2.0.0 send it and see")
            case _:
                self._say("500 5.5.1 that is not known here")

    def _forget(self) -> None:
        self._sender, self._recipients = None, []

    async def _auth(self, rest: str) -> None:
        method, _, first = rest.partition(" ")
        try:
            if method.upper() == "PLAIN":
                told = first or await self._ask("")
                _, name, password = base64.b64decode(told).decode().split("\0")
            elif method.upper() == "LOGIN":
                name = base64.b64decode(first or await self._ask("Username:")).decode()
                password = base64.b64decode(await self._ask("Password:")).decode()
            else:
                self._say("504 5.5.4 PLAIN or LOGIN")
                return
        except (binascii.Error, UnicodeDecodeError, ValueError):
            self._say("501 5.5.2 that cannot be read")
            return
        if self._room.log_in(name, password) is None:
            self._say("535 5.7.8 wrong name or password")
            return
        self._user = name
        self._say("235 2.7.0 welcome")

    async def _ask(self, words: str) -> str:
        self._say(f"334 {base64.b64encode(words.encode()).decode()}")
        await self._writer.drain()
        return (await self._reader.readuntil(b"\n")).strip().decode("ascii", "replace")

    def _mail(self, rest: str) -> None:
        found = _PATH.match(rest)
        if found is None:
            self._say("501 5.5.4 MAIL FROM:<address>")
        elif self._sender is not None:
            self._say("503 5.5.1 one sender is enough")
        else:
            self._sender = found[1]
            self._say("250 2.1.0 go on")

    def _rcpt(self, rest: str) -> None:
        found = _PATH.match(rest)
        if self._sender is None:
            self._say("503 5.5.1 MAIL comes first")
        elif found is None or "@" not in found[1]:
            self._say("501 5.5.4 RCPT TO:<address>")
        elif found[1].lower() in self._room.accounts or self._user is not None:
            self._recipients.append(found[1])
            self._say("250 2.1.5 go on")
        else:
            self._say("550 5.1.1 nobody here has that address")

    async def _data(self) -> None:
        if not self._recipients:
            self._say("503 5.5.1 nobody to send it to")
            return
        self._say("354 the mail, then a dot alone")
        await self._writer.drain()
        lines, size = list[bytes](), 0
        while (line := await self._reader.readuntil(b"\n")) not in (b".\r\n", b".\n"):
            size += len(line)
            if size <= LARGEST:
                lines.append((line[1:] if line.startswith(b".") else line).rstrip(b"\r\n") + b"\r\n")
        if size > LARGEST:
            self._say("552 5.3.4 it is too large")
        else:
            self._take(b"".join(lines))
            self._say("250 2.0.0 taken")
        self._forget()

    def _take(self, raw: bytes) -> None:
        sender, now = self._sender or "", self._room.clock.now()
        how = "ESMTPA" if self._user else "ESMTP"
        vouched = self._vouched(raw)
        for recipient in self._recipients:
            trace = f"{vouched}Received: from {_visible(self._helo)} by {NAME} with {how}\r\n"
            trace += f"\tfor <{recipient}>; {format_datetime(now)}\r\n"
            if not self._room.deliver(recipient, sender, trace.encode() + raw) and sender:
                self._room.deliver(sender, "", bounce(NAME, sender, recipient, raw, now))

    def _vouched(self, raw: bytes) -> str:
        """Whoever logged in and writes under their own address is who they say."""
        writers = [address.lower() for _, address in getaddresses(take_apart(raw).fields.get_all("From", []))]
        if self._user is None or writers != [self._user.lower()]:
            return f"Authentication-Results: {NAME}; none\r\n"
        return f"Authentication-Results: {NAME}; dmarc=pass header.from={_visible(writers[0].rpartition('@')[2])}\r\n"


def _visible(words: str) -> str:
    return re.sub(r"[^!-~]", "?", words)[:100] or "?"
