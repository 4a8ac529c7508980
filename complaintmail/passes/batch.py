"""What the mails of one transaction share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from complaintmail.cases.budget import Budget
from complaintmail.cases.impression import Impression
from complaintmail.mail.message import Message
from complaintmail.store.record import Writer
from complaintmail.triage.known import Known, KnownMail


@dataclass(slots=True)
class Batch:
    """What the mails of one transaction share: what is known, what may be spent, what they have opened so far."""

    writer: Writer
    known: Known
    budget: Budget
    first: Mapping[int, Impression] = field(default_factory=dict)  # what each says by itself, by its entry
    opened: dict[int, Mapping[str, object]] = field(default_factory=dict)
    noted: set[tuple[int, str]] = field(default_factory=set)
    policies: set[tuple[str, str]] = field(default_factory=set)  # whose text is there once this is committed

    def remember(self, message: Message, kept: KnownMail) -> None:
        self.known.by_identity[message.identity] = kept
        if message.message_id:
            self.known.by_message_id.setdefault(message.message_id, []).append(kept)
