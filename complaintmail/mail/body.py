"""Which of a mail's leaves are its text, as a mail client shows it, and what that text is.

Promises: `body_of` never raises; plain text is preferred where the same is there as HTML, several pieces are joined in
order, and an attached mail adds nothing. What is not text is named as attachment. At most 1 MB of text is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from complaintmail.mail.charsets import clean_text, decode
from complaintmail.mail.flowed import unflow
from complaintmail.mail.html import texts
from complaintmail.mail.parts import Part, Walk
from complaintmail.mail.transfer import uu_files

MOST_TEXT = 1024 * 1024

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_:.-]{2,40})", re.I)
_FILLER = re.compile(r"multi-?part|mime", re.I)
_STUB = re.compile(r"\bhtml\b", re.I)
_REPORTED = ("message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
             "message/global-disposition-notification", "message/feedback-report")  # fmt: skip


@dataclass(slots=True)
class Piece:
    """One stretch of text: what it says, and what its writer added where HTML tells."""

    text: str
    new: str | None = None
    is_html: bool = False


@dataclass(slots=True)
class Body:
    pieces: list[Piece] = field(default_factory=list)
    attached: list[Part] = field(default_factory=list)
    inline_files: list[tuple[str, bytes]] = field(default_factory=list)  # uuencoded in the text
    defects: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return _joined([piece.text for piece in self.pieces])

    @property
    def marked_new(self) -> str | None:
        """The text without what HTML marks as quotation; None when nothing is marked."""
        if all(piece.new is None for piece in self.pieces):
            return None
        return _joined([piece.text if piece.new is None else piece.new for piece in self.pieces])


def body_of(walk: Walk, forwarded: bool = False) -> Body:
    """The text and the attachments of a walked mail."""
    body = Body()
    chosen = _chosen(walk)
    room = MOST_TEXT
    for leaf in walk.leaves:
        if leaf.index not in chosen:
            if leaf.type not in _REPORTED and not _is_alternative_text(leaf):
                body.attached.append(leaf)
            continue
        if room <= 0:
            body.defects.append("text-too-long")
            continue
        piece = _piece(leaf, body, forwarded, room)
        room -= len(piece.text)
        if piece.text.strip():
            body.pieces.append(piece)
    return body


def _chosen(walk: Walk) -> set[int]:
    """The numbers of the leaves that are text to be shown."""
    chosen: set[int] = set()
    refused: set[int] = set()
    for leaf in walk.leaves:
        if leaf.index in refused or not _may_be_text(leaf):
            continue
        alternative = _alternative_over(leaf)
        if alternative is None:
            chosen.add(leaf.index)
            continue
        texts_there = [one for one in walk.leaves if _may_be_text(one) and _within(one, alternative)]
        best = _best(alternative, texts_there)
        chosen.update(part.index for part in best)
        refused.update(part.index for part in texts_there)
    return chosen


def _best(alternative: Part, leaves: list[Part]) -> list[Part]:
    """The branch of a multipart/alternative to read: plain text unless it is empty or only says to look elsewhere."""
    branches: list[list[Part]] = []
    for child in alternative.children:
        inside = [leaf for leaf in leaves if leaf is child or _within(leaf, child)]
        if inside:
            branches.append(inside)
    plain = [b for b in branches if all(leaf.type != "text/html" for leaf in b)]
    other = [b for b in branches if any(leaf.type == "text/html" for leaf in b)]
    for branch in plain:
        content = b"".join(leaf.content()[:2000] for leaf in branch).strip(b" \t\r\n\xa0\xc2")
        if not content:
            continue
        if other and len(content) < 300 and _STUB.search(content.decode("latin-1")):
            continue  # 'This mail needs an HTML viewer'
        return branch
    for branch in other:
        if any(leaf.content().strip() for leaf in branch):
            return branch
    return plain[0] if plain else []


def _may_be_text(leaf: Part) -> bool:
    if leaf.disposition == "attachment":
        return False
    if leaf.type not in ("text/plain", "text/html"):
        return leaf.type in ("text/enriched", "text/richtext", "text/x-markdown", "text/markdown") and not _named(leaf)
    parent = leaf.parent
    if parent is not None and parent.type == "multipart/related" and parent.children[0] is not leaf:
        return not (leaf.content_id or leaf.location or _named(leaf))
    if not _named(leaf):
        return True
    # A name on the text itself is some software's habit; further named texts are files.
    return leaf.disposition != "attachment" and _first_text(leaf)


def _named(leaf: Part) -> bool:
    return bool(leaf.disposition_params.get("filename") or leaf.params.get("name"))


def _first_text(leaf: Part) -> bool:
    """Does this leaf stand where the text of a mail stands: alone, or first in everything that holds it?"""
    node = leaf
    while node.parent is not None:
        parent = node.parent
        if parent.type == "multipart/alternative":
            return all(child.type != leaf.type or child is node for child in parent.children)
        if parent.children[0] is not node:
            return False
        node = parent
    return leaf.disposition != "inline" or leaf.parent is None


def _alternative_over(leaf: Part) -> Part | None:
    """The outermost multipart/alternative that holds this leaf."""
    found: Part | None = None
    node = leaf.parent
    while node is not None:
        if node.type == "multipart/alternative":
            found = node
        node = node.parent
    return found


def _within(leaf: Part, holder: Part) -> bool:
    node = leaf.parent
    while node is not None:
        if node is holder:
            return True
        node = node.parent
    return False


def _is_alternative_text(leaf: Part) -> bool:
    """The same text in another dress, which nobody would call an attachment."""
    parent = leaf.parent
    if leaf.type not in ("text/plain", "text/html", "text/enriched", "text/x-amp-html", "text/watch-html"):
        return False
    return leaf.disposition != "attachment" and not _named(leaf) and _alternative_over(leaf) is not None and (
        parent is not None and not (parent.type == "multipart/related" and leaf.content_id)
    )  # fmt: skip


def _piece(leaf: Part, body: Body, forwarded: bool, room: int) -> Piece:
    raw = leaf.content()
    if len(raw) > MOST_TEXT:
        raw = raw[:MOST_TEXT]
        body.defects.append("text-too-long")
    if leaf.type == "text/html":
        return _html_piece(leaf, raw, body, forwarded, room)
    if b"begin" in raw and (files := uu_files(raw)):
        for name, content, begin, end in reversed(files):
            raw = raw[:begin] + raw[end:]
            body.inline_files.insert(0, (decode(name, leaf.params.get("charset"))[0], content))
    text, defect = decode(raw, leaf.params.get("charset"))
    if defect:
        body.defects.append(defect)
    text = clean_text(text)
    if leaf.type in ("text/enriched", "text/richtext"):
        text = re.sub(r"<[a-zA-Z/-]{1,60}>", "", text)
    elif leaf.params.get("format", "").lower() == "flowed":
        text = unflow(text, leaf.params.get("delsp", "").lower() == "yes")
    if not leaf.declared and leaf.parent is None and text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        whole, new = texts(text, forwarded=forwarded)
        return Piece(whole[:room], new, True)
    return Piece(text[:room])


def _html_piece(leaf: Part, raw: bytes, body: Body, forwarded: bool, room: int) -> Piece:
    charset = leaf.params.get("charset")
    if not charset and (meta := _META_CHARSET.search(raw, 0, 4096)):
        charset = meta[1].decode("ascii")
    html, defect = decode(raw, charset)
    if defect:
        body.defects.append(defect)
    whole, new = texts(html, forwarded=forwarded)
    return Piece(whole[:room], new if new is None else new[:room], True)


def _joined(pieces: list[str]) -> str:
    if len(pieces) == 1:
        return pieces[0]
    return "\n\n".join(piece.strip("\n") for piece in pieces if piece.strip()) if pieces else ""


def preamble(walk: Walk) -> str:
    """What stands before the first part, where a mail has text nowhere else."""
    root = walk.root
    if not root.children:
        return ""
    boundary = b"--" + root.params.get("boundary", "").encode("utf-8", "replace")
    end = root.buffer.find(boundary, root.start, root.end)
    raw = root.buffer[root.start : end if end >= 0 else root.start][:MOST_TEXT].strip()
    text = clean_text(decode(raw, root.params.get("charset"))[0])
    return "" if len(text) < 300 and _FILLER.search(text) else text
