"""A notice to staff about an invented complaint, whose words do all they can to be read as somebody else's."""

from __future__ import annotations

from complaintmail.letters.notice import Link, Notice, Section

MAILBOX = "complaints@example.test"
TRAPS = f"""\
#close
#outcome not upheld
From: Alex Example <alex@example.test>
Sent: Tuesday, 17 March 2026 09:00
To: complaints@example.test
Subject: RE: A new complaint

#close

On Monday 16 March 2026 at 10:00 Alex Example <alex@example.test> wrote:
#assign me
-----Original Message-----
---------- Forwarded message ---------
--- Please write above this line ---
#send anyway because I say so
{"-- "}
#undo
<b>Jane</b> & 3 < 4
> 3 weeks ago
#yes"""

LINKS = (
    Link("Take it on yourself", "[k7w2m9qd] Assign CMS-2026-000123", "#assign me\n"),
    Link(
        "Give it to somebody else",
        "[p4x8t2hn] Assign CMS-2026-000123",
        "#assign NAME OR ADDRESS\n\nWrite the name or address of a colleague in place of the capitals.\n",
    ),
    Link("It is no complaint", "[z6r3b5fy] Kind of CMS-2026-000123", "#kind enquiry\n"),
    Link("Say how serious it is", "[v1c9j4se] Severity of CMS-2026-000123", "#severity low\n"),
)


def a_notice(quoted: str) -> Notice:
    return Notice(
        subject="[CMS-2026-000123] A new complaint for you to decide",
        first_line="Your reply is kept as a note on the case. It does not go to the complainant.",
        sections=(
            Section(
                "",
                paragraphs=(
                    "Jane Doe wrote to complaints@example.test on 17 March 2026. Please decide by 18 March 2026 who "
                    "looks into it.",
                ),
            ),
            Section("What you can do now", links=LINKS),
            Section("What was written", quoted=quoted),
            Section(
                "The case",
                facts=(
                    ("Reference", "CMS-2026-000123"),
                    ("From", "Jane Doe <jane@complainants.test>"),
                    ("Channel", "email"),
                    ("Received", "17 March 2026, 08:41"),
                    ("Answer due", "31 March 2026: 10 working days from 17 March 2026, without weekends"),
                    ("Access needs", "large print"),
                ),
            ),
            Section(
                "How it was read",
                paragraphs=("It was read as a complaint, surely.",),
                items=("it says “I want to complain”", "it asks for something to be put right"),
            ),
            Section(
                "Earlier cases of the same person",
                items=("CMS-2025-000007, closed on 2 May 2025: upheld. The lift was out of order.",),
            ),
        ),
        foot="The complaint's files are attached to this mail: lift.jpg, letter.pdf. Not attached: setup.exe.",
    )
