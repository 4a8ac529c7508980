"""The embedded mail server: IMAP and SMTP on this machine only, in one thread, gone when it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable
from types import TracebackType

from complaintmail.clock import Clock, SystemClock
from complaintmail.demo.imap_server import Conversation
from complaintmail.demo.postroom import PostRoom
from complaintmail.demo.smtp_server import Exchange

HOST = "127.0.0.1"
LONGEST_LINE = 4 * 1024 * 1024

_Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class MailServer:
    """Use it in a `with`. `imap_port` and `smtp_port` are the wished ones where they are free, else others."""

    def __init__(self, *, imap_port: int = 0, smtp_port: int = 0, clock: Clock | None = None) -> None:
        self.room = PostRoom(clock or SystemClock())
        self.imap_port, self.smtp_port = imap_port, smtp_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="mail server", daemon=True)
        self._talks: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._failure: BaseException | None = None

    def __enter__(self) -> MailServer:
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except BaseException as failure:  # told to the thread that waits for us to be ready
            self._failure = failure
        finally:
            self._ready.set()
            self._loop.close()

    async def _serve(self) -> None:
        imap = await self._listen(lambda r, w: Conversation(self.room, r, w).go_on(), self.imap_port)
        smtp = await self._listen(lambda r, w: Exchange(self.room, r, w).go_on(), self.smtp_port)
        self.imap_port, self.smtp_port = (one.sockets[0].getsockname()[1] for one in (imap, smtp))
        self._ready.set()
        await self._stop.wait()
        imap.close()
        smtp.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _listen(self, talk: _Talk, wished: int) -> asyncio.Server:
        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            one = self._loop.create_task(self._converse(talk, reader, writer))
            self._talks.add(one)
            one.add_done_callback(self._talks.discard)

        try:
            return await asyncio.start_server(connected, HOST, wished, limit=LONGEST_LINE)
        except OSError:
            if not wished:
                raise
            return await asyncio.start_server(connected, HOST, 0, limit=LONGEST_LINE)

    async def _converse(self, talk: _Talk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()
