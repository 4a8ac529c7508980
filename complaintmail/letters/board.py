"""The compliments board: one page for a screen on the wall, made of kind words without names.

Owns how it looks. Promises: one file that needs nothing else, fetches nothing and runs nothing; every value cleaned
and escaped; text large enough to be read from across a room, in light and dark, on a telephone as a plain list. On a
screen one note follows the other and the page loads itself anew when the last was shown; who asked their machine for
less movement gets the list. Pure: values to text, never fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from complaintmail.letters.board_look import STYLE, turns
from complaintmail.letters.values import MONTHS, clean, escaped

MOST = 40  # notes: with more, nobody sees the same one twice in a visit
LOADS_ANEW = 300  # seconds, at least
SHORT, MIDDLE, LONG = 90, 220, 420  # characters

_PAGE = """\
<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta http-equiv="refresh" content="{anew}">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<header>
<p class="whose">{organisation}</p>
<h1>{title}</h1>
</header>
<main>
{content}
</main>
<footer>
<p>{invitation}</p>
<p class="how-many">{how_many}</p>
</footer>
</body>
</html>
"""

_BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Note:
    """Kind words as they hang. `name`: the giver's, where they allowed it; else ''."""

    words: str
    on: date
    name: str = ""


def board_page(
    notes: Sequence[Note], *, organisation: str, title: str = "Kind words", write_to: str = "", in_all: int = 0
) -> str:
    """The page. `notes`: the newest first. `in_all`: how many there are, when fewer are shown."""
    shown = [note for note in notes if clean(note.words)][:MOST]
    how_long = [_seconds(note) for note in shown]
    cycle = sum(how_long)
    anew = LOADS_ANEW if not cycle else cycle * -(-LOADS_ANEW // cycle)
    values = {
        "anew": str(anew),
        "title": _said(title) or "Kind words",
        "organisation": _said(organisation),
        "style": STYLE + turns(how_long),
        "content": "\n".join(_list(shown, how_long)) if shown else _EMPTY,
        "invitation": _invitation(write_to),
        "how_many": _how_many(max(in_all, len(shown))),
    }
    return _BLANK.sub(lambda blank: values[blank[1]], _PAGE)  # in one go: no blank in what people wrote is filled


_EMPTY = """\
<section class="nothing-yet">
<p class="large">The first kind words will hang here.</p>
<p>Was somebody here good to you today? Do tell them: it makes their day.
Your name stays with us unless you would like it to be seen.</p>
</section>"""


def _list(notes: Sequence[Note], how_long: Sequence[int]) -> Iterator[str]:
    yield f'<ol class="notes{" alone" if len(notes) == 1 else ""}">'
    begins = 0
    for number, (note, seconds) in enumerate(zip(notes, how_long, strict=True)):
        yield (
            f'<li class="note {_length(note)} tint-{number % 4} for-{seconds}" style="--begins:{begins}s">\n'
            f'<blockquote dir="auto"><p>{_said(note.words)}</p></blockquote>\n'
            f'<p class="from">{_from(note)}</p>\n<i class="pace"></i>\n</li>'
        )
        begins += seconds
    yield "</ol>"


def _from(note: Note) -> str:
    month = f"{MONTHS[note.on.month - 1]} {note.on.year}"
    name = _said(note.name[:80])
    return f'<bdi class="name">{name}</bdi> <span>{month}</span>' if name else f"<span>{month}</span>"


def _length(note: Note) -> str:
    size = len(note.words)
    return "short" if size <= SHORT else "middle" if size <= MIDDLE else "long" if size <= LONG else "longest"


def _seconds(note: Note) -> int:
    """How long it hangs: time to read it twice."""
    return {"short": 10, "middle": 15, "long": 22, "longest": 32}[_length(note)]


def _invitation(write_to: str) -> str:
    where = _said(write_to)
    return (
        f"Would you like to thank somebody? Write to <b>{where}</b>" if where else "Thank you to everybody who wrote."
    )


def _how_many(number: int) -> str:
    return "" if number < 2 else f"{number:,} thank-yous so far"


def _said(words: str) -> str:
    return escaped(clean(words))
