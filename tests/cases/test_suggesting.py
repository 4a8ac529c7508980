"""What else may be in a mail, besides its kind: found with its words, and never found where it is denied."""

from __future__ import annotations

import time

import pytest

from complaintmail.cases.suggesting import Read, Suggestion, still_fits, suggestions
from complaintmail.policy.load import find
from complaintmail.triage.areas import areas_of
from complaintmail.triage.concerns import concerns
from complaintmail.triage.needs import needs
from complaintmail.triage.points import points
from complaintmail.triage.severity import severity
from complaintmail.triage.wishes import appeals, kind_words, withdraws, writes_for
from tests.support.arrivals import STAFF

CIM = find("cim")
LIST = (
    "I complain about three things.\n1. The room was cold.\n2) The tutor came late\n   on both days\n"
    "- Nobody called us."
)


@pytest.mark.parametrize(
    ("words", "level", "says"),
    [
        ("My daughter broke her arm on the stairs.", "high", "harm to somebody"),
        ("I am pregnant and was made to stand for two hours.", "high", "may be vulnerable"),
        ("She is 14 years old and was sent home alone.", "high", "may be vulnerable"),
        ("I shall go to the ombudsman.", "high", "a regulator, an ombudsman"),
        ("I shall go to the newspapers.", "high", "the press"),
        ("My solicitor will write to you.", "high", "lawyers or a court"),
        ("My exam is on Monday and I still have no entry.", "high", "deadline of theirs may be at stake"),
        ("I want a refund of £340. I wrote to you twice already.", "high", "Money is at stake"),
        ("I want a refund.", "medium", "Money is at stake"),
        ("I have written three times.", "medium", "asked before"),
        ("The room was cold.", "medium", ""),
    ],
)
def test_ceme_7_what_speaks_for_more_than_the_usual_is_named_and_rules_only_raise(
    words: str, level: str, says: str
) -> None:
    found = severity(words, concerns(words))

    assert found.level == level
    assert says in "; ".join(sign.in_words for sign in found.signs)
    assert bool(found.signs) == bool(says)


@pytest.mark.parametrize(
    ("words", "need"),
    [
        ("Please write to me in large print.", "large print"),
        ("I am deaf, so do not ring.", "deaf or hard of hearing"),
        ("I need an interpreter for the meeting.", "an interpreter"),
        ("English is not my first language.", "an interpreter"),
        ("I use British Sign Language.", "sign language"),
        ("I struggle to read long letters.", "a call instead"),
        ("Please call me instead, I cannot write well.", "a call instead"),
        ("I have no internet at home, please answer by post.", "by post"),
        ("I am dyslexic.", "dyslexia"),
        ("I have autism and need plain words.", "a disability or a condition"),
        ("My advocate will speak for me.", "an advocate"),
        ("I ask for a reasonable adjustment.", "adjustment"),
        ("I use a wheelchair.", "without steps"),
    ],
)
def test_an_access_need_is_seen(words: str, need: str) -> None:
    assert any(need in found.need for found in needs(words))


@pytest.mark.parametrize(
    "words",
    [
        "I do not need an interpreter.",
        "The British Sign Language course was cancelled.",
        "The braille class was full.",
        "He is blind to what we said.",
        "I read your letter and will write again.",
    ],
)
def test_what_is_denied_or_names_a_course_is_no_need(words: str) -> None:
    assert needs(words) == ()


def test_several_points_are_listed_as_points() -> None:
    assert points(LIST) == ("The room was cold.", "The tutor came late on both days", "Nobody called us.")
    assert points("First, the room was cold. Secondly, nobody came to see it. Finally, I was charged twice.") == (
        "the room was cold.", "nobody came to see it.", "I was charged twice.",
    )  # fmt: skip
    assert points("Point 1: the room was cold\nPoint 2: nobody ever came") == (
        "the room was cold", "nobody ever came",
    )  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        "The room was cold and nobody came.",
        "The first time that I came the room was cold. The second time too.",
        "1. Main Street\n2. Town",
        "- Jane\n- 07700 900123",
        "At first I was happy. Finally I left.",
    ],
)
def test_what_makes_one_point_makes_no_list(words: str) -> None:
    assert points(words) == ()


def test_cim_route_areas_are_suggested_by_the_policys_words_two_at_the_most_the_likelier_first() -> None:
    words = "The marking of my exam and its grade are wrong, and the meeting room at Moor Hall was cold. The ASC knows."

    found = areas_of(CIM, "My exam", words)

    assert [one.area.name for one in found] == ["assessment", "business-centre"]
    assert found[0].words == ("exam", "marking", "grade")
    assert areas_of(CIM, "", "I asc for nothing.") == ()


@pytest.mark.parametrize(
    ("words", "assessed"),
    [
        ("I wish to appeal against your decision.", False),
        ("I am not satisfied with your response.", False),
        ("I want to appeal: my exam was marked wrongly.", True),
        ("Please treat this as my formal appeal against the grade.", True),
    ],
)
def test_a_wish_to_appeal_is_seen_and_one_about_a_grade_is_told_apart(words: str, assessed: bool) -> None:
    found = appeals(words)

    assert found is not None and found[1] is assessed


def test_what_only_sounds_so_is_no_wish() -> None:
    assert appeals("The course had little appeal to me.") is None
    assert appeals("Courses that appeal to students are rare.") is None
    assert withdraws("Should I withdraw my complaint?") is None
    assert withdraws("I withdraw my complaint.") == "I withdraw my complaint"
    assert writes_for("I write on behalf of our company.") is None
    assert (writes_for("I write on behalf of my daughter.") or "").startswith("on behalf of my daughter")


def test_behaviour_45_kind_words_are_found_beside_the_complaint() -> None:
    text = "The heating was broken and it was unacceptable. Ray was brilliant, kind and helpful. I want my money back!"

    assert kind_words(text) == "Ray was brilliant, kind and helpful."
    assert kind_words("The heating was broken and it was unacceptable.") == ""


def test_each_suggestion_has_its_reason_and_most_have_one_click() -> None:
    text = (
        f"{LIST}\n\nI write on behalf of my daughter. Ina Investigator laughed at her. I am dyslexic. "
        "I want to appeal. "
        "The exam was a scandal, my solicitor will write. Ray was wonderful, kind and helpful."
    )

    found = suggestions(Read("Exam", text, CIM, STAFF.persons, "jane@x.test", concerns(text), "en"))

    assert {one.what: one.command for one in found} == {
        "severity": "#severity high",
        "third-party": "#consent jane@x.test",
        "need": "#need clear, short letters; they have dyslexia",
        "area": "#area assessment",
        "about": "#about ina@staff.test",
        "points": "#note",
        "appeal": "#link REF",
        "praise": "#praise NAME",
    }
    assert all("“" in one.says or one.what == "points" for one in found), "the words that weighed are named"
    [points_found] = [one for one in found if one.what == "points"]
    assert "(1) The room was cold.; (2)" in points_found.says and "Point 3: Nobody called us." in points_found.more


def test_behaviour_53_what_somebody_has_settled_is_suggested_no_more() -> None:
    row = {"severity": "medium", "area": None, "needs": None, "course": None, "kind": "complaint"}
    high = Suggestion("severity", "", "", "#severity high")
    area = Suggestion("area", "", "", "#area assessment")
    need = Suggestion("need", "", "", "#need large print")
    language = Suggestion("language", "", "", "#language english")

    assert all(still_fits(one, row) for one in (high, area, need, language))
    assert not still_fits(high, row | {"severity": "high"})
    assert not still_fits(area, row | {"area": "assessment"})
    assert not still_fits(need, row | {"needs": ["large print"]})
    assert not still_fits(language, row | {"course": {"language_said": True}})
    assert not still_fits(Suggestion("points", ""), row | {"kind": "enquiry"})


@pytest.mark.parametrize("piece", ["a", "1. ", "first, ", ". ", "i ", "£1 ", "not ", "asked ", "on behalf of ", "“"])
def test_a_megabyte_of_anything_is_read_in_no_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.process_time()

    suggestions(Read("", text, CIM, STAFF.persons))

    assert time.process_time() - began < 2
