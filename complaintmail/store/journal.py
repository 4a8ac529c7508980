"""The journal: every mail as received, byte for byte, and how far each mailbox has been read.

Raw bytes, journal entry and cursor are one commit; the cursor never passes a UID whose bytes are not durable. Mails
over a configured size lie in files beside the database, fsynced (file and folder) before that commit; a file without
a row is adopted again when its mail is fetched again, a row without its file is an alarm of `verify`.

    collected → settled | set aside      `tries` is raised before an entry is read, so a mail that kills us is known
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from complaintmail.errors import StoreError
from complaintmail.gateways.ports import Fetched
from complaintmail.store import schema
from complaintmail.store.engine import Store
from complaintmail.store.raw import RawFiles as RawFiles
from complaintmail.store.raw import packed, unpack
from complaintmail.store.record import Writer

BATCH_BYTES = 16 * 1024 * 1024  # of mails that are understood together

journal, raw_mail, mailbox_state = schema.journal, schema.raw_mail, schema.mailbox_state

LOOK_AGAIN = timedelta(days=7)  # after which somebody is reminded of a mail that the server cannot hand over
NOT_BEGUN = 0  # no server's UIDVALIDITY: the mailbox was tried, and nothing of it is known yet
COLLECTED = schema.written_out(journal.c.state, "collected")
TO_FILE = schema.written_out(journal.c.filing, "wanted")


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far one folder has been read, and which rules hold for what lies in it."""

    address: str
    folder: str
    since: datetime
    uidvalidity: int
    last_uid: int
    careful_below: int
    sent: bool = False  # the folder for sent mail: all that lies in it has the one rule `sent`

    def rule_for(self, uid: int, received_at: datetime) -> str:
        if self.sent:
            return "sent"
        if received_at < self.since:
            return "history"
        return "careful" if uid < self.careful_below else "answer"


@dataclass(frozen=True, slots=True)
class Entry:
    """One mail waiting to be understood."""

    id: int
    mailbox: str
    sha256: str
    received_at: datetime
    rule: str
    tries: int
    raw: bytes | Path


def cursor(connection: Connection, address: str, folder: str, *, sent: bool = False) -> Cursor | None:
    state = mailbox_state.c
    row = connection.execute(
        select(state.address, state.folder, state.since, state.uidvalidity, state.last_uid, state.careful_below).where(
            state.address == address, state.folder == folder, state.uidvalidity != NOT_BEGUN
        )
    ).first()
    return Cursor(*row, sent=sent) if row else None


def tried_since(connection: Connection, address: str, folder: str) -> datetime | None:
    """When a mailbox that could not be begun yet was first tried: what has come since then is not old mail."""
    state = mailbox_state.c
    asked = select(state.since).where(state.address == address, state.folder == folder, state.uidvalidity == NOT_BEGUN)
    found: datetime | None = connection.scalar(asked)
    return found


def begin_mailbox(writer: Writer, start: Cursor) -> None:
    """A mailbox's first start: where reading begins, and from which day mail is answered."""
    state = mailbox_state.c
    writer.execute(
        delete(mailbox_state).where(
            state.address == start.address, state.folder == start.folder, state.uidvalidity == NOT_BEGUN
        )
    )
    writer.execute(
        insert(mailbox_state).values(
            address=start.address,
            folder=start.folder,
            since=start.since,
            uidvalidity=start.uidvalidity,
            last_uid=start.last_uid,
            careful_below=start.careful_below,
        )
    )
    what = "sent_folder_begun" if start.sent else "mailbox_begun"
    writer.event(what, by="complaintmail", mailbox=start.address, uidvalidity=start.uidvalidity, since=start.since)


def begin_again(writer: Writer, again: Cursor, why: str) -> None:
    """The folder is not the one we knew (new UIDVALIDITY, UIDs renumbered): read it anew, by content. What was read
    under the old numbers gets a UIDVALIDITY that no server gives, so that none of them hides a new mail, and its
    copies no longer wait to be moved: they come again under their new numbers."""
    state = mailbox_state
    there = (journal.c.mailbox == again.address, journal.c.folder == again.folder)
    lowest = writer.connection.scalar(select(func.min(journal.c.uidvalidity)).where(*there)) or 0
    writer.execute(update(journal).where(*there, journal.c.uidvalidity > 0).values(uidvalidity=min(lowest, 0) - 1))
    writer.execute(update(journal).where(*there, TO_FILE).values(filing="done"))
    writer.execute(
        update(state)
        .where(state.c.address == again.address, state.c.folder == again.folder)
        .values(uidvalidity=again.uidvalidity, last_uid=again.last_uid, careful_below=again.careful_below)
    )
    what = "sent_folder_rebuilt" if again.sent else "mailbox_rebuilt"
    writer.event(what, by="complaintmail", mailbox=again.address, uidvalidity=again.uidvalidity, why=why)


def record(store: Store, files: RawFiles, at: Cursor, mails: Sequence[Fetched], up_to: int, now: datetime) -> int:
    """Keep these mails and move the cursor to `up_to`, in one commit; how many were new."""
    kept = [(mail, files.keep(mail)) for mail in mails]
    bodies = {m.sha256: packed(m.raw) for m, path in kept if path is None and isinstance(m.raw, bytes)}
    with store.writing(now) as writer:
        known = _known_shas(writer.connection, [mail.sha256 for mail, _ in kept])
        there = _known_uids(writer.connection, at, [mail.uid for mail, _ in kept])
        new = 0
        for mail, path in kept:
            if mail.uid in there:
                continue
            if mail.sha256 not in known:
                known.add(mail.sha256)
                body = bodies.get(mail.sha256)
                writer.add(raw_mail, {"sha256": mail.sha256, "size": mail.size, "body": body, "path": path})
            new += 1
            writer.add(
                journal,
                {
                    "id": writer.number("journal"),
                    "mailbox": at.address,
                    "folder": at.folder,
                    "uidvalidity": at.uidvalidity,
                    "uid": mail.uid,
                    "sha256": mail.sha256,
                    "received_at": mail.received_at,
                    "collected_at": now,
                    "state": "collected",
                    "rule": at.rule_for(mail.uid, mail.received_at),
                    "tries": 0,
                },
            )
        writer.execute(
            update(mailbox_state)
            .where(mailbox_state.c.address == at.address, mailbox_state.c.folder == at.folder)
            .where(mailbox_state.c.last_uid < up_to)
            .values(last_uid=up_to)
        )
    files.at_hand.put(mails)
    return new


def _known_shas(connection: Connection, shas: list[str]) -> set[str]:
    return set(connection.scalars(select(raw_mail.c.sha256).where(raw_mail.c.sha256.in_(shas)))) if shas else set()


def _known_uids(connection: Connection, at: Cursor, uids: list[int]) -> set[int]:
    if not uids:
        return set()
    asked = select(journal.c.uid).where(
        journal.c.mailbox == at.address,
        journal.c.folder == at.folder,
        journal.c.uidvalidity == at.uidvalidity,
        journal.c.uid.in_(uids),
    )
    return set(connection.scalars(asked))


def size_kept(connection: Connection, at: Cursor, uid: int) -> int | None:
    """The size of the mail we hold under this UID: a server that renumbered gives itself away by another."""
    return connection.scalar(
        select(raw_mail.c.size)
        .join(journal, journal.c.sha256 == raw_mail.c.sha256)
        .where(
            journal.c.mailbox == at.address,
            journal.c.folder == at.folder,
            journal.c.uidvalidity == at.uidvalidity,
            journal.c.uid == uid,
        )
    )


def take(
    store: Store, files: RawFiles, mailboxes: Iterable[str], limit: int, now: datetime, counted: set[int]
) -> list[Entry]:
    """The next entries of these mailboxes to understand, oldest first.

    `tries` counts the lives of this program that took an entry up: it is raised and committed before the entry is
    read, once in each life (`counted` remembers which), so a busy database is not held against a mail.
    """
    columns = (
        journal.c.id,
        journal.c.mailbox,
        journal.c.sha256,
        journal.c.received_at,
        journal.c.rule,
        journal.c.tries,
    )
    with store.reading() as connection:
        waiting = connection.execute(
            select(*columns, raw_mail.c.size)
            .join(raw_mail, raw_mail.c.sha256 == journal.c.sha256)
            .where(COLLECTED, schema.beside_the_index(journal.c.mailbox).in_(list(mailboxes)))
            .order_by(journal.c.id)
            .limit(limit)
        ).all()
        waiting = _together(waiting)
        raws = _raws(connection, files, [row.sha256 for row in waiting])
    if not waiting:
        return []
    fresh = {row.id for row in waiting} - counted
    if fresh:
        with store.writing(now) as writer:
            writer.execute(update(journal).where(journal.c.id.in_(fresh)).values(tries=journal.c.tries + 1))
        counted |= fresh
    return [Entry(*row[:5], row.tries + (row.id in fresh), raws[row.sha256]) for row in waiting]


def entry(connection: Connection, files: RawFiles, entry_id: int) -> Entry:
    """A mail that was taken in before."""
    columns = (
        journal.c.id,
        journal.c.mailbox,
        journal.c.sha256,
        journal.c.received_at,
        journal.c.rule,
        journal.c.tries,
    )
    row = connection.execute(select(*columns).where(journal.c.id == entry_id)).one()
    return Entry(*row, _raws(connection, files, [row.sha256])[row.sha256])


def still_collected(connection: Connection, entries: Sequence[int]) -> set[int]:
    """Which of these nobody has understood yet. Asked by who holds the head row, so that it stays true."""
    asked = select(journal.c.id).where(journal.c.id.in_(entries), journal.c.state == "collected")
    return set(connection.scalars(asked))


def _together(waiting: Sequence[Any]) -> Sequence[Any]:
    """The first of these, as many as memory should hold at once."""
    held = 0
    for number, row in enumerate(waiting):
        held += row.size
        if held > BATCH_BYTES:
            return waiting[: max(number, 1)]
    return waiting


def _raws(connection: Connection, files: RawFiles, shas: Sequence[str]) -> dict[str, bytes | Path]:
    """The mails themselves: those that came just now are still in memory."""
    found: dict[str, bytes | Path] = {}
    missing: list[str] = []
    for sha256 in shas:
        raw = files.at_hand.take(sha256)
        if raw is None:
            missing.append(sha256)
        else:
            found[sha256] = raw
    if missing:
        asked = select(raw_mail.c.sha256, raw_mail.c.body, raw_mail.c.path).where(raw_mail.c.sha256.in_(missing))
        found |= {row.sha256: _whole(files, row) for row in connection.execute(asked)}
    return found


def _whole(files: RawFiles, row: Any) -> bytes | Path:
    """A damaged mail stands for itself only: it is read as one whose file is gone."""
    try:
        return unpack(files, row.body, row.path)
    except (zlib.error, StoreError):
        return files.path(f"{row.sha256}.damaged")


def backlog(connection: Connection, mailbox: str | None = None) -> int:
    asked = select(func.count()).select_from(journal).where(COLLECTED)
    if mailbox is not None:
        asked = asked.where(schema.beside_the_index(journal.c.mailbox) == mailbox)
    return int(connection.scalar(asked) or 0)


def raw_bytes(connection: Connection, files: RawFiles, sha256: str) -> bytes:
    """A mail byte for byte, proved by its hash."""
    row = connection.execute(select(raw_mail.c.body, raw_mail.c.path).where(raw_mail.c.sha256 == sha256)).first()
    if row is None:
        raise StoreError(f"the raw mail {sha256[:12]} is not kept here")
    kept = unpack(files, row.body, row.path)
    raw = kept.read_bytes() if isinstance(kept, Path) else kept
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise StoreError(f"the raw mail {sha256[:12]} is not what was received: its bytes have changed")
    return raw


def owe_a_look(writer: Writer, mailbox: str, uid: int, why: str) -> None:
    """A mail that the server cannot hand over: a person has to look at it there."""
    writer.add(
        schema.obligation,
        {
            "id": writer.number("obligation"),
            "case_id": None,
            "message_id": None,
            "mailbox": mailbox,
            "kind": "attend",
            "round": uid,
            "clause": "",
            "role": "",
            "owner": None,
            "opened_at": writer.now,
            "due_at": None,
            "why": f"the server cannot hand over the mail with UID {uid}: look at it in the mailbox ({why})",
            "policy_version": "",
            "state": "open",
            "met_at": None,
            "evidence": None,
            "missed_noticed_at": None,
            "told_at": None,
            "next_at": writer.now + LOOK_AGAIN,
            "steps": 0,
        },
    )


def to_file(connection: Connection, mailbox: str, folder: str, uidvalidity: int, limit: int) -> list[tuple[int, int]]:
    """Evidence copies of this mailbox that wait to be moved to the Sent folder: (entry, UID)."""
    rows = connection.execute(
        select(journal.c.id, journal.c.uid)
        .where(
            TO_FILE,
            journal.c.mailbox == mailbox,
            journal.c.folder == folder,
            journal.c.uidvalidity == uidvalidity,
        )
        .order_by(journal.c.id)
        .limit(limit)
    )
    return [(row.id, row.uid) for row in rows]


def filed(store: Store, entries: Sequence[int], now: datetime) -> None:
    """These copies are in the Sent folder (or no longer in ours)."""
    with store.writing(now) as writer:
        writer.execute(
            update(journal).where(journal.c.id == bindparam("key")).values(filing="done"),
            [{"key": entry} for entry in entries],
        )


def copies_wait(connection: Connection, mailbox: str) -> bool:
    """Are there evidence copies of this mailbox still to be filed?"""
    asked = select(journal.c.id).where(TO_FILE, journal.c.mailbox == mailbox).limit(1)
    return connection.scalar(asked) is not None
