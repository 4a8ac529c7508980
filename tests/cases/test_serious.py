"""A serious case is told at once to whom the policy names for it, whatever that role is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from complaintmail.cases.commands import BY_NAME
from complaintmail.cases.commands.table import Order
from complaintmail.cases.deeds import Deed, Tell
from complaintmail.cases.people import People, Person
from complaintmail.cases.scene import CaseNow, RelayRules, Scene
from complaintmail.policy.load import find, packaged
from complaintmail.policy.policy import Policy, Role
from complaintmail.triage.authority import Proof, Word

MO = Person("Mo Master", "mo@staff.test", ("harbour-master", "directors"))
OLU = Person("Olu Owner", "olu@staff.test", ("policy-owner",))


def told(policy: Policy, excluded: str = "") -> list[str]:
    case = CaseNow(
        1, {"reference": "X-2026-000001", "area": None, "complainant_email": None}, {}, {excluded: "suspected"}
    )
    scene = Scene(
        person=None,
        word=Word(Proof.REPLY, "given at the shell"),
        case=case,
        policy=policy,
        people=People((MO, OLU)),
        now=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        mailbox="info@example.test",
        own=frozenset(),
        rules=RelayRules(),
    )
    deed = BY_NAME["serious"].act(Order("serious", "", ""), scene)
    assert isinstance(deed, Deed)
    return [effect.email for effect in deed.effects if isinstance(effect, Tell)]


@pytest.mark.parametrize("name", packaged())
def test_under_each_policy_somebody_is_told(name: str) -> None:
    assert told(find(name)) == [MO.email if find(name).serious else OLU.email]


def test_a_policy_of_ones_own_names_its_own_role() -> None:
    sixth = replace(find("cim"), roles=(*find("cim").roles, Role("harbour-master", "Harbour Master")))

    assert told(replace(sixth, serious="harbour-master")) == [MO.email]
    assert told(replace(sixth, serious="")) == [OLU.email]


def test_who_may_be_complained_about_is_not_told() -> None:
    assert MO.email not in told(find("cms"), excluded=MO.email)
