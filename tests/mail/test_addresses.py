"""Who a header names: only what stands in it as an address, and all of it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaintmail.mail.addresses import read_addresses
from tests.support.paces import MUCH


def _read(raw: bytes) -> list[tuple[str, str]]:
    return [(one.name, one.address) for one in read_addresses(raw)]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"jane@x.test", [("", "jane@x.test")]),
        (b"Jane Doe <jane@x.test>", [("Jane Doe", "jane@x.test")]),
        (b'"Doe, Jane" <jane@x.test>, bob@y.test', [("Doe, Jane", "jane@x.test"), ("", "bob@y.test")]),
        (b"Doe, Jane <jane@x.test>", [("Doe, Jane", "jane@x.test")]),
        (b"jane@x.test (Jane Doe)", [("Jane Doe", "jane@x.test")]),
        (b"Jane (the (nested) one) <jane@x.test>", [("Jane", "jane@x.test")]),
        (b"Pete <pete(his account)@silly.test(his host)>", [("Pete", "pete@silly.test")]),
        (b"Team: a@x.test, B <b@y.test>; c@z.test", [("", "a@x.test"), ("B", "b@y.test"), ("", "c@z.test")]),
        (b"undisclosed-recipients:;", []),
        (b"a@x.test; b@y.test", [("", "a@x.test"), ("", "b@y.test")]),
        (b'"jane doe"@x.test', [("", '"jane doe"@x.test')]),
        (b"<@relay.test,@other.test:jane@x.test>", [("", "jane@x.test")]),
        (b"mailto:jane@x.test", [("", "jane@x.test")]),
        (b"Jane Doe jane@x.test", [("Jane Doe", "jane@x.test")]),
        (b'"Jane <jane@x.test>', [("Jane", "jane@x.test")]),
        (b"Jane <jane@x.test", [("Jane", "jane@x.test")]),
        (b"=?utf-8?Q?Doe=2C_Jane?= <jane@x.test>", [("Doe, Jane", "jane@x.test")]),
        (b'"=?utf-8?Q?J=C3=A4ne?=" <jane@x.test>', [("Jäne", "jane@x.test")]),
        ("Jäne <jäne@x.test>".encode(), [("Jäne", "jäne@x.test")]),
        (b"<>", []),
        (b"", []),
    ],
)
def test_ordinary_and_sloppy_headers(raw: bytes, found: list[tuple[str, str]]) -> None:
    assert _read(raw) == found


@pytest.mark.parametrize(
    ("raw", "addresses"),
    [
        (b"staff@example.test>, evil@third.test", ["staff@example.test", "evil@third.test"]),
        (b"<staff@example.test> <evil@third.test>", ["staff@example.test", "evil@third.test"]),
        (b"staff@example.test(<evil@third.test>", ["evil@third.test"]),
        (b"=?utf-8?q?staff=40example.test?= <evil@third.test>", ["evil@third.test"]),
        (b"=?utf-8?q?staff=40example=2Etest?=", [""]),
        (b"<=?utf-8?q?staff=40example=2Etest?=>", [""]),
        (b"=?utf-8?q?a?=@example.test", [""]),
        (b'"staff@example.test" <evil@third.test>', ["evil@third.test"]),
        (b'"staff@example.test, evil@third.test"', [""]),
        (b'"staff@example.test"', [""]),
        (b'staff@exam"ple.test', [""]),
        (b'staff@exam"p"le.test', [""]),
        (b"st\\aff@example.test", [""]),
        (b"staff@exam)ple.test", [""]),
        (b"staff@exam<ple.test", [""]),
        (b"staff@exam(x)ple.test", [""]),
        (b"<st(x)aff@example.test>", [""]),
        (b"staff@example.test <evil@third.test>", ["evil@third.test"]),
        (b"staff@example.test@third.test", [""]),
        ("staff\u200b@example.test".encode(), [""]),
        ("staff@example.test\u202e".encode(), [""]),
        ("ѕtaff@example.test".encode(), ["ѕtaff@example.test"]),
        ("staff＠example.test".encode(), [""]),
    ],
)
def test_nobody_becomes_another_by_a_trick(raw: bytes, addresses: list[str]) -> None:
    assert [address for _, address in _read(raw)] == addresses


@pytest.mark.parametrize(
    "piece",
    ["(", "<", '"', '"\\', "a@x,", ":", "\\", "(a", "a@", "<a@b> ", "@ ", "a>", "a@>", "()", "a@b ", '""', "a,", '"@',
     "a@:", "<<a@b", "a@b <", "<a@b,", "a@b(", '"\\"', " ", "(a@b)<"],
)  # fmt: skip
def test_a_long_header_takes_no_long_time(piece: str) -> None:
    raw = (piece * (100_000 // len(piece))).encode()
    began = time.process_time()
    read_addresses(raw)
    read_addresses(raw + b"x")

    assert time.process_time() - began < MUCH


@given(st.text(alphabet=' "(<>),;:\\@ab=?\t.é', max_size=60))
def test_every_address_found_stands_in_the_header(text: str) -> None:
    for one in read_addresses(text.encode()):
        if one.address and not one.address.startswith('"'):
            local, _, domain = one.address.rpartition("@")
            assert local in text
            assert domain in text
            assert local
            assert domain
