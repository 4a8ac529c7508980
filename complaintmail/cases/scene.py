"""A case as it stands when a member of staff writes about it: everything that a command may look at. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from complaintmail.cases.people import Officer, People, Person
from complaintmail.mail.message import Message
from complaintmail.policy.policy import Policy
from complaintmail.triage.authority import Word


@dataclass(frozen=True, slots=True)
class DutyNow:
    """An open duty."""

    id: int
    kind: str
    clause: str
    role: str
    due_at: datetime | None
    why: str
    message_id: int | None
    round: int = 1


@dataclass(frozen=True, slots=True)
class OfferNow:
    """Something that waits for somebody's #yes."""

    id: int
    case_id: int | None
    person: str
    kind: str
    message_id: int | None
    payload: Mapping[str, Any]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class GoingNow:
    """An answer by staff: on its way, held back for a while, or gone."""

    id: str
    author: str
    state: str
    created_at: datetime
    not_before: datetime | None
    text: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class WrittenNow:
    """A letter to the complainant that no person wrote, and what became of it."""

    kind: str
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class MailNow:
    """A mail on the case, as far as threading and splitting need it."""

    id: int
    message_id: str | None
    kind: str
    from_address: str | None
    received_at: datetime
    subject: str


@dataclass(frozen=True, slots=True)
class ActionNow:
    """Something that is to be done about the matter."""

    n: int
    text: str
    by: str | None
    who: str | None
    kind: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseNow:
    id: int
    row: Mapping[str, Any]  # the columns of `cases`
    addresses: Mapping[str, str] = field(default_factory=dict)  # address → standing
    persons: Mapping[str, str] = field(default_factory=dict)  # staff address → suspected, complained about, cleared
    duties: tuple[DutyNow, ...] = ()
    mails: tuple[MailNow, ...] = ()
    going: tuple[GoingNow, ...] = ()
    written: tuple[WrittenNow, ...] = ()
    actions: tuple[ActionNow, ...] = ()
    praise: Mapping[str, Any] = field(default_factory=dict)  # the row of praise, where there is one
    last: Mapping[str, Any] = field(default_factory=dict)  # the last command that can be taken back

    @property
    def reference(self) -> str:
        return str(self.row["reference"])

    @property
    def status(self) -> str:
        return str(self.row["status"])

    @property
    def handler(self) -> str | None:
        """The handler's address key."""
        said = self.row["handler"]
        return str(said["email"]).lower() if said and said.get("email") else None

    @property
    def excluded(self) -> frozenset[str]:
        """Who may have no part in this case: suspected or known to be the person complained about, and whoever
        complains, should they be staff themselves."""
        about = (email for email, standing in self.persons.items() if standing != "cleared")
        return frozenset((*about, self.complainant) if self.complainant else about)

    @property
    def complainant(self) -> str | None:
        address = self.row["complainant_email"]
        return str(address).lower() if address else None

    @property
    def first_mail(self) -> int | None:
        """Its first mail; None where it was recorded from a call or a letter and nobody has written since."""
        return self.mails[0].id if self.mails else None

    @property
    def course(self) -> Mapping[str, Any]:
        """What was recorded on its way (learning, consultation …), by name."""
        return self.row["course"] or {}

    def duty(self, *kinds: str) -> tuple[DutyNow, ...]:
        return tuple(duty for duty in self.duties if duty.kind in kinds)


@dataclass(frozen=True, slots=True)
class RelayRules:
    """How answers by staff travel, by the settings."""

    hold: timedelta = timedelta(minutes=10)
    confirm: str = "first"


@dataclass(frozen=True, slots=True)
class Scene:
    """Who writes, about what, and what is known. `person` None: the administrator, by `act`."""

    person: Person | None
    word: Word
    case: CaseNow | None
    policy: Policy
    people: People
    now: datetime
    mailbox: str
    own: frozenset[str]
    rules: RelayRules
    offers: tuple[OfferNow, ...] = ()
    message: Message | None = None
    entry: int | None = None  # the journal entry of the mail that speaks
    answered_before: bool = False  # an answer of this person's has been sent after they had seen it
    others: Mapping[str, CaseNow] = field(default_factory=dict)  # other cases that the mail names, by reference
    mail: int | None = None  # a mail on no case, which is spoken of

    @property
    def by(self) -> str:
        return self.person.email if self.person else "administrator"

    @property
    def key(self) -> str:
        return self.by.lower()

    def officer(self, role: str) -> Officer:
        """Who holds a role for this case today: never who is complained about."""
        area = str(self.case.row["area"]) if self.case and self.case.row["area"] else None
        without = self.case.excluded if self.case else frozenset()
        return self.people.officer(self.policy, role, area=area, on=self.now.date(), without=without)
