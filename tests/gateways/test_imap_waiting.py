"""Every way an IMAP server can go wrong while new mail is waited for."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from complaintmail.gateways.imap import ImapInbox
from tests.support.paces import HUNG, PATIENCE, met
from tests.support.scripted_imap import OFFERS, ScriptedImap
from tests.support.scripted_inbox import PATIENT, a_folder, a_mail, an_inbox, brief, read


def waited(inbox: ImapInbox, seconds: float = PATIENCE) -> bool:
    """What the wait told; it did not hang."""
    began = time.monotonic()
    news = inbox.wait(seconds)
    assert time.monotonic() - began < HUNG
    return news


def test_a_new_mail_ends_the_wait_and_is_read_over_the_same_connection() -> None:
    folder = a_folder()
    with ScriptedImap(folder, hooks={"idle": lambda: folder.add(a_mail(6))}) as server, an_inbox(server) as inbox:
        read(inbox)
        assert waited(inbox)
        assert next(inbox.fetch(inbox.uids_after(5, 50))).raw == a_mail(6)
        assert server.connections == 1


@pytest.mark.parametrize("fault", ["bye_in_idle", "eof_in_idle", "partial_line_in_idle", "news_before_idle"])
def test_whatever_happens_in_idle_ends_the_wait_soon(fault: str) -> None:
    """F24: the next look finds out what it was."""
    with ScriptedImap(a_folder(), {fault: 1}) as server, an_inbox(server) as inbox:
        read(inbox)
        assert waited(inbox)
        assert inbox.mark().exists == 5 and inbox.uids_after(0, 9) == [1, 2, 3, 4, 5]


def test_a_server_that_only_says_it_is_still_there_wakes_nobody() -> None:
    with ScriptedImap(a_folder(), {"ok_in_idle": 1}) as server, an_inbox(server) as inbox:
        server.hooks["idle"] = lambda: inbox.interrupt() if server.events.count("idle") == 2 else None
        read(inbox)
        assert waited(inbox) is False
        assert server.events.count("idle") == 2


def test_a_silent_idle_is_given_up_when_time_is_up_and_the_mail_found_by_looking() -> None:
    """F23: the connection died without a word; the end of the wait notices."""

    def given_up(pace: float) -> None:
        folder = a_folder()
        server = ScriptedImap(folder, {"silence_in_idle": 1})
        with server, an_inbox(server, timeouts=brief(pace)) as inbox:
            read(inbox)
            folder.add(a_mail(6))
            assert waited(inbox, 0.5)
            inbox.mark()
            assert inbox.uids_after(5, 9) == [6]

    met("silence_in_idle", given_up)


def test_idle_is_said_anew_before_a_router_forgets_it() -> None:
    often = replace(PATIENT, idle=0.1)
    with ScriptedImap(a_folder()) as server, an_inbox(server, timeouts=often) as inbox:
        server.hooks["idle"] = lambda: inbox.interrupt() if server.events.count("idle") == 3 else None
        read(inbox)
        assert waited(inbox) is False
    assert server.events.count("idle") == 3


@pytest.mark.parametrize("offers", [OFFERS, tuple(one for one in OFFERS if one != "IDLE")], ids=["idle", "no idle"])
def test_the_bell_ends_the_wait_from_another_thread(offers: tuple[str, ...]) -> None:
    rung = threading.Event()
    with ScriptedImap(a_folder(), offers=offers) as server, an_inbox(server) as inbox:

        def ring() -> None:
            rung.set()
            inbox.interrupt()

        read(inbox)
        timer = threading.Timer(0.2, ring)
        timer.start()
        assert waited(inbox) is False
        assert rung.is_set()
        timer.join()
        assert inbox.mark().exists == 5 and server.connections == 1


def test_without_idle_the_wait_is_a_sleep() -> None:
    with ScriptedImap(a_folder(), offers=("IMAP4rev1",)) as server, an_inbox(server) as inbox:
        assert waited(inbox, 0.1) is False  # not connected yet
        read(inbox)
        began = time.monotonic()
        assert waited(inbox, 0.3) is False
        assert time.monotonic() - began > 0.25
    assert not any("IDLE" in command for command in server.commands)


@pytest.mark.parametrize("fault", ["eof_in_idle", "idle_refused"])
def test_a_server_that_will_not_idle_is_not_asked_in_a_circle(fault: str) -> None:
    with ScriptedImap(a_folder(), {fault: 999}) as server, an_inbox(server) as inbox:
        end = time.monotonic() + 1
        while time.monotonic() < end:
            inbox.mark()
            inbox.uids_after(5, 9)
            inbox.wait(0.3)
    assert server.connections <= 6 and len(server.commands) < 60
