"""What the machine can do to us: a second daemon, locks, full and failing disks, damaged files (TRUST F35, F41–F45)."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.crash.checks import judge
from bench.crash.scene import Ground
from complaintmail.config import load
from complaintmail.errors import ComplaintmailError
from complaintmail.passes.once import run_once
from complaintmail.store.engine import Store
from complaintmail.wiring import build
from tests.support.faults import Clock, complain, letters, post_of, rows, the_letter, told_of, unstaffed
from tests.support.mailstack import MailStack, until
from tests.support.office import Setup, stop

pytestmark = pytest.mark.stack


# F35


def test_f35_a_second_daemon_on_sqlite_is_refused_with_a_clear_line(tmp_path: Path, mailstack: MailStack) -> None:
    office = Setup(tmp_path, mailstack)
    daemon = office.daemon()
    try:
        until(lambda: "started" in office.log(), 15, "the first daemon")
        second = office.run("run", "--once", check=False)
        assert second.returncode == 1
        (line,) = second.stderr.strip().splitlines()
        assert "another complaintmail is at work" in line
        assert f"pid {daemon.pid}" in line
    finally:
        assert stop(daemon) == 0
    assert office.run("run", "--once").returncode == 0


# F41


@contextlib.contextmanager
def locked(office: Setup) -> Iterator[sqlite3.Connection]:
    """The database as another process locks it."""
    path = office.database.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield other


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for a lock is given up after 0.3 s instead of 30."""
    defaults = Store.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "busy_seconds", 0.3)


def test_f41_a_lock_is_waited_for(tmp_path: Path, mailstack: MailStack) -> None:
    office = Setup(tmp_path, mailstack)
    office.once()
    jane = complain(office)
    with locked(office) as other:
        threading.Timer(0.3, other.execute, ("ROLLBACK",)).start()
        assert office.once() == []
    mailstack.wait_for(jane, 1, seconds=10)


def test_f41_a_lock_that_stays_costs_a_pass_and_nothing_else(
    tmp_path: Path, mailstack: MailStack, impatient: None
) -> None:
    office = Setup(tmp_path, mailstack)
    office.once()
    jane = complain(office)
    with locked(office), pytest.raises(ComplaintmailError, match="locked"):
        office.once()
    assert office.once() == []
    mailstack.wait_for(jane, 1, seconds=10)
    assert len(letters(office)) == mailstack.count(jane) == 1
    assert told_of(office) == [1]


def test_f41_locked_right_after_the_250_it_commits_later_and_never_sends_again(
    tmp_path: Path, mailstack: MailStack, impatient: None
) -> None:
    locks = contextlib.ExitStack()
    office: Setup
    with post_of(mailstack, hooks={"after-dot-before-250": lambda: locks.enter_context(locked(office))}) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        jane = complain(office)
        at_work = build(load(office.path))
        try:
            with pytest.raises(ComplaintmailError, match="locked"):
                run_once(at_work)
            post.hooks.clear()
            locks.close()
            assert the_letter(office)["state"] == "sending"
            at_work.works[0].dispatcher.finish()
            assert the_letter(office)["state"] == "sent"
        finally:
            at_work.close()
        office.once(Clock().later(hours=1))
        assert len(post.envelopes) == mailstack.count(jane) == 1


def test_f41_locked_right_after_the_250_one_pass_waits_with_its_end_until_it_could_write(
    tmp_path: Path, mailstack: MailStack, impatient: None
) -> None:
    locks = contextlib.ExitStack()
    office: Setup

    def lock_for_a_while() -> None:
        locks.enter_context(locked(office))
        threading.Timer(3, locks.close).start()

    with post_of(mailstack, hooks={"after-dot-before-250": lock_for_a_while}) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port, smtp='evidence = "none"')
        jane = complain(office)
        with pytest.raises(ComplaintmailError, match="locked"):
            office.once()
        assert the_letter(office)["state"] == "sent"
        assert len(post.envelopes) == mailstack.count(jane) == 1


def test_f41_locked_after_the_250_and_then_stopped_the_copy_settles_it(
    tmp_path: Path, mailstack: MailStack, impatient: None
) -> None:
    locks = contextlib.ExitStack()
    office: Setup
    with post_of(mailstack, hooks={"after-dot-before-250": lambda: locks.enter_context(locked(office))}) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        jane = complain(office)
        with pytest.raises(ComplaintmailError, match="locked"):
            office.once()
        post.hooks.clear()
        locks.close()
        office.once()
        office.once(Clock().later(hours=1))
        assert (the_letter(office)["state"], the_letter(office)["evidence"]) == ("sent", "bcc")
        assert len(post.envelopes) == mailstack.count(jane) == 1


# F42


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte and a half."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1536k", "none", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"this machine lets nobody mount a tmpfs: {mounted.stderr.decode().strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Not a byte is left."""
    ballast = disk / "ballast"
    with ballast.open("ab", buffering=0) as out:
        for size in (4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    out.write(b"x" * size)
    return ballast


def test_f42_a_full_disk_stops_the_reading_and_nothing_is_lost_when_space_returns(
    tmp_path: Path, mailstack: MailStack, small_disk: Path
) -> None:
    office = Setup(tmp_path, mailstack, database=f"sqlite:///{small_disk}/complaintmail.db")
    office.once()
    before = rows(office, "SELECT last_uid FROM mailbox_state WHERE folder = 'INBOX'")
    jane = complain(office)
    ballast = fill(small_disk)
    full = office.run("run", "--once", check=False)
    assert full.returncode == 1
    assert "full" in full.stderr or "No space left" in full.stderr
    assert "Traceback" not in full.stderr
    assert "unexpected" not in full.stderr
    ballast.unlink()
    assert rows(office, "SELECT last_uid FROM mailbox_state WHERE folder = 'INBOX'") == before
    assert office.once() == []
    mailstack.wait_for(jane, 1, seconds=10)
    assert len(letters(office)) == mailstack.count(jane) == 1
    assert told_of(office) == [1]
    assert office.says("verify")[0] == 0


def test_f42_a_disk_that_fills_up_right_after_the_250_sends_nothing_twice(
    tmp_path: Path, mailstack: MailStack, small_disk: Path
) -> None:
    with post_of(mailstack, hooks={"after-dot-before-250": lambda: fill(small_disk)}) as post:
        office = unstaffed(
            tmp_path, mailstack, smtp_port=post.port, database=f"sqlite:///{small_disk}/complaintmail.db"
        )
        jane = complain(office)
        assert any("full" in line for line in office.once())
        post.hooks.clear()
        (small_disk / "ballast").unlink()
        office.once()
        office.once(Clock().later(hours=1))
        assert the_letter(office)["state"] == "sent"
        assert len(post.envelopes) == mailstack.count(jane) == 1
        assert office.says("verify")[0] == 0


# F44


@pytest.mark.parametrize("nth", [1, 9])
def test_f44_a_sync_that_fails_stops_the_program_and_the_next_start_finds_all_well(
    tmp_path: Path, mailstack: MailStack, nth: int
) -> None:
    scene = Ground(tmp_path, mailstack).scene()
    inject = f"inject=fdatasync:error=EIO:when={nth}"
    ending = scene.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e", inject])
    assert ending.code == 1
    assert "disk" in ending.words
    assert "Traceback" not in ending.words
    quiet = scene.run_until_quiet()
    assert judge(scene, quiet=quiet).broken == []


# F45


DAMAGE: dict[str, Callable[[bytes], bytes | None]] = {
    "a flipped bit": lambda raw: raw[:100] + bytes([raw[100] ^ 1]) + raw[101:],
    "cut short": lambda raw: raw[: len(raw) // 2],
    "empty": lambda _: b"",
    "gone": lambda _: None,
}


def test_f45_a_damaged_raw_file_is_named_by_verify(tmp_path: Path, mailstack: MailStack) -> None:
    office = Setup(tmp_path, mailstack)
    settings = office.path.read_text().replace("[storage]\n", '[storage]\nlarge = "8KB"\n', 1)
    office.path.write_text(settings)
    complain(office, body="I am very unhappy with this course.\n" * 300)
    office.once()
    assert office.says("verify")[0] == 0
    (file,) = (tmp_path / "var" / "raw").glob("*.eml")
    raw = file.read_bytes()
    for damage, done_to in DAMAGE.items():
        left = done_to(raw)
        file.unlink() if left is None else file.write_bytes(left)
        code, told = office.says("verify")
        assert code == 1, damage
        assert file.stem[:12] in told, damage


def test_what_a_crash_left_half_written_is_taken_away_after_an_hour(tmp_path: Path, mailstack: MailStack) -> None:
    office = Setup(tmp_path, mailstack)
    raw = tmp_path / "var" / "raw"
    raw.mkdir(parents=True)
    half = [raw / ".abc.17.tmp", raw / "mail-x7.eml", raw / "abc.part"]
    whole = raw / f"{'a' * 64}.eml"
    for file in (*half, whole):
        file.write_bytes(b"x")
    office.once()
    assert all(file.exists() for file in half)
    office.once(Clock().later(hours=2))
    assert not any(file.exists() for file in half)
    assert whole.exists()
