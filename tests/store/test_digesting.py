"""What the casebook holds for one person's digest."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from complaintmail.cases.digest import DigestCase, DigestDuty, Released
from complaintmail.store import schema
from complaintmail.store.digesting import digest_of, listed
from complaintmail.store.engine import Store
from complaintmail.store.journal import RawFiles
from tests.support.casebooks import NOW, START, Book, book_in, write_cases

DIRECTOR = "Director@staff.test"
ROLES = ("operations-director", "policy-owner", "safeguarding")
BEFORE = START - timedelta(days=1)
Found = tuple[tuple[DigestCase, ...], tuple[DigestDuty, ...], tuple[Released, ...]]


@pytest.fixture
def book(store: Store, tmp_path: Path) -> Book:
    book = book_in(store, RawFiles(tmp_path / "raw", 2_000_000))
    write_cases(book, 10)
    return book


def found(book: Book, who: str = DIRECTOR, since: datetime = BEFORE, **more: object) -> Found:
    with book.store.reading() as connection:
        return digest_of(connection, who, ROLES if who == DIRECTOR else (), since, NOW, **more)  # type: ignore[arg-type]


def change(book: Book, reference: str, **values: object) -> None:
    with book.store.engine.begin() as connection:
        connection.execute(update(schema.case).where(schema.case.c.reference == reference).values(**values))


def test_the_open_cases_of_the_person_s_role_and_what_is_owed_on_them(book: Book) -> None:
    cases, duties, released = found(book)

    assert released == ()
    assert {case.reference for case in cases} >= {"CMS-2026-000001", "CEME-2026-000005"}
    assert all(case.new and case.complainant == "Writer" and case.status == "new" for case in cases)
    assert "decide" in {duty.kind for duty in duties if duty.reference == "CMS-2026-000001"}
    assert all(duty.due_at is None or duty.due_at.tzinfo is not None for duty in duties)


def test_only_cases_since_the_last_digest_are_new_and_those_that_wait_stay(book: Book) -> None:
    assert found(book, since=NOW)[0] == ()

    change(book, "CMS-2026-000002", status="waiting")
    (waiting,) = found(book, since=NOW)[0]

    assert (waiting.reference, waiting.new, waiting.status) == ("CMS-2026-000002", False, "waiting")


def test_duties_belong_to_their_owner_and_to_the_case_s_handler(book: Book) -> None:
    head, nobody = "head@staff.test", "nobody@staff.test"
    assert {duty.kind for duty in found(book, head)[1]} == {"respond"}
    assert found(book, nobody) == ((), (), ())

    change(book, "CMS-2026-000001", handler={"name": "N", "email": "Nobody@staff.test", "role": "investigator"})

    assert {duty.reference for duty in found(book, nobody)[1]} == {"CMS-2026-000001"}
    assert [case.reference for case in found(book, nobody)[0]] == ["CMS-2026-000001"]


def test_a_duty_that_nobody_was_found_for_is_its_role_s(book: Book) -> None:
    with book.store.engine.begin() as connection:
        connection.execute(update(schema.obligation).values(owner={"name": "R", "email": None, "role": "investigator"}))

    assert {duty.kind for duty in found(book)[1]} >= {"decide"}
    assert "CMS-1.3a" not in {duty.clause for duty in found(book)[1] if duty.kind == "respond"}
    assert found(book, "head@staff.test")[1] == ()


def test_an_appeal_s_window_is_the_complainant_s_and_no_duty_of_ours(book: Book) -> None:
    with book.store.engine.begin() as connection:
        connection.execute(update(schema.obligation).where(schema.obligation.c.kind == "decide").values(kind="appeal"))

    assert "appeal" not in {duty.kind for duty in found(book)[1]}


@pytest.mark.parametrize(("standing", "there"), [("suspected", False), ("complained about", False), ("cleared", True)])
def test_of_a_case_about_the_person_there_is_nothing(book: Book, standing: str, there: bool) -> None:
    with book.store.engine.begin() as connection:
        number = connection.scalar(schema.case.select().where(schema.case.c.reference == "CMS-2026-000001"))
        row = {"case_id": number, "email": "director@staff.test", "standing": standing}
        connection.execute(insert(schema.case_person).values(row))
    cases, duties, _ = found(book)

    assert ("CMS-2026-000001" in {case.reference for case in cases}) is there
    assert ("CMS-2026-000001" in {duty.reference for duty in duties}) is there
    assert "CMS-2026-000001" in {duty.reference for duty in found(book, "head@staff.test")[1]}


def test_a_restricted_case_is_told_as_one(book: Book) -> None:
    change(book, "CMS-2026-000001", restricted=True)
    cases, duties, _ = found(book)

    assert {case.reference for case in cases if case.restricted} == {"CMS-2026-000001"}
    assert {duty.reference for duty in duties if duty.restricted} == {"CMS-2026-000001"}


def test_mails_surely_no_complaints_are_told_to_the_first_role_of_their_mailbox(book: Book) -> None:
    _, _, released = found(book, mailboxes=("info@example.test", "care@example.test"))

    assert [(mail.kind, mail.sender) for mail in released] == [
        ("bounce", "mailer-daemon0@complainants.test"),
        ("bounce", "mailer-daemon5@complainants.test"),
    ]
    assert released[0].reasons == ("a mail server's report",)
    assert len(found(book, mailboxes=("info@example.test",))[2]) == 1
    assert len(found(book, since=NOW, mailboxes=("info@example.test",))[2]) == 1, "whoever had the lists before"

    with book.store.writing(NOW) as writer:
        listed(writer, [mail.number for mail in released if mail.number is not None])

    assert found(book, mailboxes=("info@example.test", "care@example.test"))[2] == ()
