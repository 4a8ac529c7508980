"""The way out: one mailbox's letters, handed to its submission server over a few kept connections.

`SmtpPostbox.send` is synchronous: it runs an asyncio loop of its own in the calling thread, and calls `may_send` and
`done` from there. Several threads may send at once; each gets a loop and connections of its own. Connections are kept
between calls and asked (NOOP) before use after a minute's rest. What may become of a letter stands in smtp_session.py.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TypeVar

from complaintmail.errors import ComplaintmailError, LoginRefused, PermanentFailure, TemporaryFailure
from complaintmail.gateways.ports import Outcome, Outgoing, Result
from complaintmail.gateways.smtp_account import SmtpAccount, SmtpTimeouts, Unreachable
from complaintmail.gateways.smtp_session import SmtpSession
from complaintmail.gateways.tls import Security, client_context, require_safe

REST = 60.0  # seconds after which a kept connection is asked whether it still lives
SECOND_CONNECTION_AFTER = 0.1  # seconds; a short queue is through before another log-in would be
LOST_IN_A_ROW = 3  # connections; then the server is ill, and what has not been tried waits
T = TypeVar("T")


class SmtpPostbox:
    """See ports.Postbox. `password` and `token` are asked anew for each log-in; without a username there is none."""

    def __init__(
        self,
        host: str,
        port: int,
        security: Security,
        username: str | None = None,
        password: Callable[[], str] | None = None,
        *,
        token: Callable[[], str] | None = None,
        ca_file: Path | None = None,
        connections: int = 4,
        timeouts: SmtpTimeouts | None = None,
        helo: str = "[127.0.0.1]",
    ) -> None:
        require_safe(security, host, port)
        context = None if security == "none" else client_context(ca_file)
        timeouts = timeouts or SmtpTimeouts()
        self._account = SmtpAccount(host, port, security, username, password, token, helo, context, timeouts)
        self._connections = connections
        self._shelf: list[_Desk] = []
        self._lock = threading.Lock()

    def send(
        self, letters: Sequence[Outgoing], *, may_send: Callable[[str], bool], done: Callable[[Outcome], None]
    ) -> None:
        if not letters:
            return
        with self._lock:
            desk = self._shelf.pop() if self._shelf else _Desk(self._account)
        try:
            desk.run(_Round(desk, letters, may_send, done).work_off(self._connections))
        except BaseException:
            desk.close(politely=False)
            raise
        with self._lock:
            self._shelf.append(desk)

    def check(self) -> str:
        desk = _Desk(self._account)
        try:
            return desk.run(desk.look_in())
        except Unreachable as no:
            raise _as_failure(no) from no
        finally:
            desk.close()

    def close(self) -> None:
        with self._lock:
            desks, self._shelf = self._shelf, []
        for desk in desks:
            desk.close()


def _as_failure(no: Unreachable) -> ComplaintmailError:
    later = no.code is None or 400 <= no.code < 500
    if no.phase == "auth":
        return TemporaryFailure(no.words) if no.code is not None and later else LoginRefused(no.words)
    return TemporaryFailure(no.words) if later and no.phase != "tls" else PermanentFailure(no.words)


class _Desk:
    """One asyncio loop and the connections kept on it; used by one thread at a time."""

    def __init__(self, account: SmtpAccount) -> None:
        self._account = account
        self._loop = asyncio.new_event_loop()
        self._kept: list[SmtpSession] = []

    def run(self, work: Coroutine[None, None, T]) -> T:
        return self._loop.run_until_complete(work)

    async def session(self) -> SmtpSession:
        """A kept connection that still lives, or a new one."""
        while self._kept:
            session = self._kept.pop()
            # While the loop stood still the server may have hung up; let what has arrived be seen.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            rested = self._loop.time() - session.idle_since
            if session.is_usable() and (rested < REST or await session.still_there()):
                session.proven = False
                return session
            session.abort()
        return SmtpSession(await self._account.connect(), self._account.timeouts)

    def keep(self, session: SmtpSession) -> None:
        if session.is_usable():
            session.idle_since = self._loop.time()
            self._kept.append(session)
        else:
            session.abort()

    async def look_in(self) -> str:
        session = await self.session()
        alive = await session.still_there()
        self.keep(session)
        account = self._account
        if not alive:
            raise TemporaryFailure(f"SMTP {account.host}:{account.port}: connected, but NOOP was not answered")
        offers = " ".join(name.upper() for name in _WORTH_SAYING if name in session.extensions) or "nothing more"
        who = f"logged in as {account.username}" if account.username else "no log-in"
        return f"SMTP {account.host}:{account.port} ({account.security}): {who}; it offers {offers}"

    def close(self, politely: bool = True) -> None:
        if self._loop.is_closed():
            return
        self.run(self._close(politely))
        self._loop.close()

    async def _close(self, politely: bool) -> None:
        here = asyncio.current_task()
        left = [task for task in asyncio.all_tasks() if task is not here]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        kept, self._kept = self._kept, []
        if politely:
            await asyncio.gather(*(session.goodbye() for session in kept))
        for session in kept:
            session.abort()
        for _ in range(3):  # an aborted transport closes its socket in the loop's next turns
            await asyncio.sleep(0)


_WORTH_SAYING = ("pipelining", "8bitmime", "smtputf8", "dsn", "size")


class _Round:
    """One call of `send`: letters waiting, and the few workers that take them one after another."""

    def __init__(
        self,
        desk: _Desk,
        letters: Sequence[Outgoing],
        may_send: Callable[[str], bool],
        done: Callable[[Outcome], None],
    ) -> None:
        self._desk = desk
        self._waiting = deque(letters)
        self._may_send = may_send
        self._done = done
        self._stopped_by: Unreachable | None = None
        self._error: BaseException | None = None
        self._lost_in_a_row = 0
        self._up = False

    async def work_off(self, connections: int) -> None:
        workers = {asyncio.ensure_future(self._work())}
        while workers:
            more = bool(self._waiting) and len(workers) < connections and self._goes_on
            patience = SECOND_CONNECTION_AFTER if more else None
            finished, workers = await asyncio.wait(workers, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            # Not before the first connection is up: a server that refuses or hangs is asked once, not four times.
            if more and self._up and not finished and self._waiting:
                workers.add(asyncio.ensure_future(self._work()))
        if self._error is not None:
            raise self._error
        for letter in self._waiting:
            self._done(self._untried(letter))

    @property
    def _goes_on(self) -> bool:
        return self._error is None and self._stopped_by is None

    async def _work(self) -> None:
        """Letter after letter over one connection, a new one when it is lost. An error of ours stops all workers, but
        each first finishes the letter it is in the middle of."""
        session: SmtpSession | None = None
        try:
            while self._waiting and self._goes_on:
                if session is None or not session.is_usable():
                    if session is not None:
                        session.abort()
                    session = await self._desk.session()
                    self._up = True
                    continue  # another worker may have taken the last letter meanwhile
                letter = self._waiting.popleft()
                outcome = await session.hand_over(letter, self._may_send)
                if not session.proven and not session.is_usable() and outcome.result is Result.LATER:
                    self._waiting.appendleft(letter)  # the server had hung up before it heard of this letter
                    continue
                self._count(session)
                self._done(outcome)
        except Unreachable as no:
            self._stopped_by = no
        except BaseException as error:  # of `may_send` or `done`: raised to the caller when all have come to rest
            self._error = self._error or error
        finally:
            if session is not None:
                self._desk.keep(session)

    def _count(self, session: SmtpSession) -> None:
        self._lost_in_a_row = 0 if session.is_usable() else self._lost_in_a_row + 1
        if self._lost_in_a_row >= LOST_IN_A_ROW:
            self._stopped_by = Unreachable("connect", None, f"gave up after {LOST_IN_A_ROW} lost connections in a row")

    def _untried(self, letter: Outgoing) -> Outcome:
        no = self._stopped_by or Unreachable("connect", None, "not begun")
        return Outcome(letter.letter_id, Result.UNTRIED, no.phase, no.code, no.words)


__all__ = ["SmtpPostbox", "SmtpTimeouts"]
