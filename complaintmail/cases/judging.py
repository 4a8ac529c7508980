"""The verdict on what a person wrote, believed no further than it deserves.

Owns the safety that hangs on no model: whatever is asked may fail, answer nonsense or be wrong, and what it says is
sure enough to let a mail go only where nothing else speaks against it. What cannot be believed is unsure, and an unsure
mail is acknowledged and put to a person. Never fails. Pure.
"""

from __future__ import annotations

import re
from dataclasses import replace
from math import isfinite

from complaintmail.cases.arrival import House
from complaintmail.mail.grievance import grievance
from complaintmail.mail.message import Message
from complaintmail.mail.spam_marks import spam_mark
from complaintmail.policy.policy import Policy
from complaintmail.triage.named import named_in
from complaintmail.triage.verdicts import Classification, Kind

LET_GO = frozenset({Kind.ENQUIRY, Kind.SPAM, Kind.BULK})  # surely one of these: no case, and on the day's list
JUDGED = LET_GO | {Kind.COMPLAINT, Kind.COMPLIMENT}
LANGUAGES = ("en", "cy", "other")
SEVERITIES = ("low", "medium", "high")
READ = 6000  # characters in which it may speak of what hangs on it
_HANGS = re.compile(r"(?i)\b(?:attach|enclos|amgae)")
_PAPERS = re.compile(r"(?i)\b(?:letter|statement|document|form|report|complaint|llythyr)")
LIKE_A_COMPLAINT = 0.5  # with this score nothing is surely something else


def judged(message: Message, house: House, policy: Policy) -> Classification:
    """What it is, by whoever the house asks."""
    try:
        said = house.ask(message, house.purpose, house.judge)
        if not isinstance(said, Classification):
            raise TypeError(f"{type(said).__name__} is no verdict")
        said = _plain(said)
    except Exception as failure:  # no failure of a judge costs anybody their acknowledgement
        why = f"The program could not judge it ({type(failure).__name__}): a person has to say what it is."
        return Classification(Kind.COMPLAINT, LIKE_A_COMPLAINT, False, (why,))
    if said.sure and said.language != "en" and said.kind is not Kind.SPAM:
        doubt = "It is not in English, so somebody who reads it has to say what it is."
    else:
        doubt = _doubt(said, message, house, policy) if said.sure and said.kind is not Kind.COMPLAINT else ""
    return replace(said, sure=False, reasons=(*said.reasons, doubt)) if doubt else said


def _plain(said: Classification) -> Classification:
    """The same, with every value one that there can be. A score that is none makes it unsure."""
    kind, sure, score = Kind(said.kind), said.sure is True, said.score
    reasons = tuple(str(reason) for reason in said.reasons) or ("It was judged without a reason.",)
    if kind not in JUDGED:
        kind, sure, reasons = Kind.COMPLAINT, False, (*reasons, f"No person's mail is called “{kind}” by its words.")
    if not isinstance(score, (int, float)) or not isfinite(score) or not 0 <= score <= 1:
        score, sure, reasons = LIKE_A_COMPLAINT, False, (*reasons, "How much it reads like a complaint is not known.")
    language = said.language if said.language in LANGUAGES else "en"
    severity = said.severity if said.severity in SEVERITIES else "medium"
    return replace(
        said, kind=kind, sure=sure, score=float(score), reasons=reasons, severity=severity, language=language
    )


def _doubt(said: Classification, message: Message, house: House, policy: Policy) -> str:
    """What speaks against letting it go as something else; '' where nothing does."""
    if (said.score or 0.0) >= LIKE_A_COMPLAINT:
        return "It reads too much like a complaint to be let go."
    if (words := grievance(f"{message.subject}\n{message.new_text}")) is not None:
        return f"It says “{words}”, so it is not let go."
    if said.kind is Kind.SPAM and spam_mark(message, house.authserv_id) is None:
        return "Our own mail server does not call it spam, so it is not let go as that."
    if said.kind is not Kind.SPAM and _unread(message):
        return "It speaks of something attached that the program does not read."
    return unlistable(message, house, policy) if said.kind in LET_GO and house.staffed else ""


def _unread(message: Message) -> bool:
    """Does it say that there is more to read in what hangs on it? In a picture there is, where it is of a letter."""
    if not message.attachments or not _HANGS.search(message.new_text[:READ]):
        return False
    pictures = all(one.type.startswith("image/") for one in message.attachments)
    return not pictures or _PAPERS.search(message.new_text[:READ]) is not None


def unlistable(message: Message, house: House, policy: Policy) -> str:
    """Why it cannot merely stand on the day's list of what was let go; '' where it can."""
    reader = house.people.officer(policy, policy.first).email
    if reader is None:
        return "Nobody would get the list of what was let go, so it is not."
    if any(one.email == reader for one in named_in(message.new_text, house.people.persons)):
        return "It names the one who would have it on their list, so it is not let go."
    return ""
