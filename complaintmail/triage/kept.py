"""Answers about words that are kept, because nearly every word of a mail has stood in one before.

Promises: looking up what is known costs no call of ours, also for a whole text (`map(kept.__getitem__, words)`); it
never holds more than its bound, nor a very long word: when it is full it forgets all and begins again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

LONG = 60  # letters; a longer word hardly comes again
Answer = TypeVar("Answer")


class Kept(dict[str, Answer]):
    """What `find` says of a word, asked once."""

    def __init__(self, find: Callable[[str], Answer], most: int) -> None:
        super().__init__()
        self._find, self._most = find, most

    def __missing__(self, word: str) -> Answer:
        answer = self._find(word)
        if len(word) <= LONG:
            if len(self) >= self._most:
                self.clear()
            self[word] = answer
        return answer
