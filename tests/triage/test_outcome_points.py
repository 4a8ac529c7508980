"""The points of a complaint, each with its finding, as people write them."""

from __future__ import annotations

import time

import pytest

from complaintmail.triage.outcome_form import read_outcome
from complaintmail.triage.outcome_points import (
    Point,
    as_json,
    from_json,
    lacking,
    overall,
    read_points,
    together,
    told,
)


@pytest.mark.parametrize(
    ("line", "point"),
    [
        ("Point 1: The room was cold: upheld", Point(1, "The room was cold", "upheld")),
        ("- *Point 2 - Nobody rang back - not upheld*", Point(2, "Nobody rang back", "not upheld")),
        ("3. The fee (partly upheld)", Point(3, "The fee", "partly upheld")),
        ("1) The fee: Upheld in part. Half was due.", Point(1, "The fee", "partly upheld", "Half was due.")),
        ("- The room was cold – rejected", Point(1, "The room was cold", "not upheld")),
        ("Point 4 (The room was cold): not-upheld, the log shows 19°C", Point(4, "The room was cold", "not upheld",
                                                                           "the log shows 19°C")),
        ("1. The court upheld her claim", Point(1, "The court upheld her claim")),
        ("2. The room: nobody knows", Point(2, "The room: nobody knows")),
        ("Point 7: partly", Point(7, "", "partly upheld")),
    ],
)  # fmt: skip
def test_a_point_is_known_with_its_finding(line: str, point: Point) -> None:
    assert read_points(line) == (point,)


def test_what_stands_below_a_point_is_why() -> None:
    points = read_points("1. The room: upheld\nThe heating failed.\n\nIt was mended.\n2. The tutor:\nHe was ill.")

    assert points == (
        Point(1, "The room", "upheld", "The heating failed.\n\nIt was mended."),
        Point(2, "The tutor", "", "He was ill."),
    )


def test_points_stand_below_their_label_or_by_their_name_and_the_rest_is_what_it_was() -> None:
    form = read_outcome("We looked.\nPoints:\n- The room: upheld\n- The tutor: not upheld\nCause: two calendars")
    named = read_outcome("We looked.\n\nPoint 1: the room: upheld\nIt was cold.\nCause: two calendars")

    assert (form.findings, form.given) == ("We looked.", {"cause": "two calendars"})
    assert [(each.n, each.finding) for each in form.points] == [(1, "upheld"), (2, "not upheld")]
    assert (named.findings, named.given) == ("We looked.", {"cause": "two calendars"})
    assert named.points == (Point(1, "the room", "upheld", "It was cold."),)


@pytest.mark.parametrize("words", ["Point 1 of your letter is about the room.", "The point: it was cold.", "1. A list"])
def test_other_lines_are_no_points(words: str) -> None:
    assert read_outcome(words).points == () and read_outcome(words).findings == words


def test_a_point_without_a_finding_is_asked_for_and_its_line_can_be_filled_in() -> None:
    points = read_points("1. The room (ground floor): upheld\n2. The tutor")

    assert lacking(points) == ("Point 2 (The tutor): ",)
    assert together(points, read_outcome("Point 2 (The tutor): not upheld").points)[1] == Point(
        2, "The tutor", "not upheld"
    )


@pytest.mark.parametrize(
    ("findings", "whole"),
    [
        (["upheld", "upheld"], "upheld"),
        (["upheld", "not upheld"], "partly upheld"),
        (["not upheld"], "not upheld"),
        (["upheld", ""], ""),
        ([], ""),
    ],
)
def test_what_the_findings_come_to(findings: list[str], whole: str) -> None:
    assert overall([Point(n, "x", finding) for n, finding in enumerate(findings, 1)]) == whole


def test_points_stay_what_they_are_on_their_way_through_a_draft() -> None:
    points = read_points("1. The room: upheld. It was cold.\n2. The tutor: not upheld")

    assert from_json(as_json(points)) == points
    assert told(points) == (
        "Point 1: The room\nOur finding: upheld.\nIt was cold.\n\nPoint 2: The tutor\nOur finding: not upheld."
    )


@pytest.mark.parametrize("hostile", ["Point 1: " + ":" * 1_000_000, "Points:\n" + "- x: \n" * 170_000, "(" * 1_000_000])
def test_a_megabyte_takes_linear_time(hostile: str) -> None:
    began = time.process_time()
    read_outcome(hostile)

    assert time.process_time() - began < 3
