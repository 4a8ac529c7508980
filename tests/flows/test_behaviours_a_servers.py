"""Servers that are away or silent, mail of every size and shape: each test is one row of what an expert would try."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from complaintmail.clock import SystemClock
from tests.support.paces import HUNG
from tests.support.scripted_folder import RECEIVED, Folder
from tests.support.scripted_imap import ScriptedImap
from tests.support.story import Tell, boxes

pytestmark = pytest.mark.stack

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_a_server_that_is_not_there_is_said_with_the_last_good_look(tell: Tell) -> None:
    """Row 13, as far as `status`: which mailbox, since when, when the last look was a good one. (The alarm by another
    way is a matter of its own.)"""
    story = tell()
    jane = story.person()
    story.complains(jane)
    story.goes_on()
    assert story.says("status")[0] == 0

    story.setup.write(imap='timeout = "1s"', imap_port=1)
    [why] = story.setup.once()
    assert story.inbox in why

    code, said = story.says("status", "--format", "json")
    [box] = json.loads(said)["mailboxes"]
    assert code == 1
    assert box["address"] == story.inbox
    assert box["last_good_at"] is not None and box["failing_since"] is not None and box["failure"]
    assert datetime.fromisoformat(box["last_good_at"]) < datetime.fromisoformat(box["failing_since"])

    story.setup.write()
    story.goes_on()
    assert story.says("status")[0] == 0


def test_a_mailbox_that_could_not_be_read_at_first_is_said_and_answers_what_came_meanwhile(tell: Tell) -> None:
    """Rows 13 and 18: the first start is when it was first tried, not when the server at last let us in."""
    story = tell(since="now", clock=NOW)
    old, jane = story.person("old"), story.person("jane")
    story.drops(story.letter(old, body="My locker was broken open. I complain."), internaldate=NOW - timedelta(hours=5))
    story.setup.write(since="now", imap='timeout = "1s"', imap_port=1)
    assert len(story.setup.once(clock=story.clock)) == 1
    [box] = story.asks("status")["mailboxes"]
    assert box["failure"] and box["failing_since"] is not None and box["last_good_at"] is None
    assert any(box["failure"] in problem for problem in story.asks("status")["problems"])
    story.drops(story.letter(jane), internaldate=NOW + timedelta(minutes=10))

    story.setup.write(since="now")
    assert story.clock is not None
    story.clock.moment = NOW + timedelta(minutes=30)
    story.goes_on()

    story.gets(jane, 1)
    story.gets(old, 0)
    [box] = story.asks("status")["mailboxes"]
    assert box["failure"] is None and box["last_good_at"] is not None


@pytest.mark.parametrize("fault", ["hang_connect", "silence_in_fetch"])
def test_a_server_that_falls_silent_costs_its_turn_and_nothing_else(tell: Tell, fault: str) -> None:
    """Row 14: the pass ends in time, the other mailbox is served, and the next pass takes the mail in, once."""
    one, other = boxes("one", "other")
    story = tell({one: "cms", other: "cms"}, clock=RECEIVED + timedelta(minutes=5))
    jane, bob = story.person("jane"), story.person("bob")
    silent = story.letter(jane, one)
    body = "The reading room has been closed for a month. I complain about that."
    story.drops(story.letter(bob, other, body=body), other, internaldate=RECEIVED)
    with ScriptedImap(Folder({1: silent}), {fault: 1}, bad={1}, users={one: "secret"}) as server:
        text = story.setup.path.read_text()
        head, first, second = text.split("[[mailbox]]")
        first = first.replace(f"port = {story.stack.imap_port}", f'port = {server.port}\ntimeout = "3s"')
        story.setup.path.write_text("[[mailbox]]".join((head, first, second)))
        began = SystemClock().monotonic()
        failed = story.setup.once(clock=story.clock)
        assert SystemClock().monotonic() - began < HUNG
        assert [one in why for why in failed] == [True] * (fault == "hang_connect")
        story.gets(bob, 1)
        assert other in [case["mailbox"] for case in story.cases()]

        story.goes_on()
    story.gets(jane, 1)
    assert len(story.cases()) == 2


def test_sixty_megabytes_are_logged_and_acknowledged(tell: Tell) -> None:
    """Row 15: the bytes lie beside the database, the attachment is named with its size, its writer hears at once."""
    story = tell()
    jane = story.person()
    head = story.letter(jane, headers=["X-Filler: none"]).replace(
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
        b"Content-Type: multipart/mixed; boundary=B\r\n",
    )
    head, _, text = head.partition(b"\r\n\r\n")
    line = b"UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA0NTY3ODkwMTIz\r\n"
    raw = b"".join(
        (
            head, b"\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\n", text, b"\r\n--B\r\nContent-Type: video/mp4\r\n"
            b"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=lecture.mp4\r\n\r\n",
            line * (60_000_000 // len(line)), b"\r\n--B--\r\n",
        )
    )  # fmt: skip
    story.drops(raw)

    story.goes_on()

    [answer] = story.gets(jane, 1)
    [mail] = story.show(answer["Complaint-Reference"])["messages"][:1]
    [video] = mail["attachments"]
    assert video["name"] == "lecture.mp4" and video["type"] == "video/mp4" and video["size"] > 40_000_000
    assert "very unhappy with the course" in mail["text"]
    [kept] = (story.setup.folder / "var" / "raw").glob("*.eml")
    assert kept.read_bytes() == story.stack.mails(story.inbox)[0] == raw


def a_photo() -> str:
    return "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////\n"


ODD_TEXTS = {
    "latin-1 without charset": (
        [b"Content-Type: text/plain", b"Content-Transfer-Encoding: 8bit"],
        "Ich möchte mich über den Kurs beschweren. Das Café war geschlossen.".encode("latin-1"),
        "Ich möchte mich über den Kurs beschweren. Das Café war geschlossen.",
    ),
    "windows-1252 without charset": (
        [b"Content-Type: text/plain", b"Content-Transfer-Encoding: 8bit"],
        "I’m unhappy – the “support” costs €40 and isn’t any.".encode("cp1252"),
        "I’m unhappy – the “support” costs €40 and isn’t any.",
    ),
    "GB18030": (
        [b"Content-Type: text/plain; charset=GB18030", b"Content-Transfer-Encoding: 8bit"],
        "我要投诉：课程取消了两次，没有人通知我。".encode("gb18030"),
        "我要投诉：课程取消了两次，没有人通知我。",
    ),
    "uuencode": (
        [b"Content-Type: text/plain; charset=us-ascii"],
        b"My complaint is in the file.\r\n\r\nbegin 644 note.txt\r\n%:&5L;&\\\r\n`\r\nend\r\n",
        "My complaint is in the file.",
    ),
}


def test_odd_charsets_and_encodings_are_kept_to_the_byte_and_read(tell: Tell) -> None:
    """Row 16: what is stored is what came; what the log shows can be read."""
    story = tell()
    expected: dict[str, tuple[bytes, str]] = {}
    for name, (headers, body, words) in ODD_TEXTS.items():
        person = story.person("odd")
        plain = [b"From: =?utf-8?q?Doe=2C_Jane?= <" + person.encode() + b">", b"To: " + story.inbox.encode()]
        raw = b"\r\n".join(
            [*plain, b"Subject: " + name.encode(), b"Message-ID: <" + person.encode() + b">", *headers, b"", body, b""]
        )
        story.drops(raw)
        expected[person] = (raw, words)
    named = story.person("named")
    attached = "\r\n".join(
        [
            f"From: Jane <{named}>", f"To: {story.inbox}", "Subject: With a file", f"Message-ID: <{named}>",
            "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=B", "", "--B",
            "Content-Type: text/plain; charset=utf-8", "", "I complain. See the file.", "--B",
            "Content-Type: application/pdf;", " name*0*=utf-8''Rechnung%20f%C3%BCr; name*1*=%20Jos%C3%A9.pdf",
            "Content-Transfer-Encoding: quoted-printable", "Content-Disposition: attachment;",
            " filename*0*=utf-8''Rechnung%20f%C3%BCr; filename*1*=%20Jos%C3%A9.pdf", "",
            "%PDF-1.4=0A1 0 obj=0A=00=FF=0A%%EOF", "--B--", "",
        ]
    ).encode()  # fmt: skip
    story.drops(attached)

    story.goes_on()

    assert len(story.cases()) == len(ODD_TEXTS) + 1
    for person, (_, words) in expected.items():
        [case] = [case for case in story.cases() if case["complainant"]["email"] == person]
        assert case["complainant"]["name"] == "Doe, Jane"
        [mail] = [m for m in story.show(case["reference"])["messages"] if m["direction"] == "in"]
        assert words in mail["text"]
    [case] = [case for case in story.cases() if case["complainant"]["email"] == named]
    [mail] = [m for m in story.show(case["reference"])["messages"] if m["direction"] == "in"]
    assert [a["name"] for a in mail["attachments"]] == ["Rechnung für José.pdf"]
    kept = {letter.answers for letter in story.outbox("sent")}
    assert kept == {*(raw for raw, _ in expected.values()), attached}


def test_every_shape_of_mail_opens_a_readable_case(tell: Tell) -> None:
    """Row 17: winmail.dat, a signed mail, a calendar invitation, HTML alone, and a photo without a word."""
    story = tell()
    text = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    shapes = {
        "winmail": "multipart/mixed; boundary=B\r\n\r\n--B\r\n" + text + "I am unhappy with my course.\r\n--B\r\n"
        "Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "eJ8+IgAAAQABAAEA\r\n--B--\r\n",
        "signed": 'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=B\r\n\r\n--B\r\n'
        + text + "I am unhappy with my tutor.\r\n--B\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHAqCAMIACAQExDzANBglghkgBZQME\r\n--B--\r\n",
        "calendar": "multipart/mixed; boundary=B\r\n\r\n--B\r\n" + text + "I am unhappy that this meeting was moved "
        "again.\r\n--B\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nSUMMARY:Meeting\r\n"
        "END:VCALENDAR\r\n--B--\r\n",
        "html": "text/html; charset=utf-8\r\n\r\n<html><head><style>p{color:red}</style></head><body><p>I am unhappy "
        "with the <b>caf&eacute;</b>.</p><p>Nobody came.</p></body></html>\r\n",
        "photo": "multipart/mixed; boundary=B\r\n\r\n--B\r\n" + text + "\r\n--B\r\nContent-Type: image/jpeg\r\n"
        "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=IMG_1.jpg\r\n\r\n"
        + a_photo() + "\r\n--B--\r\n",
    }  # fmt: skip
    people: dict[str, str] = {}
    for name, rest in shapes.items():
        people[name] = story.person(name)
        head = f"From: Jane <{people[name]}>\r\nTo: {story.inbox}\r\nSubject: A {name}\r\nMessage-ID: <{people[name]}>"
        story.drops(f"{head}\r\nMIME-Version: 1.0\r\nContent-Type: {rest}".encode())

    story.goes_on()

    read: dict[str, Any] = {}
    for name, person in people.items():
        story.gets(person, 1)
        [case] = [case for case in story.cases() if case["complainant"]["email"] == person]
        [read[name]] = [m for m in story.show(case["reference"])["messages"] if m["direction"] == "in"]
    assert "unhappy with my course" in read["winmail"]["text"]
    assert [a["name"] for a in read["winmail"]["attachments"]] == ["winmail.dat"]
    assert "unhappy with my tutor" in read["signed"]["text"]
    assert "moved again" in read["calendar"]["text"]
    assert "I am unhappy with the café.\n" in read["html"]["text"] and "color" not in read["html"]["text"]
    assert [(a["name"], a["type"]) for a in read["photo"]["attachments"]] == [("IMG_1.jpg", "image/jpeg")]


def test_a_full_inbox_on_a_first_start_is_answered_from_the_chosen_day_on(tell: Tell) -> None:
    """Row 18: of thousands of old mails none is answered; what comes after is. `history` bounds what is read."""
    story = tell(since="now", box="history = 30", clock=NOW)
    jane = story.person()
    old = [story.letter(f"old{n}@complainants.test", body=f"Complaint number {n}: it never came.") for n in range(2000)]
    with story.stack.imap(story.inbox) as client:
        for start in range(0, len(old), 500):
            client.multiappend("INBOX", [{"msg": raw, "date": NOW - timedelta(days=3)} for raw in old[start:][:500]])

    story.goes_on()

    assert story.outbox() == [] and story.cases() == []
    mails = story.mails()
    assert len(mails) == 30
    assert all("`since`" in mail["not_answered_because"] for mail in mails)

    assert story.clock is not None
    story.clock.moment = NOW + timedelta(minutes=2)
    story.drops(story.letter(jane), internaldate=NOW + timedelta(minutes=1))
    story.goes_on()
    story.gets(jane, 1)


def test_every_mail_in_the_mailbox_has_exactly_one_disposition(tell: Tell) -> None:
    """Row 19: what the server lists and what the journal settled are the same, mail by mail and to the byte."""
    story = tell()
    jane = story.person()
    story.complains(jane)
    story.drops(b"\x00\xff not a mail at all")
    story.drops(story.letter("noreply@shop.test", headers=["Auto-Submitted: auto-generated"]))
    story.drops(story.letter(jane, body="A second matter: the car park floods. I complain about it too."))
    story.goes_on()
    story.stack.wait_for(story.inbox, 4, seconds=10)
    story.goes_on()

    with story.stack.imap(story.inbox) as client:
        client.select_folder("INBOX", readonly=True)
        there = {uid: mail[b"BODY[]"] for uid, mail in client.fetch(client.search(), ["BODY.PEEK[]"]).items()}
    settled = story.rows(
        "SELECT uid, sha256 FROM journal WHERE state <> 'collected' AND filing IS NULL AND folder = 'INBOX'"
    )
    assert {uid: hashlib.sha256(raw).hexdigest() for uid, raw in there.items()} == dict(settled)
    entries = story.rows("SELECT id FROM journal")
    disposed = story.rows("SELECT id FROM message") + story.rows("SELECT id FROM journal WHERE evidence_of IS NOT NULL")
    assert sorted(entries) == sorted(disposed)
    assert story.rows("SELECT count(*) FROM journal WHERE state = 'collected'") == [(0,)]
