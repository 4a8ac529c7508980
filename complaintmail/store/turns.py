"""How each turn at a mailbox went, as `status` tells it. A folder that could not even be begun is remembered too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, literal, update

from complaintmail.store import schema
from complaintmail.store.engine import Store
from complaintmail.store.journal import NOT_BEGUN
from complaintmail.store.record import Writer

mailbox_state = schema.mailbox_state


def note_pass(store: Store, address: str, folder: str, now: datetime, failure: str | None, *, write_good: bool) -> None:
    """How a mailbox's turn went, for `status`. A good turn is written at most now and then (`write_good`)."""
    state = mailbox_state
    where = (state.c.address == address, state.c.folder == folder)
    values: dict[str, Any]
    if failure is None:
        if not write_good:
            return
        values = {"last_pass_at": now, "last_good_at": now, "failure": None, "failing_since": None}
    else:
        values = {
            "last_pass_at": now,
            "failure": failure,
            "failing_since": func.coalesce(state.c.failing_since, literal(now, schema.Instant())),
        }
    with store.writing(now) as writer:
        noted = writer.execute(update(state).where(*where).values(values))
        if noted.rowcount == 0 and failure is not None:
            _tried(writer, address, folder, failure, now)


def note_sent_folder(store: Store, address: str, folder: str, now: datetime, failure: str | None) -> None:
    """Can the folder for sent mail be read? Its turns are no turns of the mailbox, so they leave no date."""
    state = mailbox_state
    since = None if failure is None else func.coalesce(state.c.failing_since, literal(now, schema.Instant()))
    here = update(state).where(state.c.address == address, state.c.folder == folder)
    with store.writing(now) as writer:
        noted = writer.execute(here.values(failure=failure, failing_since=since))
        if noted.rowcount == 0 and failure is not None:
            _tried(writer, address, folder, failure, None)


def _tried(writer: Writer, address: str, folder: str, failure: str, last_pass_at: datetime | None) -> None:
    """A folder that could not be begun: remembered, since what comes to it from now on is not old mail."""
    now = writer.now
    tried = {"since": now.replace(microsecond=0), "uidvalidity": NOT_BEGUN, "last_uid": 0, "careful_below": 0}
    told = {"last_pass_at": last_pass_at, "failing_since": now, "failure": failure}
    writer.execute(insert(mailbox_state).values(address=address, folder=folder, **tried, **told))
