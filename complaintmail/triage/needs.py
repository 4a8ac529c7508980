"""What somebody needs so that they can deal with us: large print, an interpreter, a call instead of mail, more time.

Owns that finding, with the words that say so. Promises: what is denied, and what only names a course, is none; a person
is asked before anything is noted. Linear time, never fails. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from complaintmail.triage.needles import Needles, Said

READ = 20_000  # characters
_COURSE = r"(?!\s+(?:course|class|lesson|level|module|unit|exam|training|workshop|qualification|tutor|teacher|student))"
_DENIED = re.compile(r"\b(?:not|no|never|without|don't|doesn't|nor)\s+(?:\w+\s+){0,3}$")


@dataclass(frozen=True, slots=True)
class Need:
    """One need, in words for the case, and the words of the mail that tell of it."""

    need: str
    words: str


# what is noted; letters of which some must be there; the words
_NEEDS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (need, tuple(needles.split("|")), re.compile(pattern))
    for need, needles, pattern in (
        ("large print", " print| font| letters| type",
         r"\b(?:large|larger|bigger) (?:print|font|letters|type)\b"),
        ("braille", "braille", rf"\bbraille\b{_COURSE}"),
        ("easy read", "easy read|easy-read|plain words|simple words", r"\beasy[ -]read\b|\b(?:plain|simple) words\b"),
        ("audio", "audio|to me",
         r"\baudio (?:version|format|recording)\b|\bread (?:it|them|this|letters?) to me\b"),
        ("a sign language interpreter", "sign language|bsl",
         rf"\b(?:british sign language|sign language|bsl)\b{_COURSE}"),
        ("an interpreter", "interpreter|english is|translat",
         r"\b(?:need|want|have|use|with|through|bring|provide) an? (?:\w+ )?interpreter\b|"
         r"\benglish is (?:not|n't) my (?:first|native|main) language\b|\bmy english is (?:not|n't|poor|bad|limited)\b|"
         r"\btranslat(?:ed|ion) (?:in)?to (?:welsh|polish|urdu|bengali|arabic|somali|romanian|ukrainian)\b"),
        ("letters for somebody who is deaf or hard of hearing; no telephone", "deaf|hearing|phone|not hear|t hear",
         r"\bi(?:'m| am)(?: \w+)? (?:deaf|hard of hearing|hearing[- ]impaired)\b|"
         r"\bcannot (?:hear|use the (?:tele)?phone)\b|\bcan't (?:hear|use the (?:tele)?phone)\b"),
        ("a form that somebody who sees little can read", "blind|sight|screen reader|screen-reader|visually",
         r"\bi(?:'m| am)(?: \w+)? (?:blind|partially sighted|visually impaired|sight[- ]impaired)\b|"
         r"\bscreen[- ]reader\b|\bmy eyesight is (?:poor|bad|failing)\b"),
        ("a call instead of letters and mail",
         "call me|phone me|ring me|cannot read|cannot write|can't read|can't write|to read|to write|with reading|"
         "with writing",
         r"\b(?:call|phone|ring|telephone) me (?:instead|rather|because i (?:cannot|can't|struggle|find))\b|"
         r"\bi (?:cannot|can't|struggle to|find it (?:hard|difficult) to) (?:read|write)\b|"
         r"\b(?:struggle|difficult(?:y|ies)) with (?:reading|writing)\b"),
        ("letters by post instead of mail", "by post|internet|computer",
         r"\b(?:please )?(?:write|send|reply|answer)(?: \w+){0,4} by post\b|"
         r"\b(?:have no|no access to|don't have|do not have)(?: \w+){0,2} (?:internet|computer)\b"),
        ("clear, short letters; they have dyslexia", "dyslexi",
         rf"\b(?:i am|i'm|i have|being|severely) dyslexi(?:a|c)\b{_COURSE}"),
        ("time and plain words; they have told of a disability or a condition",
         "autis|learning disab|learning difficult|adhd|brain injury|dementia|stroke",
         rf"\b(?:i am|i'm|i have|i've) (?:\w+ ){{0,2}}(?:autis(?:m|tic)|adhd|a learning (?:disability|difficulty)|"
         rf"learning "
         rf"(?:disabilities|difficulties)|a brain injury|dementia|had a stroke)\b{_COURSE}"),
        ("somebody who speaks for them (an advocate)", "advocate|support worker|carer",
         r"\b(?:an|my) (?:\w+ )?advocate\b|\bmy (?:support worker|carer) (?:will|can|helps?|speaks|writes)\b"),
        ("an adjustment that they ask for", "adjustment", r"\b(?:reasonable|access|disability) adjustments?\b"),
        ("a place without steps", "wheelchair|step-free|step free|stairs|steps",
         r"\bi(?:'m| am| use)(?: \w+){0,2} (?:a |in a )?wheelchair(?: user)?\b|\bstep[- ]free\b|"
         r"\b(?:cannot|can't) (?:climb|manage|use)(?: the)? (?:stairs|steps)\b"),
        ("more time to answer", "more time|extra time",
         r"\bi (?:need|would need|will need|'ll need) (?:more|extra) time to (?:answer|reply|respond|read|write)\b"),
    )
)  # fmt: skip

NEEDLES = frozenset(needle for _, needles, _ in _NEEDS for needle in needles)
_NEEDLES = Needles(NEEDLES)


def needs(text: str, said: Said | None = None) -> tuple[Need, ...]:
    """The needs that these words tell of, each once. `said`: the text, where it was read before."""
    said = said or _NEEDLES.said(text[:READ])
    found: list[Need] = []
    for need, needles, pattern in _NEEDS:
        if said.there.isdisjoint(needles):
            continue
        for match in pattern.finditer(said.small):
            if not _DENIED.search(said.small[max(0, match.start() - 40) : match.start()]):
                found.append(Need(need, match[0]))
                break
    return tuple(found)
