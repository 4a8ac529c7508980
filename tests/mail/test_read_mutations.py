"""Bytes that nobody wrote: mutations of hostile mail, arbitrary bytes; and a mail skimmed against the whole."""

from __future__ import annotations

import dataclasses
import io
import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaintmail.gateways.reader_wire import from_json, to_json
from complaintmail.mail import skim as skimming
from complaintmail.mail.message import Message
from complaintmail.mail.read import read, read_file, read_skimmed, salvage
from complaintmail.mail.skim import skim
from tests.support.paces import MUCH

HOSTILE = Path(__file__).parents[1] / "corpus" / "hostile"
SEED = 20261120


def _mutants(count: int) -> list[bytes]:
    chance = random.Random(SEED)
    mails = [path.read_bytes() for path in sorted(HOSTILE.glob("*.eml")) if path.stat().st_size < 20_000]
    found: list[bytes] = []
    for _ in range(count):
        raw = bytearray(chance.choice(mails))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(raw) + 1)
            kind = chance.randrange(7)
            if kind == 0:
                raw[at:at] = chance.randbytes(chance.randint(1, 8))
            elif kind == 1:
                del raw[at : at + chance.randint(1, 60)]
            elif kind == 2 and raw:
                raw[at % len(raw)] ^= 1 << chance.randrange(8)
            elif kind == 3:
                other = chance.choice(mails)
                raw[at:] = other[chance.randrange(len(other)) :]
            elif kind == 4:
                raw[at:at] = raw[max(0, at - 80) : at] * 2
            elif kind == 5:
                raw[at:at] = chance.choice(
                    [b'"', b"(", b"<", b"=?", b"?=", b"\r", b"\n\n", b"--", b";", b"\0", b"\xff", b"@"]
                )
            else:
                raw[:] = raw.replace(chance.choice([b"\r\n", b"\n", b":", b"utf-8", b"text", b"boundary"]),
                                     chance.choice([b"", b"\n", b"\r", b"multipart/mixed", b"base64"]), 3)  # fmt: skip
        found.append(bytes(raw))
    return found


def _sound(message: Message) -> None:
    assert message.error is None
    assert from_json(to_json(message)) == message
    for line in (message.subject, *(value for _, value in message.headers), *(a.name for a in message.attachments)):
        assert not set(line) & set("\r\n\0\u2028\u2029")
        line.encode("utf-8")
    message.text.encode("utf-8")
    assert "\0" not in message.text + message.new_text
    assert "\r" not in message.text + message.new_text


def test_no_mutation_stops_reading() -> None:
    for mutant in _mutants(600):
        began = time.process_time()
        _sound(read(mutant))
        assert time.process_time() - began < MUCH


@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_a_message(raw: bytes) -> None:
    _sound(read(raw))


@given(
    st.lists(
        st.sampled_from(
            [
                b"From: a@b\r\n",
                b"Content-Type: multipart/mixed; boundary=x\r\n",
                b"\r\n",
                b"--x\r\n",
                b"--x--\r\n",
                b"\r\n\r\n",
                b"Content-Type: message/rfc822\r\n",
                b"Content-Transfer-Encoding: base64\r\n",
                b"AAAA\r\n",
                b"begin 644 a\r\n",
                b"Content-Type: text/html\r\n",
                b"<p>x",
                b"Subject: =?utf-8?q?=C3?=\r\n",
                b" folded\r\n",
                b"\xe9\r\n",
                b"\r",
            ]
        ),
        max_size=30,
    )
)
def test_the_words_of_mail_in_any_order_are_a_message(words: list[bytes]) -> None:
    raw = b"".join(words)

    _sound(read(raw))
    _same(read(raw), read_skimmed(skim(io.BytesIO(raw))))


def test_what_is_salvaged_says_who_wrote_and_why_it_is_not_read() -> None:
    for path in sorted(HOSTILE.glob("*.eml")):
        message = salvage(path.read_bytes(), "it was too much")
        assert message.error == "it was too much"
        assert message.text == ""
        assert message.from_ == read(path.read_bytes()).from_


def _same(whole: Message, skimmed: Message, but: tuple[str, ...] = ()) -> None:
    for field in dataclasses.fields(Message):
        if field.name not in but:
            assert getattr(whole, field.name) == getattr(skimmed, field.name), field.name


def test_a_skimmed_mail_is_the_same_message() -> None:
    for path in sorted(HOSTILE.glob("*.eml")):
        raw = path.read_bytes()
        _same(read(raw), read_skimmed(skim(io.BytesIO(raw))))


@pytest.mark.parametrize("encoding", [b"base64", b"quoted-printable", b"8bit", b"x-uuencode"])
def test_a_large_attachment_is_measured_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: bytes
) -> None:
    import binascii

    monkeypatch.setattr(skimming, "STRAIGHT", 1000)
    content = random.Random(SEED).randbytes(600_000)
    pieces = [content[at : at + 45] for at in range(0, len(content), 45)]
    sent = {
        b"base64": b"".join(binascii.b2a_base64(piece).replace(b"\n", b"\r\n") for piece in pieces),
        b"quoted-printable": binascii.b2a_qp(content, istext=False).replace(b"\n", b"\r\n") + b"\r\n",
        b"8bit": content.replace(b"\n", b"").replace(b"\r", b"") + b"\r\n",
        b"x-uuencode": b"begin 644 a.bin\r\n" + b"".join(binascii.b2a_uu(p) for p in pieces) + b"`\nend\n",
    }[encoding]
    head = b"From: a@b.test\r\nSubject: big\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n"
    kind = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: " + encoding
    small_part = b"Content-Type: image/png; name=b.png\r\n\r\nshort"
    raw = head + b"".join(b"--bb\r\n%s\r\n" % part for part in (b"\r\nSee it.", kind + b"\r\n\r\n" + sent, small_part))
    raw += b"--bb--\r\n"
    path = tmp_path / "big.eml"
    path.write_bytes(raw)

    small = skim(io.BytesIO(raw))
    assert len(small.raw) < 100_000
    _same(read(raw), read_skimmed(small))
    _same(read(raw), read_file(path))


def test_text_of_a_large_mail_is_kept_as_far_as_it_is_read(tmp_path: Path) -> None:
    raw = b"From: a@b.test\r\nSubject: long\r\n\r\n" + b"Many words, and more of them.\r\n" * 200_000
    path = tmp_path / "long.eml"
    path.write_bytes(raw)

    message = read_file(path)
    _same(read(raw), message)
    assert "text-too-long" in message.defects
    assert len(message.text) <= 1024 * 1024
