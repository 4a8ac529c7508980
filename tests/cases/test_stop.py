"""What #stop says of an answer is true: taken back, too late, or not known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from complaintmail.cases.commands import BY_NAME
from complaintmail.cases.commands.table import Order
from complaintmail.cases.deeds import Deed, Recall, Trouble
from complaintmail.cases.people import People, Person
from complaintmail.cases.scene import CaseNow, GoingNow, RelayRules, Scene
from complaintmail.policy.load import find
from complaintmail.triage.authority import Proof, Word

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HAL = Person("Hal Handler", "hal@staff.test")


def stopped(*states: str) -> Deed | Trouble:
    going = tuple(GoingNow(f"letter{n}", HAL.email, state, NOW, None) for n, state in enumerate(states))
    scene = Scene(
        person=HAL,
        word=Word(Proof.REPLY, "proved"),
        case=CaseNow(1, {"reference": "CMS-2026-000001"}, going=going),
        policy=find("cms", None),
        people=People((HAL,)),
        now=NOW,
        mailbox="info@example.test",
        own=frozenset({"info@example.test"}),
        rules=RelayRules(),
    )
    return BY_NAME["stop"].act(Order("stop", "", ""), scene)


@pytest.mark.parametrize("states", [("queued",), ("sent", "queued"), ("doubt", "queued")])
def test_an_answer_that_has_not_left_is_taken_back(states: tuple[str, ...]) -> None:
    deed = stopped(*states)

    assert isinstance(deed, Deed)
    assert deed.effects == (Recall((f"letter{len(states) - 1}",)),)
    assert "was taken back" in deed.said


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (("sent",), "It is too late"),
        (("sending",), "It is too late"),
        (("doubt", "sent"), "It is too late"),
        (("doubt",), "It may be too late"),
        (("held",), "It may be too late"),
        (("sent", "doubt"), "It may be too late"),
        (("cancelled",), "Nothing waits"),
        (("sent", "cancelled"), "It is too late"),
        ((), "Nothing waits"),
    ],
)
def test_an_answer_that_left_or_may_have_left_is_not_said_to_be_stopped(states: tuple[str, ...], words: str) -> None:
    trouble = stopped(*states)

    assert isinstance(trouble, Trouble)
    assert trouble.words.startswith(words)
