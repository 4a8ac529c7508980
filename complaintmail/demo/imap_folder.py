"""One folder as one IMAP client sees it: numbered, and renumbered only when it may be told so."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

from complaintmail.demo.imap_fetch import Wanted, answer, flags_of
from complaintmail.demo.imap_search import question
from complaintmail.demo.imap_words import Misspelt, Word, named, text_of
from complaintmail.demo.postroom import Folder, Mail

_FLAGS = "\\Answered \\Flagged \\Deleted \\Seen \\Draft"


class Open:
    """A folder that a conversation has selected. `changed` is set when there may be news."""

    def __init__(self, folder: Folder, writable: bool) -> None:
        self.folder, self.writable = folder, writable
        self.changed = asyncio.Event()
        self._uids: list[int] = sorted(folder.mails)  # in the order in which the client counts them
        self._told: dict[int, frozenset[str]] = {uid: mail.flags for uid, mail in folder.mails.items()}
        folder.watchers.add(self.changed.set)

    def close(self) -> None:
        self.folder.watchers.discard(self.changed.set)

    def opening(self) -> bytes:
        folder = self.folder
        lines = [
            f"* {len(self._uids)} EXISTS",
            "* 0 RECENT",
            f"* FLAGS ({_FLAGS})",
            f"* OK [PERMANENTFLAGS ({_FLAGS} \\*)] flags",
            f"* OK [UIDVALIDITY {folder.uidvalidity}] numbers hold",
            f"* OK [UIDNEXT {folder.uidnext}] next number",
        ]
        return "".join(f"{line}\r\n" for line in lines).encode()

    def news(self) -> bytes:
        """What changed since last told: mails gone, mails come, flags changed."""
        self.changed.clear()
        mails, told = self.folder.mails, []
        for number in range(len(self._uids), 0, -1):
            uid = self._uids[number - 1]
            if uid not in mails:
                del self._uids[number - 1], self._told[uid]
                told.append(b"* %d EXPUNGE\r\n" % number)
        last = self._uids[-1] if self._uids else 0
        come = sorted(uid for uid in mails if uid > last)
        if come:
            self._uids += come
            self._told |= {uid: mails[uid].flags for uid in come}
            told.append(b"* %d EXISTS\r\n" % len(self._uids))
        for number, uid in enumerate(self._uids, 1):
            if self._told[uid] != mails[uid].flags:
                self._told[uid] = mails[uid].flags
                told.append(b"* %d FETCH (UID %d %b)\r\n" % (number, uid, flags_of(mails[uid])))
        return b"".join(told)

    def named(self, word: Word, uid: bool) -> list[tuple[int, Mail]]:
        """The mails that a set names, with their numbers; those that are gone meanwhile are passed over."""
        numbers = range(1, len(self._uids) + 1)
        if uid:
            wanted = set(named(word, self._uids))
            chosen = [number for number in numbers if self._uids[number - 1] in wanted]
        else:
            chosen = named(word, numbers)
        there = self.folder.mails
        return [(n, there[self._uids[n - 1]]) for n in chosen if self._uids[n - 1] in there]

    def fetch(self, mails: Sequence[tuple[int, Mail]], items: Word, uid: bool) -> bytes:
        wanted = Wanted.of(items, uid)
        read = [mail for _, mail in mails if "\\Seen" not in mail.flags] if wanted.marks_read and self.writable else []
        for mail in read:
            mail.flags |= {"\\Seen"}
        told = b"".join(answer(mail, number, wanted) for number, mail in mails)
        if read:
            self.folder.changed()
        return told

    def store(self, mails: Sequence[tuple[int, Mail]], how: str, words: Sequence[Word], uid: bool) -> bytes:
        listed = words[0] if words and isinstance(words[0], list) else words
        flags = frozenset(map(text_of, listed))
        verb = how.removesuffix(".SILENT")
        if verb not in ("FLAGS", "+FLAGS", "-FLAGS"):
            raise Misspelt(f"{how} cannot be stored")
        told = []
        for number, mail in mails:
            mail.flags = mail.flags | flags if verb == "+FLAGS" else mail.flags - flags if verb == "-FLAGS" else flags
            self._told[mail.uid] = mail.flags
            if verb == how:
                told.append(answer(mail, number, Wanted.of(["FLAGS"], uid)))
        self.folder.changed()
        return b"".join(told)

    def search(self, words: Sequence[Word], uid: bool) -> list[int]:
        numbers = range(1, len(self._uids) + 1)
        asked = question(words, numbers, self._uids)
        there = self.folder.mails
        found = [number for number in numbers if (one := there.get(self._uids[number - 1])) and asked(one, number)]
        return [self._uids[number - 1] for number in found] if uid else found

    def copy(self, mails: Sequence[tuple[int, Mail]], target: Folder, *, move: bool) -> str | None:
        """The COPYUID of it; None when there was nothing to copy."""
        pairs = [(mail.uid, target.add(mail.raw, mail.received_at, mail.flags).uid) for _, mail in mails]
        if move:
            self.folder.remove([mail.uid for _, mail in mails])
        if not pairs:
            return None
        old, new = (",".join(map(str, side)) for side in zip(*pairs, strict=True))
        return f"[COPYUID {target.uidvalidity} {old} {new}]"

    def expunge(self, mails: Collection[tuple[int, Mail]] | None) -> None:
        """Those marked deleted; of `mails`, or of all."""
        among = [mail for _, mail in mails] if mails is not None else list(self.folder.mails.values())
        self.folder.remove([mail.uid for mail in among if "\\Deleted" in mail.flags])
