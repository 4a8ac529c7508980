"""What speaks against letting a mail go, whatever its judge says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from complaintmail.cases.judging import judged
from complaintmail.mail.message import Attachment
from complaintmail.triage.verdicts import Kind
from tests.support.arrivals import CMS, a_message, house
from tests.support.nonsense import always

LETTER = Attachment("letter.docx", "application/msword", 20_000, 1)
SCAN = Attachment("scan.jpg", "image/jpeg", 900_000, 1)
HOURS = "What are your opening hours?"


@pytest.mark.parametrize("kind", [Kind.ENQUIRY, Kind.COMPLIMENT])
@pytest.mark.parametrize(
    ("words", "hangs", "surely"),
    [
        (f"{HOURS} Please see the attached letter.", (LETTER,), False),
        (f"{HOURS} I enclose what I wrote.", (LETTER,), False),
        (f"{HOURS} My letter is attached.", (SCAN,), False),
        (f"{HOURS} Please see the attached letter.", (), True),
        (f"{HOURS} The photo of us all is attached.", (SCAN,), True),
        (HOURS, (LETTER,), True),  # what hangs on every mail of theirs
    ],
)
def test_a_mail_that_speaks_of_what_hangs_on_it_unread_is_not_let_go(
    words: str, hangs: tuple[Attachment, ...], surely: bool, kind: Kind
) -> None:
    said = judged(replace(a_message(words), attachments=hangs), replace(house(), ask=always(kind, 0.05)), CMS)

    assert said.sure is surely
    assert surely or said.reasons[-1] == "It speaks of something attached that the program does not read."
