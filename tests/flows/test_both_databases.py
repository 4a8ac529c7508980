"""SQLite and PostgreSQL hold the same after the same mails: row by row, in every table."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from complaintmail.store import schema
from complaintmail.store.engine import Store
from tests.support.mailstack import MailStack
from tests.support.office import Setup
from tests.support.postgres import PostgresServer
from tests.support.story import At, Story

pytestmark = [pytest.mark.stack, pytest.mark.postgres]

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
# What is made at random, or told by another server, and what hangs on it.
BY_CHANCE = {
    "setting": {"value"},
    "head": {"event_hash"},
    "event": {"hash"},
    "letter": {"data", "sha256", "claimed_by", "reply"},
}
LINK = re.compile(r"(cm-[a-z2-7]{16}[a-z])[a-z2-7]{26}\b")  # in a notice to staff: which letter and link, and its proof


def test_the_same_mails_make_the_same_rows_in_both_databases(
    tmp_path: Path, mailstack: MailStack, postgres_server: PostgresServer
) -> None:
    clock = At(NOW)
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    quiet = 'evidence = "none"'  # a copy of the one's letter would be a stranger's mail to the other
    setup = Setup(tmp_path / "one", mailstack, smtp=quiet)
    url = postgres_server.fresh_database()
    one = Story(setup, mailstack, clock)
    other = Story(Setup(tmp_path / "other", mailstack, setup.addresses, smtp=quiet, database=url), mailstack, clock)
    jane, bob = one.person("jane"), one.person("bob")
    first = one.letter(jane, subject="Cwyn “ŵ” 😡", body="The lift has been broken since May. I complain.")
    one.drops(first)
    one.drops(one.letter(bob, body="I wish you had told me. That is not acceptable.\x00"))
    one.drops(one.letter("noreply@shop.test", headers=["Precedence: bulk"], body="Offers"))
    one.drops(one.letter("gone@complainants.test", body="Nobody answers my letters. I complain."))
    one.drops(b"no mail at all \x00\xff\xfe")
    for story in (one, other):
        story.goes_on()
    clock.moment += timedelta(hours=1)
    [answer] = [letter for letter in one.outbox("sent") if letter.recipient == jane]
    one.drops(one.letter(jane, subject=f"Re: [{answer.case}]", body="More about it: it is dark, too."))
    one.drops(one.letter(bob, subject=f"Re: [{answer.case}]", body="What is the matter with this lift?"))
    one.drops(one.letter(bob, headers=["X-Auto-Response-Suppress: All"], body="My invoice is wrong as well, twice."))
    one.drops(first)
    for story in (one, other):
        story.goes_on()

    of_sqlite, of_postgres = dump(one.setup.database), dump(url)
    assert set(of_sqlite) == {table.name for table in schema.metadata.sorted_tables}
    for table, rows in of_sqlite.items():
        assert rows == of_postgres[table], table
    assert len(of_sqlite["cases"]) == 6
    whom = [row["audience"] for row in of_sqlite["letter"]]
    assert (whom.count("complainant"), whom.count("staff")) == (5, len(whom) - 5) and len(whom) >= 5 + 6
    one.is_whole()
    other.is_whole()
    assert one.mails() == _with_other_ids(other.mails(), one, other)
    assert one.asks("due") == other.asks("due")


def _with_other_ids(told: Any, one: Story, other: Story) -> Any:
    text = json.dumps(told)
    for ours, theirs in zip(_message_ids(one), _message_ids(other), strict=True):
        text = text.replace(theirs, ours)
    return json.loads(text)


def _message_ids(story: Story) -> list[str]:
    rows = story.rows("SELECT message_id FROM letter ORDER BY COALESCE(case_id, 0), kind, seq, recipient")
    return [json.dumps(message_id)[1:-1] for (message_id,) in rows]


def dump(url: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table; what is random named by the order in which it was made."""
    store = Store(url)
    try:
        with store.reading() as connection:
            tables = {
                table.name: [
                    dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key.columns))
                ]
                for table in schema.metadata.sorted_tables
            }
    finally:
        store.close()
    letters = sorted(tables["letter"], key=lambda row: (row["case_id"] or 0, row["kind"], row["seq"], row["recipient"]))
    names = {row["id"]: f"letter {n}" for n, row in enumerate(letters)}
    names |= {row["message_id"]: f"id of letter {n}" for n, row in enumerate(letters)}
    names |= {row["sha256"]: f"sha of letter {n}" for n, row in enumerate(letters)}
    tables["letter"] = letters
    return {name: [_named(row, names, BY_CHANCE.get(name, set())) for row in rows] for name, rows in tables.items()}


def _named(row: Mapping[str, Any], names: Mapping[str, str], left_out: set[str]) -> dict[str, Any]:
    return {key: _plain(value, names) for key, value in row.items() if key not in left_out}


def _plain(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        value = LINK.sub(r"\1", value)
        for by_chance in sorted(names, key=len, reverse=True):
            value = value.replace(by_chance, names[by_chance]).replace(json.dumps(by_chance)[1:-1], names[by_chance])
        return re.sub(r"queued as \w+", "queued", value)
    if isinstance(value, dict):
        return {key: _plain(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one, names) for one in value]
    return value.astimezone(UTC) if isinstance(value, datetime) else value
