"""What a person's mail is about: complaint, praise, enquiry or spam.

Owns the verdict `Classification` on a mail that a person wrote, from the rules, the trained model and what was learnt
here. Promises: when unsure it is a complaint (`sure` is False, and a person is asked); what the rules say surely
stays so unless the model finds the opposite; a mail with a strong word of dissatisfaction, in another language, not
read whole, or from a sender who is to be read is never "surely not a complaint", and without this installation's leave
no mail is by the model alone; spam only where the mail server said so and nobody complains; the reasons name the
words, the deciding fact first. The same mail and the same judge give the same verdict. It never raises: whatever goes
wrong in the model is an unsure complaint that says so. Pure, and quick enough to be asked about every mail.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import NamedTuple

from complaintmail.mail.grievance import grievance
from complaintmail.mail.message import Message
from complaintmail.triage.judge import HEAD, TAIL, Finding, Judge, find, readable, shipped
from complaintmail.triage.language import language
from complaintmail.triage.model import KINDS
from complaintmail.triage.rules import SURE, VETO, Rules, Weights, weigh, weigh_words, words_of
from complaintmail.triage.spam import spam_verdict
from complaintmail.triage.verdicts import Classification, Kind

LONG = 160  # words; a longer mail is no simple question
SHORT = 4  # words; of a shorter mail nothing is surely said by the model
CONTRADICTS = 0.6  # below this score the rules are not followed alone where they are sure of a complaint
DOUBTS, DOUBTS_PLAIN = 0.4, 0.5  # from this score on it doubts praise and questions, and plain ones, of the rules
PLAIN = 3.0  # this weight of praise or of a question is plain
FAR = 200_000  # characters; of what is marked as spam, so many are looked through for a complaint
CARE = 0.05  # a mailbox for complaints asks for so much more before the model alone opens, or lets go


class _Read(NamedTuple):
    message: Message
    weights: Weights
    purpose: str
    asks: bool
    whole: bool
    spoken: str  # the language


def classify(message: Message, purpose: str, judge: Judge | None = None, *, explain: bool = False) -> Classification:
    """The verdict on a mail that a person wrote. `purpose`: 'general' or 'complaints', as the mailbox is used.
    `judge`: who decides; None is what is shipped. `explain`: the words that weighed are wanted, too."""
    judge = judge or shipped()
    text = readable(message.subject, message.new_text)
    words = words_of(text)
    weights, spoken = weigh_words(words, judge.rules), language(words)
    whole = len(message.new_text) <= HEAD + TAIL
    read = _Read(message, weights, purpose, "?" in text, whole, spoken)
    said = _before_the_model(read, text, judge.rules) or _judged(read, text, judge, explain)
    return said if spoken == said.language else replace(said, language=spoken)


def _before_the_model(read: _Read, text: str, rules: Rules) -> Classification | None:
    """What is settled without asking how the words read."""
    weights, message = read.weights, read.message
    if weights.count == 0:
        return _unsure("It has no words to go by" + (", only attachments." if message.attachments else "."), weights)
    foreign = read.spoken != "en"
    spam = spam_verdict(message)
    spoken = grievance(text) if foreign or spam else None
    if spam and not read.whole:  # the rules read its middle too: nobody else will
        weights = weigh(f"{message.subject}\n{message.new_text[:FAR]}", rules)
        if len(message.new_text) > FAR and not weights.complaint:
            return _unsure(f"The mail server marked it as spam ({spam}), but it is too long to be read whole.", weights)
    if spam and not weights.complaint and spoken is None:
        return Classification(Kind.SPAM, 0.05, True, (f"The mail server marked it as spam ({spam}).",))
    if spam:
        word = spoken or weights.complaint_words[0]
        return _unsure(
            f"The mail server marked it as spam ({spam}), but it sounds dissatisfied (“{word}”): hold any answer.",
            weights,
        )
    if foreign:
        tongue = "It is in Welsh" if read.spoken == "cy" else "It is in a language that this rule does not read"
        why = f"It says “{spoken}”" if spoken else tongue
        return _unsure(f"{why}: taken for a complaint until a person has read it.", weights, 0.8 if spoken else 0.5)
    return None


def _judged(read: _Read, text: str, judge: Judge, explain: bool) -> Classification:
    if read.weights.strongest >= VETO and not explain:
        return _complaint(read.weights, True)  # whatever the model found, it would not be followed
    try:
        found = find(text, read.weights, judge)
        if not all(map(isfinite, (found.score, *found.opinion.shares))) or len(found.opinion.shares) != len(KINDS):
            raise ValueError("Its answer was no number.")
        said = _by_both(read, found, judge) if judge.model.present or judge.learnt else _by_rules(read)
        return replace(said, weighed=found.weighed) if explain else said
    except Exception as error:  # no failure of the model may cost anybody their acknowledgement
        failed = f"This program failed to judge it ({type(error).__name__})"
        return _unsure(f"{failed}: taken for a complaint until a person has read it.", read.weights)


def _by_both(read: _Read, found: Finding, judge: Judge) -> Classification:
    ruled, score, bands = _by_rules(read), found.score, judge.in_force
    said = round(score, 3)
    if ruled.kind is Kind.COMPLAINT and ruled.sure:
        if read.weights.strongest >= VETO:
            return ruled
        if score >= CONTRADICTS:
            return replace(ruled, score=max(said, ruled.score or 0.0))
        why = f"yet the rest reads like {_like(found)}{_because(found, against=True)}: a person is asked."
        return replace(ruled, sure=False, score=said, reasons=(f"{ruled.reasons[0][:-1]}, {why}", *ruled.reasons[1:]))
    plain = max(read.weights.praise, read.weights.enquiry) >= PLAIN
    if ruled.kind is not Kind.COMPLAINT and score < (DOUBTS_PLAIN if plain else DOUBTS):
        return replace(ruled, score=said)
    if ruled.kind is not Kind.COMPLAINT:
        why = f"{ruled.reasons[0]} Yet it may be a complaint{_because(found)}: a person is asked."
        return _unsure(why, read.weights, said)
    care = CARE if read.purpose == "complaints" else 0.0
    enough = read.weights.count >= SHORT
    if score >= bands.open + care and enough:
        severity, more = _severity(read.weights)
        return Classification(
            Kind.COMPLAINT, said, True, (f"It reads like a complaint{_because(found)}.", *more), severity
        )
    if score < bands.release and bands.release_on and _may_be_let_go(read, judge.rules):
        kind = max((Kind.COMPLIMENT, Kind.ENQUIRY), key=lambda kind: _share(found, kind))
        return Classification(
            kind, said, True, (f"It does not read like a complaint but like {_like(found)}{_because(found, True)}.",)
        )
    return _asked(read, found, ruled, said)


def _asked(read: _Read, found: Finding, ruled: Classification, said: float) -> Classification:
    """Nobody can be sure: a person is asked, and told which way it leans."""
    if read.weights.complaint or read.weights.harm or read.weights.doubt:
        first = ruled.reasons[0]
    elif said >= 0.5:
        first = f"It may be a complaint{_because(found)}: a person is asked."
    else:
        first = (
            f"It reads more like {_like(found)}{_because(found, True)}, but that is not sure: "
            "taken for a complaint until a person says otherwise."
        )
    return replace(ruled, score=said, reasons=(first, *ruled.reasons[1:]))


def _may_be_let_go(read: _Read, rules: Rules) -> bool:
    """No word of dissatisfaction that a rule knows, nobody harmed, enough words in English, and all of them read."""
    writer = read.message.writer
    kept = writer is not None and rules.keeps(writer.address)
    weights = read.weights
    return read.whole and not kept and weights.strongest < VETO and not weights.harm and weights.count >= SHORT


def _by_rules(read: _Read) -> Classification:
    """The rules alone: what they say surely, and else an unsure complaint."""
    weights = read.weights
    if weights.complaint >= SURE:
        return _complaint(weights, True)
    if weights.complaint > 0:
        return _complaint(weights, False)
    if weights.doubt or weights.harm:
        why = weights.doubt or next(iter(weights.harm))
        return _unsure(f"No clear words of dissatisfaction, but “{why}” leaves a doubt.", weights, 0.5)
    if not read.whole:
        return _unsure("It is too long to have been read whole: a person is asked.", weights)
    enough = 3.0 if read.purpose == "complaints" else 2.0
    if weights.praise >= enough and len(weights.praise_words) >= 2 and not read.asks:
        return Classification(Kind.COMPLIMENT, 0.05, True, (f"It praises ({_quoted(weights.praise_words)}).",))
    needed = 4.0 if read.purpose == "complaints" else 1.5
    if weights.enquiry >= needed and (read.asks or weights.enquiry >= 3.0) and weights.count <= LONG:
        return Classification(Kind.ENQUIRY, 0.1, True, (f"It asks a question ({_quoted(weights.enquiry_words)}).",))
    return _unsure(
        "Nothing in it says clearly what it is: taken for a complaint until a person says otherwise.", weights
    )


def _complaint(weights: Weights, sure: bool) -> Classification:
    score = round(1 - 0.5 ** (weights.complaint + (1 if sure else 0.5)), 3)
    severity, why = _severity(weights)
    reasons = (f"It sounds dissatisfied ({_quoted(weights.complaint_words)}).", *why)
    if weights.praise >= 2:
        reasons += (f"It praises as well ({_quoted(weights.praise_words)}).",)
    return Classification(Kind.COMPLAINT, score, sure, reasons, severity)


def _unsure(reason: str, weights: Weights, score: float = 0.5) -> Classification:
    severity, why = _severity(weights)
    return Classification(Kind.COMPLAINT, score, False, (reason, *why), severity)


def _severity(weights: Weights) -> tuple[str, tuple[str, ...]]:
    """Rules only raise it: harm to people, or the law."""
    if not weights.harm:
        return "medium", ()
    reasons = []
    for kind, said in (("harm", "It may tell of harm to somebody"), ("law", "It speaks of lawyers, police or courts")):
        words = [word for word, why in weights.harm.items() if why == kind]
        if words:
            reasons.append(f"{said} ({_quoted(words)}): it sounds serious.")
    return "high", tuple(reasons)


def _share(found: Finding, kind: Kind) -> float:
    at = {Kind.COMPLIMENT: 1, Kind.ENQUIRY: 2}[kind]
    return found.opinion.shares[at]


def _like(found: Finding) -> str:
    """What else it may be, in words."""
    names = ("praise", "a question or an ordinary mail", "a newsletter", "advertising")
    shares = found.opinion.shares[1:]
    return names[max(range(len(names)), key=shares.__getitem__)]


def _because(found: Finding, against: bool = False) -> str:
    words = [word for word, weight in found.weighed if (weight < 0) is against][:4]
    return f" ({_quoted(words)})" if words else ""


def _quoted(words: list[str]) -> str:
    return ", ".join(f"“{word}”" for word in dict.fromkeys(words[:6]))
