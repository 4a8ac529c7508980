"""Invitations: what every calendar program accepts, and words that stay words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaintmail.mail.calendar_file import Meeting, Method, calendar_file, folded, uid
from complaintmail.mail.compose import compose
from complaintmail.mail.read import read

LONDON = ZoneInfo("Europe/London")
STAMP = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
FIRST = Meeting(
    uid=uid("SEK-2026-000007", 1, "info@example.test"),
    begins=datetime(2026, 7, 1, 14, 30, tzinfo=LONDON),
    summary="Meeting about your complaint",
    organiser="info@example.test",
    attendee="jane@complainants.test",
    place="Room 2, 1 High Street; first floor",
    description="We meet at 14:30.\nPlease bring the letter.",
    organiser_name="Example & Sons",
)

PARTICIPANT = re.compile(
    r'(?:ATTENDEE|ORGANIZER)(?:;[A-Z]+=(?:"[^"]*"|[^";:,]*))*:mailto:(?:jane@complainants|info@example)\.test'
)


def unfolded(calendar: str) -> list[str]:
    return calendar.replace("\r\n ", "").split("\r\n")[:-1]


def said(text: str) -> str:
    """A value of type TEXT, read back."""
    out, at = [], 0
    while at < len(text):
        if text[at] == "\\":
            out.append({"n": "\n", "N": "\n"}.get(text[at + 1], text[at + 1]))
            at += 2
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def the(name: str, calendar: str) -> str:
    [line] = [line for line in unfolded(calendar) if line.startswith(name)]
    return line


def a_mail(calendar: str) -> bytes:
    return compose(
        mail_from="info@example.test",
        to="jane@complainants.test",
        subject="A meeting about your complaint [SEK-2026-000007]",
        text="Let us meet.\n",
        html="<p>Let us meet.</p>\n",
        date=STAMP,
        message_id="<cm.aaaabbbbccccdddd.abcdefghijklmnopqrstuvwxyz@example.test>",
        calendar=calendar,
    )


def test_an_invitation_says_when_where_who_and_asks_for_an_answer() -> None:
    calendar = calendar_file(FIRST, Method.REQUEST, stamp=STAMP)

    assert unfolded(calendar) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//complaintmail//meetings//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:SEK-2026-000007.meeting-1@example.test",
        "SEQUENCE:0",
        "DTSTAMP:20261118T120000Z",
        "DTSTART:20260701T133000Z",
        "DTEND:20260701T143000Z",
        'ORGANIZER;CN="Example & Sons":mailto:info@example.test',
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:jane@complainants.test",
        "SUMMARY:Meeting about your complaint",
        "LOCATION:Room 2\\, 1 High Street\\; first floor",
        "DESCRIPTION:We meet at 14:30.\\nPlease bring the letter.",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_the_same_meeting_moved_or_taken_back_is_known_by_its_name_and_a_higher_number() -> None:
    moved = Meeting(**{**_values(FIRST), "sequence": 2, "begins": FIRST.begins + timedelta(days=1)})

    taken_back = calendar_file(moved, Method.CANCEL, stamp=STAMP)

    assert the("UID:", taken_back) == the("UID:", calendar_file(FIRST, Method.REQUEST, stamp=STAMP))
    assert the("SEQUENCE:", taken_back) == "SEQUENCE:2"
    assert the("METHOD:", taken_back) == "METHOD:CANCEL"
    assert the("STATUS:", taken_back) == "STATUS:CANCELLED"
    assert "RSVP" not in taken_back


def _values(meeting: Meeting) -> dict[str, object]:
    return {name: getattr(meeting, name) for name in Meeting.__dataclass_fields__}


@pytest.mark.parametrize(
    "hostile",
    [
        "x\r\nATTENDEE:mailto:all@elsewhere.test",
        "x\nEND:VEVENT\nBEGIN:VALARM\nACTION:PROCEDURE",
        "a\u2028BEGIN:VEVENT",
        "\\n\\;\\,",
        '"; CN="y":mailto:z@elsewhere.test',
        "\x00\x07bell\u202egnp.exe",
        "Ŵyn 👩🏽‍🌾 " * 60,
    ],
)
def test_whatever_is_written_adds_no_line_and_steers_nothing(hostile: str) -> None:
    meeting = Meeting(
        **{
            **_values(FIRST),
            "summary": hostile,
            "place": hostile,
            "description": hostile,
            "organiser_name": hostile,
            "attendee_name": hostile,
            "uid": uid(hostile, 1, "info@example.test"),
        }
    )

    calendar = calendar_file(meeting, Method.REQUEST, stamp=STAMP)

    names = [line.partition(":")[0].partition(";")[0] for line in unfolded(calendar)]
    plain = [line.partition(":")[0].partition(";")[0] for line in _lines_of_the_plain_one()]
    assert names == plain
    assert not any(ord(char) < 32 for char in calendar.replace("\r\n", ""))
    assert PARTICIPANT.fullmatch(the("ATTENDEE", calendar))
    assert PARTICIPANT.fullmatch(the("ORGANIZER", calendar))


def _lines_of_the_plain_one() -> list[str]:
    return unfolded(calendar_file(FIRST, Method.REQUEST, stamp=STAMP))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=400))
def test_a_folded_line_is_itself_again_and_no_piece_is_too_long(line: str) -> None:
    pieces = list(folded(line))

    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line
    assert all(piece[0] == " " for piece in pieces[1:])
    assert max(len(piece.encode()) for piece in pieces) <= 75


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=300))
def test_words_are_read_back_as_they_were_written(words: str) -> None:
    meeting = Meeting(**{**_values(FIRST), "summary": f"About {words}."})

    calendar = calendar_file(meeting, Method.REQUEST, stamp=STAMP)

    kept = "".join(char for char in words if char not in "\ufffe\uffff")
    assert said(the("SUMMARY:", calendar).removeprefix("SUMMARY:")) == f"About {kept}."


def test_a_megabyte_of_words_makes_a_small_file() -> None:
    meeting = Meeting(**{**_values(FIRST), "description": "ŵ;,\\\n" * 200_000, "place": "x" * 1_000_000})

    calendar = calendar_file(meeting, Method.REQUEST, stamp=STAMP)

    assert len(calendar) < 40_000


@pytest.mark.parametrize(
    "wrong",
    [
        {"begins": datetime(2026, 7, 1, 14, 30)},  # noqa: DTZ001 - without its offset, which is what is refused
        {"attendee": "nobody"},
        {"attendee": "a@b\r\nATTENDEE:mailto:c@d.test"},
        {"lasts": timedelta()},
    ],
)
def test_what_no_calendar_could_understand_is_refused(wrong: dict[str, object]) -> None:
    meeting = Meeting(**{**_values(FIRST), **wrong})

    with pytest.raises(ValueError, match=r"offset|address|header|begun"):
        calendar_file(meeting, Method.REQUEST, stamp=STAMP)


def test_the_mail_shows_the_invitation_beside_its_words_and_holds_it_as_a_file() -> None:
    calendar = calendar_file(FIRST, Method.REQUEST, stamp=STAMP)

    raw = a_mail(calendar)

    message = message_from_bytes(raw, policy=policy.default)
    parts = list(message.walk())
    assert [part.get_content_type() for part in parts] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    assert [part.defects for part in parts] == [[] for _ in parts]
    assert (parts[4].get_param("method"), parts[4].get_param("charset")) == ("REQUEST", "utf-8")
    assert parts[4].get_payload(decode=True) == parts[5].get_payload(decode=True) == calendar.encode()
    assert parts[5].get_filename() == "invite.ics"
    assert read(raw).text.strip() == "Let us meet."


def test_a_mail_without_a_meeting_is_the_mail_it_was() -> None:
    assert b"calendar" not in a_mail("")


def test_a_calendar_that_does_not_say_what_it_asks_for_does_not_travel() -> None:
    with pytest.raises(ValueError, match="METHOD"):
        a_mail("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
