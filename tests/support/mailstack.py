"""A real, private Dovecot and Postfix on high ports of 127.0.0.1, for tests, benchmarks and kill sweeps.

    with MailStack() as stack:
        stack.add_user("info@example.test")
        stack.deliver("bob@complainants.test", "info@example.test", raw)
        stack.wait_for("info@example.test", 1, seconds=10)

Owns everything it starts and stops it again; nothing outside its own directory is written, no mail leaves the machine
(an address nobody added is refused with 550 at RCPT). Must be root, with dovecot-imapd, dovecot-lmtpd and postfix
installed; otherwise `StackUnavailable` says so in one line. If the test process dies, the servers die with it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Self

from imapclient import IMAPClient

from tests.support.address_book import AddressBook
from tests.support.certificates import CertificateAuthority
from tests.support.free_ports import free_port as free_port  # others take it from here
from tests.support.mailstack_settings import dovecot_conf, postfix_main_cf, postfix_master_cf

PASSWORD = "secret"
NEEDED = ("dovecot", "doveadm", "postfix", "openssl", "setpriv")
POSTFIX_MASTER = Path("/usr/lib/postfix/sbin/master")
PATIENCE = 90.0  # seconds: what comes early costs nothing, and a busy machine may stand still for a while


class StackUnavailable(RuntimeError):
    """This machine cannot run the stack; the message says what to install."""


def until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Ask again and again until it is true; an error that names `what` when time is up. It should be so within
    `seconds`, but no fewer than PATIENCE are waited."""
    seconds = max(seconds, PATIENCE)
    end, pause = time.monotonic() + seconds, 0.01
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:g} s in vain for {what}")
        time.sleep(pause)
        pause = min(pause * 1.25, 0.1)  # whoever asks all the time keeps others from answering


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE):
            return True
    except OSError:
        return False


class MailStack:
    """Dovecot for IMAP and LMTP, Postfix for SMTP, a certificate authority for both."""

    def __init__(self, *, store: str = "sdbox", fsync: bool = False) -> None:
        _require_machine()
        self.directory = Path(tempfile.mkdtemp(prefix="cm-", dir="/tmp"))  # short: socket paths end at 108 bytes
        self.directory.chmod(0o755)  # the mail processes run as others and must pass through
        self.imap_port, self.imaps_port, self.smtp_port, self.smtps_port = (free_port() for _ in range(4))
        self.authority = CertificateAuthority(self.directory / "tls")
        self.ca_file = self.authority.ca_file
        self.certificate = self.authority.issue("server")
        self._book = AddressBook()
        self._store, self._fsync = store, fsync
        self._dovecot: subprocess.Popen[bytes] | None = None
        self._postfix: subprocess.Popen[bytes] | None = None
        self._write_settings()

    def __enter__(self) -> Self:
        try:
            self.start_dovecot()
            self.start_postfix()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.stop_postfix()
        self.stop_dovecot()
        self._book.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    # The servers

    def start_dovecot(self) -> None:
        self._dovecot = _start("dovecot", "-F", "-c", str(self._dovecot_conf))
        self._wait_for_port(self.imap_port, self._dovecot)
        until((self.directory / "dovecot" / "lmtp").is_socket, 10, "Dovecot's LMTP socket")

    def stop_dovecot(self) -> None:
        _stop(self._dovecot)
        self._dovecot = None

    def start_postfix(self) -> None:
        # Postfix makes its queue directories itself, and says on stderr what it does not like.
        config = str(self._postfix_dir)
        checked = subprocess.run(["postfix", "-c", config, "check"], capture_output=True, text=True, check=False)
        if checked.returncode:
            raise StackUnavailable(f"postfix check failed: {checked.stderr.strip()}")
        self._postfix = _start(str(POSTFIX_MASTER), "-d", "-c", config)
        self._wait_for_port(self.smtp_port, self._postfix)

    def stop_postfix(self) -> None:
        _stop(self._postfix)
        self._postfix = None

    def doveadm(self, *words: str) -> str:
        ran = subprocess.run(
            ["doveadm", "-c", str(self._dovecot_conf), *words], capture_output=True, text=True, check=False
        )
        if ran.returncode:
            raise RuntimeError(f"doveadm {' '.join(words)}: {ran.stderr.strip()}")
        return ran.stdout

    def log(self) -> str:
        """What both servers wrote."""
        logs = (self.directory / "dovecot.log", self.directory / "postfix.log")
        return "".join(path.read_text(errors="replace") for path in logs if path.exists())

    # People and mail

    def add_user(self, address: str, password: str = PASSWORD) -> None:
        """From now on mail to this address is taken, and they can log in over IMAP and SMTP."""
        self._book.add(address)
        if password != PASSWORD:
            with self._users.open("a") as users:
                users.write(f"{address}:{{PLAIN}}{password}::::::\n")
            until(lambda: self._knows(address, password), 5, f"Dovecot to know {address}")

    def deliver(self, mail_from: str, rcpt: str, raw: bytes) -> None:
        """By SMTP, as the world would."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=PATIENCE) as smtp:
            smtp.sendmail(mail_from, [rcpt], raw)

    def append(
        self,
        user: str,
        raw: bytes,
        internaldate: datetime | None = None,
        folder: str = "INBOX",
        flags: Iterable[bytes] = (),
    ) -> None:
        """By IMAP APPEND: byte for byte, no header added or folded."""
        with self.imap(user) as client:
            client.append(folder, raw, tuple(flags), internaldate)

    def fill(self, user: str, raws: Iterable[bytes], folder: str = "INBOX") -> None:
        """Many mails at once."""
        with self.imap(user) as client:
            mails = list(raws)
            for start in range(0, len(mails), 200):
                client.multiappend(folder, mails[start : start + 200])

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """All mails of a folder, oldest first, none of them marked read by looking."""
        with self.imap(user) as client:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            uids = client.search()
            found = client.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
            return [found[uid][b"BODY[]"] for uid in sorted(found)]

    def flags(self, user: str, folder: str = "INBOX") -> dict[int, tuple[bytes, ...]]:
        with self.imap(user) as client:
            client.select_folder(folder, readonly=True)
            uids = client.search()
            found: dict[int, tuple[bytes, ...]] = client.get_flags(uids) if uids else {}
            return found

    def count(self, user: str, folder: str = "INBOX") -> int:
        with self.imap(user) as client:
            return int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])

    def wait_for(self, user: str, n: int, seconds: float, folder: str = "INBOX") -> None:
        """Until the folder holds at least `n` mails; no fewer than PATIENCE seconds are waited."""
        seconds = max(seconds, PATIENCE)
        end, pause = time.monotonic() + seconds, 0.02
        with self.imap(user) as client:
            while True:
                found = client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"] if client.folder_exists(folder) else 0
                if found >= n:
                    return
                if time.monotonic() > end:
                    raise TimeoutError(f"{folder} of {user} holds {found} mails, not {n}, after {seconds:g} s")
                time.sleep(pause)
                pause = min(pause * 1.25, 0.1)

    def empty(self, user: str) -> None:
        """Every folder of theirs, at once."""
        self.doveadm("expunge", "-u", user, "mailbox", "*", "all")

    @contextlib.contextmanager
    def imap(self, user: str, password: str = PASSWORD) -> Iterator[IMAPClient]:
        """A bare session of the test's own."""
        client = IMAPClient("127.0.0.1", self.imap_port, ssl=False, timeout=PATIENCE)
        client._imap.debug = 0
        client.normalise_times = False
        try:
            client.login(user, password)
            yield client
        finally:
            with contextlib.suppress(OSError, IMAPClient.Error):
                client.logout()
            with contextlib.suppress(OSError):
                client.shutdown()

    # Beginnings

    def _write_settings(self) -> None:
        certificate, state = self.certificate, self.directory
        for folder in ("mail", "postfix", "queue", "postfix-state"):
            (state / folder).mkdir()
        os.chown(state / "mail", 5000, 5000)
        shutil.chown(state / "postfix-state", "postfix")
        self._users = state / "users"
        self._users.write_text("")
        self._users.chmod(0o644)
        self._dovecot_conf = state / "dovecot.conf"
        self._dovecot_conf.write_text(
            dovecot_conf(
                state, certificate, imap=self.imap_port, imaps=self.imaps_port, store=self._store, fsync=self._fsync
            )
        )
        self._postfix_dir = state / "postfix"
        (self._postfix_dir / "main.cf").write_text(postfix_main_cf(state, certificate, book=self._book.port))
        (self._postfix_dir / "master.cf").write_text(postfix_master_cf(smtp=self.smtp_port, smtps=self.smtps_port))

    def _wait_for_port(self, port: int, server: subprocess.Popen[bytes]) -> None:
        name = "dovecot" if server is self._dovecot else "postfix"
        try:
            until(lambda: answers(port) or server.poll() is not None, 20, f"{name} to listen")
        except TimeoutError as late:
            raise StackUnavailable(f"{late}; its log:\n{self.log()[-4000:]}") from None
        if server.poll() is not None:
            raise StackUnavailable(f"{name} ended at once; its log:\n{self.log()[-4000:]}")

    def _knows(self, address: str, password: str) -> bool:
        words = ["doveadm", "-c", str(self._dovecot_conf), "auth", "test", address, password]
        return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _require_machine() -> None:
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing or not POSTFIX_MASTER.exists():
        raise StackUnavailable(
            "these tests start their own Dovecot and Postfix: apt-get install dovecot-imapd dovecot-lmtpd postfix"
            f" (not found: {', '.join(missing) or POSTFIX_MASTER})"
        )
    if os.geteuid():
        raise StackUnavailable("these tests start their own Dovecot and Postfix, which only root can: run them as root")


def _start(*words: str) -> subprocess.Popen[bytes]:
    # The kernel ends the server when the test process dies, however it dies.
    return subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _stop(server: subprocess.Popen[bytes] | None) -> None:
    if server is None:
        return
    server.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(30)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)  # its children may outlive it for a while, still serving
    server.wait(PATIENCE)
