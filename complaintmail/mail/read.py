"""Bytes to a `Message`.

Owns the order in which a mail is understood: headers, addresses, parts, text, attachments, the writer's own words, its
origin. Promises: total — any bytes at all give a Message, never an exception; what is odd stands in `defects`, and why
a mail could not be read at all in `error`. Time and memory are near linear in the size of the mail; mail that is made
to be otherwise is looked for beforehand by `gateways.reader`, which is how the daemon reads.
"""

from __future__ import annotations

import dataclasses
import email
import hashlib
from collections.abc import Collection
from email.message import Message as Tree
from pathlib import Path

from complaintmail.mail import headers, robots
from complaintmail.mail.attachments import attachments_of
from complaintmail.mail.automatic import origin
from complaintmail.mail.body import Body, body_of, preamble
from complaintmail.mail.bounce import receipt_for
from complaintmail.mail.heading import Heading, heading_of
from complaintmail.mail.languages import FORWARD_SUBJECTS
from complaintmail.mail.message import Attachment, Message
from complaintmail.mail.parts import Walk, walk
from complaintmail.mail.reply import new_text
from complaintmail.mail.report_parts import report_of
from complaintmail.mail.second_reading import read_again
from complaintmail.mail.skim import STRAIGHT, Skimmed, skim

MOST_DEFECTS = 50
SALVAGED = 64 * 1024
_LARGEST_TREE = 256 * 1024
_DEEPEST_TREE = 20


def read(raw: bytes, *, forms: Collection[str] = frozenset(), sha256: str | None = None) -> Message:
    """What this mail says. `forms`: addresses (lower case) of websites that pass on what a person typed. `sha256`: the
    hash of these bytes, where it is known; of a mail with photos it is a good part of all the work."""
    try:
        return _read(raw, forms, sha256=sha256)
    except Exception as fault:  # a mail that we cannot read is still a mail that somebody sent
        return salvage(raw, f"reading failed ({type(fault).__name__})")


def read_file(path: Path, *, forms: Collection[str] = frozenset()) -> Message:
    """What the mail in this file says: the same as `read`, of a mail of any size in little memory."""
    with path.open("rb") as source:
        if path.stat().st_size <= STRAIGHT:
            return read(source.read(), forms=forms)
        skimmed = skim(source)
    return read_skimmed(skimmed, forms=forms)


def read_skimmed(skimmed: Skimmed, *, forms: Collection[str] = frozenset()) -> Message:
    try:
        return _read(skimmed.raw, forms, skimmed)
    except Exception as fault:  # as above
        return salvage(skimmed.raw, f"reading failed ({type(fault).__name__})", skimmed)


def _read(raw: bytes, forms: Collection[str], skimmed: Skimmed | None = None, sha256: str | None = None) -> Message:
    size = len(raw) if skimmed is None else skimmed.size
    digest = sha256 or (hashlib.sha256(raw).hexdigest() if skimmed is None else skimmed.sha256)
    content = _with_line_feeds(raw)
    block = headers.split(content)
    said = heading_of(block)
    found = walk(content, block) if skimmed is None else walk(content, block, skimmed.measured)
    body = body_of(found, said.subject.lower().startswith(FORWARD_SUBJECTS))
    text = body.text
    attachments = attachments_of(found, body)
    if not text and not attachments:
        text = preamble(found)
    again = read_again(block.fields, said.from_)
    marked = body.marked_new
    hashed = _body_hash(text, attachments)
    defects = [*block.defects, *said.defects, *again.defects, *_body_defects(found, body)]
    if content is not raw:
        defects.append("lines-end-in-cr")
    message = _message(
        said,
        sha256=digest,
        size=size,
        date=again.date,
        text=text,
        new_text=new_text(text if marked is None else marked, said.subject),
        attachments=attachments,
        body_hash=hashed,
        identity=_identity(said, hashed),
        defects=tuple(dict.fromkeys(defects))[:MOST_DEFECTS],
    )
    report = report_of(found, text)
    if report is not None and (about := receipt_for(report)) and about not in message.references:
        message = dataclasses.replace(message, references=(*message.references, about))
    tree = _tree(content, found) if report is not None or _may_be_returned(said) else None
    # Nobody else has it yet, and a copy of its thirty fields costs as much as the answer itself.
    object.__setattr__(message, "origin", origin(message, report, tree, forms))
    return message


def salvage(raw: bytes, why: str, skimmed: Skimmed | None = None) -> Message:
    """What can be had of a mail that could not be read: who, when, what about; no text. Never raises. `skimmed` tells
    size and sha256 of the mail where `raw` is only its beginning."""
    size, digest = (len(raw), hashlib.sha256(raw).hexdigest()) if skimmed is None else (skimmed.size, skimmed.sha256)
    try:
        block = headers.split(raw[:SALVAGED])
        said = heading_of(dataclasses.replace(block, fields=block.fields[:200]))
        again = read_again(block.fields[:200], said.from_)
    except Exception:  # even its headers: then it is bytes, and a person's to look at
        return Message(sha256=digest, size=size, error=why, body_hash=digest, identity=digest)
    return _message(
        said,
        sha256=digest,
        size=size,
        date=again.date,
        body_hash=digest,
        identity=_identity(said, digest),
        defects=tuple(dict.fromkeys((*block.defects, *said.defects, "not-read")))[:MOST_DEFECTS],
        error=why,
    )


def _message(said: Heading, **rest: object) -> Message:
    values = {name: getattr(said, name) for name in Heading.__slots__ if name != "defects"}
    return Message(**values, **rest)  # type: ignore[arg-type]


def _with_line_feeds(raw: bytes) -> bytes:
    """Mail whose lines end in CR alone (old Macintoshes, broken scripts) gets LF; a CR in other mail is no line end."""
    if b"\n" in raw[:4000] or b"\r" not in raw[:4000] or b"\n" in raw:
        return raw
    return raw.replace(b"\r", b"\n")


def _body_hash(text: str, attachments: tuple[Attachment, ...]) -> str:
    """Over what was written and attached, whatever encoding, wrapping or trailing space it travelled with."""
    content = hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace"))
    for attachment in attachments:
        content.update(b"\0" + attachment.sha256.encode("ascii"))
    return content.hexdigest()


def _identity(said: Heading, hashed: str) -> str:
    sender = ",".join(sorted({address.key for address in said.from_ if address.address}))
    date = next((value for name, value in said.headers if name == "date"), "")
    return hashlib.sha256(
        "\0".join((said.message_id or "", sender, date, hashed)).encode("utf-8", "replace")
    ).hexdigest()


def _body_defects(found: Walk, body: Body) -> list[str]:
    defects = [*found.defects, *body.defects]
    for leaf in found.leaves:
        defects += leaf.defects
    if found.cut:
        defects.append("not-fully-read")
    return defects


def _may_be_returned(said: Heading) -> bool:
    """Does it look like a server's own mail? Only then is it worth building what the reader of odd bounces wants."""
    if said.return_path == "" or robots.BOUNCE_SUBJECT.match(said.subject):
        return True
    return any(robots.DAEMONS.match(sender.address.partition("@")[0].lower()) for sender in said.from_)


def _tree(content: bytes, found: Walk) -> Tree | None:
    if len(content) > _LARGEST_TREE or found.cut or any(leaf.depth > _DEEPEST_TREE for leaf in found.leaves):
        return None
    if content.count(b"message/rfc822") > _DEEPEST_TREE or content.lower().count(b"multipart/") > _DEEPEST_TREE:
        return None
    try:
        return email.message_from_bytes(content)
    except Exception:  # the standard parser is not total
        return None
