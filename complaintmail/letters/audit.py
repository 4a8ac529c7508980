"""The weekly question about mails that were let go: were these rightly no complaints? One link each for yes and no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from complaintmail.letters.notice import Section
from complaintmail.letters.notices import Click, Paper, day
from complaintmail.letters.reminders import NO_CASE

IS = {"spam": "spam", "enquiry": "an enquiry"}
LONGEST = 60


@dataclass(frozen=True, slots=True)
class LetGo:
    """One of them; `words`: how it begins."""

    number: int
    received_at: datetime
    sender: str
    subject: str
    kind: str
    words: str


def rightly_let_go(mails: Sequence[LetGo], zone: ZoneInfo) -> Paper:
    mails = sorted(mails, key=lambda one: one.number)
    told = (
        "These mails were not treated as complaints. They were chosen at random from last week's. Please read each and "
        "say below whether that was right. The program learns from your answer, and what was a complaint after all is "
        "acknowledged, with its dates from the day it came.",
    )
    items = tuple(
        f"Mail {one.number}, {day(one.received_at, zone)}, from {one.sender or 'nobody named'}, "
        f"“{_short(one.subject) or 'without a subject'}”: {one.words or '(no words)'}"
        for one in mails
    )
    clicks = [
        click
        for one in mails
        for click in (
            Click(f"Mail {one.number} is rightly no complaint", f"#kind {one.kind} {one.number}"),
            Click(f"Mail {one.number} is a complaint", f"#kind complaint {one.number}"),
        )
    ]
    return Paper(
        f"Were these rightly no complaints? ({len(mails)})",
        NO_CASE,
        (Section("", paragraphs=told, items=items),),
        tuple(clicks),
        "You get this once a week, when there were such mails, because new complaints come to you first.",
    )


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 2].rsplit(" ", 1)[0] + " …"
