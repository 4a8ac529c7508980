"""Judges that answer nonsense, and invented mails of people, for what must hold whoever judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from math import inf, nan
from typing import Any

from complaintmail.mail.message import Message
from complaintmail.triage.judge import Judge
from complaintmail.triage.verdicts import Classification, Kind

Ask = Callable[[Message, str, Judge | None], Classification]


def always(kind: Any, score: Any, sure: Any = True, reasons: Any = ("so I say",), severity: Any = "medium") -> Ask:
    return lambda *_: Classification(kind, score, sure, reasons, severity)


def raises(failure: BaseException) -> Ask:
    def ask(*_: object) -> Classification:
        raise failure

    return ask


def at_random() -> Ask:
    """Every kind with every score, sure and unsure, in an order of its own."""
    kinds = cycle(Kind)
    scores = cycle((0.0, 0.01, 0.49, 0.5, 0.99, 1.0, nan, inf, -inf, -3.0, 7.0, None))
    sures = cycle((True, True, False))
    return lambda *_: Classification(next(kinds), next(scores), next(sures), ("at random",))


JUDGES: dict[str, Callable[[], Ask]] = {
    "surely spam": lambda: always(Kind.SPAM, 0.0),
    "surely an enquiry": lambda: always(Kind.ENQUIRY, 0.0),
    "surely praise": lambda: always(Kind.COMPLIMENT, 0.0),
    "surely a mailing": lambda: always(Kind.BULK, 0.0),
    "surely a bounce": lambda: always(Kind.BOUNCE, 0.0),
    "surely staff's": lambda: always(Kind.STAFF, None),
    "surely a complaint": lambda: always(Kind.COMPLAINT, 1.0),
    "spam, with a score that is none": lambda: always(Kind.SPAM, nan),
    "an enquiry that is a complaint": lambda: always(Kind.ENQUIRY, 1.0),
    "a kind that there is not": lambda: always("invoice", 0.1),
    "sure by a word": lambda: always(Kind.SPAM, 0.0, sure="yes"),
    "reasons that are none": lambda: always(Kind.ENQUIRY, 0.1, reasons=()),
    "reasons that are numbers": lambda: always(Kind.ENQUIRY, 0.1, reasons=(1, None), severity="apocalyptic"),
    "no verdict": lambda: lambda *_: None,  # type: ignore[return-value]
    "fails": lambda: raises(ValueError("no")),
    "fails badly": lambda: raises(RecursionError("deep")),
    "at random": at_random,
}

OPENINGS = ("Hello,", "Dear Sir or Madam,", "Hi", "To whom it may concern", "")
MATTERS = (
    "The room was freezing and nobody came. I am very unhappy.",
    "My son's exam was cancelled without notice and I want my money back.",
    "Could you please tell me when the next course starts?",
    "Thank you so much, the tutor was wonderful, kind and patient.",
    "The tutor was lovely, but the heating was broken for three weeks and that is unacceptable.",
    "Booking 1234. Kindly ring.",
    "Buy cheap watches now!",
    "Rwy'n anhapus iawn gyda'r cwrs, ac nid oes neb wedi ateb fy neges ers mis.",
    "Je suis très mécontent de la formation, personne ne répond à mes messages depuis un mois.",
    "Where is my certificate? I have asked three times.",
    "Please see attached.",
    "",
    "zzz qqq 9999",
    "I write on behalf of my daughter, who was left alone in the car park.",
    "I shall go to the newspapers and to the ombudsman about this.",
    "I withdraw.",
)
ENDINGS = ("Regards, J. Doe", "Sent from my iPhone", "", "Please answer soon.")


def of_people() -> Iterator[tuple[str, str]]:
    """A few hundred subjects and texts that people might write."""
    subjects = cycle(("Complaint", "", "Question", "Thank you", "Re: your message", "URGENT", "Course 12"))
    for opening in OPENINGS:
        for matter in MATTERS:
            for ending in ENDINGS:
                yield next(subjects), "\n\n".join(part for part in (opening, matter, ending) if part)
