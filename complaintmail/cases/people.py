"""Who holds which role. A role nobody holds falls to another, at last to the policy's owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from complaintmail.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the organisation, as the settings name them."""

    name: str
    email: str
    roles: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()  # empty: all of them
    deputy: str | None = None
    away: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Officer:
    """Who owes a duty: a role, and the person in it when there is one."""

    role: str
    title: str
    name: str = ""
    email: str | None = None

    def as_json(self) -> dict[str, str | None]:
        return {"name": self.name or self.title, "email": self.email, "role": self.role}


class People:
    """Everybody named in the settings."""

    def __init__(self, persons: tuple[Person, ...]) -> None:
        self.persons = persons
        self._by_address = {person.email.lower(): person for person in persons}
        self._found: dict[tuple[str, str], Officer] = {}

    def at(self, address: str | None) -> Person | None:
        return self._by_address.get((address or "").lower())

    def officer(self, policy: Policy, role: str) -> Officer:
        """Who holds this role under this policy, following where it falls when nobody does."""
        key = (policy.version, role)
        if key not in self._found:
            self._found[key] = self._look_up(policy, role)
        return self._found[key]

    def _look_up(self, policy: Policy, role: str) -> Officer:
        asked = policy.role(role)
        seen: set[str] = set()
        trail: list[str | None] = [role, asked.falls_to if asked else None, policy.owner, "policy-owner", policy.first]
        while trail:
            name = trail.pop(0)
            if name is None or name in seen:
                continue
            seen.add(name)
            holder = next((p for p in self.persons if name in p.roles and _under(p, policy)), None)
            found = policy.role(name)
            if holder:
                return Officer(name, found.title if found else name, holder.name, holder.email)
            if found and found.falls_to:
                trail.insert(0, found.falls_to)
        return Officer(role, asked.title if asked else role)


def _under(person: Person, policy: Policy) -> bool:
    return not person.policies or policy.name in person.policies
