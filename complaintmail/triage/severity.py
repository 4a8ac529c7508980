"""How serious it may be: what in the words speaks for more than the usual, each with its reason.

Owns that suggestion. Promises: rules only raise, nothing is lowered and nothing is set; a person says how serious it
is. What cannot wait at all is found by `concerns`, and stands here among the reasons. Linear time, never fails. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from complaintmail.triage.concern_words import Concern
from complaintmail.triage.concerns import GRAVE, SERIOUS, Found
from complaintmail.triage.needles import Needles, Said

READ = 20_000  # characters
_ENDS = re.compile(r"(?<=[.!?]) ")
_GRAVER = GRAVE | SERIOUS | {Concern.DATE}  # one of these is enough
_SIGNS: tuple[tuple[str, bool, frozenset[str], re.Pattern[str]], ...] = tuple(
    (says, enough, frozenset(needles.split("|")), re.compile(pattern))
    for says, enough, needles, pattern in (
        ("It may tell of harm to somebody", True,
         "injur|hospital|ambulance|unconscious|bleeding|burn|fractur|broke|concuss|allerg|faint|collapsed|hurt",
         r"\b(?:was|were|is|are|been|got|badly|seriously) (?:badly |seriously |slightly )?(?:injured|hurt|burn(?:ed|t)|"
         r"unconscious|bleeding|concussed)\b|\binjur(?:y|ies) to\b|\b(?:to|in|into) hospital\b|\bambulance\b|"
         r"\b(?:broke|fractured) (?:my|his|her|their|an?) (?:\w+ )?(?:arm|leg|wrist|ankle|hip|rib|"
         r"finger|foot|hand|nose|back)\b|"
         r"\ballergic reaction\b|\b(?:collapsed|fainted)\b"),
        ("Its writer, or whom it is about, may be vulnerable", True,
         "vulnerable|pregnan|elderly|disab|carer|chemotherapy|cancer|mental health|anxiety|depress|panic|bereave|widow|"
         "homeless|refugee|care leaver|foster|dementia|epilep|diabet|autis|terminal|seriously ill|year old|"
         "years old|year-old",
         r"\bvulnerable\b|\bpregnant\b|\belderly\b|\b(?:am|is|are|a|as|being) (?:\w+ )?disabled\b|\bmy disability\b|"
         r"\b(?:chemotherapy|terminal(?:ly)? ill(?:ness)?|seriously ill)\b|"
         r"\b(?:have|has|had|with|from|of) (?:\w+ )?(?:cancer|"
         r"anxiety|depression|dementia|epilepsy|diabetes|autism)\b|\bmental health\b|\bpanic attacks?\b|"
         r"\bbereave(?:d|ment)\b|\bhomeless\b|\brefugee\b|\bcare leaver\b|\b(?:8|9|1[0-7])[- ]years?[- ]olds?\b|"
         r"\b(?:7\d|8\d|9\d)[- ]years?[- ]old\b"),
        ("Money is at stake", False,
         "£|pound|gbp|refund|money back|compensat|out of pocket|lost |debt|charged",
         r"£ ?\d[\d,.]*|\b\d[\d,.]* ?(?:pounds|gbp)\b|\brefund(?:ed)?\b|\bmoney back\b|\bcompensat(?:e|ion)\b|"
         r"\bout of pocket\b|\blost (?:earnings|wages|income)\b|\b(?:over)?charged (?:me|us|twice)\b|\binto debt\b"),
        ("They have asked before", False,
         "before|twice|times|already|weeks|months|still|third|second|fourth|fifth|previous|earlier",
         r"\b(?:wrote|written|emailed|e-mailed|called|rang|phoned|complained|asked|chased|reported)(?: \w+){0,4} "
         r"(?:already|before|twice|several times|many times|(?:two|three|four|five|six|\d{1,2}) times)\b|"
         r"\b(?:second|third|fourth|fifth) (?:time|email|letter|complaint|call)\b|"
         r"\bstill (?:no|not|waiting|haven't|have not|nothing|unanswered)\b|"
         r"\b(?:previous|earlier) (?:complaint|email)s?\b|"
         r"\bfor (?:weeks|months|(?:two|three|four|five|six|\d{1,2}) (?:weeks|months))\b"),
    )
)  # fmt: skip


NEEDLES = frozenset(needle for _, _, needles, _ in _SIGNS for needle in needles)
_NEEDLES = Needles(NEEDLES)


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that speaks for more than the usual. `enough`: by itself it speaks for high."""

    says: str
    words: tuple[str, ...]
    enough: bool

    @property
    def in_words(self) -> str:
        return f"{self.says} ({', '.join(f'“{word}”' for word in self.words)})"


@dataclass(frozen=True, slots=True)
class Severity:
    level: str  # medium where nothing speaks for more
    signs: tuple[Sign, ...] = ()


def severity(text: str, seen: Sequence[Found], said: Said | None = None) -> Severity:
    """What the words speak for. `seen`: what `concerns` found in them; `said`: the text, where it was read before."""
    said = said or _NEEDLES.said(text[:READ])
    signs = [
        Sign(one.says.partition(" (")[0], one.words, one.concern in _GRAVER)
        for one in seen
        if one.concern in _GRAVER or one.concern is Concern.REPEATED
    ]
    repeated = Concern.REPEATED in [one.concern for one in seen]
    sentences: list[str] = []
    for says, enough, needles, pattern in _SIGNS:
        near = said.there & needles
        if not near or (repeated and says == "They have asked before"):
            continue
        sentences = sentences or _ENDS.split(said.small)
        if words := _first(pattern, sentences, near):
            signs.append(Sign(says, words, enough))
    high = any(sign.enough for sign in signs) or len(signs) >= 2
    return Severity("high" if high else "medium", tuple(signs))


def _first(pattern: re.Pattern[str], sentences: list[str], near: frozenset[str], most: int = 3) -> tuple[str, ...]:
    """The first words that it matches, in the sentences that have one of the needles."""
    words: dict[str, None] = {}
    for sentence in sentences:
        for needle in near:
            if needle in sentence:
                break
        else:
            continue
        for match in pattern.finditer(sentence):
            words[match[0].strip()[:60]] = None
            if len(words) == most:
                return tuple(words)
    return tuple(words)
