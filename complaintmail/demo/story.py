"""Which mails come in, from whom, in what order. Their words are in mails/*.eml.

A mail there has its headers as they stand, but for what is filled in when it is sent: {mailbox} it goes to, and where
it answers a letter, {answers} that letter's Message-ID and {subject}, and its writer's {name} and {address}.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parseaddr
from pathlib import Path

MAILS = Path(__file__).with_name("mails")
YOU = "you@post.example"


@dataclass(frozen=True, slots=True)
class Scene:
    """One mail. It may answer the letter that a complaint of this policy got, be that complaint again, or come by
    itself from a mail server (no file)."""

    policy: str
    file: str | None
    what: str  # it is, in words
    answers_a_letter: bool = False
    again: bool = False

    @property
    def mailbox(self) -> str:
        return mailbox_of(self.policy)


@dataclass(frozen=True, slots=True)
class Written:
    """A mail ready to be sent."""

    name: str
    address: str
    subject: str
    message_id: str
    raw: bytes


def mailbox_of(policy: str) -> str:
    return f"info@{policy}.example"


def scenes(policies: Sequence[str]) -> list[Scene]:
    """A complaint for each policy; then what else comes to such inboxes, spread over them."""

    def nth(number: int) -> str:
        return policies[number % len(policies)]

    return [
        *(Scene(policy, f"complaint-{policy}", "a complaint") for policy in policies),
        Scene(nth(0), "out-of-office", "an out-of-office note", answers_a_letter=True),
        Scene(nth(1), "more", "a second mail, with a picture", answers_a_letter=True),
        Scene(nth(2), f"complaint-{nth(2)}", "the same mail again", again=True),
        Scene(nth(3), "newsletter", "a newsletter"),
        Scene(nth(4), "praise", "praise"),
        Scene(nth(3), "wrong-address", "a complaint, from a mistyped address"),
        Scene(nth(3), None, "a bounce of our answer"),
    ]


def complainants() -> list[str]:
    """Everybody in the story who can be written back to."""
    heads = (path.read_text(encoding="utf-8") for path in sorted(MAILS.glob("*.eml")) if _has_a_mailbox(path))
    return [*(parseaddr(_field(head, "From"))[1] for head in heads), YOU]


def _has_a_mailbox(path: Path) -> bool:
    return path.stem.startswith("complaint-") or path.stem == "praise"


def write(scene: Scene, now: datetime, *, answers: str = "", subject: str = "", writer: str = "") -> Written:
    """The scene's mail, dated now. `writer` as `Name <address>` where the file leaves it open."""
    text = (MAILS / f"{scene.file}.eml").read_text(encoding="utf-8")
    name, address = parseaddr(writer)
    filled = {"mailbox": scene.mailbox, "answers": answers, "subject": subject, "name": name, "address": address}
    for word, value in filled.items():
        text = text.replace(f"{{{word}}}", value)
    head, _, body = text.partition("\n\n")
    name, address = parseaddr(_field(head, "From"))
    message_id = f"<{secrets.token_hex(10)}@{address.rpartition('@')[2]}>"
    head += f"\nDate: {format_datetime(now)}\nMessage-ID: {message_id}\nMIME-Version: 1.0"
    if not _field(head, "Content-Type"):
        head += "\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit"
    raw = f"{head}\n\n{body}".replace("\n", "\r\n").encode()
    return Written(name, address, _field(head, "Subject"), message_id, raw)


def _field(head: str, name: str) -> str:
    for line in head.partition("\n\n")[0].splitlines():
        if line.lower().startswith(f"{name.lower()}:"):
            return line.partition(":")[2].strip()
    return ""
