"""Content-Transfer-Encoding undone, also where it is broken.

Promises: linear, never raises; what cannot be decoded comes back as it was sent, with the name of a defect.
"""

from __future__ import annotations

import binascii
import re

_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"))
_PADS = re.compile(rb"(=)=*")
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? +[0-7]{3,4} +([^\r\n]{1,255})\r?$", re.M)


def undo(body: bytes, encoding: str) -> tuple[bytes, str | None]:
    """The decoded bytes of a body sent under this Content-Transfer-Encoding (lower case), and the defect, if any."""
    if encoding in ("", "7bit", "8bit", "binary"):
        return body, None
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body), None
    if encoding == "base64":
        return undo_base64(body)
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        found = uu_files(body)
        return (found[0][1], None) if found else (body, "transfer-encoding-broken")
    return body, "transfer-encoding-unknown"


def normal_encoding(written: bytes | None) -> str:
    """The encoding named in a header: '8 bit', '"base64"', 'Quoted-Printable;' and the like made plain."""
    if not written:
        return ""
    name = written.decode("ascii", "replace").strip().lower()
    if name in ("7bit", "8bit", "base64", "quoted-printable"):
        return name
    name = re.split(r"[;(,]", name, maxsplit=1)[0].strip(" \t\"'").replace(" ", "")
    return {"quotedprintable": "quoted-printable", "quoted_printable": "quoted-printable", "b": "base64"}.get(
        name, name
    )


def undo_base64(body: bytes) -> tuple[bytes, str | None]:
    """Base64 with line breaks lost, padding missing, several runs after each other, or text in its place."""
    foreign = len(body) - len(body.translate(None, _NOT_BASE64))
    pad = body.find(b"=")
    rest = body[pad:].strip(b"= \t\r\n") if pad >= 0 else b""
    if not foreign and not rest:
        try:
            return binascii.a2b_base64(body), None
        except binascii.Error:
            return _unpadded(body), "base64-broken"
    if foreign * 10 > len(body):
        return body, "base64-broken"  # it is text, whatever the header says
    return _runs(body), "base64-broken"


def _runs(body: bytes) -> bytes:
    """Each padded run by itself; a line with spaces or foreign characters in it is text that someone appended."""
    decoded: list[bytes] = []
    run: list[bytes] = []
    for line in body.splitlines(keepends=True):
        bare = line.strip()
        if bare.startswith(b"--"):
            continue  # a boundary that belongs to nothing
        if b" " in bare and bare.translate(None, _NOT_BASE64) != bare:
            decoded.append(_unpadded(b"".join(run)))
            run = []
            decoded.append(line)
            continue
        for piece in _PADS.split(bare.translate(None, _NOT_BASE64)):
            if piece == b"=":
                decoded.append(_unpadded(b"".join(run)))
                run = []
            else:
                run.append(piece)
    decoded.append(_unpadded(b"".join(run)))
    return b"".join(decoded)


def _unpadded(run: bytes) -> bytes:
    letters = run.translate(None, _NOT_BASE64 + b"= \t\r\n")
    if len(letters) % 4 == 1:
        letters = letters[:-1]  # one letter is no byte
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def uu_files(body: bytes, most: int = 50) -> list[tuple[bytes, bytes, int, int]]:
    """The uuencoded files in a text: name, content, and where they begin and end in it."""
    found: list[tuple[bytes, bytes, int, int]] = []
    at = 0
    while len(found) < most:
        begin = _UU_BEGIN.search(body, at)
        if begin is None:
            break
        content, end = _uu_content(body, begin.end() + 1, begin[0].startswith(b"begin-base64"))
        if end < 0:
            at = begin.end()
            continue
        found.append((begin[1].strip(), content, begin.start(), end))
        at = end
    return found


def _uu_content(body: bytes, at: int, base64: bool) -> tuple[bytes, int]:
    """Decoded lines from `at` on, and where the file ends: -1 when this is no uuencoded file after all."""
    decoded: list[bytes] = []
    length = len(body)
    while at < length:
        stop = body.find(b"\n", at)
        stop = length if stop < 0 else stop
        line = body[at:stop].rstrip(b"\r")
        at = min(stop + 1, length)
        if line.strip() in (b"end", b"===="):
            return b"".join(decoded), at
        if base64:
            decoded.append(_unpadded(line))
            continue
        piece = uu_line(line)
        if piece is None:
            # Text after a cut file; with nothing decoded it never was one ('begin 2 nd chapter').
            return (b"".join(decoded), at - len(line) - 1) if len(decoded) > 1 else (b"", -1)
        decoded.append(piece)
    return (b"".join(decoded), length) if decoded else (b"", -1)


def uu_line(line: bytes) -> bytes | None:
    """One uuencoded line, decoded; None when it is none."""
    if not line.strip(b" `"):
        return b""
    count = (line[0] - 32) & 63
    needed = (count * 4 + 2) // 3
    letters = line[1:]
    if not 32 <= line[0] <= 96 or len(letters) > needed + 8 or len(letters) + 4 < needed - 60:
        return None
    try:
        return binascii.a2b_uu(line[:1] + letters[:needed].ljust(needed))
    except binascii.Error:
        return None
