"""The embedded mail server as our own gateways meet it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from complaintmail.cases.post import Outgoing, Result
from complaintmail.demo.mail_server import HOST, MailServer
from complaintmail.gateways.imap import ImapInbox
from complaintmail.gateways.ports import Outcome
from complaintmail.gateways.smtp import SmtpPostbox
from tests.support.embedded import ANN, BOB, PLAIN, inbox, send


def test_our_own_postbox_hands_letters_over(server: MailServer) -> None:
    postbox = SmtpPostbox(HOST, server.smtp_port, "none", ANN, lambda: "secret")
    done: list[Outcome] = []
    letters = [Outgoing(str(n), ANN, BOB, PLAIN, evidence=ANN) for n in range(5)]
    postbox.send(letters, may_send=lambda _: True, done=done.append)
    postbox.close()

    assert [one.result for one in done] == [Result.SENT] * 5
    assert {one.evidence for one in done} == {"bcc"}
    assert sorted(one.address for one in server.room.arrivals) == [ANN] * 5 + [BOB] * 5


def test_our_own_inbox_reads_small_and_big_mails(server: MailServer, tmp_path: Path) -> None:
    big = PLAIN + b"0123456789abcdef\r\n" * 200_000
    send(server, PLAIN)
    send(server, big)
    box = ImapInbox(HOST, server.imap_port, "none", BOB, lambda: "secret", spool=tmp_path)
    mark = box.mark()
    small, large = box.fetch(box.uids_after(0, 10))
    since = box.uids_since(datetime.now(UTC) - timedelta(days=1))
    box.close()

    assert (mark.uidnext, mark.exists, since) == (3, 2, 1)
    assert isinstance(small.raw, bytes)
    assert small.raw.endswith(PLAIN)
    assert isinstance(large.raw, Path)
    assert large.raw.read_bytes().endswith(big)


def test_our_own_inbox_files_copies_and_finds_them(server: MailServer) -> None:
    send(server, PLAIN)
    box = inbox(server)
    box.mark()
    before = box.find("<one@post.example>", "auto")
    box.file([1], "auto")

    assert not before
    assert box.find("<one@post.example>", "auto")
    assert not box.find("<one@post.example>", "inbox")
    box.close()


def test_our_own_inbox_is_woken_by_new_mail_and_by_the_bell(server: MailServer) -> None:
    box = inbox(server)
    box.mark()
    timer = threading.Timer(0.2, send, [server, PLAIN])
    timer.start()
    woken = box.wait(90)
    timer.join()
    uids = box.uids_after(0, 10)
    bell = threading.Timer(0.2, box.interrupt)
    bell.start()
    rung = box.wait(90)
    bell.join()
    box.close()

    assert (woken, uids, rung) == (True, [1], False)
