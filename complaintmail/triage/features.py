"""What the model counts in a text: its words, its pairs of words, parts of words and a few signs.

Owns `tokens`, `features` and their names: "w:rude" a word, "w:not helpful" a pair, "n:helpful" a word after a negation,
"c:_rud" a part of a word (the underscores are its ends), "x:…" a sign. Promises: a pure function of the text, linear;
each value depends only on the text, never on a vocabulary, so that words unknown to the shipped model can be learnt
where it is used. Values are divided by the root of the number of features of their block: a long text weighs as much
as a short one.
"""

from __future__ import annotations

# ruff: noqa: SIM905 - word lists are read as running text
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log1p, sqrt

NEGATIONS = frozenset(
    "not no never nor neither without hardly barely isn't wasn't aren't weren't don't doesn't didn't won't "
    "wouldn't can't cannot couldn't haven't hasn't hadn't shouldn't ain't nothing nobody none".split()
)
REACH = 3  # words after a negation that it may deny
SHORTEST, LONGEST = 2, 5  # characters of a part of a word
WIDEST = 24  # characters of a word; what is longer is cut

_TOKEN = re.compile(
    r"https?://\S+|www\.\S+|[^\s@<>]{1,64}@[^\s@<>]+|@\w+|[£$€]\s?\d[\d.,]*|\d[\d.,:/]*|[^\W\d_]+(?:'[^\W\d_]+)*|[?!]"
)
_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")
_MINE = frozenset("i my me we our us mine i'm i've i'd i'll we've we're".split())
_YOURS = frozenset("you your yours you're you've".split())
_PLACE = {"£": "<money>", "$": "<money>", "€": "<money>"}


def tokens(text: str) -> list[str]:
    """The words of a text in lower case, with <url>, <mail>, <money> and <number> for what stands for itself."""
    return [_token(raw) for raw in _TOKEN.findall(text.lower().replace("’", "'")) if not raw.startswith("@")]


def _token(raw: str) -> str:
    first = raw[0]
    if first.isalpha() and "@" not in raw and "/" not in raw and "." not in raw:
        return raw[:WIDEST]
    if first in "?!":
        return raw
    if first in _PLACE:
        return "<money>"
    if first.isdigit() and "@" not in raw:
        return "<number>"
    return "<mail>" if "@" in raw else "<url>"


@lru_cache(maxsize=4096)
def parts(word: str) -> tuple[str, ...]:
    """The parts of a word, each once, in order."""
    if not word[0].isalpha():
        return ()
    whole = f"_{word}_"
    found: dict[str, None] = {}
    for length in range(SHORTEST, LONGEST + 1):
        for at in range(len(whole) - length + 1):
            found[f"c:{whole[at : at + length]}"] = None
    return tuple(found)


def signs(text: str, said: Sequence[str]) -> dict[str, float]:
    """What a text looks like: its length and layout, its marks, of whom and of what it speaks. 0 to 1 each."""
    count = len(said) or 1
    lines = text.count("\n") + 1 - text.count("\n\n")
    marks = text.count("|") + text.count("*") + text.count("=") + text.count("_") + text.count("#") + text.count(">")
    mine = sum(map(_MINE.__contains__, said))
    yours = sum(map(_YOURS.__contains__, said))
    return {
        "x:long": min(1.0, log1p(count) / 7),
        "x:short lines": min(1.0, 3 * max(0, lines - 1) / count),
        "x:capitals": min(1.0, 8 * len(_CAPITALS.findall(text)) / count),
        "x:marks": min(1.0, 20 * marks / (len(text) or 1)),
        "x:mine": min(1.0, 6 * mine / count),
        "x:not mine": 0.0 if mine else 1.0,
        "x:yours": min(1.0, 6 * yours / count),
        "x:exclaims": min(1.0, said.count("!") / 4),
        "x:asks": min(1.0, said.count("?") / 2),
        "x:money": min(1.0, said.count("<money>") / 4),
        "x:links": min(1.0, (said.count("<url>") + said.count("<mail>")) / 4),
        "x:percent": min(1.0, text.count("%") / 3),
        "x:numbers": min(1.0, 6 * said.count("<number>") / count),
    }


def features(text: str) -> Mapping[str, float]:
    """The named features of a text, each with the value by which its weight is multiplied."""
    said = tokens(text)
    words: dict[str, None] = {}
    denied = -REACH - 1
    for at, word in enumerate(said):
        words[f"w:{word}"] = None
        if at:
            words[f"w:{said[at - 1]} {word}"] = None
        if at - denied <= REACH:
            words[f"n:{word}"] = None
        if word in NEGATIONS:
            denied = at
    counted: dict[str, float] = {}
    for word in dict.fromkeys(said):
        for part in parts(word):
            counted[part] = counted.get(part, 0.0) + 1.0
    in_words, in_parts = 1 / sqrt(len(words) or 1), 1 / sqrt(sum(counted.values()) or 1)
    return {
        **dict.fromkeys(words, in_words),
        **{name: count * in_parts for name, count in counted.items()},
        **signs(text, said),
    }
