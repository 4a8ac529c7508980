"""What the casebook already knows that bears on a batch of mails: the facts `recognise` decides on.

Loaded in a few queries for the whole batch (store.casebook), and kept up to date as the batch's own mails open cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case, as far as recognising mail needs it."""

    id: int
    reference: str
    policy: str
    kind: str
    status: str
    mailbox: str
    received_at: datetime
    closed_at: datetime | None
    complainant: str | None  # address key
    addresses: frozenset[str]  # of the complainant; an unverified third party's is not among them
    subject: str = ""
    words: str = ""  # what the complainant first wrote
    outcome: str | None = None
    appeal_by: datetime | None = None  # the last moment of an appeal in time; none: no window
    standings: Mapping[str, str] = field(default_factory=dict)  # address → complainant, third party, consulted
    course: Mapping[str, Any] = field(default_factory=dict)  # what was recorded on its way, by name
    responded: bool = False


@dataclass(frozen=True, slots=True)
class KnownLetter:
    id: str
    case_id: int | None
    kind: str
    recipient: str
    state: str
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownMail:
    """A mail already taken in."""

    id: int
    case_id: int | None
    kind: str
    received_at: datetime
    from_address: str | None = None


@dataclass(slots=True)
class Known:
    """Mutable on purpose: the second mail of a batch must see what the first one opened."""

    by_identity: dict[str, KnownMail] = field(default_factory=dict)
    by_message_id: dict[str, list[KnownMail]] = field(
        default_factory=dict
    )  # ids are re-used, by clients and on purpose
    letters: dict[str, KnownLetter] = field(default_factory=dict)  # by letter id
    aliases: dict[str, str] = field(default_factory=dict)  # Message-ID a server gave one of ours → letter id
    cases: dict[int, KnownCase] = field(default_factory=dict)
    by_reference: dict[str, int] = field(default_factory=dict)
    by_address: dict[str, list[int]] = field(default_factory=dict)  # live or recent cases of an address, oldest first

    def add_case(self, case: KnownCase) -> None:
        self.cases[case.id] = case
        self.by_reference[case.reference] = case.id
        for address in case.addresses:
            known = self.by_address.setdefault(address, [])
            if case.id not in known:
                known.append(case.id)
