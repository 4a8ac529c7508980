"""ACE's policy, clause by clause: a director makes contact at once and sets the date of the answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.mailstack import MailStack
from tests.support.years import Year

pytestmark = pytest.mark.stack

FORM = "noreply@website.test"


@pytest.fixture(scope="module")
def year(mailstack: MailStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    roles = {
        "Odi Operations": ["operations-director"],
        "Ty Training": ["training-director"],
        "Max Managing": ["managing-director"],
        "Ari Area": ["area-manager", "area-director"],
    }
    year = Year(tmp_path_factory.mktemp("ace"), mailstack, "ace", roles, box=f'forms = ["{FORM}"]')
    learner = year.somebody("Lee Learner")
    with year.on("2026-08-28 16:45"):
        year.writes("friday", "I did not get my apprenticeship review for months and I am very unhappy about it.")
    with year.on("2026-08-29 10:00"):
        year.writes("saturday", "The tutor was rude to my son. This is unacceptable.")
    with year.on("2026-11-18 10:00"):
        year.writes(
            "form",
            "Name: Lee Learner\nMessage: The assessor never came and nobody rang me. I want to complain.",
            subject="Contact form",
            sender=FORM,
            shown="Website",
            headers=[f"Reply-To: Lee Learner <{learner}>", "Auto-Submitted: auto-generated"],
        )
        year.writes("second form", "Message: The lift is dirty. Awful.", sender=FORM, shown="Website")
        year.writes("direct", "I have spoken to nobody about this: the room was filthy and I am angry.")
    yield year
    year.holds()


def test_ace_first_a_complaint_is_not_turned_away_because_nobody_was_spoken_to_first(year: Year) -> None:
    assert year.case("direct")["kind"] == "complaint"
    said = year.said_to("direct")
    assert "Thank you for telling us." in said
    assert "speak" not in said and "spoken" not in said


def test_ace_in_a_website_s_form_is_read_as_the_person_who_filled_it_in(year: Year) -> None:
    case = year.case("form")

    assert case["complainant"] == {"name": "Lee Learner", "email": year.people["Lee Learner"]}
    assert year.mail("form")["kind"] == "complaint"
    assert year.mail("form")["from"] == year.people["Lee Learner"]


def test_ace_in_the_answer_to_a_form_goes_to_that_person_and_not_to_the_site(year: Year) -> None:
    learner = year.people["Lee Learner"]
    [letter] = year.story.gets(learner, 1)

    assert letter["To"] == learner
    assert letter["Complaint-Reference"] == year.case("form")["reference"]
    assert not [one for one in year.story.outbox() if one.recipient == FORM]


def test_ace_in_a_form_that_names_nobody_is_a_case_for_a_person(year: Year) -> None:
    case = year.case("second form")

    assert case["complainant"] == {"name": "", "email": None}
    assert year.mail("second form")["answered_with"] is None
    [asked] = year.duties("second form", "attend")
    assert asked["due_at"] == "2026-11-20T23:59:59+00:00"
    assert "find out who wrote it" in asked["why"]


def test_ace_in_the_channel_is_recorded(year: Year) -> None:
    assert year.case("friday")["channel"] == "email"
    assert year.case("form")["channel"] == "website"


def test_ace_date_there_is_no_date_for_the_answer_until_a_person_sets_one(year: Year) -> None:
    respond = year.duty("friday", "respond")

    assert (respond["clause"], respond["due_at"]) == ("ACE-4", None)
    assert respond["state"] == "open"
    assert year.case("friday")["respond_by"] is None


def test_ace_date_setting_it_is_a_duty_with_one_working_day(year: Year) -> None:
    duty = year.duty("friday", "set-date")

    assert (duty["clause"], duty["due_at"], duty["state"]) == ("ACE-date", "2026-09-01T23:59:59+01:00", "missed")
    [owed] = [one for one in year.due("friday") if one["kind"] == "set-date"]
    assert owed["owner"]["name"] == "Odi Operations"


def test_ace_date_the_acknowledgement_says_by_when_the_date_will_be_told(year: Year) -> None:
    assert "By 1 September 2026 we will give you a specific date for our answer." in year.said_to("friday")
    assert "due by" not in year.said_to("friday")


def test_ace_2_it_is_logged_and_acknowledged_at_once_and_at_the_latest_on_the_second_working_day(year: Year) -> None:
    duty = year.duty("friday", "acknowledge")

    assert (duty["clause"], duty["due_at"], duty["state"]) == ("ACE-2", "2026-09-02T23:59:59+01:00", "met")
    assert year.case("friday")["acknowledged_at"] == "2026-08-28T17:46:00+01:00"
    assert year.case("friday")["reference"] in [case["reference"] for case in year.log()]
    assert "recorded it in our complaints log" in year.said_to("friday")


def test_ace_3_the_acknowledgement_says_who_looks_into_it(year: Year) -> None:
    assert "The director of the area that it is about will look into it, and may ask you for more." in year.said_to(
        "friday"
    )


def test_ace_4_the_answer_is_the_area_manager_s(year: Year) -> None:
    [owed] = [duty for duty in year.due("friday") if duty["kind"] == "respond"]

    assert (owed["owner"]["name"], owed["overdue"]) == ("Ari Area", False)
    assert "The manager of that area will then write to you." in year.said_to("friday")


def test_ace_ladder_the_acknowledgement_names_the_next_steps_and_no_body_that_is_gone(year: Year) -> None:
    said = year.said_to("friday")

    assert "you can turn to our Managing Director" in said
    assert "the Department for Education, which does the work of the former Education and Skills Funding Agency" in said


def test_ace_contact_the_director_owes_a_word_on_the_same_day(year: Year) -> None:
    duty = year.duty("friday", "contact")

    assert (duty["clause"], duty["due_at"], duty["state"]) == ("ACE-contact", "2026-08-28T23:59:59+01:00", "missed")
    [owed] = [one for one in year.due("friday") if one["kind"] == "contact"]
    assert owed["owner"]["name"] == "Odi Operations"
    assert "who will contact you about it" in year.said_to("friday")


def test_ace_contact_what_comes_on_a_saturday_is_due_on_the_next_working_day(year: Year) -> None:
    assert year.duty("saturday", "contact")["due_at"] == "2026-09-01T23:59:59+01:00"  # Monday is a bank holiday


def test_ace_contact_an_acknowledgement_is_not_the_director_s_word(year: Year) -> None:
    assert year.case("friday")["first_human_at"] is None
    assert year.duty("friday", "contact")["met_at"] is None
