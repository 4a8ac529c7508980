"""Bounces: what became of a letter at each of its recipients, as another server reports it.

Owns the reading of delivery status reports (RFC 3464, and RFC 6533 for addresses beyond ASCII), and, for mail that
already looks like a bounce, of the notes that servers write for people: first our own reading of the words
(`mail.bounce_words`), then flufl.bounce. Promises: `delayed` is never `failed`; an address is never made up; a report
that cannot be understood is a bounce of nobody rather than an error. Nothing here decides whether a mail is a bounce.
"""

from __future__ import annotations

import email.message
import re

from complaintmail.mail import bounce_words
from complaintmail.mail.message import Bounce, Message
from complaintmail.mail.report import Report

FATES = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
MOST = 200  # recipients read from one bounce

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_HEX = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_BLANK = re.compile(r"\n[ \t]*\n")
_FIELD = re.compile(r"(?m)^[> \t]*([A-Za-z-]{4,40}):[ \t]*(.{0,900})$")
_IN_TEXT = re.compile(r"(?im)^[ \t>]*message-id:\s*(<[^<>\s]{3,900}>)")


def from_report(report: Report) -> tuple[Bounce, ...]:
    """What the machine-readable part says, recipient by recipient; () when there is none."""
    blocks = report.blocks("delivery-status") or (report.fields if report.report_type == "delivery-status" else ())
    about: dict[str, str] = {}
    found: list[Bounce] = []
    note = bounce_words.read(report.human_text, "", frozenset(), ())
    for block in blocks[:MOST]:
        fields: dict[str, str] = {}
        for name, value in block:
            fields.setdefault(name, value)
        recipient = _recipient(fields)
        if recipient is None and "action" not in fields and "status" not in fields:
            about.update(fields)
            continue
        if recipient is None and len(note.recipients) == 1:
            recipient = note.recipients[0]  # the field is spoilt, and the words beside it name only one
        found.append(_bounce(fields, recipient, note))
    original = original_id(report, about)
    envelope = about.get("original-envelope-id") or None
    return tuple(
        Bounce(b.recipient, b.status, b.action, b.diagnostic, original, _unxtext(envelope) if envelope else None)
        for b in _once(found)
    )


def from_words(message: Message, report: Report | None, tree: email.message.Message | None) -> tuple[Bounce, ...]:
    """What the words of a mail that looks like a bounce say; () when no recipient can be made out."""
    text = (report.human_text if report else "") or message.text
    if fields := _fields_in(message.text):
        return from_report(Report("delivery-status", fields, report.returned_headers if report else (), text))
    writers = (*message.to, *message.cc, *message.from_)
    own = frozenset(a.key for a in writers) | {a.lower() for a in message.delivered_to}
    failed = [a for value in message.headers_named("x-failed-recipients") for a in bounce_words.addresses(value)]
    note = bounce_words.read(text, message.subject, own, tuple(failed))
    recipients = note.recipients
    if not recipients and report and text != message.text:
        note = bounce_words.read(message.text, message.subject, own, ())
        recipients = note.recipients
    action = note.action
    if not note.plain and len(recipients) != 1 and tree is not None:
        others, fate = _by_flufl(tree, note.action)
        if others:
            recipients, action = others, fate
    original = (original_id(report, {}) if report else None) or _id_in(message.text)
    if original is None and message.in_reply_to:
        original = message.in_reply_to[0]
    return tuple(
        Bounce(address, note.statuses.get(address.lower(), note.status), action, note.diagnostic, original)
        for address in recipients[:MOST]
    )


def from_receipt(report: Report) -> tuple[Bounce, ...]:
    """A receipt that says "rejected", read as the bounce that it is."""
    fields = {name: value for block in reversed(report.fields) for name, value in reversed(block)}
    original = original_id(report, fields)
    return (Bounce(_recipient(fields), None, "failed", " ".join(report.human_text.split())[:500], original),)


def receipt_for(report: Report) -> str | None:
    """The Message-ID of the mail that a receipt speaks of, which no other header names."""
    if report.report_type != "disposition-notification":
        return None
    return original_id(report, {name: value for block in report.fields for name, value in block})


def of_nobody(message: Message, report: Report | None) -> Bounce:
    """The bounce of a mail that surely is one and names nobody."""
    text = (report.human_text if report else "") or message.text
    note = bounce_words.read(text, message.subject, frozenset(), ())
    original = (original_id(report, {}) if report else None) or _id_in(message.text)
    return Bounce(None, note.status, note.action, note.diagnostic, original)


def original_id(report: Report, about: dict[str, str]) -> str | None:
    """The Message-ID of the letter that this is about, from the returned headers before any field that repeats it."""
    for value in (report.returned("message-id"), about.get("original-message-id"), about.get("x-original-message-id")):
        if value and (match := _ID.search(value)):
            return match[0]
    return None


def _fields_in(text: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The fields of a delivery status that lost its wrapping and stands in the text."""
    if "final-recipient:" not in text.lower():
        return ()
    blocks: list[tuple[tuple[str, str], ...]] = []
    for block in _BLANK.split(text[:200_000]):
        fields = _FIELD.findall(block)
        if any(name.lower() == "final-recipient" for name, _ in fields):
            blocks.append(tuple((name.lower(), value.strip()) for name, value in fields))
    return tuple(blocks[:MOST])


def _id_in(text: str) -> str | None:
    match = _IN_TEXT.search(text)
    return match[1] if match else None


def _bounce(fields: dict[str, str], recipient: str | None, note: bounce_words.Note) -> Bounce:
    diagnostic = fields.get("diagnostic-code", "")
    status = _status(fields.get("status", ""), diagnostic)
    if status is None or status.endswith(".0.0"):
        told = note.statuses.get((recipient or "").lower())
        if told is None and len(note.recipients) <= 1:
            told = note.stated
        if told and (status is None or told[0] == status[0]):
            status = told
    words = fields.get("action", "").lower().split("(")[0].split()
    action = words[0].strip(";.") if words else ""
    if action in ("failure", "fail", "undeliverable", "reject", "rejected"):
        action = "failed"
    if action not in FATES:
        action = "delayed" if status and status[0] == "4" else "delivered" if status and status[0] == "2" else "failed"
    return Bounce(recipient, status, action, diagnostic[:500])


def _status(field: str, diagnostic: str) -> str | None:
    """The Status field; the diagnostic is more exact where the field says only "x.0.0"."""
    match = _STATUS.search(field)
    said = f"{match[1]}.{int(match[2])}.{int(match[3])}" if match else None
    if said is None or said.endswith(".0"):
        inner = _STATUS.search(diagnostic)
        if inner and (said is None or (inner[1] == said[0] and inner[3] != "0")):
            return f"{inner[1]}.{int(inner[2])}.{int(inner[3])}"
    return said


def _recipient(fields: dict[str, str]) -> str | None:
    """The address that the letter was sent to: the original one where it is told, else the final one."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient", "x-original-recipient"):
        if name in fields and (address := address_of(fields[name])):
            return address
    return None


def address_of(value: str) -> str | None:
    """The mailbox in a typed address field: 'rfc822; jane@x', 'utf-8; jos\\x{E9}@x', '<jane@x>', xtext."""
    kind, semicolon, rest = value.partition(";")
    if not semicolon:
        kind, rest = "rfc822", value
    rest = rest.strip()
    if kind.strip().lower() in ("utf-8", "utf8"):
        rest = _HEX.sub(_character, rest)
    found = bounce_words.addresses(rest)
    if found:
        return found[0]
    found = bounce_words.addresses(_unxtext(rest))
    return found[0] if found else None


def of_notification(text: str) -> tuple[Bounce, ...]:
    """The bounce in a mail provider's JSON notice, as Amazon's services send it."""
    if "bouncedRecipients" not in text:
        return ()
    plain = text[:20_000].replace("\\", "").replace("\n", "")
    status = re.search(r'"status"\s*:\s*"([245]\.\d{1,3}\.\d{1,3})"', plain)
    found = re.findall(
        r'"bouncedRecipients"\s*:\s*\[[^\]]{0,4000}?"emailAddress"\s*:\s*"([^"\s]{3,254}@[^"\s]+)"', plain
    )
    return tuple(Bounce(address, status[1] if status else None, "failed") for address in found[:MOST])


def _character(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return chr(number) if 0xA0 <= number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else ""


def _unxtext(value: str) -> str:
    plain = _XTEXT.sub(lambda match: chr(int(match[1], 16)), value)
    return plain if plain.isprintable() else value


def _once(found: list[Bounce]) -> list[Bounce]:
    """One fate for each recipient: of several, the last word that is final."""
    by_key: dict[str, Bounce] = {}
    for bounce in found:
        key = (bounce.recipient or "").lower()
        if key not in by_key or bounce.action == "failed":
            by_key[key] = bounce
    return list(by_key.values())


def _by_flufl(tree: email.message.Message, action: str) -> tuple[tuple[str, ...], str]:
    """What flufl.bounce makes out. It is imported here because only a mail we cannot read ourselves needs it."""
    from flufl.bounce import all_failures

    try:
        temporary, permanent = all_failures(tree)
    except Exception:  # odd mail makes its readers raise, and an odd bounce is no reason to stop
        return (), action
    found = sorted(permanent) or sorted(temporary)
    texts = (address.decode("utf-8", "replace") if isinstance(address, bytes) else str(address) for address in found)
    clean = tuple(hit[0] for text in texts if (hit := bounce_words.addresses(text)))
    return clean, ("failed" if permanent else "delayed") if clean else action
