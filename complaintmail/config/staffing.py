"""Is there a person for every role of a policy? What nobody in the settings does, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from complaintmail.config.model import Person
from complaintmail.policy.policy import Policy, Role


@dataclass(frozen=True, slots=True)
class Gap:
    """A role that nobody holds. `grave`: a new complaint would reach nobody."""

    role: str
    grave: bool
    words: str


def gaps(people: Sequence[Person], policy: Policy) -> Iterator[Gap]:
    """Roles of this policy that nobody holds, the grave ones first; one that the policy gives to another role, which
    somebody holds, is none."""
    first, owner = policy.role(policy.first), policy.role(policy.owner)
    if not _holders(people, policy, policy.first):
        words = f"nobody is {_named(first, policy.first)}, to whom a new complaint goes: {_right(policy.first, policy)}"
        yield Gap(policy.first, True, words)
    if policy.owner != policy.first and not _filled(people, policy, policy.owner):
        words = f"nobody is {_named(owner, policy.owner)}, who answers for the policy: {_right(policy.owner, policy)}"
        yield Gap(policy.owner, True, words)
    for role in policy.roles:
        if role.name in (policy.first, policy.owner):
            continue
        if not _filled(people, policy, role.name):
            words = f"nobody is {_named(role, role.name)}: its mail goes to the policy's owner"
            yield Gap(role.name, False, f"{words}, until {_right(role.name, policy)}")
        elif role.by_area and (missing := _areas_without(people, policy, role)):
            words = f"nobody is {_named(role, role.name)} for {', '.join(missing)}"
            yield Gap(role.name, False, f"{words}: add the area to the `areas` of a [[person]] in that role")


def _holders(people: Sequence[Person], policy: Policy, role: str) -> list[Person]:
    return [person for person in people if role in person.roles and person.serves(policy.name)]


def _filled(people: Sequence[Person], policy: Policy, name: str) -> bool:
    """Does somebody hold it, or the role to which the policy gives it then?"""
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        if _holders(people, policy, name):
            return True
        role = policy.role(name)
        name = (role.falls_to if role else None) or name
    return False


def _areas_without(people: Sequence[Person], policy: Policy, role: Role) -> list[str]:
    holders = _holders(people, policy, role.name)
    if not holders or any(not person.areas for person in holders):
        return []
    return [area.name for area in policy.areas if not any(area.name in person.areas for person in holders)]


def _named(role: Role | None, name: str) -> str:
    return f"{name} ({role.title})" if role and role.title.lower() != name.replace("-", " ") else name


def _right(role: str, policy: Policy) -> str:
    return f'a [[person]] has "{role}" among its roles and serves {policy.name}'
