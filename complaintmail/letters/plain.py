"""The built-in letter: what goes out, in time, when a template cannot.

Needs no file, no template language and no Markdown; it cannot fail on any facts. Plain words that hold under every
policy, because they come from the policy's own facts.
"""

from __future__ import annotations

from datetime import date

from complaintmail.letters.facts import LetterFacts
from complaintmail.letters.letter import LetterKind, Rendered
from complaintmail.letters.values import clean, clean_lines, escaped, in_words, written_date

LONGEST = 500  # characters of one fact in it: the whole letter stays a few kilobytes


def plain_letter(kind: LetterKind, facts: LetterFacts, problem: str | None) -> Rendered:
    """The same promises in the plainest form; `problem` says why it stands in."""
    case, organisation = facts.case, _short(facts.policy.organisation)
    reference = _short(case.reference)
    tag = f" [{reference}]" if reference else ""
    if kind is LetterKind.ACKNOWLEDGEMENT:
        subject, paragraphs = f"We have received your complaint{tag}", _acknowledgement(facts, reference)
    elif kind is LetterKind.UNSURE:
        subject, paragraphs = f"We have received your email{tag}", _either_way(facts)
    elif kind is LetterKind.ADDED:
        subject = f"Added to your complaint{tag}"
        yours = f"your complaint {reference}".strip()
        paragraphs = [f"What you sent us has been added to {yours}. You need not send it again."]
    elif kind is LetterKind.THANKS:
        subject = f"Thank you for your kind words{tag}"
        paragraphs = ["Thank you for taking the time to write. We keep what you said and pass it on."]
    elif kind in _LEADS:
        title, lead = _LEADS[kind]
        subject, paragraphs = f"{title}{tag}", [lead, *_details(facts), *clean_lines(facts.words).split("\n\n")]
        paragraphs = [paragraph for paragraph in paragraphs if paragraph]
    else:
        subject = f"We have received your email{tag}"
        paragraphs = ["We have received your email. A person will read it and answer you where an answer is needed."]
    if reference and kind not in (LetterKind.ACKNOWLEDGEMENT, LetterKind.ADDED):
        paragraphs.append(f"Your reference is {reference}.")
    paragraphs.append(f"To write to us about this, answer this email or write to {_short(facts.mailbox)}.")
    paragraphs.append(f"Yours sincerely,\n{organisation}" if organisation else "Yours sincerely")
    paragraphs.insert(0, f"Dear {_short(case.complainant)[:80]}," if case.complainant else "Hello,")
    from complaintmail.letters.sheet import Paragraph, Run  # a built-in letter is rare

    blocks = tuple(Paragraph((Run(paragraph),)) for paragraph in paragraphs)
    text, html = _text(paragraphs), _html(clean(subject), paragraphs)
    return Rendered(clean(subject), text, html, "built-in", problem, blocks)


_LEADS = {
    LetterKind.CONCERN: (
        "We have received what you wrote",
        "We have received what you wrote. It was passed at once to a person here. If you or anybody else is in danger "
        "now, please call 999. Samaritans can be called at any hour on 116 123.",
    ),
    LetterKind.APPEAL_RECEIVED: ("We have received your appeal", "We have received your appeal."),
    LetterKind.FINISHED: ("Your complaint is closed", "We have dealt with this matter as far as our policy goes."),
    LetterKind.SATISFIED: ("Did our answer settle it?", "Please tell us whether our answer settled the matter."),
    LetterKind.CONSENT: ("May somebody speak for you?", "Somebody has written about your complaint. May they?"),
    LetterKind.BOARD_CONSENT: ("May we show your name?", "May your name hang on our board with your kind words?"),
    LetterKind.DECIDED: ("Who deals with your complaint", "We have decided who deals with your complaint."),
    LetterKind.DATED: ("When you will have our answer", "We can tell you when you will have our answer."),
    LetterKind.EXTENDED: ("Your complaint needs more time", "We need more time for our answer."),
    LetterKind.ASK: ("A question about your complaint", "We have a question about your complaint."),
    LetterKind.PROGRESS: ("How far we are with your complaint", "We are still dealing with your complaint."),
    LetterKind.CONFIRM: ("What we agreed", "This confirms what we agreed about your complaint."),
    LetterKind.ASK_IN_WRITING: ("Please write your complaint down", "Please send us your complaint in writing."),
    LetterKind.MEETING: ("A meeting about your complaint", "We would like to meet you about your complaint."),
    LetterKind.CONSULT: ("We would like to ask you", "We would like to ask you about a matter that we look into."),
    LetterKind.SHARE: ("What we learnt from a complaint", "We would like to tell you what a complaint taught us."),
    LetterKind.REFERRED: ("Where your complaint belongs", "Your complaint belongs to somebody else first."),
    LetterKind.PASSED_ON: ("Something that was sent to us", "Somebody wrote to us about a matter that is yours."),
    LetterKind.WITHDRAWN: ("You have withdrawn your complaint", "You have told us that you withdraw your complaint."),
    LetterKind.SETTLED: ("Your complaint is settled", "We understand that your complaint is settled."),
    LetterKind.OUTCOME: ("The outcome of your complaint", "We have looked into your complaint."),
    LetterKind.APPEAL_OUTCOME: ("The outcome of your appeal", "We have considered your appeal."),
}


def _details(facts: LetterFacts) -> list[str]:
    """What a letter with a person's words must not leave out, whatever became of its template."""
    extra = facts.extra
    said = (
        ("", extra.decision), ("Date: ", extra.day), ("Time: ", extra.time), ("Place: ", extra.place),
        ("What we do: ", clean_lines(extra.actions)),
        ("So that it does not happen again: ", clean_lines(extra.prevention)),
        ("What we learnt: ", clean_lines(extra.learning)), ("Last day to appeal: ", extra.last_day),
        ("An appeal is considered by ", extra.appeal_to), ("You can then turn to ", extra.next_body),
        ("How to reach them: ", extra.next_contact), ("It belongs to ", extra.where),
        ("They wrote: ", clean_lines(extra.account)),
    )  # fmt: skip
    return [f"{label}{words}" for label, words in said if words]


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


def _either_way(facts: LetterFacts) -> list[str]:
    case = facts.case
    if_so = "If it is a complaint, we deal with it as one from the day on which it arrived"
    until = f", and you will have our answer by {_day(case.respond_by)}" if case.respond_by else ""
    return ["We have received your email. A person reads it.", f"{if_so}{until}."]


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
