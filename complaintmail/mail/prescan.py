"""A first look at a mail's bytes: may it be read here and now, or is it better read by a process that can be killed?

Promises: a few counts over the bytes, linear, some 10 µs for an ordinary mail; never raises. `odd` gives the reason why
a mail is not tame, or None. It errs towards care: all but one in thousands of real mails is tame.
"""

from __future__ import annotations

LARGEST = 12 * 1024 * 1024
HEADERS = 48 * 1024
LINES = 400
WORDS = 300
PARENTHESES = 300
QUOTES = 600
MULTIPARTS = 40
ATTACHED_MAILS = 25
BOUNDARIES = 1500
ANGLES = 25_000


def odd(raw: bytes) -> str | None:
    """Why this mail is not read in this process; None when it is tame."""
    if len(raw) > LARGEST:
        return "large"
    end = _end_of_headers(raw)
    if end > HEADERS or (end == len(raw) and end > 4096 and raw.count(b"\n", 0, 4096) < 4):
        return "long headers"
    head = raw[:end]
    if head.count(b"\n") > LINES:
        return "many header lines"
    if head.count(b"=?") > WORDS:
        return "many encoded words"
    if head.count(b"(") > PARENTHESES:
        return "many parentheses"
    if head.count(b'"') > QUOTES:
        return "many quotation marks"
    if head.count(b"\0"):
        return "zero bytes in the headers"
    boundaries = raw.count(b"\n--")
    if boundaries > BOUNDARIES:
        return "many boundaries"
    if raw.count(b"<") > ANGLES:
        return "much markup"
    # Each multipart needs a boundary, and each attached mail its number: where those are few there is nothing to find.
    if boundaries > MULTIPARTS and raw.lower().count(b"multipart/") > MULTIPARTS:
        return "deeply nested"
    if raw.count(b"822") > ATTACHED_MAILS and raw.lower().count(b"message/rfc822") > ATTACHED_MAILS:
        return "many attached mails"
    return None


def _end_of_headers(raw: bytes) -> int:
    """The end of the last header's line, or of the mail; the empty line of the mail's own kind is looked for first."""
    first = raw.find(b"\n")
    kinds = (b"\n\r\n", b"\n\n") if raw.startswith(b"\r", first - 1) else (b"\n\n", b"\n\r\n")
    end = len(raw)
    for empty_line in kinds:
        found = raw.find(empty_line, 0, end)
        end = found if found >= 0 else end
    return end
