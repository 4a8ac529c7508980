"""A policy in plain English, and beside its own text: what is said of each clause, and what no clause covers."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from complaintmail.cli import main
from complaintmail.policy import load
from complaintmail.policy.beside import beside, sentences_of
from complaintmail.policy.explaining import Explained, explain, our_settings
from complaintmail.policy.keeping import kept_by
from tests.support.paces import MUCH

HERE = Path(__file__).parent
LOCHSIDE = load.read(HERE / "lochside.toml")
TEXT = (HERE / "lochside.txt").read_text(encoding="utf-8")
DAY = date(2026, 12, 23)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["policy", "explain", *map(str, words)])


def of(name: str, clause: str, day: date = DAY) -> Explained:
    policy = load.find(name)
    return next(one for one in explain(policy, day) if one.clause.id == clause)


# --- clause by clause --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", load.packaged())
def test_every_clause_has_its_words_and_something_that_happens_for_it(name: str) -> None:
    explained = explain(load.find(name), DAY)

    assert [one.clause for one in explained] == list(load.find(name).clauses)
    assert [one.clause.id for one in explained if not one.does] == []
    assert all(words and words.endswith((".", "?")) for one in explained for words in one.does)


def test_the_windows_of_a_clause_are_worked_out_with_the_days_left_out() -> None:
    worked = of("cms", "CMS-1.3a").dates

    assert [(one.what, one.due_on) for one in worked] == [
        ("acknowledge", date(2026, 12, 29)),
        ("respond", date(2027, 1, 11)),
        ("confirm", date(2026, 12, 24)),
    ]
    assert "left out: 25 December (Christmas Day)" in worked[0].why
    assert "(the day it was decided, not counted)" in worked[2].why


def test_each_severity_has_its_own_day() -> None:
    worked = of("ceme", "CEME-7").dates

    assert [(one.severity, one.due_on.day) for one in worked] == [("low", 30), ("medium", 28), ("high", 26)]


@pytest.mark.parametrize(
    ("name", "clause", "words"),
    [
        ("ceme", "CEME-3", "is asked for what is done so that it does not happen again"),
        ("ceme", "CEME-9", "asked whether it settled the matter"),
        ("cms", "CMS-2.1a", "a summary without names goes to: Board."),
        (
            "cms",
            "CMS-2.2a",
            "The complainant may appeal within 10 working days of the day the outcome counts as received.",
        ),
        ("cms", "CMS-2.2b", "Where they had a part in the answer: Directors. After that: The awarding organisation."),
        ("cms", "CMS-scope", "What our own staff write may belong to the Discipline and Grievance policy"),
        ("cim", "CIM-other", "the mail is passed on to feedbackmh@cim.co.uk and its sender told"),
        ("cim", "CIM-asc", "on their word the sender is told"),
        ("cim", "CIM-asc", "A mail that names study centre, accredited centre or ASC may belong"),
        ("cim", "CIM-end", "answered once at most"),
        ("cim", "CIM-assess", "Told: Awarding Body."),
        ("sek", "SEK-appeal", "The complainant may appeal at any time."),
        ("sek", "SEK-28b", "and again every 10 working days, for complaints in writing"),
        ("sek", "SEK-meet", "A case is closed only once the complainant was met"),
        ("sek", "SEK-comp-3", "once the Keeper of the Compliments Board has"),
        ("sek", "SEK-candour", "may be shared with staff, stakeholders and regulators"),
        ("ace", "ACE-contact", "on the same day, or on the next one that is worked"),
        ("ace", "ACE-four", "Do staff need more support or training?"),
        ("ace", "ACE-4", "answers the complaint, by the day that a person sets."),
        ("ace", "ACE-2", "Our setting: the policy leaves the time open."),
    ],
)
def test_what_happens_for_a_clause_is_told_from_the_file(name: str, clause: str, words: str) -> None:
    assert words in " ".join(of(name, clause).does)


def test_what_the_text_leaves_open_is_told_apart() -> None:
    cms, sek = our_settings(load.find("cms")), our_settings(load.find("sek"))

    assert any(line.endswith("(CMS-1.2)") for line in cms)
    assert "Nothing is ever erased: this file names no time after which a closed case would be." in cms
    assert "An appeal may come at any time: this file names no window." in sek
    assert "While an answer of the complainant's is waited for, the days go on." in cms
    assert "While an answer of the complainant's is waited for, the days stand still." in our_settings(
        replace(LOCHSIDE, pauses=True)
    )
    assert "The papers of a case are to be kept for 6 years after it is closed." in our_settings(load.find("ceme"))


def test_a_clause_that_nothing_keeps_has_nothing_that_happens() -> None:
    text = LOCHSIDE.text.replace('by = ["case-file", "retention"]\n', "")
    bare = load.parse(text, "lochside", "lochside.toml")

    assert kept_by(bare)["LH-keep"] == ()
    assert next(one for one in explain(bare, DAY) if one.clause.id == "LH-keep").does == ()


# --- beside its own text -----------------------------------------------------------------------------------------


def test_each_sentence_of_the_text_stands_beside_its_clause_and_the_rest_are_listed() -> None:
    found = beside(LOCHSIDE, TEXT)

    assert [(one.sentence.line, one.clauses[0]) for one in found if one.clauses] == [
        (7, "LH-hear"),
        (8, "LH-call"),
        (12, "LH-answer"),
        (12, "LH-how-far"),
        (17, "LH-why"),
        (21, "LH-next"),
        (25, "LH-roads"),
        (29, "LH-kind"),
        (33, "LH-keep"),
    ]
    assert [one.sentence.text for one in found if not one.clauses] == [
        "Lochside Homes has let houses beside the water since 1923.",
        "We offer you a cup of tea in our office.",
    ]


def test_a_text_is_read_by_headings_numbers_bullets_and_cells() -> None:
    text = (
        "HOW TO COMPLAIN\n1.2 The manager decides.\n- Who looks into it.\n\nStep\tWho\n"
        "2\tThe clerk\tThe clerk writes it down.\nThe foot of a page\nThis is one sentence. This is another.\n"
    )

    assert [(one.line, one.heading, one.number, one.text) for one in sentences_of(text)] == [
        (2, "HOW TO COMPLAIN", "1.2", "The manager decides."),
        (3, "HOW TO COMPLAIN", "1.2", "Who looks into it."),
        (6, "HOW TO COMPLAIN", "2", "The clerk"),
        (6, "HOW TO COMPLAIN", "2", "The clerk writes it down."),
        (8, "The foot of a page", "", "This is one sentence."),
        (8, "The foot of a page", "", "This is another."),
    ]


@pytest.mark.parametrize(
    "hostile", ["a " * 500_000, "- x\n" * 250_000, "A. " * 330_000, "1." * 500_000, "\t" * 1_000_000]
)
def test_a_megabyte_of_anything_is_read_in_a_few_seconds(hostile: str) -> None:
    began = time.process_time()

    assert all(one.sentence.line >= 1 for one in beside(LOCHSIDE, hostile))
    assert time.process_time() - began < MUCH


# --- at a shell --------------------------------------------------------------------------------------------------


def test_explain_prints_each_clause_with_its_date_reading_and_who_agreed() -> None:
    result = run(HERE / "lochside.toml", "--from", "2026-11-27")

    assert result.exit_code == 0
    said = " ".join(result.stdout.split())
    assert "LH-hear, under “We hear you” It says We tell you within two working days" in said
    assert "By Wednesday 2 December 2026 (acknowledge): 2 working days" in said
    assert "30 November (St Andrew's Day)" in said
    assert "“has come”: A letter that says so. It goes at once. Agreed to by Morag Example on 2026-07-01." in said
    assert "Nobody waits in silence. Not agreed to yet by the policy's owner." in said
    assert "the next one up hears of it: Duty Officer, then Head of Homes, then Chief Officer." in said
    assert all(len(line) <= 100 for line in result.stdout.splitlines())


def test_explain_beside_a_text_shows_its_sentences_and_those_without_a_clause() -> None:
    result = run(HERE / "lochside.toml", "--beside", HERE / "lochside.txt")

    assert result.exit_code == 0
    said = " ".join(result.stdout.split())
    assert "Your text line 8: Our duty officer will ring you within three working days." in said
    left = said.partition("Sentences of your text that no clause covers")[2]
    assert "line 13 We offer you a cup of tea in our office." in left and "ombudsman" not in left


def test_explain_as_json_has_the_same_for_programs() -> None:
    shown = json.loads(run("sek", "--from", "2026-03-02", "--beside", HERE / "lochside.txt", "--format", "json").stdout)

    assert shown["policy"] == "sek" and shown["from"] == "2026-03-02"
    clause = next(one for one in shown["clauses"] if one["id"] == "SEK-28")
    assert [(one["what"], one["due_on"]) for one in clause["dates"]] == [("respond", "2026-04-13")]
    assert clause["readings"][0]["approved_by"] is None
    assert {"line": 3, "text": "Lochside Homes has let houses beside the water since 1923."} in shown["uncovered"]


def test_what_is_no_plain_text_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "policy.pdf").write_bytes(b"%PDF-1.7 ...")

    result = run("cms", "--beside", tmp_path / "policy.pdf")

    assert result.exit_code == 1
    assert result.stderr.strip() == f"{tmp_path / 'policy.pdf'}: is no plain text: save the policy as text (.txt) first"
