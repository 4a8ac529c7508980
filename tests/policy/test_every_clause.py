"""Every clause is kept by something that there is, has a test of its own, and is cited only where it exists.

All of it is derived: from the policy files, the program, and the names of the tests. What is still being made is named
here, and shrinks.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from complaintmail.cli.policy_mechanisms import missing, there
from complaintmail.policy import load
from complaintmail.policy.keeping import kept_by
from complaintmail.policy.mechanisms import MECHANISMS
from complaintmail.policy.policy import Policy

ROOT = Path(__file__).parents[2]
POLICIES = [load.find(name) for name in load.packaged()]
IDS = frozenset(clause.id for policy in POLICIES for clause in policy.clauses)
PREFIXES = "|".join(policy.prefix for policy in POLICIES)
# A clause is cited as CMS-1.3a or SEK-comp-1; CMS-2026-000123 is a case.
CITED = re.compile(rf"\b(?:{PREFIXES})-(?!\d{{4}}\b)(?:\d[\w.]*\w|\d|[a-z]+(?:-\d)?)(?![\w-])")
NAMED = re.compile(rf"def (test_(?:{PREFIXES.lower()})_\w+)")

# Parts of the program that are not whole yet. `policy check` and `policy explain` say so until they are.
NOT_YET = {"agenda", "case-file", "retention", "review"}
# Clauses whose own test is still to come.
AWAITED = {"ACE-7", "CMS-2.1b"}


def stem(clause_id: str) -> str:
    return "test_" + re.sub(r"[^a-z0-9]+", "_", clause_id.lower())


@cache
def texts() -> dict[Path, str]:
    """The program, its letters and pages, and the tests."""
    files = [path for folder in ("complaintmail", "templates", "docs", "tests") for path in (ROOT / folder).rglob("*")]
    kinds = {".py", ".md", ".toml", ".typ", ".html", ".txt"}
    return {path: path.read_text(encoding="utf-8") for path in files if path.suffix in kinds and path.is_file()}


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_every_clause_is_kept_by_a_duty_a_stage_or_a_part_of_the_program(policy: Policy) -> None:
    assert [clause for clause, places in kept_by(policy).items() if not places] == []


def test_every_part_of_the_program_that_keeps_a_clause_is_there() -> None:
    assert missing() <= NOT_YET


def test_what_is_not_there_is_found_missing() -> None:
    assert there("#reply") and there("complaintmail log") and there("complaintmail.policy.load")
    assert [there(part) for part in ("#reprint", "complaintmail logg", "complaintmail.policy.lode")] == [False] * 3


def test_no_part_of_the_program_is_named_for_nothing() -> None:
    used = {mechanism for policy in POLICIES for clause in policy.clauses for mechanism in clause.kept_by}

    assert set(MECHANISMS) - used == set()


def test_every_clause_that_is_cited_stands_in_a_policy() -> None:
    cited = {(clause, str(path.relative_to(ROOT))) for path, text in texts().items() for clause in CITED.findall(text)}

    assert {clause for clause, _ in cited} >= {"CMS-1.3a", "SEK-comp-1", "CEME-7", "ACE-ladder"}
    # SEK-verbal is all that begin so.
    assert sorted(one for one in cited if not any(clause.startswith(one[0]) for clause in IDS)) == []


def test_every_test_that_bears_the_name_of_a_clause_names_one_that_there_is() -> None:
    stems = tuple(f"{stem(clause)}_" for clause in IDS)
    here = (ROOT / "tests" / "clauses", ROOT / "tests" / "policy")
    named = {name for path, text in texts().items() if path.parent in here for name in NAMED.findall(text)}

    assert len(named) > 60
    assert sorted(name for name in named if not name.startswith(stems)) == []


def test_every_clause_of_a_policy_has_a_test_of_its_name() -> None:
    named = "\n".join(name for path, text in texts().items() if path.suffix == ".py" for name in NAMED.findall(text))
    promised = {clause.id for policy in POLICIES for clause in policy.clauses if not clause.law}

    assert {clause for clause in promised if f"{stem(clause)}_" not in named} <= AWAITED
