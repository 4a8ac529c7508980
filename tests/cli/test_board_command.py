"""`board` as it is typed: what somebody said yes to, in one file that is whole at every moment."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from complaintmail.cli import main
from complaintmail.store import schema
from complaintmail.store.engine import Store
from complaintmail.store.migrate import upgrade
from tests.support.casebooks import settings_for

HANGS = "Your colleague was wonderful."
SERVERS = """
[mailbox.imap]
host = "127.0.0.1"
port = 1
security = "none"
password_env = "HOME"
[mailbox.smtp]
host = "127.0.0.1"
port = 1
security = "none"
"""
BOXES = "".join(
    f'\n[[mailbox]]\naddress = "{name}@example.test"\npolicy = "{name}"\n{SERVERS}' for name in ("sek", "ace")
)


def run(folder: Path, *words: str) -> Result:
    path = folder / "config.toml"
    path.write_text(settings_for("sqlite:///casebook.db") + BOXES)
    path.chmod(0o600)
    return CliRunner().invoke(main, ["--config", str(path), "board", *words])


@pytest.fixture
def wall(tmp_path: Path) -> Path:
    """Praise under two policies: hanging, asked about, taken down, and some that turned out to be none."""
    store = Store(f"sqlite:///{tmp_path / 'casebook.db'}")
    upgrade(store)
    told = (
        ("sek", "compliment", "shown", HANGS, ""),
        ("sek", "compliment", "shown", "Thank you for everything.", "Jane Doe"),
        ("sek", "compliment", "asked", "Not yet agreed.", ""),
        ("sek", "compliment", "off", "Taken down again.", ""),
        ("sek", "complaint", "shown", "It was no praise.", ""),
        ("ace", "compliment", "shown", "Of another policy.", ""),
    )
    with store.writing(datetime(2026, 11, 18, tzinfo=UTC)) as writer:
        for number, (policy, kind, state, words, name) in enumerate(told, 1):
            writer.add(schema.case, _case(number, policy, kind))
            writer.add(
                schema.praise,
                {"case_id": number, "words": words, "named": name, "consent": None, "passed_to": [], "board": state,
                 "shown_at": None, "by": "bea@staff.test"},
            )  # fmt: skip
        writer.event("praise_hung", by="bea@staff.test")
    store.close()
    return tmp_path


def _case(number: int, policy: str, kind: str) -> dict[str, object]:
    at = datetime(2026, 10, number, tzinfo=UTC)
    said = {"complainant_name": "Jane Doe", "complainant_email": "jane@complainants.test", "subject": "Thanks, Dana"}
    return {
        "id": number, "reference": f"{policy.upper()}-2026-{number:06d}", "prefix": policy.upper(), "year": 2026,
        "number": number, "policy": policy, "policy_version": "1", "kind": kind, "sure": True, "status": "closed",
        "channel": "email", "mailbox": "info@example.test", "received_at": at, "summary": "Dana", "severity": "low",
        **said,
    }  # fmt: skip


def test_only_what_somebody_agreed_to_hangs_and_no_name_but_one_that_was_allowed(wall: Path) -> None:
    done = run(wall, "--policy", "sek")

    assert done.exit_code == 0, done.output
    assert done.stdout.count("<blockquote") == 2
    assert HANGS in done.stdout and "2 thank-yous so far" in done.stdout
    assert done.stdout.index("Thank you for everything.") < done.stdout.index(HANGS)
    assert done.stdout.count("Jane Doe") == 1
    assert "complainants.test" not in done.stdout and "Dana" not in done.stdout


def test_the_page_takes_the_place_of_the_old_one_whole_and_can_be_read_by_all(wall: Path) -> None:
    page = wall / "board.html"
    page.write_text("the old one")

    done = run(wall, "--policy", "sek", "--output", str(page), "--title", "Thank you")

    assert (done.exit_code, done.stdout) == (0, "")
    assert page.read_text().startswith("<!doctype html>") and "<h1>Thank you</h1>" in page.read_text()
    assert page.stat().st_mode & 0o777 == 0o644
    assert sorted(path.name for path in wall.glob("*board*")) == ["board.html"]


def test_a_place_that_cannot_be_written_to_leaves_nothing_behind(wall: Path) -> None:
    done = run(wall, "--policy", "sek", "--output", str(wall / "nowhere" / "board.html"))

    assert done.exit_code == 1
    assert "No such file" in done.stderr


def test_a_board_without_a_casebook_is_an_empty_board(tmp_path: Path) -> None:
    done = run(tmp_path, "--policy", "sek")

    assert done.exit_code == 0
    assert "The first kind words will hang here." in done.stdout


def test_a_policy_without_a_board_says_so(tmp_path: Path) -> None:
    done = run(tmp_path, "--policy", "ace")

    assert done.exit_code == 2
    assert "board = true under [praise]" in done.stderr


def test_a_policy_that_no_mailbox_has_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, "--policy", "nobodys")

    assert done.exit_code == 2
    assert 'No mailbox of the settings has the policy "nobodys".' in done.stderr
