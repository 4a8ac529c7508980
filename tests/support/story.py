"""Stories: the program over a real mail server, told as what people write and what they get.

    story = tell(policies={...})                       # the fixture; settings as `Setup` takes them
    jane = story.person()
    mail = story.letter(jane, body="…")                # bytes
    story.posts(mail, jane)                            # by SMTP, as the world would; or story.drops(mail) by APPEND
    story.goes_on()                                    # one pass; nothing failed
    [answer] = story.gets(jane, 1)                     # what lies in Jane's mailbox, each held to the wire rules
    story.cases(), story.mails(), story.duties(), story.outbox()

At the end of each test every letter that the program ever made is held to the wire rules against the mail that it
answers, the record is proved whole, and a further pass changes nothing.
"""

from __future__ import annotations

import contextlib
import json
import re
import smtplib
import sqlite3
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from complaintmail.cases.post import AUTOMATIC
from complaintmail.clock import SystemClock
from complaintmail.store import casebook, schema
from complaintmail.store.engine import Store
from tests.support import wire
from tests.support.mailstack import MailStack, until
from tests.support.office import Setup, a_mail, own_address

SOON = 10.0


@dataclass
class At:
    """A clock that stands where a story puts it."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return SystemClock().monotonic()


@dataclass(frozen=True)
class Letter:
    """One row of the outbox, with the bytes that leave and the mail that it answers."""

    id: str
    case: str
    kind: str
    recipient: str
    state: str
    reason: str | None
    data: bytes
    answers: bytes | None


@dataclass
class Story:
    """One office, the people who write to it, and what they get."""

    setup: Setup
    stack: MailStack
    clock: At | None = None
    authentic: bool = False  # letters may use a sender's name and subject
    people: list[str] = field(default_factory=list)

    @property
    def inbox(self) -> str:
        return self.setup.address

    # People and what they write

    def person(self, name: str = "info", domain: str = "complainants.test") -> str:
        """Somebody new with a mailbox of their own."""
        address = own_address(domain).replace("info-", f"{name}-")
        self.stack.add_user(address)
        self.people.append(address)
        return address

    def letter(self, sender: str, to: str | None = None, **words: Any) -> bytes:
        return a_mail(to or self.inbox, sender=sender, **words)

    def posts(self, raw: bytes, sender: str, to: str | Sequence[str] | None = None) -> None:
        """Sent over SMTP to these addresses, and come in."""
        boxes = [to or self.inbox] if isinstance(to, str) or to is None else list(to)
        mark = _mark(raw)
        before = {box: self._holds(box, mark) for box in boxes}
        with smtplib.SMTP("127.0.0.1", self.stack.smtp_port, timeout=90) as smtp:
            smtp.sendmail(sender, boxes, raw)
        for box in boxes:
            until(lambda box=box: self._holds(box, mark) > before[box], SOON, f"the mail to come to {box}")  # type: ignore[misc]

    def drops(self, raw: bytes, to: str | None = None, **how: Any) -> None:
        """Into the inbox by APPEND, byte for byte; `internaldate` (the story's clock, if it has one), `flags`."""
        if self.clock is not None:
            how.setdefault("internaldate", self.clock.moment)
        self.stack.append(to or self.inbox, raw, **how)

    def complains(self, sender: str, to: str | None = None, **words: Any) -> bytes:
        """Writes and posts; the mail."""
        raw = self.letter(sender, to, **words)
        self.posts(raw, sender, to)
        return raw

    def _holds(self, box: str, mark: str) -> int:
        with self.stack.imap(box.replace(box[box.find("+") : box.find("@")], "") if "+" in box else box) as client:
            client.select_folder("INBOX", readonly=True)
            return len(client.search(["HEADER", "Message-ID", mark]))

    # The program

    def goes_on(self, **how: Any) -> None:
        """One pass in which no mailbox fails."""
        assert self.setup.once(clock=self.clock, **how) == []

    def closes(self, reference: str, at: datetime) -> None:
        """The outcome was sent, as staff will one day say by mail."""
        store = Store(self.setup.database)
        try:
            [[case_id]] = self.rows("SELECT id FROM cases WHERE reference = ?", reference)
            with store.writing(at) as writer:
                kinds = {duty["kind"] for duty in self.show(reference)["obligations"]}
                casebook.discharge(writer, case_id, kinds, at, "the outcome was sent")
                told = {"status": "closed", "closed_at": at, "outcome": "not upheld", "responded_at": at}
                writer.change(schema.case, {"id": case_id}, told)
                writer.event("case_closed", by="dana.director@staff.test", case_id=case_id)
        finally:
            store.close()

    def asks(self, *words: str) -> Any:
        """A command's JSON, asked in this process."""
        return json.loads(self.says(*words, "--format", "json")[1])

    def says(self, *words: str) -> tuple[int, str]:
        """A command's exit code and what it prints."""
        return self.setup.says(*words)

    def cases(self, **chosen: str) -> list[dict[str, Any]]:
        """Every case of whatever kind."""
        found: list[dict[str, Any]] = self.asks("log", "--kind", "all")
        return [case for case in found if all(case[key] == value for key, value in chosen.items())]

    def mails(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.asks("messages")
        return found

    def mail(self, raw: bytes) -> dict[str, Any]:
        """What became of this mail, known by its Message-ID."""
        [found] = [mail for mail in self.mails() if mail["message_id"] == _mark(raw)]
        return found

    def case_of(self, raw: bytes) -> dict[str, Any]:
        shown: dict[str, Any] = self.asks("show", self.mail(raw)["case"])
        return shown

    def show(self, reference: str) -> dict[str, Any]:
        shown: dict[str, Any] = self.asks("show", reference)
        return shown

    def duties(self, kind: str | None = None) -> list[dict[str, Any]]:
        """Open duties with why each is owed: what a person sees as theirs to do."""
        columns = ("case", "kind", "clause", "due_at", "why", "mailbox", "state")
        rows = self.rows(
            "SELECT c.reference, o.kind, o.clause, o.due_at, o.why, o.mailbox, o.state FROM obligation o "
            "LEFT JOIN cases c ON c.id = o.case_id WHERE o.state = 'open' ORDER BY o.id"
        )
        found = [dict(zip(columns, row, strict=True)) for row in rows]
        return [duty for duty in found if kind in (None, duty["kind"])]

    def asked_of_a_person(self) -> list[str]:
        return [duty["why"] for duty in self.duties("attend")]

    def outbox(self, *states: str) -> list[Letter]:
        """Every letter ever made to a complainant, or those in these states."""
        rows = self.rows(
            "SELECT l.id, c.reference, l.kind, l.recipient, l.state, l.reason, l.data, r.body, r.path FROM letter l "
            "JOIN cases c ON c.id = l.case_id LEFT JOIN journal j ON j.id = l.answers "
            "LEFT JOIN raw_mail r ON r.sha256 = j.sha256 WHERE l.audience <> 'staff' ORDER BY l.created_at, l.id"
        )
        found = []
        for letter_id, case, kind, recipient, state, reason, data, body, path in rows:
            raw = zlib.decompress(body) if body is not None else self._file(path)
            found.append(Letter(letter_id, case, kind, recipient, state, reason, zlib.decompress(data), raw))
        return [letter for letter in found if not states or letter.state in states]

    def _file(self, name: str | None) -> bytes | None:
        return (self.setup.folder / "var" / "raw" / name).read_bytes() if name else None

    def events(self, what: str) -> list[dict[str, Any]]:
        return [json.loads(row[0]) for row in self.rows("SELECT detail FROM event WHERE what = ? ORDER BY id", what)]

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """What the database holds, as any tool would see it."""
        if self.setup.database.startswith("sqlite"):
            with contextlib.closing(sqlite3.connect(self.setup.database.partition(":///")[2])) as database:
                return database.execute(sql, params).fetchall()
        import psycopg

        with psycopg.connect(self.setup.database.replace("+psycopg", ""), autocommit=True) as connection:
            return connection.execute(sql.replace("?", "%s").encode(), params).fetchall()

    # What people get

    def gets(self, person: str, n: int, seconds: float = SOON) -> list[EmailMessage]:
        """The letters in their mailbox, which are so many and no more."""
        raws = self.received(person, n, seconds)
        return [wire.parsed(raw) for raw in raws]

    def received(self, person: str, n: int, seconds: float = SOON) -> list[bytes]:
        """The same as bytes, without what servers put on top."""
        sent = [letter for letter in self.outbox("sent") if letter.recipient.lower() == person.lower()]
        assert len(sent) == n, f"{len(sent)} letters went to {person}, not {n}"
        if n:
            self.stack.wait_for(person, n, seconds=seconds)
        raws = self.stack.mails(person)
        assert len(raws) == n, f"{len(raws)} letters lie with {person}, not {n}"
        ours = {letter.data: letter for letter in sent}
        for raw in raws:
            assert any(raw.endswith(data) for data in ours), "a letter came otherwise than it was kept"
        return raws

    # What must hold at every end

    def holds(self) -> None:
        """Each letter as it must be on the wire; the record whole; a further pass changes nothing."""
        for letter in self.outbox():
            if letter.kind == "answer":
                wire.check_written(letter.data)
                continue
            if letter.kind not in AUTOMATIC:  # it went on a person's word
                by_itself = b"\nauto-submitted: " in letter.data[:4000].lower()
                (wire.check_notice if by_itself else wire.check_written)(letter.data)
                continue
            if letter.kind in OF_THEMSELVES:
                wire.check_notice(letter.data)
                continue
            answered = letter.answers[:200_000] if letter.answers is not None else None
            head = (answered or b"").replace(b"\r\n", b"\n").partition(b"\n\n")[0]
            if re.search(rb"(?im)^from:.*@staff\.test", head) and "@staff.test" not in letter.recipient:
                answered = None  # a colleague recorded or passed on what they said: it answers no mail of theirs
            wire.check(letter.data, answers=answered, authentic=self.authentic)
        for [data] in self.rows("SELECT data FROM letter WHERE audience = 'staff'"):
            wire.check_notice(zlib.decompress(data))
        self.is_whole()

    def is_whole(self) -> None:
        code, said = self.says("verify")
        assert code == 0, said


OF_THEMSELVES = ("consent", "satisfied")  # no mail's answer: each is written as its case goes on
Tell = Callable[..., Story]


def _mark(raw: bytes) -> str:
    found = re.search(rb"^message-id:\s*(<[^>\r\n]+>)", raw, re.I | re.M)
    assert found, "a mail without Message-ID goes by `drops`"
    return found[1].decode()


def stories(folder: Path, stack: MailStack, database: str | None = None) -> tuple[Tell, list[Story]]:
    """The teller for one test, and what it has told."""
    told: list[Story] = []

    def tell(
        policies: Mapping[str, str] | None = None,
        *,
        clock: datetime | None = None,
        authentic: bool = False,
        **settings: Any,
    ) -> Story:
        own = folder / f"office-{len(told)}"
        own.mkdir()
        setup = Setup(own, stack, policies, **({"database": database} | settings))
        story = Story(setup, stack, At(clock) if clock else None, authentic)
        told.append(story)
        return story

    return tell, told


def boxes(*names: str) -> list[str]:
    """Mailboxes of this test's own: info-…@example.test."""
    return [own_address().replace("info-", f"{name}-") for name in names]
