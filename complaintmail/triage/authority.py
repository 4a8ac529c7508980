"""Whose word is this? A mail says that it is from a member of staff; what proves it (INTERFACE §4, TRUST D7).

A mail is proved by a token that only this person was sent: in a link they clicked, in the address they reply to, or in
the Message-ID of our letter that they answer; or, where the mailbox's own server is trusted on it, by an aligned
`dmarc=pass`. Where that server says `dmarc=fail`, no token helps. A link is good once, for its own command, from the
address that it was sent to; a letter that others may have seen proves nothing any more. Only the From line says who
writes. Pure: the caller brings the letters that the mail names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from complaintmail.mail.authentication import Standing
from complaintmail.mail.message import Message
from complaintmail.mail.references import letters_cited
from complaintmail.mail.tokens import REPLY, Token, tokens_in


class Proof(StrEnum):
    LINK = "link"  # a one-click link, not used before
    REPLY = "reply"  # it answers a letter that only this person was sent
    SERVER = "server"  # dmarc=pass, by the word of the mailbox's own server


@dataclass(frozen=True, slots=True)
class StaffLetter:
    """A letter that we sent to a member of staff."""

    id: str
    recipient: str  # address key
    case_id: int | None
    kind: str
    about: Mapping[str, Any] = field(default_factory=dict)
    links: tuple[str, ...] = ()  # the command of each link
    void: frozenset[int] = frozenset()  # links that are no longer good; REPLY: neither is a reply to it


@dataclass(frozen=True, slots=True)
class Word:
    """What a mail's word is worth. `letter`: the letter of ours that it answers, or whose link was clicked."""

    proof: Proof | None
    why: str
    letter: StaffLetter | None = None
    link: int | None = None

    @property
    def by_token(self) -> bool:
        return self.proof in (Proof.LINK, Proof.REPLY)


def named_letters(message: Message, key: bytes) -> tuple[str, ...]:
    """The letters whose tokens or Message-IDs this mail carries: what has to be looked up before `whose_word`."""
    tokens = [token.letter for token in (*_clicked(message, key), *_addressed(message, key))]
    return tuple(dict.fromkeys((*tokens, *letters_cited(key, _cited(message)))))


def _clicked(message: Message, key: bytes) -> tuple[Token, ...]:
    return tuple(token for token in tokens_in(key, (message.subject,)) if token.link != REPLY)


def _addressed(message: Message, key: bytes) -> tuple[Token, ...]:
    to = [address.address for address in (*message.to, *message.cc)]
    return tuple(token for token in tokens_in(key, (*message.delivered_to, *to)) if token.link == REPLY)


def _cited(message: Message) -> tuple[str, ...]:
    return (*message.in_reply_to, *reversed(message.references))


def whose_word(
    message: Message, writer: str, letters: Mapping[str, StaffLetter], standing: Standing, key: bytes
) -> Word:
    """Is this mail the word of the member of staff at `writer`?"""
    said = message.writer
    if said is None or said.key != writer or said.address.isascii() != writer.isascii():
        return Word(None, "its From line does not name them alone")
    if standing is Standing.FAILED:
        return Word(None, "the mail server says that it does not come from where it says (dmarc=fail)")
    theirs = {name: letter for name, letter in letters.items() if letter.recipient == writer}
    used = seen = False
    for token in _clicked(message, key):
        letter = theirs.get(token.letter)
        if letter is None or token.link >= len(letter.links):
            continue
        if token.link not in letter.void:
            return Word(Proof.LINK, "a link that only they were sent", letter, token.link)
        used = True
    addressed = [token.letter for token in _addressed(message, key)]
    for name in (*addressed, *letters_cited(key, _cited(message))):
        if name in theirs and REPLY not in theirs[name].void:
            return Word(Proof.REPLY, "it answers a letter that only they were sent", theirs[name])
        seen = seen or name in theirs
    if standing is Standing.PASSED:
        return Word(Proof.SERVER, "the mail server vouches for its sender")
    if used:
        return Word(None, "the link in it was used before, or others may have seen it")
    if seen:
        return Word(None, "it answers a letter that others may have seen")
    if any(letter.recipient != writer for letter in letters.values()):
        return Word(None, "it answers a letter that was sent to somebody else")
    return Word(None, "nothing in it shows that it is theirs")
