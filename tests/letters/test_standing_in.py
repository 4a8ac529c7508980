"""Whatever is wrong with a template, a complainant is answered, and the admin is told why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from complaintmail.letters.facts import LetterFacts, PersonFacts
from complaintmail.letters.letter import LetterKind
from complaintmail.letters.plain import plain_letter
from complaintmail.letters.render import Letters
from tests.support.letter_words import FACTS, facts, words_of_html, words_of_text

GOOD = "Subject: Got it\n\nYour reference is {{ case.reference }}.\n"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "needs its headers"),
        (b"Subject: x\n", "needs its headers"),
        (b"Subject: x\n\n   \n", "needs its headers"),
        (b"just words\n\nmore words\n", ":1: is not a header"),
        (b"Sbject: x\n\nwords\n", ":1: there is no header Sbject; did you mean Subject?"),
        (b"Subject: x\nSubject: y\n\nwords\n", ":2: Subject stands here a second time"),
        (b"Description: x\n\nwords\n", "needs a Subject"),
        (b"Subject: x\n\nwords \xff\n", ":3: is not UTF-8"),
        (b"Subject: x\n\nwords \x00\n", ":3: holds a control character (U+0000)"),
        (b"Subject: x\n\n" + b"long " * 10_000, "is 50012 bytes; a letter may have 32768"),
        (b"Subject: x\n\n{{ case.reference }} {{ nobody }}\n", ":3: there is no fact nobody"),
        (b"Subject: x\n\n{{ case.reference \n", ":3: "),
        (b"Subject: x\n\n{{ case.reference }}\n\n\n{{ case.decide_by }}\n", ":6: prints a fact that has no value"),
        (b"Subject: x\n\n{% if case.decide_by > 1 %}{% endif %}{{ case.reference }}\n", ":3: TypeError"),
        (b"Subject: x\n\nThank you.\n", "does not say the reference"),
        (b"Subject: x\n\n{{ case.reference }}\n\n" + b"long " * 4000, "bytes long; an automatic letter may have"),
        (b"Subject: " + b"x" * 300 + b"\n\n{{ case.reference }}\n", "the subject has 300 characters"),
        (b"Subject: {{ case.complainant }}\n\n{{ case.reference }}\n", "the subject has 0 characters"),
    ],
)
def test_a_broken_acknowledgement_is_replaced_by_the_built_in_one(tmp_path: Path, file: bytes, said: str):
    (tmp_path / "acknowledgement.md").write_bytes(file)

    rendered = Letters(tmp_path).render(LetterKind.ACKNOWLEDGEMENT, "cms", facts(decide_by=None))

    assert rendered.template == "built-in"
    assert rendered.problem is not None
    assert rendered.problem.startswith(f"{tmp_path}/acknowledgement.md")
    assert said in rendered.problem
    assert "\n" not in rendered.problem
    assert rendered.subject == "We have received your complaint [EX-2026-000123]"
    for fact in ("EX-2026-000123", "17 March 2026", "31 March 2026", "Alex Example", "complaints@example.test"):
        assert fact in rendered.text
    assert words_of_html(rendered.html) == words_of_text(rendered.text)


def test_a_letter_that_cannot_be_read_is_replaced(tmp_path: Path):
    (tmp_path / "acknowledgement.md").mkdir()

    rendered = Letters(tmp_path).render(LetterKind.ACKNOWLEDGEMENT, "cms", FACTS)

    assert rendered.template == "built-in"
    assert "cannot be read" in (rendered.problem or "")


def test_an_acknowledgement_without_a_reference_is_never_rendered_from_a_template():
    rendered = Letters(None).render(LetterKind.ACKNOWLEDGEMENT, "cms", facts(reference=""))

    assert rendered.template == "built-in"
    assert "does not say the reference" in (rendered.problem or "")


def test_when_the_packaged_letters_are_gone_the_built_in_ones_go(tmp_path: Path):
    letters = Letters(None)
    letters.catalogue.packaged = tmp_path

    for kind in LetterKind:
        rendered = letters.render(kind, "cms", FACTS)
        assert (rendered.template, rendered.problem) == ("built-in", f"{kind}.md: there is no such letter")


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize(
    "about",
    [
        FACTS,
        facts(respond_by=None, respond_within="", decide_by=None),
        facts(respond_by=None, respond_within=""),
        facts(reference="", complainant="<script>\r\nBcc: x@y.test"),
        facts(complainant="x" * 100_000),
        replace(FACTS, person=PersonFacts("", "Director")),
        replace(FACTS, person=PersonFacts("", "")),
        replace(FACTS, policy=replace(FACTS.policy, next_step="n" * 50_000, if_unhappy="", contact=())),
    ],
)
def test_the_built_in_letter_fits_any_facts(kind: LetterKind, about: LetterFacts):
    rendered = plain_letter(kind, about, None)

    assert words_of_html(rendered.html) == words_of_text(rendered.text)
    assert about.case.reference in rendered.text
    assert "complaints@example.test" in rendered.text
    assert "None" not in rendered.text
    assert "\r" not in rendered.text
    assert "<script>" not in rendered.html
    assert len(rendered.text) + len(rendered.html) < 6000


def test_the_built_in_neutral_letter_discloses_nothing():
    rendered = plain_letter(LetterKind.RECEIVED, FACTS, None)

    for word in ("complaint ", "Alex", "31 March"):
        assert word not in rendered.text


def test_a_subject_without_the_reference_gets_it(tmp_path: Path):
    (tmp_path / "acknowledgement.md").write_text(GOOD, encoding="utf-8")

    rendered = Letters(tmp_path).render(LetterKind.ACKNOWLEDGEMENT, "cms", FACTS)

    assert (rendered.subject, rendered.problem) == ("Got it [EX-2026-000123]", None)
