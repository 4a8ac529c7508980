"""Reading the casebook by plain SQL: the same on both databases, never a change, and clear where there is none."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from complaintmail.errors import StoreError, TemporaryFailure
from complaintmail.store import listing
from complaintmail.store.choosing import Chosen
from complaintmail.store.instants import instant_of, instant_text
from complaintmail.store.journal import RawFiles
from complaintmail.store.lines import Shown
from complaintmail.store.page import case_page, nearest_reference, state_of
from complaintmail.store.reading import NoCasebook, Reader, local_times, open_casebook
from tests.support.casebooks import NOW, START, WORDS, casebook
from tests.support.postgres import PostgresServer

ROOT = Path(__file__).parents[2]
LONDON = ZoneInfo("Europe/London")
told = local_times(LONDON)


@pytest.fixture(scope="module")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("casebook")
    url = f"sqlite:///{folder}/casebook.db"
    with casebook(url, RawFiles(folder / "raw", 2_000_000), 20):
        return url


@pytest.fixture
def reader(sqlite_url: str) -> Iterator[Reader]:
    with open_casebook(sqlite_url) as reader:
        yield reader


def test_no_database_is_said_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(NoCasebook, match="no database yet"):
        open_casebook(f"sqlite:///{tmp_path}/none.db")
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_is_none_yet(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    with pytest.raises(NoCasebook, match="empty yet"):
        open_casebook(f"sqlite:///{tmp_path}/empty.db")


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("this is no database at all\n" * 100)
    with pytest.raises(StoreError, match="cannot be read"):
        open_casebook(f"sqlite:///{tmp_path}/text.db")


def test_a_column_that_is_not_there_yet_names_the_cure(reader: Reader) -> None:
    with pytest.raises(StoreError, match="complaintmail run migrates it"):
        reader.rows("SELECT something_new FROM cases")


def test_nothing_can_be_changed(sqlite_url: str) -> None:
    with open_casebook(sqlite_url) as reader, pytest.raises((StoreError, TemporaryFailure)):
        reader.rows("DELETE FROM cases")
    with open_casebook(sqlite_url) as reader:
        assert reader.value("SELECT COUNT(*) FROM cases") == 20


def test_what_a_crash_left_half_written_is_rolled_back(tmp_path: Path) -> None:
    """A process that dies in a commit leaves its journal: whoever reads next must not see half of it."""
    path = tmp_path / "casebook.db"
    with casebook(f"sqlite:///{path}", RawFiles(tmp_path / "raw", 2_000_000), 3):
        pass
    dying = (
        "import os, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA cache_size=1')\n"  # so small that pages reach the file before the commit
        "c.execute('BEGIN IMMEDIATE')\n"
        'c.execute("UPDATE message SET text = text || hex(randomblob(20000))")\n'
        "c.execute(\"UPDATE cases SET subject = 'half'\")\n"
        "os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", dying, str(path)], check=False)
    assert Path(f"{path}-journal").stat().st_size > 0

    with open_casebook(f"sqlite:///{path}") as reader:
        assert reader.value("SELECT COUNT(*) FROM cases WHERE subject = 'half'") == 0
        assert reader.value("PRAGMA integrity_check") == "ok"


def test_a_copy_can_be_read_while_others_write_and_leaves_no_file(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    before = sorted(path.parent.iterdir())
    with open_casebook(sqlite_url) as reader:
        copy = reader.copied()  # type: ignore[attr-defined]
    with copy, closing(sqlite3.connect(path, timeout=0)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        writer.rollback()
        assert copy.value("SELECT COUNT(*) FROM cases") == 20
    assert sorted(path.parent.iterdir()) == before


def test_rows_come_in_blocks_and_all_of_them(reader: Reader) -> None:
    assert list(reader.stream("SELECT id FROM cases ORDER BY id", block=7)) == [(n,) for n in range(1, 21)]


@pytest.mark.parametrize("zone", ["Europe/London", "UTC", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"])
def test_times_are_the_same_as_worked_out_one_by_one(zone: str) -> None:
    there = ZoneInfo(zone)
    quick = local_times(there)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment.year < 2027:
        for at in (moment, moment.replace(microsecond=0)):
            assert quick(instant_text(at)) == at.astimezone(there).isoformat()
        moment += timedelta(hours=5, minutes=17, seconds=3, microseconds=123_457)
    assert quick(None) is None
    assert quick(NOW) == NOW.astimezone(there).isoformat()


def test_a_case_has_every_field_and_no_other(reader: Reader) -> None:
    first = next(iter(listing.cases(reader, told, Chosen(), NOW)))

    assert first == {
        "reference": "CMS-2026-000001",
        "policy": "cms",
        "kind": "complaint",
        "status": "new",
        "channel": "email",
        "mailbox": "info@example.test",
        "received_at": "2026-03-02T09:00:00+00:00",
        "complainant": {"name": "Writer", "email": "writer0@complainants.test"},
        "subject": "Complaint number 0 about a course",
        "summary": WORDS[:150],
        "area": None,
        "severity": "medium",
        "owner": {"name": "A. Director", "email": "director@staff.test", "role": "operations-director"},
        "handler": None,
        "acknowledge_by": first["acknowledge_by"],
        "acknowledged_at": "2026-03-02T09:00:03+00:00",
        "respond_by": first["respond_by"],
        "responded_at": None,
        "first_human_at": None,
        "outcome": None,
        "cause": None,
        "closed_at": None,
        "actions": [],
        "overdue": True,
    }
    assert first["acknowledge_by"].endswith("T23:59:59+00:00")


def references(reader: Reader, **chosen: object) -> list[str]:
    return [case["reference"] for case in listing.cases(reader, told, Chosen(**chosen), NOW)]  # type: ignore[arg-type]


def test_the_log_is_oldest_first_and_can_be_chosen_from(reader: Reader) -> None:
    everything = references(reader)
    received = [case["received_at"] for case in listing.cases(reader, told, Chosen(), NOW)]

    assert len(everything) == 20 and received == sorted(received)
    assert references(reader, policies=("ceme",)) == [ref for ref in everything if ref.startswith("CEME")]
    assert references(reader, statuses=("closed",)) == everything[1:9:2] + everything[11:19:2]
    assert references(reader, kinds=("compliment",)) == []
    assert references(reader, since=START + timedelta(minutes=37 * 18)) == everything[18:]
    assert references(reader, until=START + timedelta(minutes=37 * 2)) == everything[:2]


@pytest.mark.parametrize("words", ["booking 13.", "NUMBER 13 ABOUT", "writer13@", "CEME-2026-000007"])
def test_words_are_looked_for_in_the_case_and_in_its_mails(reader: Reader, words: str) -> None:
    assert references(reader, text=words) == ["CEME-2026-000007"]


def test_robots_and_praise_are_not_in_the_log_unless_asked_for(tmp_path: Path, sqlite_url: str) -> None:
    copy = tmp_path / "c.db"
    copy.write_bytes(Path(sqlite_url.removeprefix("sqlite:///")).read_bytes())
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE cases SET kind = 'compliment', sure = 1 WHERE id = 1")
        connection.execute("UPDATE cases SET kind = 'compliment', sure = 0 WHERE id = 2")
        connection.commit()
    with open_casebook(f"sqlite:///{copy}") as reader:
        assert references(reader)[0] == "CEME-2026-000001"
        assert references(reader, kinds=("compliment",)) == ["CMS-2026-000001", "CEME-2026-000001"]


def test_messages_say_what_answered_them_or_why_nothing_did(reader: Reader) -> None:
    mails = list(listing.mails(reader, told, Chosen()))
    sent = {m["case"]: m for m in mails if m["answered_with"]}
    held = [m for m in mails if (m["not_answered_because"] or "").startswith("its answer is held")]
    robots = [m for m in mails if m["kind"] == "bounce"]

    assert list(mails[0]) == [
        *("sha256", "message_id", "mailbox", "received_at", "from", "subject", "kind", "complaint_score", "sure"),
        *("reasons", "case", "answered_with", "not_answered_because"),
    ]
    assert (len(sent), len(held), len(robots), len(mails)) == (18, 2, 4, 24)
    assert all(m["not_answered_because"] is None and m["answered_with"].startswith("<cm.") for m in sent.values())
    assert "5 automatic answers" in held[0]["not_answered_because"]
    assert (robots[0]["complaint_score"], robots[0]["case"]) == (None, None)
    assert [m["case"] for m in listing.mails(reader, told, Chosen(case="CMS-2026-000003"))] == ["CMS-2026-000003"]
    assert len(list(listing.mails(reader, told, Chosen(mailbox="care@example.test")))) == 12


@pytest.mark.parametrize(("same_bytes", "shown"), [(True, 24), (False, 25)])
def test_a_mail_read_again_after_a_rescan_is_shown_once(
    tmp_path: Path, sqlite_url: str, same_bytes: bool, shown: int
) -> None:
    copy = tmp_path / "c.db"
    copy.write_bytes(Path(sqlite_url.removeprefix("sqlite:///")).read_bytes())
    other = "sha256" if same_bytes else f"'{'0' * 64}'"
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("CREATE TEMP TABLE one AS SELECT * FROM message WHERE id = 1")
        connection.execute(f"UPDATE one SET id = 900, duplicate_of = 1, sha256 = {other}")
        connection.execute("INSERT INTO message SELECT * FROM one")
        connection.commit()
    with open_casebook(f"sqlite:///{copy}") as reader:
        assert len(list(listing.mails(reader, told, Chosen()))) == shown
        page = case_page(reader, told, "CMS-2026-000001", NOW)
        assert page is not None and len(page["messages"]) == 2 + (shown - 24)


def test_lines_of_json_say_the_same_as_the_values(reader: Reader) -> None:
    for found in (
        listing.cases(reader, told, Chosen(), NOW),
        listing.mails(reader, told, Chosen()),
        listing.letters(reader, told, everything=True),
    ):
        assert [json.loads(line) for line in found.lines()] == list(found) != []
    duties = listing.duties(reader, told, NOW)
    assert [json.loads(line) for line in duties.lines()] == [
        {name: value for name, value in duty.items() if name != "why"} for duty in duties
    ]


def test_what_is_owed_comes_soonest_first_and_undated_last(reader: Reader) -> None:
    duties = list(listing.duties(reader, told, START + timedelta(days=3)))
    dated = [duty["due_at"] for duty in duties if duty["due_at"]]

    assert dated == sorted(dated)
    assert [duty["due_at"] for duty in duties[len(dated) :]] == [None] * 2
    assert {duty["overdue"] for duty in duties} == {True, False}
    assert duties[0]["owner"] == {
        "name": "A. Director", "email": "director@staff.test", "role": "operations-director",
    }  # fmt: skip


def test_letters_that_wait_are_listed(reader: Reader) -> None:
    (first, second) = listing.letters(reader, told, everything=False)

    assert [first["state"], second["state"]] == ["held", "held"]
    assert first["case"] == "CEME-2026-000005" and first["to"] == "writer9@complainants.test"


def test_a_page_holds_the_whole_case(reader: Reader) -> None:
    page = case_page(reader, told, "[ceme-2026-000001]", NOW)
    assert page is not None
    came, went = page["messages"]

    assert (
        list(came)
        == list(went)
        == [
            *("message_id", "direction", "from", "to", "at", "subject", "kind", "text", "new_text"),
            *("attachments", "sha256", "reasons", "language", "concerns", "suggestions"),
        ]
    )
    assert (came["direction"], came["from"], went["direction"]) == ("in", "writer1@complainants.test", "out")
    assert (went["from"], went["to"]) == ("care@example.test", ["writer1@complainants.test"])
    assert came["text"].startswith(came["new_text"]) and "> what was said" in came["text"]
    assert {duty["state"] for duty in page["obligations"]} >= {"met"}
    assert list(page["obligations"][0]) == [
        *("kind", "clause", "due_at", "why", "policy_version", "met_at", "evidence", "state"),
    ]
    assert [event["what"] for event in page["events"]] == ["case_opened", "letter_sent", "case_closed"]
    assert list(page["events"][0]) == ["at", "what", "by", "detail"]
    json.dumps(page)


def test_attachments_have_name_type_and_size(reader: Reader) -> None:
    page = case_page(reader, told, "CMS-2026-000001", NOW)

    assert page is not None
    assert page["messages"][0]["attachments"] == [{"name": "photo.jpg", "type": "image/jpeg", "size": 12345}]


@pytest.mark.parametrize(
    ("state", "due", "met", "reckoned"),
    [
        ("open", 1, None, "open"),
        ("open", -1, None, "missed"),
        ("open", None, None, "open"),
        ("met", 1, 0, "met"),
        ("met", -2, -1, "late"),
        ("met", 0, 0, "met"),
        ("void", -1, None, "void"),
    ],
)
def test_lateness_is_reckoned(state: str, due: int | None, met: int | None, reckoned: str) -> None:
    def at(days: int | None) -> datetime | None:
        return None if days is None else NOW + timedelta(days=days)

    assert state_of(state, at(due), at(met), NOW) == reckoned


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("CMS-2026-3", "CMS-2026-000003"),
        ("CMS-2026-000031", "CMS-2026-000001"),
        ("CEM-2026-000004", "CEME-2026-000004"),
        ("CMS-2025-000007", "CMS-2026-000007"),
        ("CMS 2026 000002", "CMS-2026-000002"),
        ("CMS-2026-0000O5", "CMS-2026-000005"),
    ],
)
def test_a_wrong_reference_says_the_nearest(reader: Reader, typed: str, meant: str) -> None:
    assert case_page(reader, told, typed, NOW) is None
    assert nearest_reference(reader, typed) == meant


@pytest.mark.postgres
def test_postgresql_says_the_same(postgres_server: PostgresServer, tmp_path: Path, sqlite_url: str) -> None:
    url = postgres_server.fresh_database()
    with pytest.raises(NoCasebook):
        open_casebook(url)
    with casebook(url, RawFiles(tmp_path / "raw", 2_000_000), 20):
        pass
    both = [open_casebook(sqlite_url), open_casebook(url)]
    chosen = Chosen(text="BOOKING 1", since=START, until=NOW, policies=("cms", "ceme"))

    def known(rows: list[Shown]) -> list[Shown]:
        """Message-IDs of letters are keyed, and each casebook has a key of its own."""
        return [{name: value for name, value in row.items() if name != "answered_with"} for row in rows]

    for of in (
        lambda r: list(listing.cases(r, told, Chosen(), NOW)),
        lambda r: list(listing.cases(r, told, chosen, NOW)),
        lambda r: known(list(listing.mails(r, told, Chosen(text="number 1")))),
        lambda r: list(listing.duties(r, told, NOW)),
        lambda r: list(listing.letters(r, told, everything=True)),
        lambda r: case_page(r, told, "CMS-2026-000002", NOW)["obligations"],  # type: ignore[index]
        lambda r: [e["what"] for e in case_page(r, told, "CMS-2026-000002", NOW)["events"]],  # type: ignore[index]
        lambda r: list(r.stream("SELECT reference FROM cases WHERE id > ? ORDER BY id", (5,), block=4)),
    ):
        ours, theirs = (of(one) for one in both)
        assert ours == theirs and ours
    with pytest.raises((StoreError, TemporaryFailure)):
        both[1].rows("DELETE FROM cases")
    for one in both:
        one.close()


@pytest.mark.postgres
def test_a_postgresql_that_is_not_there_is_one_clear_line() -> None:
    with pytest.raises(TemporaryFailure) as caught:
        open_casebook("postgresql+psycopg://nobody:secret@127.0.0.1:1/none")
    assert "secret" not in str(caught.value) and "\n" not in str(caught.value)


def test_reading_imports_no_sqlalchemy() -> None:
    words = (
        "import sys\nimport complaintmail.cli.casebook, complaintmail.cli.outbox, complaintmail.cli.status\n"
        "import complaintmail.store.page, complaintmail.store.health, complaintmail.cli.page\n"
        "print(*[m for m in ('sqlalchemy', 'psycopg', 'holidays', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", words],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.strip() == ""


def test_instants_of_both_databases_are_one(sqlite_url: str) -> None:
    assert instant_of(instant_text(NOW)) == instant_of(NOW) == NOW
