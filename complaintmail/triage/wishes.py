"""What else a mail may want than to complain: to appeal against an answer or a grade, to take a complaint back, to
speak for somebody else. And the kind words in it. Each in the writer's own words; a person says whether it is so. Pure,
linear, never fails."""

from __future__ import annotations

import re
from functools import cache

from complaintmail.triage.needles import Needles, Said
from complaintmail.triage.rules import shipped_rules, weigh

READ = 8000  # characters
LONGEST = 600  # of kind words

_APPEALS = re.compile(
    r"\b(?:i|we) (?:\w+ ){0,4}(?:to )?appeal(?:ing)?\b(?! to (?:me|you|us|students|people))|"
    r"\b(?:my|our|this|an|formal|stage two) appeal\b(?! (?:to|for) (?:me|you|us|students|people|funds|donations))|"
    r"\bappeal (?:against|the) (?:the |your |this |that )?(?:decision|outcome|answer|response|finding|result|mark|"
    r"grade)\b|"
    r"\b(?:review|reconsider|look again at) (?:of )?(?:the|your|this) (?:decision|outcome|findings?|response|answer)\b|"
    r"\b(?:disagree|not (?:accept|satisfied|happy)|unhappy|dissatisfied) (?:with )?(?:the|your) "
    r"(?:decision|outcome|findings?|response|answer|reply)\b|"
    r"\b(?:take|taking) (?:it|this|the matter|my complaint) further\b|\bescalat(?:e|ing) (?:it|this|my complaint)\b",
    re.IGNORECASE,
)
_ASSESSED = re.compile(
    r"\b(?:grades?|marks?|marking|marked|exam(?:ination)?s?|assess(?:ment|or|ed)|resits?|failed|essay|assignment)\b",
    re.IGNORECASE,
)
_SELF = r"\b(?:i|we)\b[^.!?\n]{0,40}?"
_WITHDRAWS = re.compile(
    rf"{_SELF}\b(?:withdraw|drop(?:p(?=ing))?|retract|cancel|take back)(?:ing)?\s+(?:all (?:of )?)?"
    r"(?:my|our|the|this) complaint\b"
    r"|\b(?:please )?(?:consider|treat|regard) (?:my|our|the|this) complaint (?:as )?(?:to be )?withdrawn\b"
    r"|\bplease (?:withdraw|drop|cancel) (?:my|our|the|this) complaint\b"
    r"|\b(?:my|our|the|this) complaint (?:is|can be|may be|should be) (?:now |hereby )?(?:withdrawn|dropped)\b"
    rf"|{_SELF}\b(?:do not|don'?t|no longer) (?:want|wish) to (?:go on with|pursue|continue with|take)"
    r"[^.!?\n]{0,20}\bcomplaint\b",
    re.IGNORECASE,
)
_NOT_SO = re.compile(
    r"\b(?:not|never|won'?t|refuse to|if|unless|should i|shall i|can i|might|may) (?:\w+ ){0,4}"
    r"(?:withdraw|drop|retract|cancel|take back)",
    re.IGNORECASE,
)
_KIN = (
    r"son|daughter|child|children|husband|wife|partner|mother|mum|father|dad|parents?|brother|sister|aunt|uncle|"
    r"nephew|niece|cousin|grand\w+|friend|neighbour|client|patient|student|pupil|tenant|colleague|employee|relative"
)
BEHALF = re.compile(
    rf"\bon (?:the )?behalf of\b|\bon (?:my|our|her|his|their) (?:{_KIN})(?:'s|s'?) behalf\b|"
    r"\bon (?:her|his|their) behalf\b|"
    r"\b(?:i am|i'm|as) (?:her|his|their) (?:carer|guardian|advocate|representative|solicitor|lawyer)\b|"
    r"\b(?:i am|i'm|we are) (?:acting|writing|speaking) for\b",
    re.IGNORECASE,
)
FOR_SOMEBODY = re.compile(
    rf"\bon (?:the )?behalf of (?:my|our) (?:\w+ )?(?:{_KIN})\b|\bon (?:my|our) (?:{_KIN})(?:'s|s'?) behalf\b|"
    r"\b(?:i am|i'm|we are) (?:acting|writing|complaining) on behalf of (?:Mr|Mrs|Ms|Miss|Mx|Dr)\b",
    re.IGNORECASE,
)
_OF_A_BODY = re.compile(
    r"\s*(?:(?:the|our|my|a)\s+)?(?:\w+\s+){0,3}(?:company|firm|organisation|team|department|business|college|charity|"
    r"club|union|committee|board|ltd|limited|plc|llp)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def appeals(text: str) -> tuple[str, bool] | None:
    """The words that speak of an appeal, and whether it is about how something was marked; None without any."""
    read = text[:READ].replace("’", "'")
    match = _APPEALS.search(read)
    if match is None:
        return None
    around = read[max(0, match.start() - 200) : match.end() + 200]
    return " ".join(match[0].split())[:80], _ASSESSED.search(around) is not None


def withdraws(text: str) -> str | None:
    """The words by which somebody takes their complaint back; None where they do not, or only speak of it."""
    read = text[:READ].replace("\u2019", "'")
    match = _WITHDRAWS.search(read)
    return " ".join(match[0].split())[:80] if match is not None and not _NOT_SO.search(read) else None


def writes_for(text: str) -> str | None:
    """The words by which somebody says that they write for another person; for a company, they write themselves."""
    read = text[:READ].replace("\u2019", "'")
    for match in BEHALF.finditer(read):
        if not _OF_A_BODY.match(read, match.end()):
            said = " ".join(read[match.start() : match.end() + 30].split())
            return re.split(r"[.,;!?]", said)[0][:60].rsplit(" ", 1)[0] if len(said) > 40 else said.rstrip(".,;!? ")
    return None


@cache
def praising() -> frozenset[str]:
    """Everything by which the rules know praise: where none of it stands there is none."""
    return frozenset(shipped_rules().tables["praise"])


@cache
def _needles() -> Needles:
    return Needles(praising())


def kind_words(text: str, said: Said | None = None) -> str:
    """The sentences that praise and complain of nothing; '' where there are none. `said`: the text, where it was read
    before."""
    there = praising() & (said or _needles().said(text[:READ])).there
    if not there:
        return ""
    found: list[str] = []
    for match in _SENTENCE.finditer(" ".join(text[:READ].split("\r"))):
        sentence = " ".join(match[0].split())
        small = sentence.lower().replace("’", "'")
        for needle in there:
            if needle in small:
                break
        else:
            continue
        if len(sentence) < 12:
            continue
        weights = weigh(sentence)
        if weights.praise >= 1 and not weights.complaint and not weights.doubt and len(weights.praise_words) >= 1:
            found.append(sentence)
        if sum(map(len, found)) > LONGEST:
            break
    return " ".join(found)[:LONGEST]
