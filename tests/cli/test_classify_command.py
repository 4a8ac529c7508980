"""`classify` as it is typed: the report, learning now, and the way back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from complaintmail.cli import main
from complaintmail.clock import SystemClock
from complaintmail.store import learnt
from complaintmail.store.engine import Store
from complaintmail.triage.judge import Learnt
from tests.support.casebooks import settings_for
from tests.support.shells import Shell, shell_in


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return shell_in(tmp_path)


@pytest.fixture
def taught(shell: Shell) -> Iterator[Shell]:
    """Two versions were learnt."""
    store = Store(f"sqlite:///{shell.folder / 'casebook.db'}")
    for nth in (1, 2):
        with store.writing(SystemClock().now()) as writer:
            figures: dict[str, Any] = {"reviews": 30 * nth, "aside": {
                "before": {"told_apart": 0.81}, "after": {"told_apart": 0.92}}}  # fmt: skip
            learnt.keep(writer, Learnt(str(nth), 0.1, {"w:grozzled": nth / 2}), figures, "complaintmail")
    store.close()
    yield shell


def in_force(shell: Shell) -> list[tuple[Any, ...]]:
    return shell.rows("SELECT id, uses, stays, by FROM learnt ORDER BY id DESC LIMIT 1")


def said(done: Result) -> tuple[int, str]:
    return done.exit_code, (done.stdout or done.stderr).partition("\n")[0]


def test_the_report_has_all_its_parts_where_nobody_has_said_anything(shell: Shell) -> None:
    found = shell.json("classify", "report")

    assert (found["reviewed"], found["confusion"], found["versions"]) == (0, [], [])
    assert found["calibration"]["scores_are"] == "scores"
    assert found["bounds"]["release_on"] is False
    assert found["learnt"] == {"complaint": [], "no_complaint": []}
    table = shell("classify", "report")
    assert table.exit_code == 0
    assert "A score cannot be read as a probability yet" in table.stdout


def test_the_report_shows_what_was_learnt_and_its_history(taught: Shell) -> None:
    found = taught.json("classify", "report")
    table = taught("classify", "report").stdout

    assert found["learnt"]["complaint"] == [{"word": "grozzled", "weight": 1.0}]
    assert [(one["version"], one["uses"], one["in_force"]) for one in found["versions"]] == [
        (2, 2, True),
        (1, 1, False),
    ]
    assert "0.810 before, 0.920 after" in table
    assert "grozzled" in table


@pytest.mark.parametrize(
    ("words", "uses", "stays", "told"),
    [
        ((), 1, 0, "The weights of version 1 are in force."),
        (("1",), 1, 0, "The weights of version 1 are in force."),
        (("shipped",), 0, 0, "The shipped weights alone are in force."),
        (("0", "--stay"), 0, 1, "The shipped weights alone are in force."),
        (("--stay", "--as", "dana@staff.test"), 1, 1, "The weights of version 1 are in force."),
        (("2", "--stay"), 2, 1, "The weights of version 2 are in force."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_undo_goes_back(taught: Shell, words: tuple[str, ...], uses: int, stays: int, told: str) -> None:
    assert said(taught("classify", "undo", *words)) == (0, told)

    by = words[-1] if "--as" in words else "administrator"
    assert in_force(taught) == [(3, uses, stays, by)]
    assert taught("verify").exit_code == 0


def test_undo_again_and_again_ends_with_what_is_shipped(taught: Shell) -> None:
    for uses in (1, 0):
        assert taught("classify", "undo").exit_code == 0
        assert in_force(taught)[0][1] == uses

    assert said(taught("classify", "undo")) == (1, "Nothing is learnt yet, or all was taken back.")
    assert in_force(taught)[0][0] == 4


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("9",), 1, "There are no weights of a version 9; complaintmail classify report lists the versions."),
        (("2",), 1, "Version 2 is in force."),
        (("first",), 2, None),
        (("-1",), 2, None),
    ],
)
def test_what_cannot_be_gone_back_to_changes_nothing(
    taught: Shell, words: tuple[str, ...], code: int, told: str | None
) -> None:
    done = taught("classify", "undo", *words)

    assert done.exit_code == code
    assert told is None or done.stderr.strip() == told
    assert in_force(taught) == [(2, 2, 0, "complaintmail")]


def test_learning_now_with_too_little_says_why(taught: Shell) -> None:
    done = taught("classify", "learn")

    why = "Staff have not looked at enough mails. Complaints: 0, other mails: 0; it takes 10 of each."
    assert (done.exit_code, done.stderr.strip()) == (1, f"Nothing was learnt. {why}")
    found = taught.json("classify", "report")
    assert found["nothing_learnt_because"] == why
    assert why in taught("classify", "report").stdout
    assert in_force(taught) == [(2, 2, 0, "complaintmail")]


def test_without_a_database_each_says_so(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(settings_for("sqlite:///casebook.db"))
    path.chmod(0o600)

    for words in (("report",), ("learn",), ("undo",)):
        done = CliRunner().invoke(main, ["--config", str(path), "classify", *words])
        assert done.exit_code == 1
        assert "there is no database yet" in done.stderr
    assert not (tmp_path / "casebook.db").exists()


def test_since_leaves_older_mails_out(shell: Shell) -> None:
    assert json.loads(shell("classify", "report", "--since", "2026-11-01", "--format", "json").stdout)["reviewed"] == 0
    assert shell("classify", "report", "--since", "yesterday").exit_code == 2
