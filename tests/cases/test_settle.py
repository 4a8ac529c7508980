"""What becomes of a letter: every outcome of an attempt, at the first and at every later one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaintmail.cases.post import AUTOMATIC, LetterKind, Outcome, Result
from complaintmail.cases.settle import after_attempt, in_doubt

MADE = datetime(2026, 3, 17, 9, 0, tzinfo=UTC)
WAIT = timedelta(minutes=15)
ATTEMPTS = st.integers(min_value=1, max_value=10_000)
AGES = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30))


def outcome(result: Result, reply: str = "the server's words", phase: str = "reply") -> Outcome:
    return Outcome("abcdefghijklmnop", result, phase, 250, reply)


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 5), (2, 10), (3, 20), (4, 30), (5, 30), (500, 30)])
def test_a_letter_that_was_told_later_is_tried_again_ever_more_slowly(attempts: int, minutes: int) -> None:
    verdict = after_attempt(outcome(Result.LATER), attempts, MADE, MADE)

    assert (verdict.state, verdict.next_try_at) == ("queued", MADE + timedelta(minutes=minutes))
    assert verdict.reason == "to be tried again: the server's words"
    assert not verdict.attend


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 15), (2, 30), (3, 60), (4, 120), (5, 300), (6, 600), (7, 900), (8, 900), (500, 900)]
)
def test_a_server_that_cannot_be_reached_is_asked_again_sooner_and_at_most_every_quarter_of_an_hour(
    attempts: int, seconds: int
) -> None:
    verdict = after_attempt(outcome(Result.UNTRIED), attempts, MADE, MADE)

    assert (verdict.state, verdict.next_try_at) == ("queued", MADE + timedelta(seconds=seconds))


@pytest.mark.parametrize("result", [Result.LATER, Result.UNTRIED])
def test_after_five_days_a_letter_is_given_up_and_a_person_told(result: Result) -> None:
    last = after_attempt(outcome(result), 300, MADE, MADE + timedelta(days=5))
    over = after_attempt(outcome(result), 301, MADE, MADE + timedelta(days=5, seconds=1))

    assert last.state == "queued"
    assert (over.state, over.next_try_at, over.attend) == ("refused", None, True)
    assert over.reason == "given up after 5 days: the server's words"


@given(attempts=ATTEMPTS, age=AGES)
def test_sent_is_sent_whenever_it_was_made(attempts: int, age: timedelta) -> None:
    verdict = after_attempt(outcome(Result.SENT), attempts, MADE, MADE + age)

    assert (verdict.state, verdict.next_try_at, verdict.attend) == ("sent", None, False)


@given(attempts=ATTEMPTS, age=AGES)
def test_refused_is_a_person_s_at_once(attempts: int, age: timedelta) -> None:
    verdict = after_attempt(outcome(Result.REFUSED, phase="rcpt"), attempts, MADE, MADE + age)

    assert (verdict.state, verdict.next_try_at, verdict.attend) == ("refused", None, True)
    assert verdict.reason == "refused at rcpt: the server's words"


@given(attempts=ATTEMPTS, age=AGES)
def test_a_doubt_is_never_queued_by_the_attempt_that_made_it(attempts: int, age: timedelta) -> None:
    verdict = after_attempt(outcome(Result.DOUBT), attempts, MADE, MADE + age)

    assert (verdict.state, verdict.next_try_at, verdict.attend) == ("doubt", None, False)


@given(result=st.sampled_from(Result), attempts=ATTEMPTS, age=AGES)
def test_every_outcome_ends_in_a_state_that_somebody_looks_after(result: Result, attempts: int, age: timedelta) -> None:
    now = MADE + age
    verdict = after_attempt(outcome(result), attempts, MADE, now)

    assert verdict.state in {"sent", "queued", "refused", "doubt"}
    assert (verdict.state == "queued") == (verdict.next_try_at is not None)
    assert verdict.next_try_at is None or now < verdict.next_try_at <= now + timedelta(minutes=30)
    assert verdict.attend == (verdict.state == "refused")
    assert verdict.state == "sent" or verdict.reason


def test_a_server_without_words_is_named_by_the_phase() -> None:
    assert after_attempt(outcome(Result.LATER, reply=""), 1, MADE, MADE).reason == "to be tried again: reply"


@pytest.mark.parametrize("kind", sorted(AUTOMATIC))
def test_a_doubt_waits_for_evidence_first(kind: LetterKind) -> None:
    assert in_doubt(kind, 0, MADE, WAIT, MADE + WAIT - timedelta(microseconds=1)) is None


@pytest.mark.parametrize("kind", sorted(AUTOMATIC))
def test_without_evidence_an_acknowledgement_is_sent_once_more(kind: LetterKind) -> None:
    verdict = in_doubt(kind, 0, MADE, WAIT, MADE + WAIT)

    assert verdict is not None
    assert (verdict.state, verdict.next_try_at, verdict.attend) == ("queued", MADE + WAIT, False)


@pytest.mark.parametrize("resends", [1, 2, 50])
def test_a_second_doubt_is_held_for_a_person(resends: int) -> None:
    verdict = in_doubt(LetterKind.ACKNOWLEDGEMENT, resends, MADE, WAIT, MADE + timedelta(days=9))

    assert verdict is not None
    assert (verdict.state, verdict.next_try_at, verdict.attend) == ("held", None, True)
    assert verdict.reason is not None and "in doubt twice" in verdict.reason


@pytest.mark.parametrize("kind", [*sorted(set(LetterKind) - AUTOMATIC), "answer", "anything new"])
def test_a_letter_that_does_harm_when_it_comes_twice_is_never_sent_again_by_itself(kind: str) -> None:
    verdict = in_doubt(kind, 0, MADE, WAIT, MADE + WAIT)

    assert verdict is not None
    assert (verdict.state, verdict.attend) == ("held", True)


@given(resends=st.integers(min_value=0, max_value=9), waited=AGES, kind=st.sampled_from([*LetterKind, "answer"]))
def test_a_letter_in_doubt_leaves_at_most_once_more(resends: int, waited: timedelta, kind: str) -> None:
    verdict = in_doubt(kind, resends, MADE, WAIT, MADE + waited)

    assert verdict is None or verdict.state == "held" or resends == 0
