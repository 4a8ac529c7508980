"""Send what is due for one mailbox: `sending` committed before the first byte, the outcome after.

Outcomes are committed together when a batch is through, and with them the claim on the next; a letter whose outcome
could not be committed stays `sending`, and becomes a doubt that evidence settles — it is never sent again because a
commit failed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from complaintmail.cases.people import People
from complaintmail.cases.post import Outcome, Result
from complaintmail.cases.settle import Verdict
from complaintmail.errors import ComplaintmailError
from complaintmail.gateways.ports import Postbox
from complaintmail.log import Log
from complaintmail.passes.quiet import keep_for_their_hours
from complaintmail.policy.policy import Policy
from complaintmail.store import casebook, doubted, outbox
from complaintmail.store.engine import Store
from complaintmail.store.outbox import Claimed
from complaintmail.store.record import Writer

log = Log("dispatch")

BATCH = 50
LAST_TRIES = 10  # at 30 s each while another process holds the database
ALONE = 1  # without evidence a crash would leave the whole batch in doubt, so letters go one to a batch


@dataclass(slots=True)
class Dispatcher:
    """Sends one mailbox's letters. Belongs to one thread, with its Postbox."""

    store: Store
    postbox: Postbox
    address: str
    owner: str  # this daemon's name on its claims
    evidence: str
    policy: Policy
    people: People
    now: Callable[[], datetime]
    may_send: Callable[[], bool]
    unsettled: list[tuple[Claimed, Outcome]]  # outcomes known, not yet committed
    failure: str | None = None
    login_refused: bool = False
    _lost_sight: bool = False  # a batch was begun, and what became of it was not written

    def run(self) -> int:
        """Send what is due now; how many letters were tried. Stops when nothing is due or the server is not there."""
        tried = 0
        self.commit_known()
        if self._lost_sight:
            doubted.left_behind(self.store, self.address, self.owner, self.now())
            self._lost_sight = False
        batch: list[Claimed] = []
        if self.may_send():
            keep_for_their_hours(self.store, self.address, self.policy, self.people, self.now())
            self._lost_sight = True
            batch = outbox.claim(self.store, self.address, self._at_once, self.now(), self.owner, self.evidence)
        while batch:
            by_id = {claimed.outgoing.letter_id: claimed for claimed in batch}
            outcomes: list[Outcome] = []

            def done(outcome: Outcome, by_id: dict[str, Claimed] = by_id, outcomes: list[Outcome] = outcomes) -> None:
                outcomes.append(outcome)
                self.unsettled.append((by_id[outcome.letter_id], outcome))

            self.postbox.send([claimed.outgoing for claimed in batch], may_send=self._may_send, done=done)
            tried += len(batch)
            unreached = [outcome for outcome in outcomes if outcome.result is Result.UNTRIED]
            self.failure = unreached[0].reply if unreached else None
            self.login_refused = any(outcome.phase == "auth" for outcome in unreached)
            batch = self._commit_and_claim(more=not unreached and self.may_send())
        self._lost_sight = False
        return tried

    @property
    def _at_once(self) -> int:
        return BATCH if self.evidence in ("bcc", "sent") else ALONE

    def _commit_and_claim(self, more: bool) -> list[Claimed]:
        if not more:
            self.commit_known()
            return []
        now, known = self.now(), self.unsettled
        batch = outbox.settle_and_claim(
            self.store, known, now, self._put_to_a_person, self.address, self._at_once, self.owner, self.evidence
        )
        self.unsettled.clear()
        return batch

    def _may_send(self, _letter_id: str) -> bool:
        return self.may_send()

    def commit_known(self) -> None:
        """Commit what is known. Fails only as TemporaryFailure, and then keeps it for the next turn."""
        if not self.unsettled:
            return
        outbox.settle(self.store, self.unsettled, self.now(), self._put_to_a_person)
        self.unsettled.clear()

    def finish(self) -> None:
        """Before the end: what is known of letters just sent has to be written, even when the database is busy."""
        for _ in range(LAST_TRIES):
            if not self.unsettled:
                return
            with contextlib.suppress(ComplaintmailError):
                self.commit_known()

    def _put_to_a_person(self, writer: Writer, claimed: Claimed, verdict: Verdict) -> None:
        log.warning("letter_refused", letter=claimed.outgoing.letter_id)
        log.debug("letter_refused", letter=claimed.outgoing.letter_id, why=verdict.reason)  # often names the address
        officer = self.people.officer(self.policy, self.policy.first)
        why = f"its answer could not be delivered ({verdict.reason}): reach them another way"
        casebook.owe_undelivered(writer, claimed.outgoing.letter_id, why, self.policy, officer)
