"""A casebook with as many cases as a test asks for, written by the store itself: no row has a shape of its own.

    with casebook(url, cases=50) as book: …

Every tenth case is closed, late or held in a way of its own, so that each list has something of each kind to show.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from complaintmail.cases.changes import Attend, Decision, NewCase
from complaintmail.cases.people import People, Person
from complaintmail.gateways.ports import Fetched
from complaintmail.mail.message import Address, Attachment, Automatic, Bounce, Message, Origin
from complaintmail.mail.references import letter_id, message_id_for
from complaintmail.policy.duties import owed_on_opening
from complaintmail.policy.load import find
from complaintmail.policy.policy import Policy
from complaintmail.store import casebook as cases
from complaintmail.store import journal, outbox, schema
from complaintmail.store.engine import Store
from complaintmail.store.journal import Cursor, RawFiles
from complaintmail.store.migrate import upgrade
from complaintmail.store.record import Writer
from complaintmail.triage.verdicts import Kind
from tests.support.shaped import shape

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BOXES = {"info@example.test": "cms", "care@example.test": "ceme"}
WORDS = (
    "I waited three weeks for an answer about the course that I had paid for, and when I rang nobody could tell me who "
    "was looking into it. The room was locked on the first day, the tutor came forty minutes late, and the certificate "
    "that I was promised by the end of the month has still not come. I should like to know what went wrong, who will "
    "put it right, and by when. "
)
STAFF = People(
    (
        Person("A. Director", "director@staff.test", ("operations-director", "policy-owner", "safeguarding")),
        Person("B. Head", "head@staff.test", ("investigator", "directors", "board", "senior-management")),
        Person("C. Chief", "chief@staff.test", ("chief-executive", "head-of-it")),
    )
)


@dataclass
class Book:
    """Writes mails and what follows from them, as intake and dispatch would."""

    store: Store
    files: RawFiles
    policies: dict[str, Policy]
    uid: dict[str, int] = field(default_factory=dict)
    waiting: list[tuple[Fetched, str]] = field(default_factory=list)
    entries: int = 0

    def arrive(self, box: str, raw: bytes, at: datetime) -> tuple[int, str]:
        """Keep this mail; its number in the journal and its hash. It is written with the next `keep`."""
        self.uid[box] = self.uid.get(box, 0) + 1
        self.entries += 1
        sha256 = hashlib.sha256(raw).hexdigest()
        self.waiting.append((Fetched(self.uid[box], at, len(raw), raw, sha256), box))
        return self.entries, sha256

    def keep(self, now: datetime) -> None:
        """Write the mails that arrived into the journal, in the order in which they came."""
        run: list[Fetched] = []
        for place, (mail, box) in enumerate(self.waiting):
            run.append(mail)
            if place + 1 == len(self.waiting) or self.waiting[place + 1][1] != box:
                with self.store.reading() as connection:
                    at = journal.cursor(connection, box, "INBOX")
                assert at is not None
                journal.record(self.store, self.files, at, run, mail.uid, now)
                run = []
        self.waiting.clear()

    def begin(self, at: datetime) -> None:
        with self.store.writing(at) as writer:
            for box in BOXES:
                journal.begin_mailbox(writer, Cursor(box, "INBOX", at, 1, 0, 0))
            for policy in self.policies.values():
                kept = {"name": policy.name, "version": policy.version, "text": policy.text}
                writer.execute(schema.policy_text.insert().values(kept))

    def disposed(self, writer: Writer, entry: int, state: str = "settled") -> None:
        writer.execute(schema.journal.update().where(schema.journal.c.id == entry).values(state=state))

    def message(
        self, entry: int, sha256: str, sender: str, subject: str, text: str, at: datetime, **more: Any
    ) -> Message:
        fields: dict[str, Any] = {
            "message_id": f"<m{entry}@complainants.test>",
            "from_": (Address(f"Writer {entry}", sender),) if sender else (),
            "to": (Address("", "info@example.test"),),
            "subject": subject,
            "date": at,
            "text": text + "\n\n> what was said before\n",
            "new_text": text,
            "body_hash": hashlib.sha256(text.encode()).hexdigest(),
            "identity": hashlib.sha256(f"{sha256}{sender}".encode()).hexdigest(),
        }
        return Message(sha256, len(text), **(fields | more))

    def complaint(
        self, writer: Writer, box: str, entry: int, message: Message, at: datetime, sure: bool = True
    ) -> cases.Opened:
        """Open a case on this mail, with all that is owed; its event is still to be written."""
        policy = self.policies[BOXES[box]]
        owed = owed_on_opening(policy, received_at=at, written=True, severity="medium", kind="complaint")
        sender = message.from_[0].key if message.from_ else None
        new = NewCase(
            Kind.COMPLAINT, sure, "Writer", sender, message.subject, message.new_text[:150], policy.severity, owed
        )
        opened = cases.open_case(writer, new, policy, STAFF, box, at, entry)
        decision = Decision(Kind.COMPLAINT, sure, 0.9, "medium", ("it asks for something to be put right",), opens=new)
        cases.keep_message(writer, entry, box, at, message, decision, opened.id, sender)
        return opened

    def letter(
        self, writer: Writer, box: str, entry: int, opened: cases.Opened, recipient: str, hold: str | None = None
    ) -> str:
        """Owe the acknowledgement of a case; the letter's id."""
        letter = letter_id(hashlib.sha256(f"{opened.reference}{entry}".encode()).digest()[:10])
        words = f"Thank you for your complaint {opened.reference}.\n\n{WORDS}\n"
        row = {
            "id": letter,
            "case_id": opened.id,
            "answers": entry,
            "kind": "acknowledgement",
            "seq": 0,
            "mailbox": box,
            "recipient": recipient,
            "message_id": message_id_for(self.store.key, letter, "example.test"),
            "subject": f"Your complaint [{opened.reference}]",
            "text": words,
            "template": "acknowledgement.md",
            "due_at": opened.row["acknowledge_by"],
        }
        head = f"From: {box}\r\nTo: {recipient}\r\nSubject: {row['subject']}\r\nMessage-ID: {row['message_id']}\r\n\r\n"
        outbox.put(writer, row, (head + words).encode(), hold=hold)
        return letter


def open_book(url: str, files: RawFiles) -> Book:
    """A new casebook at this place, with its two mailboxes begun."""
    shape(url)
    store = Store(url)
    upgrade(store)
    return book_in(store, files)


def book_in(store: Store, files: RawFiles) -> Book:
    """A new casebook in an empty database that has its tables."""
    book = Book(store, files, {name: find(name) for name in BOXES.values()})
    book.begin(START)
    return book


def mail(sender: str, subject: str, text: str, n: int) -> bytes:
    head = (
        f"From: Writer {n} <{sender}>\r\nTo: info@example.test\r\nSubject: {subject}\r\nMessage-ID: <m{n}@x.test>\r\n"
    )
    return (head + "\r\n" + text.replace("\n", "\r\n") + "\r\n").encode()


def write_cases(book: Book, count: int, *, batch: int = 200, text: str = WORDS * 3) -> None:
    """So many complaints with their acknowledgements, evidence copies, and a robot's mail now and then."""
    boxes = list(BOXES)
    for first in range(0, count, batch):
        numbers = range(first, min(first + batch, count))
        mails = [_mails(book, boxes[n % 2], n, text, START + timedelta(minutes=37 * n)) for n in numbers]
        last = START + timedelta(minutes=37 * numbers[-1])
        book.keep(last)
        with book.store.writing(last + timedelta(seconds=2)) as writer:
            opened = [
                _case(book, writer, boxes[n % 2], n, what, START + timedelta(minutes=37 * n))
                for n, what in zip(numbers, mails, strict=True)
            ]
        with book.store.writing(last + timedelta(seconds=3)) as writer:
            for n, (case_id, letter, entry) in zip(numbers, opened, strict=True):
                _afterwards(writer, n, case_id, letter, entry, START + timedelta(minutes=37 * n, seconds=3))


def _mails(book: Book, box: str, n: int, text: str, at: datetime) -> dict[str, Any]:
    sender, subject = f"writer{n}@complainants.test", f"Complaint number {n} about a course"
    words = f"{text}\nThis is about booking {n}."
    what = {"sender": sender, "subject": subject, "text": words}
    what["complaint"] = book.arrive(box, mail(sender, subject, words, n), at)
    what["copy"] = book.arrive(box, mail(box, f"Your complaint {n}", f"An evidence copy, {n}.", n), at)
    if n % 5 == 0:
        what["robot"] = book.arrive(
            box, mail(f"mailer-daemon{n}@complainants.test", "Out of office", f"I am away, {n}.", n), at
        )
    return what


def _case(
    book: Book, writer: Writer, box: str, n: int, what: dict[str, Any], at: datetime
) -> tuple[int, str | None, int]:
    entry, sha256 = what["complaint"]
    attachments = (Attachment("photo.jpg", "image/jpeg", 12345, 1),) if n % 3 == 0 else ()
    message = book.message(entry, sha256, what["sender"], what["subject"], what["text"], at, attachments=attachments)
    opened = book.complaint(writer, box, entry, message, at, sure=n % 7 != 0)
    hold = "5 automatic answers went to this address within a day already" if n % 10 == 9 else None
    letter = book.letter(writer, box, entry, opened, what["sender"], hold)
    if hold:
        policy = book.policies[BOXES[box]]
        attend = Attend(f"its answer waits for a person: {hold}", None, "", policy.first)
        cases.owe_attendance(writer, attend, policy, STAFF.officer(policy, policy.first), box, opened.id, entry, 0)
    writer.event(
        "case_opened", by="complaintmail", case_id=opened.id, journal=entry, sha256=sha256, kind="complaint",
        reasons=["it asks for something to be put right"],
    )  # fmt: skip
    book.disposed(writer, entry)
    _copy(writer, what["copy"][0], letter)
    if "robot" in what:
        _robot(book, writer, box, what["robot"], n, at)
    return opened.id, None if hold else letter, entry


def _afterwards(writer: Writer, n: int, case_id: int, letter: str | None, entry: int, at: datetime) -> None:
    """The acknowledgement is accepted, and every second case has its outcome three days later."""
    if letter is None:
        return
    outbox.mark_sent(
        writer, letter, case_id, "acknowledgement", entry, reply="250 2.0.0 Ok", evidence="bcc", sent_at=at
    )
    if n % 2:
        closed = at + timedelta(days=3)
        cases.discharge(writer, case_id, ("decide", "respond", "contact", "set-date"), closed, "the outcome was sent")
        changes = {"status": "closed", "closed_at": closed, "outcome": "upheld", "responded_at": closed}
        writer.change(schema.case, {"id": case_id}, changes)
        writer.event("case_closed", by="director@staff.test", case_id=case_id)


def _copy(writer: Writer, entry: int, letter: str) -> None:
    table = schema.journal
    writer.execute(table.update().where(table.c.id == entry).values(state="settled", evidence_of=letter, filing="done"))


def _robot(book: Book, writer: Writer, box: str, kept: tuple[int, str], n: int, at: datetime) -> None:
    entry, sha256 = kept
    bounce = Bounce(f"writer{n}@complainants.test", "5.1.1", "failed")
    origin = Origin(Automatic.BOUNCE, True, ("a mail server's report",), (bounce,))
    sender = f"mailer-daemon{n}@complainants.test"
    message = book.message(entry, sha256, sender, "Undelivered", "It could not be delivered.", at, origin=origin)
    decision = Decision(
        Kind.BOUNCE, True, None, "medium", origin.reasons,
        not_answered="a mail server wrote it, and machines are never answered",
    )  # fmt: skip
    cases.keep_message(writer, entry, box, at, message, decision, None, sender)
    writer.event("mail_taken_in", by="complaintmail", journal=entry, kind="bounce")
    book.disposed(writer, entry)


@contextmanager
def casebook(url: str, files: RawFiles, count: int, text: str = WORDS) -> Iterator[Book]:
    book = open_book(url, files)
    try:
        write_cases(book, count, text=text)
        yield book
    finally:
        book.store.close()


def settings_for(url: str, more: str = "") -> str:
    """A config.toml for this casebook; its servers are nowhere."""
    boxes = "".join(
        f'\n[[mailbox]]\naddress = "{box}"\npolicy = "{policy}"\n'
        f'[mailbox.imap]\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"\npassword_env = "HOME"\n'
        f'[mailbox.smtp]\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"\n'
        for box, policy in BOXES.items()
    )
    people = "".join(
        f'\n[[person]]\nname = "{person.name}"\nemail = "{person.email}"\nroles = {list(person.roles)}\n'
        for person in STAFF.persons
    ).replace("'", '"')
    return f'timezone = "Europe/London"\n{more}\n[storage]\ndatabase = "{url}"\n{boxes}{people}'
