"""Everybody outside the office of a simulated year: what they write first, and how they answer what they get.

Every matter has a number of its own, which stands in each mail about it ("booking 10042"): by it the books find in any
letter whose matter it speaks of, and a member of staff knows, as a reader would, what kind of mail it is.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime

from bench import mail_words as words
from bench.life.cast import LONDON, MEMBERS, Member
from tests.support.doors import ADDRESS

SERIAL = re.compile(r"booking\s(?:>\s)?(\d{5})")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
KINDS = {
    "complaint": 50, "praise": 9, "praise and complaint": 3, "enquiry": 9, "newsletter": 7, "spam": 7, "bounce": 2,
    "robot": 3, "empty": 1, "access": 1,
}  # fmt: skip
NAMING = (
    "{name} was rude to me and told me that it was not their problem. I complain about {name}.",
    "My complaint is about {name}, who shouted at us in front of everybody.",
)
PRAISE = (
    "I just wanted to say how wonderful {name} was on {day}. Nothing was too much trouble. Thank you so much!",
    "Thank you for the excellent course. {name} was brilliant and so patient with all of us.",
    "We were delighted with the help that {name} gave us. Please pass on our warmest thanks.",
)
ENQUIRIES = (
    "Could you tell me when the next evening course begins and what it costs?",
    "What are your opening hours over the summer, please? And is there a car park?",
    "Please send me the form for a change of address.",
)
SPAM = (
    "Dear winner, your prize of 500000 waits. Click here to claim your reward today.",
    "Cheap pills without a prescription, 80% off, order today at our shop.",
)
FACTS = (
    "I forgot to say: it was on {day}, and two others saw it as well.",
    "I have found the letter that you sent me in {month}. It says the opposite of what I was told.",
    "Is there any news? I have not heard anything for a while.",
)
DISPUTES = (
    "I do not accept this. What you found is not what happened, and I want to appeal.",
    "I am not satisfied with this answer at all. I wish to appeal against your decision.",
    "Your answer is wrong and I disagree with the outcome. Please treat this as an appeal.",
)
THANKS = (
    "Thank you very much.",
    "Many thanks, that is all I wanted to hear.",
    "Thanks for sorting this out so quickly.",
)


@dataclass
class Writer:
    """Somebody outside, with one matter."""

    number: int
    name: str
    address: str
    kind: str
    about: Member | None = None  # the member of staff whom they complain about
    praises: Member | None = None
    raws: list[bytes] = field(default_factory=list)
    wrote_at: list[datetime] = field(default_factory=list)
    done: set[str] = field(default_factory=set)

    @property
    def matter(self) -> str:
        return f"booking {self.number}"


def a_mail(
    writer: Writer,
    at: datetime,
    text: str,
    subject: str,
    *,
    n: int,
    headers: Sequence[str] = (),
    sender: str = "",
    no_id: bool = False,
    kind: str = "text/plain; charset=utf-8",
) -> bytes:
    """As their mail program writes it."""
    lines = [
        f"From: {writer.name} <{sender or writer.address}>",
        f"To: {ADDRESS}",
        f"Subject: {subject}",
        f"Date: {format_datetime(at.astimezone(LONDON))}",
        *([] if no_id else [f"Message-ID: <{writer.number}.{n}@mails.test>"]),
        "MIME-Version: 1.0",
        f"Content-Type: {kind}",
        "Content-Transfer-Encoding: 8bit",
        *headers,
    ]
    return "\r\n".join([*lines, "", *text.split("\n"), ""]).encode()


class Outside:
    """Makes people up, and what they say."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.writers: dict[int, Writer] = {}
        self.by_address: dict[str, Writer] = {}
        self._mails = 0

    def somebody(self, kind: str) -> Writer:
        number = 10_000 + len(self.writers)
        name = f"{self.chance.choice(words.FIRST)} {self.chance.choice(words.LAST)}"
        address = f"{name.lower().replace(' ', '.')}{number}@home{number % 97}.test"
        writer = Writer(number, name, address, kind)
        if kind == "complaint" and self.chance.random() < 0.07:
            writer.about = self.chance.choice([one for one in MEMBERS.values() if one.key in ("dee", "cal", "pia")])
        if "praise" in kind:
            writer.praises = self.chance.choice(list(MEMBERS.values()))
        self.writers[number] = self.by_address[address] = writer
        return writer

    def draws_kind(self) -> str:
        return self.chance.choices(list(KINDS), list(KINDS.values()))[0]

    # What they write

    def begins(self, writer: Writer, at: datetime) -> bytes:
        """Their first mail."""
        headers: tuple[str, ...]
        match writer.kind:
            case "complaint" | "praise and complaint" | "empty":
                return self.says(writer, at, self._complaint(writer), self._subject(writer), no_id=self._odds(0.05))
            case "praise":
                return self.says(writer, at, self._praise(writer), "Thank you")
            case "enquiry":
                return self.says(writer, at, self.chance.choice(ENQUIRIES), "A question")
            case "newsletter":
                headers = ("List-Id: <news.shop.test>", "List-Unsubscribe: <mailto:off@shop.test>", "Precedence: bulk")
                text = "This month in our shop: new chairs, new lamps, and 10% off everything made of oak."
                return self.says(writer, at, text, "Our newsletter", headers=headers)
            case "spam":
                headers = ("X-Spam-Flag: YES", "X-Spam-Status: Yes, score=14.2 required=5.0")
                return self.says(writer, at, self.chance.choice(SPAM), "You have won", headers=headers)
            case "robot":
                headers = ("Auto-Submitted: auto-replied", "X-Autoreply: yes")
                return self.says(writer, at, "I am out of the office until Monday.", "Out of office", headers=headers)
            case "bounce":
                return self.bounces(writer, at, "<nothing.of.ours@elsewhere.test>")
            case _:
                text = "Under data protection law I ask for a copy of all personal data that you hold about me."
                return self.says(writer, at, text, "Subject access request")

    def says(
        self,
        writer: Writer,
        at: datetime,
        text: str,
        subject: str,
        *,
        headers: Sequence[str] = (),
        sender: str = "",
        no_id: bool = False,
    ) -> bytes:
        self._mails += 1
        whole = f"{self.chance.choice(words.GREETINGS)}\n\n{text}\n\nThis is about {writer.matter}.\n\n{writer.name}"
        raw = a_mail(writer, at, whole, subject, n=self._mails, headers=headers, sender=sender, no_id=no_id)
        writer.raws.append(raw)
        writer.wrote_at.append(at)
        return raw

    def replies(
        self, writer: Writer, at: datetime, text: str, subject: str, answers: str, *, sender: str = ""
    ) -> bytes:
        headers = (f"In-Reply-To: {answers}", f"References: {answers}")
        return self.says(writer, at, text, f"Re: {subject}", headers=headers, sender=sender)

    def bounces(self, writer: Writer, at: datetime, message_id: str) -> bytes:
        """Their mail server says that they have no mailbox."""
        text = (
            "--cut\nContent-Type: text/plain\n\nYour mail could not be delivered.\n\n"
            "--cut\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\n"
            f"Final-Recipient: rfc822; {writer.address}\nAction: failed\nStatus: 5.1.1\n\n"
            f"--cut\nContent-Type: text/rfc822-headers\n\nMessage-ID: {message_id}\nFrom: {ADDRESS}\n"
            f"To: {writer.address}\n\n--cut--"
        )
        self._mails += 1
        raw = a_mail(
            writer, at, text, "Undelivered Mail Returned to Sender", n=self._mails, sender="MAILER-DAEMON@mx.test",
            headers=("Return-Path: <>", "Auto-Submitted: auto-replied"),
            kind='multipart/report; report-type=delivery-status; boundary="cut"',
        )  # fmt: skip
        writer.raws.append(raw)
        writer.wrote_at.append(at)
        return raw

    def robot(self, writer: Writer, at: datetime, subject: str, answers: str) -> bytes:
        headers = (f"In-Reply-To: {answers}", "Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All")
        return self.says(writer, at, "I am away until the 12th.", f"Automatic reply: {subject}", headers=headers)

    # How they go on

    def reacts(self, writer: Writer, subject: str) -> list[tuple[timedelta, str]]:
        """What they do about a letter, and how long after it."""
        odds, days = self.chance.random(), self._days
        if "outcome of your appeal" in subject:
            return [(days(0, 6), "dispute")] if odds < 0.3 else [(days(0, 3), "thanks")] if odds < 0.5 else []
        if "outcome" in subject:
            if odds < 0.3:
                return [(days(0, 3), "thanks")]
            if odds < 0.5:
                return [(days(0, 9), "dispute")]
            return [(days(40, 70), "dispute")] if odds < 0.58 else []
        if "settle it" in subject:
            return [(days(0, 5), "settled" if odds < 0.5 else "unsettled")] if odds < 0.7 else []
        if "received your complaint" in subject:
            steps = (0.04, "bounce"), (0.05, "robot"), (0.14, "facts"), (0.04, "withdraw"), (0.04, "third party")
            for share, what in steps:
                if odds < share:
                    return [(days(0, 8) if what not in ("bounce", "robot") else timedelta(minutes=2), what)]
                odds -= share
            return []
        if "question" in subject:
            return [(days(0, 6), "answer")] if odds < 0.85 else []
        if "name" in subject and "board" in subject:
            return [(days(0, 4), "consent")] if odds < 0.7 else []
        if "your appeal" in subject or "received" in subject or "added" in subject:
            return []
        if odds < 0.2:
            return [(days(0, 4), "thanks")]
        return [(days(0, 9), "facts")] if odds < 0.26 else []

    def goes_on(self, writer: Writer, at: datetime, what: str, subject: str, answers: str) -> bytes:
        """One such step, as a mail."""
        pick = self.chance.choice
        match what:
            case "bounce":
                return self.bounces(writer, at, answers)
            case "robot":
                return self.robot(writer, at, subject, answers)
            case "facts":
                text = pick(FACTS).format(day=pick(DAYS), month="March")
            case "withdraw":
                text = "I wish to withdraw my complaint. It has been put right, and nothing more is needed."
            case "third party":
                text = f"I write for my neighbour {writer.name}. How far is their complaint?"
                return self.replies(writer, at, text, subject, answers, sender=f"friend{writer.number}@advice.test")
            case "thanks":
                text = pick(THANKS)
            case "dispute":
                text = pick(DISPUTES)
            case "settled":
                text = "Yes, it settled it. Thank you."
            case "unsettled":
                text = "No, I am still not happy with it."
            case "consent":
                text = "Yes, you may show my name with my words."
            case _:
                text = f"To answer your question: it was on {pick(DAYS)}, at about ten, in the room by the stairs."
        return self.replies(writer, at, text, subject, answers)

    # Words

    def _complaint(self, writer: Writer) -> str:
        count = self.chance.choice((1, 2, 3, 5, 9))
        said = [
            sentence.format(day=self.chance.choice(DAYS), n=self.chance.randrange(5, 90), street="Mill Lane")
            for sentence in self.chance.sample(words.HAPPENED, count)
        ]
        want = self.chance.choice(words.WANTED).format(n=self.chance.randrange(5, 90))
        naming = [self.chance.choice(NAMING).format(name=writer.about.name)] if writer.about else []
        kind = [self._praise(writer)] if writer.praises else []
        return "\n\n".join(["I want to make a complaint.", *kind, *naming, " ".join(said), want])

    def _praise(self, writer: Writer) -> str:
        name = writer.praises.name if writer.praises else "your colleague"
        return self.chance.choice(PRAISE).format(name=name, day=self.chance.choice(DAYS))

    def _subject(self, writer: Writer) -> str:
        if writer.kind == "empty":
            return ""
        return f"{self.chance.choice(('Complaint about', 'Unhappy with', 'About'))} {self.chance.choice(words.MATTERS)}"

    def _odds(self, share: float) -> bool:
        return self.chance.random() < share

    def _days(self, least: int, most: int) -> timedelta:
        return timedelta(days=self.chance.randint(least, most), minutes=self.chance.randrange(5, 1400))
