"""A person's word on a letter that waits: try it again, let it go, or let it be."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from complaintmail.store import schema
from complaintmail.store.record import Writer

letter = schema.letter


def by_hand(writer: Writer, letter_id: str, word: str, by: str) -> str | None:
    """`retry`, `release` or `cancel` a letter; why not, when it cannot be."""
    row = writer.connection.execute(
        select(letter.c.id, letter.c.case_id, letter.c.state).where(letter.c.id == letter_id)
    ).first()
    if row is None:
        return f"there is no letter {letter_id}"
    allowed = {
        "retry": ("queued", "refused", "doubt"),
        "release": ("held",),
        "cancel": ("queued", "held", "doubt", "refused"),
    }[word]
    if row.state not in allowed:
        return f"letter {letter_id} is {row.state}: {word} takes one that is {' or '.join(allowed)}"
    if word == "cancel":
        changes: dict[str, Any] = {"state": "cancelled", "next_try_at": None, "reason": f"cancelled by {by}"}
    else:
        changes = {"state": "queued", "next_try_at": writer.now, "reason": None, "released_at": writer.now}
        if row.state == "doubt":
            changes["resends"] = 1  # this is its second sending: another doubt waits for a person
    writer.change(letter, {"id": letter_id}, changes)
    writer.event(f"letter_{word}", by=by, case_id=row.case_id, letter=letter_id)
    return None
