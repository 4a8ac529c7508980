"""Who stands in for whom, and where nobody does: what `check` says of it on one day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from complaintmail.cases.people import People, Person
from complaintmail.policy.entries import nearest
from complaintmail.policy.policy import Policy
from complaintmail.policy.wording import MONTHS, joined


@dataclass(frozen=True, slots=True)
class Concern:
    """`grave`: the settings name somebody who cannot be reached. `about`: an address, or a policy's name."""

    about: str
    grave: bool
    words: str


def concerns(people: People, policies: Sequence[Policy], today: date) -> Iterator[Concern]:
    yield from _unknown(people)
    yield from _rings(people)
    yield from _of_other_policies(people, policies)
    yield from _unattended(people, policies, today)


def _unknown(people: People) -> Iterator[Concern]:
    known = [person.email for person in people.persons]
    for person in people.persons:
        if person.deputy and people.at(person.deputy) is None:
            others = [email for email in known if email != person.email]
            yield Concern(
                person.email,
                True,
                f"the deputy {person.deputy} is no [[person]] and cannot answer; "
                f"{nearest(person.deputy, others)} Or add them as a [[person]]",
            )


def _rings(people: People) -> Iterator[Concern]:
    """Each ring once. Two who stand in for each other do so well until both are away."""
    told: set[str] = set()
    for person in people.persons:
        trail: list[Person] = []
        at: Person | None = person
        while at is not None and at not in trail and at.key not in told:
            trail.append(at)
            at = people.at(at.deputy)
        if at is not None and at in trail:
            ring = trail[trail.index(at) :]
            names = joined([member.name for member in ring])
            whom = "each other" if len(ring) == 2 else "one another in a ring"
            words = (
                f"{names} stand in for {whom}: while all of them are away nobody stands in, and mail goes up the ladder"
            )
            yield Concern(ring[0].email, False, words)
        told.update(member.key for member in trail)


def _of_other_policies(people: People, policies: Sequence[Policy]) -> Iterator[Concern]:
    for person in people.persons:
        deputy = people.at(person.deputy)
        if deputy is None:
            continue
        missing = [
            policy.name
            for policy in policies
            if person.serves(policy) and not deputy.serves(policy) and any(policy.role(role) for role in person.roles)
        ]
        if missing:
            words = f"the deputy {deputy.name} does not serve {joined(missing)} and cannot stand in there; add it"
            yield Concern(person.email, False, f"{words} to the `policies` of {deputy.email}, or name another deputy")


def _unattended(people: People, policies: Sequence[Policy], today: date) -> Iterator[Concern]:
    """Roles whose every holder is away today without somebody in their place."""
    for policy in policies:
        for role in policy.roles:
            holders = people.holders(policy, role.name)
            if not holders or not all(holder.is_away(today) for holder in holders):
                continue
            officer = people.officer(policy, role.name, on=today)
            if officer.role == role.name and officer.email is not None:
                continue
            back = [(holder.name, holder.away_until(today)) for holder in holders]
            away = joined([f"{name} is away until {last.day} {MONTHS[last.month - 1]}" for name, last in back if last])
            goes = f"goes to {officer.name} ({officer.title})" if officer.email else "reaches nobody"
            yield Concern(
                policy.name,
                officer.email is None and role.name == policy.first,
                f"today nobody is there as {role.title}: {away}, so its mail {goes}; name a `deputy`",
            )
