"""Kind words for the wall: nobody's name is left in them, and they still read well."""

from __future__ import annotations

import time

import pytest

from complaintmail.cases.anonymous import LONGEST, Bare, without_names
from complaintmail.cases.people import Person
from tests.support.paces import MUCH

STAFF = (
    Person("Dana", "dana@staff.test"),
    Person("Hal Handler", "hal@staff.test"),
    Person("Grace Wills", "grace@staff.test"),
    Person("Siân Evans", "sian@staff.test"),
)
SIGNED = "Dear Dana,\n\nThank you Dana for the wonderful course.\nHal's patience was great.\n\nKind regards\nJane Doe"


def bare(words: str) -> Bare:
    return without_names(
        words, giver="Jane Doe", giver_email="jane.doe@complainants.test", staff=STAFF, known=["Example Kent Training"]
    )


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (SIGNED, "Thank you for the wonderful course. Your colleague's patience was great."),
        ("Dana, Hal and Sian were fab!", "Your colleagues were fab!"),
        (
            "I must say that Dana was brilliant. Thank you, Dana!",
            "I must say that your colleague was brilliant. Thank you!",
        ),
        (
            "thanks to dana she was great and hal handler too",
            "Thanks to your colleague she was great and your colleague too",
        ),
        ("DANA WAS BRILLIANT.", "YOUR COLLEAGUE WAS BRILLIANT."),
        ("Mr Handler was kind, and Danna too.", "Your colleague was kind, and your colleague too."),
        ("My daughter Emily's tutor was superb.", "My daughter's tutor was superb."),
        ("The tutor Zbigniew was kind. Zbigniew listens.", "The tutor … was kind. … listens."),
        ("Grace was kind. With grace you do it.", "Your colleague was kind. With grace you do it."),
        ("Will you do it again? You will, I hope.", "Will you do it again? You will, I hope."),
        ("Prof. J. S. Walker was there.", "… was there."),
        ("Jane was here and loved it.", "… was here and loved it."),
        (
            "The Excel course on Tuesday at Example Kent was great.",
            "The Excel course on Tuesday at Example Kent was great.",
        ),
        ("Thank You So Much To All The Team At Reception.", "Thank You So Much To All The Team At Reception."),
        ("Ring 01304 123456 or jane@x.test or www.jane.test.", "Ring … or … or …"),
        ("We live at 12 High Street, CT16 1AB, and it was near.", "We live at …, and it was near."),
        ("My number SEK-2026-000012 and QQ 12 34 56 C help.", "My number … help."),
        ("Hello I am so glad. Hi I'm happy.", "Hello I am so glad. Hi I'm happy."),
        ("", ""),
    ],
)  # fmt: skip
def test_names_and_whatever_leads_to_somebody_are_taken_out(words: str, left: str) -> None:
    assert bare(words).words == left


def test_what_was_taken_out_is_told_and_what_may_be_a_name_is_asked_about() -> None:
    found = bare("Zoltan was kind. Please ring 01304 123456. Dana helped.")

    assert found.taken_out == ("a telephone number", "Dana")
    assert found.doubts == ("Zoltan",)


def test_what_tells_of_health_or_age_stays_and_is_asked_about() -> None:
    found = bare("After my stroke, aged 23, everybody was patient. A great professor. Very kind.")

    assert found.words == "After my stroke, aged 23, everybody was patient. A great professor. Very kind."
    assert found.doubts == ("stroke", "aged 23")


@pytest.mark.parametrize("hidden", ["D\u200bana", "Da\u00adna", "Dana\u202e", "D\u0061na", "Sia\u0302n"])
def test_a_name_with_marks_that_nobody_sees_is_a_name(hidden: str) -> None:
    left = bare(f"I am so glad that {hidden} helped me.").words

    assert left in ("I am so glad that your colleague helped me.", "I am so glad that … helped me.")


def test_long_words_end_with_a_sentence() -> None:
    left = bare("The course was good and the room was warm. " * 60).words

    assert len(left) <= LONGEST
    assert left.endswith("warm.")


@pytest.mark.parametrize("piece", ["a@", "…", "Dana, ", "1 ", "Mr ", "A.", "Dana and ", "www.", "12 High ", "x\n", "#"])
def test_a_megabyte_of_anything_takes_no_time(piece: str) -> None:
    begun = time.process_time()

    bare(piece * (1_000_000 // len(piece)))

    assert time.process_time() - begun < MUCH
