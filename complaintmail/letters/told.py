"""What notices are made of: a case as staff are told of it, what can be clicked, the paper before it is a letter.

Values only. A `Paper` has its one-click links still without their tokens, which only the letter that carries them has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from complaintmail.cases.suggesting import Suggestion
from complaintmail.letters.notice import Link, Notice, Section
from complaintmail.mail.tokens import MOST_LINKS, token_for
from complaintmail.triage.concerns import Found

THEIRS = "What they wrote"


@dataclass(frozen=True, slots=True)
class Click:
    """One thing that can be done now. `line`: the command; `more`: lines to fill in below it."""

    label: str
    line: str
    more: str = ""

    @property
    def command(self) -> str:
        return self.line.split()[0].lstrip("#").lower()


@dataclass(frozen=True, slots=True)
class Paper:
    """A notice before it has a letter to travel in."""

    subject: str
    first_line: str
    sections: tuple[Section, ...]
    clicks: tuple[Click, ...] = ()
    foot: str = ""
    links_last: bool = False  # below all there is to read, not below their words

    def notice(self, key: bytes, letter_id: str, reference: str) -> Notice:
        """With its links, each good for this letter's recipient alone."""
        links = tuple(
            Link(click.label, _subject(click, reference, token_for(key, letter_id, number)), _body(click))
            for number, click in enumerate(self.clicks[:MOST_LINKS])
        )
        sections = self.sections
        if links:
            theirs = (n for n, one in enumerate(sections, 1) if one.heading == THEIRS)
            read = len(sections) if self.links_last else next(theirs, 1)  # first read, then do
            sections = (*sections[:read], Section("What you can do now", links=links), *sections[read:])
        return Notice(self.subject, self.first_line, sections, self.foot)

    @property
    def commands(self) -> list[str]:
        return [click.command for click in self.clicks[:MOST_LINKS]]


def _subject(click: Click, reference: str, token: str) -> str:
    return " ".join(part for part in (token, click.label, f"[{reference}]" if reference else "") if part)


def _body(click: Click) -> str:
    return f"{click.line}\n{click.more}" if click.more else f"{click.line}\n"


@dataclass(frozen=True, slots=True)
class Promise:
    """An open duty, in words."""

    what: str
    clause: str
    due_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class CaseTold:
    """What a notice may say of a case."""

    reference: str
    organisation: str
    zone: ZoneInfo
    received_at: datetime
    channel: str
    complainant_name: str
    complainant_email: str
    subject: str
    text: str  # the words of the mail that the notice is about
    kind: str = "complaint"
    sure: bool = True
    severity: str = "medium"
    area: str = ""
    handler: str = ""
    status: str = "new"
    reasons: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    needs: tuple[str, ...] = ()
    earlier: tuple[tuple[str, str, str], ...] = ()
    attached: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()  # name, why it is not attached
    cloud: tuple[tuple[str, str], ...] = ()  # link, whose service
    warnings: tuple[str, ...] = ()
    attends: tuple[str, ...] = ()  # what only a person can settle
    restricted: bool = False
    elsewhere: tuple[str, ...] = ()  # where the policy says that such a matter may belong
    concerns: tuple[Found, ...] = ()  # what in their words cannot wait, or has a law's clock
    suggested: tuple[Suggestion, ...] = ()  # what else may be in them, for a person to say
    notes: tuple[str, ...] = field(default=())

    @property
    def who(self) -> str:
        return self.complainant_name or self.complainant_email or "somebody whose name is not known"
