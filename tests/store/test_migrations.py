"""The database's shape: made in one transaction, equal to the models, and never an older program's on a newer one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from complaintmail.errors import StoreError
from complaintmail.store import schema
from complaintmail.store.engine import Store, version_at
from complaintmail.store.migrate import HEAD, is_current, upgrade
from tests.support.postgres import PostgresServer

COUNTS = """
import os, signal, sys
from sqlalchemy import event
from complaintmail.store.engine import Store
from complaintmail.store.migrate import upgrade

store, last = Store(sys.argv[1]), int(sys.argv[2])
said = 0

@event.listens_for(store.engine, sys.argv[3])
def die(*_):
    global said
    said += 1
    if said == last:
        os.kill(os.getpid(), signal.SIGKILL)

upgrade(store)
print(said)
"""


def shape(engine: Engine) -> dict[str, Any]:
    """Everything that the database knows of its tables, in a form that compares."""
    seen = inspect(engine)
    found: dict[str, Any] = {}
    for table in sorted(set(seen.get_table_names()) - {"alembic_version"}):
        found[table] = {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"], str(c.get("default"))) for c in seen.get_columns(table)
            ],
            "key": seen.get_pk_constraint(table),
            "foreign": sorted(map(repr, seen.get_foreign_keys(table))),
            "unique": sorted(map(repr, seen.get_unique_constraints(table))),
            "checks": sorted(map(repr, seen.get_check_constraints(table))),
            "indexes": sorted(
                (
                    i["name"],
                    i["column_names"],
                    i["unique"],
                    {k: str(v) for k, v in i.get("dialect_options", {}).items()},
                )
                for i in seen.get_indexes(table)
            ),
        }
    return found


def other(postgres: PostgresServer | None, tmp_path: Path) -> str:
    return postgres.fresh_database() if postgres else f"sqlite:///{tmp_path}/models.db"


def migrate_in_a_process(url: str, die_at: int, at: str = "before_cursor_execute") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", COUNTS, url, str(die_at), at], capture_output=True, text=True, timeout=180, check=False
    )


def test_migrating_gives_what_the_models_say(store: Store, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    postgres = None if store.is_sqlite else request.getfixturevalue("postgres_server")
    models = create_engine(other(postgres, tmp_path))
    schema.metadata.create_all(models)

    migrated, modelled = shape(store.engine), shape(models)

    models.dispose()
    assert set(migrated) == set(schema.metadata.tables)
    for table in modelled:
        assert migrated[table] == modelled[table], table


def test_the_migration_library_finds_no_difference(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": not store.is_sqlite}
        )
        found = compare_metadata(context, schema.metadata)
        standing_at = version_at(connection)

    assert found == []
    assert standing_at == HEAD


def test_the_second_time_there_is_nothing_to_do(store: Store) -> None:
    kept = store.key

    assert upgrade(store) is False
    assert is_current(store)
    again = Store(store.url)
    assert again.key == kept
    again.close()


def test_a_database_that_is_as_new_imports_no_migration_library(store: Store) -> None:
    script = (
        "import sys\nfrom complaintmail.store.engine import Store\nfrom complaintmail.store.migrate import upgrade\n"
        "upgrade(Store(sys.argv[1]))\nassert 'alembic' not in sys.modules"
    )

    done = subprocess.run([sys.executable, "-c", script, store.url], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_newer_database_is_refused_in_one_clear_line_and_left_as_it_is(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = shape(store.engine)

    with pytest.raises(StoreError, match=r"newer complaintmail \(9999\); upgrade this program") as refused:
        upgrade(store)

    assert "\n" not in str(refused.value)
    assert shape(store.engine) == before
    with store.reading() as connection:
        assert version_at(connection) == "9999"


def test_a_database_of_somebody_else_s_is_refused_in_one_clear_line_and_left_as_it_is(database: str) -> None:
    store = Store(database)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE cases (theirs INTEGER)"))
    before = shape(store.engine)

    with pytest.raises(StoreError, match="cases") as refused:
        upgrade(store)

    assert "\n" not in str(refused.value)
    assert shape(store.engine) == before
    store.close()


def test_an_interrupted_first_start_of_an_older_program_is_taken_up(database: str) -> None:
    store = Store(database)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))

    assert upgrade(store) is True

    assert is_current(store)
    assert len(store.key) == 32
    store.close()


def test_killed_in_the_middle_of_a_migration_nothing_has_changed(database: str) -> None:
    whole = migrate_in_a_process(database.replace("complaintmail.db", "whole.db"), 0)
    if not database.startswith("sqlite"):
        drop_everything(database)
    statements = int(whole.stdout)
    assert statements > 20

    for at in (2, statements // 3, statements // 2, statements - 8):
        died = migrate_in_a_process(database, at)

        assert died.returncode == -9
        engine = create_engine(database)
        assert inspect(engine).get_table_names() == [], f"killed at statement {at}"
        engine.dispose()


def test_killed_as_the_migration_is_committed_the_next_start_goes_on(database: str) -> None:
    for at in (1, 2):  # the tables, then the first rows
        assert migrate_in_a_process(database, at, "commit").returncode == -9

    store = Store(database)
    upgrade(store)
    assert is_current(store)
    assert len(store.key) == 32
    with store.reading() as connection:
        assert connection.scalar(text("SELECT COUNT(*) FROM head")) == 1
    store.close()


def drop_everything(database: str) -> None:
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


@pytest.mark.postgres
def test_several_that_start_at_once_on_an_empty_database_all_come_up(postgres_server: PostgresServer) -> None:
    url = postgres_server.fresh_database()
    script = """
import sys
from alembic import command
from sqlalchemy import event
from complaintmail.store.engine import Store
from complaintmail.store.migrate import upgrade

store, begun = Store(sys.argv[1]), 0

@event.listens_for(store.engine, "begin")
def together(_):
    global begun
    begun += 1
    if begun == 2:  # each has seen that there is nothing yet
        print("ready", flush=True)
        sys.stdin.readline()

upgrade(store)
print(store.key.hex())
"""
    several = [
        subprocess.Popen(
            [sys.executable, "-c", script, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for one in several:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"

    ended = []
    for one in several:
        assert one.stdin is not None
        one.stdin.write("now\n")
        one.stdin.flush()
    for one in several:
        said, failed = one.communicate(timeout=180)
        ended.append((one.returncode, failed, said))

    assert [(code, failed) for code, failed, _ in ended] == [(0, "")] * 4
    assert len({said for _, _, said in ended}) == 1
