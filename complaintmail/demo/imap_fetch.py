"""What FETCH answers for one mail."""

from __future__ import annotations

import re
from dataclasses import dataclass

from complaintmail.demo.imap_words import Misspelt, Word, literal, text_of
from complaintmail.demo.mime_parts import Part, at_path, envelope, split, structure, take_apart
from complaintmail.demo.postroom import Mail

_MACROS = {
    "FAST": ("FLAGS", "INTERNALDATE", "RFC822.SIZE"),
    "ALL": ("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"),
    "FULL": ("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"),
}
_OLD_WORDS = {"RFC822": "BODY[]", "RFC822.HEADER": "BODY.PEEK[HEADER]", "RFC822.TEXT": "BODY[TEXT]"}
_BODY = re.compile(r"BODY(\.PEEK)?\[(.*)\](?:<(\d+)(?:\.(\d+))?>)?", re.IGNORECASE | re.DOTALL)
_SECTION = re.compile(
    r"((?:\d+\.)*\d+)?\.?(HEADER\.FIELDS\.NOT|HEADER\.FIELDS|HEADER|TEXT|MIME)?\s*(?:\((.*)\))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The items of one FETCH."""

    items: tuple[str, ...]

    @classmethod
    def of(cls, word: Word, uid: bool) -> Wanted:
        named = [text_of(one) for one in word] if isinstance(word, list) else [text_of(word)]
        items: list[str] = ["UID"] if uid else []
        for name in named:
            for item in _MACROS.get(name.upper(), (name,)):
                if item.upper() != "UID" or "UID" not in items:
                    items.append(item)
        return cls(tuple(items))

    @property
    def marks_read(self) -> bool:
        return any(
            (found := _BODY.fullmatch(_OLD_WORDS.get(item.upper(), item))) and not found[1] for item in self.items
        )


def answer(mail: Mail, number: int, wanted: Wanted) -> bytes:
    """One whole `* n FETCH (…)` line."""
    words = [_item(mail, item) for item in wanted.items]
    return b"* %d FETCH (%b)\r\n" % (number, b" ".join(words))


def flags_of(mail: Mail) -> bytes:
    return b"FLAGS (%b)" % " ".join(sorted(mail.flags)).encode()


def _item(mail: Mail, item: str) -> bytes:
    name = item.upper()
    match name:
        case "UID":
            return b"UID %d" % mail.uid
        case "FLAGS":
            return flags_of(mail)
        case "INTERNALDATE":
            return f'INTERNALDATE "{mail.received_at:%d-%b-%Y %H:%M:%S %z}"'.encode()
        case "RFC822.SIZE":
            return b"RFC822.SIZE %d" % len(mail.raw)
        case "ENVELOPE":
            return b"ENVELOPE " + envelope(take_apart(mail.raw).fields)
        case "BODYSTRUCTURE" | "BODY":
            return name.encode() + b" " + structure(take_apart(mail.raw), name == "BODYSTRUCTURE")
    found = _BODY.fullmatch(_OLD_WORDS.get(name, item))
    if found is None:
        raise Misspelt(f"{item} cannot be fetched")
    section = _section(mail.raw, found[2])
    said = name if name in _OLD_WORDS else f"BODY[{found[2]}]"
    if found[3] is not None:
        start = int(found[3])
        section = section[start : start + int(found[4])] if found[4] else section[start:]
        said += f"<{start}>"
    return said.encode() + b" " + literal(section)


def _section(raw: bytes, words: str) -> bytes:
    if not words:
        return raw
    found = _SECTION.fullmatch(words)
    if found is None:
        raise Misspelt(f"there is no section {words}")
    path = [int(number) for number in found[1].split(".")] if found[1] else []
    what = (found[2] or "").upper()
    if not path and what in ("HEADER", "TEXT"):
        return split(raw)[what == "TEXT"]
    part = at_path(take_apart(raw), path)
    if part is None:
        return b""
    return _of_part(part, path, what, (found[3] or "").lower().split())


def _of_part(part: Part, path: list[int], what: str, names: list[str]) -> bytes:
    if what == "":
        return part.body
    if what == "MIME":
        return part.header
    if path:
        if not part.is_message:
            return b""
        part = part.children[0]
    if what == "TEXT":
        return part.body
    if what == "HEADER":
        return part.header
    return _fields(part.header, {name.strip('"') for name in names}, keep=what == "HEADER.FIELDS")


def _fields(header: bytes, names: set[str], *, keep: bool) -> bytes:
    fields = re.findall(rb"[^\r\n][^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", header)
    kept = [field for field in fields if (field.split(b":")[0].strip().decode("latin-1").lower() in names) == keep]
    return b"".join(kept) + b"\r\n"
