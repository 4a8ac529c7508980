"""Mail to staff as it looks: text and HTML say the same words, no value is markup, and links work anywhere."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaintmail.letters.notice import LONGEST_LINK, LONGEST_QUOTED, Link, Notice, Section, mailto, written
from complaintmail.mail.own_notice import WRITE_ABOVE
from tests.support.notices import MAILBOX, TRAPS, a_notice
from tests.support.paces import MUCH

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
COMPLAINT = """\
Dear Sir or Madam,

I want to complain. On Monday 16 March the lift at your Station Road site was out of order again, for the third time \
this year, and nobody told us. I use a wheelchair and had to turn back.

What I would like:
    - a date by which it works
    - an apology

Jane Doe"""
FIRST = "Your reply goes to the complainant."
OURS = {
    "html",
    "head",
    "meta",
    "title",
    "body",
    "div",
    "p",
    "strong",
    "h2",
    "a",
    "br",
    "small",
    "blockquote",
    "ul",
    "li",
}


class Page(HTMLParser):
    """What a browser makes of the HTML: its words, tags, links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.titled = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.titled = tag == "title"
        self.words.append(" ")
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        self.titled = False
        self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.titled:
            self.words.append(data)


def words_of_page(page: str) -> list[str]:
    return "".join(Page(page).words).replace("\u00a0", " ").split()


def words_of_text(text: str) -> list[str]:
    """Without what text writes for lists, quotation, headings and links."""
    words: list[str] = []
    for line in text.split("\n"):
        if line.startswith("mailto:") or re.fullmatch(r"-+", line):
            continue
        words += re.sub(r"^(> ?|- )", "", line).split()
    return words


def quoting(words: str) -> Notice:
    return Notice("A new complaint", FIRST, (Section("What was written", quoted=words),))


@pytest.mark.parametrize("ending", ["txt", "html"])
def test_the_notice_is_as_it_was_looked_at(ending: str) -> None:
    text, page = written(a_notice(COMPLAINT), MAILBOX)

    assert {"txt": text, "html": page}[ending] == (GOLDEN / f"notice.{ending}").read_text(encoding="utf-8")


def test_its_first_line_says_where_a_reply_goes_and_the_mark_follows() -> None:
    text, page = written(Notice("A subject", FIRST, ()), MAILBOX)

    assert text == f"{FIRST}\n\n{WRITE_ABOVE}\n"
    assert words_of_page(page) == [*FIRST.split(), *WRITE_ABOVE.split()]


@pytest.mark.parametrize("first", ["", "Jane Doe gets your reply.", "#close"])
def test_a_first_line_by_which_the_notice_could_not_be_known_again_is_refused(first: str) -> None:
    with pytest.raises(ValueError, match="where a reply goes"):
        written(Notice("A subject", first, ()), MAILBOX)


@pytest.mark.parametrize("quoted", [COMPLAINT, TRAPS, ""])
def test_text_and_html_say_the_same_words(quoted: str) -> None:
    text, page = written(a_notice(quoted), MAILBOX)

    labels = [f"{label}:" for label in ("yourself", "else", "complaint", "is")]  # text ends the name of a link so
    said = [word.rstrip(":") if word in labels else word for word in words_of_text(text)]
    assert said == [word.rstrip(":") if word in labels else word for word in words_of_page(page)]


def test_each_link_stands_unbroken_on_a_line_of_its_own_and_is_the_one_in_the_html() -> None:
    notice = a_notice(COMPLAINT)
    text, page = written(notice, MAILBOX)

    urls = [mailto(MAILBOX, link) for section in notice.sections for link in section.links]
    assert [line for line in text.split("\n") if line.startswith("mailto:")] == urls
    assert Page(page).links == urls
    assert "\nor reply with: #assign me\n" in text


def test_no_line_but_a_link_is_wider_than_a_terminal_and_none_begins_like_a_command() -> None:
    text, _ = written(a_notice(COMPLAINT + "\n" + TRAPS), MAILBOX)

    lines = [line for line in text.split("\n") if not line.startswith("mailto:")]
    assert max(map(len, lines)) <= 72
    assert [line for line in lines if line.lstrip().startswith("#")] == []


def test_a_command_in_a_fact_or_item_does_not_come_to_stand_at_the_start_of_a_line() -> None:
    words = "x" * 60 + " and then #close it #now " + "y" * 40
    section = Section("", paragraphs=(words, "#close"), items=(words,), facts=(("Subject", words),))
    text, _ = written(Notice("", FIRST, (section,)), MAILBOX)

    assert [line for line in text.split("\n") if line.startswith("#") or line.lstrip(" -").startswith("#now")] == []


def test_a_quotation_is_kept_line_by_line_with_its_indents() -> None:
    text, page = written(quoting("one\n\n    two\n\tthree\r\nfour\n\n"), MAILBOX)

    assert "\n\n> one\n>\n>     two\n>     three\n> four\n" in text
    assert ">one</p>" in page
    assert "\u00a0\u00a0\u00a0\u00a0two<br>\u00a0\u00a0\u00a0\u00a0three<br>four</p>" in page


def test_a_very_long_complaint_is_cut_and_the_notice_says_so() -> None:
    text, page = written(quoting("word " * LONGEST_QUOTED), MAILBOX)

    assert len(page) < 60_000
    for words in (text, page):
        assert "160,000 characters more are left out here" in " ".join(words.split())


def test_what_is_written_from_right_to_left_keeps_to_itself() -> None:
    _, page = written(Notice("", FIRST, (Section("", facts=(("From", "محمد"),), quoted="شكوى"),)), MAILBOX)

    assert "<bdi>محمد</bdi>" in page
    assert '<p dir="auto" style="margin:0 0 .8em">شكوى</p>' in page


HOSTILE = st.text(
    st.one_of(st.sampled_from("<>&\"'#>-\n\r\t\x00\x1b\u202e\u2028\ufdd0\ud800 {}%"), st.characters()), max_size=120
)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_nothing_in_a_value_is_markup_or_unprintable(one: str, two: str, three: str) -> None:
    section = Section(one, (two, "{content}"), (three,), ((two, one),), three, (Link(one, two, three),))
    text, page = written(Notice(two, FIRST, (section,), one), MAILBOX)

    assert set(Page(page).tags) <= OURS | {"bdi"}
    assert page.count("</blockquote>") <= 1
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff\ufdd0]", text + page)
    assert not re.search(r"(?m)^#", text)
    assert text.startswith(f"{FIRST}\n\n{WRITE_ABOVE}\n")


def test_the_html_fetches_and_runs_nothing() -> None:
    _, page = written(a_notice(COMPLAINT), MAILBOX)

    assert set(Page(page).tags) <= OURS
    assert not re.search(r"src\s*=|url\(|@import|\son[a-z]+=|https?:", page)


def test_a_link_carries_its_subject_and_command_in_every_letter() -> None:
    link = Link("Set the area", "[k7w2m9qd] Area of CIM-2026-000001 & more + 100%", "#area Llŷn\nwhy? a=b&c\n")

    url = mailto("complaints+a&b@example.test", link)

    assert re.fullmatch(r"mailto:[A-Za-z0-9%@+._~!$*-]+\?subject=[A-Za-z0-9%._~-]+&body=[A-Za-z0-9%._~-]+", url)
    assert unquote(urlsplit(url).path) == "complaints+a&b@example.test"
    assert parse_qs(urlsplit(url).query) == {
        "subject": [link.subject],
        "body": ["#area Llŷn\r\nwhy? a=b&c\r\n"],
    }


def test_a_longer_body_is_cut_at_a_line() -> None:
    body = "#reply\n" + "\n".join(f"line {number} of what to fill in" for number in range(200))

    url = mailto(MAILBOX, Link("Answer", "[k7w2m9qd] Answer", body))

    (said,) = parse_qs(urlsplit(url).query)["body"]
    assert LONGEST_LINK - 60 < len(url) <= LONGEST_LINK
    assert body.startswith(said.replace("\r\n", "\n"))
    assert said.endswith("of what to fill in")


@given(st.text(max_size=3000), st.text(max_size=3000))
def test_no_link_is_longer_than_any_program_takes(subject: str, body: str) -> None:
    url = mailto(MAILBOX, Link("x", subject * 3, body))

    assert len(url) <= LONGEST_LINK
    assert "\ufffd" not in unquote(url) or "\ufffd" in subject + body
    assert not re.search(r"[^!-~]|[<>\"]", url)


@pytest.mark.parametrize("bomb", ["a ", "\n", "#", " #x", "\t", "> ", "\u202e", "<", "x"], ids=repr)
def test_a_megabyte_of_anything_takes_no_time(bomb: str) -> None:
    words = bomb * (1_000_000 // len(bomb))
    begin = time.process_time()

    written(Notice(words, FIRST, (Section(words, (words,), (words,), ((words, words),), words),)), MAILBOX)
    mailto(MAILBOX, Link(words, words, words))

    assert time.process_time() - begin < MUCH


def test_a_heading_or_long_paragraph_that_begins_with_a_command_begins_no_line_with_it() -> None:
    section = Section("#stop", paragraphs=("#assign Hal Handler " + "and nobody else at all " * 8,))

    text, _ = written(Notice("S", FIRST, (section,)), MAILBOX)

    assert " #assign Hal" in text
    assert not any(line.startswith("#") for line in text.splitlines())
