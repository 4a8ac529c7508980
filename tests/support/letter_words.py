"""Facts for letters, and the words that a reader of a letter sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

from complaintmail.letters.facts import CaseFacts, LetterFacts, PersonFacts, PolicyFacts

FACTS = LetterFacts(
    case=CaseFacts(
        reference="EX-2026-000123",
        kind="complaint",
        received_on=date(2026, 3, 17),
        acknowledge_by=date(2026, 3, 19),
        respond_by=date(2026, 3, 31),
        respond_within="10 working days",
        decide_by=date(2026, 3, 18),
    ),
    policy=PolicyFacts(
        name="example",
        title="Complaints",
        organisation="Example Training Ltd",
        deals="Your complaint is with {person}.",
        next_step="We look into what happened.",
        if_unhappy="You can appeal to our board within 10 working days of our answer.",
        contact=(("By telephone", "01234 567890"), ("By post", "1 High Street, Exampletown, EX1 2MP")),
    ),
    person=PersonFacts("Alex Example", "Operations Director"),
    mailbox="complaints@example.test",
    today=date(2026, 3, 17),
)


def facts(**case: Any) -> LetterFacts:
    return replace(FACTS, case=replace(FACTS.case, **case))


class _Reader(HTMLParser):
    """What a person would read aloud: words, and where links go when their words do not say it."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.skipped = 0
        self.link: tuple[str, int] | None = None
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag in ("title", "style"):
            self.skipped += 1
        elif tag == "a":
            self.link = (dict(attrs)["href"] or "", len(self.words))
        elif tag in ("p", "li", "h1", "h2", "br", "hr", "div", "ol", "ul", "blockquote"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("title", "style"):
            self.skipped -= 1
        elif tag == "a" and self.link is not None:
            target, start = self.link
            shown = "".join(self.words[start:])
            if target.startswith("mailto:"):
                target = target.removeprefix("mailto:").partition("?")[0]
            self.words.append("" if target == shown else f" ({target})")
        elif tag in ("p", "li", "h1", "h2"):
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.words.append(data)


def words_of_html(html: str) -> list[str]:
    return "".join(_read(html).words).split()


def tags_of_html(html: str) -> list[str]:
    return _read(html).tags


def words_of_text(text: str) -> list[str]:
    """Without what plain text writes for bullets, numbers, quotation and rules."""
    words: list[str] = []
    for line in text.split("\n"):
        if line.rstrip() == "-" * 40:
            continue
        first, *rest = line.split() or [""]
        marker = first in ("-", ">") or (first[:-1].isdigit() and first.endswith(".") and bool(rest))
        words += rest if marker else [first, *rest]
    return [word for word in words if word]


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader
