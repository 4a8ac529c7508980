"""The whole program, put together: what the passes and the daemon work with. `wiring` builds it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from complaintmail.clock import Clock
from complaintmail.config.model import Config, Mailbox
from complaintmail.gateways.ports import Inbox, Postbox
from complaintmail.passes.collect import Collector
from complaintmail.passes.dispatch import Dispatcher
from complaintmail.passes.doubts import Doubts
from complaintmail.passes.intake import Intake
from complaintmail.passes.staff_papers import Papers
from complaintmail.policy.policy import Policy
from complaintmail.store.engine import Store
from complaintmail.store.ownership import Ownership
from complaintmail.triage.rules import Rules


@dataclass(slots=True)
class Work:
    """Everything that one mailbox needs."""

    box: Mailbox
    policy: Policy
    inbox: Inbox
    postbox: Postbox
    collector: Collector
    dispatcher: Dispatcher
    doubts: Doubts
    sent: Collector | None = None  # of the folder where staff's own answers lie; None: there is no other folder

    @property
    def address(self) -> str:
        return self.box.address

    @property
    def folder(self) -> str:
        return self.box.imap.folders.inbox

    def close(self) -> None:
        for door in (self.inbox, self.postbox, *([self.sent.inbox] if self.sent else ())):
            with contextlib.suppress(Exception):  # closing: nothing that goes wrong now matters
                door.close()


@dataclass(slots=True)
class Office:
    """The whole program, ready to work."""

    config: Config
    clock: Clock
    store: Store
    ownership: Ownership
    intake: Intake
    works: tuple[Work, ...]
    owner: str

    @property
    def papers(self) -> dict[str, Papers]:
        """Each mailbox's letters and notices that follow from staff's words."""
        return {address: desk.instruction.papers for address, desk in self.intake.desks.items()}

    @property
    def rules(self) -> dict[str, Rules]:
        """By which each mailbox's mail is judged, where those are not the shipped ones alone."""
        judges = {address: desk.house.judge for address, desk in self.intake.desks.items()}
        return {address: judge.rules for address, judge in judges.items() if judge is not None}

    def close(self) -> None:
        for work in self.works:
            work.close()
        self.ownership.close()
        self.store.close()
