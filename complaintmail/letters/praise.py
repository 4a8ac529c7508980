"""What notices about praise say: to the people it is about, to who hands it on, to who keeps the board."""

from __future__ import annotations

from collections.abc import Sequence

from complaintmail.letters.notice import Section
from complaintmail.letters.notices import NOTE, CaseTold, Click, Paper, facts, made_of_it, their_words
from complaintmail.letters.transcripts import YES
from complaintmail.policy.wording import joined

MOST_NAMES = 6


def for_you(case: CaseTold, words: str, passed_by: str) -> Paper:
    """Kind words, to one whom they are about. `words`: where they are not the whole of the mail; `passed_by`: the
    colleague who passed them on, if one did."""
    wrote = "Somebody" if case.restricted else case.who
    by = f" {passed_by} passed it on to you." if passed_by else ""
    letter = Section(
        "What they wrote",
        quoted=words or case.text or "(no words)",
        items=(f"Attached: {', '.join(case.attached)}",) if case.attached and not words else (),
    )
    return Paper(
        f"Praise for you [{case.reference}]",
        NOTE,
        (
            Section(
                "", paragraphs=(f"{wrote} wrote to us with kind words about you.{by}", "Well done, and thank you.")
            ),
            letter,
        ),
        (),
        "They have been thanked already. These words are between them and us: please do not pass on who wrote them.",
    )


def to_hand_on(
    case: CaseTold,
    passed: Sequence[str],
    others: Sequence[tuple[str, str]],
    maybe: Sequence[tuple[str, str]],
    board: bool,
) -> Paper:
    """Praise has come. `passed`: who has it already; `maybe`: whom it may name; `others`: more people, by name and
    address; `board`: there is a board that it may hang on."""
    first = [*maybe, *(one for one in others if one not in maybe)][:MOST_NAMES]
    clicks = [Click(f"Pass it on to {name}", f"#praise {address}") for name, address in first]
    clicks.append(Click("Pass it on to somebody else", "#praise NAME"))
    if board:
        clicks.append(Click("Put it on the board", "#board"))
    clicks += [
        Click("Write to them", "#reply", "Your words to them here."),
        Click("It is a complaint", "#kind complaint"),
        Click("How does it stand?", "#status"),
    ]
    if passed:
        done = f"It was passed on to {joined(passed)}. Nothing more has to be done."
    elif maybe:
        done = f"It may be about {joined([name for name, _ in maybe])}. Please pass it on to whom it is about."
    else:
        done = "It names nobody for certain. Please pass it on to whom it is about."
    thanked = "They are thanked by a letter of their own."
    hangs = (
        ("On the board it hangs without any name, and only after somebody has looked at the words.",) if board else ()
    )
    look = (Section("Please look at this", items=case.warnings),) if case.warnings else ()
    return Paper(
        f"Praise [{case.reference}]",
        NOTE,
        (
            Section("", paragraphs=(f"{done} {thanked}", *hangs)),
            *look,
            facts(case),
            their_words(case),
            made_of_it(case),
        ),
        tuple(clicks),
    )


def they_answered(case: CaseTold) -> Paper:
    """Who praised somebody was asked whether their name may hang with their words, and has written."""
    asked = "They were asked whether their name may stand below their words on the board. This is what they wrote."
    return Paper(
        f"Their answer about the board [{case.reference}]",
        NOTE,
        (Section("", paragraphs=(asked, "Without a clear yes, no name hangs.")), facts(case), their_words(case)),
        (
            Click("Yes, with their name", "#board named", " ".join(case.text.split())[:300]),
            Click("No name", "#note", "They would rather not be named."),
            Click("Take the words down", "#board off"),
            Click("How does it stand?", "#status"),
        ),
    )


def to_hang(
    case: CaseTold, words: str, name: str, taken_out: Sequence[str], doubts: Sequence[str], asked_by: str
) -> Paper:
    """The words as they would hang, to who keeps the board."""
    by = f"{asked_by} asks whether these words may hang on the board." if asked_by else ""
    under = f"Below them would stand: {name}." if name else "No name would stand below them."
    look = (
        "Please look at these words: is one of them somebody's name, or does it tell who it was? Then please write "
        f"it in other words. {', '.join(f'“{word}”' for word in doubts)}"
    )
    said = tuple(part for part in (by, under, look if doubts else "") if part)
    sections = [Section("As they would hang", paragraphs=said, quoted=words)]
    if taken_out:
        sections.append(Section("Taken out", items=tuple(dict.fromkeys(taken_out))))
    return Paper(
        f"For the board? [{case.reference}]",
        f"{YES} hangs these words on the board as they stand here. Nothing hangs yet.",
        tuple(sections),
        (
            Click("Yes, hang it", "#yes"),
            Click("In other words", "#board", words),
            Click("Do not hang it", "#stop"),
        ),
    )
