"""One table of a policy file, read key by key.

Every getter says what it wants and never stops at the first mistake: what is wrong is put on one list, a line
each (file, key, what is wrong, what would be right), and the likeliest stand-in is returned, so that the reading
goes on and one mistake is not told twice. `finish` names the keys that nobody asked for, with the nearest one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from complaintmail.policy.policy import Span, Unit

SPAN = re.compile(r"\s*(\d{1,4})\s*(working days?|days?|months?|years?)\s*", re.IGNORECASE)
UNITS = {"working day": Unit.WORKING_DAYS, "day": Unit.DAYS, "month": Unit.MONTHS, "year": Unit.YEARS}
LONGEST = {Unit.YEARS: 100, Unit.MONTHS: 1200}
HIGHEST = 99  # of a plain number
SPAN_EXAMPLES = '"10 working days", "2 days" or "1 month"'


def parse_span(text: str) -> Span | None:
    """5 working days, 2 days, 1 month, 6 years; None for anything else."""
    match = SPAN.fullmatch(text)
    if match is None:
        return None
    span = Span(int(match[1]), UNITS[match[2].lower().removesuffix("s")])
    # Beyond a hundred years no date can be reckoned, and nobody means it.
    return None if span.amount > LONGEST.get(span.unit, span.amount) else span


def alike(word: str, known: Sequence[str]) -> str | None:
    from difflib import get_close_matches  # only a mistake pays for it

    return next(iter(get_close_matches(word, known, n=1, cutoff=0.6)), None)


def nearest(word: str, known: Sequence[str]) -> str:
    """What would be right instead of `word`: the one that looks like it, else all of them."""
    close = alike(word, known)
    if close is not None:
        return f'did you mean "{close}"?'
    return f"known are {', '.join(known)}" if known else "none are known here"


class Entries:
    """One table. `where` is its place in the file, for messages: "duty 3 (respond)"."""

    def __init__(self, table: Mapping[str, object], file: str, where: str, problems: list[str]) -> None:
        self._table = table
        self._file = file
        self._where = where
        self._problems = problems
        self._asked: list[str] = []

    def problem(self, key: str, what: str) -> None:
        place = f"{self._where}.{key}" if self._where and key else self._where or key
        self._problems.append(f"{self._file}: {place}: {what}")

    def rename(self, where: str) -> None:
        self._where = where

    def _value(self, key: str) -> object | None:
        self._asked.append(key)
        return self._table.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """Words. Without a default the key is needed and may not be empty."""
        value = self._value(key)
        if value is None or (default is None and isinstance(value, str) and not value.strip()):
            if default is None:
                self.problem(key, f'is missing: write {key} = "…"')
            return default or ""
        if not isinstance(value, str):
            self.problem(key, f'is {_kind(value)}, should be words in quotes: {key} = "…"')
            return default or ""
        return " ".join(value.split()) if "\n" in value else value.strip()

    def choice(self, key: str, known: Sequence[str], default: str | None = None, what: str = "") -> str:
        word = self.text(key, default)
        if word and word not in known:
            self.problem(key, f'"{word}" is no {what or key} here; {nearest(word, known)}')
            return alike(word, known) or word
        return word

    def flag(self, key: str) -> bool:
        value = self._value(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.problem(key, f"is {_kind(value)}, should be true or false, without quotes")
        return False

    def span(self, key: str) -> Span | None:
        value = self._value(key)
        return None if value is None else self._span(key, value)

    def _span(self, key: str, value: object) -> Span:
        span = parse_span(value) if isinstance(value, str) else None
        if span is None:
            shown = f'"{value}"' if isinstance(value, str) else _kind(value)
            self.problem(key, f"{shown} is no length of time: write {SPAN_EXAMPLES}")
        return span or Span(1, Unit.DAYS)

    def spans(self, key: str, levels: Sequence[str]) -> tuple[tuple[str, Span], ...]:
        """A length of time for each level: { low = "7 days", medium = …, high = … }."""
        value = self._value(key)
        if value is None:
            return ()
        example = "{ " + ", ".join(f'{level} = "5 days"' for level in levels) + " }"
        if not isinstance(value, dict):
            self.problem(key, f"is {_kind(value)}, should be a length of time for each severity: {key} = {example}")
            return ()
        for unknown in value.keys() - set(levels):
            self.problem(f"{key}.{unknown}", f"no such severity; {nearest(unknown, levels)}")
        for missing in [level for level in levels if level not in value]:
            self.problem(f"{key}.{missing}", f"is missing: write {key} = {example}")
        return tuple((level, self._span(f"{key}.{level}", value[level])) for level in levels if level in value)

    def day(self, key: str, *, needed: bool = False) -> date | None:
        value = self._value(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None or needed:
            what = "is missing" if value is None else f"is {_kind(value)}, should be a date"
            self.problem(key, f"{what}: write {key} = 2026-12-24, without quotes")
        return None

    def words(self, key: str) -> tuple[str, ...]:
        value = self._value(key)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            return tuple(value)
        self.problem(key, f'is {_kind(value)}, should be a list of words: {key} = ["…", "…"]')
        return ()

    def one_or_more(self, key: str, known: Sequence[str], what: str) -> tuple[str, ...]:
        """A word, or a list of words, each of them known."""
        if isinstance(self._table.get(key), str):
            word = self.choice(key, known, default="", what=what)
            return (word,) if word in known else ()
        return self.choices(key, known, what)

    def choices(self, key: str, known: Sequence[str], what: str) -> tuple[str, ...]:
        """A list of words, each of them known; what is not is left out, and a second mention."""
        words = self.words(key)
        for word in dict.fromkeys(words):
            if word not in known:
                self.problem(key, f'"{word}" is no {what} here; {nearest(word, known)}')
            elif words.count(word) > 1:
                self.problem(key, f'"{word}" is there twice: once is enough')
        return tuple(word for word in dict.fromkeys(words) if word in known)

    def number(self, key: str, default: int) -> int:
        value = self._value(key)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= HIGHEST:
            return value
        shown = value if isinstance(value, int) and not isinstance(value, bool) else _kind(value)
        self.problem(key, f"is {shown}, should be a whole number, 0 to {HIGHEST}, without quotes")
        return default

    def sources(self, key: str, may_name: Sequence[str], clause_ids: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """{ what is asked for = "the clause that asks for it" }"""
        found = []
        for name, clause in self.pairs(key, f'clause ids: {key} = {{ … = "…" }}'):
            if name not in may_name:
                self.problem(f"{key}.{name}", f"is not asked for here; {nearest(name, may_name)}")
            elif clause not in clause_ids:
                self.problem(f"{key}.{name}", f'"{clause}" is no clause here; {nearest(clause, clause_ids)}')
            else:
                found.append((name, clause))
        return tuple(found)

    def pairs(self, key: str, like: str = 'words: "By telephone" = "01234 567890"') -> tuple[tuple[str, str], ...]:
        """A table of label = words, in the order of the file."""
        value = self._value(key)
        if value is None:
            return ()
        if isinstance(value, dict) and all(isinstance(words, str) for words in value.values()):
            return tuple((label, words) for label, words in value.items())
        self.problem(key, f"is {_kind(value)}, should be a table of {like}")
        return ()

    def table(self, key: str) -> Entries:
        value = self._value(key)
        if value is not None and not isinstance(value, dict):
            self.problem(key, f"is {_kind(value)}, should be a table: [{key}] on a line of its own")
        inside = f"{self._where}.{key}" if self._where else key
        return Entries(value if isinstance(value, dict) else {}, self._file, inside, self._problems)

    def table_if_any(self, key: str) -> Entries | None:
        return self.table(key) if self._value(key) is not None else None

    def tables(self, key: str, named_by: str) -> Iterator[Entries]:
        """Each [[key]] of the file; `named_by` is the key that names one in messages."""
        value = self._value(key)
        if value is None:
            return
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.problem(key, f"is {_kind(value)}, should start with [[{key}]] on a line of its own, once for each")
            return
        for number, one in enumerate(value, start=1):
            name = one.get(named_by)
            label = f"{key} {number} ({name})" if isinstance(name, str) and name else f"{key} {number}"
            yield Entries(one, self._file, label, self._problems)

    def finish(self) -> None:
        for key in self._table:
            if key not in self._asked:
                self.problem(key, f"is not known here; {nearest(key, self._asked)}")


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    names = {str: "words", int: "a number", float: "a number", list: "a list", dict: "a table", date: "a date"}
    return names.get(type(value), "a time")
