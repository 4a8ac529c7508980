"""What was learnt, version by version: kept, read, taken back. The last row is in force.

A row is never changed, and its weights only go when what they were learnt from is erased. Taking back adds a row that
uses an earlier one's weights, or the shipped ones alone (0). Each row has its event; `digest` is what the record
remembers of the weights.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from complaintmail.store import schema
from complaintmail.store.instants import instant_of, instant_text
from complaintmail.store.record import Writer
from complaintmail.triage.judge import Judge, Learnt
from complaintmail.triage.packing import packed, unpacked

LOOKED = "learning tried"  # the setting that says when it was last tried
SAID = "learning said"  # and why nothing came of it
SHIPPED = 0

table = schema.learnt


@dataclass(frozen=True, slots=True)
class Version:
    """A row of the history."""

    id: int
    uses: int
    stays: bool


NOTHING = Version(0, SHIPPED, False)


def last(connection: Connection) -> Version:
    """What is in force; version 0 where nothing was ever learnt. One row, by its key."""
    asked = select(table.c.id, table.c.uses, table.c.stays).order_by(table.c.id.desc()).limit(1)
    row = connection.execute(asked).first()
    return Version(row.id, row.uses, bool(row.stays)) if row is not None else NOTHING


def weights_of(connection: Connection, version: int) -> Learnt | None:
    """What that version adds to the shipped weights; None: nothing, or what it learnt from was erased. Bytes that are
    no weights add nothing either: `verify` names them, and no mail waits for that."""
    body = connection.scalar(select(table.c.body).where(table.c.id == version)) if version else None
    return None if body is None else unpacked(version, bytes(body))


def judge_now(connection: Connection, judge: Judge, version: Version | None = None) -> Judge:
    """The judge as this installation has taught it."""
    found = version or last(connection)
    return replace(judge, learnt=weights_of(connection, found.uses))


def keep(writer: Writer, learnt: Learnt, figures: Mapping[str, Any], by: str) -> int:
    """A new version, in force from now on."""
    number = last(writer.connection).id + 1
    body = packed(learnt)
    digest = hashlib.sha256(body).hexdigest()
    _add(writer, number, by, number, False, figures, digest, zlib.compress(body, 9))
    writer.event("learnt", by=by, version=number, digest=digest, figures=dict(figures))
    return number


def take_back(writer: Writer, uses: int, by: str, *, stays: bool) -> int:
    """From now on that version's weights hold, or the shipped ones alone."""
    before = last(writer.connection)
    number = before.id + 1
    _add(writer, number, by, uses, stays, {}, None, None)
    writer.event("learning_undone", by=by, version=number, took_back=before.uses, uses=uses, stays=stays)
    return number


def _add(
    writer: Writer,
    number: int,
    by: str,
    uses: int,
    stays: bool,
    figures: Mapping[str, Any],
    digest: str | None,
    body: bytes | None,
) -> None:
    row = {"id": number, "at": writer.now, "by": by, "uses": uses, "stays": stays}
    writer.add(table, {**row, "figures": dict(figures), "digest": digest, "body": body})


def looked_at(connection: Connection) -> datetime | None:
    """When it was last tried to learn."""
    kept = schema.setting
    return instant_of(connection.scalar(select(kept.c.value).where(kept.c.key == LOOKED)))


def looked(writer: Writer, why: str) -> None:
    """It was tried now; `why` nothing came of it, or ''."""
    kept = schema.setting
    for key, value in ((LOOKED, instant_text(writer.now)), (SAID, why)):
        if not writer.execute(update(kept).where(kept.c.key == key).values(value=value)).rowcount:
            writer.execute(insert(kept).values(key=key, value=value))


def before(connection: Connection, uses: int) -> int:
    """The version that was learnt before that one and has its weights still; the shipped ones where there is none."""
    asked = select(table.c.id).where(table.c.id < uses, table.c.uses == table.c.id, table.c.body.is_not(None))
    return int(connection.scalar(asked.order_by(table.c.id.desc()).limit(1)) or SHIPPED)


def has_weights(connection: Connection, version: int) -> bool:
    asked = select(table.c.id).where(table.c.id == version, table.c.body.is_not(None))
    return version == SHIPPED or connection.scalar(asked) is not None
