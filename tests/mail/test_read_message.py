"""Ordinary mail, in the many shapes in which it comes."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta

import pytest

from complaintmail.mail.attachments import attachment_bytes
from complaintmail.mail.message import Address, Automatic
from complaintmail.mail.read import read

HEAD = b"From: Jane Doe <jane@x.test>\r\nTo: info@example.test\r\nSubject: A complaint\r\nMessage-ID: <1@x.test>\r\n"


def _mail(headers: bytes, body: bytes) -> bytes:
    return HEAD + b"MIME-Version: 1.0\r\n" + headers + b"\r\n\r\n" + body


def _multipart(kind: bytes, *parts: bytes) -> bytes:
    inner = b"".join(b"--=b\r\n" + part + b"\r\n" for part in parts)
    return _mail(b"Content-Type: multipart/" + kind + b'; boundary="=b"', b"A preamble\r\n" + inner + b"--=b--\r\nend")


PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\nThe plain words"
HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>The <b>HTML</b> words"
PHOTO = b"Content-Type: image/jpeg; name=photo.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/4AAQ"


def test_the_headers_of_a_plain_mail() -> None:
    message = read(HEAD + b"Date: Fri, 20 Nov 2026 09:00:00 +0200\r\nReturn-Path: <bounce@x.test>\r\n"
                   b"Delivered-To: info@example.test\r\nIn-Reply-To: <a@b>\r\nReferences: <a@b>\r\n <c@d>\r\n"
                   b"X-Folded: one\r\n  two\r\n\r\nHello\r\nthere\r\n")  # fmt: skip

    assert message.writer == Address("Jane Doe", "jane@x.test")
    assert message.to == (Address("", "info@example.test"),)
    assert message.subject == "A complaint"
    assert message.message_id == "<1@x.test>"
    assert message.in_reply_to == ("<a@b>",)
    assert message.references == ("<a@b>", "<c@d>")
    assert message.return_path == "bounce@x.test"
    assert message.delivered_to == ("info@example.test",)
    assert message.header("x-folded") == "one two"
    assert message.date is not None
    assert message.date.isoformat() == "2026-11-20T09:00:00+02:00"
    assert message.text == "Hello\nthere\n"
    assert message.defects == ()
    assert message.error is None
    assert message.origin.automatic is Automatic.NO


def test_the_null_path_is_told_from_an_absent_one() -> None:
    assert read(b"Return-Path: <>\r\n" + HEAD + b"\r\nx").return_path == ""
    assert read(HEAD + b"\r\nx").return_path is None


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"\n\n\n", b":", b"\0" * 100, b"\xff" * 100, b"From", b"From:", b"a" * 5000]
)
def test_any_bytes_are_a_message(raw: bytes) -> None:
    message = read(raw)

    assert message.sha256 == hashlib.sha256(raw).hexdigest()
    assert message.size == len(raw)
    assert message.writer is None
    assert message.error is None


def test_of_two_dresses_of_a_text_the_plain_one_is_read() -> None:
    message = read(_multipart(b"alternative", PLAIN, HTML))

    assert message.text == "The plain words"
    assert message.attachments == ()


@pytest.mark.parametrize(
    "plain",
    [b"Content-Type: text/plain\r\n\r\n", b"Content-Type: text/plain\r\n\r\n \r\n\r\n",
     b"Content-Type: text/plain\r\n\r\nYour client does not show HTML mail."],
)  # fmt: skip
def test_an_empty_or_useless_plain_text_gives_way_to_html(plain: bytes) -> None:
    assert read(_multipart(b"alternative", plain, HTML)).text == "The HTML words"


def test_texts_beside_each_other_are_joined_in_order() -> None:
    message = read(_multipart(b"mixed", PLAIN, PHOTO, HTML))

    assert message.text == "The plain words\n\nThe HTML words"
    assert [(one.name, one.type, one.size, one.index) for one in message.attachments] == [
        ("photo.jpg", "image/jpeg", 6, 1)
    ]


def test_an_attached_mail_adds_nothing_to_the_text() -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\nFrom: a@b\r\nSubject: Another matter\r\n\r\n#outcome upheld"
    message = read(_multipart(b"mixed", PLAIN, inner))

    assert message.text == "The plain words"
    assert [one.name for one in message.attachments] == ["Another matter.eml"]


def test_an_empty_body_with_one_photo_is_readable() -> None:
    raw = _mail(b"Content-Type: image/jpeg; name=leak.jpg\r\nContent-Transfer-Encoding: base64", b"/9j/4AAQ")
    message = read(raw)

    assert message.text == ""
    assert [one.name for one in message.attachments] == ["leak.jpg"]
    assert attachment_bytes(raw, message.attachments[0].index) == base64.b64decode("/9j/4AAQ")
    assert message.attachments[0].sha256 == hashlib.sha256(base64.b64decode("/9j/4AAQ")).hexdigest()


def test_winmail_an_invitation_and_a_signature_are_named() -> None:
    tnef = b"Content-Type: application/octet-stream; name=winmail.dat\r\n\r\nx"
    invitation = b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR"
    signature = b"Content-Type: application/pkcs7-signature\r\n\r\nx"
    message = read(_multipart(b"mixed", PLAIN, tnef, invitation, signature))

    assert [(one.name, one.type) for one in message.attachments] == [
        ("winmail.dat", "application/ms-tnef"),
        ("invite.ics", "text/calendar"),
        ("smime.p7s", "application/pkcs7-signature"),
    ]


def test_flowed_text_has_its_paragraphs_again_and_its_quotes() -> None:
    body = b"> quoted words that \r\n> go on\r\nmine that \r\ngo on, too\r\n \r\n-- \r\nJane\r\n"
    message = read(_mail(b"Content-Type: text/plain; format=flowed", body))

    assert message.text == "> quoted words that go on\nmine that go on, too\n\n-- \nJane\n"


def test_a_uuencoded_file_in_the_text_is_an_attachment() -> None:
    raw = HEAD + b"\r\nSee this:\r\nbegin 644 note.txt\r\n%:&5L;&\\ \r\n`\r\nend\r\nJane\r\n"
    message = read(raw)

    assert message.text == "See this:\nJane\n"
    assert [(one.name, one.size) for one in message.attachments] == [("note.txt", 5)]
    assert attachment_bytes(raw, message.attachments[0].index) == b"hello"


def test_words_that_begin_like_a_uuencoded_file_stay_words() -> None:
    message = read(HEAD + b"\r\nWe had to\r\nbegin 644 times\r\nand nobody came.\r\n")

    assert "begin 644 times\nand nobody came." in message.text


def test_only_what_the_writer_added_is_new() -> None:
    message = read(HEAD + b"\r\nStill broken.\r\n\r\nOn 1 March, Staff <s@x.test> wrote:\r\n> We fixed it.\r\n")

    assert message.new_text == "Still broken."
    assert "> We fixed it." in message.text


def test_a_quotation_that_the_html_marks_is_not_new() -> None:
    html = (b"<div>Still broken.</div><div class=gmail_quote><div class=gmail_attr>Staff wrote</div>"
            b"<blockquote class=gmail_quote>We fixed it.</blockquote></div>")  # fmt: skip
    message = read(_mail(b"Content-Type: text/html", html))

    assert message.new_text == "Still broken."
    assert "We fixed it." in message.text


def test_a_missing_boundary_is_found() -> None:
    body = b"--found\r\nContent-Type: text/plain\r\n\r\nHello\r\n--found--\r\n"
    message = read(_mail(b"Content-Type: multipart/mixed", body))

    assert message.text == "Hello"
    assert "boundary-guessed" in message.defects


def test_a_multipart_without_any_boundary_is_text() -> None:
    message = read(_mail(b"Content-Type: multipart/mixed; boundary=x", b"Only words"))

    assert message.text == "Only words"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (b"base64", b"SGVsbG8sIEphbmU"),
        (b"base64", b"SGVs\r\nbG8s\r\nIEphbmU=\r\n"),
        (b"base64", b"Hello, Jane"),
        (b"Quoted-Printable", b"Hello=2C =\r\nJane"),
        (b"8 bit", b"Hello, Jane"),
        (b"x-nobody-knows", b"Hello, Jane"),
    ],
)
def test_a_body_is_decoded_as_far_as_it_can_be(encoding: bytes, body: bytes) -> None:
    assert read(_mail(b"Content-Transfer-Encoding: " + encoding, body)).text.strip() == "Hello, Jane"


def test_identity_does_not_depend_on_how_the_body_travelled() -> None:
    sent = read(_mail(b"Content-Type: text/plain; charset=utf-8", "Café au lait".encode()))
    again = read(_mail(b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable",
                       b"Caf=E9 au lait \r\n"))  # fmt: skip

    assert sent.identity == again.identity
    assert sent.identity != read(_mail(b"Content-Type: text/plain", b"Cafe")).identity


def test_an_odd_but_plain_date_is_read() -> None:
    message = read(b"Date: 20 Nov 2026 9:00\r\n" + HEAD + b"\r\nx")

    assert message.date is not None
    assert message.date.utcoffset() == timedelta(0)
    assert "date-read-loosely" in message.defects


def test_a_report_of_delivery_is_a_bounce_with_its_recipient() -> None:
    status = (b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
              b"Final-Recipient: rfc822; jane@x.test\r\nAction: failed\r\nStatus: 5.1.1\r\n")  # fmt: skip
    returned = b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours@example.test>\r\nSubject: Ack\r\n"
    message = read(_multipart(b"report; report-type=delivery-status", PLAIN, status, returned))

    assert message.origin.automatic is Automatic.BOUNCE
    assert [(one.recipient, one.status, one.action) for one in message.origin.bounces] == [
        ("jane@x.test", "5.1.1", "failed")
    ]


def test_mail_that_ends_its_lines_with_a_carriage_return_alone_is_read() -> None:
    message = read(HEAD.replace(b"\r\n", b"\r") + b"\rHello\rthere")

    assert message.subject == "A complaint"
    assert message.text == "Hello\nthere"


def test_lines_that_lost_their_fold_do_not_hide_the_sender() -> None:
    message = read(b"X-Spam-Status: No\r\ntests=NONE,\r\nautolearn no\r\n" + HEAD + b"\r\nHello")

    assert message.writer is not None
    assert message.text == "Hello"


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    told = bytes([length]) if length < 128 else b"\x82" + length.to_bytes(2, "big")
    return bytes([tag]) + told + content


def _signed(content: bytes, pieces: bool) -> bytes:
    octets = _der(4, content)
    if pieces:
        half = len(content) // 2
        octets = b"\x24\x80" + _der(4, content[:half]) + _der(4, content[half:]) + b"\0\0"
    data = _der(0x30, bytes.fromhex("06092a864886f70d010701") + _der(0xA0, octets))
    body = _der(0x30, b"\x02\x01\x01" + _der(0x31, b"") + data)
    return _der(0x30, bytes.fromhex("06092a864886f70d010702") + _der(0xA0, body))


@pytest.mark.parametrize("pieces", [False, True])
def test_an_opaquely_signed_complaint_is_read(pieces: bool) -> None:
    inner = (
        b"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nIt leaks.\r\n--i\r\n" + PHOTO + b"\r\n--i--\r\n"
    )
    envelope = base64.encodebytes(_signed(inner, pieces))
    kind = b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64"
    raw = _mail(kind, envelope)
    message = read(raw)

    assert message.text == "It leaks."
    assert [one.name for one in message.attachments] == ["photo.jpg"]
    assert attachment_bytes(raw, message.attachments[0].index) == base64.b64decode("/9j/4AAQ")


def test_an_envelope_that_is_none_is_an_attachment() -> None:
    kind = b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64"
    for broken in (b"", b"0", _signed(b"x", False)[:-1], b"\x30\x80" * 500, b"\x24\x80" * 500):
        message = read(_mail(kind, base64.encodebytes(broken)))
        assert message.text == ""
        assert message.error is None
