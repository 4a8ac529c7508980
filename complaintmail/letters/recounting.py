"""The notice to a policy's owner that its file has changed, and which open cases would have other dates by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from complaintmail.letters.notice import Section
from complaintmail.letters.notices import Click, Paper
from complaintmail.letters.reminders import NO_CASE, OWED
from complaintmail.mail.tokens import MOST_LINKS
from complaintmail.policy.wording import long_date


@dataclass(frozen=True, slots=True)
class Line:
    """One case, with what is owed on it: kind, its day now, the other day, how that was counted."""

    reference: str
    days: tuple[tuple[str, datetime, datetime, str], ...]


def recounts(title: str, lines: Sequence[Line]) -> Paper:
    """One link for each case; those that find no room are only listed."""
    many = f"{len(lines)} open cases" if len(lines) > 1 else "an open case"
    told = [
        f"The file of the policy “{title}” is another one than when these cases came: a closure, a public holiday or a "
        "length of time in it has changed. By the file as it is now their dates would be others.",
        "The cases keep the dates that they have until you say otherwise. Nothing moves by itself.",
    ]
    if len(lines) > MOST_LINKS:
        told.append(
            f"There is room for {MOST_LINKS} links. For the other cases answer a mail about them with: #recount"
        )
    items = tuple(f"{line.reference}: {'; '.join(_said(*day) for day in line.days)}" for line in lines)
    clicks = tuple(Click(f"Move the dates of {line.reference}", "#recount") for line in lines)
    return Paper(
        f"The dates of {many} would move: {title}",
        NO_CASE,
        (Section("", paragraphs=tuple(told), items=items),),
        clicks,
        "You get this because you answer for the policy.",
    )


def _said(kind: str, before: datetime, then: datetime, why: str) -> str:
    what = OWED.get(kind, (kind.replace("-", " "), ""))[0]
    return f"{what} by {long_date(before.date())}, would be {long_date(then.date())} ({why.rstrip('.')})"
