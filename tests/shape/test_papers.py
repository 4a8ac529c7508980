"""What the papers say is there, is there: commands, options, make targets, links, versions."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module
from pathlib import Path

import click
import pytest

from complaintmail import __version__
from complaintmail.cli import COMMANDS

ROOT = Path(__file__).parents[2]
PAPERS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("**/*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def code(paper: Path) -> list[str]:
    """What stands as code: indented lines, fenced lines and spans."""
    words = paper.read_text(encoding="utf-8")
    return [*re.findall(r"(?m)^    (.+)$", words), *re.findall(r"`+([^`]+)`+", words)]


def loaded(name: str) -> click.Command:
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(import_module(module), attribute)
    assert isinstance(found, click.Command)
    return found


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_every_command_that_a_paper_shows_is_there_with_its_options(paper: Path) -> None:
    wrong = []
    for line in code(paper):
        for said in re.findall(r"(?:^|[/ ])complaintmail ([a-z]+[^#;|()]*)", line):
            name, *words = said.split()
            if name not in COMMANDS:
                wrong.append(said)
                continue
            command = loaded(name)
            if isinstance(command, click.Group) and words and not words[0].startswith("-"):
                inner = command.get_command(click.Context(command), words[0])
                if inner is None:
                    wrong.append(said)
                    continue
                command = inner
            options = {option for parameter in command.params for option in parameter.opts}
            wrong += [f"{said}: {word}" for word in words if word.startswith("--") and word not in options]

    assert wrong == []


def test_the_readme_tells_every_command() -> None:
    table = re.findall(r"(?m)^\| `([a-z]+)` \|", README)

    assert sorted(table) == sorted(COMMANDS)


def test_options_in_the_command_table_are_there() -> None:
    wrong = []
    for name, says in re.findall(r"(?m)^\| `([a-z]+)` \| (.*) \|$", README):
        command = loaded(name)
        options = {option for parameter in command.params for option in parameter.opts}
        inner = set(command.commands) if isinstance(command, click.Group) else set()
        wrong += [f"{name} {word}" for word in re.findall(r"`(--[a-z-]+)`", says) if word not in options]
        if inner:
            wrong += [f"{name} {word}" for word in re.findall(r"`([a-z]+)`", says) if word not in inner]

    assert wrong == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_every_make_target_that_a_paper_shows_is_there(paper: Path) -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    named = {target for line in code(paper) for target in re.findall(r"^make ([a-z]+)", line)}

    assert named - targets == set()


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_links_lead_somewhere(paper: Path) -> None:
    wrong = []
    for target in re.findall(r"\]\(([^)\s]+)\)", paper.read_text(encoding="utf-8")):
        file, _, heading = target.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        place = paper if not file else (paper.parent / file).resolve()
        if not place.exists() or (heading and heading not in headings(place)):
            wrong.append(target)

    assert wrong == []


def headings(paper: Path) -> set[str]:
    found = re.findall(r"(?m)^#+ (.+)$", paper.read_text(encoding="utf-8"))
    return {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")

    assert re.findall(r"(?m)^    (make test)$", README) == ["make test"]
    assert "README.md" in script
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


def test_the_version_is_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["version"] == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_dependency_is_locked_with_its_hashes_and_no_index_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"(?m)^([a-z0-9-]+)==\S+(?: ;.*)? \\\n    --hash=sha256:", lock))
    extras = project["project"]["optional-dependencies"]
    wanted = [
        *project["project"]["dependencies"],
        *extras["postgres"],
        *project["dependency-groups"]["dev"],
    ]
    names = {re.sub(r"[._]+", "-", re.split(r"[\[<>=; ]", one)[0].lower()) for one in wanted}

    assert names - locked == set()
    assert "://" not in lock


def test_the_service_unit_keeps_its_secrets_and_its_state_to_itself() -> None:
    unit = (ROOT / "deploy/complaintmail.service").read_text(encoding="utf-8")

    for line in (
        "Type=notify",
        "WatchdogSec=",
        "LoadCredential=",
        "UMask=0077",
        "StateDirectory=",
        "ProtectSystem=strict",
    ):
        assert f"\n{line}" in unit
