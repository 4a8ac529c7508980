"""What staff's words put on paper: answers to complainants, notices to colleagues, cases from calls and forwards.

One mailbox's. Every letter is rendered once and owed in the commit that caused it; what went out and when is told to
its writer by a mail of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from complaintmail.cases.changes import Attend
from complaintmail.cases.deeds import Answer, ShowBack, Tell
from complaintmail.cases.people import Officer, People, Person
from complaintmail.cases.scene import CaseNow, Scene
from complaintmail.letters import appeals, drafts, notices, transcripts
from complaintmail.letters.notice import Section
from complaintmail.letters.notices import CaseTold, Paper
from complaintmail.mail.attachments import attachment_bytes
from complaintmail.mail.compose import Enclosure
from complaintmail.mail.message import Message
from complaintmail.passes.lettering import Lettering
from complaintmail.passes.noticing import Noticing
from complaintmail.passes.pressing import Presses, child_press
from complaintmail.passes.telling import Telling, at_text
from complaintmail.policy.duties import owed_on_opening
from complaintmail.policy.policy import Policy
from complaintmail.store import casebook, instructed, scenes, schema
from complaintmail.store.journal import Entry
from complaintmail.store.record import Writer
from complaintmail.triage.named import named_in

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
    desks: Callable[[str], Papers | None] = lambda _: None
    presses: Presses = child_press  # what makes a letter's PDF

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.policy.timezone)

    def at_desk(self, mailbox: str) -> Papers | None:
        """The papers of the desk at that mailbox: this one, or another; None where there is no such mailbox."""
        return self if mailbox == self.mailbox else self.desks(mailbox)

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
        elif tell.what == "moved":
            paper = notices.to_know(self.case_told(writer, case.id), tell.why, "The date of the answer has moved")
            self.send(writer, tell.email, "attend", seq, paper, case=case)
        elif tell.what == "re-owned":
            self._re_own(writer, case, seq)
        elif tell.what == "reclocked":
            self._clocks_run(writer, case)

    def _re_own(self, writer: Writer, case: CaseNow, seq: int) -> None:
        """Somebody may no longer have it: owners and duties go to the next in line, who is told."""
        writer.so_far()
        now = scenes.case_now(writer.connection, case.id)
        on = writer.now.astimezone(self.zone).date()
        area = str(now.row["area"]) if now.row["area"] else None
        owner = self.people.officer(self.policy, self.policy.first, area=area, on=on, without=now.excluded)
        writer.change(schema.case, {"id": case.id}, {"owner": owner.as_json()})
        for duty in now.duties:
            holder = self.people.officer(self.policy, duty.role, area=area, on=on, without=now.excluded)
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
        """What was taken for something else is a complaint: its duties count from the day it came, and are nobody's
        whom it is about."""
        suspected = self._named_in_praise(writer, case)
        without = case.excluded | suspected
        area = str(case.row["area"]) if case.row["area"] else None
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
                casebook.owe(
                    *(writer, each, self.policy, self.people, self.mailbox, case.id, case.first_mail, without),
                    area=area,
                )
        dates = {
            "acknowledge_by": due.get("acknowledge"),
            "respond_by": due.get("respond"),
            "status": "new",
            "closed_at": None,
        }
        writer.change(schema.case, {"id": case.id}, dates)
        writer.event("reclocked", by="complaintmail", case_id=case.id)
        if suspected:
            self._ask_about(writer, case, suspected)

    def _named_in_praise(self, writer: Writer, case: CaseNow) -> frozenset[str]:
        """Whom of staff it names, where it was taken for praise, in which nobody is suspected; they are from now on."""
        if case.row["kind"] != "compliment":
            return frozenset()
        mail = schema.message.c  # what they quote may be about others
        own = writer.connection.scalar(select(mail.new_text).where(mail.id == case.first_mail))
        words = own or self.telling.first_mail(writer, case.id).text
        named = frozenset(mention.email.lower() for mention in named_in(words, self.people.persons))
        for email in sorted(named - case.excluded):
            instructed.regard(writer, case, email, "suspected")
        return named - case.excluded

    def _ask_about(self, writer: Writer, case: CaseNow, suspected: frozenset[str]) -> None:
        """Is it about them? Whoever is next in line is asked, and has the case until that is said."""
        seq = by_the_clock(writer)
        self._re_own(writer, case, seq)
        now = scenes.case_now(writer.connection, case.id)
        to = self.first_officer(writer, now)
        if to.email:
            names = [(one.name, one.email) for one in self.people.persons if one.key in suspected]
            paper = notices.about_whom(self.case_told(writer, case.id), names)
            self.send(writer, to.email, "about", seq, paper, case=now)

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


def by_the_clock(writer: Writer) -> int:
    """What tells one notice from the next of its kind where no mail caused it."""
    return int(writer.now.timestamp() * 1_000_000)
