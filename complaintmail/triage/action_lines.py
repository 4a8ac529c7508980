"""What is to be done, by when and by whom, from one line: "give back the fee by 14 April @Hal".

Owns that reading. What is no date and no "@" stays in the words; a day that cannot be read is told. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from complaintmail.triage.dates import day_in, day_words

_WHO = re.compile(r"(?<![\w.])@\s?([^\s@,;]{1,64}@[^\s@,;]{1,190}|[^\s@,;]{1,64}(?:\s+[A-Z][\w'’-]{0,40}){0,3})")
_BY = re.compile(r"(?i)[,;]?\s+(?:by|until|before|no later than)\s+(?=\S)")
_ADDRESS = re.compile(r"\S+@\S+")


@dataclass(frozen=True, slots=True)
class ActionLine:
    text: str
    by: date | None = None
    who: str = ""  # as it was written: a name or an address
    problem: str = ""


def read_action(line: str, today: date) -> ActionLine:
    """One line of what is to be done."""
    words = " ".join(line.strip().lstrip("-*•· ").split())[:1000]
    who, words = _who(words)
    for found in reversed(list(_BY.finditer(words))):
        tail = words[found.end() :]
        if day_words(tail) is None:
            continue
        day, rest, problem = day_in(tail, today)
        if problem:
            return ActionLine(words, None, who, problem)
        if day is not None and not rest.strip(" .,;"):
            return ActionLine(words[: found.start()].rstrip(" ,;"), day, who)
    return ActionLine(words.rstrip(" ,;"), None, who)


def _who(words: str) -> tuple[str, str]:
    found = _WHO.search(words)
    if found is not None:
        name = _BY.split(found[1], maxsplit=1)[0]
        end = found.start(1) + len(name)
        return name.strip(" ."), " ".join((words[: found.start()] + " " + words[end:]).split())
    addressed = _ADDRESS.search(words)
    if addressed is not None:
        return addressed[0].strip("<>.,;"), " ".join((words[: addressed.start()] + words[addressed.end() :]).split())
    return "", words
