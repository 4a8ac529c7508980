"""Markdown as text and as HTML."""

from __future__ import annotations

from pathlib import Path

import pytest

from complaintmail.letters.letter import LetterKind, Rendered
from complaintmail.letters.render import Letters
from tests.support.letter_words import FACTS, words_of_html, words_of_text


def rendered(tmp_path: Path, words: str) -> Rendered:
    (tmp_path / "received.md").write_text(f"Subject: x\n\n{words}\n", encoding="utf-8")
    letter = Letters(tmp_path).render(LetterKind.RECEIVED, "", FACTS)
    assert letter.problem is None
    return letter


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("one\ntwo", "one two\n"),
        ("one\\\ntwo", "one\ntwo\n"),
        ("one  \ntwo", "one\ntwo\n"),
        ("one\n\n\n\ntwo", "one\n\ntwo\n"),
        ("**bold** and *soft*", "bold and soft\n"),
        ("# Big\n\nx\n\n### Small", "Big\n\nx\n\nSmall\n"),
        ("x\n\n- one\n- two\n\ny", "x\n\n- one\n- two\n\ny\n"),
        ("- one\n\n- two", "- one\n\n- two\n"),
        ("- one\n\n  more\n- two", "- one\n\n  more\n\n- two\n"),
        ("- one\n  - inner\n  - inner too\n- two", "- one\n  - inner\n  - inner too\n- two\n"),
        ("3. three\n4. four", "3. three\n4. four\n"),
        ("> said\n> more", "> said more\n"),
        ("x\n\n---\n\ny", "x\n\n" + "-" * 40 + "\n\ny\n"),
        ("[words](https://a.test/x)", "words (https://a.test/x)\n"),
        ("[https://a.test](https://a.test)", "https://a.test\n"),
        ("<https://a.test/x>", "https://a.test/x\n"),
        ("[{{ mailbox }}](mailto:{{ mailbox }})", "complaints@example.test\n"),
        ("[write](mailto:{{ mailbox }}?subject=x)", "write (complaints@example.test)\n"),
        ("fish &amp; chips &lt; 5", "fish & chips < 5\n"),
        ("    no code block", "no code block\n"),
        ("\\*no emphasis\\*", "*no emphasis*\n"),
        ("{# a note to ourselves #}said", "said\n"),
        ("{{ case.reference }}{{ mailbox }}7", "EX-2026-000123complaints@example.test7\n"),
        ("**{{ case.reference }}**, *{{ mailbox }}*", "EX-2026-000123, complaints@example.test\n"),
        ("{{ case.reference|lower }} {{ policy.contact|length }}", "ex-2026-000123 2\n"),
        ("{{ case.complainant or 'you' }}", "you\n"),
        ("{{ 'a' if case.respond_by else 'b' }}", "a\n"),
        ("{{ '**' ~ case.kind }}", "**complaint\n"),
        ("{% for way, where in policy.contact %}\n{{ loop.index }}{{ way }}\n{% endfor %}", "1By telephone 2By post\n"),
        ("{% for way, where in policy.contact if way == 'By post' %}{{ where }}{% endfor %}", None),
    ],
)
def test_text_and_html_of(tmp_path: Path, words: str, text: str | None):
    letter = rendered(tmp_path, words)

    assert letter.text == (text or "1 High Street, Exampletown, EX1 2MP\n")
    assert words_of_html(letter.html) == words_of_text(letter.text)


def test_long_lines_are_broken_at_spaces_and_hang_under_their_item(tmp_path: Path):
    text = rendered(tmp_path, "- " + "word " * 40 + "\n\n> " + "word " * 40).text

    item, quotation = text.split("\n\n")
    assert [line[:6] for line in item.split("\n")] == ["- word", "  word", "  word"]
    assert {line[:6] for line in quotation.strip().split("\n")} == {"> word"}
    assert max(map(len, text.split("\n"))) <= 72


def test_a_word_longer_than_a_line_stays_whole(tmp_path: Path):
    link = "https://a.test/" + "x" * 100

    assert rendered(tmp_path, f"see {link} there").text == f"see\n{link}\nthere\n"


def test_html_is_a_page_that_loads_nothing(tmp_path: Path):
    html = rendered(tmp_path, "# Title\n\nwords").html

    assert html.startswith('<!doctype html>\n<html lang="en-GB" dir="ltr">')
    assert "<title>x [EX-2026-000123]</title>" in html
    assert '<meta name="color-scheme" content="light dark">' in html
    for elsewhere in ("src=", "url(", "http", "<link", "<script", "@import"):
        assert elsewhere not in html
