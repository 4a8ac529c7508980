"""The daemon as a process of its own: one on a file, its end, its words to systemd, what it survives."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.daemons import MANY, SOON, Daemons
from tests.support.mailstack import MailStack, free_port, until
from tests.support.office import Setup

pytestmark = pytest.mark.stack


@pytest.fixture
def daemons(tmp_path: Path, mailstack: MailStack) -> Iterator[Daemons]:
    with Daemons(Setup(tmp_path, mailstack, box=SOON, extra=MANY)) as daemons:
        yield daemons


def test_it_acknowledges_what_comes_and_ends_well_when_asked(daemons: Daemons) -> None:
    one = daemons.start()
    daemons.complain()
    daemons.wait_until_answered(20)

    assert one.stop() == 0
    daemons.assert_each_answered_once()
    assert [line["why"] for line in one.events("stopped")] == ["asked to"]


def test_control_c_ends_it_as_well(daemons: Daemons) -> None:
    one = daemons.start()
    one.signal(signal.SIGINT)

    assert one.process.wait(90) == 0


def test_a_second_one_on_the_same_database_is_refused_in_one_line_that_names_the_first(daemons: Daemons) -> None:
    first = daemons.start()

    refused = daemons.setup.run("run", check=False)

    (line,) = refused.stderr.splitlines()
    assert refused.returncode == 1
    assert f"pid {first.pid} on" in line and "PostgreSQL" in line
    assert refused.stdout == ""
    daemons.complain()
    daemons.wait_until_answered(20)
    assert first.stop() == 0


def test_asked_to_end_under_load_it_ends_in_time_and_loses_nothing(daemons: Daemons) -> None:
    first = daemons.start()
    posting = threading.Thread(target=lambda: [daemons.complain() for _ in range(20)])
    posting.start()
    until(lambda: daemons.states().get("sent", 0) >= 5, 40, "the first letters to be sent")

    assert first.stop(seconds=90) == 0
    assert "sending" not in daemons.states()
    posting.join(90)

    second = daemons.start()
    daemons.wait_until_answered(60)
    assert second.stop() == 0
    daemons.assert_each_answered_once()


def test_asked_to_end_before_it_is_up_it_ends_at_once(daemons: Daemons) -> None:
    shutil.rmtree(daemons.setup.folder / "var")
    one = daemons.start(up=False)
    until(lambda: (daemons.setup.folder / "var").exists() or not one.runs, 30, "it to begin")
    one.signal(signal.SIGTERM)

    assert one.process.wait(90) in (0, -signal.SIGTERM)


# What it tells systemd


@contextmanager
def manager(folder: Path, *, abstract: bool) -> Iterator[tuple[str, Callable[[], str]]]:
    """The address on which systemd would listen, and what comes there next."""
    address = f"@complaintmail-{os.getpid()}-{folder.name}" if abstract else str(folder / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(address.replace("@", "\0", 1) if abstract else address)
        listening.settimeout(90)
        yield address, lambda: listening.recv(4096).decode()


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_hears_when_it_is_ready_that_it_lives_and_that_it_ends(daemons: Daemons, abstract: bool) -> None:
    short = Path("/tmp") / f"cm-notify-{os.getpid()}"
    short.mkdir()
    try:
        with manager(short, abstract=abstract) as (address, heard):
            one = daemons.start(env={"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "3000000"})

            first = heard()
            assert first.startswith("READY=1\n")
            assert daemons.setup.address in first
            assert [heard(), heard()] == ["WATCHDOG=1", "WATCHDOG=1"]
            one.signal(signal.SIGTERM)
            last = heard()
            while last == "WATCHDOG=1":
                last = heard()
            assert last == "STOPPING=1"
            assert one.process.wait(90) == 0
    finally:
        (short / "notify").unlink(missing_ok=True)
        short.rmdir()


def test_a_watchdog_meant_for_another_process_is_not_fed(daemons: Daemons, tmp_path: Path) -> None:
    short = Path("/tmp") / f"cm-notify-{os.getpid()}"
    short.mkdir()
    try:
        with manager(short, abstract=False) as (address, heard):
            env = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"}
            one = daemons.start(env=env)
            assert heard().startswith("READY=1")
            daemons.complain()
            daemons.wait_until_answered(20)  # longer than two beats would take
            one.signal(signal.SIGTERM)

            assert heard() == "STOPPING=1"
            assert one.process.wait(90) == 0
    finally:
        (short / "notify").unlink(missing_ok=True)
        short.rmdir()


# What it survives, and what it does not


def test_a_thread_that_dies_ends_the_daemon_and_says_why(daemons: Daemons) -> None:
    one = daemons.start()
    daemons.complain()
    daemons.wait_until_answered(20)
    database = Path(daemons.setup.database.partition(":///")[2])
    database.write_bytes(b"\0" * database.stat().st_size)
    daemons.complain()

    assert one.process.wait(90) == 1
    ended = one.events("thread_ended")
    assert ended and "damaged" in str(ended[0]["error"])
    assert "damaged" in one.events("stopped")[0]["why"]
    assert "Traceback" not in one.log()


def test_a_log_that_nobody_reads_any_more_stops_nothing(daemons: Daemons) -> None:
    read_end, write_end = os.pipe()
    one = daemons.start(log=write_end)
    os.close(write_end)
    os.read(read_end, 1)
    os.close(read_end)

    daemons.complain()
    daemons.wait_until_answered(30)
    assert one.stop() == 0
    daemons.assert_each_answered_once()


def test_a_log_that_is_full_because_its_reader_stands_still_stops_nothing(daemons: Daemons) -> None:
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(write_end, b"x" * 4096)
    os.set_blocking(write_end, True)
    one = daemons.start(log=write_end)
    os.close(write_end)
    for _ in range(3):
        daemons.complain()
    daemons.wait_until_answered(30)

    assert one.stop() == 0
    os.close(read_end)
    daemons.assert_each_answered_once()


def test_killed_without_warning_it_goes_on_where_it_was(daemons: Daemons) -> None:
    for _ in range(3):
        one = daemons.start()
        daemons.complain()
        one.kill()

    last = daemons.start()
    daemons.wait_until_answered(90)
    assert last.stop() == 0
    daemons.assert_each_answered_once()


# Health


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=90) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_health_and_metrics_are_served_while_it_runs(tmp_path: Path, mailstack: MailStack) -> None:
    port = free_port()
    extra = f'{MANY}\n[monitor]\nlisten = "127.0.0.1:{port}"\n'
    with Daemons(Setup(tmp_path, mailstack, box=SOON, extra=extra)) as daemons:
        one = daemons.start()
        daemons.complain()
        daemons.wait_until_answered(20)

        code, told = get(port, "/healthz")
        status = json.loads(told)
        assert (code, status["healthy"], status["problems"]) == (200, True, [])
        assert [box["address"] for box in status["mailboxes"]] == [daemons.setup.address]
        code, metrics = get(port, "/metrics")
        assert code == 200
        assert daemons.states() == {"sent": 2}  # to the complainant, and to whoever decides
        assert 'complaintmail_letters{state="sent"} 2' in metrics
        assert next(iter(daemons.complainants)) not in told + metrics
        assert get(port, "/elsewhere")[0] == 404

        assert one.stop() == 0
        with pytest.raises(OSError):
            get(port, "/healthz")


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path, mailstack: MailStack) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        setup = Setup(tmp_path, mailstack, extra=f'{MANY}\n[monitor]\nlisten = "{where}"\n')

        refused: subprocess.CompletedProcess[str] = setup.run("run", check=False)

    (line,) = [line for line in refused.stderr.splitlines() if "{" not in line]
    assert refused.returncode == 1
    assert where in line and "[monitor] listen" in line
