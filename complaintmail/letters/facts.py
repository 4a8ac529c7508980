"""The typed facts a letter may use. A template names these and nothing else; `template check` holds it to that.

Nothing here is Markdown or HTML: every string is plain text and enters a letter as a value. What a complainant
wrote (their name) is here only when the sender was authenticated; subject and text of their mail never are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from complaintmail.letters.words import NONE, Words

if TYPE_CHECKING:
    from complaintmail.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Somebody at the organisation. `name` is '' while only the role is known."""

    name: str
    role: str  # the role's title in plain words: "Operations Director"
    email: str = ""


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    name: str
    title: str
    organisation: str
    deals: str
    next_step: str
    if_unhappy: str
    contact: tuple[tuple[str, str], ...]
    board: bool = False  # kind words hang on a board, without names

    @classmethod
    def of(cls, policy: Policy) -> PolicyFacts:
        """What a policy file says for letters. `deals` keeps its {person}; rendering fills it in."""
        return cls(
            policy.name,
            policy.title,
            policy.organisation,
            policy.deals,
            policy.next_step,
            policy.if_unhappy,
            policy.contact,
            policy.praise is not None and policy.praise.board,
        )


@dataclass(frozen=True, slots=True)
class CaseFacts:
    reference: str
    kind: str
    received_on: date
    complainant: str = ""  # the name they gave, only when the sender was authenticated
    subject: str = ""  # likewise
    acknowledge_by: date | None = None
    respond_by: date | None = None
    respond_within: str = ""  # "10 working days"; '' when a person is still to set the date
    decide_by: date | None = None
    severity: str = "medium"


@dataclass(frozen=True, slots=True)
class ExtraFacts:
    """What some letters say besides, in words already; '' where there is nothing to say. `Words` have lines."""

    day: str = ""  # of the new date, the meeting
    old_day: str = ""
    time: str = ""
    place: str = ""
    reason: str = ""
    decision: str = ""  # "We uphold your complaint."
    last_day: str = ""  # of an appeal
    appeal_to: str = ""  # who considers it
    appeal_within: str = ""  # how long the answer to an appeal takes
    next_body: str = ""  # where to go after us
    next_contact: str = ""
    about: str = ""  # what the matter was, in a line
    who: str = ""  # somebody's name or address
    on_paper: str = ""  # "yes": it is printed and posted, and answers no email
    where: str = ""  # to whom a matter belongs
    despair: str = ""  # "yes": whoever wrote may mean to harm themselves
    points: Words = NONE  # of the complaint, each with what was found of it
    actions: Words = NONE
    prevention: Words = NONE
    learning: Words = NONE
    account: Words = NONE  # what was recorded of a call or a visit


NOTHING_MORE = ExtraFacts()
EXTRA_LINES = frozenset({"points", "actions", "prevention", "learning", "account"})  # those that are `Words`


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Everything a letter to a complainant may say."""

    case: CaseFacts
    policy: PolicyFacts
    person: PersonFacts  # who deals with it now
    mailbox: str  # the address to reply to
    today: date
    words: Words = NONE  # what a member of staff wrote
    extra: ExtraFacts = NOTHING_MORE
