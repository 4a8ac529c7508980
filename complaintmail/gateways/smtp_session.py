"""One kept connection to a submission server, and the phases of handing one letter over on it.

What each phase promises, whatever the server does (connect, tls and auth are smtp_account.py's):

    mail, rcpt, data   the server must forget what was said when the connection ends: later, or refused by its word
    body               the final dot is still ours: as above
    reply              the dot may have left: 2xx sent, 4xx later, 5xx refused, anything else in doubt

After a refusal of the complainant DATA is never said; what goes wrong after a 2xx to the dot is nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from aiosmtplib import SMTP

from complaintmail.gateways.ports import Outcome, Outgoing, Result
from complaintmail.gateways.smtp_account import LOST, SmtpTimeouts, drop
from complaintmail.gateways.smtp_wire import BLOCK, MALFORMED, LetterWire, Reply, clean, stuffed

_ADDRESS = re.compile(r"[^\s<>\x00-\x1f\x7f-\x9f@]+@[^\s<>\x00-\x1f\x7f-\x9f@]+")
_ENVID = re.compile(r"[!-~]{1,100}")


class SmtpSession:
    """One logged-in connection. `is_usable` says whether the next letter may go over it."""

    def __init__(self, smtp: SMTP, timeouts: SmtpTimeouts) -> None:
        loop = asyncio.get_running_loop()
        assert smtp.transport is not None
        self.extensions = dict(smtp.esmtp_extensions)
        self._smtp = smtp  # keeps aiosmtplib's state alive as long as its transport is used
        self._wire = LetterWire(loop)
        self._wire.adopt(smtp.transport)
        self._timeouts = timeouts
        self._pipelining = "pipelining" in self.extensions
        self._size_limit = _number(self.extensions.get("size"))
        self._broken = False
        self.idle_since = loop.time()
        self.proven = True  # has answered since it was taken from the shelf

    def is_usable(self) -> bool:
        return not self._broken and self._wire.in_step()

    async def still_there(self) -> bool:
        """After a long rest: ask before trusting it with a letter."""
        try:
            reply = await self._wire.ask(b"NOOP\r\n", min(self._timeouts.command, 15))
        except LOST:
            self._broken = True
            return False
        self._broken = not reply.accepted
        return self.is_usable()

    async def hand_over(self, letter: Outgoing, may_send: Callable[[str], bool]) -> Outcome:
        """All phases of one letter; says what became of it and never raises for what the server does."""
        attempt = _Attempt(letter)
        unfit = self._unfit(letter)
        if unfit:
            return attempt.outcome(Result.REFUSED, text=unfit)
        try:
            return await self._phases(attempt, may_send)
        except LOST as lost:
            self._broken = True
            last_words = self._wire.unread
            if attempt.phase == "body" and last_words is not None and last_words.code >= 400:
                return attempt.outcome(_by_code(last_words), last_words)
            words = clean(str(lost)) or type(lost).__name__
            return attempt.outcome(Result.DOUBT if attempt.phase == "reply" else Result.LATER, text=words)
        except BaseException:
            self._broken = True
            raise

    async def _phases(self, attempt: _Attempt, may_send: Callable[[str], bool]) -> Outcome:
        letter, wire, limits = attempt.letter, self._wire, self._timeouts
        refused = await self._say_envelope(attempt)
        if refused is not None:
            return refused
        attempt.phase = "data"
        if not may_send(letter.letter_id):
            await self._forget()
            return attempt.outcome(Result.UNTRIED, text="told not to send")
        if not wire.in_step():
            return self._out_of_step(attempt)
        go = await wire.ask(b"DATA\r\n", limits.data)
        if go.code != 354:
            if go.accepted or 300 <= go.code < 400:
                return self._out_of_step(attempt)
            return await self._turned_down(attempt, go)
        attempt.phase = "body"
        body = stuffed(letter.data)
        if len(body) > BLOCK:
            await wire.write_blocks(body, limits.block)
            body = b""
        if wire.unread is not None and wire.unread.code >= 400:
            self._broken = True
            return attempt.outcome(_by_code(wire.unread), wire.unread)
        if not wire.in_step():  # an answer to what was not yet said must not pass for an answer to the dot
            return self._out_of_step(attempt)
        attempt.phase = "reply"  # from the next line on the final dot may have left
        wire.send(body + b".\r\n")
        said = await wire.reply(limits.dot)
        self.proven = True
        if said.accepted:
            return attempt.outcome(Result.SENT, said)
        self._broken = said.closes
        if said.code >= 400:
            return attempt.outcome(_by_code(said), said)
        self._broken = True
        return attempt.outcome(Result.DOUBT, said)

    async def _say_envelope(self, attempt: _Attempt) -> Outcome | None:
        """MAIL and both RCPT; None when the complainant's was taken."""
        wire, seconds = self._wire, self._timeouts.command
        commands = self._envelope(attempt.letter)
        if self._pipelining:
            wire.send(b"".join(commands))
        replies: list[Reply] = []
        for number, command in enumerate(commands):
            attempt.phase = "mail" if number == 0 else "rcpt"
            reply = await (wire.reply(seconds) if self._pipelining else wire.ask(command, seconds))
            if number < 2 and not reply.accepted and (not self._pipelining or reply.closes):
                return await self._turned_down(attempt, reply)
            replies.append(reply)
        self.proven = True
        for phase, reply in zip(("mail", "rcpt"), replies, strict=False):
            if not reply.accepted:
                attempt.phase = phase
                return await self._turned_down(attempt, reply)
        if attempt.letter.evidence is not None and replies[2].accepted:
            attempt.evidence = "bcc"
        elif attempt.letter.envid is not None and "dsn" in self.extensions:
            attempt.evidence = "dsn"
        if replies[-1].closes:
            return await self._turned_down(attempt, replies[-1])
        return None

    async def _turned_down(self, attempt: _Attempt, reply: Reply) -> Outcome:
        """Before the dot the server said no: by its code for good, or for now."""
        if reply.closes:
            self._broken = True
            return attempt.outcome(Result.LATER, reply)
        await self._forget()
        if reply.code in (530, 538):  # our log-in is wrong, not this letter
            return attempt.outcome(Result.UNTRIED, reply)
        # RFC 5321 4.5.3.1.10: 552 to RCPT is an old way of saying 452.
        for_good = reply.code >= 500 and not (reply.code == 552 and attempt.phase == "rcpt")
        return attempt.outcome(Result.REFUSED if for_good else Result.LATER, reply)

    def _out_of_step(self, attempt: _Attempt) -> Outcome:
        self._broken = True
        return attempt.outcome(Result.LATER, Reply(MALFORMED, "the server's replies do not match our commands"))

    async def _forget(self) -> None:
        """RSET, so that the next letter begins clean; when that fails the connection is dropped, nothing more."""
        try:
            reply = await self._wire.ask(b"RSET\r\n", min(self._timeouts.command, 30))
        except LOST:
            self._broken = True
        else:
            self._broken = self._broken or not reply.accepted

    async def goodbye(self) -> None:
        """QUIT, whatever comes of it."""
        try:
            if self.is_usable():
                await self._wire.ask(b"QUIT\r\n", self._timeouts.goodbye)
        except LOST:
            pass
        self.abort()

    def abort(self) -> None:
        self._broken = True
        self._wire.abort()
        drop(self._smtp)

    # What is said

    def _envelope(self, letter: Outgoing) -> list[bytes]:
        utf8 = _needs_utf8(letter)
        encoding = "utf-8" if utf8 else "ascii"
        mail = [f"MAIL FROM:<{letter.mail_from}>".encode(encoding)]
        notify = notify_evidence = b""
        if self._size_limit is not None:
            mail.append(b"SIZE=%d" % len(letter.data))
        if not letter.data.isascii():
            mail.append(b"BODY=8BITMIME")
        if utf8:
            mail.append(b"SMTPUTF8")
        if "dsn" in self.extensions:
            mail.append(b"RET=HDRS")
            notify, notify_evidence = b" NOTIFY=FAILURE,DELAY", b" NOTIFY=NEVER"
            if letter.envid is not None:
                mail.append(b"ENVID=" + _xtext(letter.envid))
                notify = b" NOTIFY=SUCCESS,FAILURE,DELAY"
        commands = [b" ".join(mail) + b"\r\n", b"RCPT TO:<%b>%b\r\n" % (letter.recipient.encode(encoding), notify)]
        if letter.evidence is not None:
            commands.append(b"RCPT TO:<%b>%b\r\n" % (letter.evidence.encode(encoding), notify_evidence))
        return commands

    def _unfit(self, letter: Outgoing) -> str | None:
        """Why this letter can never go through this server; asked before a byte of it leaves."""
        for what, address in (
            ("recipient", letter.recipient),
            ("evidence", letter.evidence),
            ("sender", letter.mail_from),
        ):
            if address is None or (not address and what == "sender"):
                continue
            if not _ADDRESS.fullmatch(address):
                return f"the {what}'s address cannot be written in SMTP: {clean(address)!r}"
        if letter.envid is not None and not _ENVID.fullmatch(letter.envid):
            return "the envelope id must be 1 to 100 visible ASCII characters"
        if _needs_utf8(letter) and "smtputf8" not in self.extensions:
            return "the address needs SMTPUTF8, which this mail server does not offer"
        if "8bitmime" not in self.extensions and not letter.data.isascii():
            return "the letter holds 8-bit text, and this mail server does not offer 8BITMIME"
        if self._size_limit and len(letter.data) > self._size_limit:
            return f"the letter has {len(letter.data)} bytes, and this mail server takes {self._size_limit}"
        return None


class _Attempt:
    """Where one letter stands."""

    __slots__ = ("evidence", "letter", "phase")

    def __init__(self, letter: Outgoing) -> None:
        self.letter = letter
        self.phase = "mail"
        self.evidence: str | None = None

    def outcome(self, result: Result, reply: Reply | None = None, text: str = "") -> Outcome:
        code = None if reply is None else reply.code
        words = text if reply is None else reply.text
        evidence = self.evidence if self.phase == "reply" else None  # before the dot none can have been made
        return Outcome(self.letter.letter_id, result, self.phase, code, words, evidence)


def _by_code(reply: Reply) -> Result:
    return Result.LATER if reply.code < 500 else Result.REFUSED


def _needs_utf8(letter: Outgoing) -> bool:
    addresses_ascii = letter.recipient.isascii() and letter.mail_from.isascii() and (letter.evidence or "").isascii()
    return letter.utf8 or not addresses_ascii


def _xtext(words: str) -> bytes:
    return re.sub(r"[+=]", lambda one: f"+{ord(one[0]):02X}", words).encode("ascii")


def _number(limit: str | None) -> int | None:
    """What SIZE says: None where it is not offered, 0 where it names no limit."""
    return None if limit is None else int(limit) if limit.isdigit() else 0
