"""Who has not heard yet: answers that went and whose writer is to be told, things that only a person can settle, and
each person's digest at the start of their day.

What is looked for is written in the tables, so a crash between two steps leaves it to the next look, and nobody is
told twice. What follows from a letter does not hang on whether it can be told: where telling fails, a person has the
duty to tell; where what follows fails itself, a person hears at once, and it is tried again every day. Runs after
intake and after dispatch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, text, update

from complaintmail.cases.changes import Attend
from complaintmail.cases.instruct import answer_counts
from complaintmail.cases.post import ANSWER
from complaintmail.letters import transcripts
from complaintmail.letters.notice import Section
from complaintmail.letters.notices import NOTE, Click, Paper, sentence
from complaintmail.log import Log
from complaintmail.passes.item import net
from complaintmail.passes.staff_papers import Papers, by_the_clock
from complaintmail.passes.writing import letter_went
from complaintmail.store import casebook, crediting, instructed, scenes, schema
from complaintmail.store.engine import Store
from complaintmail.store.record import Writer

log = Log("notify")
BATCH = 50
AGAIN = timedelta(days=1)
UNTOLD = (
    "{letter} has gone and what follows from it is on record, but nobody could be told of it. Please tell whoever has "
    "to know"
)
NO_EFFECT = (
    "{letter} has gone, but what follows from it could not be put on record: the case still stands as before. It is "
    "tried again every day. Please see to the case, and tell whoever runs the program"
)
_UNREACHED = re.compile(r"our mail to (\S+) did not arrive")  # as casebook.owe_undelivered words it

letter, duty = schema.letter, schema.obligation

Task = tuple[Callable[[Writer, Papers, Any], None], Papers, Any]


def tell_people(store: Store, papers: Mapping[str, Papers], mailboxes: Sequence[str], now: datetime) -> int:
    """Tell whoever has to hear of something; how many were told."""
    mine = [mailbox for mailbox in mailboxes if mailbox in papers]
    if not mine:
        return 0
    with store.reading() as connection:
        gone = connection.execute(
            select(letter.c.id, letter.c.mailbox)
            .where(
                *(text(schema.UNTOLD), letter.c.state == "sent", letter.c.mailbox.in_(mine)),
                or_(letter.c.next_try_at.is_(None), letter.c.next_try_at <= now),
            )
            .limit(BATCH)
        ).all()
        waiting = connection.execute(
            select(duty.c.id, duty.c.mailbox)
            .where(text(schema.UNTOLD_DUTY), duty.c.mailbox.in_(mine))
            .order_by(duty.c.id)
            .limit(BATCH)
        ).all()
    if not gone and not waiting:
        return 0
    tasks: list[Task] = [(_answer_went, papers[row.mailbox], row.id) for row in gone]
    tasks += [(_put_before, papers[row.mailbox], row.id) for row in waiting]
    _, failure = net(lambda: _tell(store, tasks, now))
    if failure is not None:
        for task in tasks:
            _tell_alone(store, task, now)
    return len(tasks)


def _tell(store: Store, tasks: Sequence[Task], now: datetime) -> None:
    with store.writing(now) as writer:
        for tell, papers, row_id in tasks:
            tell(writer, papers, row_id)


def _tell_alone(store: Store, task: Task, now: datetime) -> None:
    """One that fails by itself must not keep the others from being told."""
    _, failure = net(lambda: _tell(store, [task], now))
    if failure is None:
        return
    tell, papers, row_id = task
    log.error("nobody_told", row=row_id, why=failure)
    if tell is _answer_went:
        _went_untold(store, papers, row_id, failure, now)
        return
    with store.writing(now) as writer:  # it stays owed, and is reminded of
        writer.execute(update(duty).where(duty.c.id == row_id).values(told_at=now))
        writer.event("nobody_told", by="complaintmail", row=row_id, why=failure)


def _went_untold(store: Store, papers: Papers, letter_id: str, failure: str, now: datetime) -> None:
    """What follows from a letter holds, though nobody can be told of it; if even that fails, not yet. A person hears of
    either in the commit that says so."""

    def only_what_follows() -> None:
        with store.writing(now) as writer:
            _answer_went(writer, papers, letter_id, telling=False)
            _ask_a_person(writer, papers, letter_id, UNTOLD)
            writer.event("nobody_told", by="complaintmail", row=letter_id, why=failure)

    def nothing_yet(ask: bool) -> None:
        with store.writing(now) as writer:
            before = writer.connection.scalar(select(letter.c.next_try_at).where(letter.c.id == letter_id))
            writer.execute(update(letter).where(letter.c.id == letter_id).values(next_try_at=now + AGAIN))
            if ask and before is None:
                _ask_a_person(writer, papers, letter_id, NO_EFFECT)
            writer.event("nobody_told", by="complaintmail", row=letter_id, why=worse)

    _, worse = net(only_what_follows)
    if worse is None:
        return
    log.error("letter_without_effect", letter=letter_id, why=worse)
    _, worst = net(lambda: nothing_yet(ask=True))
    if worst is not None:
        nothing_yet(ask=False)


def _ask_a_person(writer: Writer, papers: Papers, letter_id: str, why: str) -> None:
    """A person has to look after what this letter should have caused; without its case, where that cannot be read."""
    writer.so_far()
    row = writer.connection.execute(select(letter.c.case_id, letter.c.kind).where(letter.c.id == letter_id)).one()
    why = why.format(letter=f"a letter ({row.kind.replace('-', ' ')}) that staff wrote")
    case, _ = net(lambda: scenes.case_now(writer.connection, row.case_id))
    if case is not None:
        papers.put_to_first(writer, case, why)
        return
    on = writer.now.astimezone(papers.zone).date()
    officer = papers.people.officer(papers.policy, papers.policy.first, on=on)
    attend, nth = Attend(why, None, "", papers.policy.first), by_the_clock(writer) % 1_000_000_000
    casebook.owe_attendance(writer, attend, papers.policy, officer, papers.mailbox, None, None, nth)


def _answer_went(writer: Writer, papers: Papers, letter_id: str, *, telling: bool = True) -> None:
    """Credit an answer that the server took, and tell its writer what went and when; or only credit it."""
    columns = (letter.c.case_id, letter.c.text, letter.c.author, letter.c.sent_at, letter.c.reply, letter.c.seq)
    row = writer.connection.execute(
        select(*columns, letter.c.answers, letter.c.kind, letter.c.about, letter.c.audience).where(
            letter.c.id == letter_id, letter.c.told_at.is_(None)
        )
    ).first()
    if row is None:
        return
    if row.kind != ANSWER:
        letter_went(writer, papers, letter_id, row, telling=telling)
        return
    counts = answer_counts(row.text)
    evidence = f"letter {letter_id}: {row.reply or 'accepted'}"
    met = crediting.credit_answer(writer, row.case_id, row.sent_at, evidence, row.author, counts=counts)
    writer.execute(update(letter).where(letter.c.id == letter_id).values(told_at=writer.now))
    author = papers.people.at(row.author) if telling else None
    if author is not None:
        state = schema.person_state
        first = writer.connection.scalar(select(state.c.first_answer_at).where(state.c.email == author.key))
        if first is None:
            instructed.person_state(writer, author.key, {"first_answer_at": row.sent_at})
        writer.so_far()
        case = scenes.case_now(writer.connection, row.case_id)
        if author.key not in case.excluded:
            paper = transcripts.has_gone(papers.case_told(writer, row.case_id), row.text, row.sent_at, counts)
            papers.send(writer, author.email, "gone", row.seq, paper, case=case)
    writer.event("answer_went", by=row.author, case_id=row.case_id, letter=letter_id, met=met)


def _put_before(writer: Writer, papers: Papers, duty_id: int) -> None:
    """Something that only a person can settle goes to that person."""
    row = writer.connection.execute(
        select(duty.c.case_id, duty.c.message_id, duty.c.why, duty.c.role).where(
            duty.c.id == duty_id, duty.c.told_at.is_(None)
        )
    ).first()
    if row is None:
        return
    writer.execute(update(duty).where(duty.c.id == duty_id).values(told_at=writer.now))
    why = sentence(row.why)
    unreached = _UNREACHED.match(row.why)
    silent = frozenset({unreached[1].lower()}) if unreached else frozenset[str]()
    if row.case_id is not None:
        papers.telling.put_before(
            *(writer, row.case_id, row.message_id, _seq(duty_id, writer.now), why, "Please look at this"),
            duty=duty_id,
            silent=silent,
            role=row.role,
        )
    else:
        on = writer.now.astimezone(papers.zone).date()
        officer = papers.people.officer(papers.policy, papers.policy.first, on=on, silent=silent)
        if officer.email:
            writer.change(duty, {"id": duty_id}, {"owner": officer.as_json()})  # it is theirs now, and `due` says so
            paper = Paper(
                "Please look at this mail",
                NOTE,
                (Section("", paragraphs=(why,)),),
                (Click("I have seen to it", "#answered today"),),
            )
            papers.send(
                writer,
                officer.email,
                "attend",
                _seq(duty_id, writer.now),
                paper,
                about={"duty": duty_id},
                entry=row.message_id,
            )


def _seq(duty_id: int, now: datetime) -> int:
    """A number for this notice about this duty; one that is opened again later is told of again."""
    return duty_id * 1_000_000 + int(now.timestamp()) % 1_000_000
