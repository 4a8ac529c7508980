"""What complainants write on a case: it comes back, is withdrawn, is somebody else's, or is at an end.

Each test is a row of the policies or of the behaviours, told by what lies in people's mailboxes.
"""

from __future__ import annotations

from tests.support.bureau import answering, click, reply
from tests.support.doors import ADDRESS
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
from tests.support.office import a_mail

STUDY = "the study centre's own complaints procedure"


def test_cim_asc_the_study_centre_is_first_and_the_case_comes_back_with_its_history(offices: Offices) -> None:
    """Row 48."""
    office, jane = offices("cim"), "jane@centre.test"
    notice = complains(office, jane, "My study centre lost my assignment and does not answer. I complain.")
    assert f"It may belong to {STUDY}." in said(notice)
    assert len(office.all_to(jane)) == 1

    office.takes(click("dana", notice, f"It belongs to {STUDY}: refer it"))

    letter = newest(office, jane)
    assert letter.subject.startswith("Where your complaint belongs") and STUDY in said(letter)
    assert "use that centre's own complaints procedure first" in said(letter)
    assert case_of(office, jane)["status"] == "referred" and duties(office, jane)["respond"] == "void"
    office.clock.on(days=14)
    writes_back(office, jane, letter, "They have not answered me either. It is still open.")
    asked = newest(office, "dana", "Please look at this")
    assert f"was referred to {STUDY}, and they have written again" in said(asked)
    office.takes(click("dana", asked, "Take it up again"))
    assert case_of(office, jane)["status"] == "open"
    assert duties(office, jane)["respond"] == "open"
    assert last_day(office, jane, "respond") == case_of(office, jane)["respond_by"][:10]


def test_cim_other_what_is_the_business_centres_is_passed_on_and_its_sender_told(offices: Offices) -> None:
    office, jane, centre = offices("cim"), "jane@moor.test", "feedbackmh@cim.co.uk"
    notice = complains(office, jane, "The lunch at Moor Hall was cold and the waiter was rude. I complain.")
    assert office.all_to(centre) == []

    office.takes(click("dana", notice, "It belongs to the CIM Business Centre: refer it"))

    [passed] = office.all_to(centre)
    assert "The lunch at Moor Hall was cold" in said(passed) and jane in said(passed)
    assert "We have passed your mail on to it" in said(newest(office, jane))
    assert case_of(office, jane)["status"] == "referred"


def test_cms_scope_a_colleague_is_told_where_it_belongs_only_on_a_persons_word(offices: Offices) -> None:
    """Row 47."""
    office, hal = offices("cms"), "hal@staff.test"
    words = "I want to complain about my manager, who shouts at me every day. This is unacceptable and I am very upset."
    office.takes(a_mail(ADDRESS, sender=hal, subject="A complaint about my manager", body=words))
    [neutral] = office.all_to(hal)[-1:]
    assert "Grievance" not in neutral.words
    notice = newest(office, "dana", "to decide")

    office.takes(click("dana", notice, "It belongs to the Discipline and Grievance policy: refer it"))

    assert "Discipline and Grievance policy" in said(newest(office, hal, "Where your complaint belongs"))
    assert case_of(office, hal)["status"] == "referred"


def test_cim_third_nobody_is_told_anything_before_the_complainant_has_said_yes(offices: Offices) -> None:
    """Row 52."""
    office, jane, mum = offices("cim"), "jane@child.test", "mum@family.test"
    complains(office, jane, "My tutor laughed at my stammer in front of everybody. I complain.")
    case = case_of(office, jane)

    words = f"I write on behalf of my daughter about {case['reference']}. What have you done so far?"
    office.takes(a_mail(ADDRESS, sender=mum, subject="My daughter", body=words))

    [told] = office.all_to(mum)
    assert told.subject == "We have received your email"
    assert case["reference"] not in told.raw.decode() and "stammer" not in told.words
    question = newest(office, jane)
    assert question.subject.startswith("May somebody write to us for you?") and mum in said(question)
    assert len(office.rows("SELECT id FROM cases WHERE complainant_email = ?", mum)) == 0
    writes_back(office, jane, question, "Yes, she may.")
    asked = newest(office, "dana", "Please look at this")
    standing = "SELECT standing FROM case_address WHERE case_id = ? AND address = ?"
    assert office.rows(standing, case["id"], mum) == [("unverified",)]
    office.takes(click("dana", asked, f"Yes, {mum} may speak for them"))
    assert office.rows(standing, case["id"], mum) == [("third party",)]


def test_a_complaint_on_behalf_of_somebody_is_acknowledged_and_their_permission_asked_for(offices: Offices) -> None:
    """Row 52, before there is a case."""
    office, mum = offices("cim"), "mum@fresh.test"

    office.complains("I write on behalf of my daughter. Her tutor laughed at her. I complain.", mum)

    ack, question = office.all_to(mum)
    assert ack.subject.startswith("We have received your complaint")
    assert "on behalf of somebody else" in said(question) and "permission" in said(question)
    assert "nothing personal goes to the writer" in said(newest(office, "dana", "to decide"))


def test_cim_end_further_mail_is_kept_answered_once_and_shown_to_the_owner(offices: Offices) -> None:
    """Row 96."""
    office, jane = offices("cim"), "jane@end.test"
    notice = complains(office, jane, "My certificate has the wrong name on it. I complain.")
    orders(office, notice, "#assign me")
    office.takes(reply("dana", newest(office, "dana", "Yours to deal with"), "Dear Jane,\n\nA new one is in the post."))
    orders(office, notice, "#close it was answered")
    answer = newest(office, jane)

    for nth in range(3):
        writes_back(office, jane, answer, f"I still want to know who made that mistake, for the {nth}th time.")

    finished = [got for got in office.all_to(jane) if "is closed" in got.subject]
    assert len(finished) == 1 and "We have given our final answer" in said(finished[0])
    shown = [got for got in office.all_to("dana") if "is this the same matter, or a new complaint?" in said(got)]
    assert len(shown) == 3
    assert case_of(office, jane)["status"] == "closed"


def test_a_withdrawal_is_proposed_confirmed_in_writing_and_only_then_do_the_dates_stop(offices: Offices) -> None:
    """Row 43."""
    office, jane = offices("cim"), "jane@back.test"
    complains(office, jane, "My certificate is late. I complain.")
    ack = newest(office, jane)

    writes_back(office, jane, ack, "It came this morning. I withdraw my complaint.")

    assert case_of(office, jane)["status"] == "new" and duties(office, jane)["respond"] == "open"
    asked = newest(office, "dana", "Please look at this")
    office.takes(click("dana", asked, "Yes, confirm it to them and close it"))
    assert newest(office, jane).subject.startswith("You have withdrawn your complaint")
    case = case_of(office, jane)
    assert (case["status"], case["outcome"]) == ("closed", "withdrawn")
    assert "open" not in duties(office, jane).values()


def test_sek_candour_a_summary_that_shows_nobody_is_shared_with_whom_it_is_for(offices: Offices) -> None:
    office, jane = offices("sek"), "jane.doe@share.test"
    notice = complains(office, jane, "My adviser never came. I complain.")
    bodies = ("office@regulator.test", "board@funder.test")

    shows = orders(office, notice, f"#share {bodies[0]}\nJane's adviser did not come. Write to {jane}.")
    assert shows.subject.startswith("Not done") and "would show who complained" in said(shows)
    assert office.all_to(bodies[0]) == []
    unknown = orders(office, notice, "#share regulators\nVisits are now confirmed the day before.")
    assert 'No address is known for "regulators"' in said(unknown)
    orders(office, notice, f"#share regulators {bodies[0]}, {bodies[1]}\nVisits are now confirmed the day before.")

    reference = case_of(office, jane)["reference"]
    for body in bodies:
        [letter] = office.all_to(body)
        assert "Visits are now confirmed the day before." in said(letter)
        assert reference not in letter.raw.decode() and "Jane" not in letter.raw.decode()
    assert {each["with"] for each in case_of(office, jane)["course"]["shared"]} == {", ".join(bodies)}


def test_ceme_9_whether_it_settled_the_matter_is_asked_and_the_answer_recorded(offices: Offices) -> None:
    office, jane = offices("ceme"), "jane@happy.test"
    notice = complains(office, jane, "The car park was locked at night. I complain.")
    orders(office, notice, "#outcome upheld\nThe guard had gone home. Since Monday there are two of them.")
    orders(office, newest(office, "dana", "Look at"), "#send anyway nobody else had to be asked")
    office.clock.on(days=8)
    office.passes()

    writes_back(office, jane, newest(office, jane, "Did our answer settle it?"), "No, it is locked again.")

    assert case_of(office, jane)["course"]["satisfied"]["answer"] == "no"
    asked = newest(office, "dana", "Please look at this")
    assert "that our answer did not settle it" in said(asked)
    office.takes(click("dana", asked, "Take it up"))
    assert case_of(office, jane)["status"] == "open"


def test_a_command_below_the_signature_is_no_command(offices: Offices) -> None:
    """Row 83."""
    office, jane = offices("cim"), "jane@below.test"
    notice = complains(office, jane, "My certificate is late. I complain.")

    back = orders(office, notice, "#severity high\n\n-- \nDana\n#close")

    assert back.subject.startswith("Done")
    assert case_of(office, jane)["status"] != "closed"


def test_cim_third_staff_ask_the_complainant_with_one_click_about_whoever_just_writes(offices: Offices) -> None:
    office, jane, husband = offices("cim"), "jane@asked.test", "husband@asked.test"
    complains(office, jane, "My exam was cancelled. I complain.")
    answers = answering(newest(office, jane))
    headers = [f"{name}: {value}" for name, value in answers]
    office.takes(a_mail(ADDRESS, sender=husband, subject="Well?", body="What did she say?", headers=headers))

    office.takes(click("dana", newest(office, "dana", "Please look at this"), "Ask the complainant"))

    assert office.all_to(husband) == []
    assert f"{husband} has written to us about your complaint. May they speak for you" in said(newest(office, jane))
