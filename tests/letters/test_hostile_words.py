"""What a complainant wrote can break out of nothing (threats 7 and 15)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from complaintmail.letters.letter import LetterKind
from complaintmail.letters.render import Letters
from complaintmail.mail.compose import compose
from tests.support.letter_words import FACTS, facts, tags_of_html, words_of_html, words_of_text

LETTERS = Letters(None)
USUAL = LETTERS.render(LetterKind.ACKNOWLEDGEMENT, "cms", facts(complainant="Jane"))


def letter_to(name: str):
    rendered = LETTERS.render(LetterKind.ACKNOWLEDGEMENT, "cms", facts(complainant=name))
    assert rendered.problem is None
    return rendered


@pytest.mark.parametrize(
    "name",
    [
        "{{ 7*7 }}",
        "{% include '/etc/passwd' %}",
        "{# gone? #}",
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "**bold** _soft_ ~~x~~",
        "[x](javascript:1)",
        "[x]: http://a.test",
        "![pixel](http://a.test/p.png)",
        "<http://a.test>",
        "# Heading",
        "1. one",
        "> quote",
        "a|b",
        "---",
        "&lt;b&gt; &amp;",
        "back\\slash \\* \\[",
        "{person} {case.reference}",
        "qffffffffffffz001",
        "Siân Ŵyn-Ŷ",
        "👩🏽‍🌾 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
        "محمد عبد الله",
    ],
)
def test_a_name_appears_as_it_was_written_and_changes_nothing_else(name: str):
    rendered = letter_to(name)

    assert rendered.text == USUAL.text.replace("Dear Jane,", f"Dear {name},")
    assert words_of_html(rendered.html) == words_of_text(rendered.text)
    assert [tag for tag in tags_of_html(rendered.html) if tag != "bdi"] == tags_of_html(USUAL.html)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x00", "\x1b", "\u202e", "\u2066", "\ud800"])
def test_a_name_stays_on_its_line_without_controls(end: str):
    rendered = letter_to(f"Jane{end}Bcc: all@evil.test")

    assert rendered.text.startswith("Dear Jane Bcc: all@evil.test,\n")
    assert rendered.text.count("\n") == USUAL.text.count("\n")
    assert end == "\n" or end not in rendered.text + rendered.html + rendered.subject


def test_a_name_written_from_right_to_left_keeps_to_itself():
    assert "<bdi>محمد</bdi>" in letter_to("محمد").html
    assert "<bdi>" not in USUAL.html


def test_a_name_without_end_is_cut():
    rendered = letter_to("x" * 100_000)

    assert len(rendered.text) < len(USUAL.text) + 100
    assert "x…," in rendered.text


def test_a_hostile_name_sends_no_other_headers(tmp_path: Path):
    (tmp_path / "acknowledgement.md").write_text(
        "Subject: For {{ case.complainant }}: {{ case.subject }} [{{ case.reference }}]\n\n{{ case.reference }}\n",
        encoding="utf-8",
    )
    hostile = facts(complainant="Jane\r\nBcc: all@evil.test\r\n\r\n<script>", subject="x\nX-Evil: 1 ŵ \u202e محمد")

    rendered = Letters(tmp_path).render(LetterKind.ACKNOWLEDGEMENT, "cms", hostile)
    raw = compose(
        mail_from="info@example.test",
        to="jane@complainants.test",
        to_name="Jane <x@y.test>, evil",
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        date=datetime(2026, 3, 17, tzinfo=UTC),
        message_id="<a@example.test>",
    )

    message = message_from_bytes(raw, policy=policy.default)
    assert rendered.problem is None
    assert message["Subject"] == ("For Jane Bcc: all@evil.test <script>: x X-Evil: 1 ŵ محمد [EX-2026-000123]")
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    assert [address.addr_spec for address in message["To"].addresses] == ["jane@complainants.test"]


def test_a_value_in_a_link_cannot_leave_it(tmp_path: Path):
    (tmp_path / "received.md").write_text(
        "Subject: x\n\n[write](mailto:{{ mailbox }}) [look](https://a.test/?q={{ case.complainant }})\n",
        encoding="utf-8",
    )
    hostile = replace(facts(complainant='" onclick="x&y#z'), mailbox='a@b.test?bcc=c@d.test"><b>')

    rendered = Letters(tmp_path).render(LetterKind.RECEIVED, "", hostile)

    assert rendered.problem is None
    assert 'href="mailto:a@b.test%3Fbcc%3Dc@d.test%22%3E%3Cb%3E"' in rendered.html
    assert 'href="https://a.test/?q=%22%20onclick%3D%22x%26y%23z"' in rendered.html
    assert set(tags_of_html(rendered.html)) <= {"html", "head", "meta", "title", "body", "div", "p", "a"}


def _markup(html: str) -> list[str]:
    """Its tags, without the two that only say how a value stands: in its own direction, or unbroken."""
    return [tag for tag in tags_of_html(html) if tag not in ("bdi", "span")]


@given(name=st.text(max_size=60))
@example("-0000")  # kept together on its line, as a reference or a telephone number is
def test_whatever_the_name_both_versions_say_it_and_nothing_else(name: str):
    rendered = letter_to(name)

    assert words_of_html(rendered.html) == words_of_text(rendered.text)
    assert _markup(rendered.html) == _markup(USUAL.html)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]", rendered.text)


def test_values_of_a_policy_are_no_markdown_either():
    odd = replace(FACTS, policy=replace(FACTS.policy, if_unhappy="See **us** at <b>1</b> [x](http://y.test)"))

    rendered = LETTERS.render(LetterKind.ACKNOWLEDGEMENT, "cms", odd)

    assert "See **us** at <b>1</b> [x](http://y.test)" in rendered.text
    assert "&lt;b&gt;1&lt;/b&gt;" in rendered.html
