"""Members of staff at their own mail programs, and what a complainant's mailbox may hold after them.

dana = Desk(office, "dana", OUTLOOK)
dana.replies(notice, "please give this to Hal")      # one pass follows
hal.clicks(notice, "I have spoken with them")        # a new mail, without In-Reply-To
unmarked_by_the_house(office, jane)                  # no address, token or notice in anything that she got
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.support import wire
from tests.support.mail_clients import Client
from tests.support.staff import PEOPLE, Got, Staff

HOUSE = (
    "staff.test", "Please write above this line", "plain reply to this mail", "What you can do now",
    "What the program made of it",
)  # fmt: skip


@dataclass
class Desk:
    """One person with one program."""

    office: Staff
    who: str
    client: Client

    @property
    def sender(self) -> tuple[str, str]:
        return PEOPLE.get(self.who, (self.who.title(),))[0], self.office.addresses[self.who]

    @property
    def inbox(self) -> str:
        return self.office.story.inbox

    def gets(self) -> list[Got]:
        return self.office.gets(self.who)

    def get(self, words: str) -> Got:
        """The one new mail whose subject says this."""
        came = self.gets()
        found = [got for got in came if words in got.subject]
        assert len(found) == 1, f"{self.who} got {[got.subject for got in came]}, not one of {words!r}"
        return found[0]

    def replies(self, got: Got, typed: str, *, cc: Sequence[str] = (), **how: Any) -> bytes:
        to = str((got.mail["Reply-To"] or got.mail["From"]).addresses[0].addr_spec)
        return self._goes(lambda: self.client.reply(got.mail, typed, sender=self.sender, to=[to], cc=cc, **_kept(how)),
                          [to, *cc], how)  # fmt: skip

    def clicks(self, got: Got, label: str, change: Callable[[str], str] = lambda body: body, **how: Any) -> bytes:
        to, subject, body = got.links()[label]
        return self.writes(subject, change(body), to=[to], **how)

    def writes(self, subject: str, typed: str, *, to: Sequence[str] = (), cc: Sequence[str] = (), **how: Any) -> bytes:
        boxes = list(to) or [self.inbox]
        return self._goes(
            lambda: self.client.writes(typed, sender=self.sender, to=boxes, cc=cc, subject=subject, **_kept(how)),
            [*boxes, *cc],
            how,
        )

    def forwards(self, got: Got, typed: str = "", **how: Any) -> bytes:
        return self._goes(
            lambda: self.client.forward(got.mail, typed, sender=self.sender, to=[self.inbox], **_kept(how)),
            [self.inbox],
            how,
        )

    def _goes(self, made: Callable[[], bytes], boxes: Sequence[str], how: dict[str, Any]) -> bytes:
        raw = made()
        story = self.office.story
        if story.clock is not None:
            raw = re.sub(
                rb"(?m)^Date: .*$", f"Date: {story.clock.moment:%a, %d %b %Y %H:%M:%S +0000}".encode(), raw, count=1
            )
        for box in boxes:  # a story's clock is its own, so the mail is laid down by it
            if story.clock is not None and box == self.inbox:
                story.drops(raw)
            else:
                story.posts(raw, self.sender[1], box)
        if how.get("goes_on", True):
            story.goes_on()
        return raw


def _kept(how: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in how.items() if name != "goes_on"}


def complains(office: Staff, sender: str, words: str, **more: Any) -> bytes:
    """A complainant writes; by the story's own clock where it has one."""
    story = office.story
    raw = story.letter(sender, body=words, **more)
    if story.clock is None:
        story.posts(raw, sender)
    else:
        story.drops(raw)
    story.goes_on()
    return raw


def later(office: Staff, **passed: float) -> None:
    clock = office.story.clock
    assert clock is not None
    clock.moment += timedelta(**passed)


def answers_to(office: Staff, person: str) -> list[Got]:
    """What staff wrote to them and has gone, oldest first, each held to what such a mail must be."""
    found = []
    for letter in office.story.outbox("sent"):
        if letter.recipient.lower() == person.lower() and letter.kind == "answer":
            wire.check_written(letter.data, never=(*HOUSE, *office.addresses.values()))
            found.append(Got(letter.data, wire.parsed(letter.data)))
    return found


def unmarked_by_the_house(office: Staff, person: str, answers: int) -> list[Got]:
    """Everything that we ever sent them is free of the house; so many answers by staff lie with them."""
    story = office.story
    ours = [letter for letter in story.outbox("sent") if letter.recipient.lower() == person.lower()]
    said = answers_to(office, person)
    assert len(said) == answers, f"{len(said)} answers went to {person}, not {answers}"
    for letter in ours:
        words = wire.words_of(letter.data)
        for name in (*HOUSE, *office.addresses.values()):
            assert name.lower() not in words.lower(), f"{name!r} stands in a {letter.kind}"
        assert not wire.TOKEN.search(words.lower())
    lying = [raw for raw in story.stack.mails(person) if any(raw.endswith(letter.data) for letter in ours)]
    assert len(lying) == len(ours), f"{len(lying)} of our {len(ours)} letters lie with {person}"
    return said


def a_bounce(of: Got, to: str, said: str, status: str = "5.1.1") -> bytes:
    """The other server's word that this mail did not reach them."""
    mark = "b0und"
    lines = [
        "From: Mail Delivery System <MAILER-DAEMON@mx.example>", f"To: {of.mail['From'].addresses[0].addr_spec}",
        "Subject: Undelivered Mail Returned to Sender", "Date: Sat, 21 Nov 2026 10:01:00 +0000",
        f"Message-ID: <{base64.b16encode(of.message_id.encode())[:40].decode()}@mx.example>", "MIME-Version: 1.0",
        "Auto-Submitted: auto-replied",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{mark}"', "",
        f"--{mark}", "Content-Type: text/plain; charset=us-ascii", "",
        f"I'm sorry to have to inform you that your message could not be delivered to <{to}>.", "",
        f"--{mark}", "Content-Type: message/delivery-status", "",
        "Reporting-MTA: dns; mx.example", "", f"Final-Recipient: rfc822; {to}", "Action: failed", f"Status: {status}",
        f"Diagnostic-Code: smtp; {said}", "",
        f"--{mark}", "Content-Type: text/rfc822-headers", "",
        f"Message-ID: {of.message_id}", f"Subject: {of.mail['Complaint-Reference']}", "", f"--{mark}--", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()
