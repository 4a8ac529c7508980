"""What staff's words put on paper: answers to complainants, notices to colleagues, cases from calls and forwards.

One mailbox's. Every letter is rendered once and owed in the commit that caused it; what went out and when is told to
its writer by a mail of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from complaintmail.cases.changes import Answer as AnswerDue
from complaintmail.cases.changes import Attend, NewCase
from complaintmail.cases.deeds import Answer, Deed, Open, ShowBack, Tell
from complaintmail.cases.people import Officer, People, Person
from complaintmail.cases.post import LetterKind
from complaintmail.cases.scene import CaseNow, Scene
from complaintmail.letters import appeals, drafts, notices, transcripts
from complaintmail.letters.notice import Section
from complaintmail.letters.notices import CaseTold, Paper
from complaintmail.mail.attachments import attachment_bytes
from complaintmail.mail.compose import Enclosure
from complaintmail.mail.forwarded import original
from complaintmail.mail.message import Message
from complaintmail.mail.tokens import without_tokens
from complaintmail.passes.lettering import Lettering
from complaintmail.passes.noticing import Noticing, hung_on
from complaintmail.passes.telling import Subject, Telling, at_text
from complaintmail.policy.duties import owed_on_opening
from complaintmail.policy.policy import Policy
from complaintmail.store import casebook, instructed, scenes, schema
from complaintmail.store.journal import Entry
from complaintmail.store.record import Writer
from complaintmail.triage.named import named_in
from complaintmail.triage.verdicts import Kind

Raw = Callable[[int], tuple[Entry, Message, bytes]]


@dataclass(slots=True)
class Papers:
    """One mailbox's letters and notices that follow from staff's words."""

    policy: Policy
    people: People
    mailbox: str
    noticing: Noticing
    telling: Telling
    lettering: Lettering
    keep_policy: Callable[[Writer, Policy], None]
    raw: Raw

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.policy.timezone)

    def at(self, moment: datetime) -> str:
        return at_text(moment, self.zone)

    def case_told(self, writer: Writer, case_id: int) -> CaseTold:
        writer.so_far()
        case = scenes.case_now(writer.connection, case_id)
        mail = self.telling.first_mail(writer, case_id)
        return self.telling.told(writer, case.row, mail, [self.telling.promise_of(duty) for duty in case.duties])

    def send(
        self,
        writer: Writer,
        to: str,
        kind: str,
        seq: int,
        paper: Paper,
        *,
        case: CaseNow | None = None,
        about: Mapping[str, Any] | None = None,
        in_reply_to: str | None = None,
        entry: int | None = None,
        enclosures: Sequence[Enclosure] = (),
    ) -> str:
        return self.noticing.put(
            writer, to, kind, seq, paper, case_id=case.id if case else None, entry=entry, enclosures=enclosures,
            reference=case.reference if case else "", about=about, in_reply_to=in_reply_to,
        )  # fmt: skip

    def tell_of_many(self, writer: Writer, entry: Entry, person: Person, asked: int) -> None:
        """Many mails in this person's name could not be proved today: somebody else looks, once a day."""
        writer.so_far()
        why = f"More than {asked} mails in {person.name}'s name came within a day and could not be proved to be theirs"
        duty = schema.obligation
        there = select(duty.c.id).where(
            duty.c.case_id.is_(None), duty.c.opened_at > writer.now - timedelta(days=1), duty.c.why.startswith(why)
        )
        if writer.connection.scalar(there.limit(1)) is not None:
            return
        say = f"{why}. Each changed nothing, and they are asked about no more of them today. Please ask them about it"
        officer = self.people.officer(self.policy, self.policy.first, without=frozenset({person.key}))
        attend = Attend(say, None, "", self.policy.first)
        casebook.owe_attendance(writer, attend, self.policy, officer, entry.mailbox, None, entry.id, 0)

    def first_officer(self, writer: Writer, case: CaseNow) -> Officer:
        """Who decides first about this case today."""
        on = writer.now.astimezone(self.zone).date()
        area = str(case.row["area"]) if case.row["area"] else None
        return self.people.officer(self.policy, self.policy.first, area=area, on=on, without=case.excluded)

    def put_to_first(self, writer: Writer, case: CaseNow, why: str) -> None:
        """Something that only a person can settle; they are told as of any such thing."""
        attend = Attend(why, None, "", self.policy.first)
        officer = self.first_officer(writer, case)
        nth = by_the_clock(writer) % 1_000_000_000
        casebook.owe_attendance(writer, attend, self.policy, officer, self.mailbox, case.id, None, nth)

    # An answer to the complainant

    def answer(self, writer: Writer, scene: Scene, answer: Answer, row: Mapping[str, Any]) -> str:
        """Owe the complainant these words; its writer sees when they go, and can take them back until then."""
        assert scene.case is not None
        case = scene.case
        hold = timedelta() if answer.at_once else scene.rules.hold
        enclosures = self.enclosed(answer.entry) if answer.entry is not None else ()
        self.lettering.relay(
            writer, row, answer.text, case.mails, self.policy, author=scene.by, enclosures=enclosures,
            not_before=writer.now + hold if hold else None, entry=answer.entry,
        )  # fmt: skip
        if hold and scene.person is not None:
            told = self.case_told(writer, case.id)
            paper = transcripts.on_its_way(told, answer.text, writer.now + hold, "")
            seq = scene.entry or by_the_clock(writer)
            self.send(writer, scene.person.email, "on-its-way", seq, paper, case=case, entry=scene.entry)
        return ""

    def enclosed(self, entry: int) -> tuple[Enclosure, ...]:
        """What hung on their mail goes with their words: they chose it. A notice of ours does not go."""
        _, message, raw = self.raw(entry)
        hung = [Enclosure(each.name, each.type, attachment_bytes(raw, each.index)) for each in message.attachments]
        return tuple(each for each in hung if not self.noticing.is_ours(each.data))

    def show_back(self, writer: Writer, scene: Scene, shown: ShowBack, entry: int | None) -> None:
        assert scene.case is not None
        for offer in scene.offers:  # a newer answer stands in the older one's place
            if offer.kind == shown.kind and offer.person == scene.key and offer.case_id == scene.case.id:
                writer.change(schema.offer, {"id": offer.id}, {"state": "withdrawn", "settled_at": writer.now})
        number = instructed.make_offer(
            writer, case_id=scene.case.id, mailbox=self.mailbox, person=scene.key, kind=shown.kind,
            message_id=entry, payload=shown.payload,
        )  # fmt: skip
        writer.event("answer_waits", by="complaintmail", case_id=scene.case.id, offer=number, why=list(shown.why))
        if scene.person is None:
            return  # the administrator has it on the screen
        told = self.case_told(writer, scene.case.id)
        to = ", ".join(each for each in (shown.payload.get("to"), *shown.payload.get("also", ())) if each) or told.who
        paper = transcripts.shown_back(told, str(shown.payload["text"]), shown.why, to)
        reply_to = scene.message.message_id if scene.message else None
        self.send(
            writer, scene.person.email, "shown", number, paper, case=scene.case, about={"offer": number},
            in_reply_to=reply_to, entry=entry,
        )  # fmt: skip

    # Notices to others

    def tell(self, writer: Writer, scene: Scene, tell: Tell, entry: int | None) -> None:
        assert scene.case is not None
        self.tell_of(writer, scene.case, tell, entry or by_the_clock(writer))

    def tell_of(self, writer: Writer, case: CaseNow, tell: Tell, seq: int) -> None:
        if tell.email.lower() in case.excluded:
            return
        if tell.what == "handler":
            self.telling.to_handler(writer, case.id, seq, tell.email)
        elif tell.what == "taken-over":
            self.send(
                writer,
                tell.email,
                "taken-over",
                seq,
                notices.taken_over(self.case_told(writer, case.id), tell.why),
                case=case,
            )
        elif tell.what == "serious":
            paper = notices.to_know(self.case_told(writer, case.id), tell.why, "A serious complaint")
            self.send(writer, tell.email, "serious", seq, paper, case=case)
        elif tell.what == "appeal":
            paper = appeals.asked_to_hear(self.case_told(writer, case.id), tell.why)
            self.send(writer, tell.email, "appeal", seq, paper, case=case)
        elif tell.what == "assessment":
            paper = notices.to_know(self.case_told(writer, case.id), tell.why, "A failure in an assessment")
            self.send(writer, tell.email, "copy", seq, paper, case=case)
        elif tell.what == "copy":
            self.send(
                writer, tell.email, "copy", seq, drafts.copy(self.case_told(writer, case.id), tell.why), case=case
            )
        elif tell.what == "lacks":
            to = tell.email or self.first_officer(writer, case).email
            if to:
                self.send(writer, to, "attend", seq, drafts.lacks(self.case_told(writer, case.id), tell.why), case=case)
        elif tell.what == "re-owned":
            self._re_own(writer, case, seq)
        elif tell.what == "reclocked":
            self._clocks_run(writer, case)

    def _re_own(self, writer: Writer, case: CaseNow, seq: int) -> None:
        """Somebody may no longer have it: owners and duties go to the next in line, who is told."""
        writer.so_far()
        now = scenes.case_now(writer.connection, case.id)
        on = writer.now.astimezone(self.zone).date()
        owner = self.people.officer(self.policy, self.policy.first, on=on, without=now.excluded)
        writer.change(schema.case, {"id": case.id}, {"owner": owner.as_json()})
        for duty in now.duties:
            holder = self.people.officer(self.policy, duty.role, on=on, without=now.excluded)
            writer.change(schema.obligation, {"id": duty.id}, {"owner": holder.as_json()})
        writer.event("re_owned", by="complaintmail", case_id=case.id)
        has_it = now.handler == case.handler and owner.email == case.row["owner"].get("email")
        if now.handler is None and owner.email and not has_it:
            told = self.case_told(writer, case.id)
            others = [
                (p.name, p.email) for p in self.people.persons if p.key not in now.excluded and p.email != owner.email
            ]
            paper = notices.to_decide(told, others, [], "")
            self.send(writer, owner.email, "decide", seq, paper, case=now)

    def _clocks_run(self, writer: Writer, case: CaseNow) -> None:
        """What was taken for something else is a complaint: its duties count from the day it came."""
        owed = owed_on_opening(
            self.policy,
            received_at=case.row["received_at"],
            written=True,
            severity=case.row["severity"],
            kind="complaint",
        )
        due = {each.kind: each.counted.due_at for each in owed if each.counted}
        open_now = {duty.kind for duty in case.duties}
        row = case.row
        done = {"acknowledge": row["acknowledged_at"], "decide": row["handler"], "respond": row["responded_at"]}
        for each in owed:
            if each.kind not in open_now and not done.get(each.kind):
                casebook.owe(writer, each, self.policy, self.people, self.mailbox, case.id, case.first_mail)
        dates = {
            "acknowledge_by": due.get("acknowledge"),
            "respond_by": due.get("respond"),
            "status": "new",
            "closed_at": None,
        }
        writer.change(schema.case, {"id": case.id}, dates)
        writer.event("reclocked", by="complaintmail", case_id=case.id)

    def ask_another(self, writer: Writer, case_id: int, person: Person) -> None:
        """This person answers only automatically: their case goes before whoever is next."""
        writer.so_far()
        case = scenes.case_now(writer.connection, case_id)
        on = writer.now.astimezone(self.zone).date()
        away = frozenset({person.key})
        to = self.people.officer(self.policy, self.policy.first, on=on, without=case.excluded, silent=away)
        if to.email is None or to.email.lower() == person.key:
            return
        told = self.case_told(writer, case_id)
        why = f"{person.name} only answers automatically and may be away. Please see to this case, or pass it on."
        others = [(p.name, p.email) for p in self.people.persons if p.key not in case.excluded and p.key != person.key]
        paper = notices.to_decide(told, [each for each in others if each[1] != to.email], [], "")
        paper = replace(paper, sections=(Section("", paragraphs=(why,)), *paper.sections))
        self.send(writer, to.email, "deputy", by_the_clock(writer), paper, case=case)

    # New cases from staff's words

    def open(self, writer: Writer, scene: Scene, opens: Open, deed: Deed, entry: int | None) -> casebook.Opened:
        """A case from a call, a letter or a visit, or one split off. With no mail that told of it (it was recorded at
        the shell), its account stands in the event that recorded it."""
        source = opens.moves[0] if opens.moves else entry
        about = self._suspects(str(deed.detail.get("text") or ""))
        if opens.moves and scene.case is not None:  # what is split off is about the same people
            about = {email: standing for email, standing in scene.case.persons.items() if standing != "cleared"}
        new = opens.new
        if opens.moves:
            _, moved, _ = self.raw(opens.moves[0])
            new = replace(new, summary=" ".join(moved.new_text.split())[:160] or new.summary)
        opened = self._open(writer, new, opens.received_at, source, scene.by, about)
        if opens.moves:
            instructed.move_mails(writer, opens.moves, opened.id)
        if opens.tie and scene.case is not None:
            instructed.tie(writer, opened.id, scene.case.id, opens.tie)
        if opens.acknowledge and opens.new.complainant_email:
            self._acknowledge(writer, opened, source, opens.new.complainant_email)
        details = {name: value for name, value in deed.detail.items() if value}
        writer.event(
            scenes.RECORDED, by=scene.by, case_id=opened.id, channel=opens.new.channel, journal=source, **details
        )
        if source is not None and not opens.moves:
            writer.so_far()
            writer.change(schema.message, {"id": source}, {"case_id": opened.id})
            writer.event("mail_joined", by="complaintmail", case_id=opened.id, journal=source)
        self._tell_of_new(writer, opened, source)
        return opened

    def _suspects(self, account: str) -> dict[str, str]:
        """Whom of staff the account names: they have nothing of the case until somebody says that it is not them."""
        return {mention.email.lower(): "suspected" for mention in named_in(account, self.people.persons)}

    def _open(
        self,
        writer: Writer,
        new: NewCase,
        received_at: datetime,
        source: int | None,
        by: str,
        about: Mapping[str, str],
    ) -> casebook.Opened:
        self.keep_policy(writer, self.policy)
        opened = casebook.open_case(
            writer, new, self.policy, self.people, self.mailbox, received_at, source, without=frozenset(about)
        )
        for email, standing in about.items():
            writer.add(schema.case_person, {"case_id": opened.id, "email": email, "standing": standing})
        writer.event("case_opened", by=by, case_id=opened.id, journal=source)
        return opened

    def _acknowledge(self, writer: Writer, opened: casebook.Opened, source: int | None, address: str) -> None:
        nothing = Message(sha256="", size=0)
        message = self.raw(source)[1] if source is not None else nothing
        due = opened.row["acknowledge_by"]
        answer = AnswerDue(LetterKind.ACKNOWLEDGEMENT, address, None, due)
        officer = self.people.officer(self.policy, self.policy.first)
        theirs = message.writer is not None and message.writer.key == address
        self.lettering.write(
            writer, answer, message if theirs else nothing, source, opened.row, self.policy, officer,
            authentic=not theirs,
        )  # fmt: skip
        writer.event("acknowledgement_owed", by="complaintmail", case_id=opened.id)

    def _tell_of_new(self, writer: Writer, opened: casebook.Opened, source: int | None, theirs: str = "") -> None:
        """To who decides, or to the handler where the policy names one. `theirs`: the complainant's own words, where
        they are not the whole of the mail."""
        writer.so_far()
        case = scenes.case_now(writer.connection, opened.id)
        on = writer.now.astimezone(self.zone).date()
        to = self.people.officer(self.policy, self.policy.first, on=on, without=case.excluded)
        if not to.email:
            return
        if source is not None:
            _, message, raw = self.raw(source)
            account = scenes.account_of(writer.connection, opened.id)
            words = without_tokens(theirs or account or message.new_text.strip() or message.text)
            mail = Subject(source, words, opened.row["subject"], hung_on(message, raw))
        else:
            mail = self.telling.first_mail(writer, opened.id)
        told = self.telling.told(writer, case.row, mail, [self.telling.promise_of(duty) for duty in case.duties])
        suspected = [p for p in self.people.persons if case.persons.get(p.key) == "suspected"]
        if suspected:
            paper = notices.about_whom(told, [(p.name, p.email) for p in suspected])
            self.send(writer, to.email, "about", source or 0, paper, case=case, entry=source)
        others = [
            (p.name, p.email)
            for p in self.people.persons
            if p.email != to.email and not p.is_away(on) and p.key not in case.excluded
        ]
        about: dict[str, Any] = {"entry": source} if source is not None else {}
        kind, email, paper = "decide", to.email, notices.to_decide(told, others, [], "")
        handler = self.people.at(case.handler)
        if handler is not None and handler.key not in case.excluded:
            kind, email, paper = "handler", handler.email, notices.relays(told, False)
            about["relays"] = True
        self.noticing.put(
            writer, email, kind, source or 0, paper, case_id=opened.id, reference=opened.reference, entry=source,
            about=about, enclosures=mail.hung.enclosures,
        )  # fmt: skip

    def passes_on(self, writer: Writer, entry: Entry, message: Message, person: Person) -> bool:
        """A complaint that staff forward is its original sender's, of the day on which they wrote it."""
        _, _, raw = self.raw(entry.id)
        found = original(message, raw)
        if found is None or not found.text.strip():
            return False
        sent = found.sent_at
        if sent is not None and sent.tzinfo is None:
            sent = sent.replace(tzinfo=self.zone)
        received = min(sent.astimezone(UTC), entry.received_at) if sent else entry.received_at
        owed = owed_on_opening(
            self.policy, received_at=received, written=True, severity=self.policy.severity, kind="complaint"
        )
        email = (found.address or "").lower() or None
        new = NewCase(
            kind=Kind.COMPLAINT, sure=False, complainant_name=found.name, complainant_email=email,
            subject=found.subject, summary=" ".join(found.text.split())[:160], severity=self.policy.severity, owed=owed,
        )  # fmt: skip
        why = f"{person.name} passed on a mail by {email or found.name or 'somebody'}"
        self.keep_passed_on(writer, entry, message, why)
        opened = self._open(writer, new, received, entry.id, person.email, self._suspects(found.text))
        writer.change(schema.message, {"id": entry.id}, {"case_id": opened.id})
        words = {"address": email, "text": without_tokens(found.text)}
        writer.event(scenes.PASSED_ON, by=person.email, case_id=opened.id, journal=entry.id, **words)
        if email:
            self._acknowledge(writer, opened, entry.id, email)
        self._tell_of_new(writer, opened, entry.id, found.text)
        done = [("", transcripts.passed_on(found.name, email or "", opened.reference, self.at(received)))]
        told: CaseTold | None = self.case_told(writer, opened.id)
        case: CaseNow | None = scenes.case_now(writer.connection, opened.id)
        if case is not None and person.key in case.excluded:
            told = case = None
            done = [("", "What you passed on has arrived. Somebody else deals with it.")]
        paper = transcripts.answer(told, done, [], "")
        self.send(
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

    def keep_passed_on(self, writer: Writer, entry: Entry, message: Message, why: str) -> None:
        from complaintmail.cases.changes import Decision

        there = select(schema.message.c.id).where(schema.message.c.id == entry.id)
        if writer.connection.scalar(there) is None:
            decision = Decision(Kind.STAFF, True, None, "medium", (why,), not_answered=why)
            key = message.writer.key if message.writer else None
            casebook.keep_message(writer, entry.id, entry.mailbox, entry.received_at, message, decision, None, key)
            writer.event("staff_mail_taken_in", by="complaintmail", journal=entry.id)


def by_the_clock(writer: Writer) -> int:
    """What tells one notice from the next of its kind where no mail caused it."""
    return int(writer.now.timestamp() * 1_000_000)
