"""`complaintmail demo` as a newcomer runs it: a process of its own, in a pipe and on a terminal."""

from __future__ import annotations

import fcntl
import imaplib
import io
import os
import pty
import re
import signal
import smtplib
import socket
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from complaintmail.demo.staff_story import reply
from complaintmail.demo.story import MAILS, mailbox_of, scenes, write
from complaintmail.demo.telling import Teller
from complaintmail.mail.message import Automatic
from complaintmail.mail.read import read
from complaintmail.policy.load import packaged
from complaintmail.triage.classify import classify
from complaintmail.triage.verdicts import Kind
from tests.support.demo import SECONDS, command, environment, see, too_wide
from tests.support.paces import HUNG

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
ESCAPE = "\x1b"


def test_one_policy_alone_in_a_folder_of_ones_own(tmp_path: Path) -> None:
    one = see(tmp_path, "--policy", packaged()[0], "--directory", str(tmp_path / "kept"))

    assert one.code == 0
    assert [box["policy"] for box in one.config()["mailbox"]] == [packaged()[0]]
    assert {mailbox_of(name) for name in packaged() if mailbox_of(name) in one.out} == {mailbox_of(packaged()[0])}
    assert "a bounce of our answer" in one.out


@pytest.mark.parametrize("words", [["--policy", "nosuch"], ["--directory", "."]])
def test_what_cannot_be_shown_is_said_in_a_line(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "something").touch()
    done = subprocess.run(command(*words), capture_output=True, text=True, check=False, cwd=tmp_path)

    assert done.returncode == 2
    assert done.stdout == ""
    assert words[0] in done.stderr.splitlines()[-1]


def on_a_terminal(place: Path, words: Sequence[str]) -> tuple[str, int]:
    """Run it with a terminal of 80 by 24 as its standard output."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    env = {name: value for name, value in environment(place).items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
    with subprocess.Popen(command(*words), stdout=theirs, stderr=theirs, env={**env, "TERM": "xterm"}) as one:
        os.close(theirs)
        said = b""
        while True:
            try:
                block = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not block:
                break
            said += block
        code = one.wait(SECONDS)
    os.close(ours)
    return said.decode(), code


def test_on_a_terminal_it_fits_and_is_coloured(tmp_path: Path) -> None:
    said, code = on_a_terminal(tmp_path, ["--policy", packaged()[-1]])
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said).replace("\r\n", "\n")

    assert code == 0
    assert ESCAPE in said
    assert ESCAPE not in plain
    assert too_wide(plain, 79, str(tmp_path)) == []


class Screen(io.StringIO):
    """A terminal as far as `isatty` says."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_who_wants_no_colours_gets_none(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    coloured = Screen()
    Teller(coloured).heading("words")
    monkeypatch.setenv(name, value)
    plain = Screen()
    Teller(plain).heading("words")

    assert ESCAPE in coloured.getvalue()
    assert plain.getvalue() == "\nwords\n"


def test_a_letter_is_shown_without_the_line_breaks_of_its_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    broken = "We have looked into your complaint CEME-2026-000001, which we received"
    out = io.StringIO()

    Teller(out).letter("it says", f"{broken}\non Monday, and so on.\nWe are sorry.\n\nYours\nKofi")

    said = [line.strip() for line in out.getvalue().splitlines()]
    assert said[1] == "received on Monday, and so on."
    assert said[2:] == ["We are sorry.", "", "Yours", "Kofi"]


def test_what_others_wrote_cannot_steer_the_terminal() -> None:
    out = io.StringIO()
    Teller(out).fact("subject", "\x1b[2J\x07 wiped \u202e")
    Teller(out).mail(b"Subject: \x1b[2Jx\r\nContent-Type: text/plain\r\n\r\n\x1b]0;title\x07\r\n")

    assert ESCAPE not in out.getvalue()
    assert "\x07" not in out.getvalue()
    assert "wiped" in out.getvalue()


@contextmanager
def ended_at_last(one: subprocess.Popen[str]) -> Iterator[None]:
    """Whatever happens, it is not left behind and nobody waits for it for ever."""
    alarm = threading.Timer(2 * SECONDS, one.kill)
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()
        one.kill()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    words = command("--keep-running", "--policy", packaged()[0])
    with (
        subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment(tmp_path)) as one,
        ended_at_last(one),
    ):
        yield one


def read_until(one: subprocess.Popen[str], words: str) -> str:
    assert one.stdout is not None
    said = ""
    for line in one.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(said)


def test_told_to_end_while_it_keeps_running_it_ends_well(running: subprocess.Popen[str]) -> None:
    read_until(running, "also there")
    running.send_signal(signal.SIGTERM)
    left, _ = running.communicate(timeout=SECONDS)

    assert running.returncode == 0
    assert "verify" in left


def test_a_mail_program_can_log_in_while_it_keeps_running(running: subprocess.Popen[str]) -> None:
    said = read_until(running, "also there")
    imap, smtp = (int(re.search(rf"{name} +127\.0\.0\.1, port (\d+)", said)[1]) for name in ("IMAP", "SMTP"))  # type: ignore[index]
    you, password = re.search(r"write as +(\S+), password (\S+)", said).groups()  # type: ignore[union-attr]
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"A Visitor <{you}>", mailbox_of(packaged()[0]), "I am not happy"
    mail["Message-ID"], mail["Date"] = "<visit@post.example>", "Mon, 02 Nov 2026 10:00:00 +0000"
    mail.set_content("I complain. Nobody answered, and this is unacceptable.")

    with smtplib.SMTP("127.0.0.1", smtp) as client:
        client.login(you, password)
        client.send_message(mail)
    told = read_until(running, "answered  after")
    with imaplib.IMAP4("127.0.0.1", imap) as inbox:
        inbox.login(you, password)
        inbox.select()
        (answer,) = [part[1] for part in inbox.fetch("1", "(BODY[])")[1] if isinstance(part, tuple)]
    asked = read_until(running, "told ")
    director = re.search(r"decides +(\S+)", said)[1]  # type: ignore[index]
    with imaplib.IMAP4("127.0.0.1", imap) as inbox:
        inbox.login(director, password)
        newest = inbox.select()[1][0]
        (notice,) = [part[1] for part in inbox.fetch(newest, "(BODY[])")[1] if isinstance(part, tuple)]
    with smtplib.SMTP("127.0.0.1", smtp) as client:
        client.login(director, password)
        client.sendmail(director, [mailbox_of(packaged()[0])], reply("Me", director, notice, "#assign me", NOW).raw)
    done = read_until(running, ": Done [")
    running.send_signal(signal.SIGINT)
    left, _ = running.communicate(timeout=SECONDS)

    assert f"A Visitor to {mailbox_of(packaged()[0])}" in told
    assert b"Dear A Visitor," in answer
    assert director in asked
    assert "seen as  staff" in done
    assert running.returncode == 0
    assert "verify" in left
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", imap), timeout=90).close()


def test_ctrl_c_in_the_middle_ends_everything(tmp_path: Path) -> None:
    with (
        subprocess.Popen(
            command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(tmp_path)
        ) as one,
        ended_at_last(one),
    ):
        read_until(one, "a complaint")
        began = time.monotonic()
        one.send_signal(signal.SIGINT)
        _, err = one.communicate(timeout=SECONDS)

    assert one.returncode == 1
    assert "Traceback" not in err
    assert time.monotonic() - began < HUNG


@pytest.mark.parametrize("policy", packaged())
def test_each_packaged_policy_has_a_complaint_that_is_surely_one(policy: str) -> None:
    scene = next(scene for scene in scenes([policy]) if scene.file == f"complaint-{policy}")
    message = read(write(scene, NOW).raw)
    verdict = classify(message, "general")

    assert (verdict.kind, verdict.sure) == (Kind.COMPLAINT, True)
    assert message.origin.automatic is Automatic.NO
    assert message.defects == ()


def test_every_mail_of_the_story_is_used() -> None:
    assert {path.stem for path in MAILS.glob("*.eml")} == {s.file for s in scenes(packaged()) if s.file is not None}
