"""Meetings, SEK-meet: invited with a calendar file, moved and taken back by the same name, and their notes kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.support.bureau import AT_ONCE, JANE, Bureau, a_bureau, reply
from tests.support.staff import Got

MANAGER = '\n[[person]]\nname = "Dana"\nemail = "dana@staff.test"\nroles = ["manager", "policy-owner"]\n'


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    """Dana deals with every complaint; it is Wednesday 18 November 2026, noon."""
    bureau = a_bureau(tmp_path, policy="sek", staff=MANAGER, extra=AT_ONCE)
    yield bureau
    bureau.office.close()


def said(got: Got) -> str:
    return " ".join(got.words.split())


def calendar(got: Got) -> dict[str, str]:
    """The invitation inside a mail: its lines by their names."""
    message = message_from_bytes(got.raw, policy=policy.default)
    [shown] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    [file] = [part for part in message.walk() if part.get_content_type() == "application/ics"]
    assert shown.get_payload(decode=True) == file.get_payload(decode=True)
    lines = shown.get_content().replace("\r\n", "\n").replace("\n ", "").splitlines()
    found = {re.split("[;:]", line)[0]: line.partition(":")[2] for line in lines}
    assert shown.get_param("method") == found["METHOD"]
    return found


def duties(bureau: Bureau) -> list[tuple[str, str, str]]:
    return bureau.rows("SELECT state, clause, substr(due_at, 1, 10) FROM obligation WHERE kind = 'meeting' ORDER BY id")  # type: ignore[return-value]


def test_sek_meet_the_complainant_is_invited_with_a_calendar_file_and_the_notes_are_owed(bureau: Bureau) -> None:
    bureau.complains("I am very unhappy with the course.")
    [yours] = bureau.gets("dana")
    bureau.gets(JANE)

    bureau.takes(reply("dana", yours, "#meeting 24 November 2.30pm Room 2, 1 High Street\nDo bring your letter."))

    [invitation] = bureau.gets(JANE)
    event = calendar(invitation)
    assert invitation.subject.startswith("A meeting about your complaint on Tuesday 24 November 2026")
    assert "Room 2, 1 High Street" in said(invitation) and "14:30" in said(invitation)
    assert "Do bring your letter." in said(invitation)
    assert (event["METHOD"], event["SEQUENCE"], event["DTSTART"]) == ("REQUEST", "0", "20261124T143000Z")
    assert (event["ORGANIZER"], event["LOCATION"]) == ("mailto:info@example.test", "Room 2\\, 1 High Street")
    assert event["ATTENDEE"] == f"mailto:{JANE}"
    assert duties(bureau) == [("open", "SEK-meet", "2026-11-25")]
    assert bureau.rows("SELECT owner FROM obligation WHERE kind = 'meeting'")[0][0].count("dana@staff.test") == 1


def test_sek_meet_a_meeting_moves_and_is_taken_back_under_the_same_name(bureau: Bureau) -> None:
    bureau.complains("I am very unhappy with the course.")
    [yours] = bureau.gets("dana")
    bureau.takes(reply("dana", yours, "#meeting 24 November 14:30 Room 2"))
    bureau.takes(reply("dana", yours, "#meeting 26 November 10-11.30am the library"))
    bureau.takes(reply("dana", yours, "#meeting off\nI am so sorry."))

    first, second, third = (calendar(got) for got in bureau.gets(JANE)[1:])
    assert first["UID"] == second["UID"] == third["UID"] == "SEK-2026-000001.meeting-1@example.test"
    assert [one["SEQUENCE"] for one in (first, second, third)] == ["0", "1", "2"]
    assert (second["DTSTART"], second["DTEND"]) == ("20261126T100000Z", "20261126T113000Z")
    assert (third["METHOD"], third["STATUS"], third["DTSTART"]) == ("CANCEL", "CANCELLED", "20261126T100000Z")
    assert duties(bureau) == [("void", "SEK-meet", "2026-11-27")]

    bureau.takes(reply("dana", yours, "#meeting 1 December 9am Room 2"))

    assert calendar(bureau.gets(JANE)[-1])["UID"] == "SEK-2026-000001.meeting-2@example.test"


def test_sek_meet_the_notes_are_kept_meet_the_duty_and_reach_nobody(bureau: Bureau) -> None:
    bureau.complains("I am very unhappy with the course.")
    [yours] = bureau.gets("dana")
    bureau.takes(reply("dana", yours, "#meeting 24 November 14:30 Room 2"))
    bureau.clock.on(days=7)
    before = len(bureau.all_to(JANE))

    bureau.takes(reply("dana", yours, "#met\nShe was calm. We agreed on a new tutor.\n\nDana"))

    assert duties(bureau) == [("met", "SEK-meet", "2026-11-25")]
    [(course,)] = bureau.rows("SELECT course FROM cases")
    assert "Tuesday 24 November 2026: She was calm. We agreed on a new tutor." in course
    assert [one["day"] for one in bureau.told("staff_met")] == ["2026-11-24"]
    assert len(bureau.all_to(JANE)) == before


def test_sek_meet_a_case_is_not_closed_without_the_meeting_or_a_reason(bureau: Bureau) -> None:
    bureau.complains("I am very unhappy with the course.")
    [yours] = bureau.gets("dana")
    bureau.takes(reply("dana", yours, "#answered today by telephone"))
    bureau.gets("dana")

    bureau.takes(reply("dana", yours, "#close"))

    [refused] = bureau.gets("dana")
    assert "the meeting or talk with the complainant at the end (SEK-meet)" in said(refused)
    assert bureau.rows("SELECT status FROM cases") == [("open",)]

    bureau.takes(reply("dana", yours, "#close she did not want to meet"))

    assert bureau.rows("SELECT status FROM cases") == [("closed",)]
    assert bureau.told("staff_close")[-1]["reason"] == "she did not want to meet"
    assert bureau.rows("SELECT course FROM cases") == [(None,)]


def answer(bureau: Bureau, invitation: Got, word: str) -> bytes:
    """What a calendar program sends when its owner presses a button."""
    number = len(bureau.inbox.mails)
    return (
        f"From: Jane Doe <{JANE}>\r\nTo: info@example.test\r\nSubject: {word}: {invitation.subject}\r\n"
        f"Date: Wed, 18 Nov 2026 13:00:00 +0000\r\nMessage-ID: <{number}.answers@complainants.test>\r\n"
        f"In-Reply-To: {invitation.message_id}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n"
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:SEK-2026-000001.meeting-1@example.test\r\n"
        f"ATTENDEE;PARTSTAT={word.upper()}:mailto:{JANE}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def test_a_calendars_yes_is_filed_and_its_no_is_put_before_a_person(bureau: Bureau) -> None:
    bureau.complains("I am very unhappy with the course.")
    [yours] = bureau.gets("dana")
    bureau.takes(reply("dana", yours, "#meeting 24 November 14:30 Room 2"))
    invitation = bureau.gets(JANE)[-1]
    bureau.gets("dana")

    bureau.takes(answer(bureau, invitation, "Accepted"))
    assert bureau.gets("dana") == []

    bureau.takes(answer(bureau, invitation, "Declined"))

    [told] = bureau.gets("dana")
    assert "The meeting does not suit them as it was proposed, says their calendar." in said(told)
    assert bureau.rows("SELECT DISTINCT case_id FROM message WHERE kind = 'bulk'") == [(1,)]
    assert bureau.rows("SELECT count(*) FROM cases") == [(1,)]
