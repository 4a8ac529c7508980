"""Who owes a duty today, and who stands above them.

A duty is its handler's where the case has one and it is about answering, else whoever holds its role. Whoever is away
or silent is stood in for by their deputy. Nobody whom the case excludes is ever among them. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from complaintmail.cases.people import NOBODY, Officer, People, Person
from complaintmail.cases.reminding import SAFEGUARDING
from complaintmail.policy.policy import Policy

HANDLED = frozenset({"acknowledge", "set-date", "respond", "progress", "confirm", "attend", "meeting", "close"})
NAMED = frozenset({"action", "meeting"})  # theirs who was named for it, whoever deals with the case
APPEALS = frozenset({"appeal-acknowledge", "appeal-answer"})  # theirs who hears it; until then, who is asked to


@dataclass(frozen=True, slots=True)
class Owing:
    """One duty, on one day. `without`: who may have no part in it; of an appeal, who had one in the answer as well.
    `silent`: whose mail comes back, or who only answers automatically."""

    kind: str
    role: str
    policy: Policy
    people: People
    on: date
    area: str | None = None
    handler: str | None = None
    named: str | None = None
    without: frozenset[str] = NOBODY
    silent: frozenset[str] = NOBODY

    @property
    def asked(self) -> str:
        """The role that it falls to; what names none falls to who deals with new complaints."""
        return self.role or self.policy.first

    def today(self) -> Officer:
        """To whom it is said."""
        for email, part in self._own():
            own = self._theirs(email, part)
            if own is not None:
                return own
        return self.people.officer(
            self.policy, self.asked, area=self.area, on=self.on, without=self.without, silent=self.silent
        )

    def others(self, besides: str) -> tuple[Person, ...]:
        """Everybody else who could see to it, in the order in which they would be asked."""
        chain = self.people.alternatives(self.policy, self.asked, area=self.area, on=self.on, without=self.without)
        return tuple(one for one in chain if one.key != besides.lower() and one.key not in self.silent)

    def above(self, besides: str) -> tuple[Officer, ...]:
        """Who hears of it when it is late, from the next on the ladder to its top; nobody twice."""
        policy = self.policy
        roles = [role for role in policy.ladder if policy.role(role)]
        # A role that is not on the ladder does what comes before it, or on its first rung.
        higher = roles[roles.index(self.asked) + 1 :] if self.asked in roles else roles[1:]
        found: dict[str, Officer] = {}
        for role in higher or (policy.owner, policy.first):
            officer = self.people.officer(
                policy, role, area=self.area, on=self.on, without=self.without, silent=self.silent
            )
            if officer.email and officer.email.lower() != besides.lower():
                found.setdefault(officer.email.lower(), officer)
        if not found:
            for person in self.others(besides)[:1]:
                found[person.key] = Officer(self.asked, _title(policy, self.asked), person.name, person.email)
        return tuple(found.values())

    def _own(self) -> tuple[tuple[str | None, str], ...]:
        """Whose it is before it is the role's, in the order in which they are asked."""
        handler, named = (self.handler, "handler"), (self.named, "owner")
        if self.role == SAFEGUARDING:
            return ()
        if self.kind in NAMED:
            return (named, handler)
        if self.kind in APPEALS:
            return (handler, named)
        return (handler,) if self.kind in HANDLED else ()

    def _theirs(self, email: str | None, part: str) -> Officer | None:
        """This person, or whoever stands in for them."""
        holder = self.people.at(email)
        if holder is None or holder.key in self.without:
            return None
        if self._can(holder):
            return Officer(part, "", holder.name, holder.email)
        seen = {holder.key}
        at = self.people.at(holder.deputy)
        while at is not None and at.key not in seen:
            if at.serves(self.policy) and at.key not in self.without and self._can(at):
                return Officer(part, "", at.name, at.email, f"you stand in for {holder.name}")
            seen.add(at.key)
            at = self.people.at(at.deputy)
        return None

    def _can(self, person: Person) -> bool:
        return not person.is_away(self.on) and person.key not in self.silent


def _title(policy: Policy, role: str) -> str:
    known = policy.role(role)
    return known.title if known else role
