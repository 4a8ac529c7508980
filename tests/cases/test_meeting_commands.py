"""#meeting and #met, as pure tables: what their lines say, and what is asked back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from complaintmail.cases.commands.meeting import meeting, met
from complaintmail.cases.commands.table import Order
from complaintmail.cases.deeds import Change, Deed, Meet, Owe, Redate, Trouble, Waive, Write
from complaintmail.cases.people import People, Person
from complaintmail.cases.scene import CaseNow, DutyNow, RelayRules, Scene
from complaintmail.policy.load import find
from complaintmail.triage.authority import Proof, Word

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)  # a Wednesday
DANA = Person("Dana Director", "dana@staff.test", ("manager",))
PLANNED = {
    "n": 1, "sequence": 0, "begins": "2026-11-24T14:30:00+00:00", "minutes": 60, "place": "Room 2", "state": "asked",
}  # fmt: skip


def scene(course: dict[str, Any] | None = None, duties: tuple[DutyNow, ...] = (), **columns: Any) -> Scene:
    row: dict[str, Any] = {
        "reference": "SEK-2026-000001", "kind": "complaint", "status": "open", "complainant_name": "Jane Doe",
        "complainant_email": "jane@complainants.test", "contact": "email", "restricted": False, "area": None,
        "handler": {"name": "Dana Director", "email": "dana@staff.test", "role": "manager"}, "course": course,
        "first_human_at": None, "outcome": None, **columns,
    }  # fmt: skip
    return Scene(
        person=DANA,
        word=Word(Proof.REPLY, "proved"),
        case=CaseNow(id=1, row=row, duties=duties),
        policy=find("sek", None),
        people=People((DANA,)),
        now=NOW,
        mailbox="info@example.test",
        own=frozenset({"info@example.test"}),
        rules=RelayRules(confirm="never"),
    )


def kept(deed: Deed, name: str) -> Any:
    for effect in deed.effects:
        if isinstance(effect, Change) and "course" in effect.values:
            return effect.values["course"].get(name)
    return None


def planned(line: str) -> tuple[str, int, str]:
    done = meeting(Order("meeting", line, ""), scene())
    assert isinstance(done, Deed), done
    found = kept(done, "invitation")
    return found["begins"][:16], found["minutes"], found["place"]


@pytest.mark.parametrize(
    ("line", "begins", "minutes", "place"),
    [
        ("24 November 14:30 Room 2", "2026-11-24T14:30", 60, "Room 2"),
        ("24/11 at 2.30pm in the library", "2026-11-24T14:30", 60, "the library"),
        ("Tuesday 24 November 2026, 14:30, Room 2, 1 High Street", "2026-11-24T14:30", 60, "Room 2, 1 High Street"),
        ("tomorrow 9am by telephone", "2026-11-19T09:00", 60, "by telephone"),
        ("next Tuesday 10-11.30am Room 2", "2026-11-24T10:00", 90, "Room 2"),
        ("24 November 10am for 30 minutes Room 2", "2026-11-24T10:00", 30, "Room 2"),
        ("24 November 10am for two or three people Room 2", "2026-11-24T10:00", 60, "for two or three people Room 2"),
        ("2 June 2027 10am Room 2", "2027-06-02T09:00", 60, "Room 2"),
    ],
)
def test_a_line_is_read_as_people_write_it(line: str, begins: str, minutes: int, place: str) -> None:
    assert planned(line) == (begins, minutes, place)


@pytest.mark.parametrize(
    ("line", "words", "right"),
    [
        ("", "Missing: the day, the time, the place.", "#meeting 17 March 14:30 PLACE"),
        ("24 November Room 2", "Missing: the time.", "#meeting 24 November 14:30 Room 2"),
        ("24 November 3pm", "Missing: the place.", "#meeting 24 November 15:00 PLACE"),
        ("31 February 3pm Room 2", "31 February", "#meeting 17 March 14:30 PLACE"),
        ("today 9am Room 2", "is past", "#met today"),
        ("off", "No meeting is planned", "#meeting 17 March 14:30 PLACE"),
    ],
)
def test_what_is_missing_is_asked_for(line: str, words: str, right: str) -> None:
    done = meeting(Order("meeting", line, ""), scene())

    assert isinstance(done, Trouble)
    assert words in done.words
    assert right in done.right


@pytest.mark.parametrize("columns", [{"status": "closed"}, {"contact": "never"}])
def test_nobody_is_invited_on_a_closed_case_or_against_their_wish(columns: dict[str, Any]) -> None:
    assert isinstance(meeting(Order("meeting", "24 November 3pm Room 2", ""), scene(**columns)), Trouble)


def test_the_notes_are_owed_once_and_their_day_moves_with_the_meeting() -> None:
    first = meeting(Order("meeting", "24 November 14:30 Room 2", ""), scene())
    there = DutyNow(7, "meeting", "SEK-meet", "manager", None, "", None)
    second = meeting(Order("meeting", "27 November 14:30 Room 2", ""), scene({"invitation": PLANNED}, (there,)))

    assert isinstance(first, Deed) and isinstance(second, Deed)
    [owed] = [one for one in first.effects if isinstance(one, Owe)]
    [moved] = [one for one in second.effects if isinstance(one, Redate)]
    assert owed.owed.counted is not None and owed.owed.counted.due_on.isoformat() == "2026-11-25"
    assert (owed.owed.clause, owed.who and owed.who["email"]) == ("SEK-meet", "dana@staff.test")
    assert (moved.duty, moved.counted.due_on.isoformat()) == (7, "2026-11-30")
    assert not [one for one in second.effects if isinstance(one, Owe)]


def test_a_meeting_whose_day_is_past_is_not_moved_but_followed_by_another() -> None:
    past = {**PLANNED, "begins": "2026-11-17T14:30:00+00:00"}
    there = DutyNow(7, "meeting", "SEK-meet", "manager", NOW, "", None)

    done = meeting(Order("meeting", "24 November 14:30 Room 2", ""), scene({"invitation": past}, (there,)))

    assert isinstance(done, Deed)
    assert [one.round for one in done.effects if isinstance(one, Owe)] == [2]
    assert (kept(done, "invitation")["n"], kept(done, "invitation")["sequence"]) == (2, 0)
    assert "The meeting is noted for Tuesday 24 November 2026, 14:30: Room 2." in done.said


def test_notes_of_a_call_leave_the_meeting_that_is_still_to_come() -> None:
    ahead = DutyNow(7, "meeting", "SEK-meet", "manager", NOW, "", None)
    call = DutyNow(8, "contact", "SEK-ack", "manager", NOW, "", None)

    done = met(Order("met", "", "We spoke on the telephone."), scene({"invitation": PLANNED}, (ahead, call)))

    assert isinstance(done, Deed)
    assert [one.duties for one in done.effects if isinstance(one, Meet)] == [(8,)]
    assert kept(done, "invitation") == PLANNED


def test_whoever_has_no_mail_address_is_invited_on_paper_without_a_file() -> None:
    done = meeting(Order("meeting", "24 November 14:30 Room 2", ""), scene(complainant_email=None, contact="post"))

    assert isinstance(done, Deed)
    assert [one.calendar for one in done.effects if isinstance(one, Write)] == [""]


def test_a_meeting_that_is_taken_back_owes_no_notes() -> None:
    there = DutyNow(7, "meeting", "SEK-meet", "manager", None, "", None)

    done = meeting(Order("meeting", "off", ""), scene({"invitation": PLANNED}, (there,)))

    assert isinstance(done, Deed)
    assert [one.duties for one in done.effects if isinstance(one, Waive)] == [(7,)]
    assert (kept(done, "invitation")["sequence"], kept(done, "invitation")["state"]) == (1, "off")


@pytest.mark.parametrize(
    ("rest", "body", "text"),
    [
        ("", "We agreed on a new tutor.\n\nDana Director", "Wednesday 18 November 2026: We agreed on a new tutor."),
        ("yesterday", "She was calm.", "Tuesday 17 November 2026: She was calm."),
        ("on 16 November, she was calm", "", "Monday 16 November 2026: she was calm"),
        ("She was calm.", "More.", "Wednesday 18 November 2026: She was calm.\nMore."),
    ],
)
def test_notes_are_kept_with_the_day_of_the_talk(rest: str, body: str, text: str) -> None:
    there = DutyNow(7, "meeting", "SEK-meet", "manager", None, "", None)

    done = met(Order("met", rest, body), scene(duties=(there,)))

    assert isinstance(done, Deed)
    assert kept(done, "meeting") == text
    assert [one.duties for one in done.effects if isinstance(one, Meet)] == [(7,)]


def test_notes_that_say_nothing_are_asked_for() -> None:
    done = met(Order("met", "today", "\n\nRegards\nDana Director"), scene())

    assert isinstance(done, Trouble)
    assert done.right == ("#met today\nYour notes here",)


def test_later_notes_stand_below_the_earlier_ones() -> None:
    done = met(Order("met", "", "A second talk."), scene({"meeting": "First.", "learning": "x"}))

    assert isinstance(done, Deed)
    assert kept(done, "meeting") == "First.\n\nWednesday 18 November 2026: A second talk."
    assert kept(done, "learning") == "x"


def test_notes_that_were_all_that_was_missing_close_the_case() -> None:
    waits = DutyNow(9, "close", "SEK-meet", "manager", None, "", None)
    answered = scene(duties=(waits,), outcome="upheld")

    done = met(Order("met", "", "We spoke on the telephone."), answered)
    too_early = met(Order("met", "", "We spoke."), replace(answered, case=replace(answered.case, duties=())))  # type: ignore[type-var]

    assert isinstance(done, Deed) and isinstance(too_early, Deed)
    assert Change({"status": "closed", "closed_at": NOW}) in done.effects
    assert Change({"status": "closed", "closed_at": NOW}) not in too_early.effects
