"""The package as people install it: it carries what it needs, and works from anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = place.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(place), str(wheel)],
        check=True,
        capture_output=True,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    return place


def test_the_wheel_carries_every_file_of_the_package_and_the_letters(wheel: Path) -> None:
    carried = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info" not in name}
    here = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "complaintmail").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    letters = {f"complaintmail/{path.relative_to(ROOT)}" for path in (ROOT / "templates").rglob("*") if path.is_file()}

    assert letters
    assert [name for name in here if "/policy/packaged/" in name]
    assert [name for name in here if "/store/migrations/versions/" in name]
    assert carried == here | letters


def test_the_wheel_holds_no_tests_and_no_settings(wheel: Path) -> None:
    top = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert len(top) == 2
    assert "complaintmail" in top


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--version"], "complaintmail, version "),
        (["policy", "list"], "cms"),
        (["template", "list"], "acknowledgement"),
    ],
)
def test_the_installed_package_works_from_another_folder(
    installed: Path, tmp_path: Path, words: list[str], said: str
) -> None:
    where = "import complaintmail, pathlib, sys; print(pathlib.Path(complaintmail.__file__).parent, file=sys.stderr)"
    program = f"{where}; import runpy; runpy.run_module('complaintmail', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(installed)},
    )

    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[0] == str(installed / "complaintmail")
    assert said in done.stdout
