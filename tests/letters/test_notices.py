"""Notices to staff about a case: what their subject asks, and what they offer to click."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from complaintmail.letters.notices import CaseTold, to_decide

CASE = CaseTold(
    "CMS-2026-000001", "Example Training", ZoneInfo("Europe/London"), datetime(2026, 3, 9, 9, tzinfo=UTC), "email",
    "Jane Doe", "jane@x.test", "It is cold", "So cold.",
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "sure", "status", "begins"),
    [
        ("complaint", True, "new", "New complaint ["),
        ("complaint", False, "new", "Is this a complaint? ["),
        ("unreadable", False, "new", "Is this a complaint? ["),
        ("complaint", False, "closed", "New complaint ["),
        ("compliment", True, "new", "Praise ["),
        ("compliment", False, "new", "Praise ["),
        ("enquiry", True, "closed", "An enquiry ["),
    ],
)
def test_the_subject_asks_where_there_is_something_to_ask(kind: str, sure: bool, status: str, begins: str) -> None:
    case = replace(CASE, kind=kind, sure=sure, status=status)

    paper = to_decide(case, [], [], "Tuesday 10 March 2026")

    assert paper.subject.startswith(f"{begins}CMS-2026-000001]: please decide by Tuesday 10 March 2026")
