"""One test, both databases."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from complaintmail.store import schema
from complaintmail.store.engine import Store, found_ready
from complaintmail.store.migrate import HEAD, upgrade
from tests.support.postgres import PostgresServer

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new, empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/var/complaintmail.db"
    url: str = request.getfixturevalue("postgres_server").fresh_database()
    return url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with its tables, to be copied: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "complaintmail.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def copies(postgres_server: PostgresServer) -> Callable[[], str]:
    """The URL of a new database with its tables, at each call."""
    template = postgres_server.fresh_database()
    _migrate(template)

    def copy() -> str:
        url = postgres_server.fresh_database()
        new, old = (one.rpartition("/")[2].encode() for one in (url, template))
        with psycopg.connect(postgres_server.url.replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute(b'DROP DATABASE "' + new + b'"')
            admin.execute(b'CREATE DATABASE "' + new + b'" TEMPLATE "' + old + b'"')
        return url

    return copy


@pytest.fixture(scope="session")
def one_copy(copies: Callable[[], str]) -> str:
    return copies()


def _emptied(url: str) -> Store:
    """The same database for test after test: emptying one is quicker than making one."""
    store = Store(url)
    emptied = "; ".join(f"DELETE FROM {name}" for name in schema.metadata.tables)
    with store.engine.begin() as connection:
        # Without foreign keys' and triggers' say. TRUNCATE makes every table a new file, which takes far longer.
        connection.execute(text(f"SET LOCAL session_replication_role = replica; {emptied}"))
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": HEAD})
    found_ready(store)
    return store


def _copied(file: Path, folder: Path) -> Store:
    path = folder / "var" / "complaintmail.db"
    path.parent.mkdir(mode=0o700)
    shutil.copyfile(file, path)
    return Store(f"sqlite:///{path}")


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database with its tables."""
    if request.param == "postgres":
        store = _emptied(request.getfixturevalue("one_copy"))
    else:
        store = _copied(request.getfixturevalue("migrated_file"), tmp_path)
    yield store
    store.close()


@pytest.fixture(params=BOTH, scope="module")
def shared_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The same for a whole module, whose tests leave nothing in it."""
    if request.param == "postgres":
        store = Store(request.getfixturevalue("copies")())
    else:
        store = _copied(request.getfixturevalue("migrated_file"), tmp_path_factory.mktemp("shared"))
    yield store
    store.close()


def _migrate(url: str) -> None:
    store = Store(url)
    upgrade(store)
    store.close()
