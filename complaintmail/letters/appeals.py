"""What whoever hears an appeal is sent: first one question, then, once it is answered, everything in one mail.

They do this perhaps once a year, so the mail says what to do from its first line on. See `notices` for a `Paper`.
"""

from __future__ import annotations

from complaintmail.letters.notice import Section
from complaintmail.letters.notices import NOTE, CaseTold, Click, Paper, dates, facts, their_words


def asked_to_hear(case: CaseTold, why: str) -> Paper:
    """Were you involved? Nothing of the complaint is in it: who had a part in the answer does not get the file."""
    rows = [("Case", case.reference)]
    if case.area:
        rows.append(("Area", case.area))
    return Paper(
        f"Were you involved? An appeal is to be heard [{case.reference}]",
        NOTE,
        (
            Section(
                "",
                paragraphs=(
                    why,
                    "Did you have any part in dealing with this complaint: looking into it, deciding, or writing the "
                    "answer? If not, use the first link, and you get everything that you need in one mail. If you "
                    "did, use the second, and somebody else is asked.",
                ),
                facts=tuple(rows),
            ),
        ),
        (
            Click("I was not involved: I hear the appeal", "#assign me"),
            Click("I was involved: ask somebody else", "#involved"),
        ),
        "You get this because the policy names you for appeals.",
    )


def whole_file(case: CaseTold, outcome: str, appeal: str) -> Paper:
    """The appeal, the answer that it is about, and the complaint; how to answer it."""
    how = (
        "Read what they say about our answer, and look into it as far as you need to. To ask them something, reply to "
        "this mail: your words go to them. To ask a colleague, write to them as usual.",
        "When you have decided, use the link for your decision and write what you found below it, as the complainant "
        "is to read it. You then get the finished letter to look at before it goes.",
    )
    return Paper(
        f"An appeal for you to hear [{case.reference}]",
        f"Your reply to this mail goes to {case.who} as the answer of {case.organisation}. Write as you would to them.",
        (
            facts(case),
            Section("How to deal with it", paragraphs=how),
            Section("What they say about our answer", quoted=appeal or "(it came by another way: ask who took it up)"),
            Section("Our answer", quoted=outcome or "(it was not sent from here)"),
            their_words(case, "The complaint"),
            dates(case),
        ),
        (
            Click("I uphold the appeal", "#outcome upheld", "What you found."),
            Click("I uphold it in part", "#outcome partly upheld", "What you found."),
            Click("I do not uphold it", "#outcome not upheld", "What you found."),
            Click("I was involved after all", "#involved"),
            Click("Keep a note", "#note", "Your note here. It is sent to nobody."),
            Click("How does it stand?", "#status"),
        ),
        "Only your own words go to them: not this mail, not your address. To say something to colleagues alone, begin "
        "your reply with #note.",
    )
