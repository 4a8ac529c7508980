"""A mailbox that was closed after a failure is watched again, and touches nothing that is not its own."""

from __future__ import annotations

import os
import threading
import time

from complaintmail.gateways.imap import ImapInbox
from complaintmail.gateways.imap_idle import Bell
from tests.support.paces import HUNG
from tests.support.scripted_folder import Folder
from tests.support.scripted_imap import ScriptedImap


def test_an_inbox_closed_after_a_failure_waits_again_and_can_be_woken() -> None:
    with ScriptedImap(Folder({1: b"Subject: x\r\n\r\nx\r\n"})) as server:
        inbox = ImapInbox("127.0.0.1", server.port, "none", "info@example.test", lambda: "secret")
        inbox.mark()
        inbox.close()  # as the daemon does when a turn failed
        pipes = [os.pipe() for _ in range(8)]  # whatever takes the numbers that were given back
        for _, mouth in pipes:
            os.write(mouth, b"another's words")

        inbox.mark()
        threading.Timer(0.3, inbox.interrupt).start()
        began = time.monotonic()
        inbox.wait(10 * HUNG)
        took = time.monotonic() - began
        inbox.close()

    assert took < HUNG
    for ear, mouth in pipes:
        assert os.read(ear, 100) == b"another's words"
        os.close(ear)
        os.close(mouth)


def test_a_ring_while_the_bell_is_closed_is_not_forgotten() -> None:
    bell = Bell()
    bell.close()
    bell.ring()
    began = time.monotonic()
    bell.sleep(10 * HUNG)
    bell.close()

    assert time.monotonic() - began < HUNG
