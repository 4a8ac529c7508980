"""Where something stands in a policy file: from the place that a message names to its line.

A place is written as messages write it: `review_on`, `letters.deals`, `duty 3 (respond).within`, `body Ofqual`. What is
not there has the line of the table that it belongs to; what cannot be found at all has line 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

KEY = re.compile(r"""\s*(?:"([^"\n]*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))\s*[=.]""")
PLACE = re.compile(r"(?P<table>[a-z_]+)(?: (?P<number>\d+)(?: \(.*\))?(?=\.|$)| (?P<name>[^.]+))?(?:\.(?P<key>.+))?")
NAMED_BY = ("name", "id", "kind", "to", "clause")


@dataclass(frozen=True, slots=True)
class _Span:
    """One table of the file: where its header is, and the line of each key."""

    table: str
    line: int
    keys: tuple[tuple[str, int], ...]
    names: tuple[str, ...]

    def line_of(self, key: str) -> int:
        return next((line for name, line in self.keys if name == key), self.line)


def line_of(text: str, place: str) -> int:
    """The line on which `place` stands in this file."""
    spans = _spans(text)
    found = PLACE.fullmatch(place)
    if found is None:
        return 1
    table, key = found["table"], found["key"] or ""
    here = [span for span in spans if span.table == table]
    if found["number"]:
        here = here[int(found["number"]) - 1 :]
    elif found["name"]:
        here = [span for span in here if found["name"] in span.names]
    elif not key:
        top = dict(spans[0].keys)
        return top[table] if table in top else here[0].line if here else 1
    else:
        # [letters.contact] is a table of its own, `contact = { … }` a key of [letters].
        inside = [span for span in spans if span.table == f"{table}.{key.split('.')[0]}"]
        here = inside or here
    if not here:
        return dict(spans[0].keys).get(table, 1)
    steps = key.split(".")
    return next((here[0].line_of(step) for step in steps if here[0].line_of(step) != here[0].line), here[0].line)


@lru_cache(maxsize=8)
def _spans(text: str) -> tuple[_Span, ...]:
    spans: list[_Span] = []
    table, at = "", 1
    keys: list[tuple[str, int]] = []
    names: list[str] = []
    quoted = ""  # the three quotes that a string over several lines waits for
    for number, line in enumerate(text.splitlines(), start=1):
        if quoted:
            quoted = "" if quoted in line else quoted
            continue
        if line.lstrip().startswith("["):
            spans.append(_Span(table, at, tuple(keys), tuple(names)))
            name = line.lstrip().lstrip("[").partition("]")[0]
            table, at, keys, names = name.replace('"', "").replace(" ", ""), number, [], []
            continue
        key = KEY.match(line)
        if key is not None:
            called = key[1] or key[2] or key[3] or ""
            keys.append((called, number))
            if called in NAMED_BY:
                names.append(line.partition("=")[2].partition("#")[0].strip().strip("\"'"))
        quoted = next((three for three in ('"""', "'''") if line.count(three) % 2), "")
    spans.append(_Span(table, at, tuple(keys), tuple(names)))
    return tuple(spans)
