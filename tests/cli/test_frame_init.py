"""`init`: from a few answers to a folder that `run` can use."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from complaintmail.cli import main
from complaintmail.config import load

NEEDED = ["--address", "info@example.test", "--policy", "cms", "--imap-host", "i.example.test", "--smtp-host", "s.test"]


def init(place: Path, *words: str, answers: str = "") -> Result:
    return CliRunner().invoke(main, ["init", "--directory", str(place), "--no-check", *words], input=answers)


def test_options_alone_are_enough(tmp_path: Path) -> None:
    done = init(tmp_path / "new", *NEEDED, "--person", 'A "B" C', "--email", "a@example.test")
    config = load(tmp_path / "new" / "config.toml")

    assert done.exit_code == 0
    assert (config.mailboxes[0].address, config.mailboxes[0].imap.host) == ("info@example.test", "i.example.test")
    assert (config.people[0].name, config.people[0].roles) == ('A "B" C', ("operations-director",))
    assert (tmp_path / "new/policies/cms.toml").is_file()
    assert (tmp_path / "new/templates").is_dir()
    assert (tmp_path / "new/config.toml").stat().st_mode & 0o777 == 0o600
    assert "complaintmail --config" in done.stderr
    assert done.stdout == ""


def test_questions_are_asked_for_what_is_left_open_and_a_typed_password_goes_into_a_file(tmp_path: Path) -> None:
    done = init(tmp_path, answers="info@example.test\nsek\n\n\n\nA. Person\na@example.test\nhunter2 7\n")
    config = load(tmp_path / "config.toml")
    (mailbox,) = config.mailboxes

    assert done.exit_code == 0
    assert (mailbox.policy, mailbox.imap.host, mailbox.smtp.host) == ("sek", "imap.example.test", "smtp.example.test")
    assert mailbox.imap.password is not None
    assert mailbox.imap.password.reveal() == "hunter2 7"
    assert "hunter2" not in done.output + (tmp_path / "config.toml").read_text(encoding="utf-8")
    config.require_runnable()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("mine", encoding="utf-8")
    done = init(tmp_path, *NEEDED)

    assert done.exit_code == 1
    assert "config.toml: is there already and is left as it is" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_an_own_policy_that_is_there_is_used_and_left_alone(tmp_path: Path) -> None:
    init(tmp_path / "first", *NEEDED)
    (tmp_path / "policies").mkdir()
    words = (tmp_path / "first/policies/cms.toml").read_bytes().replace(b'prefix = "CMS"', b'prefix = "OWN"')
    (tmp_path / "policies/cms.toml").write_bytes(words)

    assert init(tmp_path, *NEEDED).exit_code == 0
    assert (tmp_path / "policies/cms.toml").read_bytes() == words


@pytest.mark.parametrize(
    ("wrong", "said", "code"),
    [
        (["--address", "info"], "address: must be a bare mail address", 2),
        (["--imap-host", "imap://x"], "imap.host: must be the bare name of a server", 2),
        (["--smtp-security", "none"], "smtp.security", 2),
        (["--policy", "cmx"], 'did you mean "cms"', 1),
        (["--timezone", "London"], "timezone: must be", 2),
    ],
)
def test_a_wrong_answer_is_told_and_nothing_is_written(tmp_path: Path, wrong: list[str], said: str, code: int) -> None:
    done = init(tmp_path / "new", *NEEDED, *wrong)

    assert done.exit_code == code
    assert said in done.stderr
    assert not (tmp_path / "new").exists()


def test_where_nobody_answers_the_options_are_named(tmp_path: Path) -> None:
    done = init(tmp_path)

    assert done.exit_code == 2
    assert "--address, --policy, --imap-host, --smtp-host" in done.stderr


def test_a_password_file_is_meant_as_seen_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "pw").write_text("hunter2", encoding="utf-8")
    (tmp_path / "new" / "pw").chmod(0o600)
    monkeypatch.chdir(tmp_path)
    done = init(Path("new"), *NEEDED, "--password-file", "new/pw")
    (mailbox,) = load(tmp_path / "new" / "config.toml").mailboxes

    assert done.exit_code == 0
    assert "Put the mailbox's password" not in done.stderr
    assert mailbox.imap.password is not None
    assert mailbox.imap.password.reveal() == "hunter2"
