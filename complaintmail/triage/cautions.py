"""What a person should know before they trust a mail: a sign-in code that somebody had sent to us, a sender whose name
is made to look like another. Said beside the mail; it changes nothing of what follows from it (TRUST threats 1, 9)."""

from __future__ import annotations

import re
import unicodedata

from complaintmail.mail.message import Message

_CODE = re.compile(
    r"\b(?:verification|security|sign[- ]?in|log[- ]?in|one[- ]?time|access|confirmation|authentication)\s+"
    r"(?:code|passcode|password|pin)\b[^\n]{0,60}?\b\d{4,8}\b|\b\d{4,8}\b[^\n]{0,40}?\bis your [^\n]{0,40}?\bcode\b",
    re.IGNORECASE,
)
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN")
LONGEST = 20_000


def cautions(message: Message) -> tuple[str, ...]:
    """One sentence for each thing to be careful of."""
    out: list[str] = []
    if _CODE.search(message.subject[:500]) or _CODE.search(message.new_text[:LONGEST]):
        out.append(
            "It carries a sign-in code of some service. Somebody may be trying to open an account with our address: do "
            "not use the code, and do not pass it on."
        )
    name = message.writer.name if message.writer else ""
    if any(len(_scripts(word)) > 1 for word in name.split()):
        out.append("Its sender's name mixes letters of different alphabets. Please look closely at the address.")
    elif message.writer and "@" in name and name.rpartition("@")[2].strip(" >").lower() != message.writer.domain:
        out.append("Its sender's name shows another address than the one it came from. Please look closely.")
    return tuple(out)


def _scripts(word: str) -> set[str]:
    names = (unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha())
    return {name for name in names if name in _SCRIPTS}
