"""The frame around every command: exit codes, what is said and where, and how little is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from complaintmail import __version__
from complaintmail.cli import COMMANDS, main
from complaintmail.cli.context import Context, pass_context
from complaintmail.errors import ConfigError, PolicyError, TemporaryFailure

ROOT = Path(__file__).parents[2]


def call(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "complaintmail", *words],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=180,
    )


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Puts a command `try` in the frame that raises what it is given."""

    def put(raised: BaseException) -> CliRunner:
        @click.command()
        def attempt() -> None:
            click.echo("some data")
            raise raised

        monkeypatch.setattr(sys.modules[__name__], "attempt", attempt, raising=False)
        monkeypatch.setitem(COMMANDS, "try", (f"{__name__}:attempt", "…"))  # type: ignore[arg-type]
        return CliRunner()

    return put


def test_help_names_every_command_and_imports_none_of_them() -> None:
    done = call("--help")
    said = done.stdout.decode()

    assert done.returncode == 0
    assert not [name for name, (_, says) in COMMANDS.items() if name not in said or says.split()[0] not in said]
    imported = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys\nfrom complaintmail.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
            "print(*[m for m in sys.modules if m.startswith('complaintmail.')], file=sys.stderr)",
        ],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert set(imported.stderr.decode().split()) == {
        "complaintmail.cli",
        "complaintmail.cli.context",
        "complaintmail.errors",
        "complaintmail.terminal",
    }


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_there_and_says_what_it_does(name: str) -> None:
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(import_module(module), attribute)

    assert isinstance(found, click.Command)
    assert found.help or found.short_help


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"complaintmail, version {__version__}\n"


@pytest.mark.parametrize("words", [["stauts"], ["--nonsense"], ["init", "--nonsense"], []])
def test_wrong_usage_ends_with_2_and_says_so_on_stderr(words: list[str]) -> None:
    done = CliRunner().invoke(main, words)

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr


def test_a_mistyped_command_names_the_nearest() -> None:
    assert 'Did you mean "status"?' in CliRunner().invoke(main, ["stauts"]).stderr


def test_unusable_settings_end_with_2_a_line_each_and_no_traceback(command) -> None:  # type: ignore[no-untyped-def]
    done = command(ConfigError(["config.toml: a: first", "config.toml: b: second\x1b[31m"])).invoke(main, ["try"])

    assert done.exit_code == 2
    assert done.stderr == "config.toml: a: first\nconfig.toml: b: second\\x1b[31m\n"
    assert done.stdout == "some data\n"


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (TemporaryFailure("imap.example.test does not answer"), "imap.example.test does not answer\n"),
        (PolicyError(["a.toml: one", "a.toml: two"]), "a.toml: one\na.toml: two\n"),
        (
            FileNotFoundError(2, "No such file or directory", "x.eml"),
            "complaintmail: x.eml: No such file or directory\n",
        ),
    ],
)
def test_what_did_not_come_out_well_ends_with_1_and_a_line(command, raised: Exception, said: str) -> None:  # type: ignore[no-untyped-def]
    done = command(raised).invoke(main, ["try"])

    assert (done.exit_code, done.stderr) == (1, said)


def test_a_surprise_is_one_line_and_a_traceback_only_when_asked(command) -> None:  # type: ignore[no-untyped-def]
    quiet = command(RuntimeError("odd\nthing")).invoke(main, ["try"])
    loud = command(RuntimeError("odd\nthing")).invoke(main, ["-v", "try"])

    assert quiet.exit_code == loud.exit_code == 1
    assert quiet.stderr.startswith("complaintmail: something unexpected went wrong (RuntimeError: odd). Please report")
    assert quiet.stderr.count("\n") == 1
    assert "Traceback" in loud.stderr


def test_no_crash_report_holds_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        '[storage]\ndatabase = "postgresql://me:canary-7f3a@db.example.test/c"\n[[mailbox]]\n'
        'address = "info@example.test"\npolicy = "cms"\nimap = {host = "i.test", password = "canary-7f3a"}\n'
        'smtp = {host = "s.test", username = "u", password = "canary-7f3a"}\n',
        encoding="utf-8",
    )
    path.chmod(0o600)

    @click.command()
    @pass_context
    def attempt(context: Context) -> None:
        config = context.config()
        password = config.mailboxes[0].imap.password
        assert password is not None
        assert password.reveal() == "canary-7f3a"
        raise RuntimeError(f"{config} {password} {config.storage.database}")

    monkeypatch.setattr(sys.modules[__name__], "attempt", attempt, raising=False)
    monkeypatch.setitem(COMMANDS, "try", (f"{__name__}:attempt", "…"))  # type: ignore[arg-type]
    done = CliRunner().invoke(main, ["-v", "--config", str(path), "try"])

    assert done.exit_code == 1
    assert "RuntimeError: Config(" in done.stderr
    assert "canary-7f3a" not in done.output


def test_settings_that_are_not_there_end_with_2(tmp_path: Path) -> None:
    done = call("--config", str(tmp_path / "none.toml"), "template", "list")

    assert done.returncode == 2
    assert done.stderr.decode() == f"{tmp_path}/none.toml: there is no such file; write one with: complaintmail init\n"


def test_a_reader_that_goes_away_is_no_news() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "complaintmail", "--help"],
            stdout=closed,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_ends_with_1_and_says_so() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "complaintmail", "--help"],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    assert done.returncode == 1
    assert done.stderr == b"complaintmail: No space left on device\n"


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii"}])
def test_words_survive_a_locale_without_utf8(locale: dict[str, str], tmp_path: Path) -> None:
    done = call("--config", str(tmp_path / "Réclamation.toml"), "template", "list", **locale)

    assert done.returncode == 2
    assert "Réclamation.toml: there is no such file" in done.stderr.decode()
