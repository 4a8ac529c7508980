"""Where a mail is read, and what is left of one that cannot be."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import pytest

from complaintmail.gateways import child, reader
from complaintmail.mail import prescan
from complaintmail.mail.read import read
from tests.support.paces import HUNG, PATIENCE

read_guarded = partial(reader.read_guarded, seconds=PATIENCE)
HOSTILE = Path(__file__).parents[1] / "corpus" / "hostile"
PLAIN = (HOSTILE / "C00-plain.eml").read_bytes()


def test_ordinary_mail_is_tame() -> None:
    assert prescan.odd(PLAIN) is None
    assert prescan.odd(PLAIN.replace(b"\r\n", b"\n")) is None
    assert prescan.odd(b"") is None


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b\r\nSubject: " + b"=?utf-8?q?a?= " * 1000 + b"\r\n\r\nx",
        b"From: " + b"(" * 1000 + b"\r\n\r\nx",
        b"From: a@b\r\n" + b"X: y\r\n" * 1000 + b"\r\nx",
        b"From: a@b\r\nX: " + b"y" * 100_000 + b"\r\n\r\nx",
        b"From: a@b\r\n\r\n" + b"--x\r\nContent-Type: Multipart/mixed; boundary=x\r\n\r\n" * 100,
        b"From: a@b\r\n" + b"Content-Type: Message/RFC822\r\n\r\n" * 100,
        b"From: a@b\r\n\r\n" + b"\r\n--x" * 5000,
        b"From: a@b\r\n\r\n" + b"<div>" * 50_000,
    ],
)
def test_mail_made_to_be_slow_is_odd(raw: bytes) -> None:
    assert prescan.odd(raw) is not None


def test_the_first_look_costs_next_to_nothing() -> None:
    raw = PLAIN + b"More words of a complaint.\r\n" * 200
    began = time.process_time()
    for _ in range(200):
        prescan.odd(raw)

    assert (time.process_time() - began) / 200 < 0.005


def test_a_tame_mail_is_read_at_once() -> None:
    assert read_guarded(PLAIN) == read(PLAIN)


@pytest.mark.parametrize("name", ["T23-nest300", "T25d-from-comment", "P-raw-binary"])
def test_an_odd_mail_read_apart_is_the_same_message(name: str) -> None:
    raw = (HOSTILE / f"{name}.eml").read_bytes()

    assert prescan.odd(raw) is not None
    assert read_guarded(raw) == read(raw)


def test_a_mail_that_stopped_us_before_is_read_apart() -> None:
    assert read_guarded(PLAIN, force_child=True) == read(PLAIN)


def test_a_mail_that_takes_too_long_is_salvaged_in_time() -> None:
    began = time.monotonic()
    message = read_guarded(PLAIN, seconds=0.01, force_child=True)

    assert time.monotonic() - began < HUNG
    assert message.error is not None
    assert "0.01 s" in message.error
    assert message.writer == read(PLAIN).writer
    assert message.subject == read(PLAIN).subject
    assert message.sha256 == read(PLAIN).sha256


def test_a_mail_that_takes_too_much_memory_is_salvaged() -> None:
    message = read_guarded(PLAIN, memory_mb=16, force_child=True)

    assert message.error == "reading broke off (memory or processor time ran out)"
    assert message.message_id == read(PLAIN).message_id


def test_the_process_apart_sees_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTMAIL_PASSWORD", "canary")

    assert "canary" not in str(child.environment())
    assert set(child.environment()) <= {"PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}


def test_a_mail_in_a_file_is_the_same_message(tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(PLAIN)

    assert read_guarded(path) == read(PLAIN)
    assert read_guarded(path, force_child=True) == read(PLAIN)


def test_a_big_mail_is_read_without_holding_it(tmp_path: Path) -> None:
    path = tmp_path / "big.eml"
    with path.open("wb") as mail:
        mail.write(b"From: Jane <jane@x.test>\r\nSubject: big\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n"
                   b"--bb\r\n\r\nSee it.\r\n--bb\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n")  # fmt: skip
        for _ in range(80):
            mail.write((b"x" * 998 + b"\r\n") * 100)
        mail.write(b"--bb--\r\n")

    message = read_guarded(path)
    assert message.size == path.stat().st_size
    assert message.text == "See it."
    assert [(one.name, one.size) for one in message.attachments] == [("a.pdf", 80 * 100 * 1000 - 2)]
    assert read_guarded(path.read_bytes()) == message
    assert read_guarded(path, force_child=True) == message
