"""What the measurements stand on: a Dovecot, a Postfix and its smtp-sink, mailboxes filled at once, settings."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from bench.mails import Posted
from tests.support.mailstack import MailStack, answers, free_port, until

SMTP_SINK = Path("/usr/sbin/smtp-sink")
AT_ONCE = 4_000_000  # bytes to one APPEND

SETTINGS = """
[storage]
database = "sqlite:///{folder}/complaintmail.db"
[[mailbox]]
address = "{address}"
policy = "cms"
since = "{since}"
[mailbox.imap]
host = "127.0.0.1"
port = {imap}
security = "none"
password = "secret"
[mailbox.smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
[limits]
per_domain_per_hour = 1000000
per_hour = 1000000
brake = 1000000
"""
DANA = "dana.director@staff.test"
PERSON = f"""
[[person]]
name = "Dana Director"
email = "{DANA}"
roles = ["operations-director", "policy-owner", "manager", "complaints-manager", "director"]
"""


class Ground:
    """Servers and a folder; all of it gone when it is left."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cm-bench-", dir="/tmp"))
        self.stack = MailStack()
        self.sink_port = free_port()
        self._sink: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        try:
            self.stack.__enter__()
            # The kernel ends it when the benchmark dies, however it dies.
            self._sink = subprocess.Popen(
                [
                    "setpriv",
                    "--pdeathsig",
                    "KILL",
                    str(SMTP_SINK),
                    "-u",
                    "nobody",
                    f"127.0.0.1:{self.sink_port}",
                    "256",
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            until(lambda: answers(self.sink_port), 10, "smtp-sink to listen")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._sink is not None:
            self._sink.kill()
            self._sink.wait(10)
        self.stack.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def own_folder(self) -> Path:
        folder = self.folder / f"{next(self._numbers):03d}"
        folder.mkdir()
        return folder

    def mailbox(self) -> str:
        """A new one, with a folder in which mails wait."""
        address = f"info{next(self._numbers)}@example.test"
        self.stack.add_user(address)
        with self.stack.imap(address) as client:
            client.create_folder("Waiting")
        return address

    def put(self, address: str, mails: Sequence[Posted], folder: str = "INBOX") -> None:
        with self.stack.imap(address) as client:
            some: list[bytes] = []
            for mail in mails:
                some.append(mail.raw)
                if sum(map(len, some)) > AT_ONCE:
                    client.multiappend(folder, some)
                    some = []
            if some:
                client.multiappend(folder, some)

    def let_in(self, address: str) -> None:
        """All that waits comes into the inbox at once."""
        with self.stack.imap(address) as client:
            client.select_folder("Waiting")
            client.copy("1:*", "INBOX")

    def forget(self, address: str) -> None:
        """The mailbox is needed no more."""
        local, _, domain = address.partition("@")
        shutil.rmtree(self.stack.directory / "mail" / domain / local, ignore_errors=True)

    def settings(
        self,
        folder: Path,
        address: str,
        *,
        smtp: int = 0,
        imap: int = 0,
        since: str = "2020-01-01",
        people: bool = False,
    ) -> Path:
        """A config.toml, and beside it the casebook that the program will make, complaintmail.db. `people`: one person
        in the first role, who gets a notice of each complaint."""
        path = folder / "config.toml"
        smtp, imap = smtp or self.sink_port, imap or self.stack.imap_port
        words = SETTINGS.format(folder=folder, address=address, smtp=smtp, imap=imap, since=since)
        path.write_text(words + (PERSON if people else ""))
        path.chmod(0o600)
        return path
