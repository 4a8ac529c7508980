"""From a notice to a letter in the outbox: its tokens, its bytes, what a reply to it is about. One mailbox's notices.

A notice goes from the mailbox to one member of staff, never with a copy to a mailbox that others open. What hangs on
the complaint goes with it where it is safe, and is named where it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from complaintmail.cases.post import NoticeKind
from complaintmail.gateways.pictures import jpeg_of
from complaintmail.letters.notice import written
from complaintmail.letters.notices import Paper
from complaintmail.log import Log
from complaintmail.mail.attachments import attachment_bytes
from complaintmail.mail.compose import Enclosure, address, compose
from complaintmail.mail.leaks import tokens_lying_in
from complaintmail.mail.message import Message
from complaintmail.mail.references import LETTER_HEADER, letter_header_for, letter_id, message_id_for
from complaintmail.mail.safe_attachments import judge
from complaintmail.mail.tokens import REPLY, token_for
from complaintmail.store import outbox, schema
from complaintmail.store.record import Writer

log = Log("notices")
MOST_ENCLOSED = 15_000_000  # bytes on one notice: most mail servers take 25 MB, and base64 makes it a third more
HEAD = 4096


@dataclass(frozen=True, slots=True)
class Hung:
    """What hangs on a mail, as staff get it: what is enclosed, and what is only named."""

    enclosures: tuple[Enclosure, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()


def hung_on(message: Message, raw: bytes) -> Hung:
    """The safe attachments of a mail; photographs that few programs show also as JPEG."""
    enclosed: list[Enclosure] = []
    left_out: list[tuple[str, str]] = []
    total = 0
    for attachment in message.attachments:
        if total + attachment.size > MOST_ENCLOSED:
            left_out.append((attachment.name, "too big to send on"))
            continue
        data = attachment_bytes(raw, attachment.index)
        why = judge(attachment.name, attachment.type, attachment.size, data[:HEAD])
        if why:
            left_out.append((attachment.name, why))
            continue
        enclosed.append(Enclosure(attachment.name, attachment.type, data))
        total += len(data)
        if attachment.type in ("image/heic", "image/heif") or attachment.name.lower().endswith((".heic", ".heif")):
            picture = jpeg_of(data, attachment.name)
            if picture is not None:
                enclosed.append(Enclosure(picture[0], "image/jpeg", picture[1]))
                total += len(picture[1])
    return Hung(tuple(enclosed), tuple(left_out))


class Noticing:
    """Writes one mailbox's mail to staff."""

    def __init__(
        self,
        key: bytes,
        mailbox: str,
        organisation: str,
        zone: ZoneInfo,
        plus: bool,
        randomness: Callable[[int], bytes],
    ) -> None:
        self._key = key
        self._mailbox = mailbox
        self._organisation = organisation
        self._zone = zone
        self._plus = plus
        self._randomness = randomness
        self._domain = mailbox.rpartition("@")[2]

    def put(
        self,
        writer: Writer,
        to: str,
        kind: str,
        seq: int,
        paper: Paper,
        *,
        case_id: int | None = None,
        reference: str = "",
        entry: int | None = None,
        about: Mapping[str, Any] | None = None,
        enclosures: Sequence[Enclosure] = (),
        in_reply_to: str | None = None,
    ) -> str:
        """Owe this notice; its letter's id. `seq` keeps one notice of a kind from going twice to the same person."""
        letter = letter_id(self._randomness(10))
        notice = paper.notice(self._key, letter, reference)
        text, html = written(notice, self._mailbox)
        message_id = message_id_for(self._key, letter, self._domain)
        recipient = address(to, utf8=True)
        thread = self._thread(writer, case_id, recipient, kind)
        data = compose(
            mail_from_name=self._organisation,
            mail_from=self._mailbox,
            to=recipient,
            subject=notice.subject,
            text=text,
            html=html,
            date=writer.now.astimezone(self._zone),
            message_id=message_id,
            in_reply_to=in_reply_to or thread,
            references=tuple(cited for cited in (thread, in_reply_to) if cited),
            reply_to=self._reply_to(letter),
            auto_submitted="auto-generated",
            reference=reference or None,
            extra=((LETTER_HEADER, letter_header_for(self._key, letter)),),
            enclosures=enclosures,
            utf8=not recipient.isascii(),
        )
        row = {
            "id": letter,
            "case_id": case_id,
            "answers": entry,
            "audience": "staff",
            "kind": str(NoticeKind(kind)),
            "seq": seq,
            "mailbox": self._mailbox,
            "recipient": recipient,
            "message_id": message_id,
            "subject": notice.subject,
            "text": text,
            "template": f"notice {kind}",
            "due_at": None,
            "about": {**(about or {}), "at": writer.now.isoformat()},
            "links": paper.commands,
        }
        outbox.put(writer, row, data, hold=None)
        writer.event("told", by="complaintmail", case_id=case_id, letter=letter, kind=kind, whom=recipient)
        return letter

    def is_ours(self, data: bytes) -> bool:
        """Is this a notice of ours, or does it hold one's links?"""
        return bool(tokens_lying_in(self._key, data))

    def _thread(self, writer: Writer, case_id: int | None, recipient: str, kind: str) -> str | None:
        """The first mail that they had about this case: all the others hang below it. A new case has none."""
        if case_id is None or kind == NoticeKind.DECIDE:
            return None
        letter = schema.letter
        asked = (
            select(letter.c.message_id)
            .where(letter.c.case_id == case_id, letter.c.recipient == recipient, letter.c.audience == "staff")
            .order_by(letter.c.created_at)
            .limit(1)
        )
        return writer.connection.scalar(asked)

    def _reply_to(self, letter: str) -> str | None:
        if not self._plus:
            return None
        local, _, domain = self._mailbox.rpartition("@")
        return f"{local}+{token_for(self._key, letter, REPLY)}@{domain}"
