"""The board in a real browser, where there is one: a screen on the wall and a telephone, light and dark."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib
from datetime import date
from pathlib import Path

import pytest

from complaintmail.letters.board import Note, board_page

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.campaign, pytest.mark.skipif(BROWSER is None, reason="needs a Chromium")]
NOTES = (
    Note("Thank you for believing in me.", date(2026, 11, 3)),
    Note("The welcome at reception made all the difference. I felt listened to. " * 9, date(2026, 10, 3)),
)


def picture(folder: Path, notes: tuple[Note, ...], size: tuple[int, int], *flags: str) -> bytes:
    (folder / "board.html").write_text(board_page(notes, organisation="Example & Sons", write_to="info@example.test"))
    subprocess.run(
        [
            *(BROWSER or "", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *flags),
            *(f"--user-data-dir={folder / 'profile'}", f"--window-size={size[0]},{size[1]}"),
            *("--virtual-time-budget=4000", f"--screenshot={folder / 'board.png'}", f"file://{folder / 'board.html'}"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / "board.png").read_bytes()


def inked(png: bytes) -> int:
    """How many different rows the picture has: an empty page has few."""
    data, at = b"", 8
    width, _, _, colours = struct.unpack(">IIBB", png[16:26])
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        data += png[at + 8 : at + 8 + size] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += size + 12
    row = width * {2: 3, 6: 4}[colours] + 1
    rows = zlib.decompress(data)
    return len({rows[begin : begin + row] for begin in range(0, len(rows), row)})


@pytest.mark.parametrize("size", [(1920, 1080), (390, 844)])
@pytest.mark.parametrize("notes", [(), NOTES[:1], NOTES, NOTES[1:]])
@pytest.mark.parametrize("flags", [(), ("--blink-settings=preferredColorScheme=0",)])
def test_there_is_something_to_read(
    tmp_path: Path, size: tuple[int, int], notes: tuple[Note, ...], flags: tuple[str, ...]
) -> None:
    png = picture(tmp_path, notes, size, *flags)

    assert struct.unpack(">II", png[16:24]) == size
    assert inked(png) > size[1] // 10
