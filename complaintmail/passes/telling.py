"""Who is told of what, and with which facts: the notices that follow from a complainant's mail.

A new case goes to who decides, or to its handler where the policy names one from the start; what is added goes to the
handler; what only a person can settle goes to who owes it. Nobody who is, or may be, complained about is told
anything: whether a case is about them is asked of the next on the ladder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case as case_when
from sqlalchemy import select

from complaintmail.cases.changes import Attend, Decision
from complaintmail.cases.commands.praising import ASKED
from complaintmail.cases.people import Officer, People
from complaintmail.cases.reminding import SAFEGUARDING
from complaintmail.cases.scene import CaseNow
from complaintmail.cases.suggesting import Read, Suggestion, still_fits, suggestions
from complaintmail.letters.appeals import whole_file
from complaintmail.letters.notices import CaseTold, Promise, about_whom, day, relays, sentence, to_decide, to_know
from complaintmail.letters.praise import they_answered
from complaintmail.mail.message import Message
from complaintmail.mail.safe_attachments import cloud_links
from complaintmail.passes.noticing import Hung, Noticing
from complaintmail.policy.policy import Owed, Policy
from complaintmail.store import scenes, schema
from complaintmail.store.record import Writer
from complaintmail.triage.belonging import may_belong
from complaintmail.triage.cautions import cautions
from complaintmail.triage.concerns import Found

NOTHING = Hung()
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """The mail that a notice is about."""

    entry: int
    text: str
    subject: str
    hung: Hung = NOTHING
    reasons: tuple[str, ...] = ()
    attends: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    concerns: tuple[Found, ...] = ()
    suggested: tuple[Suggestion, ...] = ()


@dataclass(slots=True)
class Telling:
    """One mailbox's notices about its cases."""

    noticing: Noticing
    people: People
    policy: Policy

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.policy.timezone)

    def told(
        self,
        writer: Writer,
        row: Mapping[str, Any],
        mail: Subject,
        promises: Sequence[Promise],
    ) -> CaseTold:
        """What may be said of this case, around one of its mails."""
        area = next((a.title for a in self.policy.areas if a.name == row["area"]), row["area"] or "")
        return CaseTold(
            reference=row["reference"],
            organisation=self.policy.organisation,
            zone=self.zone,
            received_at=row["received_at"],
            channel=row["channel"],
            complainant_name=row["complainant_name"],
            complainant_email=row["complainant_email"] or "",
            subject=mail.subject,
            text=mail.text,
            kind=row["kind"],
            sure=row["sure"],
            severity=row["severity"],
            area=area,
            handler=(row["handler"] or {}).get("name", ""),
            status=row["status"],
            reasons=mail.reasons,
            promises=tuple(promises),
            needs=tuple(row["needs"] or ()),
            earlier=scenes.earlier_cases(writer.connection, row["complainant_email"], row["id"]),
            attached=tuple(each.name for each in mail.hung.enclosures),
            left_out=mail.hung.left_out,
            cloud=cloud_links(mail.text),
            warnings=mail.warnings,
            attends=mail.attends,
            restricted=row["restricted"],
            elsewhere=self._elsewhere(row, mail),
            concerns=mail.concerns,
            suggested=tuple(one for one in mail.suggested if still_fits(one, row)),
        )

    def _elsewhere(self, row: Mapping[str, Any], mail: Subject) -> tuple[str, ...]:
        """Where it may belong, by the policy's words for that; a person says whether it does."""
        if row["kind"] != "complaint" or row["status"] not in ("new", "open"):
            return ()
        staff = self.people.at(row["complainant_email"]) is not None
        return tuple(each.to for each in may_belong(self.policy, f"{mail.subject}\n{mail.text}", staff=staff))

    # A complainant's mail

    def opened(
        self,
        writer: Writer,
        row: Mapping[str, Any],
        decision: Decision,
        message: Message,
        entry: int,
        hung: Callable[[], Hung],
        suspected: Sequence[str],
    ) -> None:
        """A case was just opened: to whoever deals with it first. What hangs on the mail is asked for only then."""
        assert decision.opens is not None
        without = frozenset((*suspected, (row["complainant_email"] or "").lower()))  # nobody decides on their own
        on = writer.now.astimezone(self.zone).date()
        officer = self.people.officer(self.policy, self.policy.first, on=on, without=without)
        for email in suspected:
            writer.add(schema.case_person, {"case_id": row["id"], "email": email, "standing": "suspected"})
        if officer.email is None:
            return
        mail = Subject(
            *(entry, message.text, message.subject, hung(), decision.reasons, _why(decision.attend), cautions(message)),
            *(decision.concerns, _but_about(decision.suggestions, suspected)),
        )
        case = self.told(writer, row, mail, [self.promise(owed) for owed in decision.opens.owed])
        if suspected:
            self._ask_about(writer, row, case, suspected, entry, officer)
        if row["handler"] is not None:
            self._put(writer, officer, "handler", entry, relays(case, False), row, mail, relays=True)
            return
        holders = [
            (one.name, one.email)
            for one in self.people.persons
            if one.serves(self.policy) and one.key not in without and one.email != officer.email and not one.is_away(on)
        ]
        by = next((p.due_at for p in case.promises if p.what in ("decide", "set-date")), None)
        paper = to_decide(case, holders, [one.name for one in self.people.persons], day(by, self.zone) if by else "")
        self._put(writer, officer, "decide", entry, paper, row, mail)

    def _ask_about(
        self,
        writer: Writer,
        row: Mapping[str, Any],
        case: CaseTold,
        suspected: Sequence[str],
        entry: int,
        officer: Officer,
    ) -> None:
        names = [(p.name, p.email) for email in suspected if (p := self.people.at(email)) is not None]
        if names:
            self._put(writer, officer, "about", entry, about_whom(case, names), row, None)

    def came(self, writer: Writer, case_id: int, decision: Decision, message: Message, entry: int, hung: Hung) -> None:
        """Something came on a case that is there: to its handler, or to who decides."""
        writer.so_far()
        case = scenes.case_now(writer.connection, case_id)
        handler = self.people.at(case.handler) if case.handler and case.handler not in case.excluded else None
        words = message.new_text.strip() or message.text  # what they quote was seen before
        key = message.writer.key if message.writer else ""
        other = case.addresses.get(key) == "third party"
        warned = (f"{key} wrote this, whom the complainant allows to. Answers go to the complainant.",) if other else ()
        if case.addresses.get(key) == "consulted":
            warned = (
                f"{key} answers what they were asked about this. Your reply goes to the complainant, not to them.",
            )
        mail = Subject(
            *(entry, words, message.subject, hung, decision.reasons, _why(decision.attend)),
            *((*warned, *cautions(message)), decision.concerns, decision.suggestions),
        )
        told = self.told(writer, case.row, mail, [self.promise_of(duty) for duty in case.duties])
        theirs = decision.sure and not decision.attend and not decision.unverified
        if theirs and str(case.praise.get("consent") or "").startswith(ASKED):
            self._of_the_board(writer, case, told, mail)
            return
        if handler is not None and theirs:
            officer = Officer("handler", "", handler.name, handler.email)
            self._put(writer, officer, "handler", entry, relays(told, True), case.row, mail, relays=True)
            return
        on = writer.now.astimezone(self.zone).date()
        to = self.people.officer(self.policy, self.policy.first, on=on, without=case.excluded)
        if handler is not None:
            to = Officer("handler", "", handler.name, handler.email)
        why = " ".join(_why(decision.attend)) or " ".join(warned) or "The complainant has written again."
        heading = "Please look at this" if decision.attend else "Added to a case"
        self._put(writer, to, "added-staff", entry, to_know(told, why, heading), case.row, mail)

    def _of_the_board(self, writer: Writer, case: CaseNow, told: CaseTold, mail: Subject) -> None:
        """Whether their name may hang with their kind words: to who keeps the board."""
        role = (self.policy.praise.keeper if self.policy.praise else "") or self.policy.first
        on = writer.now.astimezone(self.zone).date()
        to = self.people.officer(self.policy, role, on=on, without=case.excluded)
        self._put(writer, to, "added-staff", mail.entry, they_answered(told), case.row, mail)

    def to_handler(self, writer: Writer, case_id: int, seq: int, email: str, *, new_words: bool = False) -> None:
        """Somebody deals with the case from now on: everything of it, and their replies go to the complainant."""
        writer.so_far()
        case = scenes.case_now(writer.connection, case_id)
        person = self.people.at(email)
        if person is None or person.key in case.excluded:
            return
        mail = self.first_mail(writer, case_id)
        told = self.told(writer, case.row, mail, [self.promise_of(duty) for duty in case.duties])
        officer = Officer("handler", "", person.name, person.email)
        paper = relays(told, new_words)
        if case.status == "appealed":
            paper = whole_file(told, *scenes.appeal_papers(writer.connection, case_id))
        self._put(writer, officer, "handler", seq, paper, case.row, mail, relays=True)

    def put_before(
        self,
        writer: Writer,
        case_id: int,
        entry: int | None,
        seq: int,
        why: str,
        heading: str,
        duty: int | None = None,
        silent: frozenset[str] = NOBODY,
        role: str = "",
    ) -> None:
        """Something on a case that a person has to see to: to its handler, else to who decides. Where somebody may be
        at risk it is for whoever is named for that."""
        writer.so_far()
        case = scenes.case_now(writer.connection, case_id)
        on = writer.now.astimezone(self.zone).date()
        grave = role == SAFEGUARDING
        first = role if grave else self.policy.first
        handler = self.people.at(case.handler) if not grave else None
        to = (
            Officer("handler", "", handler.name, handler.email)
            if handler is not None
            and handler.key not in case.excluded
            and not handler.is_away(on)
            and handler.key not in silent
            else self.people.officer(self.policy, first, on=on, without=case.excluded, silent=silent)
        )
        heading = "At once, please: somebody may be at risk" if grave else heading
        mail = self.first_mail(writer, case_id)
        told = self.told(writer, case.row, mail, [self.promise_of(each) for each in case.duties])
        if duty is not None and to.email:  # it is theirs now, and `due` says so
            writer.change(schema.obligation, {"id": duty}, {"owner": to.as_json()})
        self._put(writer, to, "attend", seq, to_know(told, why, heading), case.row, None, duty=duty, entry=entry)

    def first_mail(self, writer: Writer, case_id: int) -> Subject:
        """The complaint itself: as it was recorded, or as its mail was understood."""
        account = scenes.account_of(writer.connection, case_id)
        if account is not None:
            subject = writer.connection.scalar(select(schema.case.c.subject).where(schema.case.c.id == case_id))
            people = [one for one in self.people.persons if one.serves(self.policy)]
            suggested = suggestions(Read(subject or "", account, self.policy, people))
            return Subject(0, account, subject or "", suggested=suggested)
        table = schema.message
        asked = (
            select(table.c.id, table.c.text, table.c.subject, table.c.reasons, table.c.suggestions)
            .where(table.c.case_id == case_id, table.c.duplicate_of.is_(None))
            .order_by(case_when((table.c.kind == "staff", 1), else_=0), table.c.id)
            .limit(1)
        )
        row = writer.connection.execute(asked).first()
        if row is None:
            return Subject(0, "", "")
        suggested = tuple(Suggestion(**one) for one in row.suggestions or ())
        return Subject(row.id, row.text, row.subject, NOTHING, tuple(row.reasons), suggested=suggested)

    # The letter

    def _put(
        self,
        writer: Writer,
        to: Officer,
        kind: str,
        seq: int,
        paper: Any,
        row: Mapping[str, Any],
        mail: Subject | None,
        *,
        relays: bool = False,
        duty: int | None = None,
        entry: int | None = None,
    ) -> None:
        if not to.email:
            return
        about: dict[str, Any] = {"relays": True} if relays else {}
        if duty is not None:
            about["duty"] = duty
        if mail is not None and mail.entry:
            about["entry"] = mail.entry
        self.noticing.put(
            writer,
            to.email,
            kind,
            seq,
            paper,
            case_id=row["id"],
            reference=row["reference"],
            entry=entry or (mail.entry if mail and mail.entry else None),
            about=about,
            enclosures=mail.hung.enclosures if mail else (),
        )

    def promise(self, owed: Owed) -> Promise:
        counted = owed.counted
        return Promise(owed.kind, owed.clause, counted.due_at if counted else None, counted.why if counted else "")

    def promise_of(self, duty: Any) -> Promise:
        return Promise(duty.kind, duty.clause, duty.due_at, duty.why)


def _but_about(suggested: tuple[Suggestion, ...], asked: Sequence[str]) -> tuple[Suggestion, ...]:
    """Without those whether it is about somebody of whom that is asked in a mail of its own."""
    return tuple(one for one in suggested if one.what != "about" or one.command.partition(" ")[2] not in asked)


def _why(attends: Sequence[Attend]) -> tuple[str, ...]:
    return tuple(f"{sentence(attend.why)}{'' if attend.why.endswith('?') else '.'}" for attend in attends)


def at_text(at: datetime, zone: ZoneInfo) -> str:
    there = at.astimezone(zone)
    return f"{there:%A} {there.day} {there:%B %Y} at {there:%H:%M}"
