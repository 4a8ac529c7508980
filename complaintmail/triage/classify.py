"""What a person's mail is about: complaint, praise, enquiry or spam. The first, careful rule.

Owns the verdict `Classification` on a mail that a person wrote. Promises: when unsure it is a complaint (`sure` is
False, and a person is asked); praise and enquiry only where they are clear and nothing in them sounds dissatisfied;
spam only where the mail server said so and nobody complains; the reasons name the words. Pure, and quick enough to be
asked about every mail. A better reader takes the place of `classify` and keeps its signature.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from complaintmail.mail.grievance import grievance
from complaintmail.mail.message import Message
from complaintmail.mail.spam_marks import spam_mark
from complaintmail.triage.judge import Judge
from complaintmail.triage.language import language
from complaintmail.triage.verdicts import Classification, Kind
from complaintmail.triage.words import (
    COMMON,
    COMPLAINT,
    COMPLAINT_PHRASES,
    DOUBT,
    ENQUIRY_PHRASES,
    HARM_PHRASES,
    HARM_WORDS,
    NEGATIONS,
    PRAISE,
    PRAISE_PHRASES,
)

READ = 6000  # characters of a text that are read; a complaint says so before
LONG = 160  # words; a longer mail is no simple question
SURE = 2.0  # this weight of dissatisfaction leaves no doubt

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")


@dataclass(slots=True)
class _Weights:
    """What the words of one mail add up to."""

    complaint: float = 0.0
    praise: float = 0.0
    enquiry: float = 0.0
    complaint_words: list[str] = field(default_factory=list)
    praise_words: list[str] = field(default_factory=list)
    enquiry_words: list[str] = field(default_factory=list)
    doubt: str = ""
    harm: dict[str, str] = field(default_factory=dict)
    count: int = 0
    common: int = 0


def classify(message: Message, purpose: str, judge: Judge | None = None) -> Classification:
    """The verdict on a mail that a person wrote. `purpose`: 'general' or 'complaints', as the mailbox is used.
    `judge`: who decides beside the rules; None is what is shipped."""
    said = language(_WORD.findall(f"{message.subject}\n{message.new_text}"[:READ].lower().replace("’", "'")))
    return replace(_by_rules(message, purpose), language=said)


def _by_rules(message: Message, purpose: str) -> Classification:
    text = f"{message.subject}\n{message.new_text}"[:READ]
    weights = weigh(text)
    spam = spam_verdict(message)
    if weights.count == 0:
        return _unsure("It has no words to go by" + (", only attachments." if message.attachments else "."), weights)
    foreign = weights.count >= 8 and weights.common / weights.count < 0.12
    spoken = grievance(text) if foreign or spam else None
    if spam and not weights.complaint and spoken is None:
        return Classification(Kind.SPAM, 0.05, True, (f"The mail server marked it as spam ({spam}).",))
    if spam:
        word = spoken or weights.complaint_words[0]
        return _unsure(
            f"The mail server marked it as spam ({spam}), but it sounds dissatisfied (“{word}”): hold any answer.",
            weights,
        )
    if foreign:
        why = f"It says “{spoken}”" if spoken else "It is in a language that this rule does not read"
        return _unsure(f"{why}: taken for a complaint until a person has read it.", weights, 0.8 if spoken else 0.5)
    return _by_weight(weights, purpose, "?" in text)


def _by_weight(weights: _Weights, purpose: str, asks: bool) -> Classification:
    if weights.complaint >= SURE:
        return _complaint(weights, True)
    if weights.complaint > 0:
        return _complaint(weights, False)
    if weights.doubt or weights.harm:
        why = weights.doubt or next(iter(weights.harm))
        return _unsure(f"No clear words of dissatisfaction, but “{why}” leaves a doubt.", weights, 0.5)
    enough = 3.0 if purpose == "complaints" else 2.0
    if weights.praise >= enough and len(weights.praise_words) >= 2 and not asks:
        return Classification(Kind.COMPLIMENT, 0.05, True, (f"It praises ({_quoted(weights.praise_words)}).",))
    needed = 4.0 if purpose == "complaints" else 1.5
    if weights.enquiry >= needed and (asks or weights.enquiry >= 3.0) and weights.count <= LONG:
        return Classification(Kind.ENQUIRY, 0.1, True, (f"It asks a question ({_quoted(weights.enquiry_words)}).",))
    return _unsure(
        "Nothing in it says clearly what it is: taken for a complaint until a person says otherwise.", weights
    )


def _complaint(weights: _Weights, sure: bool) -> Classification:
    score = round(1 - 0.5 ** (weights.complaint + (1 if sure else 0.5)), 3)
    severity, why = _severity(weights)
    reasons = (f"It sounds dissatisfied ({_quoted(weights.complaint_words)}).", *why)
    if weights.praise >= 2:
        reasons += (f"It praises as well ({_quoted(weights.praise_words)}).",)
    return Classification(Kind.COMPLAINT, score, sure, reasons, severity)


def _unsure(reason: str, weights: _Weights, score: float = 0.5) -> Classification:
    severity, why = _severity(weights)
    return Classification(Kind.COMPLAINT, score, False, (reason, *why), severity)


def _severity(weights: _Weights) -> tuple[str, tuple[str, ...]]:
    """Rules only raise it: harm to people, or the law."""
    if not weights.harm:
        return "medium", ()
    reasons = []
    for kind, said in (("harm", "It may tell of harm to somebody"), ("law", "It speaks of lawyers, police or courts")):
        words = [word for word, why in weights.harm.items() if why == kind]
        if words:
            reasons.append(f"{said} ({_quoted(words)}): severity high.")
    return "high", tuple(reasons)


def _quoted(words: list[str]) -> str:
    return ", ".join(f"“{word}”" for word in dict.fromkeys(words[:6]))


def spam_verdict(message: Message) -> str | None:
    """The header by which the receiving mail server calls this spam, or None."""
    return spam_mark(message)


def weigh(text: str) -> _Weights:
    """Add up the words, minding negation: "not happy" counts against, "no problems" does not count."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    weights = _Weights(count=len(words), common=sum(map(COMMON.__contains__, words)))
    denied = dealt = -9  # where the last negation stood, and the last word that a phrase took with it
    for at, word in enumerate(words):
        flags = _FLAGS.get(word)
        if flags is None:
            continue
        if flags & _ENDS and at and words[at - 1] in _BEFORE[word]:
            if _phrase(weights, f"{words[at - 1]} {word}"):
                dealt = at
            if at > 1 and _phrase(weights, f"{words[at - 2]} {words[at - 1]} {word}"):
                dealt = at
        if flags & _WEIGHS and dealt != at:
            _word(weights, word, at - denied <= 3)
        if flags & _HARM:
            weights.harm[word] = HARM_WORDS[word]
        if flags & _DOUBT and not weights.doubt:
            weights.doubt = word
        if flags & _NEGATES:
            denied = at
    return weights


def _word(weights: _Weights, word: str, denied: bool) -> None:
    weight = COMPLAINT.get(word)
    if weight is not None:
        if not denied or (weight > SURE and not word.startswith("complain")):  # "without heating, unacceptable"
            weights.complaint += weight
            weights.complaint_words.append(word)
        return
    weight = PRAISE[word]
    if not denied:
        weights.praise += weight
        weights.praise_words.append(word)
    elif weight >= 1:
        weights.complaint += 1
        weights.complaint_words.append(f"not {word}")


def _phrase(weights: _Weights, phrase: str) -> bool:
    """Count a phrase; True when its last word is thereby dealt with."""
    weight = COMPLAINT_PHRASES.get(phrase)
    if weight is not None:
        weights.complaint += weight
        weights.complaint_words.append(phrase)
        return True
    weight = PRAISE_PHRASES.get(phrase)
    if weight is not None:
        weights.praise += weight
        weights.praise_words.append(phrase)
        return True
    weight = ENQUIRY_PHRASES.get(phrase)
    if weight is not None:
        weights.enquiry += weight
        weights.enquiry_words.append(phrase)
    elif phrase in HARM_PHRASES:
        weights.harm[phrase] = HARM_PHRASES[phrase]
    return False


_ENDS, _WEIGHS, _HARM, _DOUBT, _NEGATES = (1 << bit for bit in range(5))


def _before() -> dict[str, set[str]]:
    """For each word that ends a phrase, the words that stand before it in one."""
    before: dict[str, set[str]] = {}
    for phrases in (COMPLAINT_PHRASES, PRAISE_PHRASES, ENQUIRY_PHRASES, HARM_PHRASES):
        for phrase in phrases:
            *_, last_but_one, last = phrase.split(" ")
            before.setdefault(last, set()).add(last_but_one)
    return before


def _flags() -> dict[str, int]:
    """What to look for at each word, so that the many words of no interest cost one look-up."""
    flags: dict[str, int] = {}
    for flag, words in (
        (_ENDS, set(_BEFORE)),
        (_WEIGHS, {*COMPLAINT, *PRAISE}),
        (_HARM, set(HARM_WORDS)),
        (_DOUBT, DOUBT),
        (_NEGATES, NEGATIONS),
    ):
        for word in words:
            flags[word] = flags.get(word, 0) | flag
    return flags


_BEFORE = _before()
_FLAGS = _flags()
