"""Tokens that only one member of staff was sent: the keyed words by which a one-click link, or an address, proves whose
it is.

A token names the letter that carried it and one of that letter's links, and bears a keyed mark: whom it was sent to,
about which case and for what stand on the letter, where nobody outside can change them (TRUST threats 2, 3, 26).
Tokens are found and taken out wherever they stand, broken over lines too; nothing here says whether one is still good.
Linear time; never fails.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
REPLY = 31  # the number that stands for the letter itself, in the address that a reply goes to
MOST_LINKS = REPLY  # 0 to 30

TOKEN = re.compile(r"cm-([a-z2-7]{16})([a-z2-7])([a-z2-7]{26})(?![a-z2-7])", re.IGNORECASE | re.ASCII)

_FLAGS = re.IGNORECASE | re.ASCII
_BREAK = r"[ \t]{0,8}=?\r?\n[>| \t]{0,40}"  # where a mail program breaks a line, and marks the next one
_HYPHEN = r"(?:-|%2d|&#45;|&#x2d;)"
_THEN = rf"(?:{_BREAK}| )?"  # Thunderbird breaks lines after a hyphen too
_BROKEN = re.compile(rf"cm{_HYPHEN}{_THEN}((?:[a-z2-7](?:{_BREAK}| )?){{42}}[a-z2-7])", _FLAGS)
_SHAPES = re.compile(
    rf"cm{_HYPHEN}{_THEN}(?:[a-z2-7](?:{_BREAK})?){{42}}[a-z2-7]"  # a link or an address
    r"|<?cm\.[a-z2-7]{16}\.[a-z2-7]{26}@[A-Za-z0-9._:\[\]-]{1,255}>?"  # the Message-ID of a letter
    r"|(?<![a-z2-7.])[a-z2-7]{16}\.[a-z2-7]{26}(?![a-z2-7])",  # the same mark in a header of its own
    _FLAGS,
)
_MAY_HOLD = ("cm-", "cm%2d", "cm&#", "cm.", "complaint-letter")
_OTHER = re.compile(r"[^a-z2-7]+", _FLAGS)


@dataclass(frozen=True, slots=True)
class Token:
    letter: str
    link: int


def token_for(key: bytes, letter: str, link: int) -> str:
    return f"cm-{letter}{_ALPHABET[link]}{_mark(key, letter, link)}"


def _mark(key: bytes, letter: str, link: int) -> str:
    digest = hmac.digest(key, f"link\x00{letter}\x00{link}".encode("ascii"), "sha256")
    return base64.b32encode(digest[:16]).decode("ascii").lower().rstrip("=")


def tokens_in(key: bytes, texts: Iterable[str]) -> tuple[Token, ...]:
    """The tokens of ours in these texts, in order, each once; one whose mark is wrong is nobody's."""
    found: dict[Token, None] = {}
    for text in texts:
        if not _may_hold(text):
            continue
        for written in _BROKEN.findall(text):
            whole = _OTHER.sub("", written).lower()
            token = Token(whole[:16], _ALPHABET.index(whole[16]))
            if hmac.compare_digest(_mark(key, token.letter, token.link), whole[17:]):
                found[token] = None
    return tuple(found)


def without_tokens(text: str) -> str:
    """The text with "…" for whatever looks like a token, or like the Message-ID of a letter of ours."""
    return _SHAPES.sub("…", text) if _may_hold(text) else text


def _may_hold(text: str) -> bool:
    low = text.lower()
    return any(sign in low for sign in _MAY_HOLD)
