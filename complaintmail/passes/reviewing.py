"""A policy's own review, and the yearly look at the outside bodies that it names: owed by its owner when they are due.

Opened as duties that belong to no case, so that `due` lists them and the reminders' own pass mails them, with the
year's figures, until somebody says `#reviewed` or the policy's file has a later date. A mailbox that has only just
begun is left alone for a day: there is nothing to tell yet. One mailbox speaks for a policy that several keep.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from complaintmail.cases.kinds import BODIES, OF_THE_POLICY, REVIEW
from complaintmail.cases.people import Officer
from complaintmail.cases.reviewing import Wanted, wanted
from complaintmail.letters.review import Due, review
from complaintmail.letters.told import Paper
from complaintmail.log import Log
from complaintmail.passes.staff_papers import Papers
from complaintmail.policy.concerns import concerns, in_short
from complaintmail.policy.policy import Owed, Policy
from complaintmail.policy.windows import add_months
from complaintmail.store import casebook, schema
from complaintmail.store.engine import Store
from complaintmail.store.figures import figures_of
from complaintmail.store.record import Writer

log = Log("reviewing")
duty, event = schema.obligation, schema.event
A_DAY = timedelta(days=1)


def owe_reviews(store: Store, papers: Mapping[str, Papers], mailboxes: Sequence[str], now: datetime) -> int:
    """Open, move or let go what each policy owes itself; how many were changed."""
    speaks = {one.policy.name: mailbox for mailbox, one in reversed(list(papers.items()))}
    mine = [mailbox for mailbox in mailboxes if mailbox in papers and speaks[papers[mailbox].policy.name] == mailbox]
    return sum(_look(store, papers[mailbox], _keeping(papers, papers[mailbox].policy), now) for mailbox in mine)


def _keeping(papers: Mapping[str, Papers], policy: Policy) -> list[str]:
    """The mailboxes that keep this policy: another of them may have spoken for it before."""
    return [mailbox for mailbox, one in papers.items() if one.policy.name == policy.name]


def _look(store: Store, papers: Papers, keeping: Sequence[str], now: datetime) -> int:
    today = now.astimezone(papers.zone).date()
    with store.reading() as connection:
        began = connection.scalar(select(event.c.at).order_by(event.c.id).limit(1))
        if began is None or now - began < A_DAY:
            return 0
        asked = select(duty.c.id, duty.c.kind, duty.c.state, duty.c.due_at, duty.c.met_at).where(
            duty.c.case_id.is_(None), duty.c.kind.in_(sorted(OF_THE_POLICY)), duty.c.mailbox.in_(keeping)
        )
        rows = connection.execute(asked.order_by(duty.c.id)).all()
    done = {row.kind: row.met_at.astimezone(papers.zone).date() for row in rows if row.state == "met"}
    open_now = {row.kind: row for row in rows if row.state == "open"}
    due = {one.kind: one for one in wanted(papers.policy, done, today)}
    stale = [row for kind, row in open_now.items() if kind not in due or row.due_at != due[kind].counted.due_at]
    new = [one for kind, one in due.items() if kind not in open_now or open_now[kind] in stale]
    if not stale and not new:
        return 0
    with store.writing(now) as writer:
        for row in stale:
            why = "the policy's file has another date"
            writer.change(duty, {"id": row.id}, {"state": "void", "evidence": why})
            writer.event("policy_review_moved", by="complaintmail", duty=row.kind, policy=papers.policy.name)
        for one in new:
            _open(writer, papers, one)
    return len(stale) + len(new)


def _open(writer: Writer, papers: Papers, one: Wanted) -> None:
    policy = papers.policy
    owed, day = Owed(one.kind, one.clause, policy.owner, one.counted), one.counted.due_on
    casebook.owe(writer, owed, policy, papers.people, papers.mailbox, None, None, round_=day.toordinal())
    papers.keep_policy(writer, policy)
    writer.event(
        "policy_review_owed",
        by="complaintmail",
        duty=one.kind,
        policy=policy.name,
        due_on=day.isoformat(),
    )
    log.event("policy_review_owed", policy=policy.name, duty=one.kind)


def paper_of(writer: Writer, papers: Papers, row: Any, to: Officer) -> Paper:
    """What this duty says today, to whoever owes it."""
    policy, now = papers.policy, writer.now
    today = now.astimezone(papers.zone).date()
    found = in_short(concerns(policy, today))
    bodies = row.kind == BODIES
    shown = [one for one in found if one.place.startswith("body ") == bodies or row.kind == REVIEW]
    due = Due(
        row.kind, row.due_at.astimezone(papers.zone).date(), row.why, today,
        tuple(str(one) for one in shown if one.place != "review_on"),
    )  # fmt: skip
    if bodies:
        return review(policy, due, None)
    until = today + A_DAY
    told = figures_of(writer.connection, policy, papers.people, to.email or "", add_months(until, -12), until, now)
    return review(policy, due, told)
