"""The points of a complaint in an outcome, each with what was found of it: upheld, in part, or not.

Owns that reading. "Point 1: the room was cold: upheld", or a list below "Points:" with a point to a line. What stands
behind a finding, and below it until the next point, is why. A point without a finding is kept, and asked for. Linear
time, never fails, nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CODES = {
    "upheld": "upheld", "uphold": "upheld", "we uphold this": "upheld", "justified": "upheld",
    "partly upheld": "partly upheld", "partially upheld": "partly upheld", "part upheld": "partly upheld",
    "upheld in part": "partly upheld", "partly": "partly upheld", "in part": "partly upheld",
    "partly justified": "partly upheld",
    "not upheld": "not upheld", "not uphold": "not upheld", "rejected": "not upheld", "dismissed": "not upheld",
    "unfounded": "not upheld", "not justified": "not upheld",
}  # fmt: skip
MOST = 40
LONGEST = 2000  # characters of a line that are read as a point; what is over stays with why
_SAID = "|".join(re.escape(words).replace(r"\ ", r"[ -]") for words in sorted(CODES, key=len, reverse=True))
_FINDING = re.compile(rf"(?:^|[:：(\[–—]|\s-)\s{{0,4}}({_SAID})\b(?![ -](?:in part|by|in|on|because)\b)", re.IGNORECASE)
_NAMED = re.compile(r"^[\s>*_•·-]{0,8}point\s{0,3}(\d{1,2})\s{0,3}([:：.,()\[–—*-].*)?$", re.IGNORECASE)
_LISTED = re.compile(r"^\s{0,8}(?:[>*_]\s?){0,3}(?:(\d{1,2})[.)]|[-*•·–])\s+(\S.*)$")
_EDGE = " \t:：;,.-–—()[]*_"


@dataclass(frozen=True, slots=True)
class Point:
    n: int
    text: str
    finding: str = ""  # '': nobody has said yet
    why: str = ""


def is_point(line: str) -> bool:
    """Does this line begin a point by its name, wherever it stands?"""
    return _NAMED.match(line[:LONGEST]) is not None


def read_points(text: str) -> tuple[Point, ...]:
    """The points in this part of a mail. Two of one number are one."""
    found: list[Point] = []
    below: list[list[str]] = []
    for line in text.split("\n"):
        begun = _begun(line[:LONGEST], len(found) + 1, first=not found)
        if begun is not None and len(found) < MOST:
            found.append(begun)
            below.append([begun.why + line[LONGEST:]])
        elif found:
            below[-1].append(line)
    whole = (
        Point(point.n, point.text, point.finding, "\n".join(lines).strip())
        for point, lines in zip(found, below, strict=True)
    )
    return together((), whole)


def _begun(line: str, nth: int, *, first: bool) -> Point | None:
    if (named := _NAMED.match(line)) is not None:
        return _point(int(named[1]), named[2] or "")
    if (listed := _LISTED.match(line)) is not None:
        return _point(int(listed[1]) if listed[1] else nth, listed[2])
    return _point(nth, line) if first and line.strip() else None


def _point(n: int, said: str) -> Point:
    finding = _FINDING.search(said)
    if finding is None:
        return Point(n, said.strip(_EDGE))
    code = CODES[" ".join(finding[1].lower().replace("-", " ").split())]
    return Point(n, said[: finding.start()].strip(_EDGE), code, said[finding.end() :].strip().lstrip(_EDGE))


def together(before: Iterable[Point], more: Iterable[Point]) -> tuple[Point, ...]:
    """What was said before, and what was said since about the points of the same numbers."""
    known = {point.n: point for point in before}
    for point in more:
        old = known.get(point.n, point)
        known[point.n] = Point(
            point.n, point.text or old.text, point.finding or old.finding, point.why or old.why
        )  # fmt: skip
    return tuple(known[n] for n in sorted(known))


def lacking(points: Sequence[Point]) -> tuple[str, ...]:
    """The points that nobody has found anything of yet, each as a line to fill in."""
    return tuple(
        f"Point {point.n} ({_short(point.text)}): " if point.text else f"Point {point.n}: "
        for point in points
        if not point.finding
    )


def overall(points: Sequence[Point]) -> str:
    """What the findings come to together; '' while one is missing."""
    found = {point.finding for point in points}
    if not points or "" in found:
        return ""
    return found.pop() if len(found) == 1 else "partly upheld"


def told(points: Sequence[Point]) -> str:
    """The points in a letter."""
    said = []
    for point in points:
        about = f"Point {point.n}: {point.text}" if point.text else f"Point {point.n}"
        finding = f"\nOur finding: {point.finding}." if point.finding else ""
        said.append(f"{about}{finding}" + (f"\n{point.why}" if point.why else ""))
    return "\n\n".join(said)


def codes(points: Sequence[Point]) -> str:
    """Which point has which finding, without what it is about."""
    return ", ".join(f"{point.n} {point.finding or 'open'}" for point in points)


def as_json(points: Sequence[Point]) -> list[dict[str, Any]]:
    return [{"n": each.n, "text": each.text, "finding": each.finding, "why": each.why} for each in points]


def from_json(said: Iterable[Mapping[str, Any]]) -> tuple[Point, ...]:
    return tuple(Point(int(one["n"]), str(one["text"]), str(one["finding"]), str(one["why"])) for one in said)


def _short(text: str) -> str:
    line = " ".join(text.replace("(", " ").replace(")", " ").split())
    return line if len(line) <= 60 else line[:60].rstrip() + "…"
