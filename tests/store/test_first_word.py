"""Whoever answers first has acknowledged the complaint: a letter that was on its way then changes nothing of that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from complaintmail.cases.people import Officer
from complaintmail.policy.load import find
from complaintmail.store import copies, crediting, outbox, schema
from complaintmail.store.journal import RawFiles
from tests.support.casebooks import NOW, WORDS, Book, mail, open_book

ANSWERED, SENT = NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    book = open_book(f"sqlite:///{tmp_path}/casebook.db", RawFiles(tmp_path / "raw", 2_000_000))
    yield book
    book.store.close()


def opened(book: Book) -> tuple[int, str]:
    """A case with its acknowledgement on the way."""
    entry, sha256 = book.arrive("info@example.test", mail("jane@x.test", "Late", WORDS, 1), NOW)
    book.keep(NOW)
    with book.store.writing(NOW) as writer:
        message = book.message(entry, sha256, "jane@x.test", "Late", WORDS, NOW)
        case = book.complaint(writer, "info@example.test", entry, message, NOW)
        letter = book.letter(writer, "info@example.test", entry, case, "jane@x.test", None)
        book.disposed(writer, entry)
        writer.event("case_opened", by="complaintmail", journal=entry)
    return case.id, letter


def acknowledged(book: Book) -> Any:
    with book.store.reading() as connection:
        return connection.scalar(select(schema.case.c.acknowledged_at))


def sent(book: Book, case_id: int, letter: str) -> None:
    with book.store.writing(SENT) as writer:
        outbox.mark_sent(writer, letter, case_id, "acknowledgement", None, reply="250 ok", evidence="bcc", sent_at=SENT)


def test_a_letter_sent_after_a_person_answered_does_not_move_the_first_word(book: Book) -> None:
    case_id, letter = opened(book)
    with book.store.writing(NOW) as writer:
        writer.change(schema.letter, {"id": letter}, {"state": "sending"})
        writer.event("claimed", by="complaintmail")
    with book.store.writing(ANSWERED) as writer:
        crediting.credit_answer(writer, case_id, ANSWERED, "by hand", "hal@staff.test")
        writer.event("answered_by_hand", by="hal@staff.test", case_id=case_id)
    sent(book, case_id, letter)

    assert acknowledged(book) == ANSWERED


@pytest.mark.parametrize("by_hand", [True, False])
def test_its_bounce_takes_back_only_what_it_acknowledged_itself(book: Book, by_hand: bool) -> None:
    case_id, letter = opened(book)
    if by_hand:
        with book.store.writing(NOW) as writer:
            writer.change(schema.letter, {"id": letter}, {"state": "sending"})
            writer.event("claimed", by="complaintmail")
        with book.store.writing(ANSWERED) as writer:
            crediting.credit_answer(writer, case_id, ANSWERED, "by hand", "hal@staff.test")
            writer.event("answered_by_hand", by="hal@staff.test", case_id=case_id)
    sent(book, case_id, letter)
    with book.store.writing(SENT) as writer:
        copies.bounced(
            writer, letter, "5.1.1", find("cms", None), Officer("operations-director", "Operations Director")
        )

    assert acknowledged(book) == (ANSWERED if by_hand else None)
