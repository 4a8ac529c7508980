"""Tokens that only one member of staff was sent: the keyed words by which a one-click link, or an address, proves whose
it is.

A token names the letter that carried it and one of that letter's links, and bears a keyed mark: whom it was sent to,
about which case and for what stand on the letter, where nobody outside can change them (TRUST threats 2, 3, 26).
Tokens are found and taken out wherever they stand; nothing here says whether one is still good.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
REPLY = 31  # the number that stands for the letter itself, in the address that a reply goes to
MOST_LINKS = REPLY  # 0 to 30

TOKEN = re.compile(r"cm-([a-z2-7]{16})([a-z2-7])([a-z2-7]{26})(?![a-z2-7])", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    letter: str
    link: int


def token_for(key: bytes, letter: str, link: int) -> str:
    return f"cm-{letter}{_ALPHABET[link]}{_mark(key, letter, link)}"


def _mark(key: bytes, letter: str, link: int) -> str:
    digest = hmac.new(key, f"link\x00{letter}\x00{link}".encode("ascii"), hashlib.sha256).digest()
    return base64.b32encode(digest[:16]).decode("ascii").lower().rstrip("=")


def tokens_in(key: bytes, texts: Iterable[str]) -> tuple[Token, ...]:
    """The tokens of ours in these texts, in order, each once; one whose mark is wrong is nobody's."""
    found: dict[Token, None] = {}
    for text in texts:
        for letter, link, mark in TOKEN.findall(text):
            token = Token(letter.lower(), _ALPHABET.index(link.lower()))
            if hmac.compare_digest(_mark(key, token.letter, token.link), mark.lower()):
                found[token] = None
    return tuple(found)
