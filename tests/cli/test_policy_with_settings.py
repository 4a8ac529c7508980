"""Where there are settings: who is there for a policy's roles, which letters it has, and where complaints are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from complaintmail.cli import main
from complaintmail.policy.load import PACKAGED
from tests.support.casebooks import BOXES, settings_for


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(settings_for("sqlite:///var/casebook.db"))
    path.chmod(0o600)
    return path


def run(config: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(main, ["--config", str(config), "policy", *map(str, words)])


def checked(config: Path, *words: str | Path) -> tuple[int, list[dict[str, Any]]]:
    done = run(config, "check", *words, "--format", "json")
    return done.exit_code, json.loads(done.stdout)


def nobody(config: Path, *roles: str) -> None:
    """Takes these roles from everybody."""
    text = config.read_text()
    for role in roles:
        text = text.replace(f'"{role}"', '"gardener"')
    config.write_text(text)


def test_a_role_that_nobody_holds_is_said_with_what_it_is_meant_to_get_and_its_line(config: Path) -> None:
    nobody(config, "board")
    code, rows = checked(config, "cms")

    [row] = [row for row in rows if row["what"].startswith("role board: ")]
    assert code == 0 and row["verdict"] == "warning"
    assert row["what"].endswith("(a summary of each outcome, every appeal is meant for it)")
    lines = (PACKAGED / "cms.toml").read_text().splitlines()
    assert lines[row["line"] - 1 : row["line"] + 1] == ["[[role]]", 'name = "board"']


def test_check_of_all_shows_the_policies_that_a_mailbox_keeps_and_counts_the_rest(config: Path) -> None:
    nobody(config, "board")
    done = run(config, "check")

    lines = done.stdout.splitlines()
    kept = set(BOXES.values())
    counted = {line.split()[1].rstrip(":") for line in lines if "things for its owner to look at" in line}
    assert done.exit_code == 0 and len(lines) < 30
    assert counted == {"ace", "ceme", "cim", "cms", "sek"} - kept
    assert any(line.startswith("warning  cms: ") and "role board: " in line for line in lines)
    [readings] = [line for line in lines if line.startswith("warning  cms: 8 readings")]
    assert readings.endswith("complaintmail policy check cms has each with its line")


def test_nobody_for_the_first_step_is_a_failure(config: Path) -> None:
    nobody(config, "operations-director")
    code, rows = checked(config, "cms")

    assert code == 1
    assert [row["what"].split(":")[0] for row in rows if row["verdict"] == "failure"] == ["role operations-director"]


def test_a_policy_that_no_mailbox_keeps_is_asked_for_no_people(config: Path) -> None:
    assert "ace" not in BOXES.values()
    code, rows = checked(config, "ace")

    assert code == 0
    assert not [row for row in rows if row["what"].startswith("role ")]


def test_a_letter_that_does_not_render_is_a_failure_of_its_policy(config: Path, tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "acknowledgement.md").write_text("Subject: x\n\n{{ nothing.there }}\n")

    code, rows = checked(config, "cms")

    assert code == 1
    assert any("acknowledgement.md" in row["what"] for row in rows if row["verdict"] == "failure")


def test_own_policies_are_found_where_the_settings_say(config: Path, tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    text = (PACKAGED / "cms.toml").read_text().replace('version = "1"', 'version = "2"', 1)
    (tmp_path / "policies" / "cms.toml").write_text(text.replace("\n[appeal]", "\n[appeals]", 1))

    code, rows = checked(config, "cms")

    assert code == 1
    [row] = rows
    assert (row["file"], row["what"]) == (
        str(tmp_path / "policies" / "cms.toml"),
        'appeals: is not known here; did you mean "appeal"?',
    )
    assert text.splitlines()[row["line"] - 1].startswith("[appeal]")


def test_the_page_for_the_public_has_the_addresses_at_which_complaints_are_read(config: Path) -> None:
    address = next(box for box, policy in BOXES.items() if policy == "cms")
    page = run(config, "leaflet", "cms")

    assert page.exit_code == 0 and page.stderr == ""
    assert f'<a href="mailto:{address}">{address}</a>' in page.stdout
