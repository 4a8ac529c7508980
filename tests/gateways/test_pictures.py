"""Photographs from telephones, as every mail program can show them."""

from __future__ import annotations

import io
import subprocess
import sys
from functools import cache, partial
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from complaintmail.gateways import pictures
from tests.support.paces import PATIENCE

pillow_heif.register_heif_opener()
jpeg_of = partial(pictures.jpeg_of, seconds=PATIENCE)
ROOT = Path(__file__).parents[2]
ORIENTATION, DESCRIPTION, SIDEWAYS = 0x0112, 0x010E, 6


@cache
def heic(width: int = 64, height: int = 32, *, orientation: int = 1, mode: str = "RGB") -> bytes:
    """Red on the left, blue on the right."""
    drawn = Image.new(mode, (width, height), "red")
    drawn.paste("blue", (width // 2, 0, width, height))
    notes = Image.Exif()
    notes[ORIENTATION] = orientation
    notes[DESCRIPTION] = "taken at the back door"
    written = io.BytesIO()
    drawn.save(written, "HEIF", exif=notes.tobytes())
    return written.getvalue()


def opened(picture: tuple[str, bytes] | None) -> Image.Image:
    assert picture is not None
    return Image.open(io.BytesIO(picture[1]), formats=("JPEG",))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("IMG_1.HEIC", "IMG_1.jpg"),
        ("a.b.heif", "a.b.jpg"),
        ("photo", "photo.jpg"),
        (".heic", "photo.jpg"),
        ("x.jpg", "x.jpg"),
    ],
)
def test_a_telephones_photograph_becomes_a_jpeg_of_the_same_name(name: str, expected: str) -> None:
    picture = jpeg_of(heic(), name)

    assert picture is not None
    assert picture[0] == expected
    assert opened(picture).size == (64, 32)


def test_a_photograph_taken_sideways_stands_upright() -> None:
    picture = opened(jpeg_of(heic(orientation=SIDEWAYS), "a.heic"))

    assert picture.size == (32, 64)
    above, below = picture.getpixel((16, 8)), picture.getpixel((16, 56))
    assert isinstance(above, tuple) and isinstance(below, tuple)
    assert above[0] > 200 > below[0]
    assert below[2] > 200 > above[2]


def test_what_the_camera_noted_is_left_out() -> None:
    sent = heic()
    picture = jpeg_of(sent, "a.heic")

    assert b"back door" in sent
    assert picture is not None
    assert b"back door" not in picture[1]
    assert dict(opened(picture).getexif()) == {}
    assert "icc_profile" not in opened(picture).info


def test_a_large_photograph_becomes_as_large_as_a_screen() -> None:
    assert opened(jpeg_of(heic(2400, 1200), "a.heic")).size == (2000, 1000)


def test_what_is_transparent_becomes_paper() -> None:
    assert opened(jpeg_of(heic(mode="RGBA"), "a.heic")).mode == "RGB"


@pytest.mark.parametrize("cut", [12, 40, 300, -40])
def test_a_broken_photograph_gives_none(cut: int) -> None:
    assert jpeg_of(heic()[:cut], "a.heic") is None


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff\xd9", b"GIF89a", b"\0\0\0\x18ftypisom" + bytes(40)])
def test_what_is_no_such_photograph_is_left_alone(data: bytes) -> None:
    assert jpeg_of(data, "a.heic") is None


def test_a_photograph_that_needs_more_memory_or_time_than_it_may_have_gives_none() -> None:
    large = heic(2400, 1200)

    assert jpeg_of(large, "a.heic", memory_mb=64) is None
    assert jpeg_of(large, "a.heic", seconds=0.01) is None


def test_without_the_libraries_there_is_no_picture_and_no_noise() -> None:
    bare = Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    asked = [str(bare), "-S", "-P", "-m", "complaintmail.gateways.pictures_child", "512", "10", "2000", "85"]

    ended = subprocess.run(asked, input=heic(), capture_output=True, env={"PYTHONPATH": str(ROOT)}, check=False)

    assert (ended.returncode, ended.stdout, ended.stderr) == (1, b"", b"")
