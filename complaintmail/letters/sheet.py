"""A letter as it is to stand on paper: values, and nothing that draws.

Owns what a printed letter consists of. Every string is plain text; nothing in it is Markdown, HTML or typst, and
nothing in it is ever read as such. A line end inside a run is a new line of the same paragraph.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style. With a `link` they lead there; where it leads is printed by a run of its own."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `start` is the number of its first item, None where items have a dot."""

    items: tuple[tuple[Block, ...], ...]
    start: int | None = None
    tight: bool = True


@dataclass(frozen=True, slots=True)
class Quoted:
    """Somebody's own words."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Facts, a line each: what it is, and how it stands."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the page."""


Block = Heading | Paragraph | Items | Quoted | Table | Rule


@dataclass(frozen=True, slots=True)
class Sheet:
    """One letter. Its first lines and its last come from here; all between them is `blocks`."""

    organisation: str
    letterhead: tuple[str, ...]  # beside the organisation's name, which may be its first line: address, telephone, web
    recipient: tuple[str, ...]  # as in the window of an envelope; empty where nobody's address is known
    place_date: str  # "21 November 2026", or with a place before it
    reference: str
    subject: str
    blocks: tuple[Block, ...]
    signed: tuple[str, ...]  # "Yours sincerely", a name, a role; empty where the blocks say it
    foot: str  # what the law wants on a letter: registered office, numbers
    large_print: bool = False
    language: str = "en-GB"
    dated: date | None = None  # the day in the file's own properties; else it is read from `place_date`


def plain(text: str) -> tuple[Block, ...]:
    """Paragraphs from plain text: an empty line ends one, a line end stays a line end."""
    paragraphs = (part.strip("\n") for part in text.replace("\r\n", "\n").split("\n\n"))
    return tuple(Paragraph((Run(part),)) for part in paragraphs if part.strip())
