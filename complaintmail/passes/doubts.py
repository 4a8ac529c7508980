"""Settle what was in doubt: letters whose daemon stopped, or whose server went silent, after the last byte.

Evidence comes by itself (the copy is collected and recognised); this pass looks once more, in the inbox and the Sent
folder, before it sends a letter a second time, and only after the mailbox was read to its end since `settle`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from complaintmail.cases.people import People
from complaintmail.cases.settle import in_doubt
from complaintmail.errors import ComplaintmailError
from complaintmail.gateways.ports import Inbox
from complaintmail.log import Log
from complaintmail.policy.policy import Policy
from complaintmail.store import casebook, doubted, outbox
from complaintmail.store.doubted import Doubtful
from complaintmail.store.engine import Store

log = Log("doubts")


@dataclass(frozen=True, slots=True)
class Doubts:
    """Looks after one mailbox's letters in doubt."""

    store: Store
    address: str
    owner: str
    policy: Policy
    people: People
    sent_folder: str
    settle: timedelta
    doubt_wait: timedelta
    now: Callable[[], datetime]

    def note_lost(self) -> int:
        """Letters that another life of this daemon left `sending` are in doubt."""
        return doubted.lost_owners(self.store, [self.address], self.owner, self.now())

    def run(self, inbox: Inbox, read_to_the_end_at: datetime | None) -> int:
        """Settle what can be settled; how many letters were."""
        now = self.now()
        with self.store.reading() as connection:
            waiting = doubted.doubtful(connection, [self.address])
        if any(doubt.claimed_at > now + outbox.CLOCK_WENT_BACK for doubt in waiting):
            doubted.reckon_anew(self.store, [doubt for doubt in waiting if doubt.claimed_at > now], now)
            return 0
        return sum(self._one(doubt, inbox, read_to_the_end_at) for doubt in waiting)

    def _one(self, doubt: Doubtful, inbox: Inbox, read_at: datetime | None) -> bool:
        now = self.now()
        verdict = in_doubt(doubt.kind, doubt.resends, doubt.claimed_at, self.doubt_wait, now)
        if verdict is None or read_at is None or read_at < doubt.claimed_at + self.settle:
            return False
        found = self._look(doubt, inbox, ("inbox", self.sent_folder))
        if found is None:
            return False
        with self.store.writing(now) as writer:
            if found:
                outbox.mark_sent(
                    writer, doubt.id, doubt.case_id, doubt.kind, doubt.answers,
                    reply=None, evidence="sent", sent_at=now, found=found,
                )  # fmt: skip
                return True
            doubted.resolve(writer, doubt, verdict)
            if verdict.attend:
                officer = self.people.officer(self.policy, self.policy.first)
                why = f"its answer was {verdict.reason}"
                casebook.owe_undelivered(writer, doubt.id, why, self.policy, officer)
                writer.event("put_to_a_person", by="complaintmail", case_id=doubt.case_id, letter=doubt.id)
        log.event("doubt_settled", letter=doubt.id, state=verdict.state)
        return True

    def _look(self, doubt: Doubtful, inbox: Inbox, folders: Sequence[str]) -> str | None:
        """Where a copy lies; '' for nowhere; None when the server could not be asked."""
        for folder in folders:
            try:
                if inbox.find(doubt.message_id, folder):
                    return f"a copy lies in the {'inbox' if folder == 'inbox' else 'Sent folder'}"
            except ComplaintmailError as failure:
                log.event("evidence_not_looked_for", letter=doubt.id, why=str(failure))
                return None
        return ""
