"""config.toml: what may be written there, what comes of it, and what is said when it cannot be used."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from complaintmail.config import ConfigError, find, load, parse

LEAST = """
[[mailbox]]
address = "info@example.test"
policy = "cms"
[mailbox.imap]
host = "imap.example.test"
password_env = "NOT_SET_ANYWHERE"
[mailbox.smtp]
host = "smtp.example.test"
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(words: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(words, encoding="utf-8")
        path.chmod(0o600)
        return path

    return write


def problems(words: str, path: Path = Path("config.toml"), mode: int = 0o600) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(words, path, mode)
    return caught.value.problems


def test_the_least_that_works_has_a_default_for_everything_else(tmp_path: Path) -> None:
    config = parse(LEAST, tmp_path / "config.toml")
    (mailbox,) = config.mailboxes

    assert (mailbox.imap.port, mailbox.imap.security, mailbox.imap.username) == (993, "tls", "info@example.test")
    assert (mailbox.smtp.port, mailbox.smtp.username, mailbox.smtp.evidence) == (465, "", "bcc")
    assert (mailbox.since, mailbox.poll, mailbox.history) == (None, timedelta(seconds=60), 2000)
    assert config.storage.database.reveal() == f"sqlite:///{tmp_path}/var/complaintmail.db"
    assert config.storage.raw_files == tmp_path / "var/raw"
    assert config.templates.directory == tmp_path / "templates"
    assert config.limits.brake == 50
    assert config.monitor.listen is None
    assert config.path == tmp_path / "config.toml"


def test_paths_are_seen_from_the_file_and_not_from_where_one_stands(
    written: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written('[storage]\ncase_files = "/srv/cases"\ndatabase = "sqlite:////srv/db/c.db"\n' + LEAST)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    config = load(Path("../config.toml"))

    assert config.storage.case_files == Path("/srv/cases")
    assert config.storage.database.file == Path("/srv/db/c.db")
    assert config.storage.raw_files == Path("/srv/db/raw")
    assert config.policies.directory.resolve() == tmp_path / "policies"


def test_the_usual_port_follows_from_the_security() -> None:
    config = parse(
        LEAST.replace('.test"\n', '.test"\nsecurity = "starttls"\n').replace(
            'address = "info@example.test"\nsecurity = "starttls"', 'address = "info@example.test"'
        ),
        Path("config.toml"),
    )

    assert (config.mailboxes[0].imap.port, config.mailboxes[0].smtp.port) == (143, 587)


def test_a_password_without_a_name_logs_in_as_the_mailbox() -> None:
    config = parse(LEAST + 'password_env = "X"\n', Path("config.toml"))

    assert config.mailboxes[0].smtp.username == "info@example.test"


def test_all_problems_are_told_at_once_a_line_each() -> None:
    found = problems(
        """
timezone = "Europe/Londn"
[limits]
brake = "many"
per_our = 3
[[mailbox]]
address = "info@example.test"
policy = "cms"
[mailbox.imap]
host = "imap.example.test"
prot = 993
password_env = "X"
[mailbox.smtp]
host = "smtp.example.test:465"
[[person]]
name = "A. Person"
"""
    )

    assert sorted(found) == [
        'config.toml: [[mailbox]] 1 (info@example.test): imap.prot: unknown key; did you mean "port"?',
        "config.toml: [[mailbox]] 1 (info@example.test): smtp.host: must be the bare name of a server, such as "
        '"mail.example.test"; its port has a key of its own, is "smtp.example.test:465"',
        "config.toml: [[person]] 1 (A. Person): email: missing; where notices go and commands come from",
        'config.toml: [limits]: brake: must be a whole number without quotation marks, is "many"',
        'config.toml: [limits]: per_our: unknown key; did you mean "per_hour"?',
        'config.toml: timezone: must be a timezone\'s name, such as "Europe/London", is "Europe/Londn"',
    ]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("mailbx = 1", "mailbox"),
        ("[storage]\ndatabse = 1", "database"),
        ('[[mailbox]]\npasword = "hunter2"', "imap.password"),
        ('[[mailbox]]\nhost = "x"', "imap.host"),
        ("[[mailbox]]\nimap = {folders = {inbx = 1}}", "inbox"),
        ("zzzz = 1", ""),
    ],
)
def test_an_unknown_key_names_the_nearest_known_one(words: str, meant: str) -> None:
    found = [line for line in problems(words) if "unknown key" in line]

    assert len(found) == 1
    assert f'did you mean "{meant}' in found[0]


@pytest.mark.parametrize(
    ("words", "key", "right"),
    [
        ('[storage]\nlarge = "2 apples"', "large", '"2MB"'),
        ('[storage]\ndatabase = "mysql://x"', "database", "postgresql+psycopg://"),
        ('[storage]\ndatabase = "sqlite://:memory:"', "database", "sqlite:///path"),
        ("[relay]\nhold = 10", "hold", '"15m"'),
        ('[relay]\nconfirm = "maybe"', "confirm", '"first" or "always" or "never"'),
        ('[monitor]\nlisten = "9108"', "listen", '"127.0.0.1:9108"'),
        ("[limits]\nper_hour = -1", "per_hour", "from 0 to"),
        ("[limits]\nper_hour = true", "per_hour", "a whole number"),
        ('[[person]]\nhours = "always"', "hours", '"Mon-Fri 08:30-17:30"'),
        ('[[person]]\nhours = "Mon-Fri 17:30-08:30"', "hours", "earlier time first"),
        ('[[person]]\naway = ["2026-12-21..2026-12-01"]', "away", "the first day first"),
        ('[[person]]\nemail = "A <a@b.test>"', "email", "a bare mail address"),
        ('[[person]]\nroles = "board"', "roles", "a list of roles"),
        ('[[mailbox]]\npolicy = "../cms"', "policy", "a policy's name"),
        ('[[mailbox]]\nsince = "yesterday"', "since", '"now" or a day such as 2026-11-01'),
        ("[[mailbox]]\nsince = 2026-11-01T09:00:00Z", "since", "without a time"),
        ('[[mailbox]]\npoll = "0s"', "poll", "a length of time"),
        ('[[mailbox]]\nforms = "a@b.test"', "forms", "a list of mail addresses"),
        ('[[mailbox]]\nplus_addressing = "yes"', "plus_addressing", "true or false"),
        ("mailbox = 3", "[mailbox]", "must be written [[mailbox]]"),
        ("storage = 3", "storage", "must be a table"),
    ],
)
def test_a_wrong_value_is_told_with_what_would_be_right(words: str, key: str, right: str) -> None:
    assert [line for line in problems(words) if f"{key}: must be" in line and right in line]


def test_a_file_that_is_no_toml_is_told_with_its_line() -> None:
    (found,) = problems("timezone = \n[storage\n")

    assert found.startswith("config.toml: is not valid TOML: ")
    assert "line 1" in found


def test_a_file_in_another_encoding_is_told_as_that(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes('timezone = "é"'.encode("latin-1"))

    with pytest.raises(ConfigError, match=r"config\.toml: is not UTF-8 text"):
        load(path)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + LEAST.replace("\n", "\r\n").encode())

    assert load(path).mailboxes[0].policy == "cms"


def test_the_file_is_the_one_named_else_the_variables_else_the_one_here(
    written: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = written(LEAST)
    other = tmp_path / "other.toml"
    other.write_text(LEAST.replace("cms", "sek"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COMPLAINTMAIL_CONFIG", raising=False)

    assert load(None).mailboxes[0].policy == "cms"
    monkeypatch.setenv("COMPLAINTMAIL_CONFIG", str(other))
    assert load(None).mailboxes[0].policy == "sek"
    assert load(here).mailboxes[0].policy == "cms"
    monkeypatch.setenv("COMPLAINTMAIL_CONFIG", str(tmp_path / "gone.toml"))
    with pytest.raises(ConfigError, match=r"gone\.toml: there is no such file"):
        load(None)
    assert find(None) == tmp_path / "gone.toml"


def test_mail_and_passwords_never_go_in_the_clear_to_another_machine() -> None:
    in_the_clear = LEAST.replace('host = "imap', 'security = "none"\nhost = "imap')

    assert problems(in_the_clear) == [
        'config.toml: [[mailbox]] 1 (info@example.test): imap.security: "none" is for a server on this machine only, '
        'and imap.example.test is not; use "tls" or "starttls"'
    ]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_in_the_clear_is_fine_on_this_machine(host: str) -> None:
    config = parse(
        LEAST.replace("imap.example.test", host).replace("[mailbox.smtp]", 'security = "none"\n[mailbox.smtp]'),
        Path("c"),
    )

    assert config.mailboxes[0].imap.port == 143


@pytest.mark.parametrize("host", ["127.0.0.1.example.test", "localhost.example.test", "10.0.0.1", "127.0.0.256", "1"])
def test_what_only_looks_like_this_machine_is_not(host: str) -> None:
    words = LEAST.replace("imap.example.test", host).replace("[mailbox.smtp]", 'security = "none"\n[mailbox.smtp]')

    assert "is for a server on this machine only" in problems(words)[0]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (LEAST + LEAST.replace("info@", "INFO@"), "info@example.test is there more than once"),
        (
            LEAST
            + LEAST.replace('"info@example.test"', '"b@example.test"').replace(
                "[mailbox.smtp]", 'username = "info@example.test"\n[mailbox.smtp]'
            ),
            "two of them read the same folder",
        ),
        (LEAST + '[[person]]\nname = "A"\nemail = "a@example.test"\n' * 2, "a@example.test is there more than once"),
        (LEAST + '[[person]]\nname = "A"\nemail = "Info@example.test"\n', "is a mailbox that is watched"),
        (LEAST + '[[person]]\nname = "A"\nemail = "a@b.test"\ndeputy = "A@b.test"\n', "is the same person"),
        (LEAST.replace('password_env = "NOT_SET_ANYWHERE"', ""), "imap.password_file: missing"),
        (LEAST.replace("password_env", 'password = "a"\npassword_env'), "password: is there beside password_env"),
        (LEAST + 'username = "x"\n', "smtp.password_file: missing"),
        (LEAST + '[mailbox.smtp.oauth2]\nprovider = "google"\nclient_id = "a"\n', "client_secret_file: missing"),
        (LEAST + '[mailbox.smtp.oauth2]\nprovider = "custom"\nclient_id = "a"\n', "token_url: missing"),
        (
            LEAST.replace(
                "[mailbox.smtp]", '[mailbox.imap.oauth2]\nprovider = "google"\nclient_id = "a"\n[mailbox.smtp]'
            ),
            "imap.oauth2: is there beside a password",
        ),
    ],
)
def test_keys_that_do_not_go_together_are_told(words: str, why: str) -> None:
    assert [line for line in problems(words) if why in line]


def test_hours_and_days_away_are_understood() -> None:
    config = parse(
        '[[person]]\nname = "A"\nemail = "a@b.test"\nhours = "Mon-Thu 09:00-17:00, Fri 9:00-12:00"\n'
        'away = ["2026-12-21..2027-01-02", "2027-05-04"]\n',
        Path("config.toml"),
    )
    (person,) = config.people

    assert person.hours.covers(datetime(2026, 11, 19, 16, 59, tzinfo=UTC))  # a Thursday
    assert not person.hours.covers(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))  # a Friday
    assert not person.hours.covers(datetime(2026, 11, 21, 10, 0, tzinfo=UTC))  # a Saturday
    assert [person.is_away(date(2027, month, day)) for month, day in ((1, 2), (1, 3), (5, 4))] == [True, False, True]
    assert person.serves("any")


def test_the_settings_are_read_in_a_fraction_of_what_a_command_may_take(written: Callable[[str], Path]) -> None:
    """A command that prints something has 0.3 s for all of it; this guards what may be imported here."""
    path = written(LEAST)
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from complaintmail.config import load; load(Path(sys.argv[1]));"
            "print(sorted({'pydantic', 'sqlalchemy', 'jinja2', 'holidays', 'asyncio', 'difflib'} & set(sys.modules)))",
            str(path),
        ],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )

    assert seen.stdout == "[]\n"
