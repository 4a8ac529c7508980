"""The tree of a mail's parts, found without recursion and without ever looking inside an attached mail.

Promises: `walk` takes any bytes and never raises. At most 100 levels and 1,000 leaves; what lies beyond is left in one
piece and a defect says so. Leaves are numbered in the order in which they stand, which is how attachments are found
again. A multipart without its boundary is searched for one, and is text when it has none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from complaintmail.mail import headers
from complaintmail.mail.opaque import signed_content
from complaintmail.mail.parameters import read_parameters
from complaintmail.mail.transfer import normal_encoding, undo

NOTHING: Mapping[int, tuple[int, str]] = MappingProxyType({})
LEVELS = 100
LEAVES = 1000

_ENVELOPES = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_GUESSED = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?\n(?=content-[a-z-]+[ \t]*:)", re.I | re.M)


@dataclass(slots=True)
class Part:
    """One node: its type and parameters, where its body lies in `buffer`, and its children or its number as a leaf."""

    type: str
    params: dict[str, str]
    disposition: str
    disposition_params: dict[str, str]
    encoding: str
    content_id: str
    location: str
    buffer: bytes
    start: int
    end: int
    depth: int
    parent: Part | None = None
    declared: bool = True  # a Content-Type was there
    children: list[Part] = field(default_factory=list)
    index: int = -1
    defects: list[str] = field(default_factory=list)
    decoded: bytes | None = None
    measured: tuple[int, str] | None = None  # size and sha256 of a content that is not here: see `mail.skim`

    @property
    def body(self) -> bytes:
        return self.buffer[self.start : self.end]

    def content(self) -> bytes:
        """The decoded bytes of a leaf, decoded once."""
        if self.decoded is None:
            self.decoded, defect = undo(self.body, self.encoding)
            if defect and self.measured is None:
                self.defects.append(defect)
        return self.decoded


@dataclass(slots=True)
class Walk:
    root: Part
    leaves: list[Part]
    defects: list[str]
    cut: bool = False  # limits were met: not all of the mail was looked at


def walk(raw: bytes, block: headers.Block, measured: Mapping[int, tuple[int, str]] = NOTHING) -> Walk:
    """All parts of a mail whose own headers are `block`. `measured`: by where its body begins, the size and sha256 of
    the whole of a leaf of which only the beginning is there."""
    root = _part(block, raw, len(raw), 0, "text/plain")
    found = Walk(root, [], [])
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if part.type.startswith("multipart/") and not _opened(part, found):
            continue
        if part.type in _ENVELOPES and part.depth < LEVELS:
            _open_envelope(part)
        if part.children:
            waiting.extend(reversed(part.children))
        elif len(found.leaves) < LEAVES:
            part.index = len(found.leaves)
            part.measured = measured.get(part.start) if measured and part.buffer is raw else None
            found.leaves.append(part)
        else:
            found.cut = True
            if "too-many-parts" not in found.defects:
                found.defects.append("too-many-parts")
    return found


def _part(block: headers.Block, buffer: bytes, end: int, depth: int, unsaid: str) -> Part:
    kind, params = read_parameters(block.first("content-type"))
    disposition, disposition_params = read_parameters(block.first("content-disposition"))
    declared = bool(kind)
    if "/" not in kind:
        kind = {"text": "text/plain", "html": "text/html"}.get(kind, unsaid)
    content_id = block.first("content-id") or b""
    location = block.first("content-location") or b""
    return Part(
        type=kind,
        params=params,
        disposition=disposition,
        disposition_params=disposition_params,
        encoding=normal_encoding(block.first("content-transfer-encoding")),
        content_id=content_id.decode("ascii", "replace").strip("<> \t")[:200],
        location=location.decode("ascii", "replace").strip()[:500],
        buffer=buffer,
        start=min(block.end, end),
        end=end,
        depth=depth,
        declared=declared,
        defects=list(block.defects),
    )


def _opened(part: Part, found: Walk) -> bool:
    """Give a multipart its children. False when it has none and is empty; without a boundary it becomes a leaf."""
    if part.depth >= LEVELS:
        found.cut = True
        found.defects.append("nested-too-deep")
        part.type = "application/octet-stream"
        return True
    if part.encoding in ("base64", "quoted-printable", "x-uuencode", "uuencode"):
        _decode_container(part, found)
    boundary = part.params.get("boundary", "").encode("utf-8", "replace")
    slices = _slices(part, boundary) if boundary else []
    if not slices and boundary:
        slices = _slices(part, boundary, exact=False)
    if not slices:
        guess = _GUESSED.search(part.buffer, part.start, part.end)
        if guess:
            found.defects.append("boundary-guessed")
            slices = _slices(part, guess[1])
    if not slices:
        found.defects.append("boundary-missing")
        part.type = "text/plain"
        part.encoding = ""
        return True
    unsaid = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
    room = LEAVES - len(found.leaves)
    if len(slices) > room:
        found.cut = True
        if "too-many-parts" not in found.defects:
            found.defects.append("too-many-parts")
        slices = slices[:room]
    for start, end in slices:
        block = headers.split(part.buffer, start, end)
        child = _part(block, part.buffer, end, part.depth + 1, unsaid)
        child.parent = part
        part.children.append(child)
    return bool(part.children)


def _open_envelope(part: Part) -> None:
    """A mail signed in one piece: what was signed is its only child."""
    if part.params.get("smime-type", "signed-data").lower() != "signed-data":
        return
    inner = signed_content(part.content())
    if inner:
        child = _part(headers.split(inner), inner, len(inner), part.depth + 1, "text/plain")
        child.parent = part
        part.children.append(child)
        part.decoded = None


def _decode_container(part: Part, found: Walk) -> None:
    """A multipart may not be encoded, but some are."""
    content, defect = undo(part.body, part.encoding)
    if defect is None:
        found.defects.append("encoded-multipart")
        part.buffer, part.start, part.end = content, 0, len(content)
    part.encoding = ""


def _slices(part: Part, boundary: bytes, exact: bool = True) -> list[tuple[int, int]]:
    """Where each child begins and ends. A line '--boundary' with nothing but blanks after it separates them; unless
    `exact`, so does a line that goes on after it, which the letter of the standard allows and nobody writes."""
    buffer, stop = part.buffer, part.end
    mark = b"--" + boundary
    size = len(mark)
    slices: list[tuple[int, int]] = []
    begun = -1
    at = part.start
    while len(slices) <= LEAVES:
        at = buffer.find(mark, at, stop)
        if at < 0:
            break
        if at > part.start and buffer[at - 1] != 10:
            at += size
            continue
        line_end = buffer.find(b"\n", at + size, stop)
        line_end = stop if line_end < 0 else line_end
        after = buffer[at + size : min(line_end, at + size + 200)].strip(b" \t\r")
        if not exact:
            after = after[:2] if after[:2] == b"--" else b""
        if after not in (b"", b"--"):
            at += size
            continue
        if begun >= 0:
            slices.append((begun, _before(buffer, at, begun)))
        if after == b"--":
            begun = -1
            if buffer.find(b"\n" + mark, line_end, stop) < 0:
                break
            at = line_end  # closed, and yet more follows: some software closes after each part
            continue
        begun = min(line_end + 1, stop)
        at = begun
    if begun >= 0 and begun < stop and len(slices) <= LEAVES:
        slices.append((begun, stop))
        part.defects.append("boundary-not-closed")
    return slices


def _before(buffer: bytes, at: int, begun: int) -> int:
    """The line break before a boundary belongs to the boundary."""
    if at > begun and buffer[at - 1] == 10:
        at -= 1
    if at > begun and buffer[at - 1] == 13:
        at -= 1
    return max(at, begun)
