"""An office behind two doors in memory, closed when its test is done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from complaintmail.passes.office import Office
from tests.support.bureau import Bureau, a_bureau
from tests.support.doors import At, MemoryInbox, MemoryPostbox, an_office

Opened = tuple[Office, MemoryInbox, MemoryPostbox, At]


class Open(Protocol):
    def __call__(self, **more: Any) -> Opened: ...


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens offices on one folder; nobody there has a role, so every letter is a complainant's."""
    offices: list[Office] = []

    def open_one(**more: Any) -> Opened:
        found = an_office(tmp_path, **({"staff": ""} | more))
        offices.append(found[0])
        return found

    yield open_one
    for office in offices:
        office.close()


class Staffed(Protocol):
    def __call__(self, **more: Any) -> Bureau: ...


@pytest.fixture
def staffed(tmp_path: Path) -> Iterator[Staffed]:
    """Opens an office with staff; opened again, it is another life of the same."""
    open_now: list[Bureau] = []

    def open_one(**more: Any) -> Bureau:
        while open_now:
            open_now.pop().office.close()
        open_now.append(a_bureau(tmp_path, **more))
        return open_now[-1]

    yield open_one
    for bureau in open_now:
        bureau.office.close()
