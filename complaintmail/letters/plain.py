"""The built-in letter: what goes out, in time, when a template cannot.

Needs no file, no template language and no Markdown; it cannot fail on any facts. Plain words that hold under every
policy, because they come from the policy's own facts.
"""

from __future__ import annotations

from datetime import date

from complaintmail.letters.facts import LetterFacts
from complaintmail.letters.letter import LetterKind, Rendered
from complaintmail.letters.values import clean, escaped, in_words, written_date

LONGEST = 500  # characters of one fact in it: the whole letter stays a few kilobytes


def plain_letter(kind: LetterKind, facts: LetterFacts, problem: str | None) -> Rendered:
    """The same promises in the plainest form; `problem` says why it stands in."""
    case, organisation = facts.case, _short(facts.policy.organisation)
    reference = _short(case.reference)
    tag = f" [{reference}]" if reference else ""
    if kind is LetterKind.ACKNOWLEDGEMENT:
        subject, paragraphs = f"We have received your complaint{tag}", _acknowledgement(facts, reference)
    elif kind is LetterKind.ADDED:
        subject = f"Added to your complaint{tag}"
        yours = f"your complaint {reference}".strip()
        paragraphs = [f"What you sent us has been added to {yours}. You need not send it again."]
    elif kind is LetterKind.THANKS:
        subject = f"Thank you for your kind words{tag}"
        paragraphs = ["Thank you for taking the time to write. We keep what you said and pass it on."]
    else:
        subject = f"We have received your email{tag}"
        paragraphs = ["We have received your email. A person will read it and answer you where an answer is needed."]
    if reference and kind in (LetterKind.RECEIVED, LetterKind.THANKS):
        paragraphs.append(f"Your reference is {reference}.")
    paragraphs.append(f"To write to us about this, answer this email or write to {_short(facts.mailbox)}.")
    paragraphs.append(f"Yours sincerely,\n{organisation}" if organisation else "Yours sincerely")
    paragraphs.insert(0, f"Dear {_short(case.complainant)[:80]}," if case.complainant else "Hello,")
    return Rendered(clean(subject), _text(paragraphs), _html(clean(subject), paragraphs), "built-in", problem)


def _acknowledgement(facts: LetterFacts, reference: str) -> list[str]:
    case, policy = facts.case, facts.policy
    paragraphs = [
        f"We received your complaint on {_day(case.received_on)}."
        + (f" Your reference is {reference}." if reference else ""),
        f"It is with {_short(in_words(facts.person))}.",
        f"You will have an answer by {_day(case.respond_by)}."
        if case.respond_by
        else f"We will write again by {_day(case.decide_by)} with the date of our answer."
        if case.decide_by
        else "We will write again with the date of our answer.",
        _short(policy.next_step),
        _short(policy.if_unhappy),
    ]
    paragraphs += [f"{_short(way)}: {_short(where)}" for way, where in policy.contact]
    return [paragraph for paragraph in paragraphs if paragraph]


def _day(day: date | None) -> str:
    return written_date(day) if day is not None else ""


def _short(text: str) -> str:
    text = clean(text)
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "…"


def _text(paragraphs: list[str]) -> str:
    from textwrap import fill

    return (
        "\n\n".join(
            "\n".join(fill(line, 72, break_long_words=False, break_on_hyphens=False) for line in paragraph.split("\n"))
            for paragraph in paragraphs
        )
        + "\n"
    )


def _html(subject: str, paragraphs: list[str]) -> str:
    body = "\n".join(f"<p>{escaped(paragraph).replace(chr(10), '<br>' + chr(10))}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html>\n<html lang="en-GB">\n<head><meta charset="utf-8"><title>{escaped(subject)}</title></head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )
