"""The mail that somebody passed on: who wrote it, when, and what.

Owns finding it: attached, or in the text below a mail program's mark or a block of headers. Promises: the first such
mail, whole; nothing is guessed (no address written: None; no zone written: wall time); a quotation below an answer is
no forward. Linear time, never fails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from complaintmail.mail.attachments import attachment_bytes
from complaintmail.mail.languages import FORWARD, FORWARD_BY, FORWARD_SUBJECTS
from complaintmail.mail.message import Attachment, Automatic, Message
from complaintmail.mail.quotation import LONGEST_MARK, header_block, header_role
from complaintmail.mail.read import read
from complaintmail.mail.reply import new_text
from complaintmail.mail.written_dates import written_date

LONGEST_SUBJECT = 1000

_ADDRESS = re.compile(r"(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_MAILTO = re.compile(r"[<\[(]\s?mailto:[^>\])]{0,300}[>\])]", re.I)
_FROM_MUTT = re.compile(r"\bfrom\s+(?P<who>.{1,200}?)\s*[-_=*~]+\s*$", re.I)
_END = re.compile(r"^[-_=*~ ]{3,}\s*end (?:of )?(?:the )?forward(?:ed)? (?:message|mail)\s*[-_=*~ ]*$", re.I)


@dataclass(frozen=True, slots=True)
class Original:
    """The mail that was passed on. `sent_at` has a zone only where one was written. `note`: what the person who passed
    it on wrote above it. `how`: "attached", "marked" (below a mail program's mark) or "headers" (below From and To)."""

    name: str
    address: str | None
    sent_at: datetime | None
    subject: str
    text: str
    note: str = ""
    how: str = "marked"

    @property
    def is_wall_time(self) -> bool:
        """Is the time as a clock on the wall showed it, nobody knows where?"""
        return self.sent_at is not None and self.sent_at.tzinfo is None


def original(message: Message, raw: bytes) -> Original | None:
    """The mail that this one passes on; None when it passes on none. `raw`: the bytes of `message`."""
    if message.origin.automatic in (Automatic.BOUNCE, Automatic.AUTO_REPLY):
        return None
    for attachment in message.attachments:
        if _is_mail(attachment) and (found := _attached(message, raw, attachment)):
            return found
    return original_in(message.text, message.subject)


def original_in(text: str, subject: str = "") -> Original | None:
    """The mail that stands in this text. The subject ("FW: …") tells a forward that has no mark of its own."""
    lines = text.split("\n")
    at = _marked(lines)
    if at is not None:
        return _below_mark(lines, at)
    return _below_headers(lines, subject)


def _is_mail(attachment: Attachment) -> bool:
    if attachment.type in ("message/rfc822", "message/global"):
        return True
    return attachment.name.lower().endswith(".eml") and attachment.type in ("application/octet-stream", "text/plain")


def _attached(message: Message, raw: bytes, attachment: Attachment) -> Original | None:
    inner = read(attachment_bytes(raw, attachment.index))
    sender = next((one for one in inner.from_ if one.address or one.name), None)
    if sender is None:
        return None
    return Original(
        sender.name,
        sender.address or None,
        inner.date,
        inner.subject,
        inner.text,
        message.new_text.strip(),
        "attached",
    )


def _marked(lines: list[str]) -> int | None:
    """The line that says that a forwarded mail follows."""
    for at, line in enumerate(lines):
        if not line or len(line) > LONGEST_MARK:
            continue
        bare = line.strip().lstrip("> ").strip()
        if not bare or (bare[0] not in "-_=*~#" and bare[-1] not in ":："):
            continue
        words = bare.lower().strip(":： -_*=~#")
        if words in FORWARD or (bare[0] in "-_=*" and words.startswith(FORWARD_BY)):
            return at
    return None


def _below_mark(lines: list[str], at: int) -> Original | None:
    level = _level(lines[at])
    below = lines[at + 1 :]
    first = next((line for line in below if line.strip(" >")), "")
    below = _unquoted(below, max(level, _level(first)))
    mutt = _FROM_MUTT.search(lines[at].strip()[:LONGEST_MARK])
    begin = _next(below, 0)
    said, end = _headers(below, begin)
    if "from" not in said and mutt:
        said["from"] = mutt["who"]
    if "from" not in said:
        return None
    return _original(said, below[end:], lines[:at], "marked")


def _below_headers(lines: list[str], subject: str) -> Original | None:
    """A block of headers that nothing marks: a forward by its subject, or by standing at the top of the mail."""
    forward = subject.lstrip().lower().startswith(FORWARD_SUBJECTS)
    none_above = 0
    top = _next(lines, 0)
    for at, line in enumerate(lines):
        if at < none_above or not line or ":" not in line.replace("：", ":"):
            continue
        if not forward and at > top + 1:
            return None
        level = _level(line)
        window = _unquoted(lines[at : at + 40], level)
        size, past = header_block(window, 0)
        none_above = at + past
        if size:
            said, end = _headers(window, 0)
            if "from" in said:
                return _original(said, _unquoted(lines[at:], level)[end:], _without_rule(lines[:at]), "headers")
    return None


def _without_rule(lines: list[str]) -> list[str]:
    """The lines above, without a rule ("_____", "-----Original Message-----") that belongs to the block."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    last = lines[end - 1].strip() if end else ""
    return lines[: end - 1] if last and last[0] in "-_=*" and last[-1] in "-_=*" else lines[:end]


def _headers(lines: list[str], at: int) -> tuple[dict[str, str], int]:
    """The headers that begin here by role, the first of each, and the line below them and their wrapped lines."""
    said: dict[str, str] = {}
    last = ""
    end = here = at
    blanks = 0
    for here in range(at, min(len(lines), at + 40)):
        line = lines[here]
        if not line.strip():
            if last in ("", "subject") or len(said) >= 3 or here + 1 >= len(lines):
                break
            blanks += 1
            if blanks > 4 or header_role(lines[here + 1]) in ("", "?"):
                break
            continue
        role = header_role(line)
        if role and role != "?":
            if role in said and role in ("from", "subject"):
                break
            value = line.replace("：", ":", 1).partition(":")[2].strip().strip("*").strip()
            last = role
            if role == "date" and role in said:
                end = here + 1
                continue
            said.setdefault(role, value)
        elif role == "?" and "from" in said and "subject" in said:
            break
        elif (
            last
            and last != "date"
            and blanks == 0
            and not (last == "subject" and "to" in said and not line[0].isspace())
        ):
            said[last] = f"{said.get(last, '')} {line.strip()}".strip()
        elif not last:
            break
        else:
            break
        end = here + 1
    return said, end


def _original(said: dict[str, str], below: list[str], above: list[str], how: str) -> Original:
    name, address = _sender(said.get("from", ""))
    kept = next((below[:at] for at, line in enumerate(below) if line[:1] in "-_=*~" and _END.match(line)), below)
    subject = said.get("subject", "")[:LONGEST_SUBJECT].strip()
    return Original(
        name,
        address,
        written_date(said.get("date", "")),
        subject,
        "\n".join(kept).strip("\n").rstrip(),
        new_text("\n".join(above)).strip(),
        how,
    )


def _sender(value: str) -> tuple[str, str | None]:
    """ "Jane Smith <jane@x.test>" in the ways in which mail programs write it; a name alone has no address."""
    value = value[:500]
    found = _ADDRESS.search(value)
    address = found[0].strip("'").rstrip(".") if found else None
    bare = _ADDRESS.sub(" ", _MAILTO.sub(" ", value))
    bare = re.sub(r"\bmailto:|[<>\[\]\"“”*]|\(\s*\)", " ", bare)
    name = " ".join(bare.split()).strip(" ,;'")
    if name.startswith(("/O=", "/o=")):
        name = ""
    return name, address


def _level(line: str) -> int:
    """How many '>' stand before this line."""
    return sum(char == ">" for char in line[: len(line) - len(line.lstrip("> \t"))])


def _unquoted(lines: list[str], level: int) -> list[str]:
    """These lines with as many marks of quotation fewer."""
    if not level:
        return lines
    pattern = re.compile(rf"^(?:\s?>){{1,{level}}} ?")
    return [pattern.sub("", line) for line in lines]


def _next(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip(" >\t"):
        at += 1
    return at
