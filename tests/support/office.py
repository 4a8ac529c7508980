"""The program set up for a test: a real mail stack, a config.toml, a database, and ways to run it.

`Setup(tmp_path, mailstack, {"info@example.test": "cms"})`, then deliver mail with the stack, make passes with `once()`,
and look with `json("log")`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from complaintmail.clock import Clock
from complaintmail.config import load
from complaintmail.gateways.ports import Postbox
from complaintmail.passes.once import run_once
from complaintmail.wiring import build
from tests.support.mailstack import MailStack
from tests.support.shaped import shape

STAFF = """
[[person]]
name = "Dana Director"
email = "dana.director@staff.test"
roles = ["operations-director", "policy-owner", "manager", "complaints-manager", "director"]
"""


class Setup:
    """A configured program over the mail stack. Each takes addresses of its own, so that tests do not meet."""

    def __init__(
        self,
        folder: Path,
        stack: MailStack,
        policies: Mapping[str, str] | None = None,
        *,
        database: str | None = None,
        smtp: str = "",
        imap: str = "",
        box: str = "",
        extra: str = STAFF,
        since: str = "2020-01-01",
        smtp_port: int | None = None,
        imap_port: int | None = None,
    ) -> None:
        self.folder = folder
        self.stack = stack
        self.database = database or f"sqlite:///{folder}/var/complaintmail.db"
        if database is None:
            shape(self.database)
        self.addresses = dict(policies or {own_address(): "cms"})
        for address in (*self.addresses, *re.findall(r'^email = "([^"]+)"', extra, re.MULTILINE)):
            stack.add_user(address)
        self.path = folder / "config.toml"
        self.write(smtp=smtp, imap=imap, box=box, extra=extra, since=since, smtp_port=smtp_port, imap_port=imap_port)

    @property
    def address(self) -> str:
        return next(iter(self.addresses))

    def write(
        self,
        *,
        smtp: str = "",
        imap: str = "",
        box: str = "",
        extra: str = STAFF,
        since: str = "2020-01-01",
        smtp_port: int | None = None,
        imap_port: int | None = None,
    ) -> None:
        """The settings, with more lines for the tables that a test wants otherwise."""
        boxes = "".join(
            f"""
[[mailbox]]
address = "{address}"
policy = "{policy}"
since = "{since}"
{box}
[mailbox.imap]
host = "127.0.0.1"
port = {imap_port or self.stack.imap_port}
security = "none"
username = "{address}"
password = "secret"
{imap}
[mailbox.smtp]
host = "127.0.0.1"
port = {smtp_port or self.stack.smtp_port}
security = "none"
{smtp}
"""
            for address, policy in self.addresses.items()
        )
        self.path.write_text(f'[storage]\ndatabase = "{self.database}"\n{boxes}{extra}')
        self.path.chmod(0o600)

    def once(self, clock: Clock | None = None, postbox: Callable[[Any], Postbox] | None = None) -> list[str]:
        """One pass in this process; which mailboxes failed."""
        office = build(load(self.path), clock=clock, postbox=postbox)
        try:
            return run_once(office)
        finally:
            office.close()

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "complaintmail", "--config", str(self.path), *words]

    def run(self, *words: str, check: bool = True, **more: Any) -> subprocess.CompletedProcess[str]:
        """A command as a user runs it, in a process of its own."""
        done = subprocess.run(self.command(*words), capture_output=True, text=True, timeout=300, check=False, **more)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def says(self, *words: str) -> tuple[int, str]:
        """The same in this process, which is quicker: its exit code and what it prints."""
        from complaintmail.cli import main

        printed = io.BytesIO()
        out = io.TextIOWrapper(printed, encoding="utf-8", newline="", write_through=True)  # bytes may go there as well
        code: Any = 0
        with contextlib.redirect_stdout(out):
            try:
                main.main(["--config", str(self.path), *words])
            except SystemExit as ended:
                code = ended.code
        return (code if isinstance(code, int) else 0 if code is None else 1), printed.getvalue().decode()

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--format", "json").stdout)

    def daemon(self, *words: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """The daemon as a process; whoever starts it stops it."""
        with (self.folder / "daemon.log").open("ab") as log:
            return subprocess.Popen(
                self.command("run", *words), stdout=log, stderr=log, env={**os.environ, **(env or {})}
            )

    def log(self) -> str:
        path = self.folder / "daemon.log"
        return path.read_text(errors="replace") if path.exists() else ""


def stop(daemon: subprocess.Popen[bytes], how: int = signal.SIGTERM, seconds: float = 90) -> int:
    daemon.send_signal(how)
    return daemon.wait(seconds)


def own_address(domain: str = "example.test") -> str:
    """A mailbox that no other test has."""
    return f"info-{uuid.uuid4().hex[:10]}@{domain}"


def a_mail(
    to: str,
    *,
    sender: str = "jane@complainants.test",
    subject: str = "A complaint about my course",
    body: str = "I am very unhappy with the course. The tutor did not come, twice, and nobody told us.",
    headers: Sequence[str] = (),
    message_id: str | None = None,
    date: datetime | None = None,
) -> bytes:
    """A mail as a person's client writes it."""
    when = (date or datetime.fromisoformat("2026-11-18T10:00:00+00:00")).strftime("%a, %d %b %Y %H:%M:%S %z")
    lines = [
        f"From: Jane Doe <{sender}>",
        f"To: {to}",
        f"Subject: {subject}",
        f"Date: {when}",
        f"Message-ID: {message_id or f'<{uuid.uuid4().hex}@complainants.test>'}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        *headers,
    ]
    return "\r\n".join([*lines, "", body, ""]).replace("\r\n", "\n").replace("\n", "\r\n").encode()
