"""Who holds which role, and to whom it falls when nobody does."""

from __future__ import annotations

import pytest

from complaintmail.cases.people import Officer, People, Person
from complaintmail.policy.load import find

CMS, CIM, SEK = find("cms"), find("cim"), find("sek")
DIRECTOR = Person("Dana Director", "Dana@Staff.test", ("operations-director",), policies=("cms",))
HEAD = Person("Hal Head", "hal@staff.test", ("policy-owner",))
INA = Person("Ina Investigator", "ina@staff.test", ("investigator",))


def test_a_role_is_held_by_the_first_person_named_for_it() -> None:
    people = People((INA, Person("Second", "second@staff.test", ("investigator",))))

    assert people.officer(CMS, "investigator") == Officer(
        "investigator", "Investigator", "Ina Investigator", "ina@staff.test"
    )


def test_a_role_that_nobody_holds_falls_where_the_policy_says() -> None:
    assert People((DIRECTOR,)).officer(CMS, "safeguarding").name == "Dana Director"


def test_a_role_that_falls_to_nobody_falls_to_the_policy_s_owner() -> None:
    assert People((HEAD,)).officer(CMS, "board").name == "Hal Head"
    assert People((HEAD,)).officer(CIM, "department-manager").name == "Hal Head"


def test_an_owner_that_nobody_is_falls_to_whom_a_complaint_goes_first() -> None:
    assert People((DIRECTOR,)).officer(CMS, "board").name == "Dana Director"


def test_somebody_named_for_one_policy_holds_nothing_under_another() -> None:
    assert People((DIRECTOR,)).officer(find("ace"), "operations-director").email is None


def test_with_nobody_at_all_the_role_s_own_title_stands_in() -> None:
    officer = People(()).officer(SEK, "manager")

    assert officer.as_json() == {"name": "Manager", "email": None, "role": "manager"}


@pytest.mark.parametrize("address", ["dana@staff.test", "DANA@STAFF.TEST", "Dana@Staff.test"])
def test_staff_are_known_by_their_address_in_capitals_or_not(address: str) -> None:
    assert People((DIRECTOR,)).at(address) is DIRECTOR


@pytest.mark.parametrize("address", [None, "", "dana@staff.test.evil.test", "dana@staff"])
def test_others_are_not_staff(address: str | None) -> None:
    assert People((DIRECTOR,)).at(address) is None
