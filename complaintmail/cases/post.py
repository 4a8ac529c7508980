"""A letter on its way out, and what became of one attempt: the words that the post and the cases share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LetterKind(StrEnum):
    """Every letter from a template. The first go by themselves; the others go on a person's word, mostly with their
    own words inside."""

    ACKNOWLEDGEMENT = "acknowledgement"  # a complaint: reference, who, by when, what next
    UNSURE = "unsure"  # right whether it is a complaint or not: received, reference, read by a person
    RECEIVED = "received"  # neutral: we have your mail, a person reads it; discloses nothing
    ADDED = "added"  # what you sent was added to your complaint
    THANKS = "thanks"  # praise
    CONCERN = "concern"  # in place of the acknowledgement, where somebody may be at risk
    APPEAL_RECEIVED = "appeal-received"
    FINISHED = "finished"  # the matter is at an end; sent at most once
    SATISFIED = "satisfied"  # did our answer settle it?
    CONSENT = "consent"  # may this person speak for you?
    BOARD_CONSENT = "board-consent"  # may your name hang with your kind words?

    DECIDED = "decided"  # who deals with it from now on
    DATED = "dated"  # by when the answer comes, once somebody has said so
    EXTENDED = "extended"  # it takes longer: why, and until when
    ASK = "question"
    PROGRESS = "progress"
    CONFIRM = "confirmation"  # what was agreed, in writing
    ASK_IN_WRITING = "ask-in-writing"  # please write your complaint down
    MEETING = "meeting"
    CONSULT = "consultation"  # to a third party
    SHARE = "shared"  # what was learnt, without names, to another body
    REFERRED = "referred"
    PASSED_ON = "passed-on"  # to where a matter belongs: what they wrote
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"
    OUTCOME = "outcome"
    APPEAL_OUTCOME = "appeal-outcome"


class NoticeKind(StrEnum):
    """Every mail this program sends to staff."""

    DECIDE = "decide"  # a new case: who deals with it?
    HANDLER = "handler"  # yours: a plain reply goes to the complainant
    ABOUT = "about"  # is it about a colleague?
    ADDED = "added-staff"  # something came on a case
    ATTEND = "attend"  # something only a person can settle
    TRANSCRIPT = "answer-staff"  # what came of their mail
    CONFIRM = "confirm"  # did you write this?
    SHOWN = "shown"  # their answer, before it goes
    ON_ITS_WAY = "on-its-way"
    GONE = "gone"  # their answer was sent
    TAKEN_OVER = "taken-over"
    SERIOUS = "serious"
    DEPUTY = "deputy"  # somebody only answers automatically
    DIGEST = "digest"
    REMINDER = "reminder"  # something is owed soon
    OVERDUE = "overdue"  # something is late: to who owes it, and up the ladder
    RECOUNT = "recount"  # the policy's file has changed: do the dates of open cases move?
    AUDIT = "audit"  # were these mails rightly no complaints?
    WELCOME = "welcome"
    PRAISE = "praise"  # kind words about them
    BOARD = "board"  # shall these words hang?
    POST = "post"  # a letter to print and to post
    COPY = "copy"  # what became of a case, to whom the policy names
    APPEAL = "appeal"  # were you involved?
    DRAFT = "draft"  # a letter to look at before it goes


# Letters that no person writes a word of: they may come twice without harm, and a mail alone can cause them.
AUTOMATIC = frozenset(
    {
        LetterKind.ACKNOWLEDGEMENT, LetterKind.RECEIVED, LetterKind.ADDED, LetterKind.THANKS,
        LetterKind.APPEAL_RECEIVED, LetterKind.FINISHED, LetterKind.SATISFIED, LetterKind.CONSENT,
        LetterKind.BOARD_CONSENT, LetterKind.CONCERN, LetterKind.UNSURE,
    }
)  # fmt: skip

ANSWER = "answer"  # a member of staff's words to the complainant, in the organisation's name


class Result(StrEnum):
    """What became of one attempt to hand a letter over."""

    SENT = "sent"  # 2xx after the dot: theirs now
    LATER = "later"  # certainly not accepted; worth another try
    REFUSED = "refused"  # certainly not accepted, and never will be
    DOUBT = "doubt"  # the final dot may have been flushed and nothing certain came back
    UNTRIED = "untried"  # this letter was not begun (connection refused, login refused, told not to)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter as it leaves: bytes stored before the first attempt, the same on every attempt."""

    letter_id: str
    mail_from: str
    recipient: str
    data: bytes
    evidence: str | None = None  # second recipient in the same transaction, or None
    envid: str | None = None  # ask for a success DSN under this id where the server offers DSN
    utf8: bool = False  # an address needs SMTPUTF8


@dataclass(frozen=True, slots=True)
class Outcome:
    letter_id: str
    result: Result
    phase: str  # connect, tls, auth, mail, rcpt, data, body, reply
    code: int | None = None
    reply: str = ""  # the server's words, clean and capped at 500 characters
    evidence: str | None = None  # which evidence was asked for and taken: bcc, dsn, or None
