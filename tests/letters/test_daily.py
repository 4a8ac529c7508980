"""The digest as a letter."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from complaintmail.cases.digest import DUE_SOON, NEW, OVERDUE, RELEASED, TODAY, WAITING, Digest, DigestCase, digest
from complaintmail.cases.people import Person
from complaintmail.letters.daily import daily
from complaintmail.letters.notice import written

DANA = Person("Dana Director", "dana@staff.test")
DAY = date(2026, 11, 20)


def test_each_heading_stands_with_its_lines_in_text_and_html() -> None:
    told = Digest(((OVERDUE, ("CMS-2026-000001, Jane Doe: answer it",)), (RELEASED, ("“Offers” from a@b.test",))))
    text, html = written(daily(DANA, told, DAY), "info@example.test")

    for words in ("Friday 20 November 2026", "Overdue", "CMS-2026-000001, Jane Doe: answer it", "Not treated as"):
        assert words in text and words in html
    assert text.startswith("A plain reply to this mail reaches no complainant")
    assert "mailto:" not in text


@pytest.mark.parametrize(
    ("headings", "subject"),
    [
        ((OVERDUE, TODAY, NEW), "Complaints today: 1 overdue, 1 due today, 1 new"),
        ((DUE_SOON, NEW, WAITING), "Complaints today: 1 new"),
        ((WAITING,), "Complaints today"),
    ],
)
def test_the_subject_counts_what_cannot_wait_and_names_nobody(headings: tuple[str, ...], subject: str) -> None:
    told = Digest(tuple((heading, ("CMS-2026-000001, Jane Doe: answer it",)) for heading in headings))

    assert daily(DANA, told, DAY).subject == subject


def test_the_rest_of_a_long_list_is_counted_too() -> None:
    came = datetime(2026, 11, 19, 9, tzinfo=UTC)
    cases = [DigestCase(f"CMS-{n}", "cms", "complaint", "new", "", "", came, True) for n in range(57)]
    found = digest(DANA, datetime(2026, 11, 20, 9, tzinfo=UTC), cases, [])
    assert found is not None

    assert daily(DANA, found, DAY).subject == "Complaints today: 57 new"


def test_what_a_complainant_wrote_is_no_markup_and_no_command() -> None:
    told = Digest(((NEW, ("#close <b>now</b>",)),))
    text, html = written(daily(DANA, told, DAY), "info@example.test")

    assert "<b>now" not in html and "&lt;b&gt;now" in html
    assert not [line for line in text.splitlines() if line.startswith("#")]
