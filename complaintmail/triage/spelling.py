"""How far two short words are apart, and what a word is without accents and capitals.

Owns that measure. Promises: words of more than forty letters are never compared, so that it costs next to nothing.
"""

from __future__ import annotations

import unicodedata

LONGEST = 40
FAR = 99
_OTHERWISE = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"})


def plain(word: str) -> str:
    """The word in small letters, without accents."""
    word = word.lower()
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFKD", word).translate(_OTHERWISE)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def near(one: str, other: str) -> int:
    """How many letters must be added, left out, changed or swapped with the next; FAR when it is surely more than 2."""
    if abs(len(one) - len(other)) > 2 or max(len(one), len(other)) > LONGEST:
        return FAR
    if one == other:
        return 0
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, before_that, row = row, before, [i]
        for j, there in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != there))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == there:
                cost = min(cost, before_that[j - 2] + 1)
            row.append(cost)
        if min(row) > 2:
            return FAR
        before = above
    return row[-1] if row[-1] <= 2 else FAR
