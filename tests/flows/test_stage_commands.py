"""What staff do on the way of a case by a line in a mail: ask, confirm, consult, refer, share, note what is to be done.

Each test is a row of the policies, told by what lies in people's mailboxes and stands in the log.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from complaintmail.store.page import case_page
from complaintmail.store.reading import local_times, open_casebook
from tests.support.bureau import a_bureau, a_letter
from tests.support.matters import (
    Offices,
    case_of,
    complains,
    duties,
    last_day,
    newest,
    orders,
    said,
    writes_back,
)


def test_cms_1_3a_a_letter_in_the_investigators_name_follows_the_decision_once(offices: Offices) -> None:
    office, jane = offices("cms"), "jane@decided.test"
    notice = complains(office, jane, "The tutor did not come, twice. I complain.")

    orders(office, notice, "#assign Hal")

    letter = newest(office, jane)
    assert letter.subject.startswith("Who deals with your complaint")
    assert "I have been asked to look into your complaint" in said(letter) and "Hal Handler" in said(letter)
    assert duties(office, jane)["confirm"] == "met"
    before = len(office.all_to(jane))
    orders(office, notice, "#assign Bea")
    assert len(office.all_to(jane)) == before


def test_the_letter_waits_and_says_the_last_name_that_was_given(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    office, jane = a_bureau(tmp_path, extra='[relay]\nhold = "10m"\nconfirm = "never"\n'), "jane@held.test"
    request.addfinalizer(office.office.close)
    notice = complains(office, jane, "The tutor did not come, twice. I complain.")

    orders(office, notice, "#assign Hal")
    orders(office, notice, "#assign Bea")
    assert duties(office, jane)["confirm"] == "open"
    office.clock.on(minutes=11)
    office.passes()

    assert [got.subject.partition(" [")[0] for got in office.all_to(jane)][1:] == ["Who deals with your complaint"]
    assert "Bea Board" in said(newest(office, jane)) and "Hal" not in said(newest(office, jane))


def test_ace_3_a_question_waits_for_its_answer_and_goes_on_when_it_has_come(offices: Offices) -> None:
    office, jane = offices("ace"), "jane@asked.test"
    notice = complains(office, jane, "The room was freezing all week. I complain.")

    back = orders(office, notice, "#ask\nOn which days was the room cold?")

    assert back.subject.startswith("Your letter was sent")
    question = newest(office, jane, "A question about your complaint")
    assert "On which days was the room cold?" in said(question)
    assert case_of(office, jane)["status"] == "waiting"
    office.clock.on(days=2)
    writes_back(office, jane, question, "On Monday and on Tuesday.")
    assert case_of(office, jane)["status"] == "open"
    assert office.told("mail_answers")[-1]["waited_days"] == 2
    assert "On Monday and on Tuesday." in said(newest(office, "dana", "Added to a case"))


def test_a_question_without_words_is_asked_back(offices: Offices) -> None:
    office, jane = offices("ace"), "jane@empty.test"
    notice = complains(office, jane, "The heating was off again. I complain.")

    back = orders(office, notice, "#ask")

    assert back.subject.startswith("Not done") and "no question in your mail" in said(back)
    assert len(office.all_to(jane)) == 1


def test_sek_28b_a_progress_letter_meets_the_duty_and_the_next_is_owed(offices: Offices) -> None:
    office, jane = offices("sek"), "jane@progress.test"
    notice = complains(office, jane, "My adviser missed three appointments. I complain.")
    first = last_day(office, jane, "progress")

    orders(office, notice, "#progress\nWe have spoken with your adviser and wait for their notes.")

    letter = newest(office, jane, "How far we are with your complaint")
    assert "wait for their notes" in said(letter) and "We write to you again by" in said(letter)
    asked = "SELECT o.state FROM obligation o JOIN cases c ON c.id = o.case_id WHERE c.complainant_email = ?"
    assert office.rows(f"{asked} AND o.kind = 'progress' ORDER BY o.id", jane) == [("met",), ("open",)]
    assert last_day(office, jane, "progress") != first
    assert duties(office, jane)["respond"] == "open"


def test_ace_date_the_date_of_the_answer_follows_in_a_letter_of_its_own(offices: Offices) -> None:
    office, jane = offices("ace"), "jane@dated.test"
    notice = complains(office, jane, "The lift was out of order. I complain.")

    orders(office, notice, "#due 4 December 2026 we have to hear two people")

    letter = newest(office, jane)
    assert letter.subject.startswith("You will have our answer by Friday 4 December 2026")
    assert "Why that day: we have to hear two people" in said(letter)
    assert duties(office, jane)["set-date"] == "met"
    assert last_day(office, jane, "respond") == "2026-12-04"


def test_a_later_date_is_told_with_its_reason_and_counted_as_extended(offices: Offices) -> None:
    """Row 66."""
    office, jane = offices("cms"), "jane@extended.test"
    notice = complains(office, jane, "The tutor did not come. I complain.")

    orders(office, notice, "#due 16 December 2026 the tutor is away until then")

    letter = newest(office, jane, "Your complaint needs more time")
    assert "by Wednesday 2 December 2026" in said(letter) and "16 December 2026" in said(letter)
    assert "The reason: the tutor is away until then" in said(letter)
    assert "The complainant is told so by letter" in said(newest(office, "dana", "Done"))
    [once] = case_of(office, jane)["course"]["extended"]
    assert (once["from"], once["to"], once["in_time"]) == ("2026-12-02", "2026-12-16", True)
    sooner = len(office.all_to(jane))
    orders(office, notice, "#due 14 December 2026 it went faster")
    assert len(office.all_to(jane)) == sooner and len(case_of(office, jane)["course"]["extended"]) == 1


def test_who_asked_not_to_be_written_to_gets_no_letter_about_a_date(offices: Offices) -> None:
    office, jane = offices("cms"), "jane@never.test"
    notice = complains(office, jane, "The tutor did not come. I complain.")
    before = len(office.all_to(jane))

    orders(office, notice, "#contact never\n#due 16 December 2026 the tutor is away\n#assign Hal")

    assert len(office.all_to(jane)) == before
    assert last_day(office, jane, "respond") == "2026-12-16"


CALL = "#record\nName: Ann Poole\n{email}Channel: phone\n\nShe says that the lift has been out of order for a week."


def test_sek_verbal_2_what_was_agreed_is_confirmed_and_its_address_asked_for(offices: Offices) -> None:
    """Row 98."""
    office, ann = offices("sek"), "ann@agreed.test"
    notice = complains(office, "x@agreed.test", "My adviser is always late. I complain.")
    orders(office, notice, CALL.format(email=""))
    case = newest(office, "dana", "Yours to deal with")

    asked = orders(office, case, "#confirm\nWe agreed that the lift is mended by Friday.")
    assert asked.subject.startswith("Not done") and "No address of the complainant's is known" in said(asked)
    to, subject, body = asked.links()["Give their address, and confirm it"]
    assert "mended by Friday" in body
    office.takes(a_letter("dana", subject, body.replace("name@example.org", ann), to=to).as_bytes())

    letter = newest(office, ann)
    assert letter.subject.startswith("What we agreed") and "the lift is mended by Friday" in said(letter)
    assert case_of(office, ann)["status"] == "open"


def test_sek_verbal_3_the_complaint_in_writing_joins_the_spoken_one_and_starts_its_dates(offices: Offices) -> None:
    """Row 99; it comes as a fresh mail, days later."""
    office, ann = offices("sek"), "ann@spoken.test"
    notice = complains(office, "y@spoken.test", "My adviser is always late. I complain.")
    orders(office, notice, CALL.format(email=f"Email: {ann}\n"))
    case = newest(office, "dana", "Yours to deal with")
    assert duties(office, ann) == {}

    orders(office, case, "#ask-in-writing")
    assert newest(office, ann).subject.startswith("Please write your complaint down")
    assert duties(office, ann) == {"in-writing": "open"} and case_of(office, ann)["status"] == "waiting"
    office.clock.on(days=3)
    office.complains("The lift in Herne Bay has been broken for a week, and nobody tells us when it is mended.", ann)

    now = case_of(office, ann)
    assert (now["status"], len(office.rows("SELECT id FROM cases WHERE complainant_email = ?", ann))) == ("open", 1)
    assert duties(office, ann) == {"in-writing": "met", "acknowledge": "met", "respond": "open", "progress": "open"}
    ack = newest(office, ann)
    assert ack.subject.startswith("We have received") and now["reference"] in ack.subject
    count = 28
    day = office.clock.now().date()
    assert last_day(office, ann, "respond") == str(working_days_after(day, count))


def working_days_after(day: date, count: int) -> date:
    holidays = {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in holidays
    return day


def test_ace_def_what_was_settled_on_the_spot_is_one_mail_and_starts_no_dates(offices: Offices) -> None:
    """Rows 98 and 100: nobody knows who rang; where it can be confirmed is asked of whoever took the call."""
    office = offices("ace")
    notice = complains(office, "z@settled.test", "The room was cold. I complain.")

    orders(office, notice, "#record A customer rang today, unhappy about the room, happy with a refund.\n#settled")

    [(reference, status, outcome, channel)] = office.rows(
        "SELECT reference, status, outcome, channel FROM cases WHERE summary LIKE '%happy with a refund%'"
    )
    assert (status, outcome, channel) == ("closed", "settled", "phone")
    owed = "SELECT o.id FROM obligation o JOIN cases c ON c.id = o.case_id WHERE c.reference = ?"
    assert office.rows(owed, reference) == []
    asked = newest(office, "dana", "Settled at once")
    assert reference in asked.subject and "Where can it be confirmed" in said(asked)
    to, subject, body = asked.links()["Give their address, and confirm it"]
    body = body.replace("ADDRESS", "caller@settled.test").replace("What was agreed, as they read it.", "We refund you.")
    office.takes(a_letter("dana", subject, body, to=to).as_bytes())
    assert "We refund you." in said(newest(office, "caller@settled.test"))


def test_ace_def_a_case_that_is_settled_is_closed_its_dates_void_and_confirmed_where_there_is_a_text(
    offices: Offices,
) -> None:
    office, jane, joe = offices("ace"), "jane@once.test", "joe@once.test"
    notice = complains(office, jane, "The room was cold. I complain.")
    other = complains(office, joe, "The room was dark. I complain.")
    before = len(office.all_to(joe))

    orders(office, notice, "#settled with a refund\nDear Jane,\n\nThank you. We refund what you paid for the day.")
    orders(office, other, "#settled")

    assert "refund what you paid" in said(newest(office, jane, "Your complaint is settled"))
    assert len(office.all_to(joe)) == before
    for email in (jane, joe):
        case = case_of(office, email)
        assert (case["status"], case["outcome"]) == ("closed", "settled")
        assert duties(office, email)["respond"] == duties(office, email)["contact"] == "void"
    assert case_of(office, jane)["course"]["settled"] == "with a refund"


def test_ceme_4_a_third_party_is_consulted_and_their_answer_joins_the_case(offices: Offices) -> None:
    office, jane, keeper = offices("ceme"), "jane@consult.test", "keeper@museum.test"
    notice = complains(office, jane, "The path to the studios floods. I complain.", subject="Flooded path by unit 4")

    orders(office, notice, f"#consult {keeper}\nWhen was the drain by the studios last cleaned?")

    question = newest(office, keeper)
    assert "When was the drain by the studios last cleaned?" in said(question)
    assert not any(told in question.words for told in ("Jane", jane, "Flooded path"))
    assert case_of(office, jane)["status"] == "waiting"
    writes_back(office, keeper, question, "In March, by our own people.")
    case = case_of(office, jane)
    assert case["status"] == "open"
    assert case["course"]["consultation"].startswith(f"{keeper} was asked on ")
    assert "answered on" in case["course"]["consultation"]
    orders(office, notice, f"#consult {jane}\nWould a new drain settle it for you?")
    writes_back(office, jane, newest(office, jane), "Yes, it would.")
    assert case_of(office, jane)["course"]["consultation"].count("answered on") == 2
    came = newest(office, "dana", f"Added to a case [{case['reference']}]")
    came = next(got for got in office.all_to("dana") if "In March" in got.words and got.subject == came.subject)
    assert "In March, by our own people." in said(came) and f"{keeper} answers what they were asked" in said(came)


def test_ceme_3_what_is_to_be_done_has_an_owner_and_a_date_and_outlives_the_case(offices: Offices) -> None:
    """Row 97."""
    office, jane = offices("ceme"), "jane@action.test"
    notice = complains(office, jane, "The path to the studios floods. I complain.")

    lacks = orders(office, notice, "#action clean the drain @Hal")
    assert lacks.subject.startswith("Not done") and "By when" in said(lacks)
    orders(office, notice, "#action clean the drain by 11 December 2026 @Hal\n#action check it by 18 December 2026")

    rows = office.rows(
        "SELECT a.n, a.text, a.\"by\", a.who FROM case_action a JOIN cases c ON c.id = a.case_id "
        "WHERE c.complainant_email = ? ORDER BY a.n", jane,
    )  # fmt: skip
    assert rows == [
        (1, "clean the drain", "2026-12-11", "hal@staff.test"), (2, "check it", "2026-12-18", "dana@staff.test"),
    ]  # fmt: skip
    orders(office, notice, "#close all was said on the telephone")
    assert case_of(office, jane)["status"] == "closed" and duties(office, jane)["action"] == "open"
    orders(office, notice, "#done 1 by our own people")
    owed = "SELECT o.round, o.state FROM obligation o JOIN cases c ON c.id = o.case_id WHERE c.complainant_email = ?"
    assert office.rows(f"{owed} AND o.kind = 'action' ORDER BY o.round", jane) == [(1, "met"), (2, "open")]
    with open_casebook(f"sqlite:///{office.folder}/cm.db") as reader:
        shown = case_page(
            reader, local_times(ZoneInfo("Europe/London")), case_of(office, jane)["reference"], office.clock.now()
        )
    assert shown is not None
    assert [(a["n"], a["text"], a["by"], a["who"], bool(a["done_at"])) for a in shown["actions"]] == [
        (1, "clean the drain", "2026-12-11", "hal@staff.test", True),
        (2, "check it", "2026-12-18", "dana@staff.test", False),
    ]


def test_cim_assess_three_actions_and_the_awarding_body_is_told(offices: Offices) -> None:
    office, jane = offices("cim"), "jane@assess.test"
    notice = complains(office, jane, "My paper was marked by the wrong key. I complain.")

    orders(office, notice, "#assessment by 11 December 2026 @Hal")

    rows = office.rows(
        "SELECT a.n, a.kind, a.\"by\", a.who FROM case_action a JOIN cases c ON c.id = a.case_id "
        "WHERE c.complainant_email = ? ORDER BY a.n", jane,
    )  # fmt: skip
    assert rows == [(n, "assessment", "2026-12-11", "hal@staff.test") for n in (1, 2, 3)]
    assert newest(office, "abe").subject.startswith("A failure in an assessment")


def test_what_waits_to_be_said_of_a_decision_or_a_date_goes_when_that_is_taken_back(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    office, jane = a_bureau(tmp_path, extra='[relay]\nhold = "10m"\nconfirm = "never"\n'), "jane@undone.test"
    request.addfinalizer(office.office.close)
    notice = complains(office, jane, "The tutor did not come, twice. I complain.")

    for order in ("#assign Hal", "#due 16 December 2026 the tutor is away"):
        orders(office, notice, order)
        orders(office, notice, "#undo")
    office.clock.on(minutes=30)
    office.passes()

    assert len(office.all_to(jane)) == 1
    assert (duties(office, jane)["confirm"], duties(office, jane)["decide"]) == ("void", "open")
    assert last_day(office, jane, "respond") == "2026-12-02"
