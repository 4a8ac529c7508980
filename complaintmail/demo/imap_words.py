"""The words of IMAP: a command's line taken apart, sets of numbers, and strings as they are sent back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Word = str | bytes | list["Word"]  # an atom; a string, quoted or literal; a list in parentheses
_SET = re.compile(r"(?:\d+|\*)(?::(?:\d+|\*))?(?:,(?:\d+|\*)(?::(?:\d+|\*))?)*")
_LITERAL = re.compile(rb"\{(\d+)(\+?)\}$")


class Misspelt(Exception):
    """What came is no IMAP; the text says what was wrong."""


def literal_at_end(line: bytes) -> tuple[int, bool] | None:
    """How many bytes follow this line, and whether they come without being asked for."""
    found = _LITERAL.search(line)
    return (int(found[1]), bool(found[2])) if found else None


@dataclass(slots=True)
class Words:
    """A command's bytes, its literals taken out and handed in beside it (where one stood is `{n}` and a NUL)."""

    text: bytes
    literals: list[bytes]
    at: int = 0

    def all(self) -> list[Word]:
        words, _ = self._until(b"")
        return words

    def _until(self, end: bytes) -> tuple[list[Word], int]:
        words: list[Word] = []
        while True:
            while self.text[self.at : self.at + 1] == b" ":
                self.at += 1
            sign = self.text[self.at : self.at + 1]
            if sign == end:
                self.at += 1
                return words, self.at
            if not sign:
                raise Misspelt("a parenthesis is not closed")
            words.append(self._one(sign))

    def _one(self, sign: bytes) -> Word:
        if sign == b"(":
            self.at += 1
            return self._until(b")")[0]
        if sign == b'"':
            return self._quoted()
        if sign == b"\x00":
            self.at += 1
            return self.literals.pop(0)
        if sign == b")":
            raise Misspelt("a parenthesis is closed that was never opened")
        return self._atom()

    def _quoted(self) -> bytes:
        found = re.compile(rb'"((?:[^"\\]|\\.)*)"').match(self.text, self.at)
        if found is None:
            raise Misspelt("a quotation is not closed")
        self.at = found.end()
        return re.sub(rb"\\(.)", rb"\1", found[1])

    def _atom(self) -> str:
        """Up to a space or parenthesis; what stands in brackets, as in BODY[HEADER.FIELDS (DATE)], belongs to it."""
        found = re.compile(rb'(?:[^\s()\[\]"\x00]+|\[[^\]]*\])+').match(self.text, self.at)
        if found is None:
            raise Misspelt("a word cannot be read")
        self.at = found.end()
        return found[0].decode("utf-8", "replace")


def text_of(word: Word) -> str:
    """An atom or string as text."""
    if isinstance(word, list):
        raise Misspelt("a list stands where a word should")
    return word if isinstance(word, str) else word.decode("utf-8", "replace")


def is_set(word: Word) -> bool:
    return isinstance(word, str) and _SET.fullmatch(word) is not None


def named(word: Word, numbers: Sequence[int]) -> list[int]:
    """Those of `numbers`, which ascend, that a set like 3:5,9,12:* names; `*` is the last."""
    if not is_set(word):
        raise Misspelt("a set of numbers cannot be read")
    last = numbers[-1] if numbers else 0
    found: set[int] = set()
    for part in text_of(word).split(","):
        ends = [last if end == "*" else int(end) for end in part.split(":")]
        low, high = min(ends), max(ends)
        found.update(number for number in numbers if low <= number <= high)
    return sorted(found)


def string(value: bytes | str | None) -> bytes:
    """NIL, a quoted string, or a literal where a quoted string cannot hold it."""
    if value is None:
        return b"NIL"
    raw = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
    if raw.isascii() and not re.search(rb"[\x00-\x1f\x7f]", raw) and len(raw) < 900:
        return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    return literal(raw)


def literal(raw: bytes) -> bytes:
    return b"{%d}\r\n" % len(raw) + raw
