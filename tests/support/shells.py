"""The program at a shell, with a new database: `shell("act", …)`, and what the database then holds."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from complaintmail.cli import main
from complaintmail.clock import SystemClock
from complaintmail.store.engine import Store
from complaintmail.store.migrate import upgrade
from tests.support.casebooks import settings_for

FIRST, SECOND = (f"CMS-{SystemClock().now():%Y}-{n:06d}" for n in (1, 2))  # references of the cases recorded today
JANE = ("--name", "Jane Doe", "--email", "jane@complainants.test", "--text", "The room was cold.\nNobody came.")


@cache
def _begun() -> Path:
    """A database as a first start leaves it; making one takes longer than most tests."""
    path = Path(tempfile.mkdtemp(prefix="begun-")) / "casebook.db"
    store = Store(f"sqlite:///{path}")
    upgrade(store)
    store.close()
    return path


@dataclass(frozen=True)
class Shell:
    folder: Path

    def __call__(self, *words: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(main, ["--config", str(self.folder / "config.toml"), *words], input=stdin)

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--format", "json").stdout)

    def recorded(self, *more: str) -> str:
        """A complaint by telephone; its reference."""
        done = self("record", "--policy", "cms", *JANE, *more)
        assert done.exit_code == 0, done.output
        return done.stdout.strip()

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.folder / "casebook.db")) as database:
            return database.execute(sql, params).fetchall()

    def letters(self, to: str) -> list[tuple[str, str]]:
        """Kind and state of what they were written, in order."""
        rows = self.rows("SELECT kind, state FROM letter WHERE recipient = ? ORDER BY created_at, rowid", to)
        return [(kind, state) for kind, state in rows]


def shell_in(folder: Path, more: str = "", *, begun: bool = True) -> Shell:
    """A shell with its settings there; `begun`: the program was started before."""
    path = folder / "config.toml"
    path.write_text(settings_for("sqlite:///casebook.db", more))
    path.chmod(0o600)
    if begun:
        shutil.copyfile(_begun(), folder / "casebook.db")
        (folder / "casebook.db").chmod(0o600)
    return Shell(folder)
