"""The teller of stories: an office over the shared mail stack, looked over when its test is done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from complaintmail.store.reading import open_casebook
from complaintmail.store.verify import verify
from tests.support.bureau import Bureau
from tests.support.mailstack import MailStack
from tests.support.matters import Offices, an_office_for
from tests.support.story import Tell, stories


@pytest.fixture
def database() -> str | None:
    """Where stories are kept; None: an SQLite file of their own. A file of tests may have it otherwise."""
    return None


@pytest.fixture
def tell(tmp_path: Path, mailstack: MailStack, database: str | None) -> Iterator[Tell]:
    tell, told = stories(tmp_path, mailstack, database)
    yield tell
    for story in told:
        story.holds()


@pytest.fixture(scope="session")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offices]:
    """One lasting office for each policy, opened when it is first asked for."""
    there: dict[str, Bureau] = {}

    def office(policy: str) -> Bureau:
        if policy not in there:
            there[policy] = an_office_for(policy, tmp_path_factory.mktemp(policy))
        return there[policy]

    yield office
    for bureau in there.values():
        bureau.office.close()
        with open_casebook(f"sqlite:///{bureau.folder}/cm.db") as reader:
            assert [str(finding) for finding in verify(reader, bureau.folder / "raw") if not finding.note] == []
