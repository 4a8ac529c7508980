"""Message-IDs that are ours, and references in people's words."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaintmail.mail.compose import compose
from complaintmail.mail.references import (
    case_references,
    letter_header_for,
    letter_id,
    letter_of,
    letter_of_header,
    letters_cited,
    message_id_for,
)

KEY = bytes(range(32))
LETTER = "abcdefghijklmnop"
OURS = message_id_for(KEY, LETTER, "example.test")
KEYS = st.binary(min_size=1, max_size=64)
LETTERS = st.binary(min_size=10, max_size=10).map(letter_id)
DOMAINS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}(\.[a-z0-9-]{1,20}){0,3}", fullmatch=True)


@given(key=KEYS, letter=LETTERS, domain=DOMAINS)
def test_our_message_id_is_known_again(key: bytes, letter: str, domain: str) -> None:
    assert letter_of(key, message_id_for(key, letter, domain)) == letter
    assert letter_of_header(key, letter_header_for(key, letter)) == letter


@given(key=KEYS, letter=LETTERS, domain=DOMAINS, flips=st.sets(st.integers(0, 60)))
def test_whatever_a_server_does_to_capitals_it_is_known_again(
    key: bytes, letter: str, domain: str, flips: set[int]
) -> None:
    ours = message_id_for(key, letter, domain)
    theirs = "".join(c.swapcase() if at in flips else c for at, c in enumerate(ours))

    assert letter_of(key, f"  {theirs}\t") == letter


@given(
    letter=LETTERS, at=st.integers(min_value=0, max_value=42), other=st.sampled_from("abcdefghijklmnopqrstuvwxyz234567")
)
def test_no_changed_mark_or_letter_is_ours(letter: str, at: int, other: str) -> None:
    mark = letter_header_for(KEY, letter)
    changed = mark[:at] + other + mark[at + 1 :]

    assert letter_of_header(KEY, changed) == (letter if changed == mark else None)


@given(KEYS, KEYS, LETTERS)
def test_another_installation_s_mark_is_not_ours(ours: bytes, theirs: bytes, letter: str) -> None:
    same = ours.ljust(64, b"\0") == theirs.ljust(64, b"\0")  # keys that HMAC cannot tell apart

    assert (letter_of(ours, message_id_for(theirs, letter, "example.test")) == letter) == same


@pytest.mark.parametrize(
    "forged",
    [
        f"<cm.{LETTER}.{'a' * 26}@example.test>",
        f"<cm.{LETTER}@example.test>",
        OURS[1:-1],
        OURS.replace("<cm.", "<"),
        OURS.replace("@", "."),
        f"<<{OURS}>>",
        f"{OURS} {OURS}",
        OURS.replace(">", "\n>"),
        OURS.replace("abc", "ａｂｃ"),
        OURS.replace("cm.", "cm.."),
        OURS.replace(
            LETTER, LETTER[:-1] + "ſ"
        ),  # lower-case letters to a pattern that forgets ASCII, and none to ASCII
        OURS.replace(LETTER, "\N{KELVIN SIGN}" + LETTER[1:]),
        f"<cm.{LETTER}.{'ſ' * 26}@example.test>",
        f"<cm.{LETTER}x.{OURS[21:]}",
        "",
        "<>",
    ],
)
def test_what_is_not_written_as_we_write_it_is_not_ours(forged: str) -> None:
    assert letter_of(KEY, forged) is None


def test_the_mark_has_a_hundred_and_twenty_eight_bits_and_a_purpose_of_its_own() -> None:
    mark = letter_header_for(KEY, LETTER).partition(".")[2]

    bits = base64.b32decode(mark.upper() + "======")
    assert len(bits) == 16
    assert bits != hmac.new(KEY, LETTER.encode(), hashlib.sha256).digest()[:16]


def test_our_ids_are_short_enough_for_a_header_line() -> None:
    letter = compose(
        mail_from_name="An Office", mail_from="info@example.test", to="jane@complainants.test", subject="Hello",
        text="Hello.", html="<p>Hello.</p>", date=datetime(2026, 3, 17, 9, 0, tzinfo=UTC),
        message_id=OURS, in_reply_to=None, references=(), auto_submitted="auto-replied", reference="CMS-2026-000001",
    )  # fmt: skip

    (line,) = (one for one in letter.split(b"\r\n") if one.lower().startswith(b"message-id:"))
    assert OURS.encode() in line and len(line) <= 78


def test_letters_are_cited_in_order_and_once() -> None:
    other = message_id_for(KEY, "qrstuvwxyz234567", "example.test")

    assert letters_cited(KEY, [other, "<a@b>", OURS, other, OURS.upper()]) == ("qrstuvwxyz234567", LETTER)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Re: [CMS-2026-000123] your course", ("CMS-2026-000123",)),
        ("cms-2026-000123", ("CMS-2026-000123",)),
        ("CMS-2026-000002, CMS-2026-000001, CMS-2026-000002", ("CMS-2026-000002", "CMS-2026-000001")),
        ("SEK-2026-000001.", ("SEK-2026-000001",)),
        ("my number is CMS-2026-0001234", ()),
        ("CMS-2026-00012", ()),
        ("XCMS-2026-000123", ()),
        ("CMS-1026-000123", ()),
        ("CMS 2026 000123", ()),
        ("CMS-2026-٠٠٠١٢٣", ()),
        ("NHS-2026-000123", ()),
        ("", ()),
    ],
)
def test_references_in_people_s_words(text: str, found: tuple[str, ...]) -> None:
    assert case_references(text, prefixes=frozenset({"CMS", "SEK"})) == found


@given(st.text(max_size=3000))
def test_only_prefixes_that_exist_here_are_found(text: str) -> None:
    assert all(one.startswith("CMS-") for one in case_references(text, prefixes=frozenset({"CMS"})))
