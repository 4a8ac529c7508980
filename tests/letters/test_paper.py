"""A letter as PDF: for archives and for everybody's reading aids, whatever its words hold."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from complaintmail.errors import PaperError
from complaintmail.gateways.ports import UnknownGlyphs
from complaintmail.gateways.press import ChildPress
from complaintmail.gateways.press_child import sans_folder
from complaintmail.letters.letter import LetterKind
from complaintmail.letters.paper import LONGEST, dated, paper, printed, sheet_of
from complaintmail.letters.render import Letters
from complaintmail.letters.sheet import Block, Heading, Items, Paragraph, Quoted, Rule, Run, Sheet, Table, plain
from tests.support.letter_words import FACTS

WORDS = "Nobody should have to wait for somebody who does not come, and you had every reason to complain. "


def p(*runs: str | Run) -> Paragraph:
    return Paragraph(tuple(Run(run) if isinstance(run, str) else run for run in runs))


SHEET = Sheet(
    organisation="Example Training Trust",
    letterhead=("Example Training Trust", "1 High Street", "Exampletown EX1 2MP", "complaints@example.test"),
    recipient=("Robin Example", "27 Sample Road", "EX9 8ZZ"),
    place_date="Exampletown, 17 March 2026",
    reference="EX-2026-000123",
    subject="Our decision about your complaint",
    blocks=(
        p("Dear Robin Example,"),
        p("We agree ", Run("in part", bold=True), ". See ", Run("our page", link="https://example.test/x"), "."),
        Table((("Received on", "3 March 2026"), ("Dealt with by", "Dana Director"))),
        Heading((Run("What you told us"),)),
        Quoted((p("Nobody came, Llanfair ŵŷ Ŵ."),)),
        Items(((p("We telephone."),), (p("We write."), Items(((p("At once."),),), start=1))), tight=False),
        Rule(),
    ),
    signed=("Yours sincerely,", "Dana Director", "Operations Director"),
    foot="Registered in England and Wales, number 01234567.",
)


@pytest.fixture(scope="module")
def press() -> Iterator[ChildPress]:
    with ChildPress(seconds=90) as press:
        yield press


def opened(pdf: bytes) -> Any:
    return PdfReader(io.BytesIO(pdf))


def words_of(pdf: bytes) -> list[str]:
    return " ".join(page.extract_text() for page in opened(pdf).pages).replace("\u200b", "").split()


def letter(*blocks: Block, **more: Any) -> Sheet:
    return replace(SHEET, blocks=blocks, **more)


def structure(pdf: bytes) -> list[str]:
    """The kinds of what is tagged, in reading order; with the words that stand in for a picture."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(node["/S"] + (f":{node['/Alt']}" if "/Alt" in node else ""))
            walk(node.get("/K", []))

    walk(opened(pdf).trailer["/Root"]["/StructTreeRoot"])
    return found


def test_a_letter_says_what_it_is_for_archives_and_reading_aids(press: ChildPress) -> None:
    pdf = paper(SHEET, press)

    root = opened(pdf).trailer["/Root"]
    about = root["/Metadata"].get_data().decode()
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert re.search(r"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A<", about)
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    said = opened(pdf).metadata
    assert said is not None
    assert (said.title, said.author) == (SHEET.subject, SHEET.organisation)
    assert said.creation_date is not None
    assert said.creation_date.date() == date(2026, 3, 17)


def test_its_parts_are_tagged_in_the_order_in_which_they_are_read(press: ChildPress) -> None:
    tags = structure(paper(SHEET, press))

    kinds = [tag for tag in tags if tag in ("/H1", "/H2", "/BlockQuote", "/L", "/LI", "/Strong", "/Link")]
    lists = ["/L", "/LI", "/LI", "/L", "/LI"]
    assert kinds == ["/H1", "/Strong", "/Link", "/Strong", "/Strong", "/H2", "/BlockQuote", *lists]


def test_everything_on_the_sheet_is_on_the_paper(press: ChildPress) -> None:
    pdf = paper(SHEET, press)

    words = " ".join(words_of(pdf))
    for said in (
        "Example Training Trust", "1 High Street", "Robin Example", "27 Sample Road", "Exampletown, 17 March 2026",
        "Our reference: EX-2026-000123", "Our decision about your complaint", "We agree in part. See our page.",
        "Received on 3 March 2026", "What you told us", "Llanfair ŵŷ Ŵ.", "• We telephone.", "1. At once.",
        "Yours sincerely, Dana Director Operations Director", "number 01234567.", "Page 1 of 1",
    ):  # fmt: skip
        assert said in words
    assert [note.get_object()["/A"]["/URI"] for note in opened(pdf).pages[0]["/Annots"]] == ["https://example.test/x"]


def test_the_same_letter_is_the_same_file(press: ChildPress) -> None:
    with ChildPress(seconds=90) as another:
        assert paper(SHEET, press) == paper(SHEET, another)


def test_a_long_letter_has_pages_that_are_counted(press: ChildPress) -> None:
    pdf = paper(letter(*[p(WORDS * 3)] * 30), press)

    pages = [page.extract_text() for page in opened(pdf).pages]
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert SHEET.reference in page
    assert "Yours sincerely," in pages[-1]


def test_large_print_is_large_everywhere(press: ChildPress) -> None:
    sizes: set[float] = set()

    def note(text: str, _: Any, place: list[float], __: Any, size: float) -> None:
        if text.strip():
            sizes.add(round(size * abs(place[3] or place[0])))

    pdf = paper(replace(SHEET, large_print=True), press)

    for page in opened(pdf).pages:
        page.extract_text(visitor_text=note)
    assert min(sizes) >= 18


def fonts_of(pdf: bytes) -> set[str]:
    return {name.decode().partition("+")[2] for name in re.findall(rb"/FontName\s*/([\w+]+)", pdf)}


def test_large_print_has_no_serifs_where_the_machine_has_such_letters(press: ChildPress) -> None:
    large, usual = (fonts_of(paper(replace(SHEET, large_print=each), press)) for each in (True, False))

    expected = "LiberationSans" if sans_folder() else "LibertinusSerif"
    assert all(name.startswith(expected) for name in large) and large
    assert all(name.startswith("LibertinusSerif") for name in usual) and usual


def test_a_letter_in_welsh_says_so(press: ChildPress) -> None:
    pdf = paper(replace(SHEET, language="cy"), press)

    assert opened(pdf).trailer["/Root"]["/Lang"] == "cy"
    assert "Tudalen 1 o 1" in " ".join(words_of(pdf))


def test_a_letter_with_next_to_nothing_in_it_is_a_letter(press: ChildPress) -> None:
    empty = Sheet("", (), (), "", "", "", (), (), "")

    assert len(opened(paper(empty, press)).pages) == 1


def test_nothing_in_a_letter_is_read_as_typst(press: ChildPress) -> None:
    hostile = (
        '#eval("1+1") #import "@preview/cetz:0.3.1" #read("/etc/passwd") #include "x.typ" #panic() ' * 2
        + "$x^2$ = *not bold* _not soft_ `raw` ``` \\ // /* <label> @ref - + ~ {{ x }} \"']})#[ http://x.test"
    )
    pdf = paper(
        letter(
            p(hostile), Heading((Run(hostile),)), Items(((p(hostile),),)), Quoted((p(hostile),)),
            Table(((hostile, hostile),)),
            subject=hostile, reference=hostile, foot=hostile, organisation=hostile,
        ),
        press,
    )  # fmt: skip

    assert "".join(words_of(pdf)).count("".join(hostile.split())) >= 6
    assert "root:" not in " ".join(words_of(pdf))
    said = opened(pdf).metadata
    assert said is not None and said.title == hostile


@pytest.mark.parametrize(
    ("said", "unshown", "shown"),
    [
        ("مرحبا بالعالم", (), None),
        ("שלום Привет Ελλάδα ŵ ŷ ✓ €", (), None),
        ("not happy 😡😡 👍🏽 at all", ("😡😡 👍🏽",), "not happy [pouting face, thumbs up sign] at all"),
        ("we 👩\u200d👩\u200d👧 three", ("👩\u200d👩\u200d👧",), "we [woman, girl] three"),
        ("from 🇬🇧", ("🇬🇧",), "from [flag GB]"),
        ("I say 我不满意。请道歉。 Thanks", ("我不满意。请道歉。",), "I say Thanks"),
        ("\ue000 \U0010ffff private", ("\ue000 \U0010ffff",), "private"),
        ("one\x00two\x1b[31m\u202ethree\ud800", (), "one two [31m three"),
    ],
)
def test_words_in_any_script_are_printed_or_told_of(
    press: ChildPress, said: str, unshown: tuple[str, ...], shown: str | None
) -> None:
    made = printed(letter(p(said), organisation=said, subject=said), press)

    assert made.unshown == unshown
    if shown is not None:
        assert " ".join(words_of(made.pdf)).count(shown) >= 3


def test_a_pile_of_marks_over_one_letter_is_levelled(press: ChildPress) -> None:
    pdf = paper(letter(p("see" + "\u0301" * 50_000 + " it")), press)

    assert unicodedata.normalize("NFD", " ".join(words_of(pdf))).count("\u0301") < 20


def test_what_has_no_glyph_is_kept_for_whoever_has_the_letter_read_aloud(press: ChildPress) -> None:
    pdf = paper(letter(p("You wrote: 我不满意")), press)

    assert "/Figure:我不满意" in structure(pdf)


def test_a_word_that_is_longer_than_a_line_is_broken(press: ChildPress) -> None:
    address = "https://example.test/" + "a" * 300 + "?b=" + "c" * 100
    pdf = paper(letter(p(Run(address, link=address))), press)

    assert address in "".join(words_of(pdf))
    for note in opened(pdf).pages[0]["/Annots"]:
        assert note.get_object()["/A"]["/URI"] == address
        assert note.get_object()["/Rect"][2] < 595 - 50


def deep(levels: int) -> Block:
    block: Block = p("x")
    for _ in range(levels):
        block = Quoted((block,))
    return block


@pytest.mark.parametrize(
    ("sheet", "why"),
    [
        (letter(p("x" * 1_000_000)), "too long to be printed"),
        (letter(p("x\n" * 10_000)), "too long to be printed"),
        (letter(*[p("")] * 5000), "too long to be printed"),
        (letter(deep(50)), "nested too deep"),
        (replace(SHEET, recipient=("x",) * 13), "address has 13 lines"),
        (replace(SHEET, letterhead=("x" * 201,)), "letterhead has a line"),
        (replace(SHEET, subject="x" * 301), "subject has 301 characters"),
        (replace(SHEET, foot="x" * 1001), "foot of the letter is too long"),
        (replace(SHEET, language="English"), "no language"),
        (letter(p(Run("x", link="file:///etc/passwd"))), "links to file:///etc/passwd"),
        (letter(p(Run("x", link="javascript:alert(1)"))), "links to javascript"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_the_reason(sheet: Sheet, why: str) -> None:
    class Untouched:
        def pdf(self, page: str, data: str, at: int) -> bytes:
            raise AssertionError("it went to the press")

    with pytest.raises(PaperError, match=re.escape(why)):
        paper(sheet, Untouched())


@pytest.mark.parametrize("said", ["a " * (LONGEST // 2), "x" * LONGEST, "中" * LONGEST, "中a" * (LONGEST // 2)])
def test_the_longest_letter_is_printed(press: ChildPress, said: str) -> None:
    assert len(opened(paper(letter(p(said)), press)).pages) >= 1


def test_letters_stay_letters_when_the_press_names_what_is_beside_a_missing_sign() -> None:
    class Choosy:
        def __init__(self) -> None:
            self.seen: list[Any] = []

        def pdf(self, page: str, data: str, at: int) -> bytes:
            self.seen.append(json.loads(data)["blocks"][0]["runs"])
            raise UnknownGlyphs(("x", "Ϣ")) if len(self.seen) < 3 else PaperError("enough")

    choosy = Choosy()
    with pytest.raises(PaperError, match="enough"):
        paper(letter(p("xϢ")), choosy)

    assert [[run.get("boxes", run["text"]) for run in runs] for runs in choosy.seen] == [["xϢ"], ["x", 1], ["x", 1]]


@pytest.mark.parametrize(
    ("written", "dated_", "day"),
    [
        ("17 March 2026", None, date(2026, 3, 17)),
        ("Exampletown, 1 May 2026", None, date(2026, 5, 1)),
        ("31 February 2026", None, date(2000, 1, 1)),
        ("last week", None, date(2000, 1, 1)),
        ("17 March 2026", date(2026, 3, 18), date(2026, 3, 18)),
    ],
)
def test_the_file_bears_the_letters_date(written: str, dated_: date | None, day: date) -> None:
    assert dated(replace(SHEET, place_date=written, dated=dated_)) == day


def test_plain_text_is_paragraphs() -> None:
    assert plain("One\r\ntwo\n\n\n\nthree\n") == (p("One\ntwo"), p("three"))


@pytest.mark.parametrize("lines", range(21, 26))
def test_no_signature_stands_alone_on_its_page(press: ChildPress, lines: int) -> None:
    said = [*[p("A line of words.")] * lines, p("The words before."), p("Yours sincerely,\nThe Trust")]

    *_, last = opened(paper(letter(*said, signed=(), foot=""), press)).pages

    assert "The words before." in last.extract_text()


def test_a_letter_as_it_was_mailed_becomes_a_sheet() -> None:
    rendered = Letters(None).render(LetterKind.THANKS, "", FACTS, paper=True)

    sheet = sheet_of(rendered, FACTS, letterhead=("Example Training Ltd", "1 High Street"), large_print=True)

    assert f"{sheet.subject} [EX-2026-000123]" == rendered.subject
    assert (sheet.reference, sheet.place_date, sheet.dated) == ("EX-2026-000123", "17 March 2026", date(2026, 3, 17))
    assert sheet.blocks == rendered.blocks != ()
    assert sheet.large_print
