"""What staff's words change, as values: each command gives some of these, `store.instructed` writes them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from complaintmail.cases.changes import NewCase
from complaintmail.cases.post import LetterKind
from complaintmail.policy.policy import Counted, Owed


@dataclass(frozen=True, slots=True)
class Change:
    """Columns of the case."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Meet:
    """Duties that are done, since when, and by what."""

    duties: tuple[int, ...]
    at: datetime
    evidence: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """A duty that was taken for done, or let go, is owed again, until when it was."""

    kind: str
    after: str = "met"  # or "void"


@dataclass(frozen=True, slots=True)
class Restore:
    """An open duty is again as it was before the last command."""

    duty: int
    due_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Waive:
    """Duties that no longer hold, and why."""

    duties: tuple[int, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Owe:
    """`round` tells one duty of a kind from the next; `who`: whose it is, where it is not the role's."""

    owed: Owed
    round: int = 1
    who: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Redate:
    """An open duty's last moment moves."""

    duty: int
    counted: Counted


@dataclass(frozen=True, slots=True)
class Regard:
    """A member of staff is suspected, complained about, or cleared of it."""

    email: str
    standing: str


@dataclass(frozen=True, slots=True)
class Vouch:
    """An address belongs to the complainant, or to a third party whom they allow."""

    address: str
    standing: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Words to the complainant, in the organisation's name."""

    text: str
    entry: int | None  # the mail whose attachments go with it
    at_once: bool = False  # its writer has seen it as it goes


@dataclass(frozen=True, slots=True)
class Write:
    """A letter from a template, with a member of staff's words in it. `extra`: more facts for it, by the names of
    `letters.facts.ExtraFacts`. `after`: what `cases.afterwards` needs to know once the mail server has taken it."""

    kind: LetterKind
    text: str = ""  # their words, cleaned
    entry: int | None = None  # the mail whose attachments go with it
    to: str | None = None  # a third party; None: the complainant
    at_once: bool = False  # its writer has seen it as it goes
    extra: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    calendar: str = ""  # an iCalendar file that goes with it


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter that its writer looks at, whole and as PDF, before a #send. `why`: what to look at; `missing`: lines
    that the policy asks for and nobody has filled in."""

    letter: Write
    payload: Mapping[str, Any]
    why: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Posted:
    """A printed letter was posted: what follows from it holds from then on."""

    kind: LetterKind
    after: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is to be done about the matter, by whom and until when; `n` None: a new one."""

    n: int | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Praised:
    """Columns of the row of praise: to whom it was passed on, what of it hangs on the board."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PassOn:
    """Kind words go to the people whom they are about. `words`: which; '': the giver's own mail."""

    to: tuple[str, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class HandOn:
    """What was something else is praise: it goes to the people whom it names, and to who hands it on to the others."""


@dataclass(frozen=True, slots=True)
class MakeCase:
    """A mail that was let go, by its number, becomes a case from the day it came."""

    mail: int


@dataclass(frozen=True, slots=True)
class AskBoard:
    """Kind words are shown to who keeps the board, as they would hang, and wait for their #yes. `named`: the giver's
    name would hang with them, by the consent that `consent` shows; `words`: others than the giver's own."""

    keeper: str
    named: bool = False
    words: str = ""
    consent: str = ""


@dataclass(frozen=True, slots=True)
class ShowBack:
    """Something is shown to who wrote it and waits for their #yes."""

    kind: str
    payload: Mapping[str, Any]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settle:
    """An offer is taken, or withdrawn."""

    offer: int
    state: str


@dataclass(frozen=True, slots=True)
class Recall:
    """Letters that have not left are taken back."""

    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """Letters that waited for a person go."""

    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withhold:
    """Letters of these kinds that wait do not go any more."""

    kinds: tuple[LetterKind, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Requeue:
    """A letter that was withheld waits again, as it did before: in its turn, or for a person."""

    letter: str
    state: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Tell:
    """A notice to somebody: `what` names which (handler, decide, about)."""

    email: str
    what: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """A new case from staff's words: a call, a letter, a mail that they passed on, or one split off."""

    new: NewCase
    received_at: datetime
    acknowledge: bool
    moves: tuple[int, ...] = ()  # mails that come along
    tie: str | None = None  # how it is tied to the case that was spoken of
    settled: str | None = None  # it was put right at once: kept, closed, and counted apart


@dataclass(frozen=True, slots=True)
class Tie:
    other: int
    how: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Everything of the case that was spoken of goes to the other one, which takes these values."""

    into: int
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TakeAsTheirs:
    """A mail that was held is taken as its writer's word now: it is obeyed as if it had been proved."""

    message_id: int


Effect = (
    Change | Meet | Reopen | Waive | Owe | Redate | Regard | Vouch | Answer | ShowBack | Settle | Recall | Release
    | Restore | Tell | Open | Tie | Merge | TakeAsTheirs | Write | Act | Draft | Posted | Withhold | Requeue
    | Praised | PassOn | AskBoard | HandOn | MakeCase
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deed:
    """What one command does, and how that is told. `back`: it can be taken back by #undo."""

    said: str
    effects: tuple[Effect, ...] = ()
    back: bool = False
    what: str = ""  # the name of the event; by default the command's
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a command was not done, and the lines that would be right, to fill in."""

    words: str
    right: tuple[str, ...] = ()
