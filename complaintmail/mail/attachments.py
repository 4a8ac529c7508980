"""What hangs on a mail: names fit to be shown, types, sizes, digests.

Promises: a name is at most 120 characters, one line, without controls, zero-width or bidirectional characters, path
separators or leading dots, and never meant as a path. `attachment_bytes` gives the content of the attachment with that
number, however the mail was sent.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter

from complaintmail.mail import headers
from complaintmail.mail.body import Body, body_of
from complaintmail.mail.charsets import clean_line
from complaintmail.mail.message import Attachment
from complaintmail.mail.parts import Part, Walk, walk
from complaintmail.mail.words import decode_header, decode_words

LONGEST_NAME = 120

_INVISIBLE = re.compile("[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2060-\u206f\u3164\ufeff\uffa0"
                        "\ufff9-\uffff\U000e0000-\U000e0fff\ufe00-\ufe0f]")  # fmt: skip
_NAME_IN_ID = re.compile(
    r"([A-Za-z0-9_. -]{1,60}\.(?:jpe?g|png|gif|bmp|tiff?|pdf|docx?|xlsx?|txt|mov|mp4|heic))(?:@|$)", re.I
)
_SEPARATORS = re.compile(r'[/\\:*?"<>|]+')
_EXTENSIONS = {
    "image/jpeg": "jpg", "image/jpg": "jpg", "image/heic": "heic", "image/bmp": "bmp", "image/tiff": "tif",
    "video/quicktime": "mov", "video/mp4": "mp4", "audio/mpeg": "mp3", "audio/wav": "wav", "text/x-vcard": "vcf",
    "image/png": "png", "image/gif": "gif", "application/pdf": "pdf", "text/calendar": "ics",
    "message/rfc822": "eml", "message/global": "eml", "application/ms-tnef": "dat", "text/html": "html",
    "text/plain": "txt", "application/pgp-signature": "asc", "application/pkcs7-signature": "p7s",
    "application/x-pkcs7-signature": "p7s", "application/pkcs7-mime": "p7m", "application/x-pkcs7-mime": "p7m",
    "text/vcard": "vcf", "text/csv": "csv", "application/zip": "zip",
    "text/rfc822-headers": "txt",
}  # fmt: skip
_WELL_KNOWN = {
    "text/calendar": "invite.ics", "application/ms-tnef": "winmail.dat", "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m", "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s", "application/pgp-signature": "signature.asc",
}  # fmt: skip


def display_name(name: str) -> str:
    """A file name as it may be shown; '' when nothing showable is left."""
    name = _INVISIBLE.sub("", clean_line(name))
    name = _SEPARATORS.split(name.rstrip("/\\"))[-1] if "/" in name or "\\" in name else name
    name = " ".join(_SEPARATORS.sub("_", name).split()).lstrip(". ").rstrip(" ")
    if len(name) > LONGEST_NAME:
        stem, dot, extension = name.rpartition(".")
        if dot and len(extension) <= 10:
            name = stem[: LONGEST_NAME - len(extension) - 1] + "." + extension
        else:
            name = name[:LONGEST_NAME]
    return name


def attachments_of(found: Walk, body: Body) -> tuple[Attachment, ...]:
    """The attachments in the order in which they stand; files that stood in the text come last."""
    made_up: Counter[str] = Counter()
    listed = [_attachment(leaf, made_up) for leaf in body.attached if leaf.content() or _written_name(leaf)]
    for number, (name, content) in enumerate(body.inline_files):
        shown = display_name(name) or f"file-{number + 1}"
        digest = hashlib.sha256(content).hexdigest()
        listed.append(Attachment(shown, "application/octet-stream", len(content), len(found.leaves) + number, digest))
    return tuple(listed)


def attachment_bytes(raw: bytes, index: int) -> bytes:
    """The decoded content of the attachment with that index; b'' when the mail has none."""
    found = walk(raw, headers.split(raw))
    if 0 <= index < len(found.leaves):
        return found.leaves[index].content()
    files = body_of(found).inline_files
    number = index - len(found.leaves)
    return files[number][1] if 0 <= number < len(files) else b""


def _attachment(leaf: Part, made_up: Counter[str]) -> Attachment:
    content = leaf.content()
    kind = leaf.type
    name = display_name(_written_name(leaf))
    if not name and kind.startswith("message/"):
        name = _subject_of(content)
    if name.lower() == "winmail.dat" or kind in ("application/vnd.ms-tnef", "application/x-tnef"):
        kind = "application/ms-tnef"
    if not name:
        name = _WELL_KNOWN.get(kind) or _made_up(leaf, kind, made_up)
    size, digest = leaf.measured or (len(content), hashlib.sha256(content).hexdigest())
    return Attachment(name, clean_line(kind)[:100], size, leaf.index, digest)


def _made_up(leaf: Part, kind: str, made_up: Counter[str]) -> str:
    """A name for what has none: from its Content-ID where that is one ('image001.png@01D9…'), else from its type."""
    from_id = _NAME_IN_ID.match(leaf.content_id)
    if from_id:
        return display_name(from_id[1])
    stem = {"application": "file", "text": "document"}.get(kind.partition("/")[0], kind.partition("/")[0]) or "file"
    name = display_name(stem)[:20] or "file"
    number = made_up[name]
    made_up[name] += 1
    return f"{name}{number or ''}.{_EXTENSIONS.get(kind, 'bin')}"


def _written_name(leaf: Part) -> str:
    """The name as its sender wrote it, decoded, whatever it may hold."""
    name = leaf.disposition_params.get("filename") or leaf.params.get("name") or leaf.params.get("filename") or ""
    if not name:
        name = leaf.disposition_params.get("name") or ""
    return decode_words(name) if "=?" in name else name


def _subject_of(content: bytes) -> str:
    """An attached mail without a name goes by its subject."""
    subject = headers.split(content[:65536]).first("subject")
    name = display_name(decode_header(subject).replace("/", "_").replace("\\", "_")) if subject else ""
    return f"{name[: LONGEST_NAME - 4]}.eml" if name else "message.eml"
