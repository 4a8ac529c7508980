"""Needles: each that stands in a text is found, and nothing else."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from complaintmail.triage.needles import LONG, Needles

NEEDLES = ("suicid", "self harm", "to go on", " mp", "£", "lost ", "ombuds", "for money", "ab")
ONE = Needles(NEEDLES)
PIECES = st.sampled_from([*NEEDLES, "suicidal", "selfless", "harm", "lost", "mp", "the", "umbrella", "\n", "£5", "go"])


@given(st.lists(st.lists(PIECES, max_size=3).map("".join), max_size=30))
def test_what_stands_in_a_text_is_what_is_found(pieces: list[str]) -> None:
    text = " ".join(" ".join(pieces).split())

    assert ONE.standing(text.split()) == {needle for needle in NEEDLES if needle in text}
    assert ONE.said("\n".join(pieces)).there == ONE.standing(text.split())


def test_where_a_line_breaks_and_which_quotes_are_used_does_not_matter() -> None:
    said = Needles(["don't go"]).said("Please DON’T\n  go")

    assert said.small == "please don't go"
    assert said.there == {"don't go"}


def test_a_long_text_is_read_to_its_end() -> None:
    words = ["word"] * LONG + ["self", "harm"]

    assert ONE.standing(words) == {"self harm"}


def test_a_megabyte_takes_little_time() -> None:
    words = [f"w{number}x" for number in range(150_000)]
    before = time.process_time()

    assert ONE.standing(words) == set()
    assert time.process_time() - before < 2
