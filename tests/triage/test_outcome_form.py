"""The parts of an outcome as people write them: labels, prompts, and everything else as findings."""

from __future__ import annotations

import time

import pytest

from complaintmail.triage.outcome_form import read_outcome

PROMPT = "Should a procedure be changed?"


def test_what_stands_above_the_labels_is_what_was_found() -> None:
    form = read_outcome("We looked.\n\nYou were right.\n\nActions: give it back\nby Friday\nCause: two calendars\n")

    assert form.findings == "We looked.\n\nYou were right."
    assert form.given == {"actions": "give it back\nby Friday", "cause": "two calendars"}


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("Action: x", "actions"),
        ("- *Actions taken:* x", "actions"),
        ("> Lessons learned: x", "learning"),
        ("What we learnt: x", "learning"),
        ("Root cause: x", "cause"),
        ("Preventive actions: x", "prevention"),
        ("Law and guidance: x", "legislation"),
        ("Consulted: x", "consultation"),
        ("Met: x", "meeting"),
        ("Resolution： x", "resolution"),
    ],
)
def test_labels_are_known_in_the_words_that_people_use(line: str, key: str) -> None:
    assert read_outcome(f"Found.\n{line}").given == {key: "x"}


def test_a_prompt_of_the_policy_is_answered_behind_its_question_mark() -> None:
    form = read_outcome(f"Found.\n{PROMPT} No, it is right.\nShould resources be moved? Yes", (PROMPT,))

    assert form.given == {PROMPT: "No, it is right.\nShould resources be moved? Yes"}


@pytest.mark.parametrize("line", ["Cause:", "Cause: …", "Cause: tbc", "Cause: ___"])
def test_a_line_that_nobody_filled_in_is_not_there(line: str) -> None:
    assert read_outcome(f"Found.\n{line}").given == {}


@pytest.mark.parametrize(
    "line", ["Dear Jane:", "The lift stopped: nobody came.", "Re: your complaint", "http://a.test"]
)
def test_other_words_before_a_colon_stay_what_they_are(line: str) -> None:
    assert read_outcome(line).findings == line


def test_findings_may_have_their_label_too() -> None:
    assert read_outcome("Actions: x\nFindings: You were right.").findings == "You were right."


def test_a_megabyte_takes_linear_time() -> None:
    began = time.process_time()
    read_outcome("a " * 500_000)
    read_outcome("Cause: x\n" * 100_000, (PROMPT,))
    read_outcome("?" * 1_000_000, (PROMPT,))

    assert time.process_time() - began < 10
