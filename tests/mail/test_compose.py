"""A letter as bytes: what a receiving server and a mail client see of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaintmail.mail.compose import compose

SENT = datetime(2026, 3, 17, 9, 5, 7, tzinfo=timezone(timedelta(hours=1)))
OURS = "<cm.aaaabbbbccccdddd.abcdefghijklmnopqrstuvwxyz@example.test>"


def a_mail(**changed: Any) -> bytes:
    words: dict[str, Any] = {
        "mail_from": "info@example.test",
        "mail_from_name": "Example Training Ltd",
        "to": "jane@complainants.test",
        "subject": "We have received your complaint [EX-2026-000123]",
        "text": "Hello,\n\nWe have received your complaint.\n",
        "html": "<p>Hello,</p>\n<p>We have received your complaint.</p>\n",
        "date": SENT,
        "message_id": OURS,
        "reference": "EX-2026-000123",
    }
    return compose(**(words | changed))


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk()] == [[] for _ in message.walk()]
    return message


def body(raw: bytes, kind: str) -> str:
    part = read(raw).get_body((kind,))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def header_lines(raw: bytes) -> list[bytes]:
    return raw.partition(b"\r\n\r\n")[0].split(b"\r\n")


def test_the_headers_of_an_acknowledgement_are_exactly_these():
    raw = a_mail(in_reply_to="<theirs@complainants.test>", references=["<first@complainants.test>"])

    assert raw.partition(b"\r\n\r\n")[0].decode().split("\r\n")[:-2] == [
        "From: Example Training Ltd <info@example.test>",
        "To: jane@complainants.test",
        "Subject: We have received your complaint [EX-2026-000123]",
        "Date: Tue, 17 Mar 2026 09:05:07 +0100",
        f"Message-ID: {OURS}",
        "In-Reply-To: <theirs@complainants.test>",
        "References: <first@complainants.test>",
        " <theirs@complainants.test>",
        "Auto-Submitted: auto-replied",
        "X-Auto-Response-Suppress: OOF, AutoReply, RN, NRN",
        "Complaint-Reference: EX-2026-000123",
        "Content-Language: en-GB",
        "MIME-Version: 1.0",
    ]
    message = read(raw)
    assert message["Date"].datetime == SENT
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_the_same_arguments_give_the_same_bytes():
    assert a_mail() == a_mail()
    assert a_mail() != a_mail(message_id="<other@example.test>")


def test_a_relayed_letter_carries_no_mark_of_a_machine():
    headers = read(a_mail(auto_submitted=None, reference=None))

    assert headers["Auto-Submitted"] is None
    assert headers["X-Auto-Response-Suppress"] is None
    assert headers["Complaint-Reference"] is None


def test_a_letter_without_html_is_plain_text():
    raw = a_mail(html=None)

    assert read(raw).get_content_type() == "text/plain"
    assert body(raw, "plain") == "Hello,\n\nWe have received your complaint.\n"


@pytest.mark.parametrize(
    "text",
    [
        "Siân Ŵyn-Ŷorath — “quoted” 'smart' …\n",
        "محمد عبد الله\n",
        "👩🏽‍🌾 🏴󠁧󠁢󠁷󠁬󠁳󠁿\n",
        ".\n..\n.leading dot\n",
        "From here on\n",
        "trailing space \nand tab\t\n",
        "a" * 5000 + "\n",
        "=C3=A9 is no escape here =\n",
        "--=_avrdktygegiihlquthku\n--=_avrdktygegiihlquthku--\n",
    ],
)
def test_every_word_of_a_body_survives(text: str):
    raw = a_mail(text=text, html=f"<p>{text}</p>\n")

    assert body(raw, "plain") == text
    assert body(raw, "html") == f"<p>{text}</p>\n"


def test_line_ends_of_any_kind_become_crlf():
    raw = a_mail(text="one\r\ntwo\rthree\nfour")

    assert body(raw, "plain") == "one\ntwo\nthree\nfour\n"
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)


@pytest.mark.parametrize(
    "subject",
    [
        "Eich cwyn: ŵ, ŷ [EX-2026-000123]",
        "شكوى " * 30,
        "👩🏽‍🌾" * 40,
        "=?utf-8?q?not_encoded?= by us",
        "two  spaces, and one at the end ",
        "x" * 300,
        "many short words " * 20 + "end",
        "",
    ],
)
def test_every_character_of_a_subject_survives(subject: str):
    raw = a_mail(subject=subject)

    assert read(raw)["Subject"] == subject
    assert max(map(len, header_lines(raw))) <= 78
    assert all(len(word) <= 75 for word in re.findall(rb"=\?[^?]*\?.\?[^?]*\?=", raw))


def test_no_encoded_word_is_cut_inside_a_character():
    raw = a_mail(subject="ŵŷ👩🏽‍🌾" * 30)

    words = re.findall(rb"=\?utf-8\?[bq]\?[^?]*\?=", raw)
    assert len(words) > 2
    for word in words:
        assert "\ufffd" not in read(b"Subject: " + word + b"\r\n\r\n")["Subject"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Example Training Ltd", "From: Example Training Ltd <info@example.test>"),
        ('A "quoted" name, Ltd.', r'From: "A \"quoted\" name, Ltd." <info@example.test>'),
        ("back\\slash (c)", r'From: "back\\slash (c)" <info@example.test>'),
        ("", "From: info@example.test"),
    ],
)
def test_a_display_name_is_written_as_the_standard_has_it(name: str, written: str):
    assert header_lines(a_mail(mail_from_name=name))[0].decode() == written


@pytest.mark.parametrize(
    "name", ["Hyfforddiant Ŵyn", "a@b.test", "Evil <x@y.test>, z", "=?utf-8?q?x?=", "long name " * 15 + "x", "محمد"]
)
def test_a_display_name_stays_one_name(name: str):
    raw = a_mail(to_name=name)
    addresses = read(raw)["To"].addresses

    assert [(each.display_name, each.addr_spec) for each in addresses] == [(name, "jane@complainants.test")]
    assert max(map(len, header_lines(raw))) <= 78


FIELDS = ("mail_from", "mail_from_name", "to", "to_name", "reply_to", "subject", "message_id", "auto_submitted")


@pytest.mark.parametrize("field", [*FIELDS, "reference", "language"])
@pytest.mark.parametrize(
    "control", ["\r\nBcc: all@evil.test", "\nx", "\r", "\x00", "\x1b[2J", "\x85", "\u2028", "\x7f"]
)
def test_a_control_character_in_a_header_is_refused(field: str, control: str):
    good = {"mail_from": "a@b.test", "to": "a@b.test", "reply_to": "a@b.test", "message_id": "<a@b.test>"}

    with pytest.raises(ValueError, match=r"."):
        a_mail(**{field: good.get(field, "value") + control})


def test_a_control_character_in_an_added_header_is_refused():
    with pytest.raises(ValueError, match="control character"):
        a_mail(extra=[("Complaint-Letter", "abc\r\nBcc: x@y.test")])
    for name in ("Bad Name", "X-A\r\nBcc", "Subject", "bcc", "", "Ünï"):
        with pytest.raises(ValueError, match="not a header"):
            a_mail(extra=[(name, "x")])
    assert read(a_mail(extra=[("Complaint-Letter", "abc.def")]))["Complaint-Letter"] == "abc.def"


@pytest.mark.parametrize(
    "address", ["", "jane", "@b.test", "jane@", "a b@c.test", "a@b.test, c@d.test", "a@b@c", "<a@b>", "a@b c"]
)
def test_what_is_no_address_is_refused(address: str):
    with pytest.raises(ValueError, match="address"):
        a_mail(to=address)


@pytest.mark.parametrize("address", ["j.o'neil+x@b.test", '"john smith"@b.test', "a@[192.0.2.1]", "x_1@sub-1.b.test"])
def test_an_unusual_address_is_kept_as_it_is(address: str):
    assert header_lines(a_mail(to=address))[1].decode() == f"To: {address}"


def test_a_domain_in_other_letters_becomes_its_ascii_form():
    assert header_lines(a_mail(to="jane@bücher.test"))[1] == b"To: jane@xn--bcher-kva.test"


def test_a_local_part_in_other_letters_needs_leave():
    with pytest.raises(ValueError, match="SMTPUTF8"):
        a_mail(to="siân@b.test")

    raw = a_mail(to="siân@b.test", utf8=True)
    assert "To: siân@b.test" in raw.decode("utf-8")


def test_a_date_without_its_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        a_mail(date=datetime(2026, 3, 17))  # noqa: DTZ001


def test_a_malformed_message_id_of_theirs_is_left_out_and_the_answer_goes():
    for theirs in (
        "<",
        "<a@",
        "<@>",
        "no brackets",
        "<a b@c>",
        "<a@b>\r\nBcc: x@y.test",
        "<[x]@y>x",
        "<ŵ@x>",
        "<a@b@c>x",
    ):
        message = read(a_mail(in_reply_to=theirs, references=[theirs, "<good@x.test>"]))

        assert message["In-Reply-To"] is None
        assert message["References"] == "<good@x.test>"
        assert message["Bcc"] is None


def test_a_long_conversation_keeps_its_first_and_its_last_twenty():
    ids = [f"<{number}@t.test>" for number in range(60)]

    references = str(read(a_mail(in_reply_to=ids[-1], references=ids))["References"]).split()

    assert references == [ids[0], *ids[-20:]]


def test_references_of_monstrous_size_do_not_make_a_monstrous_answer():
    ids = [f"<{number}{'x' * 140}@{'y' * 140}.test>" for number in range(60)]

    raw = a_mail(in_reply_to=ids[-1], references=ids)

    assert len(raw) < 4000
    assert str(read(raw)["References"]).split()[-1] == ids[-1]


SENTENCE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200)


@given(
    subject=SENTENCE,
    name=SENTENCE,
    text=SENTENCE,
    ids=st.lists(st.from_regex(r"<[a-z.!]{1,30}@[a-z.]{1,30}>", fullmatch=True), max_size=30),
)
def test_whatever_the_words_the_lines_keep_their_limits(subject: str, name: str, text: str, ids: list[str]):
    raw = a_mail(subject=subject, mail_from_name=name, text=text, references=ids)

    assert raw.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert max(map(len, header_lines(raw))) <= 78
    assert max(map(len, raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76
    headers = raw.partition(b"\r\n\r\n")[0]
    assert len(re.findall(rb"(?m)^[A-Za-z-]+:", headers)) == 11 + bool(ids)
    assert body(raw, "plain").rstrip("\n") == text.rstrip("\n")


@given(subject=SENTENCE)
def test_a_subject_decodes_to_what_it_was(subject: str):
    decoded = read(a_mail(subject=subject, date=datetime(2026, 1, 1, tzinfo=UTC)))["Subject"]

    assert decoded == subject
