"""What a mail means for the case that it is on, written: its deed, and the letter that it makes to somebody else."""

from __future__ import annotations

from complaintmail.cases.changes import Decision
from complaintmail.cases.continuing import deed_of
from complaintmail.cases.deeds import Write
from complaintmail.cases.people import Officer, People
from complaintmail.passes.lettering import Lettering
from complaintmail.policy.policy import Policy
from complaintmail.store import instructed, scenes
from complaintmail.store.journal import Entry
from complaintmail.store.record import Writer


def goes_on(
    writer: Writer,
    entry: Entry,
    who: str | None,
    decision: Decision,
    case_id: int | None,
    lettering: Lettering,
    policy: Policy,
    people: People,
    officer: Officer,
) -> None:
    """In the mail's own commit, after it was kept; nothing where it means no more than itself."""
    found = decision.continues
    if found is None or case_id is None:
        return
    writer.so_far()
    case = scenes.case_now(writer.connection, case_id)
    deed = deed_of(found, case, policy, entry.received_at, f"mail {entry.id}")
    by = who or "complainant"
    applied = instructed.apply(writer, deed, found.what, case, policy, people, by, entry.id, actor="mail")
    for paper in applied.paper:
        if isinstance(paper, Write) and case.row["contact"] not in ("never", "post"):
            lettering.with_words(writer, applied.row, paper, case.mails, policy, officer, author="complaintmail")
    writer.so_far()
