"""What was learnt, version by version: kept, read, taken back. The last row is in force.

A row is never changed, and its weights only go when what they were learnt from is erased. Taking back adds a row that
uses an earlier one's weights, or the shipped ones alone (0). Each row has its event; `digest` is what the record
remembers of the weights.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from complaintmail.store import schema
from complaintmail.store.columns import canonical
from complaintmail.store.instants import instant_of, instant_text
from complaintmail.store.record import Writer
from complaintmail.triage.judge import Bands, Judge, Learnt

LOOKED = "learning looked"  # the setting that says when it was last tried
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
    try:
        return None if body is None else unpacked(version, bytes(body))
    except (zlib.error, ValueError, KeyError, TypeError):
        return None


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


def packed(learnt: Learnt) -> bytes:
    """The weights as the record hashes them."""
    bands = learnt.bands
    return canonical(
        {
            "bias": learnt.bias,
            "weights": dict(learnt.weights),
            "scale": None if learnt.scale is None else list(learnt.scale),
            "bands": None if bands is None else [bands.open, bands.release, bands.release_on],
        }
    ).encode("ascii")


def unpacked(version: int, body: bytes) -> Learnt:
    said = json.loads(zlib.decompress(body))
    scale, bands = said["scale"], said["bands"]
    return Learnt(
        version=str(version),
        bias=said["bias"],
        weights=said["weights"],
        bands=None if bands is None else Bands(*bands),
        scale=None if scale is None else (scale[0], scale[1]),
    )


def looked_at(connection: Connection) -> datetime | None:
    """When it was last tried to learn."""
    kept = schema.setting
    return instant_of(connection.scalar(select(kept.c.value).where(kept.c.key == LOOKED)))


def looked(writer: Writer) -> None:
    """It was tried now, whatever came of it."""
    kept = schema.setting
    value = instant_text(writer.now)
    if not writer.execute(update(kept).where(kept.c.key == LOOKED).values(value=value)).rowcount:
        writer.execute(insert(kept).values(key=LOOKED, value=value))
