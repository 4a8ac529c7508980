"""From a decision to a letter in the outbox: the facts, the words, the bytes — made once, kept, never made again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from complaintmail.cases.changes import Answer
from complaintmail.cases.deeds import Write
from complaintmail.cases.people import Officer
from complaintmail.cases.post import ANSWER, AUTOMATIC, LetterKind
from complaintmail.cases.scene import MailNow
from complaintmail.letters.answer import answer_html, answer_subject
from complaintmail.letters.facts import EXTRA_LINES, CaseFacts, ExtraFacts, LetterFacts, PersonFacts, PolicyFacts
from complaintmail.letters.letter import Rendered
from complaintmail.letters.render import Letters
from complaintmail.letters.words import Words
from complaintmail.mail.compose import Enclosure, address, compose
from complaintmail.mail.message import Message
from complaintmail.mail.references import LETTER_HEADER, letter_header_for, letter_id, message_id_for
from complaintmail.policy.duties import owed_by, window_of
from complaintmail.policy.policy import Policy
from complaintmail.store import outbox
from complaintmail.store.record import Writer

REPLIES = frozenset({LetterKind.APPEAL_RECEIVED, LetterKind.FINISHED})  # answers to a mail, by the program itself


class Lettering:
    """Makes letters for one mailbox."""

    def __init__(self, letters: Letters, key: bytes, mailbox: str, randomness: Callable[[int], bytes]) -> None:
        self._letters = letters
        self._key = key
        self._mailbox = mailbox
        self._domain = mailbox.rpartition("@")[2]
        self._randomness = randomness

    def write(
        self,
        writer: Writer,
        answer: Answer,
        message: Message,
        entry_id: int | None,
        case: Mapping[str, Any],
        policy: Policy,
        officer: Officer,
        *,
        authentic: bool,
    ) -> str | None:
        """Put the letter that this mail calls for into the outbox; what was wrong with its template, if anything."""
        recipient = address(answer.recipient, utf8=True)  # ValueError: no letter can be addressed to it
        facts = facts_for(case, policy, officer, message, self._mailbox, writer.now, authentic=authentic)
        if answer.neutral:  # they are not on the case, and learn nothing of it
            facts = replace(facts, case=nothing_of(writer.now, policy))
        facts = replace(facts, extra=extra_facts(answer.extra))
        words = self._letters.render(answer.kind, policy.name, facts, language=language_of(case))
        letter = letter_id(self._randomness(10))
        message_id = message_id_for(self._key, letter, self._domain)
        data = compose(
            mail_from_name=policy.organisation,
            mail_from=self._mailbox,
            to=recipient,
            subject=words.subject,
            text=words.text,
            html=words.html,
            date=writer.now.astimezone(ZoneInfo(policy.timezone)),
            message_id=message_id,
            in_reply_to=message.message_id,
            references=(*message.references, *((message.message_id,) if message.message_id else ())),
            auto_submitted="auto-replied",
            reference=None if answer.neutral else case["reference"],
            extra=((LETTER_HEADER, letter_header_for(self._key, letter)),),
            utf8=not recipient.isascii(),
        )
        first = answer.kind not in ("added",) and not answer.again
        row = {
            "id": letter,
            "case_id": case["id"],
            "answers": entry_id,
            "audience": "third party" if answer.neutral else "complainant",
            "kind": str(answer.kind),
            "seq": 0 if first else entry_id or 0,
            "mailbox": self._mailbox,
            "recipient": recipient,
            "message_id": message_id,
            "subject": words.subject,
            "text": words.text,
            "template": words.template,
            "due_at": answer.due_at,
        }
        outbox.put(writer, row, data, hold=answer.hold)
        return words.problem

    def relay(
        self,
        writer: Writer,
        case: Mapping[str, Any],
        text: str,
        mails: Sequence[MailNow],
        policy: Policy,
        *,
        author: str,
        enclosures: Sequence[Enclosure],
        not_before: datetime | None,
        entry: int | None,
    ) -> str:
        """Put a member of staff's words to the complainant into the outbox; the letter's id."""
        recipient = address(case["complainant_email"], utf8=True)
        letter = letter_id(self._randomness(10))
        message_id = message_id_for(self._key, letter, self._domain)
        theirs = [mail for mail in mails if mail.from_address == case["complainant_email"]]
        cited = [mail.message_id for mail in (theirs[:1] + theirs[-1:]) if mail.message_id]
        subject = answer_subject(case["subject"], case["reference"])
        data = compose(
            mail_from_name=policy.organisation,
            mail_from=self._mailbox,
            to=recipient,
            subject=subject,
            text=text,
            html=answer_html(text),
            date=writer.now.astimezone(ZoneInfo(policy.timezone)),
            message_id=message_id,
            in_reply_to=cited[-1] if cited else None,
            references=tuple(dict.fromkeys(cited)),
            auto_submitted=None,
            reference=case["reference"],
            extra=((LETTER_HEADER, letter_header_for(self._key, letter)),),
            enclosures=enclosures,
            utf8=not recipient.isascii(),
        )
        row = {
            "id": letter,
            "case_id": case["id"],
            "answers": theirs[-1].id if theirs else None,
            "kind": ANSWER,
            "seq": entry or int.from_bytes(self._randomness(6), "big"),
            "mailbox": self._mailbox,
            "recipient": recipient,
            "message_id": message_id,
            "subject": subject,
            "text": text,
            "template": f"written by {author}",
            "due_at": None,
            "author": author,
            "not_before": not_before,
        }
        outbox.put(writer, row, data, hold=None)
        writer.event("answer_owed", by=author, case_id=case["id"], letter=letter, not_before=not_before)
        return letter

    def with_words(
        self,
        writer: Writer,
        case: Mapping[str, Any],
        write: Write,
        mails: Sequence[MailNow],
        policy: Policy,
        officer: Officer,
        *,
        author: str,
        enclosures: Sequence[Enclosure] = (),
        not_before: datetime | None = None,
        hold: str | None = None,
    ) -> Rendered:
        """Put a letter from a template, with a person's words in it, into the outbox; as it was written."""
        recipient = address(write.to or case["complainant_email"], utf8=True)
        words = self.words_of(case, write, policy, officer, writer.now)
        letter = letter_id(self._randomness(10))
        message_id = message_id_for(self._key, letter, self._domain)
        theirs = [mail for mail in mails if mail.from_address == case["complainant_email"]] if not write.to else []
        cited = [mail.message_id for mail in (theirs[:1] + theirs[-1:]) if mail.message_id]
        automatic = write.kind in AUTOMATIC
        wordless = automatic or not write.text.strip()  # nobody has written a word of it
        data = compose(
            mail_from_name=policy.organisation,
            mail_from=self._mailbox,
            to=recipient,
            subject=words.subject,
            text=words.text,
            html=words.html,
            date=writer.now.astimezone(ZoneInfo(policy.timezone)),
            message_id=message_id,
            in_reply_to=cited[-1] if cited else None,
            references=tuple(dict.fromkeys(cited)),
            auto_submitted=("auto-replied" if write.kind in REPLIES else "auto-generated") if wordless else None,
            reference=case["reference"] if write.kind is not LetterKind.SHARE else None,
            extra=((LETTER_HEADER, letter_header_for(self._key, letter)),),
            enclosures=enclosures,
            utf8=not recipient.isascii(),
            calendar=write.calendar,
        )
        row = {
            "id": letter,
            "case_id": case["id"],
            "answers": theirs[-1].id if theirs else None,
            "audience": "third party" if write.to else "complainant",
            "kind": str(write.kind),
            "seq": int.from_bytes(self._randomness(6), "big"),
            "mailbox": self._mailbox,
            "recipient": recipient,
            "message_id": message_id,
            "subject": words.subject,
            "text": words.text,
            "template": words.template,
            "due_at": None,
            "author": None if automatic else author,
            "not_before": not_before,
            "about": dict(write.after) or None,
        }
        outbox.put(writer, row, data, hold=hold)
        writer.event(
            "letter_owed", by=author, case_id=case["id"], letter=letter, kind=str(write.kind), not_before=not_before
        )
        return words

    def words_of(
        self, case: Mapping[str, Any], write: Write, policy: Policy, officer: Officer, now: datetime
    ) -> Rendered:
        """The letter's words, as they would go."""
        nobody = Message(sha256="", size=0)
        known = write.to is None and write.kind not in AUTOMATIC  # a mail alone puts nobody's name into a letter
        facts = facts_for(case, policy, officer, nobody, self._mailbox, now, authentic=known)
        facts = replace(facts, words=Words(write.text), extra=extra_facts(write.extra))
        if write.kind is LetterKind.SHARE:  # nothing in it leads back to the case
            facts = replace(facts, case=replace(facts.case, reference=""))
        paper, language = bool(write.after.get("pdf")), language_of(case) if write.to is None else "en"
        return self._letters.render(write.kind, policy.name, facts, paper=paper, language=language)


def language_of(case: Mapping[str, Any]) -> str:
    """In which language letters of this case begin, where there are such letters."""
    return str((case.get("course") or {}).get("language") or "en")


def extra_facts(said: Mapping[str, str]) -> ExtraFacts:
    lines: dict[str, Any] = {name: Words(value) if name in EXTRA_LINES else value for name, value in said.items()}
    return ExtraFacts(**lines)


def nothing_of(now: datetime, policy: Policy) -> CaseFacts:
    """What somebody is told who is not on the case."""
    return CaseFacts(reference="", kind="complaint", received_on=now.astimezone(ZoneInfo(policy.timezone)).date())


def facts_for(
    case: Mapping[str, Any],
    policy: Policy,
    officer: Officer,
    message: Message,
    mailbox: str,
    now: datetime,
    *,
    authentic: bool,
) -> LetterFacts:
    """What the letter may say. The complainant's own words enter only when their server vouched for them."""
    zone = ZoneInfo(policy.timezone)
    respond = next((duty for duty in policy.duties if duty.kind == "respond"), None)
    span = window_of(policy, respond, case["severity"])[0] if respond else None
    return LetterFacts(
        case=CaseFacts(
            reference=case["reference"],
            kind=case["kind"],
            received_on=_day(case["received_at"], zone) or now.astimezone(zone).date(),
            complainant=case["complainant_name"] if authentic else "",
            subject=message.subject if authentic else "",
            acknowledge_by=_day(case["acknowledge_by"], zone),
            respond_by=_day(case["respond_by"], zone),
            respond_within=str(span) if span and case["respond_by"] else "",
            decide_by=_day(_decided_by(policy, case), zone),
            severity=case["severity"],
        ),
        policy=PolicyFacts.of(policy),
        person=PersonFacts(name=officer.name, role=officer.title, email=officer.email or ""),
        mailbox=mailbox,
        today=now.astimezone(zone).date(),
    )


def _decided_by(policy: Policy, case: Mapping[str, Any]) -> datetime | None:
    """When a person will have set the answer's date or decided who deals with it, where the policy promises that."""
    for kind in ("set-date", "decide"):
        owed = owed_by(policy, kind, case["received_at"], case["severity"])
        if owed is not None and owed.counted is not None:
            return owed.counted.due_at
    return None


def _day(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return moment.astimezone(zone).date() if moment else None
