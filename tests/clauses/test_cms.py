"""CMS's policy, clause by clause: a mail comes in, and this is what the log, the duties and the letter say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.mailstack import MailStack
from tests.support.years import Year

pytestmark = pytest.mark.stack

LETTER = "Your course cost me 340 pounds. The tutor was absent three weeks in a row and I am very unhappy about it."
REPORT = (
    "--b\nContent-Type: text/plain\n\nIt could not be delivered.\n--b\nContent-Type: message/delivery-status\n\n"
    "Reporting-MTA: dns; mx.far.test\n\nFinal-Recipient: rfc822; nobody@far.test\nAction: failed\nStatus: 5.1.1\n\n"
    "--b--"
)


@pytest.fixture(scope="module")
def year(mailstack: MailStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    roles = {
        "Dana Director": ["operations-director", "safeguarding"],
        "Ina Investigator": ["investigator"],
        "Bo Board": ["board", "directors"],
        "Olu Owner": ["policy-owner"],
    }
    year = Year(tmp_path_factory.mktemp("cms"), mailstack, "cms", roles)
    with year.on("2024-12-31 23:59"):
        year.writes("last minute", "I was charged twice and nobody will help me. I am angry.")
    with year.on("2025-01-01 00:01"):
        year.writes("new year", "I was charged three times and nobody will help me. I am angry.")
    with year.on("2026-03-17 09:30"):
        year.writes("jane", LETTER, subject="About my course")
        year.writes("newsletter", "Our spring offers.", subject="News", headers=["List-Id: <news.shop.test>"])
        year.writes(
            "away", "I am away until Monday.", subject="Out of office", headers=["Auto-Submitted: auto-replied"]
        )
        year.writes(
            "bounce",
            REPORT,
            subject="Undelivered Mail Returned to Sender",
            headers=["Return-Path: <>"],
            kind="multipart/report; report-type=delivery-status; boundary=b",
        )
        year.writes("question", "Could you please tell me when the next course starts, and how much does it cost?")
        year.writes("grumble", "It was freezing in room 4 again and nobody came to look at the heating.")
        year.writes("unjust", "It is a disgrace that the trains were late and I missed your class. Awful.")
        year.writes("unsure", "Booking 1234. Kindly ring.")
        year.writes(
            "colleague", "The rota is unfair and I want to complain about it.", sender=year.staff["Ina Investigator"]
        )
    with year.on("2026-03-17 10:30"):
        year.writes("bob", "My certificate was lost by your office and nobody apologised. Reference zebra-7788.")
    with year.on("2026-03-18 09:00"):
        reference = year.case("jane")["reference"]
        year.writes("stranger", f"I write about {reference}, which is a scandal.", subject=f"Re: [{reference}]")
    with year.on("2026-03-31 23:30"):
        year.writes("late evening", "The exam was cancelled without notice. I am furious.")
    with year.on("2026-04-01 09:00", seen="2026-04-20 09:00"):
        year.writes("while we were down", "Nobody answers the telephone. This is unacceptable.")
    with year.on("2026-08-28 16:45"):
        year.writes("before the holiday", "The room was double booked and we were sent home. Very disappointing.")
    yield year
    year.holds()


def test_cms_1_1_info_gets_everything_and_only_what_a_person_is_unhappy_about_is_a_case(year: Year) -> None:
    kinds = {name: year.mail(name)["kind"] for name in ("jane", "newsletter", "away", "bounce", "question")}

    assert kinds == {
        "jane": "complaint",
        "newsletter": "bulk",
        "away": "auto-reply",
        "bounce": "bounce",
        "question": "enquiry",
    }
    assert [year.mail(name)["case"] for name in ("newsletter", "away", "bounce", "question")] == [None] * 4
    assert all(year.mail(name)["not_answered_because"] for name in ("newsletter", "away", "bounce", "question"))
    assert all(not year.letters(name) for name in ("newsletter", "away", "bounce", "question"))


@pytest.mark.parametrize("name", ["jane", "grumble", "unjust"])
def test_cms_def_an_expression_of_dissatisfaction_is_a_complaint_justified_or_not(year: Year, name: str) -> None:
    assert year.case(name)["kind"] == "complaint"
    assert year.letter(name)["Complaint-Reference"] == year.case(name)["reference"]


def test_cms_def_the_clock_of_an_unsure_mail_runs_from_receipt_and_a_person_decides(year: Year) -> None:
    assert (year.mail("unsure")["kind"], year.mail("unsure")["sure"]) == ("complaint", False)
    assert year.case("unsure")["reference"] in [case["reference"] for case in year.log()]
    assert year.case("unsure")["respond_by"] == "2026-03-31T23:59:59+01:00"
    assert year.case("unsure")["acknowledged_at"] == "2026-03-17T09:31:00+00:00"
    assert {duty["kind"] for duty in year.due("unsure")} == {"decide", "respond"}


def test_cms_1_2_the_operations_director_has_to_decide_by_the_next_working_day(year: Year) -> None:
    decide = year.duty("jane", "decide")

    assert (decide["clause"], decide["due_at"], decide["state"]) == ("CMS-1.2", "2026-03-18T23:59:59+00:00", "missed")
    assert year.case("jane")["owner"] == {
        "name": "Dana Director",
        "email": year.staff["Dana Director"],
        "role": "operations-director",
    }
    assert year.case("jane")["handler"] is None
    assert year.case("jane")["status"] == "new"


def test_cms_1_2_a_decision_due_after_a_weekend_and_a_bank_holiday_is_due_on_the_tuesday(year: Year) -> None:
    decide = year.duty("before the holiday", "decide")

    assert decide["due_at"] == "2026-09-01T23:59:59+01:00"
    assert decide["why"] == (
        "1 working day from Friday 28 August 2026 (the day of receipt, not counted): 1 September; "
        "left out: 29–30 August (weekend), 31 August (Summer bank holiday)."
    )


def test_cms_1_3a_the_acknowledgement_goes_at_once_with_the_ten_days_their_end_and_who_decides(year: Year) -> None:
    said = year.said_to("jane")

    assert year.case("jane")["acknowledged_at"] == "2026-03-17T09:31:00+00:00"
    assert "It will be investigated" in said
    assert "within 10 working days of the day on which we received your complaint, that is, by 31 March 2026" in said
    assert "Dana Director (our Operations Director), who decides who will investigate it" in said
    assert "Received on: 17 March 2026" in said


def test_cms_1_3a_the_ten_days_are_the_investigator_s_and_counted_from_receipt(year: Year) -> None:
    respond = year.duty("before the holiday", "respond")

    assert (respond["clause"], respond["due_at"]) == ("CMS-1.3a", "2026-09-14T23:59:59+01:00")
    assert "28 August 2026 (the day of receipt, not counted)" in respond["why"]
    assert year.case("before the holiday")["respond_by"] == respond["due_at"]
    [owed] = [duty for duty in year.due("before the holiday") if duty["kind"] == "respond"]
    assert owed["owner"]["name"] == "Ina Investigator"


def test_cms_1_3a_the_last_day_for_the_acknowledgement_is_our_setting_and_is_met(year: Year) -> None:
    duty = year.duty("before the holiday", "acknowledge")

    assert (duty["due_at"], duty["state"]) == ("2026-09-02T23:59:59+01:00", "met")
    assert duty["met_at"] == "2026-08-28T17:46:00+01:00"
    assert "250" in duty["evidence"]


def test_cms_1_3a_after_weeks_out_of_order_everything_is_answered_at_once_and_counted_as_late(year: Year) -> None:
    case = year.case("while we were down")

    assert case["received_at"] == "2026-04-01T10:00:00+01:00"
    assert case["acknowledge_by"] == "2026-04-07T23:59:59+01:00"  # Good Friday and Easter Monday left out
    assert case["acknowledged_at"] == "2026-04-20T10:00:00+01:00"
    assert year.duty("while we were down", "acknowledge")["state"] == "late"
    assert "by 17 April 2026" in year.said_to("while we were down")


def test_cms_1_3a_the_day_of_receipt_is_the_day_in_the_policy_s_own_timezone(year: Year) -> None:
    """Half past eleven at night in UTC on 31 March is the first of April where the office is."""
    case = year.case("late evening")

    assert case["received_at"] == "2026-04-01T00:30:00+01:00"
    assert case["acknowledge_by"] == "2026-04-07T23:59:59+01:00"
    assert case["respond_by"] == "2026-04-17T23:59:59+01:00"
    assert "Received on: 1 April 2026" in year.said_to("late evening")


def test_cms_1_3a_references_count_by_the_year_of_receipt_without_gaps(year: Year) -> None:
    references = [case["reference"] for case in year.log("--kind", "all")]

    assert references == ["CMS-2024-000001", "CMS-2025-000001", *(f"CMS-2026-{n:06d}" for n in range(1, 11))]
    assert year.case("last minute")["reference"] == "CMS-2024-000001"
    assert year.case("new year")["reference"] == "CMS-2025-000001"


def test_cms_1_3a_what_the_log_says_of_a_case_is_what_was_promised(year: Year) -> None:
    [case] = [case for case in year.log() if case["reference"] == year.case("jane")["reference"]]

    assert case == {
        "reference": "CMS-2026-000001",
        "policy": "cms",
        "kind": "complaint",
        "status": "new",
        "channel": "email",
        "mailbox": year.inboxes[0],
        "received_at": "2026-03-17T09:30:00+00:00",
        "complainant": {"name": "Jane", "email": year.written["jane"].sender},
        "subject": "About my course",
        "summary": LETTER,
        "area": None,
        "severity": "medium",
        "owner": {"name": "Dana Director", "email": year.staff["Dana Director"], "role": "operations-director"},
        "handler": None,
        "acknowledge_by": "2026-03-19T23:59:59+00:00",
        "acknowledged_at": "2026-03-17T09:31:00+00:00",
        "respond_by": "2026-03-31T23:59:59+01:00",
        "responded_at": None,
        "first_human_at": None,
        "outcome": None,
        "cause": None,
        "closed_at": None,
        "actions": [],
        "overdue": case["overdue"],
    }


def test_cms_1_3c_what_belongs_to_a_case_is_shown_in_one_place(year: Year) -> None:
    case = year.case("jane")

    assert [(m["direction"], m["kind"]) for m in case["messages"]] == [("in", "complaint"), ("out", "acknowledgement")]
    assert case["messages"][0]["text"].strip() == LETTER
    done = [(event["what"], event["detail"].get("kind")) for event in case["events"]]
    assert done[0] == ("case_opened", "complaint")
    assert {("told", "decide"), ("letter_sent", "acknowledgement")} <= set(done)


def test_cms_2_2a_the_acknowledgement_tells_of_the_appeal_and_its_ten_days(year: Year) -> None:
    assert "you can appeal by letter or by email within 10 working days of receiving it" in year.said_to("jane")


def test_cms_2_2b_the_acknowledgement_says_that_a_member_of_the_board_hears_it(year: Year) -> None:
    assert "A member of our board then considers it and answers within 10 working days" in year.said_to("jane")


def test_cms_3_1_the_acknowledgement_says_where_to_go_after_that(year: Year) -> None:
    assert "After that you can turn to the awarding organisation of your course." in year.said_to("jane")


def test_cms_scope_a_complaint_from_staff_is_acknowledged_neutrally_and_told_nothing_else(year: Year) -> None:
    mail, case = year.mail("colleague"), year.case("colleague")

    [said] = [message for message in case["messages"] if message["direction"] == "out"]
    assert (said["kind"], said["message_id"]) == ("received", mail["answered_with"])
    assert "It has arrived. A person will read it" in " ".join(said["text"].split())
    for words in ("complaint", "10 working days", "Dana Director", "rota"):
        assert words not in said["text"]


def test_cms_scope_a_complaint_from_staff_is_put_to_a_person(year: Year) -> None:
    [owed] = year.duties("colleague", "attend")

    assert "does it belong to the grievance procedure?" in owed["why"]
    assert owed["due_at"].startswith("2026-03-19T23:59:59")
    [owner] = {duty["owner"]["name"] for duty in year.due("colleague") if duty["kind"] in ("attend", "decide")}
    assert owner == "Dana Director"


def test_cms_scope_a_complaint_from_staff_is_in_no_part_their_own_to_deal_with(year: Year) -> None:
    reference, ina = year.case("colleague")["reference"], year.staff["Ina Investigator"]

    assert all(duty["owner"]["email"] != ina for duty in year.due("colleague"))
    notices = year.story.rows("SELECT text FROM letter WHERE audience = 'staff' AND recipient = ?", ina)
    assert any(year.case("jane")["reference"] in text for (text,) in notices)
    assert all(reference not in text for (text,) in notices)


def test_cms_conf_nothing_of_one_case_shows_in_another(year: Year) -> None:
    bob, jane = year.case("bob"), year.case("jane")
    to_bob, to_jane = (year.letter(name).as_string() for name in ("bob", "jane"))

    for words in (jane["reference"], year.written["jane"].sender, "340 pounds", "About my course"):
        assert words not in to_bob and words not in str(bob)
    for words in (bob["reference"], year.written["bob"].sender, "zebra-7788"):
        assert words not in to_jane and words not in str(jane)


def test_cms_conf_a_case_s_letters_go_to_its_complainant_and_to_nobody_else(year: Year) -> None:
    letters = year.story.outbox()

    assert len(letters) > 8
    whose = {case["reference"]: case["complainant"]["email"] for case in year.log("--kind", "all")}
    assert all(letter.recipient == whose[letter.case] for letter in letters)
    for name in ("jane", "bob"):
        assert year.letter(name)["To"] == year.written[name].sender
        assert (year.letter(name)["Cc"], year.letter(name)["Bcc"]) == (None, None)


def test_cms_conf_whoever_names_a_case_that_is_not_theirs_learns_nothing_of_it(year: Year) -> None:
    jane = year.case("jane")
    letter, said = year.letter("stranger"), year.said_to("stranger")

    assert year.mail("stranger")["case"] != jane["reference"]
    assert jane["reference"] not in letter.as_string()
    assert "complaint" not in said.replace("Complaint-Reference", "").lower().replace(year.inboxes[0], "")
    assert "About my course" not in letter.as_string()
    assert [m["direction"] for m in jane["messages"]] == ["in", "out"]
    [asked] = year.duties("stranger", "attend")
    assert jane["reference"] in asked["why"] and "told nothing" in asked["why"]


def test_cms_conf_what_the_complainant_wrote_is_not_in_the_acknowledgement(year: Year) -> None:
    for words in ("340 pounds", "About my course", "Jane"):
        assert words not in year.letter("jane").as_string()
