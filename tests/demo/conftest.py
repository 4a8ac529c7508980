"""One whole demonstration, for every test that only looks at it."""

from __future__ import annotations

import pytest

from tests.support.demo import Seen, see


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    return see(tmp_path_factory.mktemp("demo"))
