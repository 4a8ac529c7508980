"""Secrets of the settings: read late, shown never, refused where others can read them."""

from __future__ import annotations

import pickle
from dataclasses import asdict
from pathlib import Path

import pytest

from complaintmail.config import Config, ConfigError, Secret, load, parse

CANARY = "canary-7f3a-hunter2"


def settings(login: str, tmp_path: Path, mode: int = 0o600, before: str = "") -> Path:
    path = tmp_path / "config.toml"
    path.write_text(
        f"""{before}
[[mailbox]]
address = "info@example.test"
policy = "cms"
[mailbox.imap]
host = "imap.example.test"
{login}
[mailbox.smtp]
host = "smtp.example.test"
""",
        encoding="utf-8",
    )
    path.chmod(mode)
    return path


def password(config: Config) -> Secret:
    found = config.mailboxes[0].imap.password
    assert found is not None
    return found


def secret_file(tmp_path: Path, words: str = CANARY + "\n", mode: int = 0o600) -> Path:
    path = tmp_path / "secret"
    path.write_text(words, encoding="utf-8")
    path.chmod(mode)
    return path


def test_a_password_may_stand_in_the_settings_in_a_file_or_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret_file(tmp_path)
    monkeypatch.setenv("SOME_PASSWORD", CANARY)
    ways = [f'password = "{CANARY}"', 'password_file = "secret"', 'password_env = "SOME_PASSWORD"']

    assert [password(load(settings(way, tmp_path))).reveal() for way in ways] == [CANARY] * 3


def test_a_systemd_credential_is_found_by_its_name_and_as_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "credentials"
    given.mkdir()
    (given / "info").write_text(CANARY, encoding="utf-8")
    (given / "info").chmod(0o440)
    by_name = password(load(settings('password_credential = "info"', tmp_path)))
    (given / "other").write_text(CANARY, encoding="utf-8")
    (given / "other").chmod(0o400)
    as_file = password(load(settings('password_file = "other"', tmp_path)))

    assert "no systemd credentials here" in (by_name.problem() or "")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))
    assert (by_name.reveal(), as_file.reveal()) == (CANARY, CANARY)


def test_no_way_of_printing_the_settings_shows_a_secret(tmp_path: Path) -> None:
    database = f'[storage]\ndatabase = "postgresql://me:{CANARY}@db.example.test/c?password={CANARY}"\n'
    database += f'[alarm]\nurl = "https://alarm.example.test/{CANARY}"\n'
    config = load(settings(f'password = "{CANARY}"', tmp_path, before=database))
    shown = [repr(config), str(config), f"{config}", f"{password(config)} {password(config):>40}"]
    shown += [str(config.storage.database), repr(config.storage.database), f"{config.alarm.url!r}"]

    assert not [words for words in shown if CANARY in words]
    assert config.storage.database.reveal().count(CANARY) == 2
    assert "postgresql+psycopg://me:***@db.example.test/c?password=***" in shown


def test_a_secret_is_not_copied_into_another_process(tmp_path: Path) -> None:
    config = load(settings(f'password = "{CANARY}"', tmp_path))

    with pytest.raises(TypeError, match="a secret is not copied"):
        pickle.dumps(password(config))
    with pytest.raises(TypeError, match="a secret is not copied"):
        asdict(config)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o666])
def test_settings_with_a_secret_that_others_can_read_are_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(
        ConfigError, match=r"config\.toml: holds a secret and others can read it .* chmod 600"
    ) as caught:
        load(settings(f'password = "{CANARY}"', tmp_path, mode))
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "before",
    [f'[storage]\ndatabase = "postgresql://me:{CANARY}@db/c"', f'[alarm]\nurl = "https://x.test/{CANARY}"'],
)
def test_a_password_in_a_url_is_a_secret_too(tmp_path: Path, before: str) -> None:
    with pytest.raises(ConfigError, match="holds a secret and others can read it"):
        load(settings('password_env = "X"', tmp_path, 0o644, before))


def test_settings_without_a_secret_in_them_may_be_read_by_all(tmp_path: Path) -> None:
    secret_file(tmp_path)

    assert load(settings('password_file = "secret"', tmp_path, 0o644)).mailboxes


def test_a_password_file_that_others_can_read_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = secret_file(tmp_path, mode=0o644)

    with pytest.raises(ConfigError, match=r"imap\.password_file: .*secret holds a secret and others can read it"):
        load(settings('password_file = "secret"', tmp_path))
    path.chmod(0o600)
    config = load(settings('password_file = "secret"', tmp_path))
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="others can read it"):
        password(config).reveal()


def test_reading_commands_work_where_the_password_cannot_be_read_and_run_says_why(tmp_path: Path) -> None:
    config = load(settings('password_file = "gone"', tmp_path))

    with pytest.raises(ConfigError) as caught:
        config.require_runnable()
    assert caught.value.problems == [
        f"{tmp_path}/config.toml: [[mailbox]] 1 (info@example.test): imap.password_file: {tmp_path}/gone "
        "cannot be read: No such file or directory"
    ]


@pytest.mark.parametrize(
    ("login", "words", "why"),
    [
        ('password_file = "secret"', "\n", "is empty"),
        ('password_file = "secret"', "\udce9", "is not text in UTF-8"),
        ('password_env = "NOT_SET_ANYWHERE"', "", "the environment has no NOT_SET_ANYWHERE"),
    ],
)
def test_a_secret_that_cannot_be_had_is_told_with_its_key(tmp_path: Path, login: str, words: str, why: str) -> None:
    secret_file(tmp_path).write_bytes(words.encode(errors="surrogateescape"))
    problem = password(load(settings(login, tmp_path))).problem()

    assert problem is not None
    assert why in problem
    assert "imap.password_" in problem


@pytest.mark.parametrize(
    "words",
    [
        f'password = "{CANARY}"\npassword_env = "X"',
        f'pasword = "{CANARY}"',
        f'password = ["{CANARY}"]',
        f'password_credential = "/{CANARY}"',
        f'passw = "{CANARY}',
    ],
)
def test_what_is_wrong_with_a_secret_is_told_without_it(tmp_path: Path, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(settings(words, tmp_path))

    assert CANARY not in str(caught.value)
    assert CANARY not in repr(caught.value.__cause__)


def test_a_database_url_that_cannot_be_used_is_not_repeated() -> None:
    with pytest.raises(ConfigError) as caught:
        parse(f'[storage]\ndatabase = "mysql://me:{CANARY}@db/c"\n', Path("config.toml"))

    assert CANARY not in str(caught.value)


def test_without_a_mailbox_there_is_nothing_to_run() -> None:
    with pytest.raises(ConfigError, match=r"\[\[mailbox\]\]: there is none"):
        parse("", Path("config.toml")).require_runnable()
