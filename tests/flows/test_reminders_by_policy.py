"""What other policies' clauses ask of reminders: contact on the day, dates by severity, an answer without a date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.test_reminders import Office, at
from tests.support.bureau import AT_ONCE, JANE, a_bureau, click, reply

Begins = Callable[..., Office]


def person(name: str, *roles: str) -> str:
    listed = ", ".join(f'"{role}"' for role in roles)
    return f'\n[[person]]\nname = "{name}"\nemail = "{name.lower()}@staff.test"\nroles = [{listed}]\n'


@pytest.fixture
def begins(tmp_path: Path) -> Iterator[Begins]:
    """An office under one of the packaged policies, with Dana first and Bea at the top of its ladder."""
    begun: list[Office] = []

    def begin(policy: str, first: str, top: str, *more: str, came: str = "18 Nov 09:30", **box: Any) -> Office:
        staff = person("Dana", first, "policy-owner") + person("Bea", top) + "".join(more)
        bureau = a_bureau(tmp_path, policy=policy, staff=staff, without=("hal", "bea"), extra=AT_ONCE, **box)
        begun.append(Office(bureau))
        bureau.clock.moment = at(came)
        bureau.complains("The room was cold and nobody came.")
        return begun[-1]

    yield begin
    for office in begun:
        office.bureau.office.close()


def test_ace_contact_the_director_is_reminded_on_the_same_day_and_up_the_ladder_after_it(begins: Begins) -> None:
    office = begins("ace", "operations-director", "managing-director")

    office.days("17 Nov")
    for hour in ("10:00", "12:29", "12:30", "16:00"):
        office.on(f"18 Nov {hour}")
    [notice] = [got for got in office.notices("dana") if "contact" in got.subject]
    office.on("19 Nov 09:00")

    assert notice.subject == "Reminder: first contact due by Wednesday 18 November [ACE-2026-000001]"
    assert "due today" in notice.words
    assert [w for w in office.spoken("dana") if "contact" in w] == [
        "Thu 19 09:00 Late since Wednesday 18 November: first contact [ACE-2026-000001]"
    ]
    assert [w for w in office.spoken("bea") if "contact" in w] == [
        "Thu 19 09:00 Late since Wednesday 18 November: first contact [ACE-2026-000001]"
    ]


def test_ace_contact_a_click_says_that_they_have_spoken(begins: Begins) -> None:
    office = begins("ace", "operations-director", "managing-director")
    office.on("18 Nov 12:30")
    [notice] = [got for got in office.notices("dana") if "contact" in got.subject]

    office.bureau.takes(click("dana", notice, "I have spoken with them"))
    office.days("24 Nov")

    assert office.bureau.rows("SELECT state FROM obligation WHERE kind = 'contact'") == [("met",)]
    assert [w for w in office.spoken("dana") if "contact" in w] == []


def test_ace_date_the_director_is_reminded_of_the_date_until_there_is_one(begins: Begins) -> None:
    office = begins("ace", "operations-director", "managing-director")
    office.days("20 Nov")
    asked = [got for got in office.notices("dana") if "date of the answer" in got.subject]

    office.bureau.takes(click("dana", asked[-1], "Give the date", body="#due 4 December agreed on the telephone\n"))
    office.days("4 Dec")

    assert len(asked) == 2
    assert [w[:6] for w in office.spoken("dana") if "answer due by Friday 4 December" in w] == ["Fri 27", "Thu 3 "]


def test_ceme_7_a_reminder_before_the_last_day_and_an_escalation_after_it(begins: Begins) -> None:
    """Five calendar days from Wednesday 18 November: Monday the 23rd. One working day before lies in its window."""
    office = begins("ceme", "operations-director", "chief-executive")

    office.days("3 Dec")

    assert [w for w in office.spoken("dana") if "answer" in w] == [
        "Thu 19 09:00 Reminder: answer due by Monday 23 November [CEME-2026-000001]",
        "Mon 23 09:00 Reminder: answer due by Monday 23 November [CEME-2026-000001]",
        "Tue 24 09:00 Late since Monday 23 November: answer [CEME-2026-000001]",
        "Tue 1 09:00 Late since Monday 23 November: answer [CEME-2026-000001]",
    ]
    assert [w[:12] for w in office.spoken("bea")] == ["Tue 24 09:00", "Tue 1 09:00 "]


def test_ceme_7_a_change_of_severity_moves_the_date_and_its_reminders_and_is_on_the_record(begins: Begins) -> None:
    """Behaviour 60: high is three days from receipt, a Saturday; the reminder comes while there is still time."""
    office = begins("ceme", "operations-director", "chief-executive")
    [notice] = office.bureau.gets("dana")

    office.bureau.takes(reply("dana", notice, "#severity high"))
    [said] = [got for got in office.bureau.gets("dana") if "severity" in got.words]
    office.days("23 Nov")

    assert "now high (it was medium)" in " ".join(said.words.split())
    assert "The answer is due by 21 November 2026" in " ".join(said.words.split())
    assert [event["said"][:30] for event in office.bureau.told("staff_severity")] == ["The severity of CEME-2026-0000"]
    assert [w for w in office.spoken("dana") if "answer" in w] == [
        "Fri 20 09:00 Reminder: answer due by Saturday 21 November [CEME-2026-000001]",
        "Mon 23 09:00 Late since Saturday 21 November: answer [CEME-2026-000001]",
    ]


def test_ceme_7_a_missed_date_is_not_lengthened_by_a_lower_severity(begins: Begins) -> None:
    """Behaviour 60: seven days would end on the 25th, which has not come yet; it was missed on the 23rd."""
    office = begins("ceme", "operations-director", "chief-executive")
    [notice] = office.bureau.gets("dana")
    before = office.bureau.rows("SELECT due_at FROM obligation WHERE kind = 'respond'")
    office.days("24 Nov")
    office.notices("dana")

    office.bureau.takes(reply("dana", notice, "#severity low"))

    [said] = [got for got in office.bureau.gets("dana") if "severity" in got.words]
    assert "already late, so its date stays as it was" in " ".join(said.words.split())
    assert office.bureau.rows("SELECT due_at FROM obligation WHERE kind = 'respond'") == before
    office.days("2 Dec")
    assert [w[:12] for w in office.spoken("dana") if "Late since Monday 23 November" in w] == ["Tue 1 09:00 "]


def test_ceme_3_whoever_an_action_was_given_to_is_reminded_of_it_until_it_is_done(begins: Begins) -> None:
    office = begins("ceme", "operations-director", "chief-executive", person("Mo", "senior-management"))
    [notice] = office.bureau.gets("dana")
    office.bureau.takes(reply("dana", notice, "#assign me\n#action mend the boiler by 4 December @Mo"))
    office.bureau.takes(reply("dana", notice, "#answered today by telephone"))

    office.days("4 Dec")
    asked = [got for got in office.notices("mo") if "action" in got.subject]
    office.bureau.takes(click("mo", asked[-1], "It is done already"))
    office.days("10 Dec")

    assert [got.subject for got in asked] == [
        "Reminder: action due by Friday 4 December [CEME-2026-000001]",
        "Reminder: action due by Friday 4 December [CEME-2026-000001]",
    ]
    assert "Action 1: mend the boiler." in asked[0].words
    assert "it was given to you" in asked[0].words
    assert office.bureau.rows("SELECT done_at IS NOT NULL FROM case_action") == [(1,)]
    assert [office.spoken(who) for who in ("mo", "bea")] == [[], []]


def test_sek_28b_the_manager_is_reminded_of_a_progress_letter_and_of_the_next_one(begins: Begins) -> None:
    """Twenty-six working days from 18 November end on Christmas Eve; the answer is due two working days later."""
    office = begins("sek", "manager", "director")

    office.days("23 Dec")
    asked = [got for got in office.notices("dana") if "progress" in got.subject]
    said = "We have spoken with everybody and are waiting for one more report."
    office.bureau.takes(click("dana", asked[-1], "Tell them how far it is", body=f"#progress\n{said}\n"))

    assert [str(got.mail["Date"])[5:11] for got in asked] == ["17 Dec", "23 Dec"]
    assert asked[0].subject == "Reminder: progress letter due by Thursday 24 December [SEK-2026-000001]"
    assert said in office.bureau.all_to(JANE)[-1].words
    owed = office.bureau.rows("SELECT state, due_at > '2027-01' FROM obligation WHERE kind = 'progress' ORDER BY id")
    assert owed == [("met", 0), ("open", 1)]


def test_sek_28_the_manager_is_reminded_of_the_answer_and_the_director_hears_when_it_is_late(begins: Begins) -> None:
    office = begins("sek", "manager", "director")

    office.days("31 Dec")

    told = [words[:12] for words in office.spoken("dana") if " answer " in words]
    assert told == ["Mon 21 09:00", "Tue 29 09:00", "Thu 31 09:00"]
    late = [words for words in office.spoken("bea") if "answer" in words]
    assert late == ["Thu 31 09:00 Late since Wednesday 30 December: answer [SEK-2026-000001]"]
