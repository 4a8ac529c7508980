"""`people list` and `people welcome` as they are typed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from complaintmail.cli import main
from complaintmail.cli.people import hours_in_words
from complaintmail.config import amounts
from complaintmail.store import schema
from complaintmail.store.engine import Store
from complaintmail.store.migrate import upgrade
from tests.support.casebooks import settings_for

MORE = """
[[person]]
name = "D. Deputy"
email = "Deputy@staff.test"
roles = ["manager"]
areas = ["head-office", "ageless-thanet"]
policies = ["cms"]
deputy = "head@staff.test"
away = ["2026-12-21..2027-01-02", "2027-05-04"]
hours = "Mon-Thu 09:00-17:00, Fri 09:00-12:00"
"""


def run(folder: Path, *words: str, more: str = MORE) -> Result:
    path = folder / "config.toml"
    path.write_text(settings_for("sqlite:///casebook.db") + more)
    path.chmod(0o600)
    return CliRunner().invoke(main, ["--config", str(path), "people", *words])


def test_everybody_is_listed_with_all_that_the_settings_say(tmp_path: Path) -> None:
    done = run(tmp_path, "list", "--format", "json")
    people = json.loads(done.stdout)

    assert done.exit_code == 0
    assert [person["email"] for person in people][-1] == "Deputy@staff.test" and len(people) == 4
    assert people[-1] == {
        "name": "D. Deputy",
        "email": "Deputy@staff.test",
        "roles": ["manager"],
        "areas": ["head-office", "ageless-thanet"],
        "policies": ["cms"],
        "deputy": "head@staff.test",
        "away": ["2026-12-21..2027-01-02", "2027-05-04"],
        "hours": "Mon-Thu 09:00-17:00, Fri 09:00-12:00",
        "welcomed": None,
        "answered": None,
    }


def test_who_was_written_to_and_answered_stands_beside_them(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/casebook.db")
    upgrade(store)
    row = {"email": "deputy@staff.test", "welcomed_at": datetime(2026, 11, 20, 9, tzinfo=UTC)}
    with store.engine.begin() as connection:
        connection.execute(schema.person_state.insert().values(row))
    store.close()

    (deputy,) = [p for p in json.loads(run(tmp_path, "list", "--format", "json").stdout) if p["name"] == "D. Deputy"]
    table = run(tmp_path, "list").stdout.splitlines()

    assert (deputy["welcomed"], deputy["answered"]) == ("2026-11-20T09:00:00+00:00", None)
    assert table[0].split() == [
        "NAME",
        "EMAIL",
        "ROLES",
        "AREAS",
        "POLICIES",
        "DEPUTY",
        "AWAY",
        "HOURS",
        "WELCOMED",
        "ANSWERED",
    ]
    assert "2026-11-20 09:00" in table[-1]


def test_a_dry_run_prints_a_letter_to_each_and_changes_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, "welcome", "--dry-run")

    assert done.exit_code == 0
    assert [line for line in done.stdout.splitlines() if line.startswith("To: ")] == [
        "To: A. Director <director@staff.test>",
        "To: B. Head <head@staff.test>",
        "To: C. Chief <chief@staff.test>",
        "To: D. Deputy <Deputy@staff.test>",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_one_person_can_be_chosen_and_gets_their_own_hours(tmp_path: Path) -> None:
    done = run(tmp_path, "welcome", "--dry-run", "--to", "deputy@staff.test", "--to", "DEPUTY@staff.test")

    assert done.stdout.count("To: ") == 1
    assert "Fri 09:00-12:00" in " ".join(done.stdout.split())


def test_a_stranger_is_wrong_usage_that_names_the_nearest(tmp_path: Path) -> None:
    done = run(tmp_path, "welcome", "--dry-run", "--to", "hed@staff.test")

    assert (done.exit_code, done.stdout) == (2, "")
    assert 'did you mean "head@staff.test"?' in done.stderr


def test_with_nobody_named_there_is_nobody_to_write_to(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('timezone = "Europe/London"\n')
    done = CliRunner().invoke(main, ["--config", str(path), "people", "welcome", "--dry-run"])

    assert (done.exit_code, done.stdout) == (1, "")
    assert "nobody to write to" in done.stderr


@pytest.mark.parametrize(
    "hours",
    ["Mon-Fri 08:30-17:30", "Mon-Thu 09:00-17:00, Fri 09:00-12:00", "Sat-Mon 10:00-16:00", "Mon-Sun 00:00-23:59"],
)
def test_hours_are_shown_as_the_settings_take_them(hours: str) -> None:
    assert hours_in_words(amounts.hours(hours).spans) == hours
