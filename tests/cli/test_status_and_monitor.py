"""`status`, /healthz and /metrics: every problem in a sentence, and healthy only when nobody has to look."""

from __future__ import annotations

import json
import re
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from complaintmail.cli import main
from complaintmail.clock import SystemClock
from complaintmail.config import Config, load
from complaintmail.errors import ComplaintmailError
from complaintmail.monitor import serve
from complaintmail.store import schema, turns
from complaintmail.store.engine import Store
from complaintmail.store.health import look
from complaintmail.store.journal import RawFiles
from tests.support.casebooks import BOXES, STAFF, WORDS, Book, mail, open_book, settings_for

NOW = SystemClock().now()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """Two mailboxes that were looked at just now, and nothing else."""
    book = open_book(f"sqlite:///{tmp_path}/casebook.db", RawFiles(tmp_path / "raw", 2_000_000))
    for box in BOXES:
        passed(book.store, box)
    (tmp_path / "config.toml").write_text(settings_for("sqlite:///casebook.db"))
    yield book
    book.store.close()


def passed(store: Store, box: str, failure: str | None = None, minutes: float = 0) -> None:
    turns.note_pass(store, box, "INBOX", NOW - timedelta(minutes=minutes), failure, write_good=True)


def looked_at_just_now(store: Store) -> None:
    """For tests that ask the machine's own clock, which may have gone on since NOW was read."""
    for box in BOXES:
        turns.note_pass(store, box, "INBOX", SystemClock().now(), None, write_good=True)


def case(book: Book, hold: str | None = None, at_days: int = 0) -> str:
    """A complaint with its letter; the letter's id."""
    at = NOW - timedelta(days=at_days)
    entry, sha256 = book.arrive("info@example.test", mail(f"a{book.entries}@x.test", "Late", WORDS, book.entries), at)
    book.keep(at)
    with book.store.writing(at) as writer:
        message = book.message(entry, sha256, "a@x.test", "Late", WORDS, at)
        opened = book.complaint(writer, "info@example.test", entry, message, at)
        letter = book.letter(writer, "info@example.test", entry, opened, "a@x.test", hold)
        book.disposed(writer, entry)
        writer.event("case_opened", by="complaintmail", journal=entry)
    return letter


def letter_becomes(book: Book, letter: str, state: str, **more: Any) -> None:
    with book.store.writing(NOW) as writer:
        writer.change(schema.letter, {"id": letter}, {"state": state, **more})
        writer.event("letter_changed", by="complaintmail")


@pytest.fixture
def config(book: Book, tmp_path: Path) -> Config:
    return load(tmp_path / "config.toml")


def test_healthy_when_all_is_well(book: Book, config: Config) -> None:
    letter = case(book)
    letter_becomes(book, letter, "sent", sent_at=NOW)

    found = look(config, NOW)

    assert found.healthy and found.problems == ()
    assert found.outbox == {"queued": 0, "sending": 0, "doubt": 0, "held": 0, "refused": 0}
    assert list(found.mailboxes[0]) == [
        *("address", "policy", "last_pass_at", "last_good_at", "failing_since", "failure", "backlog"),
        *("uidvalidity", "last_uid"),
    ]


def test_a_mailbox_that_fails_says_since_when_and_why(book: Book, config: Config) -> None:
    passed(book.store, "care@example.test", "login refused", minutes=2)
    passed(book.store, "care@example.test", "login refused", minutes=1)

    found = look(config, NOW)

    assert not found.healthy
    assert re.fullmatch(r"care@example.test: failing since 20\S+ \d\d:\d\d: login refused", found.problems[0].words)
    assert found.mailboxes[1]["failure"] == "login refused"


def test_a_mailbox_that_nobody_looks_at_is_a_problem(book: Book, config: Config) -> None:
    assert look(config, NOW + timedelta(minutes=4)).healthy
    later = look(config, NOW + timedelta(minutes=6))

    assert [p.words for p in later.problems if "not looked at since" in p.words and "run running?" in p.words] == [
        p.words for p in later.problems
    ]
    assert len(later.problems) == 2


def test_letters_held_by_the_brake_name_the_command(book: Book, config: Config) -> None:
    case(book, hold="the brake: 60 answers at once after a start or a rescan, more than 50")

    (problem,) = look(config, NOW).problems

    assert problem.grave and "outbox release --all --reason brake" in problem.words


def test_a_letter_held_by_a_limit_is_a_person_s_duty_and_no_alarm(book: Book, config: Config) -> None:
    case(book, hold="5 automatic answers went to this address within a day already")

    found = look(config, NOW)

    assert found.healthy and found.outbox["held"] == 1


def test_refused_letters_say_why(book: Book, config: Config) -> None:
    letter_becomes(book, case(book), "refused", reason="refused at rcpt: 550 no such user")

    (problem,) = look(config, NOW).problems

    assert problem.words.startswith("1 letter is refused") and "550 no such user" in problem.words


def test_a_letter_in_doubt_is_told_and_grave_only_when_it_stays(book: Book, config: Config) -> None:
    letter_becomes(book, case(book), "doubt", doubt_at=NOW)

    assert look(config, NOW).healthy and len(look(config, NOW).problems) == 1
    for box in BOXES:
        passed(book.store, box, minutes=-60)
    assert [p.words[:20] for p in look(config, NOW + timedelta(minutes=60)).problems if p.grave] == [
        "1 letter is in doubt"
    ]


def test_letters_that_do_not_get_out_are_a_problem(book: Book, config: Config) -> None:
    letter = case(book, at_days=1)
    letter_becomes(book, letter, "queued", reason="to be tried again: connection refused")

    words = [problem.words for problem in look(config, NOW).problems]

    assert [w for w in words if w.startswith("1 letter is waiting to be sent since") and "connection refused" in w]


def test_mail_that_nobody_understands_is_a_problem(book: Book, config: Config) -> None:
    book.arrive("info@example.test", mail("a@x.test", "Late", WORDS, 1), NOW)
    book.keep(NOW - timedelta(minutes=6))

    found = look(config, NOW)

    assert found.mailboxes[0]["backlog"] == 1
    assert "1 mail is taken in since" in found.problems[0].words


def test_overdue_duties_are_counted(book: Book, config: Config) -> None:
    letter_becomes(book, case(book, at_days=60), "sent", sent_at=NOW)

    found = look(config, NOW)

    assert found.overdue >= 2 and not found.healthy
    assert f"{found.overdue} duties are overdue" in found.problems[0].words


def test_a_mail_set_aside_is_told_until_somebody_attended_to_it(book: Book, config: Config) -> None:
    letter_becomes(book, case(book), "sent", sent_at=NOW)
    policy = book.policies["cms"]
    from complaintmail.cases.changes import Attend
    from complaintmail.store import casebook

    with book.store.writing(NOW) as writer:
        attend = Attend("this program failed on it", None, "", policy.first)
        casebook.owe_attendance(
            writer, attend, policy, STAFF.officer(policy, policy.first), "info@example.test", 1, 1, 0
        )
        book.disposed(writer, 1, "set aside")
        writer.event("mail_set_aside", by="complaintmail")

    assert [p.words[:20] for p in look(config, NOW).problems] == ["1 mail is set aside "]


def test_a_template_that_failed_is_told_for_a_day(book: Book, config: Config) -> None:
    with book.store.writing(NOW - timedelta(hours=3)) as writer:
        writer.event("letter_template_failed", by="complaintmail", why="acknowledgement.md: line 3")

    found = look(config, NOW)
    for box in BOXES:
        passed(book.store, box, minutes=-60 * 22)

    assert found.healthy and "acknowledgement.md: line 3" in found.problems[0].words
    assert look(config, NOW + timedelta(hours=22)).problems == ()


def test_nobody_in_the_role_of_the_first_step_is_a_problem(book: Book, tmp_path: Path) -> None:
    words = settings_for("sqlite:///casebook.db").replace('"operations-director", "policy-owner", ', "")
    (tmp_path / "config.toml").write_text(words)

    problems = [problem.words for problem in look(load(tmp_path / "config.toml"), NOW).problems]

    assert problems[0].startswith("cms: nobody is operations-director")


def test_a_disk_nearly_full_is_a_problem(book: Book, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaintmail.store.health.ROOM", 1 << 62)

    assert "the disk is nearly full" in look(config, NOW).problems[0].words


def test_the_command_prints_it_and_exits_1_when_not_healthy(book: Book, tmp_path: Path) -> None:
    def run(*words: str) -> Any:
        return CliRunner().invoke(main, ["--config", str(tmp_path / "config.toml"), "status", *words])

    looked_at_just_now(book.store)
    assert run().exit_code == 0 and run().stdout.startswith("healthy\n")
    whole = json.loads(run("--format", "json").stdout)
    assert list(whole) == ["healthy", "mailboxes", "outbox", "overdue", "problems"] and whole["healthy"] is True
    passed(book.store, "info@example.test", "no route to host")
    assert run().exit_code == 1 and "no route to host" in run().stdout
    assert json.loads(run("--format", "json").stdout)["healthy"] is False


def test_before_the_first_start_it_is_not_healthy_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(settings_for("sqlite:///var/none.db"))
    done = CliRunner().invoke(main, ["--config", str(tmp_path / "config.toml"), "status", "--format", "json"])

    assert done.exit_code == 1
    assert "no database yet" in json.loads(done.stdout)["problems"][0]
    assert [box["last_pass_at"] for box in json.loads(done.stdout)["mailboxes"]] == [None, None]


def asked(where: tuple[str, int] | None, path: str, method: str = "GET") -> tuple[int, str, str]:
    assert where is not None
    host = f"[{where[0]}]" if ":" in where[0] else where[0]
    request = urllib.request.Request(f"http://{host}:{where[1]}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=90) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers["Content-Type"], refused.read().decode()


@pytest.fixture
def monitored(book: Book, tmp_path: Path) -> Config:
    words = settings_for("sqlite:///casebook.db", '[monitor]\nlisten = "127.0.0.1:0"\n')
    (tmp_path / "config.toml").write_text(words)
    return load(tmp_path / "config.toml")


def test_healthz_is_200_or_503_with_the_same_as_status(book: Book, monitored: Config) -> None:
    looked_at_just_now(book.store)
    with serve(monitored) as where:
        code, kind, body = asked(where, "/healthz")
        assert (code, kind, json.loads(body)["healthy"]) == (200, "application/json", True)
        passed(book.store, "info@example.test", "login refused")
        code, _, body = asked(where, "/healthz?please")
        assert code == 503 and "login refused" in json.loads(body)["problems"][0]
        assert asked(where, "/healthz", "HEAD")[2] == ""
        assert asked(where, "/else")[0] == 404


def test_metrics_are_as_prometheus_reads_them_and_name_no_complainant(book: Book, monitored: Config) -> None:
    letter_becomes(book, case(book), "sent", sent_at=NOW)
    with serve(monitored) as where:
        code, kind, body = asked(where, "/metrics")

    assert code == 200 and kind.startswith("text/plain; version=0.0.4")
    samples = [line for line in body.splitlines() if not line.startswith("#")]
    line = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+]+')
    assert [sample for sample in samples if not line.fullmatch(sample)] == []
    assert 'complaintmail_mails_total{kind="complaint"} 1' in samples
    assert 'complaintmail_cases{policy="cms",status="new"} 1' in samples
    assert 'complaintmail_letters{state="sent"} 1' in samples
    assert 'complaintmail_backlog{mailbox="info@example.test"} 0' in samples
    assert "complaintmail_up 1" in samples and "complaintmail_duties_overdue 0" in samples
    good = f'complaintmail_mailbox_last_good_timestamp_seconds{{mailbox="info@example.test"}} {NOW.timestamp()}'
    assert good in samples
    assert "x.test" not in body


def test_a_database_that_is_gone_is_told_and_not_crashed_on(book: Book, monitored: Config, tmp_path: Path) -> None:
    with serve(monitored) as where:
        (tmp_path / "casebook.db").unlink()
        assert asked(where, "/healthz")[0] == 503
        assert "complaintmail_up 0" in asked(where, "/metrics")[2]


def test_a_port_that_is_taken_is_one_clear_line(book: Book, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = settings_for("sqlite:///casebook.db", f'[monitor]\nlisten = "127.0.0.1:{port}"\n')
        (tmp_path / "config.toml").write_text(words)
        with (
            pytest.raises(ComplaintmailError, match=rf"cannot serve on 127.0.0.1:{port}: .*; name another port"),
            serve(load(tmp_path / "config.toml")),
        ):
            pass


def test_nothing_listens_unless_it_is_asked_for(config: Config) -> None:
    with serve(config) as where:
        assert where is None
