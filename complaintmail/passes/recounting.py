"""After a policy's file has changed: its owner is asked, once, whether the dates of open cases move with it.

Looked at when a mailbox is first worked on after a start, since a file is read then. The letter's number is the
file's version, so another start says nothing again, and a crash before the commit leaves it to the next.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from complaintmail.cases.post import NoticeKind
from complaintmail.cases.recounting import moved
from complaintmail.cases.scene import CaseNow
from complaintmail.letters.recounting import Line, recounts
from complaintmail.log import Log
from complaintmail.passes.staff_papers import Papers
from complaintmail.store import outbox, scenes, schema
from complaintmail.store.engine import Store

log = Log("recounting")
case, duty = schema.case, schema.obligation


def ask_to_recount(store: Store, papers: Mapping[str, Papers], mailboxes: Sequence[str], now: datetime) -> int:
    """Owe each policy's owner their notice where open cases would have other dates; how many were owed."""
    return sum(_ask(store, papers[mailbox], mailbox, now) for mailbox in mailboxes if mailbox in papers)


def _ask(store: Store, papers: Papers, mailbox: str, now: datetime) -> int:
    policy = papers.policy
    asked = (
        select(case.c.id)
        .join(duty, duty.c.case_id == case.c.id)
        .where(schema.written_out(duty.c.state, "open"), duty.c.due_at >= now, duty.c.mailbox == mailbox)
        .where(case.c.policy == policy.name, case.c.policy_version != policy.version)
        .distinct()
    )
    with store.reading() as connection:
        found = connection.scalars(asked.order_by(case.c.id)).all()
        lines: dict[str, list[Line]] = defaultdict(list)
        for case_id in found:
            one = scenes.case_now(connection, case_id)
            line = _line(papers, one, now)
            on = now.astimezone(papers.zone).date()
            owner = papers.people.officer(policy, policy.owner, on=on, without=one.excluded)
            if line is not None and owner.email:
                lines[owner.email].append(line)
        number = _number(mailbox, policy.version)
        fresh = [to for to in lines if not outbox.is_owed(connection, NoticeKind.RECOUNT, number, to)]
    if not fresh:
        return 0
    with store.writing(now) as writer:
        papers.keep_policy(writer, policy)
        for to in fresh:
            papers.send(writer, to, NoticeKind.RECOUNT, number, recounts(policy.title, lines[to]))
    log.event("policy_changed", mailbox=mailbox, cases=sum(len(lines[to]) for to in fresh))
    return len(fresh)


def _line(papers: Papers, one: CaseNow, now: datetime) -> Line | None:
    row = one.row
    found = moved(
        papers.policy, row["received_at"], str(row["severity"]), one.duties, now, agreed=bool(row["agreed"])
    )  # fmt: skip
    zone = papers.zone
    days = tuple(
        (each.kind, each.before.astimezone(zone), each.counted.due_at.astimezone(zone), each.counted.why)
        for each in found
    )
    return Line(one.reference, days) if days else None


def _number(mailbox: str, version: str) -> int:
    """One notice for each mailbox and version of its file."""
    return int(hashlib.sha256(f"{mailbox}\n{version}".encode()).hexdigest()[:13], 16)
