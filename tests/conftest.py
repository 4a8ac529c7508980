"""What the whole test run shares: the servers it starts once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.mailstack import MailStack
from tests.support.postgres import PostgresServer


@pytest.fixture(scope="session")
def mailstack() -> Iterator[MailStack]:
    """A real Dovecot and Postfix; use an address of your own in it, so that tests do not meet."""
    with MailStack() as stack:
        yield stack


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL; take a `fresh_database()` of it."""
    with PostgresServer() as server:
        yield server
