"""Answers about words that are kept: each asked once, and never more of them than the bound."""

from __future__ import annotations

from complaintmail.triage.kept import LONG, Kept


def test_each_word_is_asked_about_once() -> None:
    asked: list[str] = []

    def find(word: str) -> int:
        asked.append(word)
        return len(word)

    kept = Kept(find, 10)

    assert [kept[word] for word in ("a", "bb", "a", "bb", "a")] == [1, 2, 1, 2, 1]
    assert asked == ["a", "bb"]


def test_it_never_holds_more_than_its_bound_and_goes_on_answering() -> None:
    kept = Kept(len, 3)

    said = []
    for number in range(20):
        said.append(kept["x" * number])
        assert len(kept) <= 3
    assert said == list(range(20))


def test_a_very_long_word_is_answered_and_not_kept() -> None:
    kept = Kept(len, 3)

    assert kept["x" * (LONG + 1)] == LONG + 1
    assert not kept
