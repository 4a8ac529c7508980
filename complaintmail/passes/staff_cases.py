"""Cases that begin with staff's words: a call that they recorded, a letter, a mail that they passed on, one split off.

The case, its acknowledgement and the notice to whoever decides are owed in the commit of the mail that told of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from complaintmail.cases.arrival import Arrival, new_case
from complaintmail.cases.changes import Answer as AnswerDue
from complaintmail.cases.changes import NewCase
from complaintmail.cases.concerned import at_once, opening
from complaintmail.cases.deeds import Deed, Open, Write
from complaintmail.cases.people import Officer, Person
from complaintmail.cases.post import LetterKind
from complaintmail.cases.reminding import SAFEGUARDING
from complaintmail.cases.scene import CaseNow, Scene
from complaintmail.letters import notices, transcripts
from complaintmail.letters.notices import CaseTold
from complaintmail.mail.forwarded import original
from complaintmail.mail.message import Message
from complaintmail.mail.tokens import without_tokens
from complaintmail.passes.noticing import hung_on
from complaintmail.passes.praise_came import hand_on
from complaintmail.passes.staff_papers import Papers, by_the_clock
from complaintmail.passes.telling import Subject
from complaintmail.policy.duties import owed_on_opening
from complaintmail.store import casebook, instructed, scenes, schema
from complaintmail.store.journal import Entry
from complaintmail.store.record import Writer
from complaintmail.triage.concern_words import Concern
from complaintmail.triage.concerns import GRAVE, concerns, named
from complaintmail.triage.named import named_in
from complaintmail.triage.verdicts import Kind


@dataclass(slots=True)
class StaffCases:
    """One mailbox's cases from staff's words."""

    papers: Papers

    def open(self, writer: Writer, scene: Scene, opens: Open, deed: Deed, entry: int | None) -> casebook.Opened:
        """A case from a call, a letter or a visit, or one split off. With no mail that told of it (it was recorded at
        the shell), its account stands in the event that recorded it."""
        source = opens.moves[0] if opens.moves else entry
        about = self._suspects(str(deed.detail.get("text") or ""))
        if opens.moves and scene.case is not None:  # what is split off is about the same people
            about = {email: standing for email, standing in scene.case.persons.items() if standing != "cleared"}
        new, account = opens.new, str(deed.detail.get("text") or "")
        if new.kind is Kind.COMPLIMENT:
            about = {}  # nobody is suspected of what they are praised for
        if opens.moves:
            _, moved, _ = self.papers.raw(opens.moves[0])
            account = moved.new_text
            new = replace(new, summary=" ".join(moved.new_text.split())[:160] or new.summary)
        opened = self._open(writer, new, opens.received_at, source, scene.by, about, account)
        if opens.moves:
            instructed.move_mails(writer, opens.moves, opened.id)
        if opens.tie and scene.case is not None:
            instructed.tie(writer, opened.id, scene.case.id, opens.tie)
        if opens.acknowledge and opens.new.complainant_email:
            self._acknowledge(writer, opened, source, opens.new.complainant_email, account)
        details = {name: value for name, value in deed.detail.items() if value}
        writer.event(
            scenes.RECORDED, by=scene.by, case_id=opened.id, channel=opens.new.channel, journal=source, **details
        )
        if source is not None and not opens.moves:
            writer.so_far()
            writer.change(schema.message, {"id": source}, {"case_id": opened.id})
            writer.event("mail_joined", by="complaintmail", case_id=opened.id, journal=source)
        if new.kind is Kind.COMPLIMENT:
            hand_on(self.papers.telling, writer, opened.id)
        elif opens.settled is not None:
            self._settled(writer, scene, opened, opens.settled)
        else:
            self._tell_of_new(writer, opened, source)
        return opened

    def _settled(self, writer: Writer, scene: Scene, opened: casebook.Opened, how: str) -> None:
        """Put right on the spot: kept and closed, in writing where they can be reached; else its writer is asked."""
        values = {"status": "closed", "closed_at": writer.now, "outcome": "settled", "course": {"settled": how}}
        writer.change(schema.case, {"id": opened.id}, values)
        writer.event("settled_at_once", by=scene.by, case_id=opened.id, how=how)
        writer.so_far()
        case, person, papers = scenes.case_now(writer.connection, opened.id), scene.person, self.papers
        if opened.row["complainant_email"]:
            officer = Officer("", "", person.name, person.email) if person is not None else Officer("", "")
            hold = scene.rules.hold
            papers.lettering.with_words(
                writer, case.row, Write(LetterKind.SETTLED, after={"by": scene.by}), case.mails, papers.policy, officer,
                author=scene.by, not_before=writer.now + hold if hold else None,
            )  # fmt: skip
        elif person is not None and person.key not in case.excluded:
            why = "No address of theirs is known. Where can it be confirmed to them in writing that it is settled?"
            paper = notices.to_know(papers.case_told(writer, opened.id), why, "Settled at once")
            papers.send(writer, person.email, "attend", scene.entry or by_the_clock(writer), paper, case=case)

    def _suspects(self, account: str) -> dict[str, str]:
        """Whom of staff the account names: they have nothing of the case until somebody says that it is not them."""
        return {mention.email.lower(): "suspected" for mention in named_in(account, self.papers.people.persons)}

    def _open(
        self,
        writer: Writer,
        new: NewCase,
        received_at: datetime,
        source: int | None,
        by: str,
        about: Mapping[str, str],
        words: str,
    ) -> casebook.Opened:
        """`words`: the complainant's own, in which somebody may be at risk, or a law may have a say."""
        policy, people = self.papers.policy, self.papers.people
        seen = concerns(words)
        self.papers.keep_policy(writer, policy)
        opened = casebook.open_case(
            writer,
            opening(new, seen, received_at, policy),
            self.papers.policy,
            self.papers.people,
            self.papers.mailbox,
            received_at,
            source,
            without=frozenset(about),
        )
        for email, standing in about.items():
            writer.add(schema.case_person, {"case_id": opened.id, "email": email, "standing": standing})
        if grave := named(seen, GRAVE):
            lead = people.officer(policy, SAFEGUARDING, without=frozenset(about))
            attend = at_once(grave, received_at, policy)
            casebook.owe_attendance(writer, attend, policy, lead, self.papers.mailbox, opened.id, source, 0)
        reasons = [f"{one.says}." for one in seen]
        writer.event("case_opened", by=by, case_id=opened.id, journal=source, reasons=reasons)
        return opened

    def _acknowledge(
        self,
        writer: Writer,
        opened: casebook.Opened,
        source: int | None,
        address: str,
        words: str,
        *,
        theirs: bool = False,
    ) -> None:
        """`theirs`: the mail is the complainant's own, though a form may have sent it."""
        nothing = Message(sha256="", size=0)
        message = self.papers.raw(source)[1] if source is not None else nothing
        due = opened.row["acknowledge_by"]
        policy, grave = self.papers.policy, opened.row["serious"]
        despair = any(one.concern is Concern.SELF_HARM for one in concerns(words))
        kind = LetterKind.CONCERN if grave else LetterKind.ACKNOWLEDGEMENT
        if opened.row["kind"] == Kind.COMPLIMENT:
            kind = LetterKind.THANKS
        answer = AnswerDue(kind, address, None, due, extra={"despair": "yes"} if despair else {})
        writer.so_far()
        without = scenes.case_now(writer.connection, opened.id).excluded if grave else frozenset[str]()
        officer = self.papers.people.officer(policy, SAFEGUARDING if grave else policy.first, without=without)
        theirs = theirs or (message.writer is not None and message.writer.key == address)
        self.papers.lettering.write(
            writer, answer, message if theirs else nothing, source, opened.row, self.papers.policy, officer,
            authentic=not theirs,
        )  # fmt: skip
        writer.event("acknowledgement_owed", by="complaintmail", case_id=opened.id)

    def _tell_of_new(self, writer: Writer, opened: casebook.Opened, source: int | None, theirs: str = "") -> None:
        """To who decides, or to the handler where the policy names one. `theirs`: the complainant's own words, where
        they are not the whole of the mail."""
        writer.so_far()
        case = scenes.case_now(writer.connection, opened.id)
        on = writer.now.astimezone(self.papers.zone).date()
        to = self.papers.people.officer(self.papers.policy, self.papers.policy.first, on=on, without=case.excluded)
        if not to.email:
            return
        if source is not None:
            _, message, raw = self.papers.raw(source)
            account = scenes.account_of(writer.connection, opened.id)
            words = without_tokens(theirs or account or message.new_text.strip() or message.text)
            mail = Subject(source, words, opened.row["subject"], hung_on(message, raw))
        else:
            mail = self.papers.telling.first_mail(writer, opened.id)
        told = self.papers.telling.told(
            writer, case.row, mail, [self.papers.telling.promise_of(duty) for duty in case.duties]
        )
        suspected = [p for p in self.papers.people.persons if case.persons.get(p.key) == "suspected"]
        if suspected:
            paper = notices.about_whom(told, [(p.name, p.email) for p in suspected])
            self.papers.send(writer, to.email, "about", source or 0, paper, case=case, entry=source)
        others = [
            (p.name, p.email)
            for p in self.papers.people.persons
            if p.email != to.email and not p.is_away(on) and p.key not in case.excluded
        ]
        about: dict[str, Any] = {"entry": source} if source is not None else {}
        kind, email, paper = "decide", to.email, notices.to_decide(told, others, [], "")
        handler = self.papers.people.at(case.handler)
        if handler is not None and handler.key not in case.excluded:
            kind, email, paper = "handler", handler.email, notices.relays(told, False)
            about["relays"] = True
        self.papers.noticing.put(
            writer, email, kind, source or 0, paper, case_id=opened.id, reference=opened.reference, entry=source,
            about=about, enclosures=mail.hung.enclosures,
        )  # fmt: skip

    def nothing_to_say(self, writer: Writer, scene: Scene, deed: Deed) -> str:
        """Why this deed can say nothing of the mail that it names by its number; '' where it can. Of a mail on a case
        that they may not see they learn and change no more than of one that is not there."""
        number = deed.detail.get("mail") if deed.what == "kind" else None
        if number is None:
            return ""
        writer.so_far()
        mail, person = schema.message, scene.person
        asked = select(mail.c.case_id, mail.c.mailbox, mail.c.kind, mail.c.score).where(mail.c.id == number)
        row = writer.connection.execute(asked).first()
        order = row is not None and row.kind == str(Kind.STAFF) and row.score is None
        papers = self.papers.at_desk(row.mailbox) if row is not None and not order else None
        case = scenes.case_now(writer.connection, row.case_id) if row is not None and row.case_id is not None else None
        kept_out = case is not None and person is not None and person.key in case.excluded
        if papers is None or kept_out or not self._theirs(scene, papers):
            return f"There is no mail {number} of which that could be said."
        return f"Mail {number} is on {case.reference} already: please answer a mail about that." if case else ""

    def from_a_mail(self, writer: Writer, scene: Scene, number: int) -> str:
        """A mail that was let go is a case after all, from the day it came: what to tell who said so."""
        mail = schema.message
        asked = select(mail.c.mailbox, mail.c.kind, mail.c.from_address, mail.c.from_name).where(mail.c.id == number)
        row = writer.connection.execute(asked).one()
        papers = self.papers.at_desk(row.mailbox)
        assert papers is not None  # `nothing_to_say` has asked
        entry, message, _ = papers.raw(number)
        arrival = Arrival(entry.mailbox, entry.received_at, entry.rule, writer.now)
        behind = next((one for one in message.reply_to if one.key == row.from_address), None)
        form = behind is not None and (message.writer is None or message.writer.key != row.from_address)
        name, channel = (behind.name, "website") if behind is not None and form else (row.from_name or "", "email")
        new = new_case(
            message, arrival, papers.policy, Kind.COMPLAINT, True, name, row.from_address or None, channel
        )  # fmt: skip
        cases = StaffCases(papers)
        about = cases._suspects(message.new_text)
        opened = cases._open(writer, new, entry.received_at, number, scene.by, about, message.new_text)
        writer.change(mail, {"id": number}, {"case_id": opened.id, "not_answered": None})
        writer.event("mail_joined", by=scene.by, case_id=opened.id, journal=number)
        program = row.kind in (str(Kind.AUTO_REPLY), str(Kind.BOUNCE))
        unsent = " A program seems to have sent it, so no letter went to them by itself." if program else ""
        if row.from_address and not program:
            try:
                cases._acknowledge(writer, opened, number, row.from_address, message.new_text, theirs=True)
            except ValueError as odd:
                unsent = f" No letter could be addressed to them: {odd}."
        cases._tell_of_new(writer, opened, number)
        came = papers.at(entry.received_at)
        said = f"Mail {number} is a complaint now: {opened.reference}. Its dates run from {came}, when it came."
        return f"{said}{unsent}"

    def _theirs(self, scene: Scene, papers: Papers) -> bool:
        """Do they have a part under that mailbox's policy?"""
        person = scene.person
        return person is None or not person.policies or papers.policy.name in person.policies

    def passes_on(self, writer: Writer, entry: Entry, message: Message, person: Person) -> bool:
        """A complaint that staff forward is its original sender's, of the day on which they wrote it."""
        _, _, raw = self.papers.raw(entry.id)
        found = original(message, raw)
        if found is None or not found.text.strip():
            return False
        sent = found.sent_at
        if sent is not None and sent.tzinfo is None:
            sent = sent.replace(tzinfo=self.papers.zone)
        received = min(sent.astimezone(UTC), entry.received_at) if sent else entry.received_at
        owed = owed_on_opening(
            self.papers.policy,
            received_at=received,
            written=True,
            severity=self.papers.policy.severity,
            kind="complaint",
        )
        email = (found.address or "").lower() or None
        new = NewCase(
            kind=Kind.COMPLAINT, sure=False, complainant_name=found.name, complainant_email=email,
            subject=found.subject, summary=" ".join(found.text.split())[:160],
            severity=self.papers.policy.severity, owed=owed,
        )  # fmt: skip
        why = f"{person.name} passed on a mail by {email or found.name or 'somebody'}"
        casebook.keep_staff_mail(writer, entry, message, None, (why,), why)
        writer.event("staff_mail_taken_in", by="complaintmail", journal=entry.id)
        opened = self._open(writer, new, received, entry.id, person.email, self._suspects(found.text), found.text)
        writer.change(schema.message, {"id": entry.id}, {"case_id": opened.id})
        words = {"address": email, "text": without_tokens(found.text)}
        writer.event(scenes.PASSED_ON, by=person.email, case_id=opened.id, journal=entry.id, **words)
        if email:
            self._acknowledge(writer, opened, entry.id, email, found.text)
        self._tell_of_new(writer, opened, entry.id, found.text)
        done = [("", transcripts.passed_on(found.name, email or "", opened.reference, self.papers.at(received)))]
        told: CaseTold | None = self.papers.case_told(writer, opened.id)
        case: CaseNow | None = scenes.case_now(writer.connection, opened.id)
        if case is not None and person.key in case.excluded:
            told = case = None
            done = [("", "What you passed on has arrived. Somebody else deals with it.")]
        paper = transcripts.answer(told, done, [], "")
        self.papers.send(
            writer,
            person.email,
            "answer-staff",
            entry.id,
            paper,
            case=case,
            in_reply_to=message.message_id,
            entry=entry.id,
        )
        return True
