"""Photographs as every mail program can show them: HEIC, which telephones take, becomes JPEG.

Owns the conversion and its guard: a picture that somebody sent is decoded in a process of its own, with limits on
memory and time, which holds nothing of ours. Promises: `jpeg_of` returns within a little more than `seconds`, never
raises for what a picture contains, and gives None when it is no HEIC, when it cannot be read within the limits, or when
the extra `photos` is not installed; the original is then enclosed as it is.
"""

from __future__ import annotations

from complaintmail.gateways.child import answer_of

CPU_SECONDS = 10
LARGEST_FILE = 40 * 1024 * 1024
LARGEST_ANSWER = 16 * 1024 * 1024
LONGEST_SIDE = 2000
QUALITY = 85

_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif"))


def jpeg_of(data: bytes, name: str, *, seconds: float = 20, memory_mb: int = 512) -> tuple[str, bytes] | None:
    """The picture as JPEG under a name that says so; upright, without what the camera noted about place and owner."""
    if not is_heic(data) or len(data) > LARGEST_FILE:
        return None
    asked = [str(number) for number in (memory_mb, CPU_SECONDS, LONGEST_SIDE, QUALITY)]
    picture = answer_of("complaintmail.gateways.pictures_child", asked, data, seconds)
    if picture is None or len(picture) > LARGEST_ANSWER:
        return None
    if not (picture.startswith(b"\xff\xd8") and picture.endswith(b"\xff\xd9")):
        return None
    stem, dot, ending = name.rpartition(".")
    plain = stem if dot and ending.lower() in ("heic", "heif", "hif", "jpg", "jpeg") else name
    return f"{plain or 'photo'}.jpg", picture


def is_heic(data: bytes) -> bool:
    """Do these bytes begin as a HEIC or HEIF picture does, whatever name and type they came with?"""
    return data[4:8] == b"ftyp" and data[8:12] in _BRANDS
