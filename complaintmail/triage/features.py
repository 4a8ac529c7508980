"""What the model counts in a text: its words, its pairs of words, parts of words and a few signs.

Owns `counted`, `features` and their names: "w:rude" a word, "w:not helpful" a pair, "c:_rud" a part of a word
(the underscores are its ends), "x:…" a sign. Promises: a pure function of the text,
linear; each value depends only on the text, never on a vocabulary, so that words unknown to the shipped model can be
learnt where it is used. Values are divided by the root of the number of features of their block: a long text weighs as
much as a short one, and what a word adds is the same in every text, so that it can be kept.
"""

from __future__ import annotations

# ruff: noqa: SIM905 - word lists are read as running text
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from math import log1p, sqrt

from complaintmail.triage.kept import Kept

KEPT = 12_000  # pieces of text between blanks
SHORTEST, LONGEST = 2, 5  # characters of a part of a word
WIDEST = 24  # characters of a word; what is longer is cut

SIGNS = (
    *("x:long", "x:short lines", "x:capitals", "x:marks", "x:mine", "x:not mine", "x:yours", "x:exclaims", "x:asks"),
    *("x:money", "x:links", "x:percent", "x:numbers"),
)

_TOKEN = re.compile(
    r"https?://\S+|www\.\S+|[^\s@<>]{1,64}@[^\s@<>]+|@\w+|[£$€]\d[\d.,]*|\d[\d.,:/]*|[^\W\d_]+(?:'[^\W\d_]+)*|[?!]"
)
_SPACED = re.compile(r"([£$€])\s(?=\d)")
_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")
_MINE = frozenset("i my me we our us mine i'm i've i'd i'll we've we're".split())
_YOURS = frozenset("you your yours you're you've".split())
_MARKS = "|*=_#>"


@dataclass(frozen=True, slots=True)
class Counted:
    """Each word and each pair of neighbours once, and the signs."""

    words: Sequence[str]
    pairs: Sequence[str]
    signs: Sequence[float]  # in the order of SIGNS

    @property
    def size(self) -> int:
        return len(self.words) + len(self.pairs)


def counted(text: str) -> Counted:
    said = tokens(text)
    pairs = dict.fromkeys(map(" ".join, pairwise(said)))
    return Counted(tuple(dict.fromkeys(said)), tuple(pairs), _signs(text, said))


def tokens(text: str) -> list[str]:
    """The words of a text in lower case, with <url>, <mail>, <money> and <number> for what stands for itself."""
    pieces = _SPACED.sub(r"\1", text.lower().replace("’", "'")).split()
    return list(chain.from_iterable(map(_in_piece.__getitem__, pieces)))


def _tokens_in(piece: str) -> tuple[str, ...]:
    return tuple(filter(None, map(_token, _TOKEN.findall(piece))))


def _token(raw: str) -> str:
    if raw.isalpha() or raw in "?!":
        return raw[:WIDEST]
    first = raw[0]
    if first == "@":
        return ""  # somebody's handle
    if "@" in raw:
        return "<mail>"
    if first in "£$€":
        return "<money>"
    if first.isdigit():
        return "<number>"
    return "<url>" if "/" in raw or "." in raw else raw[:WIDEST]


_in_piece = Kept(_tokens_in, KEPT)


@lru_cache(maxsize=1024)
def parts(word: str) -> tuple[str, ...]:
    """The parts of a word, each once, in order."""
    if not word[0].isalpha():
        return ()
    whole = f"_{word}_"
    return tuple(
        dict.fromkeys(
            whole[at : at + length] for length in range(SHORTEST, LONGEST + 1) for at in range(len(whole) - length + 1)
        )
    )


def features(text: str) -> Mapping[str, float]:
    """The named features of a text, each with the value by which its weight is multiplied."""
    found = counted(text)
    of_words: dict[str, float] = {}
    for word in found.words:
        for part in parts(word):
            of_words[part] = of_words.get(part, 0.0) + 1.0
    in_words, in_parts = 1 / sqrt(found.size or 1), 1 / sqrt(sum(of_words.values()) or 1)
    return {
        **{f"w:{word}": in_words for word in found.words},
        **{f"w:{pair}": in_words for pair in found.pairs},
        **{f"c:{part}": count * in_parts for part, count in of_words.items()},
        **dict(zip(SIGNS, found.signs, strict=True)),
    }


def _signs(text: str, said: Sequence[str]) -> tuple[float, ...]:
    """What a text looks like: its length and layout, its marks, of whom and of what it speaks. 0 to 1 each."""
    count = len(said) or 1
    lines = sum(map(bool, map(str.strip, text.split("\n"))))
    mine = sum(map(_MINE.__contains__, said))
    return (
        min(1.0, log1p(count) / 7),
        min(1.0, 3 * max(0, lines - 1) / count),
        min(1.0, 8 * len(_CAPITALS.findall(text)) / count),
        min(1.0, 20 * sum(map(text.count, _MARKS)) / (len(text) or 1)),
        min(1.0, 6 * mine / count),
        0.0 if mine else 1.0,
        min(1.0, 6 * sum(map(_YOURS.__contains__, said)) / count),
        min(1.0, said.count("!") / 4),
        min(1.0, said.count("?") / 2),
        min(1.0, said.count("<money>") / 4),
        min(1.0, (said.count("<url>") + said.count("<mail>")) / 4),
        min(1.0, text.count("%") / 3),
        min(1.0, 6 * said.count("<number>") / count),
    )
