"""What hangs on the compliments board, read without SQLAlchemy: words and days, and a name only where it was allowed.

Nothing else of a case is read, so that nothing else can get onto the wall. Praise that turned out to be no praise is
not among it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from complaintmail.store.instants import instant_of
from complaintmail.store.reading import Reader


@dataclass(frozen=True, slots=True)
class Hangs:
    words: str
    on: date
    name: str


def hanging(reader: Reader, policies: Sequence[str], zone: ZoneInfo, most: int) -> tuple[list[Hangs], int]:
    """The newest that hang, the newest first, and how many there are in all."""
    if not policies:
        return [], 0
    where = (
        "FROM praise p JOIN cases c ON c.id = p.case_id WHERE p.board = 'shown' AND c.kind = 'compliment' "
        f"AND c.policy IN ({', '.join('?' * len(policies))})"
    )
    rows = reader.rows(
        f"SELECT p.words, c.received_at, p.named {where} ORDER BY c.received_at DESC, c.id DESC LIMIT ?",
        (*policies, most),
    )
    return [Hangs(words, _day(at, zone), named or "") for words, at, named in rows], int(
        reader.value(f"SELECT count(*) {where}", tuple(policies)) or 0
    )


def _day(at: object, zone: ZoneInfo) -> date:
    moment = instant_of(at)
    assert moment is not None
    return moment.astimezone(zone).date()
