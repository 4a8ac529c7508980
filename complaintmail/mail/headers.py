"""A header block, taken apart: names and raw values in order, within limits.

Promises: linear in the size of the block, never raises. A carriage return alone never begins a header; a broken line
among headers is skipped when headers follow it, else the text begins there. More than 100 KB in one header, 1 MB in
all or 2,000 of them are not looked at (the headers that say who wrote to whom still are), and a defect says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

ONE_HEADER = 100 * 1024
ALL_HEADERS = 1024 * 1024
COUNT = 2000

_FIELD = re.compile(rb"([!-9;-~]{1,1000})[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)(?:\n|\Z)")
_WHOLE = re.compile(rb"([!-9;-~]{1,1000}[ \t]*):([^\n]*(?:\n[ \t][^\n]*)*(?:\n|\Z))")
_LONG_NAME = re.compile(rb"[!-9;-~\x80-\xff]+:|[ \t]")
_ESSENTIAL = re.compile(rb"(?:^|\n)(?:from|subject|date|to|message-id|mime-version|content-type)[ \t]*:", re.I)
_KEPT = frozenset(
    """from sender reply-to to cc subject date message-id in-reply-to references return-path delivered-to auto-submitted
    precedence content-type content-transfer-encoding content-disposition mime-version""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Block:
    """Headers as (lower-case name, unfolded raw value) in order; `end` is where the body begins."""

    fields: tuple[tuple[str, bytes], ...]
    end: int
    defects: tuple[str, ...] = ()

    def first(self, name: str) -> bytes | None:
        for key, value in self.fields:
            if key == name:
                return value
        return None

    def all(self, name: str) -> list[bytes]:
        return [value for key, value in self.fields if key == name]


def split(raw: bytes, start: int = 0, stop: int | None = None) -> Block:
    """The header block that begins at `start` of `raw`."""
    stop = len(raw) if stop is None else stop
    end, body = _end_of(raw, start, stop)
    defects: list[str] = []
    if end - start > ALL_HEADERS:
        defects.append("headers-too-long")
        end = start + ALL_HEADERS
    block = raw[start:end]
    return _all_well(block, body) or _fields(block, body, start, defects)


def _end_of(raw: bytes, start: int, stop: int) -> tuple[int, int]:
    """Where the headers end and where the body begins."""
    if raw.startswith(b"\n", start, stop):
        return start, start + 1
    if raw.startswith(b"\r\n", start, stop):
        return start, start + 2
    # The empty line of the mail's own kind is looked for first, for the other kind only before it: looking for what is
    # not there costs as much as the mail is long.
    first = raw.find(b"\n", start, stop)
    kinds = (b"\n\r\n", b"\n\n") if raw.startswith(b"\r", first - 1) else (b"\n\n", b"\n\r\n")
    end, size = stop, 0
    for empty_line in kinds:
        found = raw.find(empty_line, start, min(end + 1, stop))
        if found >= 0:
            end, size = found, len(empty_line)
    return (end + 1, end + size) if size else (stop, stop)


def _all_well(block: bytes, body: int) -> Block | None:
    """The usual case, quickly: nothing but headers of usual size. None when it is not that."""
    if len(block) > ONE_HEADER:
        return None
    found = _WHOLE.findall(block)
    if len(found) > COUNT or sum(len(name) + len(value) + 1 for name, value in found) != len(block):
        return None
    fields = [(_name(name), _unfolded(value) if b"\n" in value[:-1] else value.strip()) for name, value in found]
    return Block(tuple(fields), body)


@lru_cache(maxsize=1024)
def _name(written: bytes) -> str:
    return written.strip().lower().decode("ascii")


def _unfolded(value: bytes) -> bytes:
    return b" ".join([line.strip(b" \t\r") for line in value.split(b"\n")]).strip()


def _fields(block: bytes, body: int, start: int, defects: list[str]) -> Block:
    fields: list[tuple[str, bytes]] = []
    at, length, cut = 0, len(block), 0
    while at < length:
        field = _FIELD.match(block, at)
        if field is None:
            line_end = block.find(b"\n", at)
            line_end = length if line_end < 0 else line_end + 1
            if block[at:line_end].strip() and not block.startswith((b"From ", b">From "), at):
                long_name = bool(fields) and _LONG_NAME.match(block, at) is not None
                if not long_name and not _goes_on(block, line_end, fields):
                    defects.append("no-blank-line-after-headers" if fields else "no-headers")
                    return Block(tuple(fields), start + at, tuple(defects))
                if "broken-header-line" not in defects:
                    defects.append("broken-header-line")
            at = line_end
            continue
        at = field.end()
        name = field[1].decode("ascii").lower()
        value = field[2]
        if len(value) > ONE_HEADER:
            value = value[:ONE_HEADER]
            if "header-too-long" not in defects:
                defects.append("header-too-long")
        if b"\n" in value:
            value = _unfolded(value)
        if len(fields) < COUNT:
            fields.append((name, value.strip()))
        elif name in _KEPT and cut < COUNT:
            fields.append((name, value.strip()))
            cut += 1
        elif "too-many-headers" not in defects:
            defects.append("too-many-headers")
    return Block(tuple(fields), body, tuple(defects))


def _goes_on(block: bytes, at: int, fields: list[tuple[str, bytes]]) -> bool:
    """After a line that is no header: do more headers follow before the block ends, or is it text already?"""
    if fields and all(name != "from" for name, _ in fields) and _ESSENTIAL.search(block, max(at - 1, 0), at + 4096):
        return True  # some program lost the blanks that fold a header, and who wrote has yet to come
    following = _FIELD.match(block, at)
    if following is None:
        return False
    name = following[1].lower()
    known = name.decode("ascii") in _KEPT or name.startswith((b"x-", b"received", b"list-", b"mime-", b"content-"))
    return known or (bool(fields) and b"-" in name and at < len(block))
