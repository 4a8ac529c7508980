"""What holds of every way in which roles, deputies and absences can lie."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from complaintmail.cases.people import People, Person
from complaintmail.policy.load import find, packaged
from complaintmail.policy.policy import Policy

POLICIES = tuple(find(name) for name in packaged())
ROLES = sorted({role.name for policy in POLICIES for role in policy.roles})
AREAS = sorted({area.name for policy in POLICIES for area in policy.areas})
TODAY = date(2026, 12, 24)
EMAILS = [f"{letter}@staff.test" for letter in "abcdef"]


@some.composite
def staffs(draw: some.DrawFn) -> tuple[Person, ...]:
    count = draw(some.integers(0, len(EMAILS)))
    return tuple(
        Person(
            email[0].upper(),
            email,
            tuple(draw(some.lists(some.sampled_from(ROLES), max_size=4))),
            tuple(draw(some.lists(some.sampled_from(AREAS), max_size=1))),
            tuple(draw(some.lists(some.sampled_from([policy.name for policy in POLICIES]), max_size=2))),
            draw(some.none() | some.sampled_from(EMAILS)),
            ((TODAY, TODAY),) if draw(some.booleans()) else (),
        )
        for email in EMAILS[:count]
    )


addresses = some.frozensets(some.sampled_from(EMAILS))


@given(
    staffs(), some.sampled_from(POLICIES), some.sampled_from(ROLES), some.none() | some.sampled_from(AREAS), addresses
)
def test_nobody_kept_out_of_a_case_and_nobody_away_is_ever_given_it(
    staff: tuple[Person, ...], policy: Policy, role: str, area: str | None, without: frozenset[str]
) -> None:
    people = People(staff)
    officer = people.officer(policy, role, area=area, on=TODAY, without=without)
    person = people.at(officer.email)

    assert officer.email not in without
    assert officer.email is None or (person is not None and not person.is_away(TODAY) and person.serves(policy))
    assert not any(people.may(email, policy, role, area=area, on=TODAY, without=without) for email in without)
    assert all(person.key not in without for person in people.alternatives(policy, role, area=area, without=without))
    assert officer.email is None or people.may(officer.email, policy, role, area=area, on=TODAY, without=without)


@given(staffs(), some.sampled_from(POLICIES), some.sampled_from(ROLES), addresses)
def test_a_role_is_without_a_person_only_when_neither_it_nor_the_owner_nor_the_first_has_one_left(
    staff: tuple[Person, ...], policy: Policy, role: str, without: frozenset[str]
) -> None:
    people = People(staff)
    left = [
        person
        for name in (policy.owner, policy.first)
        for person in people.holders(policy, name)
        if person.key not in without and not person.is_away(TODAY)
    ]

    if people.officer(policy, role, on=TODAY, without=without).email is None:
        assert left == []


@given(staffs(), some.sampled_from(POLICIES), addresses)
def test_whoever_has_it_in_another_ones_place_is_among_those_who_could_be_asked(
    staff: tuple[Person, ...], policy: Policy, without: frozenset[str]
) -> None:
    people = People(staff)
    could = {person.email for person in people.alternatives(policy, policy.first, on=TODAY)}

    officer = people.officer(policy, policy.first, on=TODAY, without=without)

    assert officer.email is None or officer.email in could
