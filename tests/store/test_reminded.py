"""What reminders ask of the database, on both: whose turn it is, what was said, who does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from complaintmail.cases.changes import Attend
from complaintmail.cases.people import Officer
from complaintmail.policy.load import find
from complaintmail.policy.policy import Counted
from complaintmail.store import casebook, outbox, reminded, schema
from complaintmail.store.engine import Store

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
BOX, OTHER = "info@example.test", "other@example.test"
CMS = find("cms", None)
DANA = Officer("operations-director", "Operations Director", "Dana", "dana@staff.test")
_ids = count(1)


def owed(store: Store, due: datetime | None, *, box: str = BOX) -> int:
    """A duty without a case, spoken of for the first time when the policy has it."""
    n = next(_ids)
    counted = Counted(due.date(), due, "counted") if due else None
    with store.writing(NOW) as writer:
        asked = Attend("look at it", counted, "", "operations-director")
        casebook.owe_attendance(writer, asked, CMS, DANA, box, None, None, n)
        writer.event("asked", by="a test")
        writer.so_far()
        [found] = writer.connection.scalars(
            schema.obligation.select().with_only_columns(schema.obligation.c.id).order_by(schema.obligation.c.id.desc())
        ).all()[:1]
    return int(found)


def put(store: Store, at: datetime, to: str, *, kind: str = "overdue", seq: int = 0, **more: Any) -> None:
    n = next(_ids)
    row = {
        "id": f"letter{n}", "case_id": None, "answers": None, "audience": "staff", "kind": kind, "seq": seq or n,
        "mailbox": BOX, "recipient": to, "message_id": f"<{n}@example.test>", "subject": "s", "text": "t",
        "template": "notice", "due_at": None,
    }  # fmt: skip
    with store.writing(at) as writer:
        outbox.put(writer, row | more, b"bytes", hold=None)
        writer.event("told", by="a test")


def turns(store: Store, at: datetime, limit: int = 50) -> list[int]:
    with store.reading() as connection:
        return [duty for duty, _ in reminded.whose_turn(connection, [BOX], at, limit)]


@pytest.fixture
def duties(store: Store) -> Iterator[tuple[Store, int, int]]:
    """One that is due on Friday 20 November, one without a date; and one of another mailbox."""
    dated, undated = owed(store, NOW + timedelta(days=2)), owed(store, None)
    owed(store, NOW + timedelta(days=2), box=OTHER)
    yield store, dated, undated


def test_a_duty_s_turn_comes_at_its_moment_and_goes_with_its_end(duties: tuple[Store, int, int]) -> None:
    store, dated, undated = duties

    assert turns(store, NOW + timedelta(days=1)) == []
    assert turns(store, NOW + timedelta(days=2)) == [dated]
    assert turns(store, NOW + timedelta(days=9)) == [dated, undated]
    assert turns(store, NOW + timedelta(days=9), limit=1) == [dated]
    with store.writing(NOW) as writer:
        writer.change(schema.obligation, {"id": dated}, {"state": "met", "met_at": NOW, "evidence": "done"})
        writer.event("met", by="a test")
    assert turns(store, NOW + timedelta(days=9)) == [undated]


def test_what_was_met_or_spoken_of_since_we_looked_is_left_alone(duties: tuple[Store, int, int]) -> None:
    store, dated, undated = duties
    later = NOW + timedelta(days=9)
    with store.writing(later) as writer:
        reminded.spoken(writer, undated, later + timedelta(days=7), 1)
        row = reminded.still(writer.connection, dated, later)
        gone = reminded.still(writer.connection, undated, later)

    assert (row.id, gone) == (dated, None)


def test_only_what_was_said_since_it_is_late_counts_as_said_late(duties: tuple[Store, int, int]) -> None:
    store, dated, _ = duties
    due = NOW + timedelta(days=2)
    for step, at in enumerate((due - timedelta(days=1), due + timedelta(days=1), due + timedelta(days=3))):
        for who in ("dana@staff.test", "bea@staff.test"):
            put(store, at, who, seq=reminded.number(dated, step))
    with store.writing(NOW) as writer:
        reminded.spoken(writer, dated, NOW, 3)

    with store.writing(NOW) as writer:
        row = reminded.still(writer.connection, dated, NOW)
        assert reminded.said_late(writer.connection, row) == 2
        told = reminded.told_of(writer.connection, None, reminded.number(dated, 1))
        assert told == {"dana@staff.test", "bea@staff.test"}


def test_whoever_s_mail_came_back_of_late_or_who_is_away_does_not_answer(store: Store) -> None:
    put(store, NOW - timedelta(days=1), "back@staff.test", bounced_at=NOW)
    put(store, NOW - timedelta(days=1), "refused@staff.test", state="refused")
    put(store, NOW - timedelta(days=9), "longago@staff.test", bounced_at=NOW - timedelta(days=9))
    put(store, NOW - timedelta(hours=9), "fine@staff.test", state="sent")
    with store.writing(NOW) as writer:
        for email, absent in (("away@staff.test", 2), ("once@staff.test", 1)):
            writer.execute(schema.person_state.insert().values(email=email, absent=absent))

    names = ("Back@staff.test", "refused@staff.test", "longago@staff.test", "fine@staff.test")
    with store.reading() as connection:
        found = reminded.silent(connection, names, NOW, 2)
        today = [reminded.said_today(connection, email, NOW) for email in ("fine@staff.test", "longago@staff.test")]

    assert found == {"back@staff.test", "refused@staff.test", "away@staff.test"}
    assert today == [1, 0]
