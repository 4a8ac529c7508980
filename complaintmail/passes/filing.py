"""Move evidence copies to the Sent folder, read, where staff expect to see what was sent.

Recorded after the server has moved them; a crash between leaves them `wanted`, and moving a mail that is gone is no
error, so the pass can be repeated at will. A folder that cannot be had leaves the copies where they are.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from complaintmail.gateways.ports import Inbox
from complaintmail.store import journal
from complaintmail.store.engine import Store

BATCH = 200


def file_copies(store: Store, inbox: Inbox, address: str, folder: str, sent: str, now: Callable[[], datetime]) -> int:
    """File what waits in this mailbox; how many copies."""
    mark = None
    total = 0
    while True:
        with store.reading() as connection:
            at = journal.cursor(connection, address, folder)
            waiting = journal.to_file(connection, address, folder, at.uidvalidity, BATCH) if at else []
        if not waiting or at is None:
            return total
        if mark is None:
            mark = inbox.mark()
            if mark.uidvalidity != at.uidvalidity:
                return total
        inbox.file([uid for _, uid in waiting], sent)
        journal.filed(store, [entry for entry, _ in waiting], now())
        total += len(waiting)
