"""Understand what was collected: one disposition for every mail, everything it causes in one commit.

    journal entry → read → (evidence?) → recognise → admit → case, duties, letter, event

A batch is one transaction. If one mail of it fails, the batch is rolled back and taken again one by one, and the
mail that fails alone is set aside: kept, opened as a case for a person, told in `status`. An entry whose reading
ended our process before is read in a child with limits the next time (`tries`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import bindparam, insert, select, update

from complaintmail.cases.admit import admit, from_staff, set_aside, unanswerable, writer_of
from complaintmail.cases.arrival import Arrival, put_to_a_person
from complaintmail.cases.budget import Limits
from complaintmail.cases.changes import Decision
from complaintmail.cases.from_sent import sent_set_aside, written_to
from complaintmail.cases.impression import first_impression
from complaintmail.cases.people import People
from complaintmail.clock import Clock
from complaintmail.gateways.reader import read_guarded, unread
from complaintmail.log import Log
from complaintmail.mail.authentication import Standing, standing
from complaintmail.mail.message import Address, Message
from complaintmail.passes import alarm
from complaintmail.passes.appealed import appeal_came
from complaintmail.passes.batch import Batch
from complaintmail.passes.by_hand import keep_sent
from complaintmail.passes.continued import goes_on
from complaintmail.passes.desk import Desk as Desk
from complaintmail.passes.desk import as_taught
from complaintmail.passes.instruction import bare
from complaintmail.passes.item import net
from complaintmail.passes.noticing import Hung, hung_on
from complaintmail.passes.praise_came import is_praise, praise_came
from complaintmail.passes.pressing import with_paper
from complaintmail.passes.spent import came_back
from complaintmail.policy.policy import Policy
from complaintmail.store import casebook, copies, journal, learnt, lookups, schema
from complaintmail.store.casebook import Opened
from complaintmail.store.copies import Candidate
from complaintmail.store.engine import Store
from complaintmail.store.journal import Entry, RawFiles
from complaintmail.store.record import Writer
from complaintmail.triage.known import KnownMail
from complaintmail.triage.only_praised import suspects
from complaintmail.triage.recognise import Thread, recognise
from complaintmail.triage.verdicts import Kind

log = Log("intake")

BATCH = 100
TRIES_IN_PROCESS = 1
TRIES = 3
SENT = "sent"  # the rule of what lies in the Sent folder
LARGEST_LETTER = 1_000_000  # bytes; a copy of a letter of ours is never bigger


@dataclass(frozen=True, slots=True)
class Read:
    """An entry of the batch: read, or a copy of a letter of ours."""

    entry: Entry
    message: Message | None
    copy: Candidate | None


@dataclass(slots=True)
class Intake:
    """Turns journal entries into cases."""

    store: Store
    files: RawFiles
    desks: dict[str, Desk]
    people: People
    limits: Limits
    prefixes: frozenset[str]
    clock: Clock
    problem: Callable[[str], None]  # a letter's template failed: the admin is told
    _counted: set[int] = field(default_factory=set)  # entries whose try was counted in this life
    _suspected: dict[int, tuple[str, ...]] = field(default_factory=dict)  # of cases of this batch: whom they name
    _policies_kept: set[tuple[str, str]] = field(default_factory=set)  # their text is committed
    _taught: learnt.Version = learnt.NOTHING  # what the desks judge by

    def run(self, mailboxes: Sequence[str]) -> int:
        """Take one batch; how many mails were settled. 0: nothing waits."""
        now = self.clock.now()
        batch = journal.take(self.store, self.files, mailboxes, BATCH, now, self._counted)
        if not batch:
            return 0
        read = self._read_all(batch)
        _, failure = net(lambda: with_paper(lambda: self._settle(read)))
        if failure is not None:
            for one in read:
                self._settle_alone(one)
        return len(batch)

    def _read_all(self, batch: Sequence[Entry]) -> list[Read]:
        """All of a batch, outside any transaction; copies of our own letters need not be read."""
        entries = {entry.id: entry for entry in batch}
        claims = [claim for entry in batch if (claim := self._claim(entry)) is not None]
        with self.store.reading() as connection:
            true = copies.true_copies(connection, claims, lambda claim: self._message(entries[claim.entry_id]))
        copied = {claim.entry_id: claim for claim in claims if claim.entry_id in true}
        return [
            Read(entry, None if entry.id in copied else self._message(entry), copied.get(entry.id)) for entry in batch
        ]

    def _claim(self, entry: Entry) -> Candidate | None:
        raw = entry.raw if isinstance(entry.raw, bytes) else _if_small(entry.raw)
        letter = copies.claimed_letter(self.store.key, raw) if raw is not None else None
        return Candidate(entry.id, letter, raw, entry.rule == SENT) if letter and raw is not None else None

    def _message(self, entry: Entry) -> Message:
        if entry.tries > TRIES:
            why = f"it was taken up {entry.tries - 1} times, and each time the program ended before it was done"
            return unread(entry.raw, why)
        forms = self.desks[entry.mailbox].house.forms
        try:
            apart = entry.tries > TRIES_IN_PROCESS
            return read_guarded(entry.raw, force_child=apart, forms=forms, sha256=entry.sha256)
        except FileNotFoundError:
            gone = unread(b"", "its bytes are no longer as they were kept (complaintmail verify says more)")
            return dataclasses.replace(gone, sha256=entry.sha256)

    def _settle_alone(self, one: Read) -> None:
        _, failure = net(lambda: with_paper(lambda: self._settle([one])))
        if failure is None:
            return
        log.error("mail_set_aside", journal=one.entry.id, why=failure)
        message = one.message or self._message(one.entry)
        with self.store.writing(self.clock.now()) as writer:
            self._set_aside(writer, one.entry, message, failure)

    def _settle(self, read: Sequence[Read]) -> None:
        now = self.clock.now()
        with self.store.writing(now) as writer:
            there = journal.still_collected(writer.connection, [one.entry.id for one in read])
            read = [one for one in read if one.entry.id in there]  # another daemon may have taken the mailbox over
            if not read:
                return
            self._suspected.clear()  # a batch that was undone has left its own
            self._taught = as_taught(self.desks, writer.connection, self._taught)
            copies.settle_copies(writer, [one.copy for one in read if one.copy])
            rest = [(one.entry, one.message) for one in read if one.message is not None]
            with_writers = [(e, m, writer_of(m, self.desks[e.mailbox].house)) for e, m in rest]
            mails = [(m, who.key if who else None, e.received_at) for e, m, who in with_writers]
            sent_to = frozenset[str]().union(*(written_to(m) for e, m in rest if e.rule == SENT))
            known = lookups.known_for(writer.connection, mails, self.store.key, self.prefixes, sent_to)
            budget = lookups.budget_for(writer.connection, self.limits, mails, now)
            # Before any of it is written: what is done to all in a row is done faster.
            coming = [(e.id, m, self.desks[e.mailbox]) for e, m in rest if e.rule != SENT]
            first = {at: first_impression(message, desk.house, desk.policy) for at, message, desk in coming}
            together = Batch(writer, known, budget, first)
            for entry, message, who in with_writers:
                if entry.rule == SENT:
                    keep_sent(together, entry, message, self.desks[entry.mailbox], self.prefixes)
                else:
                    self._one(together, entry, message, who)
            writer.execute(
                update(schema.journal).where(schema.journal.c.id == bindparam("key")).values(state="settled"),
                [{"key": one.entry.id} for one in read],
            )
        self._policies_kept |= together.policies

    def _one(self, batch: Batch, entry: Entry, message: Message, who: Address | None) -> None:
        desk, known = self.desks[entry.mailbox], batch.known
        who_key = who.key if who and who.address else None
        found = recognise(message, who_key, entry.received_at, desk.policy.name, known, self.store.key, self.prefixes)
        arrival = Arrival(entry.mailbox, entry.received_at, entry.rule, batch.writer.now)
        person = from_staff(message, found, arrival, desk.house, who_key, known)
        if person is not None:
            case_id, taken = desk.instruction.take(batch.writer, entry, message, person, found)
            if taken:
                kept = KnownMail(entry.id, case_id, str(Kind.STAFF), entry.received_at, who_key)
                batch.remember(message, kept)
                return
        decision = admit(
            message, arrival, found, desk.house, desk.policy, known, batch.budget, batch.first.get(entry.id)
        )
        if person is None and (leaked := desk.instruction.spent.by_others(batch.writer, message)) is not None:
            message = bare(message)
            if decision.again is None and arrival.rule != "history":
                ask = put_to_a_person(leaked.why, arrival, desk.policy)
                desk.instruction.from_elsewhere(batch.writer, entry, message, leaked.people)
                decision = dataclasses.replace(decision, attend=(*decision.attend, ask))
        case_id = self._write(batch, entry, message, who_key, decision, desk)
        self._tell(batch, entry, message, decision, case_id, desk)
        if found.thread is not Thread.AGAIN:
            batch.remember(message, KnownMail(entry.id, case_id, str(decision.kind), entry.received_at, who_key))

    def _tell(
        self, batch: Batch, entry: Entry, message: Message, decision: Decision, case_id: int | None, desk: Desk
    ) -> None:
        """Staff hear at once of what has come; of what is only for the record they do not."""
        writer = batch.writer
        if entry.rule == "history" or decision.again is not None or case_id is None:
            return
        suspected = self._suspected.pop(case_id, ())
        if decision.grave:
            hung = self._hung(entry, message)
            alarm.raise_alarm(desk.telling, writer, decision, message, case_id, entry.id, hung, suspected)
        if decision.opens is not None:
            row = batch.opened[case_id]
            if is_praise(decision):
                praise_came(desk.telling, writer, row, decision, message, entry.id, self._hung(entry, message))
                return
            desk.telling.opened(writer, row, decision, message, entry.id, lambda: self._hung(entry, message), suspected)
        elif decision.appeals:
            appeal_came(desk.instruction.papers, writer, case_id, entry)
        elif decision.kind is Kind.REPLY:
            desk.telling.came(writer, case_id, decision, message, entry.id, self._hung(entry, message))
        elif decision.kind is Kind.AUTO_REPLY:
            desk.instruction.is_away(writer, message, case_id)

    def _hung(self, entry: Entry, message: Message) -> Hung:
        if not message.attachments:
            return Hung()
        raw = entry.raw if isinstance(entry.raw, bytes) else _if_small(entry.raw)
        if raw is None:
            return Hung(left_out=tuple((one.name, "the mail is too big to send on") for one in message.attachments))
        return hung_on(message, raw)

    def held(self, entry_id: int) -> tuple[Entry, Message, bytes]:
        """A mail that was taken in before, read again."""
        with self.store.reading() as connection:
            entry = journal.entry(connection, self.files, entry_id)
        try:
            raw = entry.raw if isinstance(entry.raw, bytes) else entry.raw.read_bytes()
        except FileNotFoundError:  # its message says so; no mail that speaks of it waits for that
            raw = b""
        return entry, self._message(entry), raw

    def _write(
        self, batch: Batch, entry: Entry, message: Message, who_key: str | None, decision: Decision, desk: Desk
    ) -> int | None:
        """All that one mail causes, closed by one event; the case it is on."""
        writer, policy, case_id = batch.writer, desk.policy, decision.joins
        own = decision.opens.complainant_email if decision.opens else None
        opened = self._open(batch, entry, decision, policy, message) if decision.opens else None
        named = self._suspected.get(opened.id, ()) if opened is not None else ()  # the letter says it is with no such
        officer = self.people.officer(policy, policy.first, without=frozenset((*named, (own or "").lower())))
        if opened is not None:
            case_id = opened.id
        if decision.unverified and case_id is not None and (case_id, decision.unverified) not in batch.noted:
            batch.noted.add((case_id, decision.unverified))
            casebook.note_third_party(writer, case_id, decision.unverified)
        casebook.keep_message(
            *(writer, entry.id, entry.mailbox, entry.received_at, message, decision, case_id, who_key),
            judged_by=desk.judged_by,
        )
        written = decision.continues is not None and decision.continues.what == "put-in-writing"
        if written:  # its acknowledgement tells of the dates that it starts
            goes_on(writer, entry, who_key, decision, case_id, desk.lettering, policy, self.people, officer)
        alarm.noted(writer, entry, decision, policy, self.people, who_key)
        lead = alarm.lead(writer, decision, case_id, policy, self.people, self._suspected.get(case_id or 0, ()))
        problem: str | None = None
        attends = decision.attend
        if decision.answer is not None and case_id is not None:
            row = batch.opened.get(case_id) or casebook.case_row(writer.connection, case_id)
            row = {**row, "received_at": entry.received_at} if written else row
            authentic = standing(message, desk.house.authserv_id) is Standing.PASSED
            try:
                problem = desk.lettering.write(
                    writer, decision.answer, message, entry.id, row, policy, lead or officer, authentic=authentic
                )
            except ValueError as odd:
                attends = (*attends, unanswerable(str(odd), decision, policy))
        told = case_id is not None and (opened is not None or decision.kind is Kind.REPLY)
        for nth, attend in enumerate(attends):
            to = alarm.theirs(attend, officer, lead)
            casebook.owe_attendance(writer, attend, policy, to, entry.mailbox, case_id, entry.id, nth, told=told)
        if not written:
            goes_on(writer, entry, who_key, decision, case_id, desk.lettering, policy, self.people, officer)
        for letter_id, said in decision.bounced:
            came_back(writer, letter_id)
            copies.bounced(writer, letter_id, said, policy, officer)
        for letter_id in decision.delivered:
            copies.delivered(writer, letter_id)
        writer.event(
            "case_opened" if opened else "mail_taken_in",
            by="complaintmail",
            case_id=case_id,
            journal=entry.id,
            sha256=message.sha256,
            kind=str(decision.kind),
            reasons=list(decision.reasons),
        )
        if problem:
            writer.event("letter_template_failed", by="complaintmail", case_id=case_id, why=problem)
            self.problem(problem)
        return case_id

    def _open(self, batch: Batch, entry: Entry, decision: Decision, policy: Policy, message: Message) -> Opened:
        assert decision.opens is not None
        self._keep_policy(batch.writer, policy, batch.policies)
        suspected: tuple[str, ...] = ()  # nobody is, of what they are praised for
        if not is_praise(decision):
            suspected = suspects(message.subject, message.new_text, self.people.persons)
        opened = casebook.open_case(
            *(batch.writer, decision.opens, policy, self.people, entry.mailbox, entry.received_at, entry.id),
            without=frozenset(suspected),
        )
        self._suspected[opened.id] = suspected
        batch.opened[opened.id] = opened.row
        batch.known.add_case(lookups.known_now(opened.row, message))
        return opened

    def keep_policy(self, writer: Writer, policy: Policy) -> None:
        self._keep_policy(writer, policy, set())

    def _keep_policy(self, writer: Writer, policy: Policy, seen: set[tuple[str, str]]) -> None:
        """The policy's own text stays with the cases opened under it."""
        key = (policy.name, policy.version)
        if key in self._policies_kept or key in seen:
            return
        kept = schema.policy_text
        there = writer.connection.scalar(
            select(kept.c.name).where(kept.c.name == policy.name, kept.c.version == policy.version)
        )
        if there is None:
            writer.execute(insert(kept).values(name=policy.name, version=policy.version, text=policy.text))
        seen.add(key)

    def _set_aside(self, writer: Writer, entry: Entry, message: Message, failure: str) -> None:
        desk = self.desks[entry.mailbox]
        arrival = Arrival(entry.mailbox, entry.received_at, entry.rule, writer.now)
        decision = set_aside(message, arrival, desk.policy, failure)
        if entry.rule == SENT:
            decision = sent_set_aside(failure, desk.policy)
        opened = None
        if decision.opens is not None:
            self._keep_policy(writer, desk.policy, set())
            opened = casebook.open_case(
                writer, decision.opens, desk.policy, self.people, entry.mailbox, entry.received_at, entry.id
            )
        case_id = opened.id if opened else None
        casebook.keep_message(writer, entry.id, entry.mailbox, entry.received_at, message, decision, case_id, None)
        officer = self.people.officer(desk.policy, desk.policy.first)
        for nth, attend in enumerate(decision.attend):
            casebook.owe_attendance(writer, attend, desk.policy, officer, entry.mailbox, case_id, entry.id, nth)
        writer.event("mail_set_aside", by="complaintmail", case_id=case_id, journal=entry.id, why=failure)
        writer.execute(update(schema.journal).where(schema.journal.c.id == entry.id).values(state="set aside"))


def _if_small(file: Path) -> bytes | None:
    """A mail that is kept as a file, if it could be a copy of a letter of ours."""
    try:
        return file.read_bytes() if file.stat().st_size <= LARGEST_LETTER else None
    except FileNotFoundError:  # the reader says what is wrong
        return None
