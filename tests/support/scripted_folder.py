"""A made-up IMAP folder: mails that are there, and mails that exist only while they are read."""

from __future__ import annotations

import bisect
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

BLOCK = 65_536
RECEIVED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Virtual:
    """A mail of so many bytes that exists only while it is read."""

    size: int

    def part(self, start: int, length: int) -> Iterator[bytes]:
        """72 bytes to the line; byte n is the same whoever asks for it."""
        line = b"x" * 70 + b"\r\n"
        end = min(self.size, start + length)
        while start < end:
            block = (line * (BLOCK // 72 + 2))[start % 72 :][: min(BLOCK, end - start)]
            yield block
            start += len(block)


class Folder:
    """UIDs, ascending, and what each holds; 500,000 are as cheap as five when given as a range and one body."""

    def __init__(
        self, mails: Mapping[int, bytes | Virtual] | None = None, *, uids: Sequence[int] = (), body: bytes = b""
    ) -> None:
        self.mails = dict(mails or {})
        self.uids: Sequence[int] = uids or sorted(self.mails)
        self.uidvalidity = 7
        self.uidnext = (self.uids[-1] if self.uids else 0) + 1
        self.received: dict[int, datetime] = {}
        self.flags: dict[int, set[str]] = {}
        self._body = body

    def body(self, uid: int) -> bytes | Virtual:
        return self.mails.get(uid, self._body)

    def size(self, uid: int) -> int:
        body = self.body(uid)
        return body.size if isinstance(body, Virtual) else len(body)

    def add(self, raw: bytes) -> int:
        uid, self.uidnext = self.uidnext, self.uidnext + 1
        self.mails[uid] = raw
        self.uids = [*self.uids, uid]
        return uid

    def remove(self, uids: Collection[int]) -> None:
        self.uids = [uid for uid in self.uids if uid not in uids]

    def named(self, sequence_set: str) -> list[int]:
        """The UIDs that a set like 3:5,9,12:* names; `n:*` always names the last."""
        found: set[int] = set()
        for part in sequence_set.split(","):
            ends = [
                self.uids[-1] if end == "*" and self.uids else int(end.replace("*", "0")) for end in part.split(":")
            ]
            low, high = min(ends), max(ends)
            found.update(self.uids[bisect.bisect_left(self.uids, low) : bisect.bisect_right(self.uids, high)])
        return sorted(found)
