"""How mails were judged beside what staff said, counted."""

from __future__ import annotations

from dataclasses import replace

from complaintmail.triage.judge import Bands, Learnt
from complaintmail.triage.tally import (
    Judged,
    calibration,
    confusion,
    missed,
    off_by,
    severities,
    strongest,
    words_corrected,
)

ONE = Judged(1, "2026-11-20T10:00:00+00:00", "a@x.test", "", "the lift", "complaint", True, 0.9, "medium", "complaint")
RIGHT = replace(ONE, number=2, text="the lift again")
OTHER = replace(ONE, number=3, kind="complaint", sure=False, score=0.55, said="enquiry", text="when does it begin")
LET_GO = replace(ONE, number=4, kind="enquiry", score=0.02, text="the boiler is grozzled")
LOW = replace(ONE, number=5, sure=False, score=0.04, text="the boiler is grozzled again")
ALL = (ONE, RIGHT, OTHER, LET_GO, LOW)


def test_each_answer_of_the_program_has_a_row_and_each_of_staff_a_column() -> None:
    assert confusion(ALL) == [
        {"program": "complaint", "sure": True, "complaint": 2, "compliment": 0, "enquiry": 0, "spam": 0},
        {"program": "complaint", "sure": False, "complaint": 1, "compliment": 0, "enquiry": 1, "spam": 0},
        {"program": "enquiry", "sure": True, "complaint": 1, "compliment": 0, "enquiry": 0, "spam": 0},
    ]
    assert confusion(()) == []


def test_tenths_of_the_scores_hold_their_mails_and_say_how_far_off_they_are() -> None:
    bins = calibration(ALL)

    assert [(one["from"], one["mails"], one["complaints"]) for one in bins] == [(0.0, 2, 2), (0.5, 1, 0), (0.9, 2, 2)]
    assert off_by(bins) == round((1.94 + 0.55 + 0.2) / 5, 4)
    assert off_by([]) is None
    assert calibration([replace(ONE, score=1.0)])[0]["from"] == 0.9


def test_missed_is_what_was_let_go_or_stands_below_the_bound() -> None:
    assert [mail.number for mail in missed(ALL, Bands(0.8, 0.05))] == [4, 5]
    assert [mail.number for mail in missed(ALL, Bands(0.8, 0.03))] == [4]
    assert [mail.number for mail in missed([replace(OTHER, score=0.01)], Bands())] == []


def test_the_words_of_corrected_mails_are_those_that_stand_there_more_often_than_elsewhere() -> None:
    assert words_corrected(ALL) == [
        {"word": "boiler", "towards": "complaint", "mails": 2},
        {"word": "grozzled", "towards": "complaint", "mails": 2},
    ]
    assert words_corrected(()) == []


def test_the_strongest_words_are_words_that_tell_a_reader_something() -> None:
    learnt = Learnt("1", 0, {"w:grozzled": 2.0, "w:the": 3.0, "w:the lift": 0.5, "n:marvent": 0.7, "w:marvent": -1.0,
                             "c:_gro": 4.0, "w:?": -3.0, "x:long": -4.0})  # fmt: skip

    assert strongest(learnt) == {
        "complaint": [
            {"word": "grozzled", "weight": 2.0}, {"word": "not … marvent", "weight": 0.7},
            {"word": "the lift", "weight": 0.5},
        ],
        "no_complaint": [{"word": "marvent", "weight": -1.0}],
    }  # fmt: skip
    assert strongest(None) == {"complaint": [], "no_complaint": []}


def test_severities_that_staff_set_are_counted_by_their_way() -> None:
    said = [replace(ONE, said_severity=level) for level in ("high", "high", "low", "medium", None)]

    assert severities(said) == {"raised": 2, "lowered": 1, "set": 4}
