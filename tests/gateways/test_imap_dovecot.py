"""The way in against a real Dovecot: what staff see stays as it is, and a new mail is there at once."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from complaintmail.errors import LoginRefused, PermanentFailure, TemporaryFailure
from complaintmail.gateways.imap import ImapInbox
from complaintmail.gateways.tls import Security
from tests.support.mailstack import MailStack
from tests.support.memory import PeakMemory
from tests.support.paces import HUNG
from tests.support.scripted_inbox import PATIENT

pytestmark = pytest.mark.stack


def a_mail(n: int, words: bytes = b"It is stuck.\r\n") -> bytes:
    return b"From: bob@complainants.test\r\nMessage-ID: <%d@complainants.test>\r\nSubject: %d\r\n\r\n%b" % (n, n, words)


class Mailbox:
    """A user of their own, and inboxes on it that are closed at the end."""

    def __init__(self, stack: MailStack, user: str) -> None:
        self.stack, self.user = stack, user
        self._open: list[ImapInbox] = []
        stack.add_user(user)

    def open(
        self,
        security: Security = "tls",
        folder: str = "INBOX",
        password: str = "secret",
        ca_file: Path | None = None,
        spool: Path | None = None,
    ) -> ImapInbox:
        port = self.stack.imaps_port if security == "tls" else self.stack.imap_port
        inbox = ImapInbox(
            "127.0.0.1",
            port,
            security,
            self.user,
            lambda: password,
            folder,
            ca_file=ca_file or self.stack.ca_file,
            timeouts=PATIENT,
            spool=spool,
        )
        self._open.append(inbox)
        return inbox

    def close(self) -> None:
        for inbox in self._open:
            inbox.close()


@pytest.fixture
def mailbox(mailstack: MailStack, request: pytest.FixtureRequest) -> Iterator[Mailbox]:
    name = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)[-60:].strip("-")
    box = Mailbox(mailstack, f"{name}@example.test")
    yield box
    box.close()


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_mails_are_read_byte_for_byte(security: Security, mailbox: Mailbox) -> None:
    received = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    raws = [a_mail(1), a_mail(2, b"8-bit: \xe9\xff\r\n.\r\n..\r\n"), a_mail(3, b"x" * 5000 + b"\r\n")]
    for raw in raws:
        mailbox.stack.append(mailbox.user, raw, received)
    inbox = mailbox.open(security)
    mark = inbox.mark()
    assert (mark.exists, mark.uidnext) == (3, 4) and mark.uidvalidity > 0
    got = list(inbox.fetch(inbox.uids_after(0, 50)))
    assert [one.raw for one in got] == raws
    assert {one.received_at for one in got} == {received}
    assert inbox.sizes([1, 3, 9]) == {1: len(raws[0]), 3: len(raws[2])}
    assert (inbox.uids_since(received), inbox.uids_since(received + timedelta(days=1))) == (1, 4)


def test_reading_searching_and_waiting_leave_every_flag_as_it_is(mailbox: Mailbox) -> None:
    """BEHAVIOURS A1, A18: staff's unread marks, and what they opened already, mean nothing and stay."""
    stack, user = mailbox.stack, mailbox.user
    stack.append(user, a_mail(1))
    stack.append(user, a_mail(2), flags=[b"\\Seen", b"\\Flagged"])
    stack.append(user, a_mail(3, b"z" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * 40_000))
    inbox = mailbox.open()
    inbox.mark()
    for one in inbox.fetch(inbox.uids_after(0, 50)):
        if isinstance(one.raw, Path):
            one.raw.unlink()
    assert inbox.find("<1@complainants.test>", "inbox") and not inbox.find("<9@complainants.test>", "inbox")
    inbox.wait(0.1)
    inbox.close()
    with stack.imap(user) as client:
        client.select_folder("INBOX", readonly=True)
        flags = client.get_flags([1, 2, 3])
    assert {uid: set(some) - {b"\\Recent"} for uid, some in flags.items()} == {
        1: set(),
        2: {b"\\Seen", b"\\Flagged"},
        3: set(),
    }


def test_a_new_mail_is_noticed_and_read_at_once(mailbox: Mailbox) -> None:
    """Dovecot itself takes half a second to tell; what comes on top of that is ours. To wait takes far longer."""
    stack, user = mailbox.stack, mailbox.user
    inbox = mailbox.open()
    last, took = inbox.mark().uidnext - 1, list[float]()
    for n in range(3):
        timer = threading.Timer(0.1, stack.deliver, ("bob@complainants.test", user, a_mail(n)))
        timer.start()
        began = time.monotonic() + 0.1
        while not (uids := inbox.uids_after(last, 50)):
            assert inbox.wait(HUNG)
        assert [isinstance(one.raw, bytes) and one.raw.endswith(a_mail(n)) for one in inbox.fetch(uids)] == [True]
        took.append(time.monotonic() - began)
        last = uids[-1]
        timer.join()
    assert max(took) < HUNG


def test_a_wait_ends_at_the_bell_and_at_its_time(mailbox: Mailbox) -> None:
    inbox = mailbox.open()
    inbox.mark()
    timer = threading.Timer(0.2, inbox.interrupt)
    timer.start()
    began = time.monotonic()
    assert inbox.wait(10 * HUNG) is False
    timer.join()
    assert inbox.wait(0.3) is False
    assert time.monotonic() - began < HUNG


@pytest.mark.parametrize("password", ["falsch", "p\u00e4sswort"], ids=["ascii", "not ascii"])
def test_a_wrong_password_is_refused_and_named(password: str, mailbox: Mailbox) -> None:
    """F21."""
    inbox = mailbox.open(password=password)
    with pytest.raises(LoginRefused, match=mailbox.user) as refused:
        inbox.mark()
    assert password not in str(refused.value)


def test_another_authority_is_not_trusted(mailbox: Mailbox, tmp_path: Path) -> None:
    """F18: trusted is what ca_file holds, or the system's authorities where there is none; neither signed this one."""
    from tests.support.certificates import CertificateAuthority

    other = CertificateAuthority(tmp_path).ca_file
    for security in ("tls", "starttls"):
        inbox = mailbox.open(security, ca_file=other)
        with pytest.raises(PermanentFailure, match="certificate was not accepted"):
            inbox.mark()


def test_a_folder_that_is_not_there_is_named(mailbox: Mailbox) -> None:
    with pytest.raises(PermanentFailure, match="Klachten"):
        mailbox.open(folder="Klachten").mark()


def test_a_folder_with_a_name_in_any_script_is_read(mailbox: Mailbox) -> None:
    with mailbox.stack.imap(mailbox.user) as client:
        client.create_folder("Klägen & Žaby")
    mailbox.stack.append(mailbox.user, a_mail(1), folder="Klägen & Žaby")
    assert mailbox.open(folder="Klägen & Žaby").mark().exists == 1


def test_a_changed_uidvalidity_is_seen(mailbox: Mailbox) -> None:
    """F30."""
    mailbox.stack.append(mailbox.user, a_mail(1))
    inbox = mailbox.open()
    before = inbox.mark()
    mailbox.stack.doveadm("mailbox", "update", "--uid-validity", "4242", "-u", mailbox.user, "INBOX")
    try:
        list(inbox.fetch([1]))
    except TemporaryFailure as failure:
        assert "UIDVALIDITY" in str(failure) or "connection lost" in str(failure)
    assert before.uidvalidity != 4242 and inbox.mark().uidvalidity == 4242
    assert [one.raw for one in inbox.fetch(inbox.uids_after(0, 9))] == [a_mail(1)]


def test_a_restarted_server_costs_one_failure_at_most(mailstack: MailStack, mailbox: Mailbox) -> None:
    """F24, F50: down is said in one line; up again, everything goes on."""
    mailstack.append(mailbox.user, a_mail(1))
    inbox = mailbox.open()
    inbox.mark()
    mailstack.stop_dovecot()
    try:
        with pytest.raises(TemporaryFailure, match=r"IMAP 127\.0\.0\.1"):
            inbox.mark()
    finally:
        mailstack.start_dovecot()
    assert inbox.mark().exists == 1
    assert [one.raw for one in inbox.fetch(inbox.uids_after(0, 9))] == [a_mail(1)]


def test_a_mail_of_fifty_megabytes_costs_no_memory(mailbox: Mailbox, tmp_path: Path) -> None:
    """F28, BEHAVIOURS A15."""
    raw = a_mail(1, (b"y" * 70 + b"\r\n") * (50 * 1024 * 1024 // 72))
    mailbox.stack.append(mailbox.user, raw)
    size, digest = len(raw), hashlib.sha256(raw).hexdigest()
    del raw
    inbox = mailbox.open(spool=tmp_path)
    inbox.mark()
    memory = PeakMemory()
    [one] = inbox.fetch(inbox.uids_after(0, 9))
    assert memory.grown() < 20
    assert isinstance(one.raw, Path) and (one.size, one.sha256, one.raw.stat().st_size) == (size, digest, size)
    with one.raw.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == digest


@pytest.mark.parametrize("sent", [None, "Verzonden", "Sent Items"])
def test_evidence_goes_to_the_folder_where_staff_look_for_what_was_sent(sent: str | None, mailbox: Mailbox) -> None:
    """Known by its special use, by a usual name, or made; other mail keeps its place and its flags."""
    stack, user = mailbox.stack, mailbox.user
    if sent is not None:
        with stack.imap(user) as client:
            client.create_folder(sent)
    for n in (1, 2, 3):
        stack.append(user, a_mail(n))
    inbox = mailbox.open()
    inbox.mark()
    inbox.file([2, 99], "auto")
    inbox.file([2], "auto")
    assert inbox.find("<2@complainants.test>", "auto") and not inbox.find("<2@complainants.test>", "inbox")
    assert inbox.uids_after(0, 9) == [1, 3]
    assert stack.mails(user, sent or "Sent") == [a_mail(2)]
    assert b"\\Seen" in stack.flags(user, sent or "Sent")[1]
    assert not any(b"\\Seen" in flags for flags in stack.flags(user).values())


def test_a_mail_moved_away_between_looking_and_reading_is_left_out(mailbox: Mailbox) -> None:
    """F25, F32."""
    stack, user = mailbox.stack, mailbox.user
    for n in (1, 2, 3):
        stack.append(user, a_mail(n))
    inbox = mailbox.open()
    inbox.mark()
    uids = inbox.uids_after(0, 9)
    with stack.imap(user) as client:
        client.create_folder("Elsewhere")
        client.select_folder("INBOX")
        client.move([2], "Elsewhere")
    assert [one.uid for one in inbox.fetch(uids)] == [1, 3]
