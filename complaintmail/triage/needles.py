"""Which of many short pieces of text stand in a mail, found in one look at its words.

Most rules over words apply to hardly any mail. Each names needles, letters of which one must be there before its
pattern is tried; this says which are. Promises: a needle that stands in the text is found, wherever its lines break;
time in proportion to the text, and for words that come again and again hardly any. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from complaintmail.triage.kept import Kept

LONG = 20_000  # characters; of a longer text every needle is looked for
KEPT = 20_000  # words
LETTERS = 3  # by so many a piece is found
_COMMON = "qzxjkvbywgfpmculdhrsinoate "  # the rarest first


@dataclass(frozen=True, slots=True)
class Said:
    """A text as rules over words read it: in small letters, with straight quotes and a space between its words; and
    the needles that stand in it."""

    small: str
    there: frozenset[str]


class Needles:
    """Needles in small letters, by their longest piece without a space, and that by its three rarest letters."""

    def __init__(self, needles: Iterable[str]) -> None:
        self._all = frozenset(needles)
        self._by_piece: dict[str, list[str]] = {}
        self._by_letters: dict[str, list[str]] = {}
        self._held = Kept(self._found, KEPT)
        for needle in sorted(self._all):
            piece = max(needle.split(), key=len)
            if len(piece) >= LETTERS:
                self._by_piece.setdefault(piece, []).append(needle)
        self._always = self._all.difference(*self._by_piece.values())
        for piece in self._by_piece:
            parts = [piece[at : at + LETTERS] for at in range(len(piece) - LETTERS + 1)]
            rarest = min(parts, key=lambda part: sum(_COMMON.find(letter) for letter in part))
            self._by_letters.setdefault(rarest, []).append(piece)

    def said(self, text: str) -> Said:
        words = text.lower().replace("’", "'").replace("‘", "'").split()
        small = " ".join(words)
        return Said(small, frozenset(self._standing(words, small)))

    def standing(self, words: Sequence[str]) -> set[str]:
        """Those that stand in these words, written in small letters with a space between them."""
        return self._standing(words, " ".join(words))

    def _standing(self, words: Sequence[str], small: str) -> set[str]:
        near: Iterable[str] = self._all
        if len(small) < LONG:
            near = self._always.union(*filter(None, map(self._held.__getitem__, words)))
        return {needle for needle in near if needle in small}

    def _found(self, word: str) -> tuple[str, ...]:
        """The needles whose longest piece stands in this word."""
        there = {word[at : at + LETTERS] for at in range(len(word) - LETTERS + 1)}
        pieces = [piece for at in self._by_letters.keys() & there for piece in self._by_letters[at] if piece in word]
        return tuple(needle for piece in sorted(pieces) for needle in self._by_piece[piece])
