"""Mails read as the program reads them, and what intake would know when they arrive: for tests of the pure middle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from complaintmail.cases.arrival import Arrival, House
from complaintmail.cases.people import People, Person
from complaintmail.mail.message import Message
from complaintmail.mail.read import read
from complaintmail.mail.references import message_id_for
from complaintmail.policy.load import find
from complaintmail.triage.known import Known, KnownCase, KnownLetter, KnownMail

KEY = bytes(range(32))
BOX = "info@example.test"
JANE = "jane@complainants.test"
EVE = "eve@third.test"
AT = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
LETTER = "abcdefghijklmnop"
OTHER_LETTER = "qrstuvwxyz234567"
PREFIXES = frozenset({"CMS", "SEK"})
CMS = find("cms")
WORDS = "I am very unhappy with the course. The tutor did not come, twice, and nobody told us anything at all."
STAFF = People(
    (
        Person("Dana Director", "dana@staff.test", ("operations-director",)),
        Person("Ina Investigator", "ina@staff.test", ("investigator", "board")),
    )
)


def house(*, forms: Sequence[str] = (), authserv_id: str | None = None, purpose: str = "general") -> House:
    return House(STAFF, frozenset({BOX}), frozenset(forms), purpose, authserv_id, KEY)


def arrival(rule: str = "answer", *, received_at: datetime = AT, now: datetime = AT) -> Arrival:
    return Arrival(BOX, received_at, rule, now)


def a_message(
    body: str = WORDS,
    *,
    sender: str = f"Jane Doe <{JANE}>",
    subject: str = "A complaint",
    headers: Sequence[str] = (),
    message_id: str = "<first@complainants.test>",
    kind: str = "text/plain; charset=utf-8",
    forms: frozenset[str] = frozenset(),
) -> Message:
    """One mail, from its bytes; an empty sender, subject or id leaves that header out."""
    lines = [*headers]
    lines += [f"From: {sender}"] if sender else []
    lines += [f"Subject: {subject}"] if subject else []
    lines += [f"Message-ID: {message_id}"] if message_id else []
    lines += [f"To: {BOX}", "Date: Tue, 17 Mar 2026 09:29:00 +0000", "MIME-Version: 1.0", f"Content-Type: {kind}"]
    return read("\r\n".join([*lines, "", body.replace("\n", "\r\n"), ""]).encode(), forms=forms)


def our_id(letter: str = LETTER, key: bytes = KEY) -> str:
    return message_id_for(key, letter, "example.test")


def a_case(
    number: int = 1,
    *,
    addresses: Sequence[str] = (JANE,),
    status: str = "new",
    kind: str = "complaint",
    policy: str = "cms",
    received_at: datetime = AT,
    words: str = WORDS,
) -> KnownCase:
    return KnownCase(
        id=number,
        reference=f"CMS-2026-{number:06d}",
        policy=policy,
        kind=kind,
        status=status,
        mailbox=BOX,
        received_at=received_at,
        closed_at=None,
        complainant=addresses[0] if addresses else None,
        addresses=frozenset(addresses),
        subject="A complaint",
        words=words,
    )


def known(*cases: KnownCase) -> Known:
    """These cases; the first one has its acknowledgement LETTER and its first mail, the second OTHER_LETTER."""
    found = Known()
    for case, letter in zip(cases, (LETTER, OTHER_LETTER), strict=False):
        found.add_case(case)
        found.letters[letter] = KnownLetter(letter, case.id, "acknowledgement", case.complainant or "", "sent")
        first = KnownMail(case.id, case.id, "complaint", case.received_at, case.complainant)
        found.by_message_id[f"<mail-{case.id}@complainants.test>"] = [first]
    return found
