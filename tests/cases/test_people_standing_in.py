"""Who stands in: deputies, areas, the ladder, and everybody but the person complained about."""

from __future__ import annotations

from datetime import date

import pytest

from complaintmail.cases.people import People, Person
from complaintmail.policy.load import find

ACE, CEME, CIM, CMS, SEK = (find(name) for name in ("ace", "ceme", "cim", "cms", "sek"))
XMAS = date(2026, 12, 24)
AWAY = ((date(2026, 12, 21), date(2027, 1, 2)),)


def someone(who: str, *roles: str, **more: object) -> Person:
    return Person(who, f"{who.split()[-1].lower()}@staff.test", roles, **more)  # type: ignore[arg-type]


DIRECTOR = someone("A. Director", "operations-director", deputy="deputy@staff.test", away=AWAY)
DEPUTY = someone("D. Deputy")
INVESTIGATOR = someone("I. Investigator", "investigator")
BOARD = someone("B. Member", "board")
OWNER = someone("O. Owner", "policy-owner")
SECOND = someone("Second Director", "operations-director")


def asked(people: tuple[Person, ...], role: str = "operations-director", policy: object = CMS, **more: object) -> str:
    for key in ("without", "silent"):
        if key in more:
            more[key] = frozenset(more[key])  # type: ignore[call-overload]
    return People(people).officer(policy, role, **more).name  # type: ignore[arg-type]


def test_while_the_holder_is_there_it_is_theirs() -> None:
    assert asked((DIRECTOR, DEPUTY), on=date(2026, 12, 20)) == "A. Director"
    assert asked((DIRECTOR, DEPUTY), on=date(2027, 1, 3)) == "A. Director"
    assert asked((DIRECTOR, DEPUTY)) == "A. Director"


def test_while_the_holder_is_away_it_is_the_deputy_s_and_they_are_told_why() -> None:
    officer = People((DIRECTOR, DEPUTY)).officer(CMS, "operations-director", on=XMAS)

    assert (officer.email, officer.role, officer.title) == (
        "deputy@staff.test",
        "operations-director",
        "Operations Director",
    )
    assert officer.why == "deputy for A. Director, who is away until 2 January"


def test_an_absence_that_goes_on_the_next_day_is_one() -> None:
    longer = someone("A. Director", deputy="deputy@staff.test", away=(*AWAY, (date(2027, 1, 3), date(2027, 1, 9))))

    assert longer.away_until(XMAS) == date(2027, 1, 9)
    assert DIRECTOR.away_until(date(2027, 1, 3)) is None


def test_somebody_else_in_the_same_role_comes_before_a_deputy() -> None:
    assert asked((DIRECTOR, DEPUTY, SECOND), on=XMAS) == "Second Director"


def test_one_who_does_not_answer_is_as_good_as_away() -> None:
    officer = People((DIRECTOR, DEPUTY)).officer(
        CMS, "operations-director", silent=frozenset({"Director@Staff.test"}), on=date(2026, 11, 2)
    )

    assert (officer.name, officer.why) == ("D. Deputy", "deputy for A. Director, who does not answer")


@pytest.mark.parametrize(
    ("deputy", "then"),
    [
        (someone("D. Deputy", away=AWAY, deputy="third@staff.test"), "T. Third"),
        (someone("D. Deputy", away=AWAY, deputy="director@staff.test"), "O. Owner"),
        (someone("D. Deputy", away=AWAY), "O. Owner"),
        (someone("D. Deputy", policies=("sek",)), "O. Owner"),
        (someone("Elsewhere"), "O. Owner"),
    ],
)
def test_a_deputy_who_cannot_either_passes_it_on_and_a_ring_ends(deputy: Person, then: str) -> None:
    assert asked((DIRECTOR, deputy, someone("T. Third"), OWNER), on=XMAS) == then


def test_a_deputy_who_may_not_have_it_does_not_get_it_nor_does_their_own() -> None:
    deputy = someone("D. Deputy", deputy="third@staff.test")

    assert asked((DIRECTOR, deputy, someone("T. Third"), OWNER), on=XMAS, without=["deputy@staff.test"]) == "O. Owner"


@pytest.mark.parametrize("on", [None, XMAS, date(2026, 11, 2)])
def test_whoever_is_complained_about_gets_nothing_and_does_not_choose_who_does(on: date | None) -> None:
    people = People((DIRECTOR, DEPUTY, INVESTIGATOR, BOARD))
    officer = people.officer(CMS, "operations-director", on=on, without=frozenset({"DIRECTOR@staff.test"}))

    assert (officer.name, officer.role) == ("B. Member", "board")
    assert officer.why == "in place of Operations Director" and "A. Director" not in officer.why


def test_the_deputy_of_the_person_complained_about_is_asked_when_nobody_else_is_left() -> None:
    officer = People((DIRECTOR, DEPUTY)).officer(CMS, "operations-director", without=frozenset({"director@staff.test"}))

    assert (officer.name, officer.why) == ("D. Deputy", "in place of Operations Director")


def test_with_everybody_out_of_it_the_role_stays_without_a_person() -> None:
    everybody = frozenset({"director@staff.test", "deputy@staff.test"})
    officer = People((DIRECTOR, DEPUTY)).officer(CMS, "operations-director", without=everybody)

    assert (officer.email, officer.title, officer.role) == (None, "Operations Director", "operations-director")


@pytest.mark.parametrize(
    ("policy", "role", "others", "gets"),
    [
        (ACE, "operations-director", ("training-director", "managing-director"), "training-director"),
        (ACE, "area-director", ("managing-director", "operations-director"), "managing-director"),
        (CEME, "operations-director", ("chief-executive",), "chief-executive"),
        (SEK, "manager", ("director",), "director"),
        (SEK, "director", ("policy-owner",), "policy-owner"),
        (CMS, "board", ("directors", "operations-director"), "directors"),
        (CMS, "investigator", ("board", "operations-director"), "board"),
        (CIM, "policy-owner", ("department-manager", "awarding-body"), "department-manager"),
    ],
)
def test_the_way_up_under_each_policy_when_the_holder_may_not(
    policy: object, role: str, others: tuple[str, ...], gets: str
) -> None:
    holder = someone("The Holder", role)
    staff = (holder, *(someone(f"The {other}", other) for other in others))

    assert asked(staff, role, policy, without=["holder@staff.test"]) == f"The {gets}"


def test_a_complaint_is_never_passed_to_an_outside_body_that_is_also_a_role() -> None:
    staff = (someone("The Holder", "policy-owner"), someone("Body", "awarding-body"))

    assert asked(staff, "policy-owner", CIM, without=["holder@staff.test"]) == ""


def test_somebody_with_two_roles_is_out_of_both() -> None:
    both = someone("Both", "investigator", "board", "policy-owner", "operations-director")

    assert asked((both, someone("Other", "directors")), "board", without=["both@staff.test"]) == "Other"


def test_when_one_is_refused_the_others_who_could_do_it_are_named_in_their_order() -> None:
    second = someone("Second Board", "board", deputy="deputy@staff.test")
    people = People((BOARD, second, someone("Dot Directors", "directors"), OWNER, DEPUTY))
    named = people.alternatives(CMS, "board", without=frozenset({"member@staff.test"}))

    assert [person.name for person in named] == ["Second Board", "D. Deputy", "Dot Directors", "O. Owner"]
    assert People(()).alternatives(CMS, "board") == ()


EXAMS = someone("E. Exams", "department-manager", areas=("assessment",))
ROOMS = someone("R. Rooms", "department-manager", areas=("Business-Centre",))
ALL = someone("All", "department-manager")
HEAD = someone("Head", "policy-owner")


@pytest.mark.parametrize(
    ("area", "gets"),
    [
        ("assessment", "E. Exams"),
        ("business-centre", "R. Rooms"),
        ("Business Centre", "R. Rooms"),
        ("study-centres", "Head"),
        (None, "Head"),
    ],
)
def test_by_area_the_mail_goes_to_its_own_manager_and_an_area_is_never_guessed(area: str | None, gets: str) -> None:
    assert asked((EXAMS, ROOMS, HEAD), "department-manager", CIM, area=area) == gets


def test_one_without_areas_has_them_all_after_those_who_name_them() -> None:
    assert asked((ALL, EXAMS, HEAD), "department-manager", CIM, area="assessment") == "E. Exams"
    assert asked((ALL, EXAMS, HEAD), "department-manager", CIM, area="study-centres") == "All"
    assert asked((EXAMS, ALL, HEAD), "department-manager", CIM) == "All"


def test_a_first_role_by_area_is_the_first_area_s_while_the_area_is_open() -> None:
    thanet = someone("T. Thanet", "manager", areas=("ageless-thanet",))
    office = someone("H. Office", "manager", areas=("head-office",))

    assert asked((thanet, office), "manager", SEK) == "H. Office"
    assert asked((thanet, office), "manager", SEK, area="ageless-thanet") == "T. Thanet"
    assert asked((thanet,), "manager", SEK) == "T. Thanet"


def test_what_a_person_may_do_follows_the_roles_of_today() -> None:
    people = People((DIRECTOR, DEPUTY, INVESTIGATOR))

    assert people.may("DIRECTOR@staff.test", CMS, "operations-director")
    assert people.may("deputy@staff.test", CMS, "operations-director", on=XMAS)
    assert people.may("deputy@staff.test", CMS, "operations-director")
    assert not people.may("deputy@staff.test", CMS, "operations-director", on=date(2026, 11, 2))
    assert people.may("director@staff.test", CMS, "safeguarding")
    assert not people.may("investigator@staff.test", CMS, "operations-director")
    assert not people.may("stranger@staff.test", CMS, "operations-director")
    assert not people.may(None, CMS, "operations-director")


def test_whoever_is_complained_about_may_do_nothing_though_the_role_is_theirs() -> None:
    people = People((DIRECTOR, DEPUTY))

    assert not people.may("director@staff.test", CMS, "operations-director", without=frozenset({"Director@staff.test"}))


JOHN = someone("J. O'Neil-Smith")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("director@staff.test", ["Jane Director"]),  # one address is one person
        ("Anna Director", ["Anna Director"]),
        ("@anna", ["Anna Director"]),
        ("Ms Director", ["Anna Director", "Jane Director"]),
        ("A. Director", ["Anna Director"]),
        ("John O’Neil-Smith", ["J. O'Neil-Smith"]),
        ("Whoever <Director@Staff.test>", ["Jane Director"]),
        ("Anna Director <x@y.test>", []),  # the address is somebody else's
        ("the caretaker", []),
        ("J", []),
        ("", []),
        ("<>", []),
        ("a " * 400_000, []),
    ],
)
def test_whom_words_mean(words: str, meant: list[str]) -> None:
    anna = Person("Anna Director", "anna.d@staff.test")
    jane = Person("Jane Director", "director@staff.test")

    assert [person.name for person in People((anna, JOHN, jane)).named(words)] == meant
