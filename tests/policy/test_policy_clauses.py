"""The five policies, clause by clause: one test for each rule that is about windows, readings or roles."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from complaintmail.policy import load
from complaintmail.policy.concerns import concerns
from complaintmail.policy.duties import owed_by, owed_on_opening
from complaintmail.policy.policy import Owed, Policy, Reading, Span, Unit
from tests.support.policies import at

CEME, CMS, CIM, SEK, ACE = (load.find(name) for name in ("ceme", "cms", "cim", "sek", "ace"))
FRIDAY = "2026-08-28 17:45"  # the Friday before the August holiday
TODAY = date(2026, 11, 20)

CLAUSES = {
    "ceme": "1 2 3 4 5 6 7 8 9 10 11",
    "cms": "1.1 def 1.2 1.3a 1.3b 1.3c 1.3d 2.1a 2.1b 2.1c 2.2a 2.2b 3.1 scope conf info pub know review",
    "cim": "in ack 20 route asc reg third conf result assess end mon other review know",
    "sek": "log file verbal-1 verbal-2 verbal-3 ack 28 named 28b meet report appeal access equal candour comp-1 comp-2 "
    "comp-3 comp-4 sites conf learn review",
    "ace": "first def in date 1 2 3 4 5 6 7 log pattern ladder four contact pub",
}
ROLES = {
    "ceme": "operations-director senior-management chief-executive head-of-it policy-owner safeguarding",
    "cms": "operations-director investigator directors board policy-owner safeguarding",
    "cim": "policy-owner complaints-manager department-manager awarding-body safeguarding",
    "sek": "manager director board-keeper policy-owner safeguarding",
    "ace": "operations-director training-director area-director area-manager managing-director policy-owner "
    "safeguarding",
}
BY_AREA = {"ceme": "", "cms": "", "cim": "department-manager", "sek": "manager", "ace": "area-director area-manager"}


def due(policy: Policy, kind: str, received: str = FRIDAY, *, in_writing: bool = True) -> str | None:
    owed = owed_by_kind(policy, received, in_writing=in_writing)[kind].counted
    return None if owed is None else str(owed.due_on)


def owed_by_kind(policy: Policy, received: str = FRIDAY, *, in_writing: bool = True) -> dict[str, Owed]:
    owed = owed_on_opening(
        policy, received_at=at(received), written=in_writing, severity=policy.severity, kind="complaint"
    )
    return {one.kind: one for one in owed}


def later(policy: Policy, kind: str, start: str) -> str | None:
    owed = owed_by(policy, kind, at(start), policy.severity)
    assert owed is not None
    return None if owed.counted is None else str(owed.counted.due_on)


def reading(policy: Policy, clause: str, words: str) -> Reading:
    return next(one for one in policy.readings if one.clause == clause and words in one.words)


@pytest.mark.parametrize("name", CLAUSES)
def test_every_clause_of_the_policy_is_in_its_file(name: str) -> None:
    policy = load.find(name)

    ids = [f"{policy.prefix}-{part}" for part in CLAUSES[name].split()]
    assert [clause.id for clause in policy.clauses if not clause.law] == ids
    assert [clause.id for clause in policy.clauses if clause.law] == [f"{policy.prefix}-law"]
    assert policy.prefix == name.upper()


@pytest.mark.parametrize("name", ROLES)
def test_the_roles_of_the_policy_are_those_that_people_are_given(name: str) -> None:
    policy = load.find(name)

    assert [role.name for role in policy.roles] == ROLES[name].split()
    assert [role.name for role in policy.roles if role.by_area] == BY_AREA[name].split()
    assert all(role.falls_to == policy.roles[0].name for role in policy.roles if role.name == "safeguarding")


@pytest.mark.parametrize("name", CLAUSES)
def test_every_unclear_word_has_a_choice_and_what_follows_and_waits_for_the_owner(name: str) -> None:
    policy = load.find(name)

    assert policy.readings
    assert all(one.chosen.endswith(".") and one.consequence.endswith(".") for one in policy.readings)
    assert all(one.approved_by is None for one in policy.readings)


@pytest.mark.parametrize("name", CLAUSES)
def test_letters_have_their_words_and_no_brace_is_left_but_the_person(name: str) -> None:
    policy = load.find(name)

    assert policy.deals.count("{person}") == policy.deals.count("{") == 1
    assert policy.next_step.endswith(".") and policy.if_unhappy.endswith(".")
    assert "{" not in policy.next_step + policy.if_unhappy


# --- CEME --------------------------------------------------------------------------------------------------------


def test_ceme_1_an_acknowledgement_is_due_two_days_after_receipt_weekends_and_all() -> None:
    assert due(CEME, "acknowledge") == "2026-08-30"
    assert reading(CEME, "CEME-1", "two days").chosen.startswith("Calendar days")
    assert "acknowledgement" in reading(CEME, "CEME-1", "responded to").chosen


@pytest.mark.parametrize(("severity", "days"), [("low", 7), ("medium", 5), ("high", 3)])
def test_ceme_7_low_medium_and_high_have_seven_five_and_three_days(severity: str, days: int) -> None:
    owed = owed_by(CEME, "respond", at("2026-09-01 09:00"), severity)

    assert owed is not None and owed.counted is not None and owed.clause == "CEME-7"
    assert owed.counted.due_on == date(2026, 9, 1 + days)
    assert reading(CEME, "CEME-7", "7, 5 and 3 days").chosen.startswith("Calendar days")


def test_ceme_8_the_policy_is_reviewed_every_year() -> None:
    assert (CEME.review_on, CEME.review_every) == (date(2019, 7, 31), Span(1, Unit.YEARS))
    assert any(
        line.startswith("review_on: the review was due on 2019-07-31") for line in map(str, concerns(CEME, TODAY))
    )


def test_ceme_10_records_are_kept_six_years_and_the_reading_waits_for_approval() -> None:
    assert CEME.retention == Span(6, Unit.YEARS)
    assert reading(CEME, "CEME-10", "RR +6 years").approved_on is None


def test_ceme_11_the_chief_executive_and_the_head_of_it_have_roles() -> None:
    assert [CEME.role(name) is not None for name in ("chief-executive", "head-of-it")] == [True, True]


# --- CMS ---------------------------------------------------------------------------------------------------------


def test_cms_1_2_the_operations_director_decides_within_a_working_day_which_is_our_setting() -> None:
    duty = CMS.duty("decide")

    assert duty is not None and duty.role == CMS.first == "operations-director" and duty.ours
    assert due(CMS, "decide") == "2026-09-01"


def test_cms_1_3a_acknowledged_within_two_and_answered_within_ten_working_days_of_receipt() -> None:
    assert (due(CMS, "acknowledge"), due(CMS, "respond")) == ("2026-09-02", "2026-09-14")
    assert {duty.kind for duty in CMS.duties if duty.ours} == {"acknowledge", "decide", "confirm", "appeal-acknowledge"}
    assert "within 10 working days" in CMS.next_step


def test_cms_1_3a_the_letter_in_the_investigators_name_follows_the_decision() -> None:
    assert "confirm" not in owed_by_kind(CMS)
    assert later(CMS, "confirm", "2026-09-01 10:00") == "2026-09-02"


def test_cms_2_2a_an_appeal_can_be_made_within_ten_working_days_of_the_outcome() -> None:
    assert later(CMS, "appeal", "2026-12-18 10:00") == "2027-01-06"
    assert "appeal by letter or by email within 10 working days" in CMS.if_unhappy


def test_cms_2_2b_the_board_answers_an_appeal_within_ten_working_days_and_acknowledges_it_first() -> None:
    owed = owed_on_opening(CMS, received_at=at(FRIDAY), written=True, severity="medium", kind="appeal")

    assert [(one.kind, one.role, str(one.counted and one.counted.due_on)) for one in owed] == [
        ("appeal-acknowledge", "board", "2026-09-02"),
        ("appeal-answer", "board", "2026-09-14"),
    ]
    answer = CMS.duty("appeal-answer")
    assert answer is not None and answer.alternate == "directors"


def test_cms_3_1_the_last_step_is_the_awarding_organisation() -> None:
    assert CMS.ladder[-1] == "The awarding organisation"
    assert CMS.body(CMS.ladder[-1]) is not None
    assert "awarding organisation" in CMS.if_unhappy


def test_cms_review_the_owner_is_told_once_the_day_of_the_review_is_over() -> None:
    assert CMS.review_on is not None and concerns(CMS, CMS.review_on) and CMS.review_every == Span(1, Unit.YEARS)
    assert not any(line.startswith("review_on") for line in map(str, concerns(CMS, CMS.review_on)))
    assert any(line.startswith("review_on") for line in map(str, concerns(CMS, CMS.review_on + timedelta(days=1))))


# --- CIM ---------------------------------------------------------------------------------------------------------


def test_cim_ack_is_due_by_the_end_of_the_fifth_working_day() -> None:
    owed = owed_by_kind(CIM)["acknowledge"].counted

    assert owed is not None and owed.due_at.isoformat() == "2026-09-07T23:59:59+01:00"
    assert not CIM.duties[0].ours


def test_cim_20_is_due_on_the_twentieth_working_day_from_receipt_and_no_appeal_is_promised() -> None:
    assert due(CIM, "respond") == "2026-09-28"
    assert owed_by(CIM, "appeal", at(FRIDAY), "medium") is None
    assert "appeal" not in CIM.if_unhappy + CIM.next_step


def test_cim_route_areas_have_their_manager_and_an_unsure_one_goes_to_the_owner() -> None:
    assert CIM.first == CIM.owner == "policy-owner"
    assert CIM.areas and all(area.words for area in CIM.areas)


def test_cim_reg_the_three_regulators_are_there_by_nation_with_the_day_they_were_looked_at() -> None:
    regulators = {body.serves: body.name for body in CIM.bodies if body.name != "CIM Business Centre"}

    assert regulators == {
        ("england",): "Ofqual",
        ("northern-ireland",): "CCEA",
        ("wales",): "Qualifications Wales",
    }
    assert any("body Ofqual: last looked at on 2024-01-31" in line for line in map(str, concerns(CIM, TODAY)))


def test_cim_review_the_owner_is_told_that_the_review_of_january_2025_is_overdue() -> None:
    assert any(
        line.startswith("review_on: the review was due on 2025-01-31") for line in map(str, concerns(CIM, TODAY))
    )


# --- SEK ---------------------------------------------------------------------------------------------------------


def test_sek_ack_is_due_within_five_working_days_for_written_complaints() -> None:
    assert due(SEK, "acknowledge") == "2026-09-07"
    assert owed_by_kind(SEK, in_writing=False) == {}


def test_sek_28_are_working_days_and_only_written_complaints_have_them() -> None:
    assert due(SEK, "respond", "2026-03-02 09:00") == "2026-04-13"
    assert reading(SEK, "SEK-28", "28 working days").chosen.startswith("Working days")
    assert "respond" not in owed_by_kind(SEK, in_writing=False)


def test_sek_28b_a_progress_letter_is_due_before_the_28_working_days_end_and_again_after() -> None:
    progress, respond = due(SEK, "progress"), due(SEK, "respond")
    duty = SEK.duty("progress")

    assert progress is not None and respond is not None and progress < respond
    assert duty is not None and duty.repeats == Span(10, Unit.WORKING_DAYS)


def test_sek_named_the_manager_is_named_for_every_written_complaint() -> None:
    assert SEK.first == "manager"
    assert owed_by_kind(SEK)["respond"].role == "manager"


def test_sek_appeal_has_no_date_and_an_alternate_for_a_director_who_investigated() -> None:
    assert later(SEK, "appeal-answer", FRIDAY) is None
    assert owed_by(SEK, "appeal", at(FRIDAY), "medium") is None
    duty = SEK.duty("appeal-answer")
    assert duty is not None and (duty.role, duty.alternate) == ("director", "policy-owner")


def test_sek_access_has_its_own_month_that_moves_off_a_weekend() -> None:
    assert later(SEK, "access", "2026-11-26 10:00") == "2026-12-29"


def test_sek_sites_have_an_area_each() -> None:
    assert [area.name for area in SEK.areas] == ["head-office", "ageless-thanet"]


def test_sek_review_the_owner_is_told_that_the_review_of_august_2018_is_overdue() -> None:
    assert any(
        line.startswith("review_on: the review was due on 2018-08-31") for line in map(str, concerns(SEK, TODAY))
    )


# --- ACE ---------------------------------------------------------------------------------------------------------


def test_ace_date_is_set_by_a_person_within_a_working_day_and_the_answer_has_none_until_then() -> None:
    assert due(ACE, "set-date") == "2026-09-01"
    assert "respond" in owed_by_kind(ACE) and due(ACE, "respond") is None


def test_ace_2_is_acknowledged_within_two_working_days_which_is_our_setting() -> None:
    assert due(ACE, "acknowledge") == "2026-09-02"
    assert owed_by_kind(ACE)["acknowledge"].clause == "ACE-2"
    assert ACE.duties[0].ours


@pytest.mark.parametrize(("received", "day"), [(FRIDAY, "2026-08-28"), ("2026-08-29 10:00", "2026-09-01")])
def test_ace_contact_is_owed_the_same_day_or_on_the_next_one_that_is_worked(received: str, day: str) -> None:
    assert due(ACE, "contact", received) == day
    assert owed_by_kind(ACE)["contact"].role == "operations-director"


def test_ace_4_the_areas_manager_answers() -> None:
    assert owed_by_kind(ACE)["respond"].role == "area-manager"


def test_ace_ladder_ends_at_the_body_that_took_over_from_the_closed_one_and_check_says_so() -> None:
    assert ACE.ladder == ("area-director", "managing-director", "The Department for Education")
    closed = [body for body in ACE.bodies if body.closed_on]
    assert [(body.name, body.closed_on) for body in closed] == [
        ("Education and Skills Funding Agency", date(2025, 3, 31))
    ]
    assert any(
        "Education and Skills Funding Agency: closed on 2025-03-31" in line for line in map(str, concerns(ACE, TODAY))
    )
