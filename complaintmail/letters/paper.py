"""A letter on paper: a `Sheet` becomes a PDF that can be printed, archived and read aloud.

Owns what goes to the press: the page (paper.typ) and the letter's data as JSON, never as typst. Promises: the same
sheet gives the same bytes; the file is PDF/A-2a and PDF/UA-1, with title, language, author and the letter's own date;
no text whatever changes the page or makes it fail. A character that no font here has is drawn as an empty box and kept
for whoever has the letter read aloud; an emoji is written out in words. What is too long, or is no letter, is a
PaperError that says so.
"""

from __future__ import annotations

import calendar
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from complaintmail.errors import PaperError
from complaintmail.gateways.ports import Press, UnknownGlyphs
from complaintmail.letters.facts import LetterFacts
from complaintmail.letters.layout import LANGUAGE
from complaintmail.letters.letter import Rendered
from complaintmail.letters.sheet import Block, Heading, Items, Paragraph, Quoted, Rule, Run, Sheet, Table
from complaintmail.letters.values import MONTHS, written_date

LONGEST = 100_000  # characters of one letter: forty pages
MOST_BLOCKS = 2000
MOST_LINES = 12  # of a letterhead, an address, a signature
DEEPEST = 10
TRIES = 3  # what is left without a glyph changes when its neighbours do
SHORT = 200
MOST_BOXES = 10  # of one passage in a script that no font here has
MOST_DRAWN = 300  # passages; of the ones after them a plain square remains
LONGEST_ALOUD = 2000
LONG_WORD = 34  # characters that surely fit a line, also in a list in large print

_WORDS = {
    "en": ("Our reference: {}", "Page {page} of {pages}"),
    "cy": ("Ein cyfeirnod: {}", "Tudalen {page} o {pages}"),
}
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-([A-Z]{2}))?")
_LINK = re.compile(r"https?://\S+|mailto:\S+", re.IGNORECASE)
_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")
_LONG = re.compile(rf"[^\s\u200b]{{{LONG_WORD + 1},}}")
_SEAM = re.compile(r"(?<=[/?&=._@:-])(?=[^/?&=._@:-])")
# Controls, marks that reorder or hide text, surrogates, noncharacters; the joiners of Persian and of emoji stay.
_UNPRINTABLE = re.compile(
    "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_MARK = "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILE = re.compile(f"({_MARK}{{4}}){_MARK}+")  # no language has more over one letter
_UNSURE = re.compile(r"[^\x20-\x7e\n\xa0-\xac\xae-\u017f\u200b\u2010-\u2026\u20ac]")
_PRIVATE = "\ue000-\uf8ff\ufff9-\ufffd\U000e0000-\U0010ffff"  # no PDF for archives may hold these
# Scripts and pictures of which no font here has a sign; what else is missing, the press says.
_FOREIGN = "\u0980-\u0dff\u3400-\ua3ff\uac00-\ud7a3\uf900-\ufaff"
_FOREIGN += "\U0001f300-\U0001f5ff\U0001f900-\U0001faff\U00020000-\U0003ffff"
_JOINTS = "[ ,.;:!?'\"\u2019\u3001\u3002\u060c-]{1,3}"
_EMOJI_PARTS = frozenset("\ufe0e\ufe0f\u200d\u20e3")


@dataclass(frozen=True, slots=True)
class Printed:
    """The letter's file, and what of its words could only be drawn as boxes or written out."""

    pdf: bytes
    unshown: tuple[str, ...] = ()


def paper(sheet: Sheet, press: Press) -> bytes:
    """The letter as PDF."""
    return printed(sheet, press).pdf


def printed(sheet: Sheet, press: Press) -> Printed:
    """The letter as PDF, with word of what its fonts cannot show."""
    _check(sheet)
    unknown: set[str] = set()
    for _ in range(TRIES):
        try:
            return _printed(sheet, press, _finder(unknown))
        except UnknownGlyphs as found:
            # What is next to a sign without a glyph may be named with it; plain letters are never the ones to go.
            more = {each for each in found.clusters if not each.isascii()} - unknown
            if not more:
                break
            unknown |= more
        except PaperError:
            break
    return _printed(sheet, press, _UNSURE)  # so strange a letter is printed in the letters that are sure to be there


def _printed(sheet: Sheet, press: Press, unknown: re.Pattern[str]) -> Printed:
    setting, at = _Setting(unknown), dated(sheet)
    data = json.dumps(setting.letter(sheet, at), separators=(",", ":"))
    pdf = press.pdf(_page(), data, calendar.timegm((at.year, at.month, at.day, 12, 0, 0)))
    return Printed(pdf, tuple(dict.fromkeys(setting.unshown)))


def sheet_of(
    letter: Rendered,
    facts: LetterFacts,
    *,
    letterhead: tuple[str, ...],
    recipient: tuple[str, ...] = (),
    foot: str = "",
    large_print: bool = False,
    language: str = LANGUAGE,
) -> Sheet:
    """The sheet of a letter that was rendered with `paper`: the words of the mail, with what paper has besides. Its
    reference has a line of its own, so the subject is printed without it; who signs is in the words."""
    reference = facts.case.reference
    return Sheet(
        organisation=facts.policy.organisation,
        letterhead=letterhead,
        recipient=recipient,
        place_date=written_date(facts.today),
        reference=reference,
        subject=letter.subject.removesuffix(f"[{reference}]").rstrip() if reference else letter.subject,
        blocks=letter.blocks,
        signed=(),
        foot=foot,
        large_print=large_print,
        language=language,
        dated=facts.today,
    )


def dated(sheet: Sheet) -> date:
    """The day that the file itself bears; the letter's, so that the same letter is always the same file."""
    if sheet.dated is not None:
        return sheet.dated
    found = _DAY.search(sheet.place_date)
    try:
        return date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1])) if found else date(2000, 1, 1)
    except ValueError:
        return date(2000, 1, 1)


@lru_cache(maxsize=1)
def _page() -> str:
    return Path(__file__).with_name("paper.typ").read_text(encoding="utf-8")


def _finder(unknown: set[str]) -> re.Pattern[str]:
    """Finds passages of what has no glyph, also over a comma or a space between two of them."""
    single = "".join(re.escape(each) for each in sorted(unknown) if len(each) == 1)
    longer = [re.escape(each) for each in sorted(unknown, key=lambda each: (-len(each), each)) if len(each) > 1]
    one = f"(?:{'|'.join([*longer, f'[{_PRIVATE}{_FOREIGN}{single}]'])})"
    return re.compile(f"{one}+(?:(?:{_JOINTS}|[\u200d\ufe0e\ufe0f]+){one}+)*[\u200d\ufe0e\ufe0f]*")


class _Setting:
    """Writes a sheet as the data of paper.typ. `unshown`: the passages that stand there otherwise than written."""

    def __init__(self, unknown: re.Pattern[str]) -> None:
        self.unknown = unknown
        self.unshown: list[str] = []

    def letter(self, sheet: Sheet, at: date) -> dict[str, Any]:
        language, region = _language(sheet)
        lines = [line for line in sheet.letterhead if line.strip() != sheet.organisation.strip()]
        ours, page = _WORDS.get(language, _WORDS["en"])
        reference = _clean(sheet.reference)
        running = ", ".join(part for part in (reference, _clean(sheet.place_date)) if part)
        return {
            "large": sheet.large_print,
            "title": _clean(sheet.subject) or reference or _clean(sheet.organisation) or page[:4],
            "author": _clean(sheet.organisation),
            "language": language,
            "region": region,
            "date": {"year": at.year, "month": at.month, "day": at.day},
            "page": page,
            "name": self.words(sheet.organisation),
            "running": self.words(running),
            "letterhead": [self.words(line) for line in lines],
            "recipient": [self.words(line) for line in sheet.recipient],
            "place_date": self.words(sheet.place_date),
            "reference": self.words(ours.format(reference) if reference else ""),
            "subject": self.words(sheet.subject),
            "blocks": self.blocks(sheet.blocks, top=True, keep_last=bool(sheet.signed)),
            "signed": [self.words(line) for line in sheet.signed],
            "foot": self.words(sheet.foot),
        }

    def words(self, text: str) -> dict[str, Any]:
        return {"runs": self.runs((Run(text),))}

    def blocks(self, blocks: tuple[Block, ...], *, top: bool = False, keep_last: bool = False) -> list[dict[str, Any]]:
        written: list[dict[str, Any]] = []
        for number, block in enumerate(blocks):
            following = blocks[number + 1] if number + 1 < len(blocks) else None
            leads = isinstance(following, Items | Quoted | Table) or (following is None and keep_last)
            # The words before the last ones go to the next page with them: no signature stands there alone.
            leads = leads or (top and number == len(blocks) - 2)
            written.append(self.block(block, leads))
        return written

    def block(self, block: Block, leads: bool) -> dict[str, Any]:
        match block:
            case Paragraph(runs):
                said = "".join(run.text for run in runs)
                # A line or two that lead to a list or to the signature stay on its page.
                sticky = leads and len(said) <= SHORT
                return {"kind": "paragraph", "runs": self.runs(runs), "sticky": sticky, "rtl": _leads_left(said)}
            case Heading(runs):
                return {"kind": "heading", "runs": self.runs(runs)}
            case Items(items, start, tight):
                inner = [self.blocks(item) for item in items]
                return {"kind": "items", "start": start, "tight": tight, "items": inner}
            case Quoted(inside):
                return {"kind": "quoted", "blocks": self.blocks(inside)}
            case Table(rows):
                facts = [{"label": self.words(label), "value": self.words(value)} for label, value in rows]
                return {"kind": "table", "rows": facts}
            case Rule():
                return {"kind": "rule"}

    def runs(self, runs: tuple[Run, ...]) -> list[dict[str, Any]]:
        return [
            {**piece, "bold": run.bold, "italic": run.italic, "link": _target(run.link)}
            for run in runs
            for piece in self.pieces(_clean(run.text))
        ]

    def pieces(self, text: str) -> Iterator[Mapping[str, Any]]:
        end = 0
        words: list[str] = []  # that stand there as words, since the last boxes
        for found in self.unknown.finditer(text):
            words.append(text[end : found.start()])
            end = found.end()
            self.unshown.append(found.group())
            in_words = _emoji(found.group())
            if in_words or len(self.unshown) > MOST_DRAWN:
                words.append(in_words or "\u25a1")
                continue
            if any(words):
                yield {"text": _breakable("".join(words))}
            words.clear()
            drawn = sum(1 for each in found.group() if not each.isspace() and not unicodedata.combining(each))
            yield {"text": found.group()[:LONGEST_ALOUD], "boxes": max(1, min(drawn, MOST_BOXES))}
        words.append(text[end:])
        if any(words):
            yield {"text": _breakable("".join(words))}


def _check(sheet: Sheet) -> None:
    """A letter that the press can set in time, or a PaperError saying why it is none."""
    for name, lines in (("letterhead", sheet.letterhead), ("address", sheet.recipient), ("signature", sheet.signed)):
        if len(lines) > MOST_LINES:
            raise PaperError(f"The letter's {name} has {len(lines)} lines; at most {MOST_LINES} fit on a page.")
        if any(len(line) > 200 for line in lines):
            raise PaperError(f"The letter's {name} has a line of more than 200 characters.")
    for name, text in (("subject", sheet.subject), ("date", sheet.place_date), ("reference", sheet.reference)):
        if len(text) > 300:
            raise PaperError(f"The letter's {name} has {len(text)} characters; at most 300 fit on a page.")
    if len(sheet.organisation) > 300 or len(sheet.foot) > 1000:
        raise PaperError("The organisation's name or the foot of the letter is too long to be printed.")
    size = count = 0
    waiting: list[tuple[Block, int]] = [(block, 1) for block in sheet.blocks]
    while waiting:
        block, depth = waiting.pop()
        count += 1
        if depth > DEEPEST:
            raise PaperError("The letter has lists and quotations nested too deep to be printed.")
        match block:
            case Paragraph(runs) | Heading(runs):
                size += sum(len(run.text) + len(run.link) + 40 * run.text.count("\n") for run in runs)
                count += len(runs) // 20
            case Items(items):
                count += len(items)
                waiting += [(inner, depth + 1) for item in items for inner in item]
            case Quoted(inside):
                waiting += [(inner, depth + 1) for inner in inside]
            case Table(rows):
                count += len(rows)
                size += sum(len(label) + len(value) for label, value in rows)
            case Rule():
                pass
        if size > LONGEST or count > MOST_BLOCKS:
            raise PaperError(
                f"The letter is too long to be printed: at most {LONGEST:,} characters in {MOST_BLOCKS:,} paragraphs "
                "fit. Enclose the longer part as a file of its own."
            )


def _language(sheet: Sheet) -> tuple[str, str | None]:
    found = _LANGUAGE.fullmatch(sheet.language)
    if found is None:
        raise PaperError(f'"{_clean(sheet.language)[:20]}" is no language of a letter; "en-GB" and "cy" are.')
    return found[1], found[2]


def _target(link: str) -> str:
    if link and (not _LINK.fullmatch(link) or _UNPRINTABLE.search(link) or len(link) > 2000):
        raise PaperError(f"links to {_clean(link)[:60]}; letters link to https://… and mailto:…")
    return link


def _clean(text: str) -> str:
    """The same words without what does not print; a line end stays one."""
    if text.isascii() and text.isprintable():
        return text
    lines = text.replace("\u00ad", "").replace("\r\n", "\n").replace("\r", "\n")
    return _PILE.sub(r"\1", _UNPRINTABLE.sub(" ", lines))


def _breakable(text: str) -> str:
    """A word longer than a line may be broken, best where an address on the web has its seams."""

    def seamed(word: re.Match[str]) -> str:
        pieces = []
        for piece in _SEAM.split(word.group()):
            while len(piece) > LONG_WORD:
                cut = LONG_WORD
                while cut > LONG_WORD // 2 and (unicodedata.combining(piece[cut]) or piece[cut] in _EMOJI_PARTS):
                    cut -= 1
                pieces.append(piece[:cut])
                piece = piece[cut:]
            pieces.append(piece)
        return "\u200b".join(pieces)

    return _LONG.sub(seamed, text)


def _emoji(passage: str) -> str:
    """In words, where it is made of pictures alone: [pouting face]."""
    names: list[str] = []
    flag = ""
    for each in passage:
        if 0x1F1E6 <= ord(each) <= 0x1F1FF:
            flag += chr(ord(each) - 0x1F1E6 + ord("A"))
            continue
        if flag:
            names.append(f"flag {flag}")
            flag = ""
        if each in _EMOJI_PARTS or each == " " or unicodedata.category(each) == "Sk":
            continue
        if unicodedata.category(each) != "So":
            return ""
        names.append(unicodedata.name(each, "a picture").lower())
    if flag:
        names.append(f"flag {flag}")
    return f"[{', '.join(dict.fromkeys(names))}]" if names else ""


def _leads_left(text: str) -> bool:
    """Is this paragraph written from right to left? Its first letter says."""
    for each in text[:500]:
        direction = unicodedata.bidirectional(each)
        if direction == "L":
            return False
        if direction in ("R", "AL"):
            return True
    return False
