"""Files that hang on a letter: each arrives byte for byte, under a name that every mail program can read."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaintmail.mail.attachments import attachment_bytes
from complaintmail.mail.compose import compose
from complaintmail.mail.enclosures import Enclosure
from complaintmail.mail.read import read

SENT = datetime(2026, 3, 17, 9, 5, 7, tzinfo=timezone(timedelta(hours=1)))
MAIL = b"From: jane@complainants.test\nSubject: The lift\n\nIt is broken.\n"


def mail_with(*enclosures: Enclosure) -> bytes:
    return compose(
        mail_from="info@example.test",
        to="alex@example.test",
        subject="A new complaint [EX-2026-000123]",
        text="Hello,\n",
        html="<p>Hello,</p>\n",
        date=SENT,
        message_id="<cm.aaaabbbbccccdddd.abcdefghijklmnopqrstuvwxyz@example.test>",
        enclosures=enclosures,
    )


def attached(raw: bytes) -> list[EmailMessage]:
    message = message_from_bytes(raw, policy=policy.default)
    assert [part.defects for part in message.walk()] == [[] for _ in message.walk()]
    return [part for part in message.iter_attachments() if isinstance(part, EmailMessage)]


def test_the_words_come_first_and_each_file_after_them() -> None:
    raw = mail_with(Enclosure("lift.jpg", "image/jpeg", b"\xff\xd8picture"), Enclosure("a.pdf", "application/pdf", b""))

    message = message_from_bytes(raw, policy=policy.default)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "image/jpeg",
        "application/pdf",
    ]
    assert [part.get_content() for part in attached(raw)] == [b"\xff\xd8picture", b""]
    assert read(raw).text.strip() == "Hello,"


def test_a_letter_without_files_is_the_letter_it_was() -> None:
    assert b"multipart/mixed" not in mail_with()
    assert mail_with(Enclosure("a", "image/png", b"1")) == mail_with(Enclosure("a", "image/png", b"1"))


@pytest.mark.parametrize(
    "name",
    [
        "lift.jpg",
        "two words (1).jpg",
        "Beschwerde über den Aufzug.pdf",
        "苦情の手紙" * 12 + ".pdf",
        "شكوى.docx",
        "👩🏽 photo.heic",
        "x" * 110 + ".jpg",
        "=?utf-8?q?odd?=.txt",
        "50% off; name=evil.pdf",
    ],
)
def test_a_name_is_read_back_as_it_was_by_both_of_its_ways(name: str) -> None:
    raw = mail_with(Enclosure(name, "application/pdf", b"x"))

    shown = [each.name for each in read(raw).attachments]
    assert [part.get_filename() for part in attached(raw)] == shown
    older = re.search(rb'application/pdf;\r\n name="([^"]*)"', raw)
    assert older is not None
    assert str(message_from_bytes(b"Subject: " + older[1] + b"\r\n\r\n", policy=policy.default)["Subject"]) == shown[0]
    assert [character for character in shown[0] if character not in name + "_"] == []


@pytest.mark.parametrize(
    "name", ["a\r\nBcc: x@evil.test", "\x00\x1b[2J.txt", '"; x="', "\u202egpj.exe", "..\\..\\etc", ""]
)
@pytest.mark.parametrize("kind", ["text/html\r\nX-A: b", "", "image", "a/b; name=c", "text/html"])
def test_neither_name_nor_type_can_say_anything_else(name: str, kind: str) -> None:
    raw = mail_with(Enclosure(name, kind, b"<b>"))

    (part,) = attached(raw)
    assert part.keys() == ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"]
    assert part.get_content_type() in ("application/octet-stream", "text/html")
    assert part.get_content_disposition() == "attachment"
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202e/\\]", part.get_filename() or "/")


def test_a_mail_is_enclosed_as_a_mail_only_when_its_type_says_so_and_it_can_travel() -> None:
    as_mail, as_file, not_ascii = attached(
        mail_with(
            Enclosure("complaint.eml", "message/rfc822", MAIL),
            Enclosure("complaint.eml", "application/octet-stream", MAIL),
            Enclosure("complaint.eml", "message/rfc822", MAIL + "é".encode()),
        )
    )

    assert as_mail.get_content_type() == "message/rfc822"
    assert str(as_mail.get_content()["Subject"]) == "The lift"
    assert as_file.get_content() == MAIL
    assert (not_ascii.get_content_type(), not_ascii.get_content()) == (
        "application/octet-stream",
        MAIL + "é".encode(),
    )


@given(st.lists(st.tuples(st.text(max_size=150), st.binary(max_size=300)), min_size=1, max_size=4))
def test_whatever_is_enclosed_arrives_and_no_line_is_too_long(files: list[tuple[str, bytes]]) -> None:
    raw = mail_with(*(Enclosure(name, "image/png", data) for name, data in files))

    assert raw.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert [part.get_content() for part in attached(raw)] == [data for _, data in files]
    listed = read(raw).attachments
    assert [attachment_bytes(raw, each.index) for each in listed] == [data for _, data in files]
