"""Bring the database to this program's shape. One transaction: killed in the middle, nothing has changed.

A database that is newer than the program is refused; one that is as new costs a single query, and the migration
library is not even imported.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from complaintmail.errors import StoreError
from complaintmail.store.engine import Store, alone, clear_errors, found_ready, ours, version_at

HEAD = "0001"


def is_current(store: Store) -> bool:
    with store.reading() as connection:
        return version_at(connection) == HEAD


def is_empty(store: Store) -> bool:
    """Has no version of this program ever made its tables here?"""
    with store.reading() as connection:
        return version_at(connection) is None


def upgrade(store: Store) -> bool:
    """Migrate if needed, and make sure the first rows are there; was there anything to do?"""
    if is_current(store):
        found_ready(store)
        return False
    with clear_errors(), _as_it_was(), store.engine.begin() as connection:
        alone(connection)  # several daemons may start at once on a new database
        _run(connection)
    found_ready(store)
    return True


@contextlib.contextmanager
def _as_it_was() -> Iterator[None]:
    """A migration that fails has changed nothing; say so in one line."""
    try:
        yield
    except DBAPIError as error:
        if ours(error) is not None:
            raise
        words = next(iter(str(error.orig).strip().splitlines()), "it failed")
        raise StoreError(
            f"the database cannot be given this program's shape ({words}); nothing in it was changed. "
            "Is it another program's?"
        ) from error


def _run(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            f"the database was written by a newer complaintmail ({version_at(connection)}); upgrade this program"
        ) from error
