"""The compliments board: words without names, beautiful enough to hang, and nothing that could run or be fetched."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pytest

from complaintmail.letters.board import LOADS_ANEW, MOST, Note, board_page

KIND = Note("Your colleague was wonderful from the first day to the last.", date(2026, 3, 17))
HOSTILE = (
    "<script>alert(1)</script>",
    "</style><img src=https://evil.test/x>",
    "{content} {style} {title}",
    "a\u202egnp.exe\x00\x1b[31m",
    "]]> --> <!-- \"quoted\" 'too' & more",
)


class Read(HTMLParser):
    """What a browser would make of it: the tags with their attributes, and the words outside <style>."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.within = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.within = tag

    def handle_data(self, data: str) -> None:
        if self.within != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page_of(*notes: Note, **more: object) -> str:
    values = {"organisation": "Example & Sons", "write_to": "info@example.test", **more}
    return board_page(notes, **values)  # type: ignore[arg-type]


def meta(page: str, name: str) -> str:
    [found] = [one["content"] for one in Read(page).all("meta") if name in (one.get("http-equiv"), one.get("name"))]
    return found or ""


def test_a_note_hangs_with_its_words_and_its_month_and_no_name() -> None:
    read = Read(page_of(KIND))

    assert "Your colleague was wonderful from the first day to the last. March 2026" in read.text
    assert "Example & Sons" in read.text and "info@example.test" in read.text
    assert "17 March" not in read.text


def test_a_name_hangs_only_where_it_was_allowed() -> None:
    read = Read(page_of(KIND, Note("Thank you.", date(2026, 2, 1), "Jane Doe")))

    assert read.text.count("Jane Doe") == 1
    assert "Thank you. Jane Doe February 2026" in read.text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_whatever_was_written_is_words_and_nothing_else(hostile: str) -> None:
    page = page_of(Note(hostile, date(2026, 3, 17), hostile), organisation=hostile, title=hostile, write_to=hostile)

    plain = page_of(Note("x", date(2026, 3, 17), "x"), organisation="x", title="x", write_to="x")
    assert [tag for tag, _ in Read(page).tags] == [tag for tag, _ in Read(plain).tags]
    assert not any(ord(char) < 32 and char != "\n" for char in page)
    assert "\u202e" not in page


@pytest.mark.parametrize("notes", [(), (KIND,), (KIND,) * 60])
def test_the_page_needs_nothing_but_itself(notes: tuple[Note, ...]) -> None:
    page = page_of(*notes)
    read = Read(page)

    assert not {"script", "link", "img", "iframe", "object", "form", "a", "base"} & {tag for tag, _ in read.tags}
    assert not re.search(r"https?:|//|url\(|@import|javascript", page)
    assert meta(page, "Content-Security-Policy") == "default-src 'none'; style-src 'unsafe-inline'"
    assert not any(name.startswith("on") for _, attributes in read.tags for name in attributes)


def test_an_empty_board_has_kind_words_of_its_own() -> None:
    read = Read(page_of())

    assert "The first kind words will hang here." in read.text
    assert read.all("li") == []


def test_every_note_is_seen_before_the_page_loads_itself_anew() -> None:
    notes = [Note("Short and good.", date(2026, 1, 1)), Note("w" * 650, date(2026, 1, 2)), KIND]

    page = page_of(*notes)

    begins = [int(re.findall(r"--begins:(\d+)s", one["style"] or "")[0]) for one in Read(page).all("li")]
    lasts = [int((one["class"] or "").rpartition("for-")[2]) for one in Read(page).all("li")]
    cycle = sum(lasts)
    assert begins == [0, lasts[0], lasts[0] + lasts[1]]
    assert lasts[1] > lasts[0]
    assert int(meta(page, "refresh")) % cycle == 0 and int(meta(page, "refresh")) >= LOADS_ANEW
    assert f"{cycle}s linear var(--begins) infinite" in page


def test_who_wants_less_movement_or_has_a_small_screen_gets_a_list() -> None:
    page = page_of(KIND, KIND)

    moving = re.findall(r"@media ([^{]+)\{[^@]*(?:animation|position: absolute)", page)
    assert moving
    assert all("prefers-reduced-motion: no-preference" in where and "min-width: 900px" in where for where in moving)
    assert "prefers-color-scheme: dark" in page


def test_of_many_notes_the_first_hang_and_all_are_counted() -> None:
    read = Read(page_of(*(KIND,) * 60, in_all=1234))

    assert len(read.all("li")) == MOST
    assert "1,234 thank-yous so far" in read.text


def test_words_without_end_make_a_page_that_has_one() -> None:
    page = page_of(Note("w " * 500_000, date(2026, 1, 1)), organisation="o" * 100_000)

    assert len(page) < 30_000
