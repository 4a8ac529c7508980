"""Dates in the forms in which mail programs write them above a quotation."""

from __future__ import annotations

import time

import pytest

from complaintmail.mail.written_dates import written_date
from tests.support.paces import MUCH


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("17 March 2026 10:31", "2026-03-17T10:31:00"),
        ("Tuesday, March 17, 2026 10:31 AM", "2026-03-17T10:31:00"),
        ("Tuesday, 17 March 2026 10:31 PM", "2026-03-17T22:31:00"),
        ("Tue, 17 Mar 2026 at 10:31", "2026-03-17T10:31:00"),
        ("Tue, Mar 17, 2026 at 12:05\u202fAM", "2026-03-17T00:05:00"),
        ("17 March 2026 at 10:31:22 GMT", "2026-03-17T10:31:22+00:00"),
        ("17 July 2026 at 10:31:22 BST", "2026-07-17T10:31:22+01:00"),
        ("Tue, 17 Mar 2026 10:31:00 +0100", "2026-03-17T10:31:00+01:00"),
        ("Tue, 17 Mar 2026 10:31:00 -0500 (EST)", "2026-03-17T10:31:00-05:00"),
        ("Tue, 17 Mar 2026 10:31:00 GMT+1", "2026-03-17T10:31:00+01:00"),
        ("2026-03-17 10:31", "2026-03-17T10:31:00"),
        ("2026-03-17T10:31:00Z", "2026-03-17T10:31:00+00:00"),
        ("2026-03-17T10:31:00+05:30", "2026-03-17T10:31:00+05:30"),
        ("17/03/2026 10:31", "2026-03-17T10:31:00"),
        ("17/03/2026, 10:31", "2026-03-17T10:31:00"),
        ("3/17/2026 10:31 PM", "2026-03-17T22:31:00"),
        ("03/04/2026", "2026-04-03T00:00:00"),
        ("17.03.26, 10:31", "2026-03-17T10:31:00"),
        ("Dienstag, 17. März 2026 um 10:31 Uhr", "2026-03-17T10:31:00"),
        ("mardi 17 mars 2026 à 10:31", "2026-03-17T10:31:00"),
        ("martes, 17 de marzo de 2026 10:31", "2026-03-17T10:31:00"),
        ("martedì 17 marzo 2026 10.31", "2026-03-17T10:31:00"),
        ("dinsdag 17 maart 2026 10:31", "2026-03-17T10:31:00"),
        ("terça-feira, 17 de março de 2026 10:31", "2026-03-17T10:31:00"),
        ("den 17 mars 2026 kl. 10:31", "2026-03-17T10:31:00"),
        ("17. marts 2026 10:31", "2026-03-17T10:31:00"),
        ("wtorek, 17 marca 2026 10:31", "2026-03-17T10:31:00"),
        ("úterý 17. března 2026 10:31", "2026-03-17T10:31:00"),
        ("17 Mawrth 2026 10:31", "2026-03-17T10:31:00"),
        ("2026年3月17日 10:31", "2026-03-17T10:31:00"),
        ("17 May 2026", "2026-05-17T00:00:00"),
    ],
)
def test_a_written_date_is_read(words: str, moment: str) -> None:
    found = written_date(words)

    assert found is not None
    assert found.isoformat() == moment


@pytest.mark.parametrize(
    "words", ["", "yesterday", "31 February 2026", "10:31", "March", "99/99/2026", "x" * 5000, "17"]
)
def test_what_is_no_date_is_none(words: str) -> None:
    assert written_date(words) is None


def test_long_words_take_no_time() -> None:
    began = time.process_time()
    for words in ("1 " * 500_000, "may " * 50, "1." * 100, "+1" * 100):
        assert written_date(words) is None

    assert time.process_time() - began < MUCH
