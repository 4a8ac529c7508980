"""What every automatic letter must be on the wire, whatever it answers: RFC 3834, RFC 5322 and our own promises.

    check(raw)                        one letter as it leaves: every fault at once, as an AssertionError
    check(raw, answers=mail)          and held against the mail that it answers: threads to it, repeats nothing of it

It reads the bytes with the standard library alone, never with the program's own reader or writer.
"""

from __future__ import annotations

import email
import email.message
import email.policy
import email.utils
import re
from collections.abc import Iterable, Iterator

from tests.support.letter_words import words_of_html, words_of_text

LARGEST = 8192
AUTOMATIC = "auto-replied"
SUPPRESS = "OOF, AutoReply, RN, NRN"
ONCE = (
    *("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"),
    *("Auto-Submitted", "X-Auto-Response-Suppress", "Complaint-Reference"),
)
AT_MOST_ONCE = ("In-Reply-To", "References", "Reply-To", "Content-Language")
NEVER = (
    *("List-Unsubscribe", "List-Id", "List-Help", "List-Post", "Precedence", "Cc", "Bcc", "Sender", "Return-Path"),
    *("Disposition-Notification-To", "Return-Receipt-To", "Received", "DKIM-Signature", "Authentication-Results"),
    "Feedback-ID",
)
MESSAGE_ID = re.compile(r"<[^\s<>@]+@[^\s<>@]+>")
OWN_ID = re.compile(r"<cm\.[a-z2-7]{16}\.[a-z2-7]{26}@([^\s<>@]+)>")
TOKEN = re.compile(r"cm-[a-z2-7]{43}")
REFERENCE = re.compile(r"[A-Z][A-Z0-9]*-\d{4}-\d{6}")
ECHOED = 16  # characters: so much of what somebody wrote does not stand in our own words by chance
WORD_LINES = re.compile(r"[^\r\n]+")


def parsed(raw: bytes) -> email.message.EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, email.message.EmailMessage)
    return found


def words_of(raw: bytes) -> str:
    """Everything that a reader of this letter could see, decoded: headers, text, HTML."""
    mail = parsed(raw)
    bodies = [str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(f"{name}: {value}" for name, value in mail.items()), *bodies])


def check(
    raw: bytes, *, answers: bytes | None = None, submitted: str = "auto-replied", authentic: bool = False
) -> None:
    """`authentic`: the sender was authenticated, so their name and subject may be used."""
    mail = parsed(raw)
    faults = [*_bytes(raw), *_headers(mail, submitted), *_threading(mail), *_shape(mail)]
    if answers is not None:
        faults += [*_answering(mail, answers), *([] if authentic else _echo(raw, answers))]
    assert not faults, "; ".join(faults) + "\n" + raw[:3000].decode("utf-8", "replace")


def check_written(raw: bytes, *, never: Iterable[str] = ()) -> None:
    """A person's answer on its way to a complainant: nothing automatic about it, and nothing of the house in it."""
    mail = parsed(raw)
    faults = [*_on_the_wire(raw), *_threading(mail)]
    faults += [
        f"{name} stands in it" for name in (*NEVER, "Auto-Submitted", "X-Auto-Response-Suppress") if name in mail
    ]
    faults += [f"{name} is missing" for name in ("Complaint-Reference", "Message-ID", "Date") if name not in mail]
    said = words_of(raw).lower()
    if TOKEN.search(said):
        faults.append("a token of staff's stands in it")
    faults += [f"it says {word!r}" for word in never if word.lower() in said]
    assert not faults, "; ".join(faults) + "\n" + raw[:3000].decode("utf-8", "replace")


def check_notice(raw: bytes) -> None:
    """Mail to staff: automatic, on the wire as it must be."""
    mail = parsed(raw)
    faults = [*_on_the_wire(raw), *_threading(mail)]
    faults += [f"{name} stands in it" for name in NEVER if name in mail]
    if str(mail["Auto-Submitted"]) != "auto-generated":
        faults.append(f"Auto-Submitted says {mail['Auto-Submitted']}")
    assert not faults, "; ".join(faults) + "\n" + raw[:3000].decode("utf-8", "replace")


def _bytes(raw: bytes) -> Iterator[str]:
    if len(raw) > LARGEST:
        yield f"{len(raw)} bytes are more than {LARGEST}"
    yield from _on_the_wire(raw)


def _on_the_wire(raw: bytes) -> Iterator[str]:
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        yield "a bare CR or LF"
    head, _, body = raw.partition(b"\r\n\r\n")
    to = re.search(rb"^To:.*\r\n", head, re.M)
    beyond = to is not None and not to[0].isascii()  # an address beyond ASCII goes as it is, by SMTPUTF8
    rest = head.replace(to[0], b"") + body if to is not None and beyond else raw
    if not rest.isascii() or re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", raw):
        yield "bytes that are no plain ASCII"
    for line in head.split(b"\r\n"):
        if len(line) > 998 or (len(line) > 78 and b" " in line.strip()):
            yield f"a header line of {len(line)}: {line[:60]!r}"
        if any(len(word) > 75 for word in re.findall(rb"=\?[^?\s]*\?[^?\s]*\?[^?\s]*\?=", line)):
            yield f"an encoded word of more than 75: {line[:60]!r}"
        if line.count(b"=?") != len(re.findall(rb"=\?[^?\s]+\?[qQbB]\?[^?\s]*\?=", line)):
            yield f"an encoded word cut in two: {line[:60]!r}"
    for line in body.split(b"\r\n"):
        if len(line) > 78:
            yield f"a body line of {len(line)}"


def _headers(mail: email.message.EmailMessage, submitted: str) -> Iterator[str]:
    for name in ONCE:
        if len(mail.get_all(name, [])) != 1:
            yield f"{name} stands {len(mail.get_all(name, []))} times"
    for name in AT_MOST_ONCE:
        if len(mail.get_all(name, [])) > 1:
            yield f"{name} stands more than once"
    for name in NEVER:
        if name in mail:
            yield f"{name} has no place in it"
    if str(mail["Auto-Submitted"]).strip() != submitted:
        yield f"Auto-Submitted says {mail['Auto-Submitted']}"
    if str(mail["X-Auto-Response-Suppress"]).strip() != SUPPRESS:
        yield f"X-Auto-Response-Suppress says {mail['X-Auto-Response-Suppress']}"
    reference = str(mail["Complaint-Reference"])
    if not REFERENCE.fullmatch(reference):
        yield f"Complaint-Reference says {reference}"
    if f"[{reference}]" not in str(mail["Subject"]):
        yield f"the subject lacks [{reference}]: {mail['Subject']}"
    senders, recipients = mail["From"].addresses, mail["To"].addresses
    if len(senders) != 1 or not senders[0].display_name or not senders[0].domain:
        yield f"From says {mail['From']}"
    if len(recipients) != 1:
        yield f"To says {mail['To']}"
    when = email.utils.parsedate_to_datetime(str(mail["Date"]))
    if when.tzinfo is None:
        yield f"Date says {mail['Date']}"
    own = OWN_ID.fullmatch(str(mail["Message-ID"]).strip())
    if own is None or (senders and own[1] != senders[0].domain):
        yield f"Message-ID says {mail['Message-ID']}"
    if mail.defects:
        yield f"defects: {mail.defects}"


def _threading(mail: email.message.EmailMessage) -> Iterator[str]:
    for name in ("In-Reply-To", "References"):
        value = mail[name]
        if value is None:
            continue
        ids = str(value).split()
        if not ids or not all(MESSAGE_ID.fullmatch(one) for one in ids):
            yield f"{name} says {value}"
        if len(ids) > (1 if name == "In-Reply-To" else 21) or len(set(ids)) != len(ids):
            yield f"{name} has {len(ids)} ids"
    if ("In-Reply-To" in mail) and (mail["References"] or "").split()[-1:] != [mail["In-Reply-To"]]:
        yield f"References end with something else than In-Reply-To: {mail['References']}"


def _shape(mail: email.message.EmailMessage) -> Iterator[str]:
    parts = [part.get_content_type() for part in mail.walk()]
    if parts != ["multipart/alternative", "text/plain", "text/html"]:
        yield f"its parts are {parts}"
        return
    text, html = (str(part.get_content()) for part in mail.iter_parts())
    if words_of_text(text) != words_of_html(html):
        yield "text and HTML say different things"
    if not text.strip():
        yield "it says nothing"
    if str(mail["Complaint-Reference"]) not in text:
        yield "the text lacks the reference"
    if re.search(r"<(?:img|script|iframe|form|object|link|svg|style[^>]*@import)\b|\bsrc\s*=|url\(", html, re.I):
        yield "the HTML fetches or runs something"


def _answering(mail: email.message.EmailMessage, answered: bytes) -> Iterator[str]:
    head = answered.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    ids = re.findall(rb"^message-id:[ \t]*(?:\n[ \t]+)?(\S+)[ \t]*$", head, re.I | re.M)
    theirs = ids[0].decode("ascii", "replace") if len(ids) == 1 else ""
    usable = re.fullmatch(r"<[A-Za-z0-9._%+=/$-]{1,150}@[A-Za-z0-9.-]{1,150}>", theirs)
    if usable and mail["In-Reply-To"] != theirs:
        yield f"In-Reply-To says {mail['In-Reply-To']}, and the mail's own id is {theirs}"
    if not ids and "In-Reply-To" in mail:
        yield f"In-Reply-To says {mail['In-Reply-To']}, and the mail has no id"


def _echo(raw: bytes, answered: bytes) -> Iterator[str]:
    """Nothing of what was written comes back: a forged mail makes no weapon of our answer."""
    ours = " ".join(words_of(raw).split()).lower()
    try:
        theirs = parsed(answered)
        said = [str(theirs["Subject"] or "")]
        said += [str(p.get_content()) for p in theirs.walk() if p.get_content_type() == "text/plain"]
    except Exception:  # the standard library fails on some hostile mail: then its bytes are compared as they are
        said = [answered[:100_000].decode("latin-1").partition("\r\n\r\n")[2]]
    for words in said:
        for line in WORD_LINES.findall(words[:100_000]):
            shown = " ".join(line.split()).lower()
            if len(shown) >= ECHOED and shown in ours:
                yield f"it repeats what was written: {shown[:60]!r}"
                return


def in_reply_to(answer: email.message.Message) -> list[str]:
    """The headers of a mail that answers this one."""
    return [f"In-Reply-To: {answer['Message-ID']}", f"References: {answer['Message-ID']}"]
