"""The bytes of mails: how they lie in the database, and the files beside it that big ones lie in.

A file is durable (it and its folder fsynced) before `keep` returns; one without a row is adopted again when its mail is
fetched again. What lies in the database is zlib throughout, pressed only as hard as pays for these bytes.
"""

from __future__ import annotations

import contextlib
import os
import threading
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from complaintmail.errors import StoreError
from complaintmail.gateways.ports import Fetched

SAMPLED = 32_768  # mails up to this size are text for the most part
SAMPLE = 4096
LEFT_OVER_AFTER = timedelta(hours=1)
HALF_WRITTEN = ("*.tmp", "*.part", "mail-*.eml")  # a whole mail is named by its hash
AT_HAND_BYTES = 16 * 1024 * 1024


class RawFiles:
    """Where big mails lie, and from which size on a mail is big."""

    def __init__(self, folder: Path, large: int) -> None:
        self.folder = folder
        self.large = large
        self.at_hand = AtHand()

    def keep(self, mail: Fetched) -> str | None:
        """Make this mail durable as a file if it is a big one; its path, or None when it belongs in the database."""
        if isinstance(mail.raw, bytes) and len(mail.raw) <= self.large:
            return None
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        final = self.folder / f"{mail.sha256}.eml"
        if isinstance(mail.raw, bytes):
            temporary = self.folder / f".{mail.sha256}.{os.getpid()}.tmp"
            with temporary.open("wb") as out:
                out.write(mail.raw)
                out.flush()
                os.fsync(out.fileno())
        else:
            temporary = mail.raw
        try:
            temporary.replace(final)
        except OSError:
            _copy_durably(temporary, final)
        _fsync_folder(self.folder)
        return final.name

    def path(self, name: str) -> Path:
        return self.folder / name

    def tidy(self, now: datetime) -> int:
        """Take away what a life that was cut off left half written; young files may be another daemon's. How many."""
        old = now.timestamp() - LEFT_OVER_AFTER.total_seconds()
        gone = 0
        for pattern in HALF_WRITTEN if self.folder.is_dir() else ():
            for path in self.folder.glob(pattern):
                with contextlib.suppress(OSError):
                    if path.stat().st_mtime < old:
                        path.unlink()
                        gone += 1
        return gone


def _copy_durably(source: Path, final: Path) -> None:
    """The temporary file lies on another file system."""
    partial = final.with_suffix(".part")
    with source.open("rb") as inside, partial.open("wb") as out:
        while block := inside.read(1 << 20):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(final)
    source.unlink(missing_ok=True)


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def packed(raw: bytes) -> bytes:
    """As it is kept in the database. Photos in base64 hold nothing to find again, only too few bits to the letter:
    coding the letters alone gets all that there is to get, in a third of the time."""
    if len(raw) > SAMPLED:
        middle = len(raw) // 2
        sample = raw[middle : middle + SAMPLE]
        if len(zlib.compress(sample, 1)) > 0.7 * len(sample):
            press = zlib.compressobj(1, strategy=zlib.Z_HUFFMAN_ONLY)
            return press.compress(raw) + press.flush()
    return zlib.compress(raw, 1)


def unpack(files: RawFiles, body: bytes | None, path: str | None) -> bytes | Path:
    if body is not None:
        return zlib.decompress(body)
    if path is None:
        raise StoreError("a raw mail has neither bytes nor a file")
    return files.path(path)


class AtHand:
    """Mails that were committed just now, so that understanding them need not read them back; never many."""

    def __init__(self, room: int = AT_HAND_BYTES) -> None:
        self._room = room
        self._mails: dict[str, bytes] = {}
        self._turn = threading.Lock()

    def put(self, mails: Sequence[Fetched]) -> None:
        with self._turn:
            for mail in mails:
                if isinstance(mail.raw, bytes) and mail.sha256 not in self._mails:
                    self._mails[mail.sha256] = mail.raw
                    self._room -= len(mail.raw)
            while self._room < 0:  # the oldest give way: nobody asked for them
                self._room += len(self._mails.pop(next(iter(self._mails))))

    def take(self, sha256: str) -> bytes | None:
        with self._turn:
            raw = self._mails.pop(sha256, None)
            self._room += len(raw or b"")
            return raw
