"""What a template may not do (threat 16), and how an author is told of a slip."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from complaintmail.letters.letter import LetterKind
from complaintmail.letters.render import Letters
from tests.support.letter_words import FACTS
from tests.support.paces import MUCH

REFERENCE = "{{ case.reference }}"


def problem_of(tmp_path: Path, words: str, subject: str = "Hello", kind: LetterKind = LetterKind.RECEIVED) -> str:
    (tmp_path / f"{kind}.md").write_text(f"Subject: {subject}\n\n{words}\n", encoding="utf-8")
    began = time.process_time()
    rendered = Letters(tmp_path).render(kind, "cms", FACTS)
    assert time.process_time() - began < MUCH
    assert rendered.template == "built-in" or rendered.problem is None
    return rendered.problem or ""


@pytest.mark.parametrize(
    "words",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ case.__class__ }}",
        "{{ case.reference.__class__.__mro__[1].__subclasses__() }}",
        "{{ case['__class__'] }}",
        "{{ case|attr('format') }}",
        "{{ '{0.__class__}'.format(case) }}",
        "{{ self }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum(100000) }}",
        "{{ range(999999999)|join }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
        "{% for a, b in policy.contact %}{% for c, d in policy.contact %}x{% endfor %}{% endfor %}",
        "{{ 'a'*10**9 }}",
        "{{ 'a' * 999999999 }}",
        "{{ 10**10**10 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ ['a']*99 }}",
        "{{ 1 + 1 }}",
        "{% include '/etc/passwd' %}",
        "{% include '../../etc/passwd' %}",
        "{% include 'acknowledgement.md' %}",
        "{% include policy.name %}",
        "{% include ['_closing.md'] %}",
        "{% import '_closing.md' as x %}",
        "{% extends '_closing.md' %}",
        "{% from '_closing.md' import x %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set x = case.reference %}{{ x }}",
        "{% set x %}{{ case.reference }}{% endset %}",
        "{% filter upper %}x{% endfilter %}",
        "{% call x() %}{% endcall %}",
        "{% block a %}{% endblock %}",
        "{{ case.reference|replace('E', 'x') }}",
        "{{ case.reference|center(99999999) }}",
        "{{ policy.contact|map('upper') }}",
        "{{ __ledger__ }}",
        "{{ (1).__class__ }}",
        "{% for x, case in policy.contact %}{{ case }}{% endfor %}",
        "{% do x %}",
        "{% debug %}",
        "{% autoescape true %}{{ x }}{% endautoescape %}",
        "{% with x = case %}{{ x }}{% endwith %}",
    ],
)
def test_what_could_reach_out_or_run_long_is_refused(tmp_path: Path, words: str):
    problem = problem_of(tmp_path, words)

    assert problem.startswith(f"{tmp_path}/received.md:3: ")
    assert "\n" not in problem


def test_a_refused_subject_is_refused_too(tmp_path: Path):
    assert problem_of(tmp_path, REFERENCE, subject="{{ 'a'*10**9 }}").startswith(f"{tmp_path}/received.md:1: uses *")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("{{ case.refrence }}", ":3: there is no fact case.refrence; did you mean case.reference?"),
        ("\n\n{{ case.recieved_on }}", ":5: there is no fact case.recieved_on; did you mean case.received_on?"),
        ("{{ reference }}", ":3: there is no fact reference; did you mean case.reference?"),
        ("{{ persn.name }}", ":3: there is no fact persn.name; did you mean person.name?"),
        (
            "{% if case.respond_bye %}x{% endif %}",
            ":3: there is no fact case.respond_bye; did you mean case.respond_by?",
        ),
        ("{{ case }}", ":3: prints case, a group of facts; one of them is case.reference"),
        ("{{ case.reference|upcase }}", ":3: uses the filter upcase"),
        ("{{ case.respond_by.year }}", ":3: there is no fact case.respond_by.year; did you mean case.respond_by?"),
        ("{% for way in policy.contact %}{% endfor %}", ":3: needs two new names for its loop"),
        ("{% for a, b in case.reference %}{% endfor %}", ":3: loops over something else than policy.contact"),
        ("{% if %}", ":3: "),
        ("x\n{{ case.reference", ":4: "),
        ("{% include '_no-such.md' %}", ":3: _no-such.md: there is no such letter"),
    ],
)
def test_a_slip_is_told_with_file_line_and_what_would_be_right(tmp_path: Path, words: str, said: str):
    assert f"{tmp_path}/received.md{said}" in problem_of(tmp_path, words)


def test_every_slip_of_a_letter_is_told_at_once(tmp_path: Path):
    (tmp_path / "received.md").write_text("Subject: {{ x }}\n\n{{ y }}\n{{ z }}\n", encoding="utf-8")

    found = Letters(tmp_path).problems(LetterKind.RECEIVED, "cms")

    assert [line.partition("; ")[0].rpartition("received.md")[2] for line in found] == [
        ":1: there is no fact x",
        ":3: there is no fact y",
        ":4: there is no fact z",
    ]


def test_a_slip_in_a_piece_names_the_piece(tmp_path: Path):
    (tmp_path / "_closing.md").write_text("Bye\n\n{{ policy.organization }}\n", encoding="utf-8")

    rendered = Letters(tmp_path).render(LetterKind.RECEIVED, "cms", FACTS)

    assert rendered.problem == (
        f"{tmp_path}/_closing.md:3: there is no fact policy.organization; did you mean policy.organisation?"
    )


def test_a_piece_cannot_include_itself(tmp_path: Path):
    (tmp_path / "_closing.md").write_text("{% include '_closing.md' %}\n", encoding="utf-8")

    rendered = Letters(tmp_path).render(LetterKind.RECEIVED, "cms", FACTS)

    assert rendered.problem == f"{tmp_path}/_closing.md:1: is a piece and cannot include another"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("[x](javascript:alert(1))", "links to javascript:alert(1)"),
        ("[x](data:text/html,x)", "links to data:"),
        ("[x](file:///etc/passwd)", "links to file:"),
        ("[x](page.html)", "links to page.html"),
        ("[x]({{ mailbox }})", "links to …"),
        ("[x](https://{{ mailbox }}/)", "host is a fact"),
        ("[x](https://a@{{ case.complainant }})", "host is a fact"),
        ("![x](https://a.test/p.png)", "has image"),
        ("{{ case.complainant }}", "says nothing"),
    ],
)
def test_what_both_versions_cannot_show_is_refused(tmp_path: Path, words: str, said: str):
    if said == "says nothing":
        words = "{% if case.complainant %}x{% endif %}"

    assert said in problem_of(tmp_path, words)


@pytest.mark.parametrize(
    "words",
    [
        "[" * 15000,
        "*a " * 8000,
        "> " * 9000,
        "1) " * 9000,
        "`" * 15000,
        "<" * 15000,
        "[a](" * 7000,
        "{{ case.reference }}" * 1500,
        "x " * 15000,
        "{% if case.kind %}" * 900,
    ],
)
def test_a_letter_made_to_exhaust_us_is_refused_in_time(tmp_path: Path, words: str):
    assert problem_of(tmp_path, words)


def test_html_in_a_letter_is_only_text(tmp_path: Path):
    (tmp_path / "received.md").write_text(
        "Subject: x\n\n<script>x</script>\n\n<b>y</b> {{ mailbox }}\n", encoding="utf-8"
    )

    rendered = Letters(tmp_path).render(LetterKind.RECEIVED, "cms", FACTS)

    assert rendered.problem is None
    assert "<script>" not in rendered.html
    assert "<b>y</b>" in rendered.text


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<html>{{ content }}<script>x</script></html>", ":1: <script has no place"),
        ("<html>\n{{ content }}<img src=http://a.test/p.png></html>", ":2: <img has no place"),
        ("<html>{{ content }}<div style='background:url(http://a.test)'></html>", "url("),
        ("<html>{{ content }}<p onclick='x'></html>", "onclick="),
        ("<html>{{ subject }}</html>", "needs {{ content }} exactly once"),
        ("<html>{{ content }}{{ content }}</html>", "needs {{ content }} exactly once"),
        ("<html>{{ content }}\n{{ case.reference }}</html>", ":2: {{ case.reference }} is none of its blanks"),
        ("<html>{{ content }}{% if x %}</html>", ":1: {% if x %} is none of its blanks"),
    ],
)
def test_a_page_that_loads_or_runs_anything_is_refused(tmp_path: Path, page: str, said: str):
    (tmp_path / "_layout.html").write_text(page, encoding="utf-8")

    rendered = Letters(tmp_path).render(LetterKind.RECEIVED, "cms", FACTS)

    assert rendered.template == "built-in"
    assert said in (rendered.problem or "")
