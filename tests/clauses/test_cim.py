"""CIM's policy, clause by clause: one inbox for all feedback, five and twenty working days, and no appeal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.mailstack import MailStack
from tests.support.years import Year

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def year(mailstack: MailStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    roles = {
        "Hal Head": ["policy-owner"],
        "Mo Manager": ["complaints-manager"],
        "Ada Awarding": ["awarding-body"],
    }
    year = Year(tmp_path_factory.mktemp("cim"), mailstack, "cim", roles)
    with year.on("2026-03-17 09:30"):
        year.writes("jane", "My exam was marked wrongly and nobody answers me. Membership 778899. I am furious.")
        year.writes("praise", "Thank you so much, the webinar was excellent and the tutor was kind and helpful.")
        year.writes("question", "Could you please tell me how much membership costs? When do I need to apply?")
        year.writes("unsure", "Booking 1234. Kindly ring.")
    with year.on("2026-03-18 09:30"):
        year.writes("spouse", "I am her husband. What did she tell you, and what was decided?", answers="jane")
        year.writes("jane again", "One thing more: the invigilator was rude as well.", answers="jane", sender=None)
        year.writes("jane writes back", "And the room was cold.", answers="jane", sender=year.written["jane"].sender)
    with year.on("2026-08-28 16:45"):
        year.writes("friday", "The seminar was cancelled without notice and I want my money back.")
    yield year
    year.holds()


def test_cim_in_praise_enquiry_and_complaint_are_told_apart(year: Year) -> None:
    names = ("jane", "praise", "question")

    assert [year.mail(name)["kind"] for name in names] == ["complaint", "compliment", "enquiry"]
    assert [year.mail(name)["case"] for name in names] == ["CIM-2026-000001", "CIM-2026-000002", None]
    assert [case["kind"] for case in year.log()] == ["complaint"] * len(year.log())
    assert [case["reference"] for case in year.log("--kind", "compliment")] == ["CIM-2026-000002"]


def test_cim_in_what_is_unsure_is_a_complaint_until_a_person_says_otherwise(year: Year) -> None:
    assert (year.mail("unsure")["kind"], year.mail("unsure")["sure"]) == ("complaint", False)
    assert year.case("unsure")["acknowledge_by"] == "2026-03-24T23:59:59+00:00"


def test_cim_ack_the_acknowledgement_goes_at_once_and_at_the_latest_on_the_fifth_working_day(year: Year) -> None:
    duty = year.duty("friday", "acknowledge")

    assert (duty["clause"], duty["due_at"], duty["state"]) == ("CIM-ack", "2026-09-07T23:59:59+01:00", "met")
    assert duty["met_at"] == "2026-08-28T17:46:00+01:00"
    assert year.duty("jane", "acknowledge")["due_at"] == "2026-03-24T23:59:59+00:00"


def test_cim_20_twenty_working_days_from_receipt_where_it_needs_investigating(year: Year) -> None:
    assert year.duty("jane", "respond")["clause"] == "CIM-20"
    assert year.duty("jane", "respond")["due_at"] == "2026-04-16T23:59:59+01:00"  # Good Friday, Easter Monday left out
    assert year.duty("friday", "respond")["due_at"] == "2026-09-28T23:59:59+01:00"
    assert (
        "If your complaint needs investigating, you will have our answer within 20 working days of the day on which we "
        "received it, that is, by 16 April 2026. If it does not, you will hear from us sooner."
    ) in year.said_to("jane")


def test_cim_20_no_letter_promises_an_appeal_that_there_is_not(year: Year) -> None:
    letters = [year.said_to(name) for name in ("jane", "praise", "unsure", "friday")]

    assert all("appeal" not in said.lower() for said in letters)
    assert {duty["kind"] for duty in year.case("jane")["obligations"]} <= {"acknowledge", "respond", "attend"}


def test_cim_route_while_its_area_is_open_it_is_the_policy_s_owner_s(year: Year) -> None:
    case = year.case("jane")

    assert case["area"] is None
    assert case["owner"] == {"name": "Hal Head", "email": year.staff["Hal Head"], "role": "policy-owner"}
    [respond] = [duty for duty in year.due("jane") if duty["kind"] == "respond"]
    assert respond["owner"]["name"] == "Hal Head"  # no department has a manager yet
    assert "sees that the manager of the department it is about deals with it" in year.said_to("jane")


def test_cim_reg_the_acknowledgement_names_the_regulators(year: Year) -> None:
    assert "Ofqual in England, CCEA in Northern Ireland and Qualifications Wales in Wales" in year.said_to("jane")


def test_cim_third_whoever_else_writes_on_a_case_gets_nothing_of_it(year: Year) -> None:
    assert year.letters("spouse") == []
    assert (year.mail("spouse")["kind"], year.mail("spouse")["sure"]) == ("reply", False)
    assert "told nothing" in year.mail("spouse")["not_answered_because"]
    assert year.mail("spouse")["case"] == year.mail("jane")["case"]


def test_cim_third_a_person_is_asked_whether_they_may(year: Year) -> None:
    asked = [duty for duty in year.duties("jane", "attend") if year.written["spouse"].sender in duty["why"]]

    assert [duty["due_at"] for duty in asked] == ["2026-03-25T23:59:59+00:00"]
    assert "is not on it: may they? Nothing was sent to them" in asked[0]["why"]


def test_cim_third_the_acknowledgement_says_that_we_speak_with_the_complainant_alone(year: Year) -> None:
    said = year.said_to("jane")

    assert "If you would like somebody else to speak for you, please tell us so yourself" in said
    assert "until then we will discuss it only with you" in said


def test_cim_third_the_complainant_s_own_answer_joins_and_is_not_acknowledged_again(year: Year) -> None:
    assert year.mail("jane writes back")["case"] == year.mail("jane")["case"]
    assert year.mail("jane writes back")["kind"] == "reply"
    assert len(year.letters("jane")) == 1


def test_cim_conf_one_complainant_s_words_are_in_no_other_s_letter(year: Year) -> None:
    others = [letter for name in ("praise", "unsure", "friday") for letter in year.letters(name)]

    assert len(others) == 3
    for secret in ("778899", year.written["jane"].sender, "CIM-2026-000001"):
        assert all(secret not in letter.as_string() for letter in others)
    assert "We treat your complaint as confidential." in year.said_to("jane")


def test_cim_result_the_acknowledgement_says_that_both_result_and_prevention_will_be_told(year: Year) -> None:
    assert (
        "We will tell you what we found and, where it applies, what we are doing so that it does not happen again."
    ) in year.said_to("jane")
