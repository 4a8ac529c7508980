"""Which part of the organisation a mail may be about, by the words of the policy file. Two at the most, the likelier
first, each with the words that told. Only a suggestion: a person says so. Pure, linear."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from complaintmail.policy.policy import Area, Policy

READ = 20_000  # characters in which its words are looked for
MOST = 2


@dataclass(frozen=True, slots=True)
class About:
    area: Area
    words: tuple[str, ...]


def areas_of(policy: Policy, subject: str, text: str) -> tuple[About, ...]:
    """The areas whose words it has, by how many different ones it has, and then by how often."""
    known = [area for area in policy.areas if area.words]
    if not known:
        return ()
    read = " ".join(f"{subject}\n{text[:READ]}".split())
    ranked: list[tuple[int, int, int, About]] = []
    for place, area in enumerate(known):
        found: dict[str, str] = {}
        times = 0
        for match in _words(area.words).finditer(read):
            times += 1
            found.setdefault(match[0].lower(), match[0])
        if found:
            ranked.append((-len(found), -times, place, About(area, tuple(found.values())[:4])))
    return tuple(each for *_, each in sorted(ranked, key=lambda one: one[:3]))[:MOST]


@lru_cache(maxsize=256)
def _words(words: tuple[str, ...]) -> re.Pattern[str]:
    """Short ones in capitals are taken as they stand: ASC is none of "asc"."""
    parts = [
        re.escape(word) if word.isupper() and len(word) <= 5 else f"(?i:{re.escape(word)}(?:s|es)?)"
        for word in sorted((" ".join(each.split()) for each in words), key=len, reverse=True) if word
    ]  # fmt: skip
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)") if parts else re.compile(r"(?!)")
