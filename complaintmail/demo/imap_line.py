"""The line to one IMAP client: commands in, with the literals they announce; answers out."""

from __future__ import annotations

import asyncio

from complaintmail.demo.imap_words import Words, literal_at_end

LARGEST = 64 * 1024 * 1024


class ImapLine:
    """Reads whole commands; what it raises (a lost connection, a line without end) ends the conversation."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def command(self) -> Words:
        """One command with its literals, each asked for unless it comes by itself."""
        text, literals = b"", list[bytes]()
        while True:
            line = await self.line()
            follows = literal_at_end(line)
            if follows is None:
                return Words(text + line.replace(b"\x00", b"?"), literals)
            size, unasked = follows
            if size > LARGEST:
                raise ValueError("a literal is too large")
            if not unasked:
                await self.ask("go on")
            literals.append(await self._reader.readexactly(size))
            text += line[: line.rindex(b"{")].replace(b"\x00", b"?") + b"\x00"

    async def line(self) -> bytes:
        line = await self._reader.readuntil(b"\n")
        return line.rstrip(b"\r\n")

    async def ask(self, words: str = "") -> None:
        self.say(f"+ {words}")
        await self.flush()

    def say(self, words: str) -> None:
        self.send(words.encode() + b"\r\n")

    def send(self, raw: bytes) -> None:
        if raw:
            self._writer.write(raw)

    async def flush(self) -> None:
        await self._writer.drain()
