"""How the staff of a simulated year write: replies with the notice quoted, links that are clicked and filled in."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from bench.life.cast import LONDON, Member
from bench.life.got import Letter
from bench.life.outside import SERIAL, Writer
from tests.support.bureau import a_letter, answering
from tests.support.doors import ADDRESS

ANSWERS = (
    "Dear customer,\n\nthank you for your patience. We looked into it, and the invoice has been corrected. The money "
    "is on its way to you.\n\nKind regards",
    "Dear customer,\n\nwe have looked into what you told us. The lift was mended this morning, and the room is warm "
    "again. We are sorry for the trouble.\n\nKind regards",
)


@dataclass
class Hand:
    """One member of staff, writing."""

    member: Member
    chance: random.Random
    writers: dict[int, Writer]

    def reply(self, got: Letter, words: str, *, head: int = 12) -> bytes:
        quoted = "".join(f"> {line}\n" for line in got.words.splitlines()[:head])
        body = f"{words}\n\nOn 18/11/2026 12:00, {ADDRESS} wrote:\n{quoted}"
        return self._mail(f"Re: {got.subject}", body, got, to=str(got.mail["Reply-To"] or ADDRESS))

    def answer(self, got: Letter) -> bytes:
        return self.reply(got, f"{self.chance.choice(ANSWERS)}\n{self.member.name}")

    def direct(self, got: Letter, writer: Writer) -> bytes:
        """Straight to the complainant, the mailbox in copy."""
        words = f"{self.chance.choice(ANSWERS)}\n{self.member.name}\n"
        mail = a_letter(self.member.key, f"Re: [{got.reference}]", words, to=writer.address, headers=[("Cc", ADDRESS)])
        return mail.as_bytes()

    def click(self, got: Letter, label: str, *, body: str | None = None, **blanks: str) -> bytes:
        to, subject, words = got.links()[label]
        words = words if body is None else body
        for blank, filled in blanks.items():
            words = words.replace(blank, filled)
        return a_letter(self.member.key, subject, words, to=to).as_bytes()

    def record(self, writer: Writer, at: datetime) -> bytes:
        """A call, a letter or a visit, as they write it down; sometimes without whom it was from."""
        how = self.chance.choice(("phone", "phone", "letter", "in person"))
        lines = [f"Name: {writer.name}", f"Channel: {how}", f"Received: {at.astimezone(LONDON):%-d %B %Y}"]
        reached = self.chance.random()
        if reached < 0.55:
            lines.append(f"Email: {writer.address}")
        elif reached < 0.85:
            lines += ["Phone: 01632 960123", f"Address: {writer.number} Mill Lane, Exampletown"]
        words = f"The lift has not worked for days, and nobody rings back. It is about {writer.matter}."
        command = "#record\n#settled we mended it at once" if self.odds(0.2) else "#record"
        body = "\n".join((command, *lines, "", words))
        return a_letter(self.member.key, "A complaint by word of mouth", body, to=ADDRESS).as_bytes()

    def robot(self, got: Letter) -> bytes:
        headers = [*answering(got), ("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")]
        words = "I am on holiday. In urgent matters please write to a colleague.\n"
        return a_letter(self.member.key, f"Automatic reply: {got.subject}", words, headers=headers).as_bytes()

    def _mail(self, subject: str, words: str, got: Letter, *, to: str) -> bytes:
        return a_letter(self.member.key, subject, words, to=to, headers=answering(got)).as_bytes()

    def writer(self, got: Letter) -> Writer | None:
        found = SERIAL.search(" ".join(got.words.replace("\n> ", " ").split()))
        return self.writers.get(int(found[1])) if found else None

    def odds(self, share: float) -> bool:
        return self.chance.random() < share
