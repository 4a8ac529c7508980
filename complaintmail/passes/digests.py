"""The list that each member of staff gets at the start of their day: what is overdue, due, new, waiting, and what was
not treated as a complaint. Nobody gets an empty one.

Once on each of a person's days, within their hours. That they were looked at is written in the commit that owes the
letter, so a crash costs nobody their list, and nobody gets it twice. It goes from the first mailbox whose policy they
serve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from complaintmail.cases.digest import Digest, Released, digest, digest_due
from complaintmail.cases.people import People, Person
from complaintmail.letters.daily import daily
from complaintmail.letters.notices import Click, Paper
from complaintmail.log import Log
from complaintmail.passes.staff_papers import Papers
from complaintmail.policy.calendar import WorkingCalendar
from complaintmail.policy.policy import Policy
from complaintmail.store import instructed, outbox, schema
from complaintmail.store.digesting import digest_of, listed
from complaintmail.store.engine import Store
from complaintmail.triage.named import named_in

log = Log("digests")
KIND = "digest"
A_DAY = timedelta(days=1)
MOST_CLICKS = 12  # of mails that were let go: the others become cases by their number


def send_digests(store: Store, papers: Mapping[str, Papers], mailboxes: Sequence[str], now: datetime) -> int:
    """Owe each person whose day has begun their list, where there is anything on it; how many were owed."""
    if not any(mailbox in papers for mailbox in mailboxes):
        return 0
    people = next(iter(papers.values())).people
    with store.reading() as connection:
        state = schema.person_state
        last = {row.email: row.digest_at for row in connection.execute(select(state.c.email, state.c.digest_at))}
    owed = 0
    for person in people.persons:
        from_box = next((address for address, one in papers.items() if person.serves(one.policy)), None)
        if from_box is None or from_box not in mailboxes:
            continue
        sender = papers[from_box]
        if digest_due(person, last.get(person.key), now, sender.policy.timezone, _calendar(sender.policy)):
            owed += _look(store, papers, sender, person, last.get(person.key), now)
    return owed


def _look(
    store: Store, papers: Mapping[str, Papers], sender: Papers, person: Person, last: datetime | None, now: datetime
) -> int:
    told, let_go = _digest(store, papers, sender, person, last, now)
    today = now.astimezone(sender.zone).date()
    with store.writing(now) as writer:
        instructed.person_state(writer, person.key, {"digest_at": now})
        if told is None or outbox.is_owed(writer.connection, KIND, today.toordinal(), person.email):
            return 0
        notice = daily(person, told, today)
        clicks = tuple(  # nothing of what strangers wrote: the link's label becomes the subject of a mail of staff's
            Click(f"Mail {number} is a complaint", f"#kind complaint {number}")
            for number in told.complaints[:MOST_CLICKS]
        )
        paper = Paper(notice.subject, notice.first_line, notice.sections, clicks, notice.foot, links_last=True)
        sender.send(writer, person.email, KIND, today.toordinal(), paper, about={})
        listed(writer, let_go)
    log.event("digest_owed", to=person.key)
    return 1


def _digest(
    store: Store, papers: Mapping[str, Papers], sender: Papers, person: Person, last: datetime | None, now: datetime
) -> tuple[Digest | None, list[int]]:
    """What they are told, and the numbers of the mails among it that were let go."""
    on = now.astimezone(sender.zone).date()
    served = {address: one.policy for address, one in papers.items() if person.serves(one.policy)}
    theirs = [
        address
        for address, policy in served.items()
        if person in sender.people.alternatives(policy, policy.first, on=on)  # nobody else is ever asked
    ]
    with store.reading() as connection:
        found = digest_of(connection, person.email, person.roles, last or now - A_DAY, now, mailboxes=theirs)
    cases, duties, let_go = found
    released = [mail for mail in let_go if _reads(person, mail, served[mail.mailbox], sender.people, on)]
    calendars = {policy.name: _calendar(policy) for policy in served.values()}
    told = digest(
        person, now, cases, duties, released=released, timezone=sender.policy.timezone, calendars=calendars
    )  # fmt: skip
    return told, [mail.number for mail in released if mail.number is not None]


def _reads(person: Person, mail: Released, policy: Policy, people: People, on: date) -> bool:
    """Is it theirs to see? Whoever decides about new complaints does, or stands in; of what names them, the next."""
    named = frozenset(one.email.lower() for one in named_in(mail.words, people.persons)) if mail.words else frozenset()
    return people.officer(policy, policy.first, on=on, without=named).email == person.email


def _calendar(policy: Policy) -> WorkingCalendar:
    return WorkingCalendar(policy.nation, policy.closures, policy.extra_holidays)
