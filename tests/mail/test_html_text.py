"""HTML as readable text, and what mail clients mark in it as quotation."""

from __future__ import annotations

import time

import pytest

from complaintmail.mail.html import html_to_text, new_html, texts
from tests.support.paces import MUCH

OUTLOOK = (
    '<p class=MsoNormal>Thanks.</p><p class=MsoNormal>&nbsp;</p><div><div style="border:none;border-top:solid #E1E1E1'
    ' 1.0pt"><p class=MsoNormal><b>From:</b> A<br><b>Sent:</b> x<br><b>To:</b> y<br><b>Subject:</b> z</p></div></div>'
    "<p class=MsoNormal>old words</p>"
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Dear&nbsp;all,</p><p>I  <b>com</b>plain.<br>Now", "Dear all,\n\nI complain.\nNow"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<ol><li>one<li>two</ol>", "1. one\n2. two"),
        ("<table><tr><td>Date<td>Sum<tr><td>1 May<td>£2</table>", "Date | Sum\n1 May | £2"),
        ("<p>a<blockquote>b<blockquote>c</blockquote></blockquote>d", "a\n\n> b\n>\n> > c\n\nd"),
        ("<pre>  x\n   y</pre>", "  x\n   y"),
        ('<a href="https://www.x.test/form">the form</a>', "the form <https://www.x.test/form>"),
        ('<a href="https://www.x.test/">www.x.test</a>', "www.x.test"),
        ('<a href="mailto:a@b.test?subject=x">write</a>', "write <a@b.test>"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ("<head><title>T</title><style>p{}</style></head><script>x</script><p>seen", "seen"),
        ('a<span style="display: none">hidden</span><i hidden>h</i><p style="mso-hide:all">h</p>', "a"),
        ('<div style="font-size:0">gap<span style="font-size:12px">seen</span></div>', "seen"),
        ("<!-- comment -->seen", "seen"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<p class=MsoNormal>one</p><p class=MsoNormal>two</p>", "one\ntwo"),
        ("no markup at all", "no markup at all"),
        ("", ""),
        ("<", "<"),
    ],
)
def test_a_reader_would_see_this(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<div>Mine</div><div class="gmail_quote"><div class="gmail_attr">On Monday X wrote:</div>'
         '<blockquote class="gmail_quote">theirs</blockquote></div>', "Mine"),
        ('<div class="gmail_quote"><blockquote class="gmail_quote">q</blockquote><div>An answer between</div>'
         '<blockquote class="gmail_quote">q</blockquote></div>', "An answer between"),
        ('<p>Mine</p><div class="moz-cite-prefix">X wrote:</div><blockquote type="cite">theirs</blockquote>', "Mine"),
        ('<p>Mine</p><blockquote type="cite">theirs</blockquote><p>and more of mine</p>', "Mine\n\nand more of mine"),
        (OUTLOOK, "Thanks."),
        ('<div>Hi all</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> A<br><b>Sent:</b> x'
         "<br><b>To:</b> y<br><b>Subject:</b> z</div><div>old</div>", "Hi all"),
        ('<div>Mine</div><div class="yahoo_quoted">theirs</div>', "Mine"),
    ],
)  # fmt: skip
def test_what_a_client_marks_as_quoted_is_cut(html: str, kept: str) -> None:
    cut = new_html(html)

    assert cut is not None
    assert html_to_text(cut) == kept
    assert texts(html)[1] == kept


@pytest.mark.parametrize(
    "html",
    [
        "<p>No quotation</p>",
        "<blockquote>My own indented paragraph</blockquote>",
        '<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------</div>The matter</div>',
        '<p>FYI</p><div>Begin forwarded message:</div><blockquote type="cite">The matter</blockquote>',
        '<blockquote type="cite">Nothing else in this mail</blockquote>',
        '<p>See my answers below.</p><blockquote type="cite">theirs, with mine in red</blockquote>',
        '<div style="border-top:solid 1pt">A table of my own</div><p>and words</p>',
    ],
)
def test_in_doubt_everything_is_kept(html: str) -> None:
    assert new_html(html) is None


def test_what_is_passed_on_to_us_is_content() -> None:
    assert new_html(OUTLOOK) is not None
    assert new_html(OUTLOOK, forwarded=True) is None


@pytest.mark.parametrize(
    "html",
    ["<div>" * 100_000, "<p>a" * 100_000, "<!--" * 100_000, "<script>" * 100_000, "<" * 500_000, "<b>x" * 100_000,
     "<a " + "b=c " * 100_000 + ">x", "<blockquote type=cite>" * 700 + "xx " * 50_000, "&amp" * 200_000,
     " " * 1_000_000,
     "<div style='border-top:solid'>a</div>" * 20_000, "<table><tr><td>" * 60_000, "<div style='" + "display" * 50_000,
     "<ul><li>" * 50_000],
)  # fmt: skip
def test_no_html_takes_a_long_time(html: str) -> None:
    began = time.process_time()
    texts(html)

    assert time.process_time() - began < MUCH
