"""Who holds which role, who stands in, and to whom it goes when nobody may have it.

A role's mail goes to who holds it; while they are away, or silent, to their deputy; else up the policy's ladder, at
last to its owner. `without` names those who may not have it (whoever is complained about, whoever decided before):
they are passed over in every role, and the deputy they chose only comes in when nobody else is left. Nobody at all:
an `Officer` without a person. Nothing here fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from complaintmail.policy.policy import Policy
from complaintmail.policy.wording import MONTHS

NOBODY: frozenset[str] = frozenset()
OFFICE_HOURS = ((frozenset(range(5)), time(8, 30), time(17, 30)),)
KEPT = 4096  # answers kept; there are few roles and few days
MANNERS = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the organisation, as the settings name them."""

    name: str
    email: str
    roles: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()  # empty: all of them
    policies: tuple[str, ...] = ()  # empty: all of them
    deputy: str | None = None
    away: tuple[tuple[date, date], ...] = ()  # first and last day
    hours: tuple[tuple[frozenset[int], time, time], ...] = OFFICE_HOURS  # weekdays (Monday is 0), from, until

    @property
    def key(self) -> str:
        """Their address, to be compared."""
        return self.email.lower()

    def serves(self, policy: Policy) -> bool:
        return not self.policies or policy.name in self.policies

    def is_away(self, on: date | None) -> bool:
        return on is not None and any(first <= on <= last for first, last in self.away)

    def away_until(self, on: date) -> date | None:
        """The last day of the absence that covers this one; one that follows the next day belongs to it."""
        last = None
        for first, end in sorted(self.away):
            if first <= (on if last is None else last + timedelta(days=1)) and end >= (last or on):
                last = end
        return last


@dataclass(frozen=True, slots=True)
class Officer:
    """Who owes a duty: a role, and the person in it when there is one. `why`: what brought it to somebody who does
    not hold the role asked for, in words for them; it names nobody who may not have it."""

    role: str
    title: str
    name: str = ""
    email: str | None = None
    why: str = ""

    def as_json(self) -> dict[str, str | None]:
        return {"name": self.name or self.title, "email": self.email, "role": self.role}


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question: which role, for what, on which day, and who may not or does not answer."""

    policy: Policy
    role: str
    area: str | None
    on: date | None
    without: frozenset[str]
    silent: frozenset[str]

    def absent(self, person: Person) -> bool:
        return person.is_away(self.on) or person.key in self.silent

    def barred(self, person: Person) -> bool:
        return person.key in self.without


class People:
    """Everybody named in the settings."""

    def __init__(self, persons: tuple[Person, ...]) -> None:
        self.persons = persons
        self._by_address = {person.key: person for person in persons}
        self._found: dict[tuple[object, ...], Officer] = {}

    def at(self, address: str | None) -> Person | None:
        return self._by_address.get((address or "").lower())

    def officer(
        self,
        policy: Policy,
        role: str,
        *,
        area: str | None = None,
        on: date | None = None,
        without: frozenset[str] = NOBODY,
        silent: frozenset[str] = NOBODY,
    ) -> Officer:
        """To whom this role's mail goes. `area`: what it is about, for roles held by area. `on`: the day; without one
        nobody counts as away. `without`: addresses that may not have it. `silent`: addresses that do not answer, or
        whose mail comes back; like being away."""
        barred = frozenset(address for address in _small(without) if address in self._by_address)
        mute = _small(silent)
        key = (policy.name, policy.version, role, (area or "").casefold(), on, barred, mute)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= KEPT:
                self._found.clear()
            found = self._found[key] = self._look_up(_Asked(policy, role, area, on, barred, mute))
        return found

    def may(
        self,
        person_email: str | None,
        policy: Policy,
        role: str,
        *,
        area: str | None = None,
        on: date | None = None,
        without: frozenset[str] = NOBODY,
    ) -> bool:
        """Does this person hold the role now, or stand in for who does? With a day, a deputy stands in only while the
        holder is away; without one, at any time, since a holder may be silent."""
        person = self.at(person_email)
        if person is None or person.key in _small(without):
            return False
        if person in self.holders(policy, role, area):
            return True
        if self.officer(policy, role, area=area, on=on, without=without).email == person.email:
            return True
        if on is not None or not person.serves(policy):
            return False
        return any((holder.deputy or "").lower() == person.key for holder in self.holders(policy, role, area))

    def alternatives(
        self,
        policy: Policy,
        role: str,
        *,
        area: str | None = None,
        on: date | None = None,
        without: frozenset[str] = NOBODY,
    ) -> tuple[Person, ...]:
        """Everybody to whom this role's mail could go, in the order in which they would be asked."""
        found: list[Person] = []
        passed = _small(without)
        while True:
            officer = self.officer(policy, role, area=area, on=on, without=without, silent=passed)
            person = self.at(officer.email)
            if person is None:
                return tuple(found)
            found.append(person)
            passed |= {person.key}

    def holders(self, policy: Policy, role: str, area: str | None = None) -> tuple[Person, ...]:
        """Who has this role under this policy, in the order of the settings; where it is held by area and the area is
        known, those of that area and then those who have them all."""
        found = tuple(person for person in self.persons if role in person.roles and person.serves(policy))
        known = policy.role(role)
        if area is None or known is None or not known.by_area:
            return found
        named = {area.casefold()} | {a.name.casefold() for a in policy.areas if a.title.casefold() == area.casefold()}
        there = tuple(person for person in found if named & {own.casefold() for own in person.areas})
        return there + tuple(person for person in found if not person.areas)

    def named(self, words: str) -> tuple[Person, ...]:
        """Whom these words mean: an address, a name, a part of one, or initials; several where they fit several."""
        if len(words) > 500:
            return ()
        said = words.strip().strip(",;").removeprefix("@").strip()
        bracketed = said.rpartition("<")[2].partition(">")[0].strip() if said.endswith(">") else said
        if (exact := self.at(bracketed)) is not None:
            return (exact,)
        asked = _name_words(said)
        if not asked:
            return ()
        ways = (_same_name, _whole_words, _mailbox_name, _initials)
        for way in ways:
            found = tuple(person for person in self.persons if way(asked, person))
            if found:
                return found
        return ()

    # --- Looking one up --------------------------------------------------------------------------------------------

    def _look_up(self, asked: _Asked) -> Officer:
        policy, role = asked.policy, asked.role
        for name in _trail(policy, role, held=bool(self.holders(policy, role))):
            found = self._in_role(asked, name)
            if found is not None:
                return found
        for name in _last_resort(policy, role):
            found = self._in_role(asked, name, anybody=True)
            if found is not None:
                return found
        known = policy.role(role)
        return Officer(role, known.title if known else role)

    def _in_role(self, asked: _Asked, name: str, *, anybody: bool = False) -> Officer | None:
        """Somebody who holds this role and may have it, else a deputy of one who is away."""
        holders = self._asked_first(asked, name, anybody)
        own = name == asked.role
        for holder in holders:
            if not asked.barred(holder) and not asked.absent(holder):
                return _officer(asked.policy, name, holder, "" if own else self._because(asked))
        for holder in holders:
            if asked.barred(holder) and not anybody:
                continue  # whoever is complained about does not choose, by a deputy, who hears of it
            deputy = self._deputy(asked, holder)
            if deputy is not None:
                barred = asked.barred(holder)
                why = (
                    _in_place(asked.policy, name) if barred else f"deputy for {holder.name}, {_why_not(asked, holder)}"
                )
                return _officer(asked.policy, name, deputy, why)
        return None

    def _asked_first(self, asked: _Asked, name: str, anybody: bool) -> tuple[Person, ...]:
        """The holders in the order in which they are tried. Where the area is not known it is not guessed, except for
        the role to which a new complaint goes: there the policy's first area answers."""
        policy = asked.policy
        holders = self.holders(policy, name, asked.area)
        known = policy.role(name)
        if asked.area is not None or known is None or not known.by_area or anybody:
            return holders
        everywhere = tuple(person for person in holders if not person.areas)
        if name != policy.first:
            return everywhere
        first = self.holders(policy, name, policy.areas[0].name) if policy.areas else ()
        return tuple(dict.fromkeys((*everywhere, *first, *holders)))

    def _deputy(self, asked: _Asked, holder: Person) -> Person | None:
        """Who stands in, and for them in turn; a ring of deputies ends where it began."""
        seen = {holder.key}
        at = self.at(holder.deputy)
        while at is not None and at.key not in seen:
            seen.add(at.key)
            if at.serves(asked.policy) and not asked.barred(at) and not asked.absent(at):
                return at
            at = None if asked.barred(at) else self.at(at.deputy)
        return None

    def _because(self, asked: _Asked) -> str:
        """Why it did not stay with the role asked for."""
        holders = self.holders(asked.policy, asked.role)
        known = asked.policy.role(asked.role)
        title = known.title if known else asked.role
        if not holders:
            return f"nobody is {title}"
        there = self._asked_first(asked, asked.role, False)
        if not there:
            return f"nobody is {title} for {asked.area}" if asked.area else f"its area is not known, so no {title} yet"
        if any(asked.barred(person) for person in there):
            return _in_place(asked.policy, asked.role)
        return f"for {title}: {there[0].name}, {_why_not(asked, there[0])}"


def _trail(policy: Policy, role: str, *, held: bool) -> Iterator[str]:
    """The roles to try, in order. One that nobody holds falls to the policy's owner; one whose holders cannot have it
    goes to who does it in their place, and then up the ladder."""
    seen: set[str] = set()

    def fresh(names: Iterable[str | None]) -> Iterator[str]:
        for name in names:
            at = name
            while at is not None and at not in seen:
                seen.add(at)
                yield at
                known = policy.role(at)
                at = known.falls_to if known else None

    yield from fresh((role,))
    if held:
        yield from fresh(duty.alternate or None for duty in policy.duties if duty.role == role)
        yield from fresh(_above(policy, role))
    yield from fresh((policy.owner, "policy-owner", policy.first))


def _above(policy: Policy, role: str) -> tuple[str, ...]:
    """The roles above this one; none for a role that is not on the ladder."""
    if role not in policy.ladder:
        return ()
    return tuple(step for step in policy.ladder[policy.ladder.index(role) + 1 :] if policy.role(step))


def _last_resort(policy: Policy, role: str) -> Iterator[str]:
    """From the top of the ladder, where the distance is greatest; at last the role itself, for its deputies."""
    yield from (step for step in reversed(policy.ladder) if policy.role(step) and step != role)
    yield role


def _officer(policy: Policy, role: str, person: Person, why: str) -> Officer:
    known = policy.role(role)
    return Officer(role, known.title if known else role, person.name, person.email, why)


def _in_place(policy: Policy, role: str) -> str:
    known = policy.role(role)
    return f"in place of {known.title if known else role}"


def _why_not(asked: _Asked, person: Person) -> str:
    if asked.on is not None and (last := person.away_until(asked.on)) is not None:
        return f"who is away until {last.day} {MONTHS[last.month - 1]}"
    return "who does not answer"


def _small(addresses: frozenset[str]) -> frozenset[str]:
    return frozenset(address.lower() for address in addresses) if addresses else NOBODY


# --- Names as people write them ----------------------------------------------------------------------------------


def _name_words(text: str) -> tuple[str, ...]:
    folded = "".join(char if char.isalnum() or char in "'’-" else " " for char in text.casefold())
    return tuple(word for word in folded.replace("’", "'").split() if word not in MANNERS)


def _same_name(asked: tuple[str, ...], person: Person) -> bool:
    return asked == _name_words(person.name)


def _whole_words(asked: tuple[str, ...], person: Person) -> bool:
    return set(asked) <= set(_name_words(person.name)) and any(len(word) > 1 for word in asked)


def _mailbox_name(asked: tuple[str, ...], person: Person) -> bool:
    return asked == _name_words(person.key.rpartition("@")[0])


def _initials(asked: tuple[str, ...], person: Person) -> bool:
    """Anna Director for A. Director, and the other way round: one surname, first names that agree."""
    own = _name_words(person.name)
    if len(asked) < 2 or len(own) < 2 or asked[-1] != own[-1]:
        return False
    ours, theirs = own[0], asked[0]
    return ours[0] == theirs[0] and 1 in (len(ours), len(theirs))
