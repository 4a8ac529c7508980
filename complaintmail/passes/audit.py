"""Each week a few of the mails that were let go are put to whoever decides about new complaints, so that what the
program wrongly lets go comes to light. A mail that names them is none of these.

Which ones: by their own digests, so by chance and yet the same whoever looks. Once for each mailbox and week, in that
person's hours; the letter's number says so, and a crash before its commit leaves it to the next look.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from complaintmail.cases.hours import awake
from complaintmail.cases.post import NoticeKind
from complaintmail.letters.audit import LetGo, rightly_let_go
from complaintmail.log import Log
from complaintmail.passes.staff_papers import Papers
from complaintmail.store import outbox, taught
from complaintmail.store.engine import Store
from complaintmail.triage.named import named_in

log = Log("audit")
EACH_WEEK = 5
BEGINNING = 240  # characters of a mail
A_WEEK = timedelta(days=7)


def ask_of_let_go(store: Store, papers: Mapping[str, Papers], mailboxes: Sequence[str], now: datetime) -> int:
    """Owe the letter about last week where it is still to be owed; how many were."""
    return sum(_ask(store, papers[mailbox], mailbox, now) for mailbox in mailboxes if mailbox in papers)


def _ask(store: Store, papers: Papers, mailbox: str, now: datetime) -> int:
    policy, today = papers.policy, now.astimezone(papers.zone).date()
    monday = today - timedelta(days=today.weekday())
    person = papers.people.at(papers.people.officer(policy, policy.first, on=today).email)
    if person is None or not awake(person, now, policy.timezone):
        return 0
    until = datetime.combine(monday, time(), papers.zone)
    number = _number(mailbox, monday)
    with store.reading() as connection:
        if outbox.is_owed(connection, NoticeKind.AUDIT, number):
            return 0
        rows = taught.to_audit(connection, mailbox, until - A_WEEK, until, 2 * EACH_WEEK)
    people = papers.people.persons
    rows = [row for row in rows if all(one.email != person.email for one in named_in(row.new_text, people))][:EACH_WEEK]
    if not rows:
        return 0
    mails = [
        LetGo(row.id, row.received_at, row.from_address or "", row.subject, row.kind, _beginning(row.new_text))
        for row in rows
    ]
    with store.writing(now) as writer:
        if outbox.is_owed(writer.connection, NoticeKind.AUDIT, number):
            return 0
        papers.send(writer, person.email, NoticeKind.AUDIT, number, rightly_let_go(mails, papers.zone))
    log.event("audit_owed", mailbox=mailbox, mails=len(mails))
    return 1


def _number(mailbox: str, monday: date) -> int:
    """One letter for each mailbox and week."""
    return int(hashlib.sha256(f"{mailbox}\n{monday}".encode()).hexdigest()[:13], 16)


def _beginning(words: str) -> str:
    line = " ".join(words[: 4 * BEGINNING].split())
    return line if len(line) <= BEGINNING else line[: BEGINNING - 2].rsplit(" ", 1)[0] + " …"
