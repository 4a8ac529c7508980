"""Message-IDs that are ours, and references in people's words.

A Message-ID of ours carries a keyed mark, so that nobody can guess or forge one: `<cm.LETTER.MARK@domain>`, LETTER
being the letter's own id and MARK its HMAC. Only ids whose mark is right thread by themselves (TRUST threats 4–6);
a case reference found in a subject or text only ever suggests.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable
from functools import lru_cache

_OURS = re.compile(r"<cm\.([a-z2-7]{16})\.([a-z2-7]{26})@[^<>@\s]{1,255}>", re.IGNORECASE | re.ASCII)
_MARKED = re.compile(r"^\s*([a-z2-7]{16})\.([a-z2-7]{26})\s*$", re.IGNORECASE | re.ASCII)
_REFERENCE = re.compile(r"(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9]{0,11})-((?:19|20|21)[0-9]{2})-([0-9]{6})(?![0-9])")

_NUMBER = re.compile(r"-(?:19|20|21)[0-9]{2}-[0-9]{6}")  # the part that few texts have, and quick to look for

MOST_REFERENCES = 50  # of one mail; nobody means more, and each is looked up

LETTER_HEADER = "Complaint-Letter"  # carried beside the Message-ID, for servers that rewrite it


def letter_id(randomness: bytes) -> str:
    """Ten random bytes as a letter's id: 16 characters that survive any change of case."""
    return base64.b32encode(randomness[:10]).decode("ascii").lower()


@lru_cache(maxsize=64)
def _mark(key: bytes, letter: str) -> str:
    digest = hmac.digest(key, b"letter\x00" + letter.encode("ascii"), "sha256")
    return base64.b32encode(digest[:16]).decode("ascii").lower().rstrip("=")


def message_id_for(key: bytes, letter: str, domain: str) -> str:
    return f"<cm.{letter}.{_mark(key, letter)}@{domain}>"


def letter_header_for(key: bytes, letter: str) -> str:
    return f"{letter}.{_mark(key, letter)}"


def letter_of(key: bytes, message_id: str) -> str | None:
    """The letter whose Message-ID this is, if its mark is right."""
    found = _OURS.fullmatch(message_id.strip())
    return _checked(key, found)


def letter_of_header(key: bytes, value: str) -> str | None:
    """The same for the `Complaint-Letter` header of an evidence copy."""
    return _checked(key, _MARKED.match(value))


def _checked(key: bytes, found: re.Match[str] | None) -> str | None:
    if found is None:
        return None
    letter, mark = found.group(1).lower(), found.group(2).lower()
    return letter if hmac.compare_digest(_mark(key, letter), mark) else None


def letters_cited(key: bytes, message_ids: Iterable[str]) -> tuple[str, ...]:
    """Our letters among these Message-IDs, in order, each once."""
    found = (letter_of(key, message_id) for message_id in message_ids)
    return tuple(dict.fromkeys(letter for letter in found if letter))


def case_references(*texts: str, prefixes: frozenset[str]) -> tuple[str, ...]:
    """The first case references written in these texts, in order, each once, for the prefixes that exist here."""
    out: dict[str, None] = {}
    for text in texts:
        if not _NUMBER.search(text):
            continue
        for prefix, year, number in _REFERENCE.findall(text[:200_000]):
            if prefix.upper() in prefixes:
                out[f"{prefix.upper()}-{year}-{number}"] = None
                if len(out) == MOST_REFERENCES:
                    return tuple(out)
    return tuple(out)
