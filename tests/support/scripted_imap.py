"""An IMAP server over a made-up folder that goes wrong on demand: small, correct when no fault is set.

    folder = Folder({1: b"Subject: x\\r\\n\\r\\n...", 2: Virtual(50_000_000)})
    with ScriptedImap(folder, {"bye_in_idle": 1}) as server: ...

Faults, each striking as often as its number says: no_starttls, injected_after_starttls, preauth, login_refused,
login_unavailable, drop_login, select_refused, bye_in_select, bye_in_idle, eof_in_idle, silence_in_idle,
partial_line_in_idle, news_before_idle, ok_in_idle, idle_refused, eof_mid_literal, drip_in_literal, bye_in_fetch,
no_in_fetch, garbled_fetch, drop_fetch, nil_body, empty_body, lies_about_size, huge_literal, expunged_before_fetch,
unsolicited_fetch, no_in_move, trycreate, silence_in_move, silence_in_fetch, hang_connect. Those about bodies strike
only when `bad` (UIDs) are among the mails asked for.

Hooks run at login, select, search, fetch, mid-literal, fetch-done, store, copy, move, expunge, idle, idle-done.
"""

from __future__ import annotations

import base64
import bisect
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.support.scripted_folder import RECEIVED, Folder, Virtual
from tests.support.scripted_server import Gone, ScriptedServer, Talk

OFFERS = ("IMAP4rev1", "IDLE", "MOVE", "UIDPLUS", "AUTH=PLAIN", "AUTH=XOAUTH2")
_WORDS = re.compile(rb'"((?:[^"\\]|\\.)*)"|(\([^)]*\))|(\S+)')


class ScriptedImap(ScriptedServer):
    """`folder` is the INBOX; `folders` the others, by name; `sent_bytes` all it ever said."""

    def __init__(
        self,
        folder: Folder | None = None,
        faults: Mapping[str, int] | None = None,
        *,
        offers: Sequence[str] = OFFERS,
        users: Mapping[str, str] | None = None,
        bad: Collection[int] = (),
        gap: float = 0.1,
        **settings: Any,
    ) -> None:
        self.folder = folder or Folder()
        self.folders: dict[str, Folder] = {}
        self.offers, self.users, self.gap = offers, users or {"info@example.test": "secret"}, gap
        self.bad = frozenset(bad)
        self.commands: list[str] = []
        self.sent_bytes = 0
        super().__init__(faults, **settings)

    def converse(self, talk: Talk) -> None:
        _Conversation(self, talk).go_on()


class _Conversation:
    """From greeting to LOGOUT."""

    def __init__(self, server: ScriptedImap, talk: Talk) -> None:
        self._server, self._talk = server, talk
        self._folder = server.folder
        self._known = 0  # how many mails the client was told of
        self._tag = b""

    def go_on(self) -> None:
        self._say("* PREAUTH hello" if self._server.strikes("preauth") else "* OK scripted")
        while True:
            self._tag, verb, words = self._command()
            if verb == "UID":
                verb, words = f"UID_{words[0].upper()}", words[1:]
            getattr(self, f"_{verb.lower()}", self._unknown)(words)

    def _command(self) -> tuple[bytes, str, list[str]]:
        line = self._talk.line().rstrip(b"\r\n")
        self._server.commands.append(line.decode("utf-8", "replace"))
        tag, _, rest = line.partition(b" ")
        words = [
            (re.sub(rb"\\(.)", rb"\1", quoted) if quoted or not (listed or atom) else listed or atom).decode()
            for quoted, listed, atom in _WORDS.findall(rest)
        ]
        return tag, words[0].upper(), words[1:]

    def _send(self, data: bytes) -> None:
        self._server.sent_bytes += len(data)
        self._talk.say(data)

    def _say(self, words: str) -> None:
        self._send(words.encode() + b"\r\n")

    def _end(self, words: str = "OK done") -> None:
        self._send(self._tag + b" " + words.encode() + b"\r\n")

    def _bye(self) -> None:
        self._say("* BYE scripted good-bye")
        raise Gone

    def _unknown(self, _: list[str]) -> None:
        self._end("BAD what?")

    # Before a folder is open

    def _capability(self, _: list[str]) -> None:
        offers = list(self._server.offers)
        if self._server.tls is not None and not self._talk.encrypted and not self._server.strikes("no_starttls"):
            offers.append("STARTTLS")
        self._say(f"* CAPABILITY {' '.join(offers)}")
        self._end()

    def _starttls(self, _: list[str]) -> None:
        injected = b"* CAPABILITY IMAP4rev1 EVIL\r\n* 99 EXISTS\r\n"
        self._send(
            self._tag + b" OK begin\r\n" + (injected if self._server.strikes("injected_after_starttls") else b"")
        )
        self._talk.encrypt()

    def _login(self, words: list[str]) -> None:
        self._let_in(words[0], words[1])

    def _authenticate(self, words: list[str]) -> None:
        self._say("+ ")
        told = base64.b64decode(self._talk.line()).decode()
        if words[0].upper() == "XOAUTH2":
            user, _, token = told.partition("\x01auth=Bearer ")
            name, secret = user.removeprefix("user="), token.rstrip("\x01")
            if self._server.users.get(name) != secret:
                self._say("+ eyJzdGF0dXMiOiI0MDAifQ==")
                self._talk.line()
        else:
            _, name, secret = told.split("\0")
        self._let_in(name, secret)

    def _let_in(self, name: str, secret: str) -> None:
        self._server.at("login")
        if self._server.strikes("drop_login"):
            raise Gone
        if self._server.strikes("login_unavailable"):
            self._end("NO [UNAVAILABLE] come back later")
        elif self._server.users.get(name) != secret or self._server.strikes("login_refused"):
            self._end("NO [AUTHENTICATIONFAILED] wrong name or password")
        else:
            self._end("OK welcome")

    def _list(self, words: list[str]) -> None:
        for name in ["INBOX", *self._server.folders]:
            if words[1] in ("*", name):
                self._say(f'* LIST (\\HasNoChildren) "/" "{name}"')
        self._end()

    def _create(self, words: list[str]) -> None:
        self._server.folders[words[0]] = Folder()
        self._end()

    def _subscribe(self, _: list[str]) -> None:
        self._end()

    def _logout(self, _: list[str]) -> None:
        self._say("* BYE")
        self._end()
        raise Gone

    def _noop(self, _: list[str]) -> None:
        self._tell_news()
        self._end()

    def _examine(self, words: list[str]) -> None:
        self._select(words, "READ-ONLY")

    def _select(self, words: list[str], mode: str = "READ-WRITE") -> None:
        self._server.at("select")
        if self._server.strikes("bye_in_select"):
            self._bye()
        folder = self._server.folder if words[0] == "INBOX" else self._server.folders.get(words[0])
        if folder is None or self._server.strikes("select_refused"):
            self._end("NO no such folder")
            return
        self._folder, self._known = folder, len(folder.uids)
        self._say(f"* {self._known} EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen \\Deleted)")
        self._say(f"* OK [UIDVALIDITY {folder.uidvalidity}] ok\r\n* OK [UIDNEXT {folder.uidnext}] ok")
        self._end(f"OK [{mode}] open")

    def _tell_news(self) -> None:
        if len(self._folder.uids) != self._known:
            self._known = len(self._folder.uids)
            self._say(f"* {self._known} EXISTS")

    # In a folder

    def _uid_search(self, words: list[str]) -> None:
        self._server.at("search")
        uids: Iterable[int] = self._folder.uids
        if words[0] == "UID":
            uids, words = self._folder.named(words[1]), words[2:]
        if words and words[0] == "SINCE":
            since = datetime.strptime(words[1], "%d-%b-%Y").replace(tzinfo=UTC)
            uids = [uid for uid in uids if self._folder.received.get(uid, RECEIVED) >= since]
        elif words and words[0] == "HEADER":
            uids = [uid for uid in uids if words[2].encode() in self._bytes(uid)]
        self._say(f"* SEARCH {' '.join(map(str, uids))}")
        self._tell_news()
        self._end()

    def _bytes(self, uid: int) -> bytes:
        body = self._folder.body(uid)
        return body if isinstance(body, bytes) else b""

    def _uid_fetch(self, words: list[str]) -> None:
        server = self._server
        server.at("fetch")
        uids, items = self._folder.named(words[0]), words[1].upper() + " ".join(words[2:]).upper()
        bodies = "BODY.PEEK[]" in items
        bad = bodies and not server.bad.isdisjoint(uids)
        if bad and server.strikes("expunged_before_fetch"):
            self._folder.remove(server.bad)
            uids = [uid for uid in uids if uid not in server.bad]
        if bad and server.strikes("bye_in_fetch"):
            self._bye()
        if bad and server.strikes("drop_fetch"):
            raise Gone
        if bad and server.strikes("silence_in_fetch"):
            server.pause(3600)
        if bad and server.strikes("no_in_fetch"):
            self._end("NO [SERVERBUG] some of them cannot be read")
            return
        if server.strikes("unsolicited_fetch"):
            self._say("* 900 FETCH (FLAGS (\\Seen) UID 999999 BODY[] {5}\r\nwrong)")
            self._say("* 1 FETCH (FLAGS (\\Seen UID 3))")
        for uid in uids:
            self._fetch_one(uid, items, bodies)
        server.at("fetch-done")
        self._tell_news()
        self._end()

    def _fetch_one(self, uid: int, items: str, bodies: bool) -> None:
        server, folder = self._server, self._folder
        bad = uid in server.bad
        words = [f"UID {uid}"]
        if "RFC822.SIZE" in items:
            lie = 17 if bad and server.strikes("lies_about_size") else 0
            words.append(f"RFC822.SIZE {lie or folder.size(uid)}")
        if "INTERNALDATE" in items:
            words.append(f'INTERNALDATE "{folder.received.get(uid, RECEIVED):%d-%b-%Y %H:%M:%S %z}"')
        head = f"* {bisect.bisect_left(folder.uids, uid) + 1} FETCH ({' '.join(words)}"
        if not bodies:
            self._say(f"{head})")
            return
        part = re.search(r"BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?", items)
        assert part is not None
        origin = f"<{part[1]}>" if part[1] else ""
        if bad and server.strikes("nil_body"):
            self._say(f"{head} BODY[]{origin} NIL)")
        elif bad and server.strikes("empty_body"):
            self._say(f"{head} BODY[]{origin} {{0}}\r\n)")
        elif bad and server.strikes("garbled_fetch"):
            self._say(f"{head} BODY[]{origin} (((")
        elif bad and server.strikes("huge_literal"):
            self._say(f"{head} BODY[]{origin} {{2147483648}}")
        else:
            self._literal(f"{head} BODY[]{origin}", uid, int(part[1] or 0), int(part[2] or folder.size(uid)))

    def _literal(self, head: str, uid: int, start: int, length: int) -> None:
        server, body = self._server, self._folder.body(uid)
        blocks = body.part(start, length) if isinstance(body, Virtual) else iter([body[start : start + length]])
        self._say(f"{head} {{{max(0, min(length, self._folder.size(uid) - start))}}}")
        bad = uid in server.bad
        for block in blocks:
            if bad and (start or not isinstance(body, Virtual)) and server.strikes("eof_mid_literal"):
                self._send(block[: len(block) // 2])
                raise Gone
            if bad and server.strikes("drip_in_literal"):
                self._talk.drip(block, server.gap)
            self._send(block)
            server.at("mid-literal")
        self._say(")")

    def _uid_store(self, words: list[str]) -> None:
        self._server.at("store")
        for uid in self._folder.named(words[0]):
            self._folder.flags.setdefault(uid, set()).update(words[2].strip("()").split())
        self._end()

    def _uid_move(self, words: list[str]) -> None:
        self._server.at("move")
        if self._server.strikes("silence_in_move"):
            self._server.pause(3600)
        if self._server.strikes("no_in_move"):
            self._end("NO [OVERQUOTA] the mailbox is full")
            return
        if words[1] not in self._server.folders or self._server.strikes("trycreate"):
            self._end("NO [TRYCREATE] no such folder")
            return
        self._copy(words)
        self._folder.remove(self._folder.named(words[0]))
        self._known = len(self._folder.uids)
        self._end()

    def _uid_copy(self, words: list[str]) -> None:
        self._server.at("copy")
        uids, target = self._folder.named(words[0]), self._copy(words)
        named = ",".join(map(str, uids))
        last = target.uidnext - 1
        self._end(f"OK [COPYUID 9 {named} {last - len(uids) + 1}:{last}] copied" if uids else "OK nothing to copy")

    def _copy(self, words: list[str]) -> Folder:
        target = self._server.folders[words[1]]
        for uid in self._folder.named(words[0]):
            target.add(self._bytes(uid))
        return target

    def _uid_expunge(self, words: list[str]) -> None:
        self._server.at("expunge")
        gone = [uid for uid in self._folder.named(words[0]) if "\\Deleted" in self._folder.flags.get(uid, ())]
        self._folder.remove(gone)
        self._known = len(self._folder.uids)
        self._end()

    def _idle(self, _: list[str]) -> None:
        server = self._server
        if server.strikes("idle_refused"):
            self._end("BAD not now")
            return
        if server.strikes("news_before_idle"):
            self._say(f"* {len(self._folder.uids)} EXISTS")
        self._say("+ idling")
        server.at("idle")
        if server.strikes("bye_in_idle"):
            self._bye()
        if server.strikes("eof_in_idle"):
            raise Gone
        if server.strikes("ok_in_idle"):
            self._say("* OK still here")
        if server.strikes("partial_line_in_idle"):
            self._send(b"* 1 EX")
            server.pause(0.2)
            self._say("ISTS")
        deaf = server.strikes("silence_in_idle")
        while self._talk.quiet():
            if not deaf:
                self._tell_news()
        if deaf:
            server.pause(3600)
        self._talk.line()
        server.at("idle-done")
        self._end()
