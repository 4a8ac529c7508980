"""What is owed on a case: severities, changed policies, appeals, and what starts no clock at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from complaintmail.policy import load
from complaintmail.policy.duties import calendar_of, counts_as_received, owed_by, owed_from, owed_on_opening
from complaintmail.policy.policy import Owed, Policy
from tests.support.policies import HARBOUR, at, written


def opening(
    policy: Policy, received: str, *, severity: str = "medium", kind: str = "complaint", in_writing: bool = True
) -> dict[str, Owed]:
    owed = owed_on_opening(policy, received_at=at(received), written=in_writing, severity=severity, kind=kind)
    assert len({one.kind for one in owed}) == len(owed)
    return {one.kind: one for one in owed}


def dates(owed: dict[str, Owed]) -> dict[str, str | None]:
    return {kind: str(one.counted.due_on) if one.counted else None for kind, one in owed.items()}


OPENING = {
    "ceme": {"acknowledge": "2026-08-30", "respond": "2026-09-02"},
    "cms": {"acknowledge": "2026-09-02", "decide": "2026-09-01", "respond": "2026-09-14"},
    "cim": {"acknowledge": "2026-09-07", "respond": "2026-09-28"},
    "sek": {"acknowledge": "2026-09-07", "respond": "2026-10-08", "progress": "2026-10-06"},
    "ace": {"acknowledge": "2026-09-02", "contact": "2026-08-28", "set-date": "2026-09-01", "respond": None},
}


@pytest.mark.parametrize("name", OPENING)
def test_what_each_policy_owes_on_a_complaint_of_friday_28_august(name: str) -> None:
    assert dates(opening(load.find(name), "2026-08-28 17:45")) == OPENING[name]


@pytest.mark.parametrize("name", load.packaged())
def test_each_obligation_names_a_clause_and_a_role_of_its_policy(name: str) -> None:
    policy = load.find(name)

    for owed in opening(policy, "2026-08-28 17:45").values():
        assert policy.clause(owed.clause) is not None
        assert policy.role(owed.role) is not None


@pytest.mark.parametrize(("severity", "due"), [("low", "2026-09-04"), ("medium", "2026-09-02"), ("high", "2026-08-31")])
def test_severity_decides_the_date_and_a_change_counts_from_receipt(severity: str, due: str) -> None:
    ceme = load.find("ceme")

    at_once = opening(ceme, "2026-08-28 17:45", severity=severity)["respond"]
    changed_later = owed_by(ceme, "respond", at("2026-08-28 17:45"), severity)

    assert changed_later == at_once
    assert at_once.counted is not None and str(at_once.counted.due_on) == due


def test_a_severity_that_nobody_knows_counts_as_the_policys_own_and_says_so() -> None:
    owed = opening(load.find("ceme"), "2026-08-28 17:45", severity="dire")["respond"]

    assert owed.counted is not None and owed.counted.due_on == date(2026, 9, 2)
    assert owed.warnings == ("severity 'dire' is none of low, medium, high: counted as medium",)


@pytest.mark.parametrize("kind", ["compliment", "enquiry", "bulk", "spam", "bounce", "auto-reply", "staff", "reply"])
def test_what_is_surely_something_else_starts_no_clock(kind: str) -> None:
    assert opening(load.find("cms"), "2026-08-28 17:45", kind=kind) == {}


def test_what_cannot_be_read_runs_like_a_complaint() -> None:
    cms = load.find("cms")

    assert opening(cms, "2026-08-28 17:45", kind="unreadable") == opening(cms, "2026-08-28 17:45")


def test_an_appeal_where_none_is_promised_runs_like_a_complaint() -> None:
    cim = load.find("cim")

    assert opening(cim, "2026-08-28 17:45", kind="appeal") == opening(cim, "2026-08-28 17:45")
    assert owed_by(cim, "appeal", at("2026-08-28 17:45"), "medium") is None


def test_receipt_in_the_last_half_hour_of_june_utc_counts_from_1_july() -> None:
    moment = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    owed = owed_on_opening(load.find("cms"), received_at=moment, written=True, severity="medium", kind="complaint")

    assert owed[0].counted is not None
    assert "from Wednesday 1 July 2026 (the day of receipt" in owed[0].counted.why


def test_a_complaint_on_new_years_eve_and_one_a_minute_later_have_their_own_days() -> None:
    ceme = load.find("ceme")

    assert dates(opening(ceme, "2026-12-31 23:59"))["acknowledge"] == "2027-01-02"
    assert dates(opening(ceme, "2027-01-01 00:00"))["acknowledge"] == "2027-01-03"


def test_the_warning_about_unannounced_holidays_reaches_the_obligation() -> None:
    owed = opening(load.find("sek"), "2027-12-20 09:00")

    assert owed["acknowledge"].warnings == ()
    assert "after 2027 were not announced" in owed["respond"].warnings[0]
    assert owed["respond"].counted is not None and owed["respond"].counted.warning == owed["respond"].warnings[0]


def test_cases_keep_the_dates_of_the_policy_they_were_opened_under(tmp_path: Path) -> None:
    before = load.read(written(tmp_path))
    was = opening(before, "2026-09-30 12:00")
    changed = HARBOUR.replace('within = "3 working days"', 'within = "6 working days"').replace("2026-03", "2026-10")

    after = load.read(written(tmp_path, text=changed))
    kept = load.parse(before.text, before.name, "case HF-2026-000001")

    assert after.version != before.version and kept.version == before.version
    assert opening(kept, "2026-09-30 12:00") == was
    assert dates(opening(after, "2026-09-30 12:00")) != dates(was)


def test_a_closure_entered_later_gives_a_new_answer_beside_the_old_one() -> None:
    cms = load.find("cms")
    was = dates(opening(cms, "2026-12-23 16:00"))

    closed = replace(cms, closures=((date(2026, 12, 24), date(2027, 1, 1), "closed over Christmas"),))

    assert dates(opening(closed, "2026-12-23 16:00"))["acknowledge"] == "2027-01-05"
    assert dates(opening(cms, "2026-12-23 16:00")) == was == {**was, "acknowledge": "2026-12-29"}


def test_the_same_day_gives_the_same_answer_and_the_very_same_value() -> None:
    cms = load.find("cms")

    first = owed_on_opening(cms, received_at=at("2026-08-28 08:00"), written=True, severity="high", kind="complaint")
    again = owed_on_opening(cms, received_at=at("2026-08-28 20:00"), written=True, severity="high", kind="complaint")

    assert first is again


def test_a_letter_by_mail_counts_as_received_that_day_and_one_by_post_on_the_second_working_day() -> None:
    cms, sent = load.find("cms"), at("2026-12-24 15:00")

    assert counts_as_received(cms, sent, by_post=False) == date(2026, 12, 24)
    assert counts_as_received(cms, sent, by_post=True) == date(2026, 12, 30)
    window = owed_from(cms, "appeal", date(2026, 12, 30), "medium")
    assert window is not None and window.counted is not None and window.counted.due_on == date(2027, 1, 14)
    assert "(the day the outcome counts as received, not counted)" in window.counted.why


def test_a_policy_counts_the_holidays_of_its_own_nation_and_its_own_closures(tmp_path: Path) -> None:
    calendar = calendar_of(load.read(written(tmp_path)))

    assert calendar.left_out(date(2026, 11, 30)) == "St Andrew's Day"
    assert calendar.left_out(date(2026, 12, 29)) == "no sailings"
    assert calendar.is_working(date(2026, 4, 6))  # Easter Monday is worked in Scotland
