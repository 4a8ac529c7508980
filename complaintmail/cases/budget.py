"""How many automatic answers may go, to whom (TRUST rule 12, D9). What is over the limit waits for a person.

Counts are loaded for a batch and kept up to date within it. Big mail providers count by address only: their domain
says nothing about who writes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from complaintmail.mail.message import Message

ALIKE_LIMIT = 10  # so many different addresses with word for word the same text within a day: a machine, or a campaign

BIG_PROVIDERS = frozenset(
    (
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "outlook.co.uk",
        "hotmail.com",
        "hotmail.co.uk",
        "live.com",
        "live.co.uk",
        "msn.com",
        "yahoo.com",
        "yahoo.co.uk",
        "ymail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "aol.co.uk",
        "btinternet.com",
        "btopenworld.com",
        "sky.com",
        "talktalk.net",
        "virginmedia.com",
        "ntlworld.com",
        "blueyonder.co.uk",
        "protonmail.com",
        "proton.me",
        "gmx.com",
        "gmx.net",
        "gmx.de",
        "web.de",
        "orange.fr",
        "mail.com",
        "zoho.com",
        "fastmail.com",
        "tiscali.co.uk",
        "plusnet.com",
    )
)

SAME_TEXT_AT_LEAST = 40  # characters: below that, two people may well say the same


def text_key(message: Message) -> str:
    """What is compared to notice one text sent from ever new addresses; '' when the text is too short to tell."""
    return message.body_hash if len(message.new_text) >= SAME_TEXT_AT_LEAST else ""


def counted_as(address: str) -> str:
    """The mailbox that letters to this address arrive in, as far as anybody can tell: `jane+1@`, `jane+2@` and Gmail's
    `j.ane@` are one person, and one victim."""
    local, _, domain = address.lower().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        return f"{local.replace('.', '') or local}@gmail.com"
    return f"{local}@{domain}"


def counted_domain(address: str) -> str:
    """The organisation's domain: whoever owns `example.co.uk` has any number of domains below it."""
    labels = address.lower().rpartition("@")[2].split(".")
    second = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if second else -2 :])


_SECOND_LEVEL = frozenset(["ac", "co", "com", "edu", "gov", "ltd", "me", "net", "nhs", "org", "plc", "police", "sch"])


@dataclass(frozen=True, slots=True)
class Limits:
    per_address_per_day: int = 5
    per_domain_per_hour: int = 200
    per_hour: int = 1000
    brake: int = 50


@dataclass(slots=True)
class Budget:
    """Answers already owed or sent, by address (a day), by domain (an hour) and in all (an hour)."""

    limits: Limits
    by_address: Counter[str] = field(default_factory=Counter)  # as `counted_as` has them
    by_domain: Counter[str] = field(default_factory=Counter)
    in_all: int = 0
    same_text: dict[str, set[str]] = field(default_factory=dict)  # text key → the addresses it came from

    def objection(self, address: str, text: str) -> str | None:
        """Why an answer to this address has to wait for a person; None when it may go."""
        domain = counted_domain(address)
        if self.by_address[counted_as(address)] >= self.limits.per_address_per_day:
            return f"{self.limits.per_address_per_day} automatic answers went to this address within a day already"
        if domain not in BIG_PROVIDERS and self.by_domain[domain] >= self.limits.per_domain_per_hour:
            return f"{self.limits.per_domain_per_hour} automatic answers went to {domain} within an hour already"
        if self.in_all >= self.limits.per_hour:
            return f"{self.limits.per_hour} automatic answers went out within an hour already"
        others = self.same_text.get(text, set()) - {address} if text else set()
        if len(others) >= ALIKE_LIMIT:
            return f"word for word the same text came from {len(others)} other addresses within a day"
        return None

    def spend(self, address: str) -> None:
        self.by_address[counted_as(address)] += 1
        self.by_domain[counted_domain(address)] += 1
        self.in_all += 1

    def note_text(self, address: str, text: str) -> None:
        if text:
            self.same_text.setdefault(text, set()).add(address)
