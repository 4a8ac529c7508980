"""Bodies out of a folder: small mails by the fifty, big ones in slices to a file, memory flat either way.

One mail that the server cannot give must not cost the others: a batch that fails is asked for again one by one, and
what still fails is named at the end. An empty body means that the server has not got it yet; so does no body, while
the server still lists the mail.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from complaintmail.clock import Clock
from complaintmail.errors import PermanentFailure, TemporaryFailure
from complaintmail.gateways.imap_fetched import Answer, Garbled, answers, when
from complaintmail.gateways.imap_wire import FolderClient, LiteralTooBig
from complaintmail.gateways.ports import CannotFetch, Fetched
from complaintmail.log import Log

BATCH = 50
BATCH_BYTES = 8 * 1024 * 1024
BIG = 2 * 1024 * 1024
SLICE = 1024 * 1024
LARGEST = 8 * 1024**3  # bytes; beyond this a mail is a fault, and the disk is worth more
LOSSES = 6  # connections lost over single mails in one reading; then it is not the mails

_log = Log("imap")


class _Talking(Protocol):
    def __call__(self, doing: str, expected: int = 0) -> AbstractContextManager[None]: ...


class BodyReader:
    """Reads mails by UID through `ready`, which gives the connection with the folder open, and `talking`."""

    def __init__(
        self, ready: Callable[[], FolderClient], talking: _Talking, name: str, spool: Path | None, clock: Clock
    ) -> None:
        self._ready, self._talking, self._name = ready, talking, name
        self._spool, self._clock = spool, clock
        self._losses = 0
        self._stuck: dict[int, str] = {}

    def read(self, wanted: Sequence[tuple[int, int]]) -> Iterator[Fetched]:
        """Each (UID, announced size), in this order; CannotFetch at the end for those that could not be had."""
        self._losses, self._stuck = 0, {}
        for batch in _batches(wanted):
            if len(batch) == 1 and batch[0][1] > BIG:
                yield from self._big(batch[0][0])
            else:
                yield from self._small(batch)
        if self._stuck:
            reasons = "; ".join(f"UID {uid}: {why}" for uid, why in self._stuck.items())
            raise CannotFetch(f"{self._name} could not deliver {reasons}", tuple(self._stuck))

    def _small(self, batch: Sequence[tuple[int, int]]) -> Iterator[Fetched]:
        client = self._ready()  # a server that cannot be reached at all is no fault of these mails
        try:
            found = self._ask(client, [uid for uid, _ in batch], sum(size for _, size in batch))
        except (TemporaryFailure, PermanentFailure) as failure:
            self._count(failure)
            if len(batch) > 1:
                for one in batch:
                    yield from self._small([one])
            elif isinstance(failure.__cause__, LiteralTooBig):
                yield from self._big(batch[0][0])
            else:
                self._stuck[batch[0][0]] = str(failure)
            return
        named = [uid for uid, _ in batch if uid in found and found[uid].body is None]
        for uid in self._still_there(client, named):
            self._stuck[uid] = "the server lists it, and sent no body"
        for uid, announced in batch:
            answer = found.get(uid)
            if answer is None or answer.body is None:
                continue  # gone meanwhile, or named above
            if not answer.body:
                self._stuck[uid] = "the server sent an empty body"
                continue
            self._compare(uid, announced, len(answer.body))
            digest = hashlib.sha256(answer.body).hexdigest()
            yield Fetched(uid, when(answer.date) or self._clock.now(), len(answer.body), answer.body, digest)

    def _still_there(self, client: FolderClient, uids: Sequence[int]) -> list[int]:
        """Those that the server named without a body although it has them: not gone, only not to be had now."""
        if not uids:
            return []
        with self._talking("asking whether mails are still there", len(uids) * 60):
            records = client.uid_command("FETCH", ",".join(map(str, uids)), "(RFC822.SIZE)")
            there = {answer.uid for answer in answers(records) if answer.size}
        return [uid for uid in uids if uid in there]

    def _ask(self, client: FolderClient, uids: Sequence[int], expected: int) -> dict[int, Answer]:
        found: dict[int, Answer] = {}
        with self._talking("reading mails", expected):
            records = client.uid_command("FETCH", ",".join(map(str, uids)), "(INTERNALDATE BODY.PEEK[])")
            for answer in answers(records):
                known = found.setdefault(answer.uid, answer)
                if answer is not known:  # the server spoke of it twice: one of the two has the body
                    known.body = answer.body if known.body is None else known.body
                    known.date = known.date or answer.date
        return found

    def _big(self, uid: int) -> Iterator[Fetched]:
        """Slice by slice to a file that exists under its path only when whole and on the disk."""
        if self._spool is not None:
            self._spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(prefix="mail-", suffix=".eml", dir=self._spool)
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                fetched = self._copy(uid, path, out.write)
                out.flush()
                os.fsync(out.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        if fetched is None:
            path.unlink(missing_ok=True)
        else:
            yield fetched

    def _copy(self, uid: int, path: Path, write: Callable[[bytes], object]) -> Fetched | None:
        digest, size, date, failed_at = hashlib.sha256(), 0, None, -1
        while size <= LARGEST:
            client = self._ready()
            try:
                answer = self._slice(client, uid, size)
            except (TemporaryFailure, PermanentFailure) as failure:
                if failed_at == size or isinstance(failure, PermanentFailure):
                    self._stuck[uid] = str(failure)
                    return None
                failed_at = size  # a lost connection is worth one more try where it broke off
                continue
            if answer is None or (answer.body is None and size == 0):
                if answer is not None and self._still_there(client, [uid]):
                    self._stuck[uid] = "the server lists it, and sent no body"
                return None  # gone, also when it vanished half read
            date = date or answer.date
            body = answer.body or b""
            write(body)
            digest.update(body)
            size += len(body)
            if len(body) < SLICE:
                break
        else:
            self._stuck[uid] = f"it has more than {LARGEST} bytes"
            return None
        if not size:
            self._stuck[uid] = "the server sent an empty body"
            return None
        return Fetched(uid, when(date) or self._clock.now(), size, path, digest.hexdigest())

    def _slice(self, client: FolderClient, uid: int, start: int) -> Answer | None:
        with self._talking(f"reading UID {uid} from byte {start}", SLICE):
            records = client.uid_command("FETCH", str(uid), f"(INTERNALDATE BODY.PEEK[]<{start}.{SLICE}>)")
            told = [answer for answer in answers(records) if answer.uid == uid]
            if any(answer.body is not None and len(answer.body) > SLICE for answer in told):
                raise Garbled("the server sent more than the slice that was asked for")
        with_body = [answer for answer in told if answer.body is not None]
        return with_body[0] if with_body else told[0] if told else None

    def _count(self, failure: Exception) -> None:
        """A NO costs nothing; a lost connection does, and too many are not about mails."""
        if isinstance(failure, TemporaryFailure) and not isinstance(failure.__cause__, LiteralTooBig):
            self._losses += 1
            if self._losses > LOSSES:
                raise failure

    def _compare(self, uid: int, announced: int, received: int) -> None:
        if abs(announced - received) > received // 20 + 200:
            _log.warning("size_differs", server=self._name, uid=uid, announced=announced, received=received)


def _batches(wanted: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    batch: list[tuple[int, int]] = []
    total = 0
    for uid, size in wanted:
        if batch and (size > BIG or total + size > BATCH_BYTES or len(batch) >= BATCH):
            yield batch
            batch, total = [], 0
        batch.append((uid, size))
        total += size
        if size > BIG:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch
