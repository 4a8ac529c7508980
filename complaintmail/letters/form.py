"""The form of a letter: its words in Markdown with the facts still blank, made ready for text and for HTML.

A fact never passes through Markdown. While a letter is rendered each `{{ … }}` leaves a blank, an opaque word that
nobody can guess; the letter with its blanks goes through Markdown once, and the form that comes of it is kept. Facts
are then filled in: cleaned for the text, escaped for the HTML. So a name made of Markdown or HTML stays a name, and
both versions say the same words, because both come of the same form.

Refused with LetterError: links elsewhere than to http(s) and mailto, links whose host is a fact, and what plain text
cannot show (images, tables, code).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from complaintmail.errors import LetterError
from complaintmail.letters.values import escaped, runs_right_to_left
from complaintmail.letters.words import Words

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

WIDTH = 72
KEPT_TOGETHER = 30  # a fact no longer than this (a date, a name) is not broken over two lines
NO_BREAK = "\ufdd0"  # stands for a space inside such a fact until the lines are broken; facts cannot hold it

_NONCE = "q" + secrets.token_hex(6) + "z"
BLANK = re.compile(_NONCE + r"(\d{3})")
BLANKS = tuple(f"{_NONCE}{number:03d}" for number in range(400))

SAFE_IN_LINKS = "@+.-_~!$*()"
_LINK = re.compile(r"(https?://)([^/?#\s]+)\S*|mailto:\S+", re.IGNORECASE)
_RULE = "-" * 40
_STYLES = {
    "p": "margin:0 0 1em",
    "ul": "margin:0 0 1em;padding-left:1.3em",
    "ol": "margin:0 0 1em;padding-left:1.6em",
    "li": "margin:0 0 .3em",
    "h1": "font-size:1.3em;margin:0 0 .7em",
    "h2": "font-size:1.1em;margin:1.3em 0 .5em",
    "blockquote": "margin:0 0 1em;padding-left:1em;border-left:3px solid #777",
}
_TAGS = {"h3": "h2", "h4": "h2", "h5": "h2", "h6": "h2"}

_NO_WORDS = f'<p style="{_STYLES["p"]}"></p>\n'

_TEXT, _BARE, _HREF = 0, 1, 2  # where in the HTML a blank stands


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, heading or item of the text. `pieces`: words and the numbers of blanks, by turns."""

    first: str  # what its first line begins with: "- "
    rest: str
    pieces: tuple[str, ...]
    tight: bool  # no empty line before it
    lines: tuple[str, ...] = ()  # as broken already, where it has no blank


@dataclass(frozen=True, slots=True)
class Form:
    """A letter with its blanks. `text` and `html` fill them in."""

    blocks: tuple[_Block, ...]
    markup: tuple[str, ...]
    slots: tuple[tuple[int, int, int], ...]  # position in `markup`, number of the blank, where it stands

    def text(self, values: Sequence[str]) -> str:
        glued = [v.replace(" ", NO_BREAK) if len(v) <= KEPT_TOGETHER else v for v in values]
        lines: list[str] = []
        for block in self.blocks:
            if lines and not block.tight:
                lines.append("")
            if block.lines:
                lines += block.lines
                continue
            filled = list(block.pieces)
            for position in range(1, len(filled), 2):
                filled[position] = glued[int(filled[position])]
            _break("".join(filled), block.first, block.rest, lines)
        return "\n".join(lines).replace(NO_BREAK, " ") + "\n"

    def html(self, values: Sequence[str]) -> str:
        filled = list(self.markup)
        safe = [escaped(value) for value in values]
        for position, number, where in self.slots:
            if where == _TEXT:
                lines = isinstance(values[number], Words)
                filled[position] = _in_lines(safe[number]) if lines else _marked_up(safe[number])
            elif where == _BARE:
                filled[position] = safe[number]
            else:
                filled[position] = quote(values[number], safe=SAFE_IN_LINKS)
        return "".join(filled).replace(_NO_WORDS, "")


def _in_lines(words: str) -> str:
    """Somebody's words, inside the paragraph that the letter has opened: their paragraphs, lines and lists stay."""
    parts: list[str] = []
    for part in words.split("\n\n"):
        lines = part.split("\n")
        if all(line.startswith("- ") for line in lines):
            items = "\n".join(f'<li style="{_STYLES["li"]}">{line[2:]}</li>' for line in lines)
            parts.append(f'</p>\n<ul style="{_STYLES["ul"]}">\n{items}\n</ul>\n<p style="{_STYLES["p"]}">')
        else:
            parts.append("<br>\n".join(lines))
    return f'</p>\n<p style="{_STYLES["p"]}">'.join(parts)


def _marked_up(words: str) -> str:
    """A fact among words: one written from right to left keeps to itself, a date or reference is not broken."""
    if runs_right_to_left(words):
        return f"<bdi>{words}</bdi>"
    if len(words) <= KEPT_TOGETHER and words[-4:].isdigit() and (" " in words or "-" in words):
        return f'<span style="white-space:nowrap">{words}</span>'
    return words


def _break(words: str, first: str, rest: str, lines: list[str]) -> None:
    """Break at spaces so that lines are ≤ 72 characters; a longer word stands alone."""
    start = first
    for line in words.split("\n"):
        line = line.strip(" ")
        while len(start) + len(line) > WIDTH:
            cut = line.rfind(" ", 0, WIDTH - len(start) + 1)
            if cut <= 0:
                cut = line.find(" ")
                if cut < 0:
                    break
            lines.append(start + line[:cut].rstrip(" "))
            line, start = line[cut + 1 :].lstrip(" "), rest
        lines.append((start + line).rstrip(" "))
        start = rest


def form_of(words: str, layout: str) -> Form:
    """Read Markdown with blanks into a form; `layout` is an HTML page with blanks and one `BODY`."""
    tokens = markdown().parse(words)
    writer = _Writer()
    writer.write(tokens)
    if not writer.blocks:
        raise LetterError("says nothing")
    before, _, after = layout.partition(BODY)
    markup: list[str] = []
    slots: list[tuple[int, int, int]] = []
    for part, where in ((before, _BARE), ("".join(writer.markup), _TEXT), (after, _BARE)):
        pieces = BLANK.split(part)
        for position, piece in enumerate(pieces):
            if position % 2:
                written = "".join(markup)
                inside_tag = written.rfind("<") > written.rfind(">")
                slots.append((len(markup), int(piece), _HREF if inside_tag else where))
                markup.append("")
            else:
                markup.append(piece)
    return Form(tuple(writer.blocks), tuple(markup), tuple(slots))


BODY = f"{_NONCE}body"

_reader: MarkdownIt | None = None


def markdown() -> MarkdownIt:
    global _reader  # one reader for the process: making it costs more than reading a letter
    if _reader is None:
        from markdown_it import MarkdownIt  # 50 ms: `template list` needs none of it

        reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 8})
        reader.disable(["html_block", "html_inline", "code", "fence", "backticks", "reference"])
        # Every link is read as one, so that one to elsewhere is refused aloud instead of staying as brackets.
        reader.validateLink = lambda url: True  # type: ignore[method-assign]
        _reader = reader
    return _reader


class _Writer:
    """Writes tokens twice: as blocks of text and as HTML."""

    def __init__(self) -> None:
        self.blocks: list[_Block] = []
        self.markup: list[str] = []
        self.first: list[str] = []  # what the next line begins with, innermost last
        self.rest: list[str] = []
        self.numbers: list[int | None] = []  # of the ordered lists we are in; None for a bulleted one
        self.tight = False

    def write(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            kind = token.type
            if kind == "inline":
                self.inline(token, tight=self.tight)
            elif kind in ("paragraph_open", "heading_open", "paragraph_close", "heading_close"):
                if not token.hidden:
                    self.tag(token)
                if token.nesting == 1:
                    self.tight = token.hidden and bool(self.blocks)
            elif kind in ("bullet_list_open", "ordered_list_open"):
                self.tag(token)
                start = token.attrGet("start")
                self.numbers.append(None if kind[0] == "b" else int(start if start is not None else 1))
            elif kind in ("bullet_list_close", "ordered_list_close"):
                self.tag(token)
                self.numbers.pop()
            elif kind == "list_item_open":
                self.tag(token)
                self.enter(self.mark())
            elif kind == "blockquote_open":
                self.tag(token)
                self.enter("> ", "> ")
            elif kind in ("list_item_close", "blockquote_close"):
                self.tag(token)
                self.first.pop()
                self.rest.pop()
            elif kind == "hr":
                self.markup.append("<hr>\n")
                self.block((_RULE,), tight=False)
            else:
                raise LetterError(f"has {kind.replace('_', ' ')}, which plain text cannot show{_near(token)}")

    def tag(self, token: Token) -> None:
        name = _TAGS.get(token.tag, token.tag)
        if token.nesting == -1:
            self.markup.append(f"</{name}>\n")
            return
        start = token.attrGet("start")
        number = f' start="{int(start)}"' if start is not None else ""
        self.markup.append(f'<{name}{number} style="{_STYLES[name]}">')

    def mark(self) -> str:
        number = self.numbers[-1]
        if number is None:
            return "- "
        self.numbers[-1] = number + 1
        return f"{number}. "

    def enter(self, first: str, rest: str | None = None) -> None:
        self.first.append(first)
        self.rest.append(" " * len(first) if rest is None else rest)

    def block(self, pieces: tuple[str, ...], tight: bool) -> None:
        # The first item of a list stands apart from what is before the list, also where its own items do not.
        opens_list = bool(self.first) and self.first[-1] not in ("", "> ") and self.is_first_item()
        first, rest = "".join(self.first), "".join(self.rest)
        lines: list[str] = []
        if len(pieces) == 1:
            _break(pieces[0], first, rest, lines)
        apart = not tight or (opens_list and len(self.first) == 1)
        self.blocks.append(_Block(first, rest, pieces, not apart, tuple(lines)))
        self.first = list(self.rest)

    def is_first_item(self) -> bool:
        return not self.blocks or not self.blocks[-1].rest.startswith("".join(self.rest))

    def inline(self, token: Token, tight: bool) -> None:
        words: list[str] = []
        self.runs(token.children or (), words, token)
        self.block(tuple(BLANK.split("".join(words))), tight)

    def runs(self, children: Sequence[Token], words: list[str], block: Token) -> None:
        link: tuple[str, int] | None = None
        for child in children:
            kind = child.type
            if kind == "text":
                words.append(child.content)
                self.markup.append(escaped(child.content))
            elif kind == "softbreak":
                words.append(" ")
                self.markup.append("\n")
            elif kind == "hardbreak":
                words.append("\n")
                self.markup.append("<br>\n")
            elif kind in ("strong_open", "strong_close", "em_open", "em_close"):
                self.markup.append(f"<{'/' if child.nesting == -1 else ''}{child.tag}>")
            elif kind == "link_open":
                target = _target(str(child.attrGet("href") or ""), block)
                link = (target, len(words))
                self.markup.append(f'<a href="{escaped(target)}">')
            elif kind == "link_close" and link is not None:
                self.markup.append("</a>")
                target, start = link
                shown = re.sub(r"^mailto:|\?.*$", "", target) if target.startswith("mailto:") else target
                if shown not in ("".join(words[start:]), "".join(words[start:]) + "/"):
                    words.append(f" ({shown})")
            else:
                raise LetterError(f"has {kind.replace('_', ' ')}, which plain text cannot show{_near(block)}")


def _target(href: str, block: Token) -> str:
    link = _LINK.fullmatch(href)
    if link is None:
        raise LetterError(f"links to {BLANK.sub('…', href)[:60]}; letters link to https://… and mailto:…{_near(block)}")
    if link[2] and BLANK.search(link[2]):
        raise LetterError(f"has a link whose host is a fact; write the host out{_near(block)}")
    return href


def _near(token: Token) -> str:
    words = BLANK.sub("…", token.content).strip().split("\n")[0][:50]
    return f' (near "{words}")' if words else ""
