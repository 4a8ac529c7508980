"""What the model counts in a text: words, pairs, parts of words and signs."""

from __future__ import annotations

import re
import time
from math import isclose, isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaintmail.triage.features import _TOKEN, SIGNS, _token, counted, features, parts, tokens


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The tutor DIDN’T come!", ["the", "tutor", "didn't", "come", "!"]),
        ("Paid £45.50 on 3/4, see https://example.test/x?a=1", ["paid", "<money>", "on", "<number>", "see", "<url>"]),
        ("Write to jo@example.test or @someone", ["write", "to", "<mail>", "or"]),
        ("", []),
        ("…—¡", []),
    ],
)
def test_a_text_is_read_as_words_and_what_stands_for_itself(text: str, said: list[str]) -> None:
    assert tokens(text) == said


def test_a_word_has_its_parts_with_its_ends() -> None:
    assert parts("rude") == (
        *("_r", "ru", "ud", "de", "e_", "_ru", "rud", "ude", "de_"),
        *("_rud", "rude", "ude_", "_rude", "rude_"),
    )
    assert parts("<url>") == ()


def test_each_feature_is_named_and_its_block_has_the_length_of_one_word() -> None:
    found = features("rude staff rude")

    assert {name for name in found if name.startswith("w:")} == {"w:rude", "w:staff", "w:rude staff", "w:staff rude"}
    assert all(isclose(found[name], 0.5) for name in found if name.startswith("w:"))
    assert isclose(sum(value for name, value in found.items() if name.startswith("c:")) ** 2, 31, rel_tol=0.1)
    assert [name for name in found if name.startswith("x:")] == list(SIGNS)


def test_each_word_counts_once_however_often_it_is_said() -> None:
    once, often = counted("late late late"), counted("late " * 50)

    assert once.words == often.words == ("late",)
    assert once.pairs == often.pairs == ("late late",)


@pytest.mark.parametrize("text", ["", "!", "a" * 5000, "?!" * 3000, "\n" * 6000, "<>|*=_#" * 800, "@" * 6000])
def test_every_sign_is_between_nothing_and_one(text: str) -> None:
    assert all(isfinite(sign) and 0 <= sign <= 1 for sign in counted(text).signs)


@pytest.mark.parametrize("unit", ["a", "x'", "£", "a@b@"])
def test_a_text_of_a_megabyte_takes_time_in_proportion(unit: str) -> None:
    hostile = unit * (1_000_000 // len(unit))
    begin = time.process_time()

    counted(hostile)

    assert time.process_time() - begin < 5


@given(st.text(alphabet="ab'’é.:-£ $5,?!<>\n\t x", max_size=60))
def test_words_are_the_same_however_the_text_is_cut(text: str) -> None:
    """Read piece by piece, each piece kept, it gives what reading the text in one look gives."""
    whole = text.lower().replace("’", "'")
    pattern = _TOKEN.pattern.replace("[£$€]", r"[£$€]\s?", 1)

    assert tokens(text) == [word for word in map(_token, re.findall(pattern, whole)) if word]
