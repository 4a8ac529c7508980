"""What the passes ask again and again is looked up, never looked through: a mail costs the same with 100,000 cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from complaintmail.passes.chase import notice_missed, notice_unproved
from complaintmail.store import doubted, journal, outbox
from complaintmail.store.engine import Store
from complaintmail.store.raw import RawFiles
from tests.support.casebooks import BOXES, NOW, Book, casebook

BOX = next(iter(BOXES))
GROWING = ("journal", "raw_mail", "cases", "case_address", "message", "obligation", "letter", "letter_alias", "event")

QUESTIONS: dict[str, Callable[[Book], object]] = {
    "mails to understand": lambda book: journal.take(book.store, book.files, [*BOXES], 50, NOW, set()),
    "how many wait": lambda book: _reading(book.store, journal.backlog),
    "how many wait in a mailbox": lambda book: _reading(book.store, lambda c: journal.backlog(c, BOX)),
    "copies to file": lambda book: _reading(book.store, lambda c: journal.to_file(c, BOX, "INBOX", 1, 50)),
    "do copies wait": lambda book: _reading(book.store, lambda c: journal.copies_wait(c, BOX)),
    "letters to send": lambda book: outbox.claim(book.store, BOX, 50, NOW, "me", "bcc"),
    "letters in doubt": lambda book: _reading(book.store, lambda c: doubted.doubtful(c, [BOX])),
    "letters of a daemon that is gone": lambda book: doubted.lost_owners(book.store, [BOX], "me", NOW),
    "letters left behind": lambda book: doubted.left_behind(book.store, BOX, "me", NOW),
    "mailboxes with letters due": lambda book: _reading(book.store, lambda c: outbox.due_now(c, NOW)),
    "what the brake holds": lambda book: outbox.brake(book.store, BOX, 50, NOW),
    "duties missed": lambda book: notice_missed(book.store, [BOX], NOW + timedelta(days=400)),
    "letters unproved": lambda book: notice_unproved(book.store, [BOX], NOW),
}


def _reading(store: Store, asked: Callable[[Any], object]) -> object:
    with store.reading() as connection:
        return asked(connection)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    folder = tmp_path_factory.mktemp("book")
    with casebook(f"sqlite:///{folder}/casebook.db", RawFiles(folder / "raw", 2_000_000), 40) as book:
        yield book


@pytest.mark.parametrize("question", QUESTIONS)
def test_is_looked_up(book: Book, question: str) -> None:
    plans = _plans(book.store, lambda: QUESTIONS[question](book))

    assert plans
    assert [step for step in plans if _looks_through(step)] == []


def test_looking_through_is_noticed(book: Book) -> None:
    def ask() -> None:
        with book.store.reading() as connection:
            connection.exec_driver_sql("SELECT id FROM letter WHERE reply = ?", ("250",))

    assert any(_looks_through(step) for step in _plans(book.store, ask))


def _plans(store: Store, ask: Callable[[], object]) -> list[str]:
    """How SQLite goes about each statement that this sends."""
    asked: list[tuple[str, Any]] = []

    def heard(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().split(" ")[0] in ("SELECT", "UPDATE"):
            asked.append((statement, parameters[0] if many else parameters))

    event.listen(store.engine, "before_cursor_execute", heard)
    try:
        ask()
    finally:
        event.remove(store.engine, "before_cursor_execute", heard)
    with store.reading() as connection:
        return [
            str(step[3])
            for statement, parameters in asked
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]


def _looks_through(step: str) -> bool:
    """An index over some rows alone may be gone through: it holds what is asked for. All mails of a mailbox may not."""
    through = any(step == f"SCAN {table}" or step.startswith(f"SCAN {table} USING COVERING") for table in GROWING)
    return through or ("sqlite_autoindex_journal" in step and step.endswith("(mailbox=?)"))
