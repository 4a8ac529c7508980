"""What cannot wait, in the commit of the mail that says it: who sees to it, what it changes on its case, who is told.

Promises: whoever is named for safeguarding has a mail of their own at once, at any hour, and never somebody whom the
complaint is about or may be about; where they are away or their mail comes back, it is the next in line.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from complaintmail.cases.changes import Attend, Decision
from complaintmail.cases.concerned import deed_on
from complaintmail.cases.people import Officer, People
from complaintmail.cases.post import NoticeKind
from complaintmail.cases.reminding import SAFEGUARDING
from complaintmail.letters.concerns import at_once, marked_serious
from complaintmail.letters.notices import Paper
from complaintmail.log import Log
from complaintmail.mail.message import Message
from complaintmail.passes.instruction import ABSENT_AFTER
from complaintmail.passes.noticing import Hung
from complaintmail.passes.telling import Subject, Telling
from complaintmail.policy.policy import Policy
from complaintmail.store import instructed, reminded, scenes
from complaintmail.store.journal import Entry
from complaintmail.store.record import Writer
from complaintmail.triage.cautions import cautions

log = Log("alarm")


def noted(writer: Writer, entry: Entry, decision: Decision, policy: Policy, people: People, by: str | None) -> None:
    """What it changes on a case that is there already; a case that it opens was opened so."""
    if not decision.concerns or decision.joins is None:
        return
    writer.so_far()
    case = scenes.case_now(writer.connection, decision.joins)
    deed = deed_on(case, decision, policy, entry.received_at, entry.id)
    if deed is not None:
        instructed.apply(writer, deed, "concern", case, policy, people, by or "complainant", entry.id, actor="mail")
        writer.so_far()


def lead(
    writer: Writer, decision: Decision, case_id: int | None, policy: Policy, people: People, suspected: Collection[str]
) -> Officer | None:
    """Who is named for safeguarding and may have this; None where nobody is at risk."""
    if not decision.grave or case_id is None:
        return None
    writer.so_far()
    case = scenes.case_now(writer.connection, case_id)
    emails = [person.email for person in people.persons]
    return people.officer(
        policy,
        SAFEGUARDING,
        area=str(case.row["area"]) if case.row["area"] else None,
        on=writer.now.astimezone(ZoneInfo(policy.timezone)).date(),
        without=case.excluded | frozenset(suspected),
        silent=reminded.silent(writer.connection, emails, writer.now, ABSENT_AFTER),
    )


def theirs(attend: Attend, first: Officer, safeguarding: Officer | None) -> Officer:
    """Whose this is to see to."""
    return safeguarding if safeguarding is not None and attend.role == SAFEGUARDING else first


def raise_alarm(
    telling: Telling,
    writer: Writer,
    decision: Decision,
    message: Message,
    case_id: int,
    entry: int,
    hung: Hung,
    suspected: Sequence[str],
) -> None:
    """To whoever is named for safeguarding, and to those whom the policy has told of every serious case."""
    to = lead(writer, decision, case_id, telling.policy, telling.people, suspected)
    if to is None:
        return
    if to.email is None:
        log.error("nobody_for_safeguarding", case=case_id)
        return
    case = scenes.case_now(writer.connection, case_id)
    words = message.new_text.strip() or message.text
    mail = Subject(entry, words, message.subject, hung, decision.reasons, (), cautions(message), decision.concerns)
    told = telling.told(writer, case.row, mail, [telling.promise_of(duty) for duty in case.duties])
    mine = [duty.id for duty in case.duty("attend") if duty.role == SAFEGUARDING]
    about = {"entry": entry, **({"duty": mine[-1]} if mine else {})}
    _put(telling, writer, to.email, at_once(told, to.why), case.id, case.reference, entry, about, hung)
    title = f"The {to.title}" if to.title else "Whoever is named for safeguarding"
    for email in _told_of_serious(telling, writer, case.excluded | frozenset(suspected) | {to.email.lower()}):
        bare = replace(told, text="", concerns=())
        _put(telling, writer, email, marked_serious(bare, title), case.id, case.reference, entry, {}, Hung())


def _told_of_serious(telling: Telling, writer: Writer, without: frozenset[str]) -> list[str]:
    policy, people = telling.policy, telling.people
    if not policy.serious:
        return []
    on = writer.now.astimezone(telling.zone).date()
    holders = people.holders(policy, policy.serious)
    return [one.email for one in holders if one.key not in without and not one.is_away(on)]


def _put(
    telling: Telling,
    writer: Writer,
    to: str,
    paper: Paper,
    case_id: int,
    reference: str,
    entry: int,
    about: dict[str, int],
    hung: Hung,
) -> None:
    telling.noticing.put(
        writer, to, NoticeKind.SERIOUS, entry, paper, case_id=case_id, reference=reference, entry=entry, about=about,
        enclosures=hung.enclosures,
    )  # fmt: skip
