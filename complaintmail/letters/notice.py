"""Mail to staff: what it says, as values, and how it looks in text and in HTML.

Promises: text and HTML say the same words in the same order; the first line says where a plain reply goes, and the
line after it is the mark below which `mail.own_notice` reads nothing as the reader's own words; somebody else's words
are marked as theirs on every line; no line begins with '#', so that none of it reads as a command. Every value is
cleaned of what does not print and escaped, so nothing in it is markup. Never fails for what a complainant wrote, and
takes linear time.

The HTML needs no style to be read: no tables, pictures or colours (so light and dark both work), nothing from
elsewhere. `first_line` begins with "Your reply", "A plain reply" or "Replies", or it is a ValueError: a reply to the
notice could not be told from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from complaintmail.letters.values import LONGEST, clean, escaped, runs_right_to_left
from complaintmail.mail.own_notice import WRITE_ABOVE, says_where

WIDTH = 72
QUOTED_WIDTH = 66  # so that no program breaks these lines when it marks them again, twice over
LONGEST_FIRST = 400  # characters: a name as long as a page does not hide the mark below it
LONGEST_LINK = 1900  # characters: Outlook cuts a little beyond 2,000
LONGEST_SUBJECT = 900  # of them, so that the command itself always has room
LONGEST_QUOTED = 40_000  # characters of somebody's words: with more, Gmail shows no end of the mail

_GLUE = "\ufdd0"  # a space that no line is broken at; no value can hold it
_STEP = "\u00a0"  # an indent in HTML
_ADDRESS_SAFE = "@+-._~!$*"
_PAGE = """\
<!doctype html>
<html lang="en-GB" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body style="margin:0">
<div style="max-width:40em;margin:0 auto;padding:1em;font:16px/1.5 system-ui,'Segoe UI',Roboto,Helvetica,Arial,\
sans-serif;overflow-wrap:anywhere">
{content}
</div>
</body>
</html>
"""
_P = '<p style="margin:0 0 1em">'
_H2 = '<h2 style="font-size:1.1em;line-height:1.3;margin:1.6em 0 .5em">'
_QUOTE = '<blockquote style="margin:0 0 1em;padding:.1em 0 .1em 1em;border-left:3px solid #777">'
_BUTTON = "display:inline-block;padding:12px 16px;border:1px solid #777;border-radius:6px;font-weight:600"


@dataclass(frozen=True, slots=True)
class Link:
    """One thing that can be done now: `subject` (its token first) and `body` are those of the mail that it opens."""

    label: str
    subject: str
    body: str

    @property
    def by_hand(self) -> str:
        """The command that a plain reply would hold, or '' where the body begins with none."""
        first = clean(self.body.lstrip().partition("\n")[0])
        return first if first.startswith("#") else ""


@dataclass(frozen=True, slots=True)
class Section:
    heading: str  # "" for none
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()  # label, value
    quoted: str = ""  # somebody else's words, kept line by line, marked as theirs
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    subject: str
    first_line: str  # where a plain reply goes
    sections: tuple[Section, ...]
    foot: str = ""


def written(notice: Notice, mailbox: str) -> tuple[str, str]:
    """Text and HTML, with the same words. `mailbox`: where the links write to."""
    if not says_where(notice.first_line):
        raise ValueError(f"the first line of a notice says where a reply goes: {notice.first_line!r}")
    first = clean(notice.first_line)
    if len(first) > LONGEST_FIRST:
        first = first[:LONGEST_FIRST].rstrip() + "…"
    text = [*_wrapped(first), "", WRITE_ABOVE]
    html = [f"{_P}<strong>{_said(first)}</strong></p>", f"{_P}{WRITE_ABOVE}</p>"]
    for section in notice.sections:
        quoted = _quoted_lines(section.quoted)
        targets = [mailto(mailbox, link) for link in section.links]
        text += _section_text(section, quoted, targets)
        html += _section_html(section, quoted, targets)
    if notice.foot:
        text += ["", *_wrapped(notice.foot)]
        html.append(f'<p style="margin:2em 0 0"><small>{_said(notice.foot)}</small></p>')
    page = _PAGE.replace("{title}", escaped(clean(notice.subject))).replace("{content}", "\n".join(html))
    return "\n".join(text).replace(_GLUE, " ") + "\n", page


def mailto(mailbox: str, link: Link) -> str:
    """RFC 6068, at most 1,900 characters: a longer body is cut at a line, a monstrous subject at its end."""
    subject = _within(clean(link.subject), LONGEST_SUBJECT)
    url = f"mailto:{_address(mailbox)}?subject={subject}&body="
    lines = link.body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    said = ""
    for number, line in enumerate(lines):
        more = ("%0D%0A" if number else "") + (_command(line) if line[:1] == "#" else quote(clean(line), safe="-._~"))
        if len(url) + len(said) + len(more) > LONGEST_LINK:
            break
        said += more
    return url + (said or _within(clean(lines[0]), LONGEST_LINK - len(url)))


@lru_cache(maxsize=64)
def _address(mailbox: str) -> str:
    return quote(mailbox, safe=_ADDRESS_SAFE)


@lru_cache(maxsize=512)
def _command(line: str) -> str:
    """The same few commands stand in every notice."""
    return quote(clean(line), safe="-._~")


def _within(words: str, room: int) -> str:
    """As much of the words, percent-encoded, as has room; never half a character."""
    encoded = quote(words, safe="-._~")
    if len(encoded) <= room:
        return encoded
    kept, used = [], 0
    for character in words:
        piece = quote(character, safe="-._~")
        used += len(piece)
        if used > room:
            break
        kept.append(piece)
    return "".join(kept)


def _section_text(section: Section, quoted: list[str], targets: list[str]) -> Iterator[str]:
    if section.heading:
        heading = clean(section.heading)
        said = f" {heading}" if heading.startswith("#") else heading
        yield from ("", "", said, "-" * min(len(said), WIDTH))
    for paragraph in section.paragraphs:
        yield ""
        yield from _wrapped(paragraph)
    if section.items:
        yield ""
        for item in section.items:
            yield from _wrapped(item, "- ", "  ")
    if section.facts:
        yield ""
        for label, value in section.facts:
            yield from _wrapped(f"{clean(label)}: {clean(value)}", "", "  ")
    if quoted:
        yield ""
        for line in quoted:
            indent = line[: len(line) - len(line.lstrip(" "))]
            if len(line) <= QUOTED_WIDTH - 2 and "  " not in line:  # cleaned already, and most are as short
                yield f"> {line}" if line else ">"
            else:
                yield from _wrapped(line, f"> {indent}", "> ")
        if more := _left_out(section.quoted):
            yield from ("", *_wrapped(more))
    for link, target in zip(section.links, targets, strict=True):
        yield ""
        label = clean(link.label)
        yield from _wrapped(label if label.endswith("?") else f"{label}:")
        yield target
        if by_hand := link.by_hand:
            yield f"or reply with: {by_hand}"


def _section_html(section: Section, quoted: list[str], targets: list[str]) -> Iterator[str]:
    if section.heading:
        yield f"{_H2}{_said(section.heading)}</h2>"
    for paragraph in section.paragraphs:
        yield f"{_P}{_said(paragraph)}</p>"
    if section.items:
        items = "\n".join(f'<li style="margin:0 0 .3em">{_said(item)}</li>' for item in section.items)
        yield f'<ul style="margin:0 0 1em;padding-left:1.3em">\n{items}\n</ul>'
    if section.facts:
        facts = "<br>\n".join(f"<strong>{_said(label)}:</strong> {_said(value)}" for label, value in section.facts)
        yield f"{_P}{facts}</p>"
    if quoted:
        yield _QUOTE
        for stanza in _paragraphs(quoted):
            yield f'<p dir="auto" style="margin:0 0 .8em">{"<br>".join(map(_quoted_html, stanza))}</p>'
        yield "</blockquote>"
        if more := _left_out(section.quoted):
            yield f"{_P}{_said(more)}</p>"
    for link, target in zip(section.links, targets, strict=True):
        by_hand = f"<br>\n<small>or reply with: {_said(said)}</small>" if (said := link.by_hand) else ""
        yield f'{_P}<a href="{escaped(target)}" style="{_BUTTON}">{_said(link.label)}</a>{by_hand}</p>'


def _said(words: str) -> str:
    """A value in HTML; one written from right to left keeps to itself."""
    safe = escaped(clean(words))
    return f"<bdi>{safe}</bdi>" if runs_right_to_left(safe) else safe


def _quoted_html(line: str) -> str:
    words = line.lstrip(" ")
    return _STEP * (len(line) - len(words)) + escaped(words)


def _paragraphs(lines: list[str]) -> Iterator[list[str]]:
    paragraph: list[str] = []
    for line in [*lines, ""]:
        if line:
            paragraph.append(line)
        elif paragraph:
            yield paragraph
            paragraph = []


def _quoted_lines(words: str) -> list[str]:
    """Somebody's words line by line, cleaned, without the empty lines at their ends."""
    if not words:
        return []
    lines: list[str] = []
    for line in words[:LONGEST_QUOTED].replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = line.expandtabs(4).rstrip()
        indent = " " * min(len(line) - len(line.lstrip(" ")), 8)
        for at in range(0, max(len(line), 1), LONGEST):
            said = clean(line[at : at + LONGEST])
            lines.append((indent if not at and said else "") + said)
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        del lines[0]
    return lines


def _left_out(words: str) -> str:
    more = len(words) - LONGEST_QUOTED
    return f"{more:,} characters more are left out here. The whole text is kept with the case." if more > 0 else ""


def _wrapped(words: str, first: str = "", rest: str = "") -> list[str]:
    """In lines of at most 72 characters; a longer word stands alone, and none of them begins with '#'."""
    theirs = first.startswith(">")
    said, width = (clean(words), QUOTED_WIDTH) if theirs else (clean(words).replace(" #", f"{_GLUE}#"), WIDTH)
    if "  " in said:
        said = " ".join(word for word in said.split(" ") if word)
    if not first and said.startswith("#"):
        said = f" {said}"
    lines: list[str] = []
    indent = first
    while len(indent) + len(said) > width:
        cut = said.rfind(" ", 1, width - len(indent) + 1)
        if cut < 0:
            cut = said.find(" ", max(1, width - len(indent)))
        if cut < 0:
            break
        lines.append(indent + said[:cut])
        said, indent = said[cut + 1 :], rest
    return [*lines, indent + said]
