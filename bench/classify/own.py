"""Texts of our own to train from: invented mails, and short texts put together from invented pieces (`texts/`).

`texts/written/GENRE_KIND.txt` holds one mail a line, written by hand. The same seed gives the same texts
on any machine.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parent / "texts"
PATTERNS = 900  # texts of each kind that are put together from patterns
MIXED = 250  # newsletters and advertisements each
PIECES = (1, 2, 3, 4, 6, 9, 14, 20, 28)


@dataclass(frozen=True, slots=True)
class Row:
    """One text to learn from. `source`: where it comes from; `group` narrows it."""

    source: str
    group: str
    kind: str
    subject: str
    text: str


def own(seed: int = 1) -> list[Row]:
    chance = random.Random(seed)
    return [*_first(), *written(), *_mixed(chance), *_patterned(chance)]


def written() -> list[Row]:
    """The mails of each genre, as they stand; `group` is the genre."""
    return [_row("written", path.stem.rpartition("_"), line) for path in _files() for line in lines(path)]


def _files() -> list[Path]:
    return sorted((TEXTS / "written").glob("*.txt"))


def _row(source: str, name: tuple[str, str, str], line: str) -> Row:
    group, _, kind = name
    subject, parted, text = line.partition(" | ")
    if not parted:
        subject, text = "", line
    return Row(source, group, kind, subject.replace("\\n", "\n").strip(), text.replace("\\n", "\n").strip())


def lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").split("\n") if line.strip() and not line.startswith("#")]


def _first() -> Iterator[Row]:
    for kind, name in (("complaint", "complaints"), ("compliment", "compliments"), ("enquiry", "enquiries")):
        for line in lines(TEXTS / f"own_{name}.txt"):
            yield _row("own", (kind, "_", kind), line)


def _mixed(chance: random.Random) -> Iterator[Row]:
    for kind in ("bulk", "spam"):
        pieces = lines(TEXTS / f"own_{kind}.txt")
        for _ in range(MIXED):
            text = chance.choice(("\n", "\n", "\n\n", " ")).join(chance.sample(pieces, chance.choice(PIECES)))
            subject = chance.choice(pieces)[:50] if chance.random() < 0.7 else ""
            yield Row("mixed", kind, kind, subject, text)


def _patterned(chance: random.Random) -> Iterator[Row]:
    pieces = tomllib.loads((TEXTS / "own_patterns.toml").read_text("utf-8"))
    for kind in ("complaint", "compliment", "enquiry"):
        for _ in range(PATTERNS):
            said = [_sentence(kind, pieces, chance) for _ in range(chance.choice((1, 1, 2, 2, 3, 4, 5)))]
            if kind == "complaint" and len(said) > 1 and chance.random() < 0.35:
                said.insert(chance.randrange(len(said)), _sentence("compliment", pieces, chance))
            if kind != "enquiry" and chance.random() < 0.2:
                said.insert(0, _filled(chance.choice(pieces["opening"]), pieces, chance))
            yield Row("pattern", kind, kind, "", " ".join(said))


def _sentence(kind: str, pieces: dict[str, Any], chance: random.Random) -> str:
    own_pieces = pieces[kind]
    form, end = chance.random(), chance.choice((".", ".", ".", "!", ""))
    if kind == "enquiry" or form >= 0.85:
        return _filled(chance.choice(own_pieces["i"]), pieces, chance)
    if form < 0.3:
        who, how = chance.choice(pieces["who"]), chance.choice(own_pieces["who_is"])
        very = chance.choice(("", "", "", "very ", "so ", "really ")) if " " not in how else ""
        return _capital(f"{who} {_verb(who, chance)} {very}{how}{end}")
    if form < 0.55:
        what = chance.choice(pieces["what"])
        return _capital(f"{what} {_verb(what, chance)} {chance.choice(own_pieces['what_is'])}{end}")
    if form < 0.65:
        begin = chance.choice(("what a", "such a", "very", "really", "so"))
        return _capital(f"{begin} {chance.choice(own_pieces['what_is'])} {chance.choice(pieces['what'])[4:]}{end}")
    when = chance.choice(("", f" {chance.choice(pieces['when'])}"))
    return _capital(f"{chance.choice(pieces['who'])} {chance.choice(own_pieces['did'])}{when}{end}")


def _verb(of: str, chance: random.Random) -> str:
    many = of == "they" or (of.endswith("s") and of not in ("the class", "the campus", "customer service"))
    now, then = ("are", "were") if many else ("is", "was")
    return chance.choice((now, then))


def _filled(said: str, pieces: dict[str, Any], chance: random.Random) -> str:
    for name in ("who", "what", "when"):
        if f"{{{name}}}" in said:
            said = said.replace(f"{{{name}}}", chance.choice(pieces[name]))
    return _capital(said)


def _capital(said: str) -> str:
    return said[0].upper() + said[1:]
