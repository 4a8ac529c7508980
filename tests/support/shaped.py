"""An SQLite file in this program's shape, to be written where a test begins: the migration is tried elsewhere."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from functools import cache
from pathlib import Path

from complaintmail.store.engine import Store
from complaintmail.store.migrate import upgrade


@cache
def shaped() -> bytes:
    """Without a row: each first start makes its own keys."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        store = Store(f"sqlite:///{path}")
        upgrade(store)
        store.close()
        with contextlib.closing(sqlite3.connect(path)) as database:
            for table in ("head", "setting"):
                database.execute(f"DELETE FROM {table}")
            database.commit()
        return path.read_bytes()


def shape(url: str) -> None:
    """A new SQLite database gets its shape; what is there already, and any other database, stays as it is."""
    path = Path(url.partition(":///")[2])
    if url.startswith("sqlite") and not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(shaped())
