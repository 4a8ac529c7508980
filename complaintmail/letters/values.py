"""A fact as it stands in a letter: plain, printable, on one line.

Whatever a fact holds, what comes out of `written` has no control character, no line end and nothing that reorders or
hides text, so that it can stand in a header, in plain text and (escaped) in HTML. Total for text, dates and numbers;
a fact without a value is a LetterError, because "None" in a letter is worse than the built-in letter.
"""

from __future__ import annotations

import re
from datetime import date

from complaintmail.errors import LetterError
from complaintmail.letters.facts import PersonFacts
from complaintmail.letters.words import Words

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
LONGEST = 2000  # characters of one fact
LONGEST_WORDS = 40_000  # of words that a member of staff wrote
_EMPTY_LINES = re.compile(r"\n{3,}")

# Controls, line ends, bidirectional and invisible marks (but the joiners that emoji and Persian need), surrogates
# and noncharacters.
_UNPRINTABLE = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


def clean(text: str) -> str:
    """The same words on one line, without anything that does not print."""
    if len(text) > LONGEST:
        text = text[:LONGEST].rstrip() + "…"
    if text.isprintable() and (text.isascii() or not _UNPRINTABLE.search(text)):
        return text.strip()
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def clean_lines(text: str) -> str:
    """The same words line by line, without anything that does not print, and never two empty lines together."""
    lines = text[:LONGEST_WORDS].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    said = "\n".join(clean(line) for line in lines)
    return _EMPTY_LINES.sub("\n\n", said).strip("\n")


def written(value: object) -> str:
    """A fact in words: a date as 17 March 2026, text cleaned."""
    if isinstance(value, Words):
        return Words(clean_lines(value))
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, date):
        return written_date(value)
    if value is None:
        raise LetterError("prints a fact that has no value here; put it inside {% if … %}")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise LetterError("prints a group of facts instead of one of them")


def written_date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def in_words(person: PersonFacts) -> str:
    """Who it is, inside a sentence: "A. Director (our Operations Director)" or "our Operations Director"."""
    name, role = clean(person.name), clean(person.role)
    if name and role:
        return f"{name} (our {role})"
    return name or (f"our {role}" if role else "one of us")


def runs_right_to_left(text: str) -> bool:
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def escaped(text: str) -> str:
    """For HTML, inside an element or a quoted attribute."""
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#x27;")
    )
