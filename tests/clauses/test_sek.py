"""SEK's policy, clause by clause: one log with an owner for each entry, a named person, and compliments that count."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.mailstack import MailStack
from tests.support.years import Year

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def year(mailstack: MailStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    roles = {"Mia Manager": ["manager"], "Dov Director": ["director"], "Kit Keeper": ["board-keeper"]}
    year = Year(tmp_path_factory.mktemp("sek"), mailstack, "sek", roles, boxes=2)
    with year.on("2026-03-17 09:30"):
        year.writes("jane", "My adviser missed three appointments. Badge 4455. I am very unhappy.", subject="Adviser")
        year.writes(
            "praise",
            "Thank you so much, Ann was wonderful, kind and patient with my mother. I was delighted.",
            subject="Thank you",
        )
        year.writes("no words", "", subject="")
    with year.on("2026-03-17 10:30"):
        year.writes("thanet", "The Margate office was closed when it should have been open. I am angry.", to=1)
    with year.on("2026-03-18 09:30"):
        year.writes("later", "The minibus was late and the driver was rude to us. Terrible.")
    with year.on("2026-08-28 16:45"):
        year.writes("friday", "Nobody answers the telephone. This is unacceptable.")
    yield year
    year.holds()


def test_sek_log_every_complaint_has_an_owner_from_the_first_minute(year: Year) -> None:
    logged = year.log()

    assert len(logged) == 5
    assert {case["owner"]["name"] for case in logged} == {"Mia Manager"}
    assert {case["owner"]["role"] for case in logged} == {"manager"}


def test_sek_log_there_is_one_log_and_one_series_of_numbers_for_all_mailboxes(year: Year) -> None:
    logged = year.log("--kind", "all")

    assert [case["reference"] for case in logged] == [f"SEK-2026-{n:06d}" for n in range(1, 7)]
    assert {case["mailbox"] for case in logged} == set(year.inboxes)


def test_sek_file_the_mail_and_the_letter_lie_together(year: Year) -> None:
    case = year.case("jane")

    assert [message["direction"] for message in case["messages"]] == ["in", "out"]
    assert case["messages"][0]["message_id"] == year.written["jane"].message_id
    assert case["messages"][1]["message_id"] == year.letter("jane")["Message-ID"]


def test_sek_ack_a_written_complaint_is_acknowledged_at_once_and_within_five_working_days(year: Year) -> None:
    duty = year.duty("friday", "acknowledge")

    assert (duty["clause"], duty["due_at"], duty["state"]) == ("SEK-ack", "2026-09-07T23:59:59+01:00", "met")
    assert year.case("friday")["acknowledged_at"] == "2026-08-28T17:46:00+01:00"


def test_sek_ack_a_mail_without_a_word_is_acknowledged_as_well(year: Year) -> None:
    assert year.case("no words")["kind"] == "complaint"
    assert year.mail("no words")["sure"] is False
    assert year.letter("no words")["Complaint-Reference"] == year.case("no words")["reference"]


def test_sek_28_twenty_eight_working_days_from_receipt(year: Year) -> None:
    assert year.duty("jane", "respond")["clause"] == "SEK-28"
    assert year.duty("jane", "respond")["due_at"] == "2026-04-28T23:59:59+01:00"
    assert year.duty("friday", "respond")["due_at"] == "2026-10-08T23:59:59+01:00"
    assert (
        "You will have our answer within 28 working days of the day on which we received your complaint, that is, by "
        "28 April 2026."
    ) in year.said_to("jane")


def test_sek_named_the_manager_is_the_named_person_and_the_acknowledgement_names_them(year: Year) -> None:
    assert "Your complaint is with Mia Manager (our Manager), the named person for it." in year.said_to("jane")
    assert {duty["owner"]["name"] for duty in year.due("jane")} == {"Mia Manager"}


def test_sek_28b_a_progress_letter_is_owed_before_the_twenty_eight_days_are_over(year: Year) -> None:
    duty = year.duty("friday", "progress")

    assert (duty["clause"], duty["due_at"], duty["state"]) == ("SEK-28b", "2026-10-06T23:59:59+01:00", "missed")
    assert year.duty("jane", "progress")["due_at"] == "2026-04-24T23:59:59+01:00"
    assert "If we need longer, we will keep in touch with you and tell you how far we are" in year.said_to("jane")


def test_sek_meet_the_acknowledgement_offers_to_meet(year: Year) -> None:
    assert "We would like to meet you, or to talk, while we look into it, and again at the end" in year.said_to("jane")


def test_sek_report_the_acknowledgement_promises_a_written_report(year: Year) -> None:
    assert "It will come as a written report." in year.said_to("jane")


def test_sek_appeal_to_the_director_without_a_window_or_a_date(year: Year) -> None:
    said = year.said_to("jane")

    assert "If you are not satisfied with the outcome, you can appeal to our Director." in said
    appeal = said[said.index("you can appeal") :].partition("How to reach")[0]
    assert not any(char.isdigit() for char in appeal)
    assert "working days" not in appeal


def test_sek_access_the_acknowledgement_says_that_they_may_see_what_is_recorded(year: Year) -> None:
    assert "You can also ask to see what we have recorded about you." in year.said_to("jane")


def test_sek_equal_the_acknowledgement_offers_an_advocate_an_interpreter_and_other_forms(year: Year) -> None:
    said = year.said_to("jane")

    assert "We can arrange an interpreter, or an advocate who speaks for you." in said
    assert "If large print, another format or a phone call suits you better, tell us." in said


def test_sek_comp_1_praise_is_logged_as_a_compliment_and_thanked(year: Year) -> None:
    case = year.case("praise")

    assert (case["kind"], case["reference"]) == ("compliment", "SEK-2026-000002")
    assert case["summary"].startswith("Thank you so much, Ann was wonderful")
    assert year.letter("praise")["Subject"] == f"Thank you for your kind words [{case['reference']}]"
    assert "We have recorded what you said" in year.said_to("praise")


def test_sek_comp_1_praise_has_no_clock_and_is_not_in_the_complaints_log(year: Year) -> None:
    case = year.case("praise")

    assert (case["obligations"], case["acknowledge_by"], case["respond_by"]) == ([], None, None)
    assert case["reference"] not in [logged["reference"] for logged in year.log()]
    assert [logged["reference"] for logged in year.log("--kind", "compliment")] == [case["reference"]]


def test_sek_comp_1_a_thank_you_promises_no_answer_and_speaks_of_no_complaint(year: Year) -> None:
    said = year.said_to("praise").replace("Complaint-Reference", "")

    assert "complaint" not in said.lower().replace(year.inboxes[0], "")
    assert "Our answer" not in said


def test_sek_comp_2_the_thank_you_says_that_it_is_passed_on(year: Year) -> None:
    assert "we will pass it on to the people it is about" in year.said_to("praise")


def test_sek_sites_a_site_s_own_mailbox_answers_from_its_own_address(year: Year) -> None:
    head_office, thanet = year.inboxes

    assert year.case("thanet")["mailbox"] == thanet
    assert thanet in year.letter("thanet")["From"] and head_office not in year.letter("thanet").as_string()
    assert head_office in year.letter("jane")["From"] and thanet not in year.letter("jane").as_string()


def test_sek_conf_nothing_of_one_case_shows_in_another(year: Year) -> None:
    for name in ("praise", "thanet", "later", "friday"):
        other = year.letter(name).as_string() + str(year.case(name))

        for secret in ("4455", year.written["jane"].sender, "SEK-2026-000001"):
            assert secret not in other
