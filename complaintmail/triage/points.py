"""The points of a complaint, where somebody makes several in one mail: a list, or first, second, third.

Owns that reading. Promises: each point is the writer's own words, shortened; a signature, an address or a list of dates
makes none; fewer than two are no list. Linear time, never fails. Pure.
"""

from __future__ import annotations

import re

READ = 20_000  # characters
MOST = 12
LONGEST = 160  # characters of one point
LEAST = 3  # words

_LISTED = re.compile(r"^[ \t]{0,8}(?:\(?(?:\d{1,2}|[a-h]|[ivx]{1,4})[.)]|[-*•·–])[ \t]+(\S.*)$", re.IGNORECASE)
_NAMED = re.compile(
    r"^[ \t]{0,8}(?:point|issue|problem|complaint)[ \t]+(?:\d{1,2}|one|two|three)[ \t]*[:.–-][ \t]*(\S.*)$",
    re.IGNORECASE,
)
_MARKED = re.compile(rf"{_LISTED.pattern}|{_NAMED.pattern}", re.IGNORECASE | re.MULTILINE)
_ORDINAL = re.compile(
    r"\b(first(?:ly| of all)?|second(?:ly)?|third(?:ly)?|fourth(?:ly)?|fifth(?:ly)?|finally|lastly|in addition|"
    r"on top of (?:that|this)|another (?:issue|problem|thing|complaint)|my (?:first|second|third|other) "
    r"(?:complaint|point|issue|concern))\b[,:]?[ ]",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"(?:^|[.!?\n])[\s\"'(]*$")
_STARTS = re.compile(r"(?i)first|my first")
_WORD = re.compile(r"[^\W\d_]{2,}")


def points(text: str) -> tuple[str, ...]:
    """What it complains of, one by one; nothing where it makes one point."""
    read = text[:READ].replace("\r", "")
    found = (_of_lines(read) if _MARKED.search(read) else ()) or _of_words(read)
    return found if len(found) >= 2 else ()


def _of_lines(text: str) -> tuple[str, ...]:
    """A list, a point to a line; what follows a point without a mark of its own belongs to it."""
    found: list[str] = []
    in_point = False
    for line in text.split("\n"):
        match = _LISTED.match(line) or _NAMED.match(line)
        if match is not None and len(_WORD.findall(match[1])) >= LEAST:
            found.append(match[1])
            in_point = True
        elif in_point and line.strip() and match is None and len(found[-1]) < LONGEST and found[-1][-1] not in ".!?":
            found[-1] += f" {line.strip()}"
        else:
            in_point = in_point and bool(line.strip())
        if len(found) > MOST:
            break
    return tuple(_short(each) for each in found[:MOST])


def _of_words(text: str) -> tuple[str, ...]:
    """Firstly … Secondly … Finally: each at the beginning of a sentence, up to the next of them."""
    if "first" not in text.lower():
        return ()
    flat = " ".join(text.split())
    every = _ORDINAL.finditer(flat)
    marks = [match for match in every if _BEGINS.search(flat[max(0, match.start() - 3) : match.start()])]
    if len(marks) < 2 or not any(_STARTS.match(mark[1]) for mark in marks):
        return ()
    ends = [*(mark.start() for mark in marks[1:]), len(flat)]
    said = [flat[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]
    return tuple(_short(each) for each in said if len(_WORD.findall(each)) >= LEAST)[:MOST]


def _short(words: str) -> str:
    words = " ".join(words.split()).rstrip(" ,;")
    return words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;") + " …"
