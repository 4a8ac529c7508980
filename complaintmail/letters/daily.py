"""The digest as a letter: what a person has before them at the start of their day. It is about no one case, whose own
notice has its links; a mail that was let go becomes a case by one link here, or by its number."""

from __future__ import annotations

from datetime import date

from complaintmail.cases.digest import MOST, NEW, OVERDUE, RELEASED, TODAY, Digest
from complaintmail.cases.people import Person
from complaintmail.letters.notice import Notice, Section
from complaintmail.policy.wording import long_date

FIRST_LINE = (
    "A plain reply to this mail reaches no complainant; to do something on a case, reply to the notice of that case."
)
COUNTED = ((OVERDUE, "overdue"), (TODAY, "due today"), (NEW, "new"))
HOW_TO_CORRECT = (
    "Is one of these a complaint? Click its link below, or answer this mail with #kind complaint and the number of the "
    "mail. It is then acknowledged, and its dates run from the day it came. If none is, there is nothing to do."
)
FOOT = "This list comes once on each of your working days on which there is something to tell."


def daily(person: Person, digest: Digest, today: date) -> Notice:
    """What the subject counts is what cannot wait."""
    lines = {heading: _count(told) for heading, told in digest.sections}
    counts = [f"{lines[heading]} {words}" for heading, words in COUNTED if heading in lines]
    opening = Section("", (f"Dear {person.name},", f"This is what lies with you on {long_date(today)}."))
    numbered = (HOW_TO_CORRECT,) if digest.complaints else ()
    sections = tuple(
        Section(heading, numbered if heading == RELEASED else (), items=told) for heading, told in digest.sections
    )
    subject = f"Complaints today: {', '.join(counts)}" if counts else "Complaints today"
    return Notice(subject, FIRST_LINE, (opening, *sections), FOOT)


def _count(told: tuple[str, ...]) -> int:
    """The last line of a long list counts the rest of it: "and 7 more"."""
    return len(told) if len(told) <= MOST else MOST + int(told[-1].split()[1])
