"""A letter's words as blocks for paper: the same Markdown and the same facts that its text and its HTML are made of.

Owns the third way of writing a letter down; form.py owns the other two, and its page tells how facts travel. Promises:
the blocks say the words of the text in their order, with the same addresses behind links. Read when a letter is to be
printed and not before, so that letters which only travel as mail cost nothing more. Raises LetterError as form.py does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from complaintmail.errors import LetterError
from complaintmail.letters import form
from complaintmail.letters.sheet import Block, Heading, Items, Paragraph, Quoted, Rule, Run

if TYPE_CHECKING:
    from markdown_it.token import Token

_ITEM = re.compile(r"^(?:[-*\u2022]|(\d{1,3})\.) (?=\S)", re.MULTILINE)
_ADDRESS = re.compile(r"^mailto:|\?.*$")


def blocks_of(words: str, values: Sequence[str]) -> tuple[Block, ...]:
    """The blocks of a letter: `words` are Markdown with blanks, `values` the facts that fill them."""
    return tuple(_Reader(form.markdown().parse(words), values).blocks())


class _Reader:
    """Reads tokens once, from the first to the last."""

    def __init__(self, tokens: Sequence[Token], values: Sequence[str]) -> None:
        self.tokens = iter(tokens)
        self.values = values

    def blocks(self, until: str = "") -> Iterator[Block]:
        """The blocks up to the token that closes them."""
        for token in self.tokens:
            kind = token.type
            if kind == until:
                return
            if kind == "paragraph_open":
                yield from _paragraphs(self.inline())
            elif kind == "heading_open":
                runs = self.inline()
                if runs:
                    yield Heading(runs)
            elif kind == "blockquote_open":
                yield Quoted(tuple(self.blocks("blockquote_close")))
            elif kind in ("bullet_list_open", "ordered_list_open"):
                yield self.items(token)
            elif kind == "hr":
                yield Rule()
            else:
                raise LetterError(f"has {kind.replace('_', ' ')}, which paper cannot show")

    def items(self, opened: Token) -> Items:
        close = opened.type.replace("open", "close")
        ordered = opened.type[0] == "o"
        start = opened.attrGet("start")
        items: list[tuple[Block, ...]] = []
        tight = True
        for token in self.tokens:
            if token.type == close:
                break
            items.append(tuple(self.blocks("list_item_close")))
            tight = tight and sum(isinstance(block, Paragraph) for block in items[-1]) < 2
        number = int(start if start is not None else 1) if ordered else None
        return Items(tuple(items), number, tight)

    def inline(self) -> tuple[Run, ...]:
        """The words of one paragraph or heading, whose closing token is read too."""
        token = next(self.tokens)
        next(self.tokens)
        runs: list[Run] = []
        bold = italic = 0
        link, shown, words = "", "", ""
        for child in token.children or ():
            kind = child.type
            said = {"text": child.content, "softbreak": " ", "hardbreak": "\n"}.get(kind)
            if kind in ("strong_open", "strong_close"):
                bold += child.nesting
            elif kind in ("em_open", "em_close"):
                italic += child.nesting
            elif kind == "link_open":
                link = str(child.attrGet("href") or "")
                shown = _ADDRESS.sub("", link) if link.startswith("mailto:") else link
                words = ""
            elif kind == "link_close":
                if shown not in (words, words + "/"):
                    said = f" ({shown})"
                link = ""
            if said is not None:
                words += said
                runs.append(Run(self.filled(said), bold > 0, italic > 0, self.target(link)))
        return tuple(_joined(runs))

    def filled(self, words: str) -> str:
        pieces = form.BLANK.split(words)
        pieces[1::2] = [self.values[int(number)] for number in pieces[1::2]]
        return "".join(pieces)

    def target(self, link: str) -> str:
        pieces = form.BLANK.split(link)
        pieces[1::2] = [quote(self.values[int(number)], safe=form.SAFE_IN_LINKS) for number in pieces[1::2]]
        return "".join(pieces)


def _joined(runs: list[Run]) -> Iterator[Run]:
    """Neighbours in one style are one run."""
    kept: Run | None = None
    for run in runs:
        if not run.text:
            continue
        if kept is not None and (kept.bold, kept.italic, kept.link) == (run.bold, run.italic, run.link):
            kept = Run(kept.text + run.text, kept.bold, kept.italic, kept.link)
            continue
        if kept is not None:
            yield kept
        kept = run
    if kept is not None:
        yield kept


def _paragraphs(runs: tuple[Run, ...]) -> Iterator[Block]:
    """A fact of several paragraphs makes several of the one that it stands in."""
    paragraph: list[Run] = []
    for run in runs:
        first, *more = run.text.split("\n\n")
        paragraph.append(Run(first, run.bold, run.italic, run.link))
        for part in more:
            yield from _paragraph(paragraph)
            paragraph = [Run(part, run.bold, run.italic, run.link)]
    yield from _paragraph(paragraph)


def _paragraph(runs: list[Run]) -> Iterator[Block]:
    said = tuple(run for run in runs if run.text)
    if len(said) == 1 and _ITEM.search(said[0].text):
        yield from _listed(said[0])
    elif any(run.text.strip() for run in said):
        yield Paragraph(said)


def _listed(run: Run) -> Iterator[Block]:
    """Lines that a person began with "-" or with "1." are a list; what stands before them leads to it."""
    before, *lines = _ITEM.split(run.text)
    numbers, texts = lines[::2], lines[1::2]
    start = int(numbers[0]) if numbers[0] else None
    counted = [None if start is None else str(start + place) for place in range(len(numbers))]
    if numbers != counted or (start is not None and len(numbers) == 1):
        yield Paragraph((run,))  # of two kinds, or not counted up: it stays as it was written
        return
    if before.strip():
        yield Paragraph((replace(run, text=before.strip("\n")),))
    yield Items(tuple((Paragraph((replace(run, text=text.strip("\n")),)),) for text in texts), start)
