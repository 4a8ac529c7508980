"""Notices to staff about a case: what their subject asks, and what they offer to click."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from complaintmail.cases.suggesting import Suggestion
from complaintmail.letters.notices import CaseTold, about_whom, relays, to_decide
from complaintmail.letters.told import Paper

CASE = CaseTold(
    "CMS-2026-000001", "Example Training", ZoneInfo("Europe/London"), datetime(2026, 3, 9, 9, tzinfo=UTC), "email",
    "Jane Doe", "jane@x.test", "It is cold", "So cold.",
)  # fmt: skip
STAFF = [(f"Person {n}", f"p{n}@staff.test") for n in range(1, 5)]
SEEN = (
    Suggestion("severity", "It may be more serious than most.", "Its severity is high", "#severity high"),
    Suggestion("third-party", "It may be for another.", "They have given permission", "#consent a@x.test", "How."),
    Suggestion("need", "They may need large print.", "They need large print", "#need large print"),
    Suggestion("area", "It may be about Study.", "It is about Study", "#area study"),
    Suggestion("area", "It may be about Fees.", "It is about Fees", "#area fees"),
    Suggestion("about", "It names Hal.", "It is about Hal", "#about hal@staff.test"),
    Suggestion("points", "It makes 2 points: (1) a; (2) b", "Keep these points", "#note", "Point 1: a\nPoint 2: b"),
    Suggestion("appeal", "It may be an appeal.", "It belongs to an earlier case", "#link REF"),
    Suggestion("praise", "It has kind words.", "Pass their kind words on", "#praise NAME", "You were kind."),
    Suggestion("severity", "How serious it is may depend on this: money."),
)
MANY = (*SEEN, *(Suggestion("need", f"They may need {n}.", f"They need {n}", f"#need {n}") for n in "abcdef"))


def labels(paper: Paper) -> list[str]:
    return [click.label for click in paper.clicks]


def words(paper: Paper) -> str:
    return "\n".join(line for section in paper.sections for line in (*section.paragraphs, *section.items))


@pytest.mark.parametrize(
    ("kind", "sure", "status", "begins"),
    [
        ("complaint", True, "new", "New complaint ["),
        ("complaint", False, "new", "Is this a complaint? ["),
        ("unreadable", False, "new", "Is this a complaint? ["),
        ("complaint", False, "closed", "New complaint ["),
        ("compliment", True, "new", "Praise ["),
        ("compliment", False, "new", "Praise ["),
        ("enquiry", True, "closed", "An enquiry ["),
    ],
)
def test_the_subject_asks_where_there_is_something_to_ask(kind: str, sure: bool, status: str, begins: str) -> None:
    case = replace(CASE, kind=kind, sure=sure, status=status)

    paper = to_decide(case, [], [], "Tuesday 10 March 2026")

    assert paper.subject.startswith(f"{begins}CMS-2026-000001]: please decide by Tuesday 10 March 2026")


@pytest.mark.parametrize("sure", [True, False])
def test_each_suggestion_has_its_link_the_weightiest_first(sure: bool) -> None:
    case = replace(CASE, sure=sure, suggested=SEEN)
    for paper in (to_decide(case, STAFF, [], ""), relays(case, new_words=False)):
        first = [label for label in labels(paper) if label in {one.label for one in SEEN}]

        assert first[:3] == ["It is about Hal", "Its severity is high", "They have given permission"]
        assert len(first) == sum(bool(one.command) for one in SEEN)
        assert "begin a reply with" not in words(paper)


@pytest.mark.parametrize("sure", [True, False])
def test_of_very_many_suggestions_the_rest_say_what_to_write(sure: bool) -> None:
    case = replace(CASE, sure=sure, suggested=MANY)
    for paper in (to_decide(case, STAFF, [], ""), relays(case, new_words=False)):
        linked = [one.label for one in MANY if one.label in labels(paper)]

        assert len(linked) == 9
        for one in MANY:
            if one.command:
                assert (f"To say so, begin a reply with: {one.command}" in words(paper)) is (one.label not in linked)
        assert "Its severity is high" not in words(paper)


@pytest.mark.parametrize("sure", [True, False])
def test_who_decides_can_always_take_it_or_give_it_away_by_a_link(sure: bool) -> None:
    found = labels(to_decide(replace(CASE, sure=sure, suggested=SEEN), STAFF, [], ""))

    assert {"Deal with it yourself", "Give it to Person 1", "Give it to somebody else"} <= set(found)
    assert ("It is a complaint" in found) is not sure


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (to_decide(replace(CASE, suggested=MANY), STAFF, [], ""), "use its link below; leave what is wrong. Only the"),
        (to_decide(replace(CASE, suggested=SEEN[:1]), STAFF, [], ""), "use its link below; leave what is wrong."),
        (about_whom(replace(CASE, suggested=SEEN), [("Bea", "bea@x.test")]), "reply as it says; leave what is wrong."),
        (to_decide(replace(CASE, suggested=SEEN[-1:]), STAFF, [], ""), "None of this has been done."),
    ],
    ids=["many", "one", "where none has a link", "where nothing can be done"],
)
def test_what_is_said_of_links_is_so(asked: Paper, says: str) -> None:
    [told] = [line for line in words(asked).split("\n") if line.startswith("None of this has been done.")]

    assert says in told and ("Only the weightiest" in told) is says.endswith("Only the")


def test_points_without_a_link_say_that_they_go_below_the_line() -> None:
    said = words(about_whom(replace(CASE, suggested=SEEN), [("Bea", "bea@x.test")]))

    assert "To say so, begin a reply with: #note and write the points below it" in said


def test_a_few_suggestions_crowd_nothing_out() -> None:
    bare, more = (labels(to_decide(replace(CASE, suggested=seen), STAFF[:1], [], "")) for seen in ((), SEEN[3:4]))

    assert set(bare) <= set(more) and len(more) == len(bare) + 1
    assert "begin a reply with" not in words(to_decide(replace(CASE, suggested=SEEN[3:4]), STAFF[:1], [], ""))
