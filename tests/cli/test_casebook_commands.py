"""`log`, `messages`, `show`, `due` and `outbox` as they are typed: what is printed where, and the exit codes."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from complaintmail.cli import main
from complaintmail.store.engine import Store
from complaintmail.store.journal import RawFiles
from complaintmail.store.reading import open_casebook
from complaintmail.store.verify import verify
from tests.support.casebooks import NOW, casebook, settings_for

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("casebook")
    with casebook(f"sqlite:///{folder}/casebook.db", RawFiles(folder / "raw", 2_000_000), 20):
        pass
    return folder


@pytest.fixture
def here(kept: Path, tmp_path: Path) -> Path:
    """A casebook of its own with its settings; the folder."""
    folder = tmp_path / "here"
    shutil.copytree(kept, folder)
    (folder / "config.toml").write_text(settings_for("sqlite:///casebook.db"))
    return folder


@pytest.fixture
def run(here: Path) -> Run:
    def call(*words: str) -> Result:
        return CliRunner().invoke(main, ["--config", str(here / "config.toml"), *words])

    return call


@pytest.fixture
def run_before_the_first_start(tmp_path: Path) -> Run:
    (tmp_path / "config.toml").write_text(settings_for("sqlite:///var/casebook.db"))
    return lambda *words: CliRunner().invoke(main, ["--config", str(tmp_path / "config.toml"), *words])


def listed(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.stderr
    rows: list[dict[str, Any]] = json.loads(result.stdout)
    return rows


@pytest.mark.parametrize("command", ["log", "messages", "due", "outbox"])
def test_before_the_first_start_the_lists_are_empty_and_say_why(run_before_the_first_start: Run, command: str) -> None:
    table, lines = run_before_the_first_start(command), run_before_the_first_start(command, "--format", "json")

    assert (table.exit_code, table.stdout) == (0, "")
    assert (lines.exit_code, lines.stdout) == (0, "[]\n")
    assert table.stderr.count("\n") == 1 and "no database yet" in table.stderr


def test_before_the_first_start_there_is_no_case_and_no_database_is_made(
    run_before_the_first_start: Run, tmp_path: Path
) -> None:
    assert run_before_the_first_start("show", "CMS-2026-000001").exit_code == 1
    assert run_before_the_first_start("outbox", "release", "abc").exit_code == 1
    assert run_before_the_first_start("verify").exit_code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_the_log_in_each_format(run: Run) -> None:
    cases = listed(run("log", "--format", "json"))
    lines = [json.loads(line) for line in run("log", "--format", "jsonl").stdout.splitlines()]
    sheet = list(csv.DictReader(io.StringIO(run("log", "--format", "csv").stdout)))
    table = run("log").stdout.splitlines()

    assert cases == lines and len(cases) == len(sheet) == len(table) - 1 == 20
    assert sheet[0]["complainant_email"] == "writer0@complainants.test" and sheet[0]["owner"] == "A. Director"
    assert sheet[0]["received_at"] == cases[0]["received_at"] == "2026-03-02T09:00:00+00:00"
    assert "CMS-2026-000001" in table[1] and "2026-03-02 09:00" in table[1] and "overdue" in table[1]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--policy", "cms"), 10),
        (("--policy", "cms", "--policy", "ceme"), 20),
        (("--status", "closed"), 8),
        (("--status", "closed", "--status", "new"), 20),
        (("--kind", "compliment"), 0),
        (("--kind", "all"), 20),
        (("--since", "2026-03-03"), 0),
        (("--since", "2026-03-02"), 20),
        (("--until", "2026-03-01"), 0),
        (("--until", "2026-03-02"), 20),
        (("--since", "2026-03-02T10:14", "--until", "2026-03-02T10:14+00:00"), 1),
        (("--text", "booking 17"), 1),
    ],
)
def test_the_log_can_be_chosen_from(run: Run, words: tuple[str, ...], count: int) -> None:
    assert len(listed(run("log", "--format", "json", *words))) == count


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("log", "--since", "yesterday"), "yesterday is no date; write one as 2026-03-17"),
        (("log", "--until", "2026-02-30"), "2026-02-30 is no date"),
        (("log", "--policy", "cmss"), "there is no policy cmss; there are"),
        (("log", "--status", "done"), "'new', 'open', 'waiting'"),
        (("messages", "--kind", "letter"), "'complaint'"),
        (("outbox", "release"), "Name the letters"),
        (("outbox", "release", "abc", "--all"), "Name the letters"),
        (("outbox", "cancel", "abc", "--reason", "brake"), "choose among --all"),
    ],
)
def test_what_is_typed_wrong_is_said_with_what_is_right(run: Run, words: tuple[str, ...], said: str) -> None:
    done = run(*words)

    assert done.exit_code == 2 and said in done.stderr and done.stdout == ""


def test_messages_by_kind_case_mailbox_and_words(run: Run) -> None:
    assert len(listed(run("messages", "--format", "json"))) == 24
    assert len(listed(run("messages", "--kind", "bounce", "--format", "json"))) == 4
    (mail,) = listed(run("messages", "--case", "cms-2026-000003", "--format", "json"))
    assert mail["case"] == "CMS-2026-000003" and mail["answered_with"].startswith("<cm.")
    assert len(listed(run("messages", "--mailbox", "INFO@example.test", "--format", "json"))) == 12
    assert len(listed(run("messages", "--text", "BOOKING 17", "--format", "json"))) == 1
    table = run("messages").stdout.splitlines()
    assert len(table) == 25
    assert {line.rpartition("  ")[2] for line in table[1:]} == {
        "answered",
        "none: a mail server wrote it, and machines are never answered",
        "none: its answer is held for a person: 5 automatic answers went to this address within a day already",
    }


def test_due_has_the_promised_fields_and_no_other(run: Run) -> None:
    duties = listed(run("due", "--format", "json"))

    assert all(list(duty) == ["reference", "kind", "clause", "due_at", "owner", "overdue"] for duty in duties)
    table = run("due").stdout.splitlines()
    assert len(table) == len(duties) + 1 and "overdue" in table[1] and "no date yet" in table[-1]


def test_a_case_as_json_and_as_a_page(run: Run) -> None:
    whole = json.loads(run("show", "ceme-2026-000001", "--format", "json").stdout)
    page = run("show", "CEME-2026-000001").stdout

    assert [m["direction"] for m in whole["messages"]] == ["in", "out"]
    for words in ("CEME-2026-000001", "writer1@complainants.test", "OWED", "WROTE", "WAS SENT", "WHAT HAPPENED"):
        assert words in page
    assert "I waited three weeks" in page and "> what was said before" not in page


def test_a_mail_cannot_steer_the_terminal_that_shows_it(run: Run, here: Path) -> None:
    store = Store(f"sqlite:///{here}/casebook.db")
    with store.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE message SET subject = ?, new_text = ?", ("a\x1b[2Jb\nc", "x\x1b]0;t\x07\r\ny")
        )
        connection.exec_driver_sql("UPDATE cases SET subject = ?", ("a\x1b[2Jb\nOWED",))
    store.close()

    for words in (("log",), ("messages",), ("show", "CMS-2026-000001")):
        assert "\x1b" not in run(*words).stdout
    assert len(run("log").stdout.splitlines()) == 21


def test_a_wrong_reference_says_the_nearest(run: Run) -> None:
    done = run("show", "CMS-2026-000077")

    assert done.exit_code == 1 and done.stdout == ""
    assert done.stderr == "There is no case CMS-2026-000077. The nearest is CMS-2026-000007.\n"


def held_ids(run: Run) -> list[str]:
    return [letter["id"] for letter in listed(run("outbox", "--format", "json")) if letter["state"] == "held"]


def test_held_letters_are_released_and_the_record_says_by_whom(run: Run, here: Path) -> None:
    first, second = held_ids(run)

    done = run("outbox", "release", first.upper(), "--as", "director@staff.test", "--format", "json")

    assert listed(done) == [{"id": first, "done": "released", "problem": ""}]
    states = {letter["id"]: letter["state"] for letter in listed(run("outbox", "--format", "json"))}
    assert states == {first: "queued", second: "held"}
    with open_casebook(f"sqlite:///{here}/casebook.db") as reader:
        last = reader.rows('SELECT what, "by" FROM event ORDER BY id DESC LIMIT 1')
        assert last == [("letter_release", "director@staff.test")]
        assert list(verify(reader, here / "raw")) == []


def test_all_of_a_mailbox_or_with_a_reason(run: Run) -> None:
    nothing = run("outbox", "release", "--all", "--reason", "the brake")
    assert nothing.exit_code == 0 and "There is no letter to release." in nothing.stderr
    assert listed(run("outbox", "release", "--all", "--mailbox", "info@example.test", "--format", "json")) == []
    assert len(listed(run("outbox", "cancel", "--all", "--mailbox", "CARE@example.test", "--format", "json"))) == 2
    assert listed(run("outbox", "--format", "json")) == []
    assert [letter["state"] for letter in listed(run("outbox", "--all", "--format", "json"))] == ["cancelled"] * 2


def test_a_letter_that_cannot_be_is_said_and_the_others_are_done(run: Run) -> None:
    first, second = held_ids(run)
    done = run("outbox", "retry", first)
    assert done.exit_code == 1 and "is held: retry takes one that is queued or refused or doubt" in done.stdout

    done = run("outbox", "release", "nosuch", second)
    assert done.exit_code == 1 and "there is no letter nosuch" in done.stdout and "released" in done.stdout


def test_a_letter_is_shown_as_it_leaves(run: Run) -> None:
    letter = held_ids(run)[0]
    raw = run("outbox", "show", letter, "--raw")

    assert raw.stdout_bytes.startswith(b"From: care@example.test\r\nTo: writer9@complainants.test\r\n")
    assert run("outbox", "show", letter).stdout.startswith("From: care@example.test\nTo: writer9@")
    missing = run("outbox", "show", "nosuch")
    assert missing.exit_code == 1 and "There is no letter nosuch" in missing.stderr


def test_verify_says_what_is_whole_and_what_is_not(run: Run, here: Path) -> None:
    assert run("verify").stdout == "whole: 44 mails, 20 cases, 20 letters, 52 events\n"
    assert json.loads(run("verify", "--format", "json").stdout)["whole"] is True

    store = Store(f"sqlite:///{here}/casebook.db")
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE cases SET outcome = 'upheld' WHERE id = 1")
    store.close()
    done = run("verify")

    assert done.exit_code == 1
    assert done.stdout == 'cases 1 (CMS-2026-000001) outcome: is "upheld", and the record says empty\n'
    assert "NOT whole: 1 found" in done.stderr
    (problem,) = json.loads(run("verify", "--format", "json").stdout)["problems"]
    assert (problem["table"], problem["row"], problem["column"]) == ("cases", "1 (CMS-2026-000001)", "outcome")


def test_verify_says_that_a_database_is_broken_which_cannot_even_be_opened(run: Run, here: Path) -> None:
    with (here / "casebook.db").open("r+b") as file:
        file.seek(100)  # after the header: what tables there are
        file.write(bytes(2048))

    done, as_json = run("verify"), run("verify", "--format", "json")

    assert (done.exit_code, as_json.exit_code) == (1, 1)
    assert done.stdout.startswith("database: the database cannot be read: ")
    assert done.stderr == "NOT whole: 1 found\n"
    assert json.loads(as_json.stdout)["whole"] is False
    (problem,) = json.loads(as_json.stdout)["problems"]
    assert (problem["table"], problem["row"]) == ("database", "")


def test_times_are_shown_in_the_office_s_own_zone(here: Path, run: Run) -> None:
    (here / "config.toml").write_text(settings_for("sqlite:///casebook.db").replace("Europe/London", "Asia/Kolkata"))

    assert listed(run("log", "--format", "json"))[0]["received_at"] == "2026-03-02T14:30:00+05:30"
    assert "2026-03-02 14:30" in run("log").stdout
    assert NOW.tzinfo is not None
