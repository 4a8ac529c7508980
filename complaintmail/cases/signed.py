"""A short word of staff's without the signature that their mail program put below it: "yes" stays a yes.

Thunderbird and others put a signature above what they quote, without a mark. Promises: only a foot that is surely a
signature is taken off, a mark or the writer's own name, and below it nothing that reads like more to say; in doubt all
of it stays, and a person is asked. Pure, linear time.
"""

from __future__ import annotations

import re

LONGEST = 40  # lines; a mail with more is no short word
_WORD = re.compile(r"[^\W\d_]+")
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "prof"])
_SIGN_OFF = re.compile(
    r"(?:(?:many|kind|kindest|best|warm|with|my)\s+){0,3}(?:regards|wishes|thanks|thank you|cheers|rgds)[\s,.!]*",
    re.IGNORECASE,
)
_MORE = re.compile(r"p\.?\s?s\b|#|[a-z]", re.ASCII)  # a foot's lines begin with a capital, a number or an address
_CONTACT = re.compile(r"(?:www\.|https?:|tel\b|mob|e-?mail|fax|[temw]\s?:|[\w.+-]+@)", re.IGNORECASE)
_SMALL_PRINT = re.compile(
    r"(?:this e-?mail|the information|please consider|confidential|disclaimer|registered)\b", re.I
)


def unsigned(text: str, name: str) -> str:
    """The text without its writer's signature; `name` is theirs."""
    lines = [line.strip() for line in text.strip().split("\n")]
    if len(lines) > LONGEST:
        return text
    own = {word.lower() for word in _WORD.findall(name)}
    for at, line in enumerate(lines):
        if line == "--" or (_begins(lines, at, own) and _is_foot(lines[at + 1 :], own)):
            return "\n".join(lines[:at]).strip()
    return text


def _begins(lines: list[str], at: int, own: set[str]) -> bool:
    """Is this line the writer's name, or a good-bye with the name below it?"""
    if _is_name(lines[at], own):
        return True
    if not _SIGN_OFF.fullmatch(lines[at]):
        return False
    follows = next((line for line in lines[at + 1 :] if line), "")
    return not follows or _is_name(follows, own)


def _is_name(line: str, own: set[str]) -> bool:
    if len(line) > 100 or not line.strip(" ,.-–").replace(" ", ""):
        return False
    words = [word.lower() for word in _WORD.findall(line)]
    return bool(own.intersection(words)) and own.issuperset(set(words) - _TITLES) and "?" not in line


def _is_foot(lines: list[str], own: set[str]) -> bool:
    for line in lines:
        if _SMALL_PRINT.match(line):
            return True
        if not line or _is_name(line, own) or _CONTACT.match(line):
            continue
        if _MORE.match(line) or line.lower().startswith(("ps", "p.s")) or "?" in line or len(line.split()) > 9:
            return False
        if line[-1] in ".!" and len(line.split()) > 3:
            return False
    return True
