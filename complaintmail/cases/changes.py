"""What follows from a mail or from the post, as values. `store.casebook` writes each in one commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from complaintmail.cases.post import LetterKind
from complaintmail.cases.suggesting import Suggestion
from complaintmail.policy.policy import Counted, Owed
from complaintmail.triage.concerns import GRAVE, Found, named
from complaintmail.triage.verdicts import Kind


@dataclass(frozen=True, slots=True)
class Attend:
    """Something only a person can settle, with its reason and the same last moment as the duty it stands for."""

    why: str
    counted: Counted | None
    clause: str
    role: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A letter that this mail calls for. `hold`: why it waits for a person instead of going at once."""

    kind: LetterKind
    recipient: str
    hold: str | None = None
    due_at: datetime | None = None
    again: bool = False  # one of its kind may have gone before
    neutral: bool = False  # to somebody who is not on the case: it discloses nothing of it
    extra: Mapping[str, str] = field(default_factory=dict)  # as in `deeds.Write`


@dataclass(frozen=True, slots=True)
class Continuation:
    """What a mail on a case means for that case: `cases.continuing` reads it from the mail, and gives its `Deed`."""

    what: str
    reasons: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()  # put to a person
    letter: LetterKind | None = None  # goes by itself to whoever wrote
    noted: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewCase:
    kind: Kind
    sure: bool
    complainant_name: str
    complainant_email: str | None
    subject: str
    summary: str
    severity: str
    owed: tuple[Owed, ...]
    channel: str = "email"  # or website: a form's mail is a person's, but it did not come by theirs
    restricted: bool = False
    serious: bool = False
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Decision:
    """What one mail means: its kind and why, the case it opens or joins, the letter it calls for or why none is."""

    kind: Kind
    sure: bool
    score: float | None
    severity: str
    reasons: tuple[str, ...]
    opens: NewCase | None = None
    joins: int | None = None
    unverified: str | None = None  # an address to note on the case as a third party nobody has vouched for
    again: int | None = None  # the journal entry of which this is another copy
    answer: Answer | None = None
    not_answered: str | None = None
    attend: tuple[Attend, ...] = ()
    bounced: tuple[tuple[str, str], ...] = ()  # letter id, what the other server said
    continues: Continuation | None = None
    appeals: bool = False  # it disputes an outcome in time: the appeal stage begins
    delivered: tuple[str, ...] = ()  # letters that a delivery report proves accepted
    concerns: tuple[Found, ...] = ()  # what in its words cannot wait, or has a law's clock
    suggestions: tuple[Suggestion, ...] = ()  # what else may be in it, for a person to say
    language: str | None = None  # en, cy, other; None: nobody asked

    @property
    def grave(self) -> bool:
        """Somebody may be at risk."""
        return bool(named(self.concerns, GRAVE))
