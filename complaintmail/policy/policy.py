"""A policy, as data: what one organisation promised, clause by clause.

Frozen values made by `policy.load` from a TOML file. No code knows an organisation's name; what one policy does
differently from another is a value here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Nation(StrEnum):
    """Whose public holidays count."""

    ENGLAND_WALES = "england-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


class Unit(StrEnum):
    DAYS = "days"
    WORKING_DAYS = "working days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as a policy writes it: 5 working days, 2 days, 1 month."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        unit = str(self.unit)
        return f"{self.amount} {unit[:-1] if self.amount == 1 else unit}"


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered rule: its id (CMS-1.3a), the policy's own heading, and what it says in our words.

    `kept_by`: the part of the program that keeps it (mechanisms.py), where no duty or stage of the file does.
    `law`: an Act asks for it; the policy's own text does not.
    """

    id: str
    heading: str
    says: str
    kept_by: tuple[str, ...] = ()
    law: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """An ambiguous word of the policy, the choice made, and what follows from it."""

    clause: str
    words: str
    chosen: str
    consequence: str
    approved_by: str | None = None
    approved_on: date | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """Who does what. `by_area`: one person for each area of work. Nobody in it: `falls_to`, at last the owner."""

    name: str
    title: str
    by_area: bool = False
    falls_to: str | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """A kind of thing owed on a case, with its window. `by_severity` wins over `within` where the case has one.

    `starts`: what opens it (receipt, appeal, outcome …). `needs_writing`: holds for written complaints only.
    """

    kind: str  # acknowledge, decide, set-date, contact, respond, progress, appeal …
    clause: str
    role: str
    within: Span | None = None
    by_severity: tuple[tuple[str, Span], ...] = ()
    starts: str = "receipt"
    needs_writing: bool = False
    ours: bool = False  # "our setting": the policy text leaves it open
    rolls_forward: bool = False  # ends on a day nobody works: moves to the next working day (data-protection clocks)
    repeats: Span | None = None  # owed again so long after it was last met (progress letters)
    alternate: str = ""  # the role that does it when the first one may not (a director who investigated)


@dataclass(frozen=True, slots=True)
class OutsideBody:
    """Where a complainant may go next, with the day on which somebody last looked that it is still there."""

    name: str
    contact: str
    checked_on: date
    closed_on: date | None = None
    note: str = ""
    serves: tuple[str, ...] = ()  # the areas or nations it is for; empty: everybody


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the organisation with its own people, and the words by which a mail about it is known."""

    name: str
    title: str
    words: tuple[str, ...] = ()


Sources = tuple[tuple[str, str], ...]  # what is asked for, and the id of the clause that asks for it


def _source(sources: Sources, key: str) -> str:
    return next((clause for asked, clause in sources if asked == key), "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the outcome of a complaint needs before its letter goes, what the letter tells, and who hears of it."""

    asks: tuple[str, ...] = ()  # stages.ASKS: each is given, or a reason for its absence
    tells: tuple[str, ...] = ()  # which of them the letter to the complainant carries
    consider: tuple[str, ...] = ()  # prompts; each is answered in a line ("considered")
    copies: tuple[str, ...] = ()  # roles that get a summary once it has gone
    satisfied: bool = False  # the complainant is asked afterwards whether it settled the matter
    clauses: Sources = ()

    def clause_of(self, key: str) -> str:
        """Where "actions", "copies", "satisfied" … comes from; '' where the file does not say."""
        return _source(self.clauses, key)


@dataclass(frozen=True, slots=True)
class Appeal:
    """Who hears an appeal. `within`: how long the complainant has; None: no window. `next`: where to go after it."""

    clause: str
    role: str
    alternate: str = ""  # the role that hears it when the first one had a part in the answer
    within: Span | None = None
    next: str = ""  # a body or a role


@dataclass(frozen=True, slots=True)
class Closing:
    """What a case needs before it is closed, or a reason for its absence: "meeting", "log"."""

    needs: tuple[str, ...] = ()
    clauses: Sources = ()

    def clause_of(self, key: str) -> str:
        return _source(self.clauses, key)


@dataclass(frozen=True, slots=True)
class Referral:
    """A matter that belongs elsewhere. Proposed to staff; nothing is passed on, and nobody told, without their word.

    With an `address` the mail is passed on there; without one the sender is told where it belongs.
    """

    to: str
    clause: str
    says: str  # what the sender is told
    address: str = ""
    words: tuple[str, ...] = ()  # a mail with one of these may be such a matter
    staff: bool = False  # what comes from an address of our own staff may be one


@dataclass(frozen=True, slots=True)
class End:
    """The end of correspondence: how many further mails on a finished matter are answered, with a courteous note."""

    clause: str
    answers: int = 1


@dataclass(frozen=True, slots=True)
class Assessment:
    """An assessment that failed: the actions that it brings, and the roles that are told."""

    clause: str
    actions: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Praise:
    """Where praise goes besides the log. `board`: it is shown for all to see; `keeper`: who looks after that board."""

    clause: str
    passes_to: str = ""  # the role that hands it to whom it is about, where no name is known
    board: bool = False
    keeper: str = ""
    clauses: Sources = ()

    def clause_of(self, key: str) -> str:
        """Where "board" or "passes_to" comes from: a clause of its own, else this table's."""
        return _source(self.clauses, key) or self.clause


@dataclass(frozen=True, slots=True)
class Share:
    """With whom an anonymised summary of what was done and learnt may be shared."""

    clause: str
    whom: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogForm:
    """The columns of the policy's own complaints log: each heading, and what stands under it. `printed`: those of a
    shorter form on paper."""

    clause: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    printed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PublicWords:
    """What the page for the public says that nothing else of the file does; '' for what the program says by itself."""

    first: str = ""  # before the ways to complain: whom somebody may like to speak with first
    help: str = ""  # what help there is for whoever finds it hard to complain


@dataclass(frozen=True, slots=True)
class Policy:
    name: str  # the file's name: cms
    version: str  # declared version + short digest of the file: "2018-11/3f9a1c2b"
    source: str  # where it was read from, for messages
    text: str  # the file itself, kept with the cases opened under it
    title: str
    organisation: str
    prefix: str  # CMS in CMS-2026-000123
    nation: Nation
    timezone: str
    owner: str  # the role that owns the policy
    first: str  # the role that decides or deals first
    clauses: tuple[Clause, ...]
    readings: tuple[Reading, ...]
    roles: tuple[Role, ...]
    duties: tuple[Duty, ...]
    closures: tuple[tuple[date, date, str], ...] = ()  # first day, last day, why
    handler: str = ""  # the role that deals with every complaint from the start, where the policy names one
    serious: str = ""  # the role that is told of a serious case at once; none named: the policy's owner
    severity: str = "medium"  # the severity of a case before somebody says otherwise
    deals: str = ""  # for letters: who deals with it, as a sentence with {person}
    next_step: str = ""  # for letters: what happens next, one or two sentences
    if_unhappy: str = ""  # for letters: where the policy says to go next
    contact: tuple[tuple[str, str], ...] = ()  # for letters: how to reach a person ("By telephone", "01234 …")
    bodies: tuple[OutsideBody, ...] = ()
    retention: Span | None = None
    review_on: date | None = None
    review_every: Span | None = None
    extra_holidays: tuple[tuple[date, str], ...] = ()  # public holidays proclaimed after this program was made
    post_takes: Span = Span(2, Unit.WORKING_DAYS)  # a letter by post counts as received so long after posting
    areas: tuple[Area, ...] = ()
    ladder: tuple[str, ...] = ()  # where a complaint goes next: roles, then outside bodies, by name
    letterhead: tuple[str, ...] = ()  # lines at the top of a printed letter
    outcome: Outcome = Outcome()
    appeal: Appeal | None = None  # None: there is no appeal stage
    closing: Closing = Closing()
    referrals: tuple[Referral, ...] = ()
    end: End | None = None  # None: further mails are further mails
    assessment: Assessment | None = None
    praise: Praise | None = None
    share: Share | None = None
    pauses: bool = False  # while an answer is waited for, the dates stand still; never the acknowledgement's
    public: PublicWords = PublicWords()
    log: LogForm = LogForm()

    def role(self, name: str) -> Role | None:
        return next((role for role in self.roles if role.name == name), None)

    def clause(self, clause_id: str) -> Clause | None:
        return next((clause for clause in self.clauses if clause.id == clause_id), None)

    def duty(self, kind: str) -> Duty | None:
        return next((duty for duty in self.duties if duty.kind == kind), None)

    def body(self, name: str) -> OutsideBody | None:
        return next((body for body in self.bodies if body.name == name), None)


@dataclass(frozen=True, slots=True)
class Counted:
    """A date and how it was counted, in one sentence that a complaints officer can check on a wall calendar."""

    due_on: date
    due_at: datetime  # the last moment that still counts: 23:59:59 of due_on in the policy's timezone
    why: str
    warning: str | None = None  # e.g. the holiday tables end before this date


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty as it is owed on one case from now on. `counted` is None while its date is still to be set."""

    kind: str
    clause: str
    role: str
    counted: Counted | None
    warnings: tuple[str, ...] = field(default=())
