"""One mailbox as intake needs it: its house, its policy, and what its mail is answered with."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from complaintmail.cases.arrival import House
from complaintmail.passes.instruction import Instruction
from complaintmail.passes.lettering import Lettering
from complaintmail.passes.telling import Telling
from complaintmail.policy.policy import Policy
from complaintmail.store import learnt
from complaintmail.triage.judge import shipped


@dataclass(frozen=True, slots=True)
class Desk:
    house: House
    policy: Policy
    lettering: Lettering
    telling: Telling
    instruction: Instruction

    @property
    def judged_by(self) -> str:
        """Which model, rules and weights judge its mail."""
        return (self.house.judge or shipped()).version


def as_taught(desks: dict[str, Desk], connection: Connection, before: learnt.Version) -> learnt.Version:
    """What was learnt or taken back since `before` holds at every desk from now on: one row to look at, by its key."""
    version = learnt.last(connection)
    if version != before:
        weights = learnt.weights_of(connection, version.uses)  # the very same for all: made ready once, not per desk
        for address, desk in desks.items():
            judge = replace(desk.house.judge or shipped(), learnt=weights)
            desks[address] = replace(desk, house=replace(desk.house, judge=judge))
    return version
