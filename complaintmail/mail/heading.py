"""What the headers of a mail say, each in the form in which `Message` carries it.

Promises: never raises. Every From field and every mailbox in them is reported, so that nobody can be another by being
named second; what is irregular about the senders is told as defects.
"""

from __future__ import annotations

from dataclasses import dataclass

from complaintmail.mail.addresses import read_addresses
from complaintmail.mail.headers import Block
from complaintmail.mail.ids import read_ids, read_message_id
from complaintmail.mail.message import Address
from complaintmail.mail.words import decode_header

_MOST_VALUE = 20_000  # characters of one header value that are kept
_ADDRESSED = frozenset(("from", "reply-to", "to", "cc", "sender"))


@dataclass(frozen=True, slots=True)
class Heading:
    headers: tuple[tuple[str, str], ...]
    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    from_: tuple[Address, ...]
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    return_path: str | None
    delivered_to: tuple[str, ...]
    subject: str
    defects: tuple[str, ...]


def heading_of(block: Block) -> Heading:
    """Read a header block."""
    mailboxes: dict[str, list[Address]] = {name: [] for name in _ADDRESSED}
    ids: dict[str, list[bytes]] = {"message-id": [], "in-reply-to": [], "references": []}
    values: list[tuple[str, str]] = []
    from_fields = 0
    subject: str | None = None
    path: str | None = None
    delivered: list[str] = []
    for name, raw in block.fields:
        value = decode_header(raw)[:_MOST_VALUE]
        values.append((name, value))
        if name in mailboxes:
            mailboxes[name] += read_addresses(raw)
            from_fields += name == "from"
        elif name in ids:
            ids[name].append(raw)
        elif name == "subject":
            subject = value if subject is None else subject
        elif name == "return-path":
            path = _path(value) if path is None else path
        elif name in ("delivered-to", "x-original-to", "envelope-to"):
            delivered.append(value.strip("<> ")[:320])
    senders = tuple(mailboxes["from"])
    return Heading(
        headers=tuple(values),
        message_id=read_message_id(ids["message-id"]),
        in_reply_to=read_ids(ids["in-reply-to"]),
        references=read_ids(ids["references"]),
        from_=senders,
        sender=next(iter(mailboxes["sender"]), None),
        reply_to=tuple(mailboxes["reply-to"]),
        to=tuple(mailboxes["to"]),
        cc=tuple(mailboxes["cc"]),
        return_path=path,
        delivered_to=tuple(delivered[:50]),
        subject=subject or "",
        defects=_sender_defects(senders, from_fields),
    )


def _path(value: str) -> str:
    found = read_addresses(value.encode("utf-8", "replace"))
    return found[0].address if found else ""


def _sender_defects(senders: tuple[Address, ...], from_fields: int) -> tuple[str, ...]:
    found: list[str] = []
    if from_fields > 1:
        found.append("several-from-fields")
    usable = {sender.key for sender in senders if sender.address}
    if not usable:
        found.append("no-sender")
    elif len(usable) > 1:
        found.append("several-senders")
    for sender in senders:
        named = sender.name.lower()
        if "@" in named and sender.address and sender.key not in named and " " not in named.strip():
            found.append("name-looks-like-another-address")
            break
    return tuple(found)
