"""Which open duties are late: past their last moment, unless their days stand still while an answer is waited for.

The same for every list and count, and for the reminders' own reckoning (passes/reminders). What a policy owes itself
is late in `due` and no fault of the machine's: `status` leaves it out.
"""

from __future__ import annotations

from datetime import datetime

from complaintmail.cases.kinds import OF_THE_POLICY, PAUSABLE
from complaintmail.store.reading import Reader

_KINDS = ", ".join(f"'{kind}'" for kind in PAUSABLE)
_OWN = ", ".join(f"'{kind}'" for kind in sorted(OF_THE_POLICY))
# Of the duty `o`: its case waits, its policy lets the days stand still, and it was not late before.
STANDS_STILL = (
    f"(o.kind IN ({_KINDS}) AND EXISTS (SELECT 1 FROM cases w WHERE w.id = o.case_id AND w.pauses "
    "AND w.status = 'waiting' AND o.due_at >= w.waiting_since))"
)
LATE = f"(o.due_at < ? AND NOT {STANDS_STILL})"  # takes the moment of now
OF_CASES = f"o.kind NOT IN ({_OWN})"


def how_many_late(reader: Reader, now: datetime) -> int:
    """What is late on cases."""
    asked = f"SELECT COUNT(*) FROM obligation o WHERE o.state = 'open' AND {LATE} AND {OF_CASES}"
    return int(reader.value(asked, (reader.moment(now),)))
