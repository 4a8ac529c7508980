"""The letter that tells staff what they may be asked."""

from __future__ import annotations

import pytest

from complaintmail.cases.people import People, Person
from complaintmail.letters.notice import Notice, written
from complaintmail.letters.welcome import NOT_OURS, TASKS, welcome
from complaintmail.policy.load import find, packaged

CMS, CIM, SEK = find("cms"), find("cim"), find("sek")
ALL = tuple(find(name) for name in packaged())
BOX = "info@example.test"
DANA = Person("Dana Director", "dana@staff.test", ("operations-director",), deputy="ina@staff.test")
INA = Person("Ina Investigator", "ina@staff.test", ("investigator",))
BEN = Person("Ben Board", "ben@staff.test", ("board",), policies=("cms",))


def letter(person: Person, *others: Person, policies: tuple[object, ...] = (CMS,), **more: str) -> Notice:
    return welcome(person, People((person, *others)), policies, BOX, **more)  # type: ignore[arg-type]


def text(*people: Person, **more: object) -> str:
    return " ".join(written(letter(*people, **more), BOX)[0].split())  # type: ignore[arg-type]


@pytest.mark.parametrize("person", [DANA, INA, BEN, Person("Nobody", "nobody@staff.test")])
def test_everybody_is_asked_for_one_word_and_told_where_it_goes(person: Person) -> None:
    notice = letter(person, policies=ALL)

    assert notice.first_line.startswith("Your reply goes to nobody but the program")
    assert "please reply with the one word yes" in text(person).lower()
    assert notice.sections[0].paragraphs[0] == f"Dear {person.name},"


def test_each_role_is_told_what_it_owes_by_when_and_the_clause_it_comes_from() -> None:
    said = text(INA, DANA)

    assert "You are: Investigator." in said
    assert "Answer a complaint within 10 working days of its receipt. CMS-1.3a says: The person chosen" in said
    assert "Decide who deals with a complaint" not in said


def test_the_first_role_hears_that_new_complaints_come_to_it_and_what_else_it_is() -> None:
    said = text(DANA, INA)

    assert (
        "A new complaint comes to you first" in said
        and "Decide who deals with a complaint within 1 working day" in said
    )
    assert (
        "Since nobody else is there for it, you are also: Directors, Board, Policy Owner and Safeguarding Lead." in said
    )
    assert "You are told at once where somebody may be in danger." in said
    assert "When the policy is to be reviewed you are mailed its figures" in said
    assert "is to be reviewed" not in text(INA, DANA)


def test_a_board_hears_what_its_policy_says_of_it_though_it_is_no_duty_and_not_how_long_a_complainant_has() -> None:
    said = text(BEN, DANA, INA)

    assert "CMS-2.1a: The board hears of each final outcome." in said
    assert "Answer an appeal within 10 working days of its receipt" in said
    assert "CMS-2.2a" not in said


def test_who_does_it_in_another_s_place_is_told_so() -> None:
    said = text(Person("Dot", "dot@staff.test", ("directors",)), BEN, DANA)

    assert "Answer an appeal within 10 working days of its receipt, where Board may not." in said


def test_areas_and_days_by_severity_are_told() -> None:
    manager = Person("Mo", "mo@staff.test", ("department-manager",), areas=("assessment", "business-centre"))
    director = Person("Di", "di@staff.test", ("operations-director",))

    assert "You are: Department Manager for assessment and business-centre." in text(manager, policies=(CIM,))
    assert "within 3 days when it is high, 5 days when it is medium and 7 days when it is low" in text(
        director, policies=(find("ceme"),)
    )
    assert "and again every 10 working days" in text(Person("M", "m@staff.test", ("manager",)), policies=(SEK,))


def test_policies_that_a_person_does_not_serve_are_not_in_it() -> None:
    assert "SEK-" not in text(BEN, policies=ALL)


def test_who_stands_in_for_whom_is_told_to_both() -> None:
    assert "You stand in for Dana Director while they are away" in text(INA, DANA)
    assert "Ina Investigator stands in for you while you are away" in text(DANA, INA)
    assert "Nobody is named to stand in for you" in text(INA)


def test_somebody_without_a_role_may_be_given_a_case_all_the_same() -> None:
    assert "You hold no role of a complaints policy." in text(Person("Nobody", "nobody@staff.test"), DANA)


def test_with_a_token_the_answer_is_one_click_and_without_one_there_is_no_link() -> None:
    (link,) = letter(DANA, token="cm-token").sections[0].links

    assert (link.subject, link.body) == ("cm-token Test reply", "yes")
    assert not any(section.links for section in letter(DANA).sections)


def test_no_line_of_it_reads_as_a_command_when_it_comes_back() -> None:
    plain, _ = written(letter(DANA, INA, policies=ALL, hours="Mon-Fri 08:30-17:30"), BOX)

    assert not [line for line in plain.splitlines() if line.startswith("#")]


def test_every_duty_of_every_policy_that_comes_with_the_program_has_its_words() -> None:
    kinds = {duty.kind for policy in ALL for duty in policy.duties}

    assert kinds - NOT_OURS <= set(TASKS)
