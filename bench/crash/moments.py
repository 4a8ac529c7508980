"""Kill points by name: the moments of an SMTP and an IMAP conversation, as the server sees them.

SMTP is played by a scripted server that hands what it accepts to the real Dovecot by LMTP, at once and before it
answers; at the moment asked for it kills the program, and then has or has not taken the mail. IMAP goes through a
gate to the real Dovecot, which kills the program before it passes a command on, after the server has done it and
before the program hears of it, or in the middle of a mail's bytes.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

from tests.support.mailstack import MailStack
from tests.support.scripted_server import Gone
from tests.support.scripted_smtp import Envelope, ScriptedSmtp

ONCE = ("connect", "banner", "ehlo", "quit")  # there is one conversation for both letters
BEFORE_THE_DOT = ("mail", "rcpt1", "rcpt2", "data")
ABOUT_THE_DOT = ("mid-data", "after-dot-before-250")  # the bytes are on their way: the server may take them or not


@dataclass(frozen=True, slots=True)
class SmtpMoment:
    """The `nth` time that the server comes to `event`; `taken`: it goes on, and keeps the mail."""

    event: str
    nth: int
    taken: bool

    def __str__(self) -> str:
        return (
            f"SMTP {self.event}, {('first', 'second', 'third')[self.nth - 1]} letter{', taken' if self.taken else ''}"
        )


def smtp_moments(letters: int = 2, copied: int = 2) -> list[SmtpMoment]:
    """Those of a run that sends so many letters, so many of them with an evidence copy (a second RCPT)."""
    moments = [SmtpMoment(event, 1, False) for event in ONCE]
    for nth in range(1, letters + 1):
        moments += [SmtpMoment(event, nth, False) for event in BEFORE_THE_DOT if event != "rcpt2" or nth <= copied]
        moments += [SmtpMoment(event, nth, taken) for event in ABOUT_THE_DOT for taken in (False, True)]
        moments.append(SmtpMoment("after-250", nth, True))
    return moments


class Executioner:
    """Kills the program it is given, once, and waits until it is gone."""

    def __init__(self) -> None:
        self.program: subprocess.Popen[str] | None = None
        self.struck = False
        self._lock = threading.Lock()

    def strike(self) -> None:
        with self._lock:
            if self.program is None or self.struck:
                return
            self.struck = True
            self.program.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.program.wait(10)


@contextlib.contextmanager
def smtp_that_kills(stack: MailStack, moment: SmtpMoment, executioner: Executioner) -> Iterator[ScriptedSmtp]:
    """A server that strikes at that moment, and otherwise takes and delivers everything."""
    seen: Counter[str] = Counter()

    def at_that_moment() -> None:
        seen[moment.event] += 1
        if seen[moment.event] == moment.nth and executioner.program is not None:
            executioner.strike()
            if not moment.taken:
                raise Gone

    with ScriptedSmtp(hooks={moment.event: at_that_moment}, on_accept=lambda mail: deliver(stack, mail)) as server:
        yield server


def deliver(stack: MailStack, envelope: Envelope) -> None:
    """Into the mailboxes, before the server says 250. One at a time: smtplib reads one reply, LMTP gives one each."""
    assert envelope.data is not None
    with smtplib.LMTP(str(stack.directory / "dovecot" / "lmtp")) as lmtp:
        for recipient in envelope.rcpts:
            lmtp.sendmail(envelope.mail_from, [recipient], envelope.data)


# IMAP

PHASES = ("before", "after", "amid")


@dataclass(frozen=True, slots=True)
class ImapMoment:
    """The `nth` command of this verb: before it is passed on, after it was done, or amid the bytes of its answer."""

    verb: str
    nth: int
    phase: str

    def __str__(self) -> str:
        return f"IMAP {self.phase} {self.verb} {self.nth}"


_COMMAND = re.compile(rb"([A-Za-z0-9]+) (?:UID )?([A-Za-z]+)([^\r\n]*)")


class ImapGate:
    """Passes every byte between the program and Dovecot, and strikes at `moment`; `heard` counts the verbs."""

    def __init__(self, to_port: int, moment: ImapMoment | None = None, strike: Callable[[], None] = lambda: None):
        self.heard: Counter[str] = Counter()
        self._to, self._moment, self._strike = to_port, moment, strike
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True, name="imap gate").start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            _Passage(self, client).begin()

    def moment_for(self, line: bytes) -> tuple[bytes, str] | None:
        """Is this command the one? Its tag and the phase to strike in."""
        found = _COMMAND.match(line)
        if not found:
            return None
        verb = found[2].decode().upper()
        if verb == "FETCH":
            verb = "FETCH bodies" if b"BODY" in found[3].upper() else "FETCH sizes"
        self.heard[verb] += 1
        moment = self._moment
        return (found[1], moment.phase) if moment and (verb, self.heard[verb]) == (moment.verb, moment.nth) else None

    def strike(self) -> None:
        self._strike()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self._to))


class _Passage:
    """One connection through the gate."""

    def __init__(self, gate: ImapGate, client: socket.socket) -> None:
        self._gate, self._client, self._server = gate, client, gate.connect()
        self._awaited: bytes | None = None  # the tag whose end is withheld
        self._amid = False

    def begin(self) -> None:
        for way in (self._commands, self._answers):
            threading.Thread(target=self._until_it_ends, args=(way,), daemon=True).start()

    def _until_it_ends(self, way: Callable[[], None]) -> None:
        try:
            way()
        except OSError:
            pass
        finally:
            for end in (self._client, self._server):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def _commands(self) -> None:
        for line in self._client.makefile("rb"):
            due = self._gate.moment_for(line)
            if due is not None:
                tag, phase = due
                if phase == "before":
                    self._gate.strike()
                    return
                self._awaited, self._amid = tag, phase == "amid"
            self._server.sendall(line)

    def _answers(self) -> None:
        held = b""
        while block := self._server.recv(65536):
            if self._awaited is None:
                self._client.sendall(block)
                continue
            held += block
            if self._amid and len(held) > 200:
                self._client.sendall(held[: len(held) // 2])
                self._gate.strike()
                return
            if held.startswith(self._awaited + b" ") or b"\r\n" + self._awaited + b" " in held:
                self._gate.strike()
                return


def imap_moments(heard: Counter[str]) -> list[ImapMoment]:
    """Every command of a recorded run, before and after; bodies also amid their bytes."""
    return [
        ImapMoment(verb, nth, phase)
        for verb, times in sorted(heard.items())
        for nth in range(1, times + 1)
        for phase in (PHASES if verb == "FETCH bodies" else PHASES[:2])
    ]
