"""What a mail says, as values.

Owns the vocabulary of reading: `Message` and its parts are frozen, printable (no control characters but LF and TAB in
texts), and safe to hand to any other module. Nothing here reads bytes; `mail.read` does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox as written in a header: `name` is decoded and clean, `address` a bare addr-spec or ''."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()

    @property
    def key(self) -> str:
        """The form in which two addresses are compared."""
        return self.address.lower()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the text. `name` is for display only and never a path; `index` finds it in the raw mail."""

    name: str
    type: str
    size: int
    index: int
    sha256: str = ""


class Automatic(StrEnum):
    """What a mail is when no person wrote it to us just now."""

    NO = "no"
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class Bounce:
    """One recipient's fate as another server reports it. `action`: failed, delayed, delivered, relayed, expanded."""

    recipient: str | None
    status: str | None
    action: str
    diagnostic: str = ""
    original_message_id: str | None = None
    original_envelope_id: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Who or what made this mail: the verdict of `mail.automatic`, with reasons that a person can read.

    `hold_answer` is set where a person wrote, but nothing may be answered by itself (X-Auto-Response-Suppress,
    a loop suspect): the case opens and its acknowledgement becomes a person's duty.
    """

    automatic: Automatic = Automatic.NO
    sure: bool = True
    reasons: tuple[str, ...] = ()
    bounces: tuple[Bounce, ...] = ()
    hold_answer: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, understood. Every field has a value whatever the bytes were; oddities are in `defects`."""

    sha256: str
    size: int
    message_id: str | None = None  # with its angle brackets, as on the wire
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    from_: tuple[Address, ...] = ()
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    return_path: str | None = None  # '' is the null path <>; None: the header is absent
    delivered_to: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()  # lower-case name, clean unfolded value; in order
    text: str = ""
    new_text: str = ""
    attachments: tuple[Attachment, ...] = ()
    body_hash: str = ""  # over the decoded content without trace headers: see `identity`
    identity: str = ""  # the same mail again: Message-ID, From, Date and body_hash together
    origin: Origin = field(default_factory=Origin)
    defects: tuple[str, ...] = ()
    error: str | None = None  # why it could not be fully read; what could be read still stands above

    def header(self, name: str) -> str | None:
        """The first header of that name (lower case), or None."""
        for key, value in self.headers:
            if key == name:
                return value
        return None

    def headers_named(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.headers if key == name)

    @property
    def writer(self) -> Address | None:
        """The one address this mail says it is from; None when there is none, or several disagree."""
        usable = {a.key for a in self.from_ if a.address}
        if len(usable) != 1:
            return None
        return next(a for a in self.from_ if a.address)
