"""[classify] rules: an installation's own words, as an admin writes them and as `check` reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from complaintmail.config import load
from complaintmail.config.judging import judges_of
from complaintmail.errors import ConfigError
from complaintmail.mail.read import read
from complaintmail.triage.classify import classify
from complaintmail.triage.verdicts import Kind
from tests.cli.test_check_command import checked, says
from tests.support.casebooks import BOXES, settings_for

BOX = next(box for box, policy in BOXES.items() if policy == "ceme")
MAIL = read(
    b"From: a@b.example\r\nSubject: Our lesson\r\n\r\nThe tutor sat marmalising all the way through, as before."
)
RULE = '[[rule]]\nname = "our own"\nsays = "complaint"\nweight = 4\nany = ["marmalising"]\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(settings_for("sqlite:///var/casebook.db") + '\n[classify]\nrules = "words.toml"\n')
    path.chmod(0o600)
    return path


def test_a_word_of_ones_own_makes_a_complaint_sure_and_is_named(config: Path) -> None:
    config.with_name("words.toml").write_text(RULE)
    judge = judges_of(load(config))[BOX]

    before, after = classify(MAIL, "general"), classify(MAIL, "general", judge)

    assert (before.sure, after.kind, after.sure) == (False, Kind.COMPLAINT, True)
    assert "marmalising" in " ".join(after.reasons)


def test_a_rule_for_one_policy_is_no_other_policys(config: Path) -> None:
    config.with_name("words.toml").write_text(RULE + 'policies = ["another"]\n')
    judge = judges_of(load(config))[BOX]

    assert classify(MAIL, "general", judge).sure is False


def test_check_reads_it(config: Path) -> None:
    config.with_name("words.toml").write_text(RULE)
    _, lines = checked(config, "--offline")

    assert says(lines, "ok", "rules words.toml") == ["read, beside the shipped ones"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (RULE.replace("complaint", "moan"), "Rule “our own”: `says` is one of"),
        (RULE.replace("[[rule]]", "[[rule]"), "Expected ']]'"),
        (None, "cannot be read (No such file or directory); [classify] rules names it"),
    ],
    ids=["a word that says nothing", "no toml", "no file"],
)
def test_a_mistake_in_it_is_one_line_that_names_the_file(config: Path, words: str | None, said: str) -> None:
    path = config.with_name("words.toml")
    if words is not None:
        path.write_text(words)
    code, lines = checked(config, "--offline")

    with pytest.raises(ConfigError) as refused:
        judges_of(load(config))
    assert code == 1
    [line] = says(lines, "failure", "rules words.toml")
    assert line == str(refused.value) and line.startswith(f"{path}: ") and said in line
