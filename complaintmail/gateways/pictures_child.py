"""The process in which a photograph is decoded: HEIC from standard input, JPEG out, then gone.

Its limits are its own first act: memory, processor time, no file larger than nothing. Exit 1 when there is no JPEG:
the libraries are missing, or the picture is none that they can read within the limits.
"""

from __future__ import annotations

import io
import resource
import sys

LARGEST_PICTURE = 64_000_000  # pixels: more than any telephone takes, and three bytes of each fit the memory


def main() -> int:
    memory_mb, seconds, longest, quality = (int(number) for number in sys.argv[1:5])
    _limit(memory_mb * 1024 * 1024, seconds)
    data = sys.stdin.buffer.read()
    try:
        picture = _jpeg(data, longest, quality)
    except Exception:  # a library's own, or memory that ran out: either way there is no picture
        return 1
    sys.stdout.buffer.write(picture)
    sys.stdout.buffer.flush()
    return 0


def _jpeg(data: bytes, longest: int, quality: int) -> bytes:
    import pillow_heif
    from PIL import Image, ImageOps

    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False)  # it also turns the picture upright while decoding
    with Image.open(io.BytesIO(data), formats=("HEIF",)) as opened:
        if opened.width * opened.height > LARGEST_PICTURE:
            raise ValueError("too large")
        opened.thumbnail((longest, longest))
        upright = ImageOps.exif_transpose(opened)
    if "A" in upright.getbands():
        paper = Image.new("RGB", upright.size, "white")
        paper.paste(upright, mask=upright.getchannel("A"))
    else:
        paper = Image.new("RGB", upright.size)
        paper.paste(upright.convert("RGB"))
    written = io.BytesIO()
    paper.save(written, "JPEG", quality=quality)  # a new picture: nothing of the camera's notes is in it
    return written.getvalue()


def _limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
