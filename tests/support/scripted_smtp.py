"""An SMTP server that goes wrong on demand, and remembers what it was told.

    with ScriptedSmtp({"drop_after_dot_accepted": 1}, hooks={"after-dot-before-250": kill_it}) as server:
        ...
        server.accepted[0].data

Faults, each striking as often as its number says: `<code>_<event>` answers with that code (421 also hangs up),
`drop_<event>` hangs up, `silence_<event>` says nothing, at one of the events connect, ehlo, auth, mail, rcpt1, rcpt2,
data, dot, quit, rset, noop (dot also as after_dot, drop_after_dot_rejected). And by name:
drop_after_dot_accepted, silence_after_dot_accepted, garbage_after_dot,
garbage_after_dot_accepted, two_replies, early_reply, huge_reply, eight_bit_reply, slow_banner, slow_reply,
never_reads, drop_mid_data, 421_mid_data, 552_mid_data, injected_after_starttls, hang_connect.

Hooks run at connect, banner, ehlo, starttls, auth, mail, rcpt1, rcpt2, data, mid-data, after-dot-before-250,
after-250, quit.
"""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.scripted_server import Gone, ScriptedServer, Talk

OFFERS = ("PIPELINING", "8BITMIME", "SMTPUTF8", "DSN", "SIZE 100000000")
_AFTER_DOT = re.compile(r"^(\d{3}|drop|silence)_after_dot(_rejected)?$")
_PATH = re.compile(rb"(?:FROM|TO):<([^>]*)>(.*)", re.IGNORECASE | re.DOTALL)


@dataclass
class Envelope:
    """One transaction as the client told it; `data` is None until the final dot."""

    mail_from: str
    options: str
    rcpts: list[str] = field(default_factory=list)
    rcpt_options: list[str] = field(default_factory=list)
    data: bytes | None = None


class ScriptedSmtp(ScriptedServer):
    """`accepted` are the mails it took; `envelopes` all that were begun; `commands` every line it heard."""

    def __init__(
        self,
        faults: Mapping[str, int] | None = None,
        *,
        offers: Sequence[str] = OFFERS,
        users: Mapping[str, str] | None = None,
        gap: float = 0.3,
        on_accept: Callable[[Envelope], object] | None = None,
        **settings: Any,
    ) -> None:
        self.accepted: list[Envelope] = []
        self.envelopes: list[Envelope] = []
        self.commands: list[str] = []
        self._offers, self._users, self._gap, self._on_accept = offers, users, gap, on_accept
        self._taking = threading.Lock()
        super().__init__({_AFTER_DOT.sub(r"\1_dot", name): times for name, times in (faults or {}).items()}, **settings)

    def converse(self, talk: Talk) -> None:
        self.at("connect")
        if self._trouble(talk, "connect"):
            raise Gone
        if self.strikes("slow_banner"):
            talk.drip(b"220 slowly, very slowly, here I come\r\n", self._gap)
        else:
            talk.say(b"220 scripted ESMTP\r\n")
        self.at("banner")
        _Conversation(self, talk).go_on()

    def _trouble(self, talk: Talk, event: str) -> bool:
        """Play what the script has for this event; True when the client has had its answer."""
        if self.strikes(f"drop_{event}"):
            raise Gone
        if self.strikes(f"silence_{event}"):
            self.pause(3600)
        for fault in [name for name in self.faults if name[:3].isdigit() and name[4:] == event]:
            if self.strikes(fault):
                talk.say(f"{fault[:3]} scripted refusal at {event}\r\n".encode())
                if fault.startswith("421"):
                    raise Gone
                return True
        return False

    def take(self, envelope: Envelope) -> None:
        with self._taking:
            self.accepted.append(envelope)
        if self._on_accept is not None:
            self._on_accept(envelope)


class _Conversation:
    """From EHLO to QUIT."""

    def __init__(self, server: ScriptedSmtp, talk: Talk) -> None:
        self._server, self._talk = server, talk
        self._envelope: Envelope | None = None
        self._known = server._users is None

    def go_on(self) -> None:
        while True:
            line = self._talk.line().rstrip(b"\r\n")
            self._server.commands.append(line.decode("utf-8", "replace"))
            verb, _, rest = line.partition(b" ")
            getattr(self, f"_{verb.decode('ascii', 'replace').lower()}", self._unknown)(rest)

    def _say(self, words: str) -> None:
        self._talk.say(words.encode() + b"\r\n")

    def _unknown(self, _: bytes) -> None:
        self._say("502 what?")

    def _ehlo(self, _: bytes) -> None:
        self._server.at("ehlo")
        if self._server._trouble(self._talk, "ehlo"):
            return
        lines = ["scripted", *self._server._offers]
        if self._server.tls is not None and not self._talk.encrypted and not self._server.strikes("no_starttls"):
            lines.append("STARTTLS")
        if self._server._users is not None:
            lines.append("AUTH PLAIN LOGIN XOAUTH2")
        for number, words in enumerate(lines, 1):
            self._say(f"250{' ' if number == len(lines) else '-'}{words}")

    def _starttls(self, _: bytes) -> None:
        self._server.at("starttls")
        injected = b"250-evil\r\n250 AUTH PLAIN\r\n" if self._server.strikes("injected_after_starttls") else b""
        self._talk.say(b"220 go ahead\r\n" + injected)
        self._talk.encrypt()

    def _auth(self, rest: bytes) -> None:
        self._server.at("auth")
        if self._server._trouble(self._talk, "auth"):
            return
        method, _, initial = rest.partition(b" ")
        words = base64.b64decode(initial)
        users = self._server._users or {}
        if method.upper() == b"XOAUTH2":
            user, _, token = words.decode().partition("\x01auth=Bearer ")
            self._known = users.get(user.removeprefix("user=")) == token.rstrip("\x01")
            if not self._known:
                self._say("334 eyJzdGF0dXMiOiI0MDAifQ==")
                self._talk.line()
        else:
            _, user, password = words.decode().split("\0")
            self._known = users.get(user) == password
        self._say("235 welcome" if self._known else "535 5.7.8 wrong name or password")

    def _mail(self, rest: bytes) -> None:
        self._server.at("mail")
        if self._server._trouble(self._talk, "mail"):
            return
        if not self._known:
            self._say("530 5.7.0 log in first")
            return
        found = _PATH.match(rest)
        if found is None or self._envelope is not None:
            self._say("503 out of order")
            return
        self._envelope = Envelope(found[1].decode(), found[2].decode().strip())
        self._server.envelopes.append(self._envelope)
        self._say("250 ok")

    def _rcpt(self, rest: bytes) -> None:
        found = _PATH.match(rest)
        if self._envelope is None or found is None:
            self._say("503 out of order")
            return
        self._envelope.rcpt_options.append(found[2].decode().strip())
        event = f"rcpt{len(self._envelope.rcpt_options)}"
        self._server.at(event)
        if self._server._trouble(self._talk, event):
            return
        self._envelope.rcpts.append(found[1].decode())
        self._say("250 ok")

    def _data(self, _: bytes) -> None:
        self._server.at("data")
        if self._server._trouble(self._talk, "data"):
            return
        if self._envelope is None or not self._envelope.rcpts:
            self._say("554 no valid recipients")
            return
        self._say("354 go on\r\n250 taken before it came" if self._server.strikes("early_reply") else "354 go on")
        if self._server.strikes("never_reads"):
            self._server.pause(3600)
        self._envelope.data = self._body()
        self._answer_dot(self._envelope)
        self._envelope = None

    def _body(self) -> bytes:
        lines: list[bytes] = []
        while (line := self._talk.line()) != b".\r\n":
            if not lines:
                self._server.at("mid-data")
                if self._server.strikes("drop_mid_data"):
                    raise Gone
                for fault in ("421_mid_data", "552_mid_data"):
                    if self._server.strikes(fault):
                        self._say(f"{fault[:3]} enough")
                        raise Gone
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _answer_dot(self, envelope: Envelope) -> None:
        server = self._server
        server.at("after-dot-before-250")
        if server._trouble(self._talk, "dot"):
            return
        if server.strikes("garbage_after_dot"):
            self._say("\x00\x16 what is this?")
            return
        server.take(envelope)
        for fault in ("drop_after_dot_accepted", "silence_after_dot_accepted"):
            if server.strikes(fault):
                server.pause(0 if fault.startswith("drop") else 3600)
                raise Gone
        if server.strikes("slow_reply"):
            self._talk.drip(b"250 at last\r\n", server._gap)
        elif server.strikes("garbage_after_dot_accepted"):
            self._say("yes, I have taken it")
        elif server.strikes("two_replies"):
            self._say("250 taken\r\n250 taken, I said")
        elif server.strikes("huge_reply"):
            self._say("250 " + "x" * 100_000)
        elif server.strikes("eight_bit_reply"):
            self._talk.say(b"250 gr\xfc\xdfe \x1b[31m\x07aus K\xc3\xb6ln\r\n")
        else:
            self._say("250 2.0.0 taken as Q1")
        server.at("after-250")

    def _rset(self, _: bytes) -> None:
        if not self._server._trouble(self._talk, "rset"):
            self._envelope = None
            self._say("250 forgotten")

    def _noop(self, _: bytes) -> None:
        if not self._server._trouble(self._talk, "noop"):
            self._say("250 here")

    def _quit(self, _: bytes) -> None:
        self._server.at("quit")
        if not self._server._trouble(self._talk, "quit"):
            self._say("221 bye")
        raise Gone
