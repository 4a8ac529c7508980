"""The daemon as a process of its own, where what matters is when something happens."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from complaintmail.clock import SystemClock
from tests.support.mailstack import MailStack, until
from tests.support.office import stop
from tests.support.paces import HUNG
from tests.support.scripted_folder import Folder
from tests.support.scripted_imap import ScriptedImap
from tests.support.scripted_smtp import ScriptedSmtp
from tests.support.story import Story, Tell, boxes, stories

pytestmark = pytest.mark.stack

MATTERS = (
    "The boiler was never repaired. I complain.",
    "An invoice came twice, which is wrong.",
    "My tutor never answers the telephone, and I am unhappy about it.",
)


@contextmanager
def running(story: Story) -> Iterator[subprocess.Popen[bytes]]:
    """The daemon, watching; told to stop at the end, and it does."""
    daemon = story.setup.daemon()
    try:
        until(lambda: "started" in story.setup.log() or daemon.poll() is not None, 20, "the daemon to start")
        yield daemon
        if daemon.poll() is None:
            assert stop(daemon) == 0, story.setup.log()
    finally:
        if daemon.poll() is None:
            daemon.kill()
            daemon.wait()


def seconds_until_answered(story: Story, person: str, n: int = 1) -> float:
    began = SystemClock().monotonic()
    story.stack.wait_for(person, n, seconds=90)
    took = SystemClock().monotonic() - began
    until(lambda: sum(letter.recipient == person for letter in story.outbox("sent")) >= n, 10, "that to be recorded")
    return took


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, mailstack: MailStack) -> Iterator[Story]:
    """An office whose daemon runs all the while, and looks by itself every ten minutes only."""
    tell, _ = stories(tmp_path_factory.mktemp("watched"), mailstack)
    story = tell(box='poll = "10m"')
    with running(story):
        until(lambda: story.inbox in story.stack.doveadm("who", "-1"), 10, "the daemon to log in")
        yield story
    story.holds()


def test_a_new_mail_is_answered_at_once_and_the_copy_is_filed(watched: Story) -> None:
    """IDLE. Dovecot alone takes half a second to tell of a new mail."""
    people = [watched.person(f"p{n}") for n in range(len(MATTERS))]
    took = []
    for person, words in zip(people, MATTERS, strict=True):
        watched.stack.deliver(person, watched.inbox, watched.letter(person, body=words))
        took.append(seconds_until_answered(watched, person))
    assert max(took) < HUNG, took
    for person in people:
        watched.gets(person, 1)
    until(lambda: watched.stack.count(watched.inbox, "Sent") == len(people), 10, "the copies to be filed")
    assert watched.stack.count(watched.inbox) == len(people)


def test_a_release_by_hand_leaves_while_the_daemon_runs(watched: Story) -> None:
    """A person's word on a held letter needs no restart."""
    jane = watched.person("jane")
    raw = watched.letter(jane, headers=["X-Auto-Response-Suppress: All"])
    watched.stack.deliver(jane, watched.inbox, raw)
    until(lambda: len(watched.outbox("held")) == 1, 15, "the letter to be held")
    assert watched.says("outbox", "release", "--all")[0] == 0
    assert seconds_until_answered(watched, jane) < HUNG
    watched.gets(jane, 1)


def test_a_second_daemon_on_the_same_file_is_refused_in_a_clear_line(watched: Story) -> None:
    """Two by mistake: the second says why and ends, the first goes on."""
    second = watched.setup.run("run", "--once", check=False)
    assert second.returncode != 0
    assert len(second.stderr.strip().splitlines()) == 1 and "Traceback" not in second.stderr

    jane = watched.person("jane")
    watched.stack.deliver(jane, watched.inbox, watched.letter(jane))
    seconds_until_answered(watched, jane)
    watched.gets(jane, 1)


def test_a_server_whose_idle_says_nothing_is_looked_at_within_the_poll(tell: Tell) -> None:
    """A connection that died without a word: `poll` is the longest that a mail waits."""
    folder = Folder({1: b"Subject: before\r\nFrom: shop@shop.test\r\nPrecedence: bulk\r\n\r\nOffers\r\n"})
    story = tell()
    jane = story.person("jane")
    with ScriptedImap(folder, {"silence_in_idle": 1}, users={story.inbox: "secret"}) as server:
        story.setup.write(imap_port=server.port, imap='timeout = "3s"', box='poll = "2s"', since="2020-01-01")
        with running(story):
            until(lambda: "idle" in server.events, 10, "the daemon to wait for mail")
            uid = folder.add(story.letter(jane))
            folder.received[uid] = SystemClock().now()
            took = seconds_until_answered(story, jane)
    assert took < HUNG
    story.gets(jane, 1)


def test_sigterm_lets_the_letter_under_way_be_finished_and_recorded(tell: Tell) -> None:
    """Told to stop between the last byte and the server's word: the word is waited for, written down, and no second
    letter is begun. The next start has no doubt, and sends what is left."""
    told = threading.Event()
    story = tell(smtp='evidence = "none"')
    people = [story.person(f"p{n}") for n in range(2)]

    def stop_now() -> None:
        if not told.is_set():
            told.set()
            os.kill(daemons[0].pid, signal.SIGTERM)
            until(lambda: "SIGTERM" in story.setup.log(), 20, "the daemon to have heard it")

    daemons: list[subprocess.Popen[bytes]] = []
    with ScriptedSmtp(hooks={"after-dot-before-250": stop_now}) as server:
        story.setup.write(smtp='evidence = "none"', smtp_port=server.port)
        for person, words in zip(people, MATTERS, strict=False):
            story.drops(story.letter(person, body=words))
        daemons.append(story.setup.daemon())
        try:
            assert daemons[0].wait(90) == 0
        finally:
            if daemons[0].poll() is None:
                daemons[0].kill()
        assert told.is_set()
        assert len(server.accepted) == 1
        assert sorted(letter.state for letter in story.outbox()) == ["queued", "sent"]

        story.goes_on()
        assert sorted(letter.state for letter in story.outbox()) == ["sent", "sent"]
        answered = [mail.rcpts[0] for mail in server.accepted if mail.rcpts != ["dana.director@staff.test"]]
        assert sorted(answered) == sorted(people)
    assert story.events("letter_in_doubt") == []


def test_a_dead_mailbox_delays_no_other_and_is_said(tell: Tell) -> None:
    """One server takes connections and never says a word; the other mailbox is answered as ever."""
    dead, alive = boxes("dead", "alive")
    story = tell({dead: "cms", alive: "cms"})
    jane = story.person("jane")
    with ScriptedImap(Folder(), {"hang_connect": 100}) as server:
        head, first, second = story.setup.path.read_text().split("[[mailbox]]")
        first = first.replace(f"port = {story.stack.imap_port}", f'port = {server.port}\ntimeout = "2s"')
        story.setup.path.write_text("[[mailbox]]".join((head, first, second)))
        with running(story):
            story.stack.deliver(jane, alive, story.letter(jane, alive))
            took = seconds_until_answered(story, jane)
            until(lambda: failures(story)[dead] is not None, 15, "the dead mailbox to be said")
            assert story.says("status")[0] == 1
            assert failures(story)[alive] is None
    assert took < HUNG
    story.gets(jane, 1)
    story.setup.path.write_text("[[mailbox]]".join((head, second)))


def failures(story: Story) -> dict[str, str | None]:
    return {box["address"]: box["failure"] for box in story.asks("status")["mailboxes"]}
