"""What may be shown on a terminal or in a line of a log, and how wide it is.

Owns one promise: text that somebody else wrote cannot steer a terminal, forge a line or hide what stands there.
Everything comes out as one line; what is not shown as itself is shown as an escape. Standard library only.
"""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, combining, east_asian_width


def printable(text: str) -> str:
    """One line: controls, and what reorders or hides text, as escapes; every kind of space as a space."""
    if text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char.isprintable():
        return char
    if category(char) == "Zs":
        return " "
    return char.encode("unicode_escape", "backslashreplace").decode()


def width(text: str) -> int:
    """The columns that printable text takes: two for wide East Asian letters, none for combining marks."""
    return len(text) if text.isascii() else _counted(text)


@lru_cache(maxsize=8192)
def _counted(text: str) -> int:
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if combining(char) or category(char) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def fitted(text: str, columns: int) -> str:
    """Cut to so many columns, the cut shown by an ellipsis, and filled up with spaces."""
    taken = width(text)
    if taken <= columns:
        return text + " " * (columns - taken)
    kept, used = [], 0
    for char in text:
        if used + _columns(char) > columns - 1:
            break
        kept.append(char)
        used += _columns(char)
    return "".join(kept) + "…" + " " * (columns - 1 - used)
