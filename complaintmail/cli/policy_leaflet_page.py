"""The page for the public, drawn: HTML that needs nothing from elsewhere, and the sheet from which its PDF is made.

One file without scripts, pictures or fonts: it prints on A4, fits a telephone, and can be read aloud. Every word is a
value and is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from complaintmail.letters.sheet import Block, Heading, Items, Paragraph, Run, Sheet
from complaintmail.policy.leaflet import Leaflet, Part, Way
from complaintmail.policy.policy import Policy

# Black and dark blue on white: contrast 17 and 9 to 1.
STYLE = """
html { font-size: %s; -webkit-text-size-adjust: 100%%; text-size-adjust: 100%%; }
body { margin: 0; color: #1a1a1a; background: #ffffff; font: 1rem/1.55 Arial, Helvetica, sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2rem 0 0.5rem; }
p, li { margin: 0 0 0.7rem; }
ol, ul { margin: 0 0 0.7rem; padding-left: 1.5rem; }
dl { margin: 0 0 0.7rem; }
dt { font-weight: bold; }
dd { margin: 0 0 0.7rem; }
a { color: #0b4a8f; }
a:focus { outline: 3px solid #0b4a8f; outline-offset: 2px; }
footer { margin-top: 2.5rem; border-top: 1px solid #767676; padding-top: 0.7rem; font-size: 0.95rem; }
@media print {
  @page { size: A4; margin: 18mm 20mm; }
  body { color: #000000; font-size: %s; }
  main { max-width: none; padding: 0; }
  h2 { break-after: avoid; }
  li, dt, dd { break-inside: avoid; }
  a { color: #000000; text-decoration: none; }
}
"""


def page(leaflet: Leaflet, *, large_print: bool = False) -> str:
    style = STYLE % (("125%", "18pt") if large_print else ("100%", "11pt"))
    title = escape(leaflet.title)
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en-GB">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{title}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{title}</h1>",
        *(line for part in leaflet.parts for line in _part(part)),
        f"<footer><p>{escape(leaflet.foot)}</p></footer>",
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _part(part: Part) -> Iterator[str]:
    yield f"<h2>{escape(part.heading)}</h2>"
    yield from (f"<p>{escape(words)}</p>" for words in part.paragraphs)
    if part.ways:
        yield "<dl>"
        yield from (f"<dt>{escape(way.label)}</dt><dd>{_linked(way)}</dd>" for way in part.ways)
        yield "</dl>"
    if part.steps:
        yield "<ol>"
        yield from (f"<li>{_led(step)}</li>" for step in part.steps)
        yield "</ol>"
    yield from (f"<p>{escape(words)}</p>" for words in part.after)


def _led(step: str) -> str:
    when, colon, says = step.partition(":")
    return f"<b>{escape(when)}:</b>{escape(says)}" if colon else escape(step)


def _linked(way: Way) -> str:
    words = escape(way.words)
    return f'<a href="{escape(way.link)}">{words}</a>' if way.link else words


def sheet(leaflet: Leaflet, policy: Policy, *, large_print: bool = False) -> Sheet:
    """The same for the press."""
    return Sheet(
        organisation=leaflet.organisation,
        letterhead=tuple(line for line in policy.letterhead if line != leaflet.organisation),
        recipient=(),
        place_date="",
        reference="",
        subject=leaflet.title,
        blocks=tuple(block for part in leaflet.parts for block in _blocks(part)),
        signed=(),
        foot=leaflet.foot,
        large_print=large_print,
    )


def _blocks(part: Part) -> Iterator[Block]:
    yield Heading((Run(part.heading),))
    yield from (Paragraph((Run(words),)) for words in part.paragraphs)
    if part.ways:
        yield Items(tuple((_way(way),) for way in part.ways))
    if part.steps:
        yield Items(tuple((_step(step),) for step in part.steps), start=1)
    yield from (Paragraph((Run(words),)) for words in part.after)


def _step(step: str) -> Paragraph:
    when, colon, says = step.partition(":")
    return Paragraph((Run(when + colon, bold=True), Run(says))) if colon else Paragraph((Run(step),))


def _way(way: Way) -> Paragraph:
    return Paragraph((Run(f"{way.label}: ", bold=True), Run(way.words, link=way.link)))
