"""The press: a PDF within its limits, or the reason; and nothing in reach of what it sets."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from complaintmail.errors import PaperError
from complaintmail.gateways.ports import UnknownGlyphs
from complaintmail.gateways.press import ChildPress

ROOT = Path(__file__).parents[2]
START = """#let letter = json(bytes(sys.inputs.letter))
#set document(title: "x", date: datetime(year: 2026, month: 3, day: 17))
"""


@pytest.fixture(scope="module")
def press() -> Iterator[ChildPress]:
    with ChildPress(seconds=90) as press:
        yield press


def test_a_page_and_its_data_become_a_pdf(press: ChildPress) -> None:
    pdf = press.pdf(START + "#letter.said", json.dumps({"said": "#eval(1)"}), 0)

    assert pdf.startswith(b"%PDF-1.7")
    assert pdf.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize(
    ("reached_for", "why"),
    [
        ('#read("/etc/passwd")', "failed to load file"),
        ('#read("etc/passwd")', "failed to load file"),
        ('#image("/etc/passwd")', "failed to load file"),
        ('#import "@preview/cetz:0.3.1"', "failed to download package"),
        ('#import "@local/cetz:0.3.1"', "package not found"),
    ],
)
def test_no_page_reaches_a_file_or_the_network(press: ChildPress, reached_for: str, why: str) -> None:
    with pytest.raises(PaperError, match="The letter cannot be set") as refused:
        press.pdf(START + reached_for, "{}", 0)

    assert why in str(refused.value)


def test_signs_that_no_font_has_are_named(press: ChildPress) -> None:
    with pytest.raises(UnknownGlyphs) as missing:
        press.pdf(START + "#letter.said", json.dumps({"said": "a \u4e2d \U0001f621 b"}), 0)

    assert missing.value.clusters == ("\u4e2d", "\U0001f621")


@pytest.mark.parametrize(
    ("page", "limits", "why"),
    [
        ("#for a in range(9999) { for b in range(9999) { } }", {"seconds": 0.3}, "more than 0.3 seconds"),
        ("#{ range(100000000).len() }", {"memory_mb": 256}, "broke off"),
        ("#panic(letter)", {}, "The letter cannot be set: panicked"),
    ],
)
def test_a_page_that_cannot_be_set_is_told_of_and_the_next_one_is_set(
    page: str, limits: dict[str, int], why: str
) -> None:
    with ChildPress(**limits) as press:
        with pytest.raises(PaperError, match=why):
            press.pdf(START + page, "{}", 0)

        press._seconds = 90
        assert press.pdf(START + "x", "{}", 0).startswith(b"%PDF-")


def test_letters_share_a_process_and_a_new_one_takes_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaintmail.gateways.press.LETTERS_EACH", 2)
    processes = []
    with ChildPress(seconds=90) as press:
        for _ in range(5):
            press.pdf(START + "x", "{}", 0)
            assert press._child is not None
            processes.append(press._child.pid)

    assert [processes.index(one) for one in processes] == [0, 0, 2, 2, 4]
    assert press._child is None


def test_the_press_starts_with_its_first_letter() -> None:
    with ChildPress(seconds=90) as press:
        assert press._child is None


def test_typst_is_never_loaded_into_the_program_itself(press: ChildPress) -> None:
    press.pdf(START + "x", "{}", 0)

    assert "typst" not in sys.modules


def test_without_typst_the_reason_is_told() -> None:
    bare = Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    asked = [str(bare), "-S", "-P", "-m", "complaintmail.gateways.press_child", "512", "30"]

    ended = subprocess.run(asked, input=b"", capture_output=True, env={"PYTHONPATH": str(ROOT)}, check=False)

    assert (ended.returncode, ended.stderr) == (1, b"")
    assert "typst" in json.loads(ended.stdout)["problem"]
