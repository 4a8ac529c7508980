"""Notices about what cannot wait: to whoever is named for safeguarding, and to whom the policy has told of it.

The first carries everything, and what to do is its first link. The second names nobody and quotes nothing: the case is
restricted, and whoever needs to know more asks whoever sees to it.
"""

from __future__ import annotations

from complaintmail.letters.notice import Section
from complaintmail.letters.notices import (
    NOTE,
    CaseTold,
    Click,
    Paper,
    dates,
    facts,
    made_of_it,
    moment,
    their_words,
)
from complaintmail.triage.concerns import GRAVE, named


def at_once(case: CaseTold, why_them: str) -> Paper:
    """To whoever is named for safeguarding, at any hour. `why_them`: what brought it to somebody who is not."""
    says = tuple(f"{one.says}." for one in named(case.concerns, GRAVE))
    now = (
        "Please look at this now, whatever the hour. You are reminded every hour until you say that you are seeing to "
        "it, or that it was done."
    )
    kept = "The case is marked as serious and restricted: lists and reminders name nobody."
    clicks = (
        Click("I am seeing to it", "#mine"),
        Click("It was dealt with already", "#answered today HOW"),
        Click("I have spoken with them", "#called today"),
        Click("Give the case to somebody", "#assign NAME"),
        Click("It is about one of our staff", "#about NAME"),
        Click("Nobody is at risk: take that back", "#concern off safety"),
        Click("How does it stand?", "#status"),
    )
    foot = f"You get this because {why_them or 'you are the one named for safeguarding under the policy'}."
    return Paper(
        f"At once, please: somebody may be at risk [{case.reference}]",
        NOTE,
        (Section("", paragraphs=(*says, now, kept)), facts(case), their_words(case), dates(case), made_of_it(case)),
        clicks,
        foot,
    )


def marked_serious(case: CaseTold, seen_to_by: str) -> Paper:
    """To those whom the policy has told of every serious case."""
    why = f"Somebody may be at risk. {seen_to_by} was told of it at once."
    bare = "The case is restricted, so this mail names nobody and quotes nothing."
    rows = (("Case", case.reference), ("Came", moment(case.received_at, case.zone)))
    return Paper(
        f"A serious complaint [{case.reference}]",
        NOTE,
        (Section("", paragraphs=(why, bare), facts=rows),),
        (Click("How does it stand?", "#status"),),
        "You get this because the policy has you told of every serious complaint.",
    )
