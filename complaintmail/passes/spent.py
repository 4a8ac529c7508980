"""What of a letter to staff is no longer good: a link that was used, what lies where others read it, what they have.

A token proves who writes only while nobody else can have it. A reply that quotes our notice lies in a mailbox that
others open; a reply with the complainant in copy hands them the address and the Message-ID that prove a reply. Both are
void in the commit that takes the mail in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from complaintmail.cases.people import People, Person
from complaintmail.mail.leaks import tokens_lying_in
from complaintmail.mail.message import Message
from complaintmail.mail.tokens import REPLY, tokens_in
from complaintmail.store import instructed, scenes
from complaintmail.store.journal import Entry
from complaintmail.store.record import Writer
from complaintmail.triage.authority import StaffLetter, Word, named_letters

LARGEST = 4_000_000  # bytes of a mail that are looked at for what it quotes of ours

Seen = dict[str, dict[int, str]]  # letter → link → why it is void


@dataclass(frozen=True, slots=True)
class Leak:
    """What only these people were sent came from somebody else's address, or from a private one of theirs."""

    why: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Spent:
    """One mailbox's view: `own` are the addresses of ours, `people` may have what was sent to a colleague."""

    key: bytes
    people: People
    own: frozenset[str]

    def by_staff(
        self, writer: Writer, entry: Entry, message: Message, word: Word, letters: Mapping[str, StaffLetter]
    ) -> None:
        """A mail from a staff address has come; `letters` are those of ours that it answers."""
        seen: Seen = {name: {REPLY: "seen"} for name in letters} if self._others_read(message) else {}
        for token in tokens_lying_in(self.key, _beginning(entry)):
            if token.link != REPLY:
                seen.setdefault(token.letter, {})[token.link] = "seen"
        if word.letter is not None and word.link is not None:
            seen.setdefault(word.letter.id, {})[word.link] = "used"
        _void(writer, seen)

    def by_hand(self, writer: Writer, entry: Entry) -> None:
        """A mail that somebody sent from the mailbox itself lies in its Sent folder, with all that it quotes."""
        seen: Seen = {}
        for token in tokens_lying_in(self.key, _beginning(entry)):
            seen.setdefault(token.letter, {})[token.link] = "seen"
        _void(writer, seen)

    def by_others(self, writer: Writer, message: Message) -> Leak | None:
        """Somebody else's mail may carry what only a member of staff was sent: that proves nothing from now on. Why a
        person should look at it; None for nearly every mail."""
        to = [address.address for address in (*message.to, *message.cc)]
        tokens = tokens_in(self.key, (*to, *message.delivered_to, message.subject, message.text))
        named = {token.letter for token in tokens} | set(named_letters(message, self.key))
        letters = scenes.staff_letters(writer.connection, named)
        if not letters:
            return None
        theirs = message.writer.key if message.writer else None  # an absence note of whom it was sent to
        leaked = {name: letter for name, letter in letters.items() if letter.recipient != theirs}
        seen: Seen = {name: {REPLY: "seen"} if name in leaked else {} for name in letters}
        for token in tokens:
            if token.link != REPLY or token.letter in leaked:
                seen.get(token.letter, {})[token.link] = "seen"
        _void(writer, seen)
        if not leaked:
            return None
        people = [self.people.at(letter.recipient) for letter in leaked.values()]
        whose = dict.fromkeys(person.name if person else "somebody who is no longer with us" for person in people)
        why = (
            f"it carries what only {' and '.join(whose)} was sent: did they pass it on? It was given no effect, and "
            "they were told that only mail from their own address here counts"
        )
        return Leak(why, tuple(person for person in people if person is not None))

    def _others_read(self, message: Message) -> bool:
        for address in (*message.to, *message.cc):
            local, _, domain = address.key.rpartition("@")
            ours = address.key in self.own or f"{local.partition('+')[0]}@{domain}" in self.own
            if address.address and not ours and self.people.at(address.key) is None:
                return True
        return False


def came_back(writer: Writer, letter_id: str) -> None:
    """This letter was returned to the mailbox, whole as it may be, and its recipient never had it."""
    for name, letter in scenes.staff_letters(writer.connection, (letter_id,)).items():
        _void(writer, {name: dict.fromkeys((*range(len(letter.links)), REPLY), "seen")})


def _void(writer: Writer, seen: Seen) -> None:
    if not seen:
        return
    writer.so_far()  # the same batch may have voided some of them
    for name, letter in scenes.staff_letters(writer.connection, set(seen)).items():
        instructed.void_links(writer, name, seen[name], letter.void)


def _beginning(entry: Entry) -> bytes:
    if isinstance(entry.raw, bytes):
        return entry.raw[:LARGEST]
    with entry.raw.open("rb") as file:
        return file.read(LARGEST)
