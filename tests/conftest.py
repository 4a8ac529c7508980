"""What the whole test run shares: the servers it starts once, and examples that are the same in every run.

To look for new examples: pytest --hypothesis-profile=search.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from complaintmail.store.reading import open_casebook
from complaintmail.store.verify import verify
from tests.support.bureau import Bureau, a_bureau
from tests.support.mailstack import MailStack
from tests.support.postgres import PostgresServer

# A busy machine is slow at times, which says nothing of the code; linear time is tested by itself.
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", _patient, derandomize=True, database=None, max_examples=50)
settings.register_profile("search", _patient, max_examples=2000)
settings.load_profile("same")

TESTS = Path(__file__).parent
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # begun in the background: what tests start would not hear Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)
# The folders whose tests take longest, so that no worker is left alone with them at the end.
LONG = ("crash", "daemon", "demo", "flows", "clauses", "review")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    folders = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: folders.get(item.path.relative_to(TESTS).parts[0], len(folders)))


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


@pytest.fixture
def staffed(tmp_path: Path) -> Iterator[Callable[..., Bureau]]:
    """Opens a small office, as it is asked for; at the end all that it has kept must be whole."""
    bureaus: list[Bureau] = []

    def staffed(**more: Any) -> Bureau:
        bureaus.append(a_bureau(tmp_path, **more))
        return bureaus[-1]

    yield staffed
    for each in bureaus:
        each.office.close()
        with open_casebook(f"sqlite:///{each.folder}/cm.db") as reader:
            assert [str(finding) for finding in verify(reader, each.folder / "raw") if not finding.note] == []


@pytest.fixture
def bureau(staffed: Callable[..., Bureau]) -> Bureau:
    """A small office as it is by default."""
    return staffed()
