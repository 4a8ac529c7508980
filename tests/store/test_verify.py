"""`verify` proves all of it whole, and names what somebody edited by table, row and column."""

from __future__ import annotations

import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from complaintmail.errors import StoreError
from complaintmail.store.journal import RawFiles
from complaintmail.store.reading import open_casebook
from complaintmail.store.verify import verify
from tests.support.casebooks import NOW, WORDS, Book, casebook, mail, open_book, write_cases
from tests.support.postgres import PostgresServer

CASES = 12


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A casebook that nobody has touched, with one mail that lies in a file."""
    folder = tmp_path_factory.mktemp("whole")
    files = RawFiles(folder / "raw", 20_000)
    with casebook(f"sqlite:///{folder}/casebook.db", files, CASES) as book:
        entry, sha256 = book.arrive("info@example.test", mail("big@x.test", "Big", WORDS * 80, 1), NOW)
        book.keep(NOW)
        message = book.message(entry, sha256, "big@x.test", "Big", WORDS, NOW)
        with book.store.writing(NOW) as writer:
            book.complaint(writer, "info@example.test", entry, message, NOW)
            book.disposed(writer, entry)
            writer.event("case_opened", by="complaintmail", journal=entry)
    return folder


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "copy")
    return tmp_path / "copy"


def said(folder: Path, *, notes: bool = False) -> list[str]:
    with open_casebook(f"sqlite:///{folder}/casebook.db") as reader:
        return [str(finding) for finding in verify(reader, folder / "raw") if notes or not finding.note]


def edit(folder: Path, *statements: str) -> None:
    """As somebody with an SQLite shell would, who knows how to silence what stands in the way."""
    with closing(sqlite3.connect(folder / "casebook.db")) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA ignore_check_constraints=ON")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_casebook_that_nobody_touched_is_whole(whole: Path) -> None:
    assert said(whole, notes=True) == []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE cases SET complainant_email = 'x@x.test' WHERE id = 3", "cases 3 (CMS-2026-000002) complainant_email"),
        ("UPDATE cases SET received_at = '2026-02-01' WHERE id = 2", "cases 2 (CEME-2026-000001) received_at"),
        ("UPDATE cases SET sure = 1 - sure WHERE id = 4", "cases 4 (CEME-2026-000002) sure"),
        ("UPDATE cases SET status = 'closed' WHERE id = 1", "cases 1 (CMS-2026-000001) status"),
        ("UPDATE cases SET acknowledged_at = NULL WHERE id = 1", "cases 1 (CMS-2026-000001) acknowledged_at"),
        (
            "UPDATE cases SET owner = REPLACE(owner, 'director@', 'other@') WHERE id = 5",
            "cases 5 (CMS-2026-000003) owner",
        ),
        ("UPDATE cases SET handler = '{\"name\":\"X\"}' WHERE id = 5", "cases 5 (CMS-2026-000003) handler"),
        ("DELETE FROM cases WHERE id = 6", "cases 6 (CEME-2026-000003)"),
        ("UPDATE cases SET reference = 'CMS-2026-000099' WHERE id = 1", "cases 1 (CMS-2026-000099) reference"),
        ("UPDATE case_address SET standing = 'unverified' WHERE case_id = 2", "writer1@complainants.test standing"),
        ("DELETE FROM case_address WHERE case_id = 2", "case_address 2 writer1@complainants.test"),
        ("INSERT INTO case_address VALUES (2, 'spy@x.test', 'complainant')", "case_address 2 spy@x.test"),
        ("UPDATE obligation SET due_at = '2027-01-01T00:00:00.000000Z' WHERE id = 3", "obligation 3 due_at"),
        ("UPDATE obligation SET state = 'void' WHERE id = 3", "obligation 3 state"),
        ("UPDATE obligation SET met_at = '2026-03-02T09:00:01.000000Z' WHERE id = 1", "obligation 1 met_at"),
        ("DELETE FROM obligation WHERE id = 2", "obligation 2"),
        ("UPDATE message SET kind = 'spam' WHERE id = 1", "message 1 kind"),
        ("UPDATE message SET case_id = 2 WHERE id = 1", "message 1 case_id"),
        ("UPDATE message SET from_address = 'else@x.test' WHERE id = 1", "message 1 from_address"),
        ("DELETE FROM message WHERE id = 1", "journal 1 state"),
        ("UPDATE journal SET state = 'collected' WHERE id = 1", "journal 1 state"),
        ("UPDATE journal SET evidence_of = 'nosuch' WHERE id = 2", "journal 2 evidence_of"),
        ("DELETE FROM journal WHERE id = 4", "journal 4"),
        ("UPDATE head SET journal = journal + 1", "head 1 journal"),
        ("UPDATE head SET case_ = case_ - 1", "head 1 case_"),
        ("UPDATE head SET event_hash = '00'", "head 1 event_hash"),
        ("UPDATE event SET detail = '{}' WHERE id = 5", "event 5 hash"),
        ("UPDATE event SET at = '2026-01-01T00:00:00.000000Z' WHERE id = 5", "event 5 hash"),
        ('UPDATE event SET "by" = \'somebody\' WHERE id = 5', "event 5 hash"),
        ("UPDATE event SET hash = 'ff' WHERE id = 5", "event 5 hash"),
        ("UPDATE event SET \"rows\" = 'nonsense' WHERE id = 5", "event 5 rows"),
        ("DELETE FROM event WHERE id = 5", "event 5"),
        ("DELETE FROM event WHERE id = (SELECT MAX(id) FROM event)", "head 1 event"),
        ("UPDATE reference_counter SET last = last + 1 WHERE prefix = 'CMS'", "reference_counter CMS 2026 last"),
        ("DELETE FROM reference_counter WHERE prefix = 'CMS'", "reference_counter CMS 2026 last"),
        ("UPDATE policy_text SET text = text || '#' WHERE name = 'cms'", "policy_text cms"),
        ("DELETE FROM policy_text WHERE name = 'ceme'", "policy_text ceme"),
        ("DELETE FROM setting WHERE key = 'key'", "setting key"),
        ("UPDATE raw_mail SET size = size + 1 WHERE path IS NOT NULL", "raw_mail {file} size"),
        ("UPDATE raw_mail SET path = 'else.eml' WHERE path IS NOT NULL", "raw_mail {file} path"),
        ("UPDATE cases SET policy_version = '9/ffffffff' WHERE id = 1", "policy_text cms 9/ffffffff"),
    ],
)  # fmt: skip
def test_an_edit_by_hand_is_named(copy: Path, statement: str, named: str) -> None:
    (file,) = (copy / "raw").iterdir()
    edit(copy, statement)

    found = said(copy)

    assert [line for line in found if line.startswith(named.format(file=file.stem) + ":") or named in line], found


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases SET complainant_email = 'else@x.test' WHERE id = 3",
        "UPDATE obligation SET due_at = '2027-01-01T00:00:00.000000Z' WHERE id = 3",
        "UPDATE event SET detail = '{}' WHERE id = 5",
        "UPDATE event SET hash = 'ff' WHERE id = 5",
    ],
)
def test_one_edit_is_one_line(copy: Path, statement: str) -> None:
    edit(copy, statement)

    assert len(said(copy)) == 1


def test_a_letter_made_to_go_out_again_is_named(copy: Path) -> None:
    edit(copy, "UPDATE letter SET state = 'queued' WHERE id = (SELECT MIN(id) FROM letter WHERE state = 'sent')")

    assert [line.split()[2] for line in said(copy)] == ["state:"]


def test_a_letter_that_is_just_being_sent_is_whole(tmp_path: Path) -> None:
    book = open_book(f"sqlite:///{tmp_path}/casebook.db", RawFiles(tmp_path / "raw", 2_000_000))
    entry, sha256 = book.arrive("info@example.test", mail("a@x.test", "Late", WORDS, 1), NOW)
    book.keep(NOW)
    with book.store.writing(NOW) as writer:
        opened = book.complaint(
            writer, "info@example.test", entry, book.message(entry, sha256, "a@x.test", "Late", WORDS, NOW), NOW
        )
        book.letter(writer, "info@example.test", entry, opened, "a@x.test")
        book.disposed(writer, entry)
        writer.event("case_opened", by="complaintmail", journal=entry)
    book.store.close()
    edit(tmp_path, "UPDATE letter SET state = 'sending'")

    assert said(tmp_path) == []


def test_other_bytes_of_a_letter_are_named(copy: Path) -> None:
    with closing(sqlite3.connect(copy / "casebook.db")) as connection:
        (letter,) = connection.execute("SELECT MIN(id) FROM letter").fetchone()
        connection.execute("UPDATE letter SET data = ? WHERE id = ?", (zlib.compress(b"Dear Sir"), letter))
        connection.commit()

    assert said(copy) == [f"letter {letter} data: its bytes are not those that were written"]


@pytest.mark.parametrize("body", [zlib.compress(b"never received"), b"not packed", zlib.compress(bytes(50_000_000))])
def test_other_bytes_of_a_raw_mail_are_named(copy: Path, body: bytes) -> None:
    with closing(sqlite3.connect(copy / "casebook.db")) as connection:
        (sha256,) = connection.execute("SELECT MIN(sha256) FROM raw_mail WHERE path IS NULL").fetchone()
        connection.execute("UPDATE raw_mail SET body = ? WHERE sha256 = ?", (body, sha256))
        connection.commit()

    assert said(copy) == [f"raw_mail {sha256} body: its bytes are not what was received"]


def test_a_file_that_was_changed_or_is_gone_is_named_and_a_stray_one_is_noted(copy: Path) -> None:
    (file,) = (copy / "raw").iterdir()
    (copy / "raw" / "stray.eml").write_bytes(b"whose?")
    assert [line for line in said(copy, notes=True) if "stray.eml" in line] != []
    assert said(copy) == []

    file.write_bytes(file.read_bytes()[:-1] + b"X")
    assert said(copy) == [f"raw_mail {file.stem} path: its bytes are not what was received"]

    file.unlink()
    assert said(copy) == [f"raw_mail {file.stem} path: the file {file} is missing or cannot be read"]


def test_a_second_acknowledgement_is_named(copy: Path) -> None:
    edit(
        copy,
        "CREATE TEMP TABLE one AS SELECT * FROM letter WHERE case_id = 1",
        "UPDATE one SET id = 'secondsecondseco', seq = 7, message_id = '<second@x.test>'",
        "INSERT INTO letter SELECT * FROM one",
    )

    assert "cases 1 (CMS-2026-000001): has 2 acknowledgements" in said(copy)


@pytest.mark.parametrize("table", ["raw_mail", "journal", "message", "cases", "obligation", "letter", "event"])
def test_a_damaged_file_is_said_and_not_crashed_on(copy: Path, table: str) -> None:
    with closing(sqlite3.connect(copy / "casebook.db")) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    path = copy / "casebook.db"
    raw = bytearray(path.read_bytes())
    raw[(root - 1) * size : (root - 1) * size + 2048] = bytes(2048)
    path.write_bytes(raw)

    # Where the first page that is looked at is hit, opening it says so already, as one line for people.
    assert _damage(copy).startswith(("database: ", "the database cannot be read: "))


def _damage(folder: Path) -> str:
    try:
        return said(folder)[0]
    except StoreError as unreadable:
        return str(unreadable)


@pytest.fixture
def on_postgres(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[tuple[Book, str]]:
    url = postgres_server.fresh_database()
    book = open_book(url, RawFiles(tmp_path / "raw", 2_000_000))
    write_cases(book, CASES, text=WORDS)
    yield book, url
    book.store.close()
    postgres_server.drop_database(url)


@pytest.mark.postgres
def test_the_same_on_postgresql(on_postgres: tuple[Book, str], tmp_path: Path) -> None:
    book, url = on_postgres

    def found() -> list[str]:
        with open_casebook(url) as reader:
            return [str(finding) for finding in verify(reader, tmp_path / "raw")]

    assert found() == []
    with book.store.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE cases SET subject = 'other', received_at = received_at - interval '1 day' WHERE id = 3"
        )
        connection.exec_driver_sql("UPDATE event SET detail = '{}' WHERE id = 5")
    assert [line.partition(":")[0] for line in found()] == [
        "event 5 hash",
        "cases 3 (CMS-2026-000002) received_at",
        "cases 3 (CMS-2026-000002) subject",
    ]
