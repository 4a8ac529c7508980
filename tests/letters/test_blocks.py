"""A letter's words as blocks for paper: what the mail says, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from complaintmail.letters.letter import LetterKind, Rendered
from complaintmail.letters.render import Letters
from complaintmail.letters.sample import ordinary
from complaintmail.letters.sheet import Block, Heading, Items, Paragraph, Quoted, Rule, Run, Table
from complaintmail.letters.words import Words
from complaintmail.policy import load
from tests.support.letter_words import FACTS, words_of_text


def rendered(tmp_path: Path, words: str, *, said: str = "") -> Rendered:
    (tmp_path / "received.md").write_text(f"Subject: x\n\n{words}\n", encoding="utf-8")
    letter = Letters(tmp_path).render(LetterKind.RECEIVED, "", replace(FACTS, words=Words(said)), paper=True)
    assert letter.problem is None
    return letter


def words_of_blocks(blocks: tuple[Block, ...]) -> list[str]:
    return words_of_text("\n".join(_said(blocks)))


def _said(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(runs) | Heading(runs):
                yield "".join(run.text for run in runs)
            case Items(items):
                for item in items:
                    yield from _said(item)
            case Quoted(inside):
                yield from _said(inside)
            case Table(rows):
                yield from (part for row in rows for part in row)
            case Rule():
                pass


def p(*runs: str | Run) -> Paragraph:
    return Paragraph(tuple(Run(run) if isinstance(run, str) else run for run in runs))


@pytest.mark.parametrize(
    ("words", "blocks"),
    [
        ("one\ntwo", (p("one two"),)),
        ("one\\\ntwo", (p("one\ntwo"),)),
        ("one\n\ntwo", (p("one"), p("two"))),
        ("**bold** and *soft*", (p(Run("bold", bold=True), " and ", Run("soft", italic=True)),)),
        ("***both***", (p(Run("both", bold=True, italic=True)),)),
        ("# Big\n\n### Small", (Heading((Run("Big"),)), Heading((Run("Small"),)))),
        ("- one\n- two", (Items(((p("one"),), (p("two"),))),)),
        ("- one\n\n  more\n- two", (Items(((p("one"), p("more")), (p("two"),)), tight=False),)),
        ("- one\n  - inner", (Items(((p("one"), Items(((p("inner"),),))),)),)),
        ("3. three\n4. four", (Items(((p("three"),), (p("four"),)), start=3),)),
        ("> said\n>\n> more", (Quoted((p("said"), p("more"))),)),
        ("x\n\n---\n\ny", (p("x"), Rule(), p("y"))),
        ("[words](https://a.test/x)", (p(Run("words", link="https://a.test/x"), " (https://a.test/x)"),)),
        ("<https://a.test/x>", (p(Run("https://a.test/x", link="https://a.test/x")),)),
        (
            "[write](mailto:{{ mailbox }}?subject=x)",
            (p(Run("write", link="mailto:complaints@example.test?subject=x"), " (complaints@example.test)"),),
        ),
        (
            "[{{ mailbox }}](mailto:{{ mailbox }})",
            (p(Run("complaints@example.test", link="mailto:complaints@example.test")),),
        ),
        ("a **{{ case.reference }}**", (p("a ", Run("EX-2026-000123", bold=True)),)),
        ("{{ case.complainant }}\n\nx", (p("x"),)),
    ],
)
def test_markdown_as_blocks(tmp_path: Path, words: str, blocks: tuple[Block, ...]) -> None:
    letter = rendered(tmp_path, words)

    assert letter.blocks == blocks
    assert words_of_blocks(letter.blocks) == words_of_text(letter.text)


def test_a_persons_words_keep_their_lines_and_paragraphs(tmp_path: Path) -> None:
    letter = rendered(tmp_path, "- We say: {{ words }}\n- Bye", said="One\ntwo\n\n# three *four*\n\nfive")

    item = (p("We say: One\ntwo"), p("# three *four*"), p("five"))
    assert letter.blocks == (Items((item, (p("Bye"),)), tight=False),)


@pytest.mark.parametrize(
    ("said", "blocks"),
    [
        ("- one\n- two", (Items(((p("one"),), (p("two"),))),)),
        ("We will:\n* one\n* two\nand more", (p("We will:"), Items(((p("one"),), (p("two\nand more"),))))),
        ("2. two\n3. three", (Items(((p("two"),), (p("three"),)), start=2),)),
        ("2. two\n5. five", (p("2. two\n5. five"),)),
        ("It was on the\n17. of March", (p("It was on the\n17. of March"),)),
        ("- one\n1. two", (p("- one\n1. two"),)),
        ("a - b\n-5 degrees\n17.50 pounds", (p("a - b\n-5 degrees\n17.50 pounds"),)),
        ("-\n- ", (p("-\n-"),)),
    ],
)
def test_a_list_that_a_person_wrote_is_a_list(tmp_path: Path, said: str, blocks: tuple[Block, ...]) -> None:
    letter = rendered(tmp_path, "{{ words }}", said=said)

    assert letter.blocks == blocks


def test_every_packaged_letter_says_on_paper_what_it_says_in_the_mail() -> None:
    letters = Letters(None)
    for name in load.packaged():
        policy = load.find(name)
        for kind in LetterKind:
            letter = letters.render(kind, name, ordinary(policy), paper=True)

            assert letter.problem is None
            assert words_of_blocks(letter.blocks) == words_of_text(letter.text), f"{name} {kind}"


def test_a_built_in_letter_can_be_printed_too(tmp_path: Path) -> None:
    (tmp_path / "received.md").write_text("Subject: x\n\n{{ nothing }}\n", encoding="utf-8")

    letter = Letters(tmp_path).render(LetterKind.RECEIVED, "", FACTS, paper=True)

    assert letter.template == "built-in"
    assert words_of_blocks(letter.blocks) == words_of_text(letter.text)


def test_a_letter_that_only_travels_as_mail_has_no_blocks() -> None:
    assert Letters(None).render(LetterKind.THANKS, "", FACTS).blocks == ()
