"""Nobody has settings in the folder where these tests run."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _nobody_has_settings_here(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path_factory.getbasetemp())
    monkeypatch.delenv("COMPLAINTMAIL_CONFIG", raising=False)
