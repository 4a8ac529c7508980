"""Replies as real mail programs wrote them, kept byte for byte as they arrived; beside each, what was typed.

Made with mutt 2.2 and Thunderbird 153 against the demonstration's mailbox, by invented people. What a program puts in
by itself without a mark, such as a signature above the quotation, counts as typed: it was there to be seen.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from complaintmail.cases.commands import NAMES
from complaintmail.mail.forwarded import original
from complaintmail.mail.own_notice import WRITE_ABOVE
from complaintmail.mail.read import read
from complaintmail.triage.orders import read_orders

REPLIES = Path(__file__).parents[1] / "corpus" / "replies"
PASSED_ON = REPLIES.parent / "passed-on"
MAILS = sorted(REPLIES.glob("*.eml"))

# What each asks for; the others ask for nothing, whatever the notice below them holds.
ORDERS = {
    "mutt-command": [("assign", "Daniel")],
    "mutt-link": [("called", "today She was content with a letter.")],
    "thunderbird-command": [("assign", "Daniel")],
    "thunderbird-link": [("note", "She takes the place on the 28th; #2 on the list of attendees.")],
}


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_what_was_typed_is_read_and_nothing_else(mail: Path) -> None:
    typed = mail.with_suffix(".txt").read_text(encoding="utf-8").removesuffix("\n")

    assert read(mail.read_bytes()).new_text == typed


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_only_commands_that_were_typed_are_read_as_commands(mail: Path) -> None:
    orders = read_orders(read(mail.read_bytes()).new_text, NAMES)

    assert [(order.name, order.rest) for order in orders.written] == ORDERS.get(mail.stem, [])
    assert orders.slips == ()


def test_replies_to_notices_quote_the_whole_notice_so_that_the_cut_is_tried() -> None:
    whole = [mail.stem for mail in MAILS if WRITE_ABOVE in read(mail.read_bytes()).text]

    assert len(whole) >= 6
    assert len(MAILS) == len(list(REPLIES.glob("*.txt")))


@pytest.mark.parametrize(
    ("program", "note"),
    [
        ("thunderbird", "This came to me on Wednesday, sorry for the delay."),
        ("mutt", "From my own inbox; please deal with it."),
    ],
)
def test_a_complaint_that_was_passed_on_is_its_writers_of_the_day_on_which_they_wrote_it(
    program: str, note: str
) -> None:
    raw = (PASSED_ON / f"{program}.eml").read_bytes()
    found = original(read(raw), raw)

    assert found is not None
    assert (found.name, found.address) == ("Ravi Tan", "you@post.example")
    assert found.subject == "Parking fine because of your car park"
    assert found.sent_at == datetime(2026, 11, 18, 9, 12, tzinfo=UTC)
    assert found.text.startswith("Dear Meera Castle,\n\nI parked where")
    assert found.text.endswith("Ravi Tan")
    assert found.note == note
