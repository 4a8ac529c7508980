"""A link's token is found and taken out where a real program broke it: right after its hyphen, as Thunderbird does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from complaintmail.cases.relay_cut import cut
from complaintmail.mail.leaks import tokens_lying_in
from complaintmail.mail.read import read
from complaintmail.mail.tokens import Token, token_for, tokens_in, without_tokens

KEY = b"k" * 32
LETTER = "abcdefghijklmnop"
TOKEN = token_for(KEY, LETTER, 3)
REPLIES = Path(__file__).parents[1] / "corpus" / "replies"

BREAKS = ["", " ", " \n> ", "\n> ", " \r\n> ", "=\r\n", "\n>> ", "\n"]


def broken(between: str) -> str:
    return f"Take it back <mailto:info@example.test?subject={TOKEN.replace('cm-', 'cm-' + between)}%20Take%20it%20back>"


@pytest.mark.parametrize("between", BREAKS)
def test_a_token_broken_after_its_hyphen_is_found(between: str) -> None:
    assert tokens_in(KEY, (broken(between),)) == (Token(LETTER, 3),)


@pytest.mark.parametrize("between", BREAKS)
def test_a_token_broken_after_its_hyphen_is_taken_out(between: str) -> None:
    assert TOKEN.removeprefix("cm-") not in without_tokens(broken(between))


@pytest.mark.parametrize("between", BREAKS)
def test_no_part_of_it_goes_to_a_complainant(between: str) -> None:
    text, _ = cut(f"Dear Jane,\n{broken(between)}\nYours", "Sam", {}, "info@example.test")

    assert TOKEN.removeprefix("cm-") not in text


@pytest.mark.parametrize("name", ["thunderbird-plain-text", "thunderbird-below", "thunderbird-answer", "mutt-answer"])
def test_no_token_is_left_of_what_real_programs_quoted(name: str) -> None:
    raw = (REPLIES / f"{name}.eml").read_bytes()

    assert re.search(rb"cm-\s*(?:> )?[a-z2-7]{43}", raw)
    assert not re.search(r"[a-z2-7]{40}", without_tokens(read(raw).text))


def test_it_is_found_in_a_mail_as_it_came() -> None:
    raw = (
        b"From: sam@example.test\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\n\r\nYes.\r\n\r\n> "
        + broken(" \r\n> ").encode()
    )

    assert tokens_lying_in(KEY, raw + b"\r\n") == (Token(LETTER, 3),)
