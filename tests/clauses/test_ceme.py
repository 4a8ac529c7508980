"""CEME's policy, clause by clause: two days to the acknowledgement, and an answer as fast as the matter is serious."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.mailstack import MailStack
from tests.support.years import Year

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def year(mailstack: MailStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    roles = {
        "Opal Operations": ["operations-director"],
        "Sam Senior": ["senior-management"],
        "Cleo Chief": ["chief-executive"],
    }
    year = Year(tmp_path_factory.mktemp("ceme"), mailstack, "ceme", roles)
    with year.on("2025-10-25 22:30"):
        year.writes("before the clocks go back", "The lift was broken all week and nobody told the tenants. Awful.")
    with year.on("2026-03-17 09:30"):
        year.writes("jane", "The car park was locked on Sunday and I was stuck for hours. This is unacceptable.")
        year.writes("hurt", "A ceiling tile fell and I was injured. I had to go to hospital. I want to complain.")
        year.writes("praise", "Thank you so much, the reception team was wonderful, kind and patient. I was delighted.")
    with year.on("2026-08-28 16:45"):
        year.writes("friday", "The heating in unit 9 has not been repaired. I am very disappointed.")
    with year.on("2026-09-05 08:00", seen="2026-09-09 08:00"):
        year.writes("too late", "I complain that the invoice is wrong for the third time. I am angry.")
    yield year
    year.holds()


def test_ceme_1_the_acknowledgement_goes_at_once_with_the_person_who_answers_and_the_date(year: Year) -> None:
    said = year.said_to("friday")

    assert year.case("friday")["acknowledged_at"] == "2026-08-28T17:46:00+01:00"
    assert "Your complaint is with Opal Operations (our Operations Director)" in said
    assert "Your answer will come from Opal Operations." in said
    assert "You will have our answer by 2 September 2026." in said


def test_ceme_1_two_days_are_calendar_days_so_a_friday_s_complaint_is_acknowledged_by_sunday(year: Year) -> None:
    duty = year.duty("friday", "acknowledge")

    assert (duty["clause"], duty["due_at"], duty["state"]) == ("CEME-1", "2026-08-30T23:59:59+01:00", "met")
    assert duty["why"] == (
        "2 days from Friday 28 August 2026 (the day of receipt, not counted), every day counted: Sunday 30 August 2026."
    )


def test_ceme_1_the_end_of_the_second_day_is_local_time_whatever_the_clocks_do(year: Year) -> None:
    """Received half an hour before midnight on the Saturday on which summer time ends."""
    case = year.case("before the clocks go back")

    assert case["received_at"] == "2025-10-25T23:30:00+01:00"
    assert case["acknowledge_by"] == "2025-10-27T23:59:59+00:00"
    assert case["respond_by"] == "2025-10-30T23:59:59+00:00"


def test_ceme_1_what_was_acknowledged_on_the_fourth_day_is_late_and_says_so(year: Year) -> None:
    duty = year.duty("too late", "acknowledge")

    assert (duty["due_at"], duty["met_at"], duty["state"]) == (
        "2026-09-07T23:59:59+01:00",
        "2026-09-09T09:00:00+01:00",
        "late",
    )
    assert "You will have our answer by 10 September 2026." in year.said_to("too late")


def test_ceme_2_every_complaint_is_in_the_log_with_what_was_done(year: Year) -> None:
    logged = year.log()

    assert [case["reference"] for case in logged] == [
        "CEME-2025-000001",
        *(f"CEME-2026-{n:06d}" for n in (1, 2, 4, 5)),  # 3 is praise
    ]
    assert all(case["acknowledged_at"] and case["owner"]["name"] == "Opal Operations" for case in logged)
    done = [(event["what"], event["detail"].get("kind")) for event in year.case("jane")["events"]]
    assert done[0] == ("case_opened", "complaint")
    assert {("told", "decide"), ("letter_sent", "acknowledgement")} <= set(done)


def test_ceme_2_the_acknowledgement_says_that_senior_managers_review_it(year: Year) -> None:
    assert "Our senior managers regularly review every complaint" in year.said_to("jane")


def test_ceme_4_the_acknowledgement_says_that_the_complainant_is_asked(year: Year) -> None:
    assert "we may ask you what would put it right" in year.said_to("jane")


def test_ceme_7_five_days_to_the_answer_as_long_as_nobody_says_how_serious_it_is(year: Year) -> None:
    duty = year.duty("friday", "respond")

    assert (duty["clause"], duty["due_at"]) == ("CEME-7", "2026-09-02T23:59:59+01:00")
    assert year.case("friday")["severity"] == "medium"
    assert year.case("friday")["respond_by"] == duty["due_at"]
    assert duty["why"].startswith("5 days from Friday 28 August 2026")


def test_ceme_7_what_sounds_serious_is_noted_and_a_person_decides_how_serious_it_is(year: Year) -> None:
    assert any("it sounds serious" in reason for reason in year.mail("hurt")["reasons"])
    assert year.case("hurt")["severity"] == "medium"
    assert year.case("hurt")["respond_by"] == "2026-03-22T23:59:59+00:00"


def test_ceme_11_a_role_that_nobody_holds_is_done_by_whom_it_falls_to(year: Year) -> None:
    """Nobody is the policy's owner here: it falls to the operations director, who answers for it all."""
    owners = {duty["owner"]["name"] for duty in year.due("friday")}

    assert owners == {"Opal Operations"}
    assert year.case("friday")["owner"]["role"] == "operations-director"
