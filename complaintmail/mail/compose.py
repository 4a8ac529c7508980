"""A letter as RFC 5322 bytes, written directly.

Promises: the same arguments give the same bytes; CRLF only; header lines ≤ 78 and body lines ≤ 76 characters, save
where a single address or Message-ID is longer, or where a mail is enclosed as a mail; 7-bit throughout, unless `utf8`
allows raw addresses (RFC 6532).
Every word of a header goes through `_plain`: a control character in any of them is refused with ValueError, never
emitted, so no value can begin a header of its own. Message-IDs that other people's mail brought along
(`in_reply_to`, `references`) are left out when they are not well formed: an answer to an odd mail still goes.

The standard library's generator is not used: it takes forty times as long, and it re-wraps what it is given.
"""

from __future__ import annotations

import hashlib
import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Sequence
from datetime import datetime

from complaintmail.mail.enclosures import Enclosure as Enclosure
from complaintmail.mail.enclosures import enclosed
from complaintmail.mail.encoded_words import encoded_words

LINE = 78
KEPT_REFERENCES = 20  # besides the first, which holds a thread together
LONGEST_REFERENCES = 1500  # characters: nobody's Message-IDs make our answer big
SUPPRESS = "OOF, AutoReply, RN, NRN"  # never All, NDR or DR: those would hide our own bounces from us

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,150}@[!-;=?A-~]{1,150}>")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOT_ATOM = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u00a0-\U0010ffff-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u00a0-\U0010ffff-]+)*"
)
_QUOTED = re.compile(r'"(?:[ !#-\[\]-~]|\\[ -~])*"')
_DOMAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[!-Z^-~]+\]")
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_TOKEN = re.compile(r"[!-~]+")
_METHOD = re.compile(r"(?m)^METHOD:(REQUEST|CANCEL)\r?$")

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OURS = frozenset(
    {"from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "message-id", "in-reply-to", "references"}
    | {"auto-submitted", "x-auto-response-suppress", "complaint-reference", "content-language"}
    | {"mime-version", "content-type", "content-transfer-encoding"}
)
_LETTERS = bytes(97 + byte % 26 for byte in range(256))


def compose(
    *,
    mail_from: str,
    to: str,
    subject: str,
    text: str,
    date: datetime,
    message_id: str,
    html: str | None = None,
    mail_from_name: str = "",
    to_name: str = "",
    in_reply_to: str | None = None,
    references: Sequence[str] = (),
    reply_to: str | None = None,
    auto_submitted: str | None = "auto-replied",
    reference: str | None = None,
    language: str = "en-GB",
    extra: Sequence[tuple[str, str]] = (),
    utf8: bool = False,
    enclosures: Sequence[Enclosure] = (),
    calendar: str = "",
) -> bytes:
    """The whole mail. `to_name` only where the sender was authenticated; `auto_submitted` None for a person's words.
    `calendar`: an invitation, as `calendar_file` makes it."""
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError(f"not a Message-ID: {message_id!r}")
    lines = [
        _mailbox("From", mail_from_name, mail_from, utf8),
        _mailbox("To", to_name, to, utf8),
    ]
    if reply_to is not None:
        lines.append(_mailbox("Reply-To", "", reply_to, utf8))
    lines += (_unstructured("Subject", subject), f"Date: {_date(date)}", _id_lines("Message-ID", (message_id,)))
    lines += _threading(in_reply_to, references)
    if auto_submitted is not None:
        lines.append(f"Auto-Submitted: {_token(auto_submitted)}")
        lines.append(f"X-Auto-Response-Suppress: {SUPPRESS}")
    if reference is not None:
        lines.append(f"Complaint-Reference: {_token(reference)}")
    for name, value in extra:
        lines.append(_extra(name, value))
    lines.append(f"Content-Language: {_token(language)}")
    lines.append("MIME-Version: 1.0")
    head = "\r\n".join(lines).encode("utf-8" if utf8 else "ascii")
    body = _body(text, html, message_id, calendar)
    if calendar:
        # Beside the words for programs that show the invitation in the mail, and as a file for those that open files.
        enclosures = (*enclosures, Enclosure("invite.ics", "application/ics", calendar.encode()))
    if enclosures:
        body = enclosed(body, enclosures, _boundary(f"enclosures {message_id}"))
    return head + b"\r\n" + body


def _body(text: str, html: str | None, message_id: str, calendar: str = "") -> bytes:
    parts = [_part(b"plain", text)]
    if html is not None:
        parts.append(_part(b"html", html))
    if calendar:
        parts.append(_calendar_part(calendar))  # last: a program shows the last form that it knows
    if len(parts) == 1:
        return parts[0]
    mark = _boundary(message_id)
    pieces = b"".join(b"--%b\r\n%b\r\n" % (mark, part) for part in parts)
    return b'Content-Type: multipart/alternative;\r\n boundary="%b"\r\n\r\n%b--%b--\r\n' % (mark, pieces, mark)


def _calendar_part(calendar: str) -> bytes:
    """An invitation in the mail itself. In base64: its folded lines must arrive as they are."""
    method = _METHOD.search(calendar)
    if method is None:
        raise ValueError("a calendar file says in METHOD what it asks for")
    return b"Content-Type: text/calendar; charset=utf-8; method=%b\r\nContent-Transfer-Encoding: base64\r\n\r\n%b" % (
        method[1].encode(),
        encodebytes(calendar.encode()).replace(b"\n", b"\r\n"),
    )


def _boundary(message_id: str) -> bytes:
    # "=_" never occurs in quoted-printable or base64, so no text can hold the boundary. Letters only: no number in a
    # mail of ours stands there by chance.
    return b"=_" + hashlib.sha256(message_id.encode("ascii")).digest()[:20].translate(_LETTERS)


def _part(subtype: bytes, words: str) -> bytes:
    if "\r" in words:
        words = words.replace("\r\n", "\n").replace("\r", "\n")
    if not words.endswith("\n"):  # also what makes b2a_qp choose CRLF for its soft line ends
        words += "\n"
    content = b2a_qp(words.replace("\n", "\r\n").encode("utf-8", "replace"))
    return b"Content-Type: text/%b; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n%b" % (
        subtype,
        content,
    )


def _date(date: datetime) -> str:
    offset = date.utcoffset()
    if offset is None:
        raise ValueError("the date of a letter needs its offset from UTC")
    minutes = int(offset.total_seconds()) // 60
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    return (
        f"{_DAYS[date.weekday()]}, {date.day:02d} {_MONTHS[date.month - 1]} {date.year:04d} "
        f"{date.hour:02d}:{date.minute:02d}:{date.second:02d} {sign}{minutes // 60:02d}{minutes % 60:02d}"
    )


def _plain(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError(f"control character in a header: {value[:80]!r}")
    return value


def _token(value: str) -> str:
    if not _TOKEN.fullmatch(value):
        raise ValueError(f"not one printable word: {value[:80]!r}")
    return value


def _extra(name: str, value: str) -> str:
    if not _FIELD.fullmatch(name) or name.lower() in _OURS:
        raise ValueError(f"not a header to add: {name!r}")
    if _TOKEN.fullmatch(value) and "=?" not in value and len(name) + 2 + len(value) <= LINE:
        return f"{name}: {value}"  # one word that must stay legible to whoever looks for it
    return _unstructured(name, value)


def address(written: str, *, utf8: bool = False) -> str:
    """An addr-spec fit for a header and an envelope: its domain as A-labels; ValueError when it is not one."""
    local, at, domain = _plain(written).rpartition("@")
    if not at or not (_DOT_ATOM.fullmatch(local) or _QUOTED.fullmatch(local)):
        raise ValueError(f"not an address: {written[:80]!r}")
    if not domain.isascii():
        domain = domain.encode("idna").decode("ascii")  # UnicodeError is a ValueError
    if not _DOMAIN.fullmatch(domain):
        raise ValueError(f"not an address: {written[:80]!r}")
    if not utf8 and not local.isascii():
        raise ValueError(f"this address needs SMTPUTF8: {written[:80]!r}")
    return f"{local}@{domain}"


def _mailbox(field: str, name: str, written: str, utf8: bool) -> str:
    spec = address(written, utf8=utf8)
    if not name:
        return f"{field}: {spec}" if len(field) + 2 + len(spec) <= LINE else f"{field}:\r\n {spec}"
    _plain(name)
    if _needs_encoding(field, name):
        line = f"{field}: " + "\r\n ".join(encoded_words(name, LINE - len(field) - 2))
    elif _ATOMS.fullmatch(name):
        line = _folded(field, name)
    else:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        line = _folded(field, f'"{quoted}"')
    last = len(line) - (line.rfind("\n") + 1)
    return f"{line} <{spec}>" if last + len(spec) + 3 <= LINE else f"{line}\r\n <{spec}>"


def _unstructured(field: str, value: str) -> str:
    _plain(value)
    if _needs_encoding(field, value):
        return f"{field}: " + "\r\n ".join(encoded_words(value, LINE - len(field) - 2))
    return _folded(field, value)


def _needs_encoding(field: str, value: str) -> bool:
    if not value.isascii() or "=?" in value:
        return True
    words = value.split(" ")
    # The second of two spaces could begin a line, and be lost there; half a line leaves room for quotation marks.
    return "" in words or max(map(len, words)) > LINE // 2 - 4


def _folded(field: str, value: str) -> str:
    if len(field) + 2 + len(value) <= LINE:
        return f"{field}: {value}"
    lines, line = [], f"{field}:"
    for word in value.split(" "):
        if len(line) + 1 + len(word) > LINE:
            lines.append(line)
            line = ""
        line += " " + word
    lines.append(line)
    return "\r\n".join(lines)


def _threading(in_reply_to: str | None, references: Sequence[str]) -> list[str]:
    parent = in_reply_to if in_reply_to is not None and _MESSAGE_ID.fullmatch(in_reply_to) else None
    known = list(dict.fromkeys(cited for cited in references if _MESSAGE_ID.fullmatch(cited)))
    if parent is not None and (not known or known[-1] != parent):
        known = [cited for cited in known if cited != parent] + [parent]
    if len(known) > KEPT_REFERENCES + 1:
        known = known[:1] + known[-KEPT_REFERENCES:]
    while len(known) > 2 and sum(map(len, known)) > LONGEST_REFERENCES:
        del known[1]
    lines = [_id_lines("In-Reply-To", (parent,))] if parent is not None else []
    if known:
        lines.append(_id_lines("References", known))
    return lines


def _id_lines(field: str, ids: Sequence[str]) -> str:
    """Ids one below the other where they do not fit beside the name."""
    line = f"{field}: " + "\r\n ".join(ids)
    return line if len(field) + 2 + len(ids[0]) <= LINE else f"{field}:\r\n " + "\r\n ".join(ids)
