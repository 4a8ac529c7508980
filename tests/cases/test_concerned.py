"""What follows where somebody may be at risk or a law has a clock of its own, as values; and how it is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from complaintmail.cases.arrival import Arrival
from complaintmail.cases.changes import Answer, Decision
from complaintmail.cases.commands import BY_NAME
from complaintmail.cases.commands.table import Order
from complaintmail.cases.concerned import concerned, deed_on, lawful, needs_a_case, outlasts
from complaintmail.cases.deeds import Change, Deed, Owe, Redate, Trouble, Waive
from complaintmail.cases.people import People
from complaintmail.cases.post import AUTOMATIC, LetterKind
from complaintmail.cases.scene import CaseNow, DutyNow, RelayRules, Scene
from complaintmail.policy.load import find, packaged
from complaintmail.store.outbox import MEETS
from complaintmail.triage.authority import Proof, Word
from complaintmail.triage.concerns import Found, concerns
from complaintmail.triage.verdicts import Kind

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
ARRIVAL = Arrival("info@example.test", NOW, "answer", NOW)
GRAVE = concerns("I want to kill myself.")
DATA = concerns("This is a data breach.")
ACCESS = concerns("This is a subject access request.")
THREAT = concerns("He threatened me.")
PRESS = concerns("I am going to the press.")
DUTIES = (
    DutyNow(1, "respond", "CEME-7", "operations-director", datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC), "5 days", 1),
    DutyNow(2, "attend", "", "safeguarding", NOW, "somebody may be at risk", 1),
    DutyNow(3, "attend", "", "operations-director", NOW, "is this the same matter?", 1),
    DutyNow(4, "data-acknowledge", "CEME-law", "policy-owner", NOW, "30 days", 1),
    DutyNow(5, "access", "SEK-access", "policy-owner", NOW, "one month", 1),
)


def a_case(duties: tuple[DutyNow, ...] = DUTIES, **row: Any) -> CaseNow:
    usual = {
        "reference": "X-2026-000001", "area": None, "complainant_email": None, "restricted": True, "serious": True,
        "severity": "high", "received_at": NOW, "agreed": None, "course": None, "respond_by": None,
    }  # fmt: skip
    return CaseNow(1, usual | row, duties=duties)


def ordered(rest: str, case: CaseNow, body: str = "") -> Deed | Trouble:
    word = Word(Proof.REPLY, "given at the shell")
    scene = Scene(None, word, case, find("ceme"), People(()), NOW, "info@example.test", frozenset(), RelayRules())
    return BY_NAME["concern"].act(Order("concern", rest, body), scene)


def waived(deed: Deed | Trouble) -> set[int]:
    assert isinstance(deed, Deed)
    return {duty for effect in deed.effects if isinstance(effect, Waive) for duty in effect.duties}


def changed(deed: Deed | Trouble | None) -> dict[str, Any]:
    assert isinstance(deed, Deed)
    out: dict[str, Any] = {}
    for effect in deed.effects:
        out |= dict(effect.values) if isinstance(effect, Change) else {}
    return out


@pytest.mark.parametrize(
    ("rest", "gone", "calm"),
    [
        ("off", {2, 4, 5}, True),
        ("off safety", {2}, True),
        ("off data", {4}, False),
        ("off access it was about the course", {5}, False),
        ("OFF they meant a play", {2, 4, 5}, True),
    ],
)
def test_what_is_taken_back_is_what_it_brought_and_no_more(rest: str, gone: set[int], calm: bool) -> None:
    deed = ordered(rest, a_case())

    assert waived(deed) == gone
    assert (changed(deed).get("restricted") is False) is calm
    assert (changed(deed).get("severity") == "medium") is calm


def test_the_reason_is_kept_with_the_case() -> None:
    deed = ordered("off safety it is the title of a play", a_case())

    assert changed(deed)["course"]["concern"].endswith("says that it is not so: it is the title of a play")


@pytest.mark.parametrize("rest", ["", "on", "please"])
def test_anything_else_is_asked_back(rest: str) -> None:
    assert isinstance(ordered(rest, a_case()), Trouble)


def test_where_there_is_nothing_to_take_back_that_is_said() -> None:
    assert isinstance(ordered("off", a_case((), restricted=False, serious=False, severity="medium")), Trouble)


def test_the_answers_date_moves_with_the_severity_there_and_back() -> None:
    calm = a_case(restricted=False, serious=False, severity="medium")
    deed = deed_on(calm, decision(GRAVE), find("ceme"), NOW, 9)

    assert changed(deed)["severity"] == "high"
    assert deed is not None
    assert [e.counted.due_on.isoformat() for e in deed.effects if isinstance(e, Redate)] == ["2026-11-21"]


def decision(seen: tuple[Found, ...], **more: Any) -> Decision:
    return replace(Decision(Kind.REPLY, True, None, "medium", (), joins=1, concerns=seen), **more)


def test_somebody_who_is_not_on_the_case_changes_nothing_of_it() -> None:
    assert deed_on(a_case(()), decision(GRAVE + DATA, unverified="eve@else.test"), find("cms"), NOW, 9) is None


@pytest.mark.parametrize("policy", packaged())
def test_every_policy_has_the_laws_clock_for_complaints_about_data(policy: str) -> None:
    [owed] = lawful(DATA, NOW, find(policy))

    assert owed.kind == "data-acknowledge"
    assert owed.counted is not None
    assert owed.counted.due_on.isoformat() == "2026-12-18"


def test_a_duty_of_the_law_is_owed_once() -> None:
    first = deed_on(a_case(()), decision(DATA), find("cms"), NOW, 9)

    assert first is not None
    assert [effect.owed.kind for effect in first.effects if isinstance(effect, Owe)] == ["data-acknowledge"]
    assert deed_on(a_case(), decision(DATA), find("cms"), NOW, 10) is None


@pytest.mark.parametrize(
    ("seen", "needs"), [(GRAVE, True), (DATA, True), (ACCESS, True), (THREAT, True), (PRESS, False), ((), False)]
)
def test_what_cannot_stay_an_enquiry(seen: tuple[Found, ...], needs: bool) -> None:
    assert needs_a_case(seen) is needs


@pytest.mark.parametrize("kind", [LetterKind.ACKNOWLEDGEMENT, LetterKind.RECEIVED, LetterKind.ADDED])
def test_the_letter_gives_way_to_the_sober_one(kind: LetterKind) -> None:
    before = decision((), answer=Answer(kind, "jane@complainants.test", hold="wait"))

    after = concerned(before, GRAVE, ARRIVAL, find("cms")).answer

    assert after is not None
    assert (after.kind, after.hold, after.extra) == (LetterKind.CONCERN, "wait", {"despair": "yes"})
    same = concerned(before, DATA + PRESS, ARRIVAL, find("cms")).answer
    assert same is not None
    assert same.kind is kind


def test_who_is_told_nothing_of_a_case_gets_the_neutral_letter_all_the_same() -> None:
    before = decision((), answer=Answer(LetterKind.RECEIVED, "eve@else.test", neutral=True))

    after = concerned(before, GRAVE, ARRIVAL, find("cms")).answer

    assert after is not None
    assert after.kind is LetterKind.RECEIVED


def test_the_sober_letter_is_an_acknowledgement_in_every_respect() -> None:
    assert LetterKind.CONCERN in AUTOMATIC
    assert MEETS["concern"] == MEETS["acknowledgement"]


def test_history_and_a_second_copy_bring_nothing() -> None:
    before = decision(())

    assert concerned(before, GRAVE, replace(ARRIVAL, rule="history"), find("cms")) == before
    assert concerned(replace(before, again=3), GRAVE, ARRIVAL, find("cms")).attend == ()


def test_what_lasts_though_the_mail_is_no_complaint() -> None:
    assert [outlasts(duty.kind, duty.role) for duty in DUTIES] == [False, True, False, True, True]
