"""A small IMAP server over a `PostRoom`: enough of RFC 3501, IDLE, MOVE, UIDPLUS and SPECIAL-USE for mail programs.

One `Conversation` for each connection. Answers are written line by line, whole. What cannot be understood is a BAD,
and the conversation goes on; a client that goes away in the middle costs nobody else anything.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable

from complaintmail.demo.imap_folder import Open
from complaintmail.demo.imap_line import ImapLine
from complaintmail.demo.imap_words import Misspelt, Word, string, text_of
from complaintmail.demo.postroom import SPECIAL, Account, Folder, PostRoom

OFFERS = "IMAP4rev1 IDLE MOVE UIDPLUS NAMESPACE SPECIAL-USE UNSELECT LITERAL+ SASL-IR ID AUTH=PLAIN"
_WITHOUT_LOGIN = {"CAPABILITY", "NOOP", "LOGOUT", "ID", "LOGIN", "AUTHENTICATE"}
_IN_A_FOLDER = {"CHECK", "CLOSE", "UNSELECT", "EXPUNGE", "SEARCH", "FETCH", "STORE", "COPY", "MOVE", "UID"}


class Refused(Exception):
    """A NO, in the words of the answer."""


class Conversation:
    """From greeting to LOGOUT."""

    def __init__(self, room: PostRoom, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._room, self._line = room, ImapLine(reader, writer)
        self._account: Account | None = None
        self._open: Open | None = None
        self._tag = ""

    async def go_on(self) -> None:
        self._line.say(f"* OK [CAPABILITY {OFFERS}] the embedded mail server of complaintmail's demonstration")
        try:
            while await self._one_command():
                await self._line.flush()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # the client is gone, or speaks no IMAP at all
        finally:
            self._leave()

    async def _one_command(self) -> bool:
        words = await self._line.command()
        self._tag = "*"
        try:
            tag, verb, *rest = words.all()
            self._tag, name = text_of(tag), text_of(verb).upper()
            if name == "LOGOUT":
                self._line.say("* BYE good-bye")
                self._end("OK that was all")
                await self._line.flush()
                return False
            said = await self._verb(name)(rest)
            if self._open is not None and name not in ("FETCH", "STORE", "SEARCH"):  # RFC 3501, 7.4.1
                self._line.send(self._open.news())
            self._end(f"OK {said or f'{name} done'}")
        except Refused as no:
            self._end(f"NO {no}")
        except (Misspelt, IndexError, ValueError, RecursionError) as wrong:
            self._end(f"BAD {str(wrong) or 'a word is missing'}".replace("\r", " ").replace("\n", " "))
        return True

    def _verb(self, name: str) -> Callable[[list[Word]], Awaitable[str | None]]:
        does: Callable[[list[Word]], Awaitable[str | None]] | None = getattr(self, f"_do_{name.lower()}", None)
        if does is None or not name.isalpha():
            raise Misspelt(f"{name} is not known here")
        if name not in _WITHOUT_LOGIN and self._account is None:
            raise Misspelt("log in first")
        if name in _IN_A_FOLDER and self._open is None:
            raise Misspelt("open a folder first")
        return does

    def _end(self, words: str) -> None:
        self._line.say(f"{self._tag} {words}")

    def _leave(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    # Before and after log-in

    async def _do_capability(self, _: list[Word]) -> None:
        self._line.say(f"* CAPABILITY {OFFERS}")

    async def _do_id(self, _: list[Word]) -> None:
        self._line.say('* ID ("name" "complaintmail demo")')

    async def _do_noop(self, _: list[Word]) -> None:
        pass  # news is told after every command

    async def _do_login(self, words: list[Word]) -> str:
        return self._log_in(text_of(words[0]), text_of(words[1]))

    async def _do_authenticate(self, words: list[Word]) -> str:
        if text_of(words[0]).upper() != "PLAIN":
            raise Refused("only PLAIN is offered")
        if len(words) > 1:
            told = text_of(words[1]).encode()
        else:
            await self._line.ask()
            told = await self._line.line()
        try:
            _, name, password = base64.b64decode(told).decode().split("\0")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            raise Misspelt("PLAIN cannot be read") from None
        return self._log_in(name, password)

    def _log_in(self, name: str, password: str) -> str:
        account = self._room.log_in(name, password)
        if account is None:
            raise Refused("[AUTHENTICATIONFAILED] wrong name or password")
        self._leave()
        self._account = account
        return f"[CAPABILITY {OFFERS}] welcome"

    # Folders

    @property
    def _mine(self) -> Account:
        assert self._account is not None
        return self._account

    def _folder(self, word: Word, code: str = "") -> Folder:
        folder = self._mine.folder(text_of(word))
        if folder is None:
            raise Refused(f"{code}there is no folder of that name")
        return folder

    async def _do_namespace(self, _: list[Word]) -> None:
        self._line.say('* NAMESPACE (("" "/")) NIL NIL')

    async def _do_list(self, words: list[Word], kind: str = "LIST") -> None:
        if isinstance(words[0], list):
            words = words[1:]  # LIST (SPECIAL-USE) "" "*": all are told, with their uses
        names = self._mine.folders if kind == "LIST" else sorted(self._mine.subscribed)
        pattern = text_of(words[0]) + text_of(words[1])
        if not pattern:
            self._line.say(f'* {kind} (\\Noselect) "/" ""')
        for name in names:
            if _fits(name, pattern):
                use = f" {SPECIAL[name]}" if name in SPECIAL and kind == "LIST" else ""
                self._line.send(f'* {kind} (\\HasNoChildren{use}) "/" '.encode() + string(name) + b"\r\n")

    async def _do_lsub(self, words: list[Word]) -> None:
        await self._do_list(words, "LSUB")

    async def _do_subscribe(self, words: list[Word]) -> None:
        self._mine.subscribed.add(self._folder(words[0]).name)

    async def _do_unsubscribe(self, words: list[Word]) -> None:
        self._mine.subscribed.discard(text_of(words[0]))

    async def _do_create(self, words: list[Word]) -> None:
        name = text_of(words[0]).rstrip("/")
        if not name or self._mine.folder(name) is not None:
            raise Refused("[ALREADYEXISTS] it is there already")
        self._mine.make(name)

    async def _do_delete(self, words: list[Word]) -> None:
        folder = self._folder(words[0])
        if folder.name == "INBOX":
            raise Refused("the inbox stays")
        del self._mine.folders[folder.name]

    async def _do_rename(self, words: list[Word]) -> None:
        folder, name = self._folder(words[0]), text_of(words[1])
        if folder.name == "INBOX" or self._mine.folder(name) is not None:
            raise Refused("that cannot be renamed so")
        self._mine.folders[name] = self._mine.folders.pop(folder.name)
        folder.name = name

    async def _do_status(self, words: list[Word]) -> None:
        folder, items = self._folder(words[0]), words[1]
        if not isinstance(items, list):
            raise Misspelt("the items of STATUS stand in parentheses")
        unseen = sum("\\Seen" not in mail.flags for mail in folder.mails.values())
        figures = {
            "MESSAGES": len(folder.mails),
            "RECENT": 0,
            "UIDNEXT": folder.uidnext,
            "UIDVALIDITY": folder.uidvalidity,
            "UNSEEN": unseen,
        }
        told = " ".join(f"{name} {figures[name]}" for item in items if (name := text_of(item).upper()) in figures)
        self._line.send(b"* STATUS " + string(folder.name) + f" ({told})\r\n".encode())

    async def _do_append(self, words: list[Word]) -> str:
        folder = self._folder(words[0], "[TRYCREATE] ")
        flags = next((one for one in words[1:-1] if isinstance(one, list)), [])
        if not isinstance(words[-1], bytes):
            raise Misspelt("APPEND lacks its mail")
        mail = folder.add(words[-1], self._room.clock.now(), map(text_of, flags))
        return f"[APPENDUID {folder.uidvalidity} {mail.uid}] kept"

    # In a folder

    async def _do_select(self, words: list[Word], writable: bool = True) -> str:
        self._leave()
        self._open = Open(self._folder(words[0]), writable)
        self._line.send(self._open.opening())
        return f"[{'READ-WRITE' if writable else 'READ-ONLY'}] open"

    async def _do_examine(self, words: list[Word]) -> str:
        return await self._do_select(words, writable=False)

    async def _do_unselect(self, _: list[Word]) -> None:
        self._leave()

    async def _do_close(self, _: list[Word]) -> None:
        assert self._open is not None
        if self._open.writable:
            self._open.expunge(None)
        self._leave()

    async def _do_check(self, _: list[Word]) -> None:
        pass

    async def _do_idle(self, _: list[Word]) -> None:
        await self._line.ask("idling")
        done = asyncio.ensure_future(self._line.line())
        try:
            while not done.done():
                changed = asyncio.ensure_future(self._open.changed.wait() if self._open else asyncio.sleep(3600))
                await asyncio.wait({done, changed}, return_when=asyncio.FIRST_COMPLETED)
                changed.cancel()
                if self._open is not None and not done.done():
                    self._line.send(self._open.news())
                    await self._line.flush()
        finally:
            done.cancel()
        if (await done).upper() != b"DONE":
            raise Misspelt("DONE ends an IDLE")

    async def _do_uid(self, words: list[Word]) -> str | None:
        name = text_of(words[0]).upper()
        if name not in ("FETCH", "STORE", "SEARCH", "COPY", "MOVE", "EXPUNGE"):
            raise Misspelt(f"UID {name} is not known here")
        return self._in_folder(name, words[1:], uid=True)

    async def _do_fetch(self, words: list[Word]) -> str | None:
        return self._in_folder("FETCH", words)

    async def _do_store(self, words: list[Word]) -> str | None:
        return self._in_folder("STORE", words)

    async def _do_search(self, words: list[Word]) -> str | None:
        return self._in_folder("SEARCH", words)

    async def _do_copy(self, words: list[Word]) -> str | None:
        return self._in_folder("COPY", words)

    async def _do_move(self, words: list[Word]) -> str | None:
        return self._in_folder("MOVE", words)

    async def _do_expunge(self, words: list[Word]) -> str | None:
        return self._in_folder("EXPUNGE", words)

    def _in_folder(self, name: str, words: list[Word], uid: bool = False) -> str | None:
        at = self._open
        assert at is not None
        if name in ("STORE", "MOVE", "EXPUNGE") and not at.writable:
            raise Refused("[READ-ONLY] the folder is open for reading")
        match name:
            case "FETCH":
                self._line.send(at.fetch(at.named(words[0], uid), words[1], uid))
            case "STORE":
                self._line.send(at.store(at.named(words[0], uid), text_of(words[1]).upper(), words[2:], uid))
            case "SEARCH":
                self._line.say(" ".join(["* SEARCH", *map(str, at.search(words, uid))]))
            case "EXPUNGE":
                at.expunge(at.named(words[0], True) if uid else None)
            case _:
                copied = at.copy(at.named(words[0], uid), self._folder(words[1], "[TRYCREATE] "), move=name == "MOVE")
                if name == "COPY" or not copied:
                    return copied and f"{copied} copied"
                self._line.say(f"* OK {copied} moved")
        return None


def _fits(name: str, pattern: str) -> bool:
    """`*` stands for anything, `%` for anything within one level."""
    if not pattern:
        return not name
    if pattern[0] in "*%":
        return any(
            _fits(name[at:], pattern[1:]) for at in range(len(name) + 1) if pattern[0] == "*" or "/" not in name[:at]
        )
    same = name[:1] == pattern[0] or (name.upper() == "INBOX" and name[:1].upper() == pattern[0].upper())
    return same and _fits(name[1:], pattern[1:])
