"""A mail of any size, made small: one pass over its lines that keeps what is read and measures what is only listed.

Promises: memory stays under some 12 MB plus one part's text, whatever the size; time is linear. Headers and text stay
as they are; of another leaf larger than 256 KB only the beginning stays, and its decoded size and sha256 are measured
on the way, so that reading what is left gives the same Message. Never raises for what a mail contains.
"""

from __future__ import annotations

import binascii
import hashlib
from dataclasses import dataclass, field
from typing import BinaryIO

from complaintmail.mail import headers
from complaintmail.mail.parameters import read_parameters
from complaintmail.mail.parts import LEVELS
from complaintmail.mail.transfer import normal_encoding, uu_line

STRAIGHT = 2 * 1024 * 1024  # mail up to this size is read as it is
LARGE_LEAF = 256 * 1024
KEPT_HEAD = 8 * 1024
KEPT_MAIL = 64 * 1024
KEPT_TEXT = 3_300_000  # quoted-printable may need three bytes for one of the 1 MB of text that is read
KEPT_IN_ALL = 8 * 1024 * 1024
_KEPT_HEADERS = headers.ALL_HEADERS + 1024
_PIECE = 64 * 1024
_NOT_LETTERS = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)  # fmt: skip


_TEXTS = frozenset(("", "text/plain", "text/html", "text/enriched", "text/richtext"))
_BY_LINE = frozenset(("quoted-printable", "x-uuencode", "uuencode", "uue", "x-uue"))


@dataclass(frozen=True, slots=True)
class Skimmed:
    """`raw` is the small mail; `measured` tells, by where a body begins in it, size and sha256 of the whole body."""

    raw: bytes
    size: int
    sha256: str
    measured: dict[int, tuple[int, str]] = field(default_factory=dict)


def skim(source: BinaryIO) -> Skimmed:
    """Read `source` to its end."""
    return _Skim().over(source)


class _Leaf:
    """The content of one leaf, decoded and measured as it goes by."""

    def __init__(self, encoding: str, limit: int, is_text: bool, head: int = KEPT_HEAD) -> None:
        self.encoding = encoding
        self.limit = limit
        self.head = head
        self.is_text = is_text
        self.kept = bytearray()
        self.whole = True  # all of it is in `kept`
        self.size = 0
        self.digest = hashlib.sha256()
        self.letters = b""
        self.line = b""

    def add(self, piece: bytes) -> None:
        if self.whole and len(self.kept) + len(piece) > self.limit:
            self.whole = False
            if not self.is_text:
                self._measure(bytes(self.kept))
                del self.kept[self.head :]
        if self.whole:
            self.kept += piece
        elif not self.is_text:
            self._measure(piece)

    def _measure(self, piece: bytes) -> None:
        if self.encoding == "base64":
            letters = self.letters + piece.translate(None, _NOT_LETTERS)
            even = len(letters) // 4 * 4
            self.letters = letters[even:]
            decoded = binascii.a2b_base64(letters[:even])
        elif self.encoding in _BY_LINE:
            lines = self.line + piece
            cut = lines.rfind(b"\n") + 1 or (len(lines) if len(lines) > _PIECE else 0)
            self.line = lines[cut:]
            decoded = self._lines(lines[:cut])
        else:
            decoded = piece
        self.size += len(decoded)
        self.digest.update(decoded)

    def _lines(self, lines: bytes) -> bytes:
        if self.encoding == "quoted-printable":
            return binascii.a2b_qp(lines)
        decoded = [
            uu_line(line.rstrip(b"\r")) for line in lines.split(b"\n") if not line.startswith((b"begin ", b"end"))
        ]
        return b"".join(piece for piece in decoded if piece)

    def finish(self) -> tuple[int, str]:
        rest = b""
        if self.encoding == "base64" and len(self.letters) > 1:
            rest = binascii.a2b_base64(self.letters + b"=" * (4 - len(self.letters)))
        elif self.encoding in _BY_LINE:
            rest = self._lines(self.line)
        self.size += len(rest)
        self.digest.update(rest)
        return self.size, self.digest.hexdigest()


class _Skim:
    def __init__(self) -> None:
        self.out = bytearray()
        self.measured: dict[int, tuple[int, str]] = {}
        self.boundaries: list[bytes] = []  # the outermost first: it wins, as in `mail.parts`
        self.block: bytearray | None = bytearray()  # the header block being read
        self.leaf: _Leaf | None = None
        self.between = 0  # bytes kept of a preamble or epilogue
        self.held = b""  # the line break that may belong to a boundary

    def over(self, source: BinaryIO) -> Skimmed:
        digest = hashlib.sha256()
        size = 0
        at_line_start = True
        while piece := source.readline(_PIECE):
            digest.update(piece)
            size += len(piece)
            if at_line_start and piece.startswith(b"--") and self._is_boundary(piece):
                continue
            self._take(piece, at_line_start)
            at_line_start = piece.endswith(b"\n")
        self._end_part(False)
        return Skimmed(bytes(self.out), size, digest.hexdigest(), self.measured)

    def _is_boundary(self, line: bytes) -> bool:
        mark = line.rstrip(b" \t\r\n")
        for level, boundary in enumerate(self.boundaries):
            opens = mark == boundary
            if opens or mark == boundary + b"--":
                self._end_part(True)
                del self.boundaries[level + 1 :]
                self.out += line
                self.between = 0
                self.block = bytearray() if opens else None
                return True
        return False

    def _take(self, piece: bytes, at_line_start: bool) -> None:
        if self.block is not None:
            if len(self.block) < _KEPT_HEADERS:
                self.block += piece
            if at_line_start and piece in (b"\n", b"\r\n"):
                if len(self.block) >= _KEPT_HEADERS:
                    self.block += b"\n" + piece
                self._begin_body(bytes(self.block))
            return
        if self.leaf is None:
            if self.between < _PIECE:
                self.out += piece
                self.between += len(piece)
            return
        piece = self.held + piece
        self.held = b""
        for ending in (b"\r\n", b"\n"):
            if piece.endswith(ending):
                piece, self.held = piece[: -len(ending)], ending
                break
        if piece:
            self.leaf.add(piece)

    def _begin_body(self, raw: bytes) -> None:
        """The headers of a part are over: is it a container, text, or something to be measured?"""
        self.out += raw
        self.block = None
        block = headers.split(raw)
        kind, params = read_parameters(block.first("content-type"))
        encoding = normal_encoding(block.first("content-transfer-encoding"))
        boundary = params.get("boundary", "").encode("utf-8", "replace")
        encoded = encoding in ("base64", "quoted-printable", "x-uuencode", "uuencode")
        if kind.startswith("multipart/") and boundary and not encoded and len(self.boundaries) < LEVELS:
            self.boundaries.append(b"--" + boundary)
            self.between = 0
            return
        disposition, _ = read_parameters(block.first("content-disposition"))
        is_text = (kind in _TEXTS or kind.startswith("multipart/")) and disposition != "attachment"
        if is_text and len(self.out) < KEPT_IN_ALL:
            self.leaf = _Leaf(encoding, KEPT_TEXT, True)
        elif len(self.out) < KEPT_IN_ALL:
            # Of an attached mail the headers are wanted: it goes by its subject, and reports are read from it.
            self.leaf = _Leaf(encoding, LARGE_LEAF, False, KEPT_MAIL if kind.startswith("message/") else KEPT_HEAD)
        else:
            self.leaf = _Leaf(encoding, KEPT_HEAD, False)

    def _end_part(self, at_boundary: bool) -> None:
        if self.block is not None:
            self.out += self.block  # a part that is nothing but headers, or a mail that has no body
            self.block = None
        leaf, self.leaf = self.leaf, None
        if leaf is not None:
            if self.held and not at_boundary:
                leaf.add(self.held)
                self.held = b""
            if not leaf.whole and not leaf.is_text:
                self.measured[len(self.out)] = leaf.finish()
            self.out += leaf.kept
        self.out += self.held
        self.held = b""
