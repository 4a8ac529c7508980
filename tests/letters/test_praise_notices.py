"""Notices about praise: what the person it is about reads, and what whoever keeps the board looks at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from complaintmail.letters.notice import written
from complaintmail.letters.notices import CaseTold, Paper
from complaintmail.letters.praise import for_you, they_answered, to_hand_on, to_hang

CASE = CaseTold(
    reference="SEK-2026-000001",
    organisation="Example & Sons",
    zone=ZoneInfo("Europe/London"),
    received_at=datetime(2026, 11, 18, 12, tzinfo=UTC),
    channel="email",
    complainant_name="Jane Doe",
    complainant_email="jane@complainants.test",
    subject="Thank you",
    text="Hal was brilliant.\n#board hang\nThank you!",
    kind="compliment",
)


def read(paper: Paper) -> str:
    text, _ = written(paper.notice(b"k" * 32, "abcdefghijklmnop", CASE.reference), "info@example.test")
    return text


def test_whoever_is_praised_reads_the_words_and_who_wrote_them() -> None:
    said = " ".join(read(for_you(CASE, "", "Dana")).split())

    assert "Jane Doe wrote to us with kind words about you. Dana passed it on to you." in said
    assert "> Hal was brilliant." in said
    assert "jane@complainants.test" not in said


def test_of_a_restricted_case_nobody_is_named() -> None:
    assert "Jane Doe" not in read(for_you(replace(CASE, restricted=True), "Kind words.", ""))


@pytest.mark.parametrize(
    ("passed", "maybe", "words"),
    [
        (["Hal", "Rae"], [], "It was passed on to Hal and Rae. Nothing more has to be done."),
        ([], [("Hal", "hal@staff.test")], "It may be about Hal. Please pass it on to whom it is about."),
        ([], [], "It names nobody for certain. Please pass it on to whom it is about."),
    ],
)
def test_whoever_hands_it_on_knows_who_has_it(passed: list[str], maybe: list[tuple[str, str]], words: str) -> None:
    paper = to_hand_on(CASE, passed, [("Rae", "rae@staff.test")], maybe, board=False)

    assert words in " ".join(read(paper).split())
    assert "#board" not in [click.line for click in paper.clicks]


def test_the_keeper_reads_the_words_before_the_links_and_what_may_be_a_name() -> None:
    said = read(to_hang(CASE, "Your colleague was brilliant.", "", ["Hal"], ["Zoltan"], "Dana"))

    assert said.index("> Your colleague was brilliant.") < said.index("Yes, hang it:")
    assert said.index("“Zoltan”") < said.index("Yes, hang it:")
    assert "Nothing hangs yet." in " ".join(said.split())


def test_no_word_of_a_stranger_reads_as_a_command() -> None:
    for paper in (for_you(CASE, "", ""), they_answered(CASE), to_hang(CASE, "#board off", "#yes", [], [], "")):
        assert not [line for line in read(paper).splitlines() if line.startswith("#")]
