"""What staff see of a letter before it goes, and of one that is to be printed and posted; and what others hear of an
outcome. See `notices` for what a `Paper` is."""

from __future__ import annotations

from collections.abc import Sequence

from complaintmail.letters.notice import Section
from complaintmail.letters.notices import NOTE, CaseTold, Click, Paper, day, facts


def draft(case: CaseTold, text: str, why: Sequence[str], missing: Sequence[str], decision: str, by_post: bool) -> Paper:
    """A finished letter, to look at. `missing`: lines that the policy asks for, to be filled in."""
    sections: list[Section] = []
    if missing:
        asked = "\n".join(missing)
        sections.append(
            Section(
                "Still asked for by the policy",
                paragraphs=("Please fill in these lines. Where there is nothing to say, say why: none, because …",),
                items=tuple(line.rstrip(": ") for line in missing),
            )
        )
        clicks = [
            Click("Fill in what is missing", "#send", asked),
            Click("Send it without, and say why", "#send anyway REASON"),
        ]
    else:
        clicks = [Click("Send it as it is" if not by_post else "It is right: give it to me to print", "#send")]
    if why:
        sections.append(Section("Please look at this", items=tuple(why)))
    how = "as a printed letter, by post" if by_post else f"to {case.who}"
    sections.append(Section("", paragraphs=(f"This is the letter as it would go {how}. It was NOT sent.",)))
    sections.append(Section("The letter", quoted=text))
    clicks += [
        Click("Write it anew", f"#outcome {decision}", "What you found.\n\nActions: "),
        Click("Throw it away", "#stop"),
    ]
    return Paper(f"Look at the letter before it goes [{case.reference}]", NOTE, tuple(sections), tuple(clicks))


def to_post(case: CaseTold, text: str) -> Paper:
    """A letter to print, sign and post; when it was posted is asked."""
    return Paper(
        f"Please print and post this letter [{case.reference}]",
        NOTE,
        (
            Section(
                "",
                paragraphs=(
                    "The letter is attached as a PDF. Please print it, sign it and post it, and then say on which day "
                    "it was posted: what follows from it counts from that day.",
                ),
            ),
            Section("The letter", quoted=text),
            Section("The case as it stands", facts=facts(case).facts),
        ),
        (Click("It was posted today", "#posted today"), Click("It was posted on another day", "#posted DATE")),
    )


def copy(case: CaseTold, summary: str) -> Paper:
    """What came of a case, to those whom the policy names: no complainant's name is in it."""
    rows = (
        ("Case", case.reference),
        ("Came", day(case.received_at, case.zone)),
        ("Severity", case.severity),
        *((("Area", case.area),) if case.area else ()),
    )
    said = tuple(line for line in summary.split("\n") if line)
    return Paper(
        f"The outcome of a complaint [{case.reference}]",
        NOTE,
        (
            Section("", facts=rows),
            Section("What came of it", items=said),
        ),
        (),
        "You get this because the policy wants you to know how complaints end. It names nobody.",
    )


def lacks(case: CaseTold, why: str) -> Paper:
    """An outcome has gone, and the policy wants something before the case is closed."""
    return Paper(
        f"Not closed yet [{case.reference}]",
        NOTE,
        (Section("", paragraphs=(why,)), facts(case)),
        (
            Click("We have met or spoken", "#met", "When, who, and what was said."),
            Click("Close it all the same, and say why", "#close REASON"),
            Click("How does it stand?", "#status"),
        ),
    )
