"""What in a person's words cannot wait, or has a law's own clock: each with the words that weighed.

Looks at what its writer added and at the subject, never at what they quote. Promises: a course about suicide, a thing
that is denied and a figure of speech are none of these, as far as words can tell; every word of a long mail is read,
in time that grows with its length alone. In doubt it says so: who is told can take it back with one word. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from complaintmail.triage.concern_words import RULES, Concern, Rule
from complaintmail.triage.needles import Needles, Said

GRAVE = frozenset({Concern.SAFETY, Concern.SELF_HARM})  # a named person hears of it at once
SERIOUS = frozenset({Concern.THREAT, Concern.LEGAL, Concern.REGULATOR, Concern.PRESS, Concern.DISCRIMINATION})
LAWFUL = frozenset({Concern.DATA, Concern.ACCESS})  # a law has a clock of its own for it

MOST_WORDS = 4  # that are named for one concern
LONGEST = 1000  # characters of a sentence; a longer one is read in pieces that overlap
OVERLAP = 120
AROUND = 90  # characters before and after that can turn a word

_SAYS = {
    Concern.SAFETY: "Somebody may be at risk, or may have been harmed",
    Concern.SELF_HARM: "Somebody may mean to harm or to kill themselves",
    Concern.THREAT: "It speaks of violence or of a threat",
    Concern.LEGAL: "It speaks of lawyers or a court",
    Concern.REGULATOR: "It speaks of a regulator, an ombudsman or an MP",
    Concern.PRESS: "It speaks of the press or of making it public",
    Concern.DISCRIMINATION: "It speaks of discrimination",
    Concern.DATA: "It complains about how personal data was handled",
    Concern.ACCESS: "It asks for what is recorded about its writer",
    Concern.REPEATED: "Its writer says that they have asked before",
    Concern.DATE: "An examination or a deadline of theirs may be at stake",
}
_COURSES = (
    r"(?:courses?|class|classes|modules?|units?|training|workshops?|webinars?|seminars?|lectures?|lessons?|sessions?|"
    r"qualification|certificates?|diploma|assignments?|essays?|dissertation|coursework|books?|films?|policy|policies|"
    r"chapter|e-?learning|conference|degree|curriculum|articles?|quiz|handouts?|leaflets?|posters?|slides)"
)
_PARTS = r"(?:awareness|prevention|intervention|refresher|studies|syllabus|exam|programme|first aid|law degree|event)"
_FUNCTION = (
    r"(?:after|before|during|since|because|about|from|over|due|on|when|while|if|in|at|with|by|of|for|my|your|the|"
    r"this|that|"
    r"our|their|his|her|i|he|she|they|we|you|is|was|are|were|has|had|have|who|which|to|as|so|but|than|against|me|us|"
    r"him)\b"
)
_TOPIC_AFTER = re.compile(rf"[\"')]*\s*(?:(?!{_FUNCTION})[\w&/][\w&/'-]*\s+){{0,3}}[\"'(]*(?:{_COURSES}|{_PARTS})\b")
_TOPIC_BEFORE = re.compile(
    rf"\b(?:{_COURSES}|talk)(?:\s+(?:\w+\s+)?(?:on|about|called|titled|entitled|covering|of|named|regarding|into)\s+|"
    rf"\s*[:\"'(]+\s*)"
    r"(?:(?!(?:i|he|she|we|they|you|my|was|were|is|are|am|been|be|has|have|had|feel|felt|made|makes|left|because|"
    r"which|that)"
    r"\b)[\w&'-]+[\s\"]+){0,3}[\"'(]*$"
)
_DENIED = re.compile(
    r"\b(?:not|never|no|nor|without|isn't|wasn't|aren't|don't|didn't|doesn't|won't|wouldn't|hasn't|haven't|nobody|"
    r"neither)\s+"
    r"(?:(?:going|want|wanting|wish|wishing|intend|intending|intention|planning|plan|trying|asking|saying|suggesting|"
    r"threatening|threaten|considering|feeling|feel|been|being|any|a|an|the|to|for|that|there|is|was|were|has|have|"
    r"in|of|sort|"
    r"kind|form|about|really|at|all|or|take|taking|make|making|involve|involving|experienced|suffered|seen|aware|"
    r"evidence|"
    r"accusing|accuse|anyone|anybody|you|wanted|need|actually|currently|think|thinking|mean|request|requesting|"
    r"complaining|"
    r"from|had|this|it|ever|my|signs?)\s+){0,6}$"
)
_NAMED = re.compile(r"\b(?:module|unit|chapter|book|film|lecture|seminar|workshop)\s+$")
_OWN = re.compile(r"\b(?:i|we|i've|we've)\s+(?:(?:have|had|just|already|also|recently|once)\s+){0,2}$")
_STILL = re.compile(r"\b(?:trying|try|struggling|hard|how|promised) (?:\w+ )?not to\s+$|\bnot only\b")
_ASKS = re.compile(
    r"\b(?:please|request|requesting|provide|send|supply|would like|i'd like|want|wish|see|give|let me have|may i|can "
    r"i|could i|entitled|disclose)\b.*\b(?:all|any|what|whatever|everything|which|the|every)\b",
    re.DOTALL,
)
_SENTENCE = re.compile(r"[^.!?]+")
_REPLY = re.compile(r"^\s*(?:re|fw|fwd|sv|aw|ynghylch)\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """One concern, with the words that weighed."""

    concern: Concern
    words: tuple[str, ...]

    @property
    def says(self) -> str:
        return f"{_SAYS[self.concern]} ({', '.join(f'“{word}”' for word in self.words)})"


def concerns(text: str, subject: str = "", said: Said | None = None) -> tuple[Found, ...]:
    """What these new words show. The subject of a reply is somebody's older words, and counts for nothing. `said`: the
    mail, where it was looked through for these NEEDLES before."""
    whole = text if _REPLY.match(subject) else f"{subject}\n\n{text}"
    plain = whole.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    hits = _hits(said or _NEEDLES.said(plain), plain)
    found: dict[Concern, dict[str, None]] = {}
    for paragraph in plain.split("\n\n") if hits else ():
        flat = " ".join(paragraph.split())  # a line that ends within a sentence goes on in the next
        if near := _held_by(flat, hits):
            for sentence in _sentences(flat):
                _read(sentence, near, found)
    return tuple(Found(concern, tuple(found[concern])) for concern in Concern if concern in found)


def named(found: Iterable[Found], which: frozenset[Concern]) -> tuple[Found, ...]:
    """Those of a kind: GRAVE, SERIOUS or LAWFUL."""
    return tuple(one for one in found if one.concern in which)


Hits = list[tuple[Rule, list[str]]]  # each rule that may apply, with the letters of its that are there


def _hits(said: Said, plain: str) -> Hits:
    """Nearly every mail has nearly none. Where lines end does not matter."""
    hits: dict[int, list[str]] = {}
    for needle in said.there:
        for number in _OF.get(needle, ()):
            also = RULES[number].also
            if not also or number in hits or any(more in said.small for more in also):
                hits.setdefault(number, []).append(needle)
    for number in _CASED:
        if needles := [needle for needle in RULES[number].needles if needle in plain]:
            hits[number] = needles
    return [(RULES[number], hits[number]) for number in sorted(hits)]


def _rules_of() -> dict[str, list[int]]:
    """Each needle of the rules over small letters, with the rules that have it."""
    rules: dict[str, list[int]] = {}
    for number, rule in enumerate(RULES):
        for needle in () if rule.cased else rule.needles:
            rules.setdefault(needle, []).append(number)
    return rules


_CASED = tuple(number for number, rule in enumerate(RULES) if rule.cased)
_OF = _rules_of()
NEEDLES = frozenset(_OF)
_NEEDLES = Needles(NEEDLES)


def _sentences(flat: str) -> Iterator[str]:
    for match in _SENTENCE.finditer(flat):
        sentence = match[0].strip()
        for at in range(0, max(1, len(sentence) - OVERLAP), LONGEST - OVERLAP):
            yield sentence[at : at + LONGEST]


def _held_by(text: str, hits: Hits) -> Hits:
    """Those of the rules that may apply here."""
    small = text.lower()
    held: Hits = []
    for hit in hits:
        read = text if hit[0].cased else small
        for needle in hit[1]:
            if needle in read:
                if not hit[0].also or any(more in read for more in hit[0].also):
                    held.append(hit)
                break
    return held


def _read(sentence: str, hits: Hits, found: dict[Concern, dict[str, None]]) -> None:
    small = sentence.lower()
    for rule, _ in _held_by(sentence, hits):
        words = found.get(rule.concern, {})
        if len(words) >= MOST_WORDS:
            continue
        read = sentence if rule.cased else small
        for match in rule.pattern.finditer(read):
            if _turned(rule, read[max(0, match.start() - AROUND) : match.start()], read[match.end() :][:AROUND]):
                continue
            words[match[0].strip()[:60]] = None
            found[rule.concern] = words
            if len(words) >= MOST_WORDS:
                break


def _turned(rule: Rule, before: str, after: str) -> bool:
    """Do the words around it make it the name of something, or deny it?"""
    before = before.lower()
    if rule.topic and (_TOPIC_AFTER.match(after.lower()) or _TOPIC_BEFORE.search(before) or _NAMED.search(before)):
        return True
    if rule.asked and not _ASKS.search(before):
        return True
    if rule.concern is Concern.DATA and _OWN.search(before):
        return True  # they did it themselves
    return rule.denied and _DENIED.search(before) is not None and _STILL.search(before) is None
