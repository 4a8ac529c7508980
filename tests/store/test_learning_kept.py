"""What staff said and what was learnt from it, as it is kept: on both databases."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from complaintmail.cases.changes import Decision
from complaintmail.cases.deeds import Change, Deed
from complaintmail.passes.learn import learn, learn_if_due
from complaintmail.store import casebook, learnt, schema, taught
from complaintmail.store.engine import Store
from complaintmail.store.journal import RawFiles
from complaintmail.store.judged import report
from complaintmail.store.reading import local_times, open_casebook
from complaintmail.store.verify import verify
from complaintmail.triage.judge import Bands, Learnt, readable, shipped
from complaintmail.triage.verdicts import Kind
from tests.support.casebooks import Book, book_in, mail
from tests.support.lessons import reviews

NIGHT = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
BOX = "info@example.test"
LEARNT = Learnt("1", 0.5, {"w:grozzled": 1.25}, Bands(0.8, 0.03, True), (0.9, -0.2))


@pytest.fixture
def book(store: Store, tmp_path: Path) -> Book:
    return book_in(store, RawFiles(tmp_path / "raw", 1_000_000))


def takes(book: Book, text: str, sender: str, at: datetime, kind: Kind = Kind.COMPLAINT, sure: bool = False) -> int:
    """A mail that was judged; its number. A complaint opens a case."""
    entry, sha256 = book.arrive(BOX, mail(sender, "Hello", text, book.entries), at)
    book.keep(at)
    message = book.message(entry, sha256, sender, "Hello", text, at)
    with book.store.writing(at) as writer:
        if kind is Kind.COMPLAINT:
            opened = book.complaint(writer, BOX, entry, message, at, sure)
            writer.event("case_opened", by="complaintmail", case_id=opened.id, journal=entry)
        else:
            decision = Decision(kind, sure, 0.1, "medium", ("it asks a question",), not_answered="it asks a question")
            casebook.keep_message(writer, entry, BOX, at, message, decision, None, sender)
            writer.event("mail_taken_in", by="complaintmail", journal=entry)
        book.disposed(writer, entry)
    return entry


def says(book: Book, number: int, kind: str, at: datetime, by: str = "dana@staff.test") -> None:
    with book.store.writing(at) as writer:
        deed = Deed("", detail={"mail": number, "kind": kind})
        taught.note(writer, "kind", deed, None, by)
        writer.event("staff_kind", by=by, journal=number)


def teaches(book: Book, count: int, at: datetime) -> None:
    """So many mails, each with what staff said of it."""
    for review in reviews(count):
        number = takes(book, review.text, review.sender, at)
        says(book, number, "complaint" if review.complaint else "enquiry", at)


def test_versions_follow_each_other_and_are_taken_back_one_by_one(store: Store) -> None:
    for at in (NIGHT, NIGHT + timedelta(days=1)):
        with store.writing(at) as writer:
            learnt.keep(writer, LEARNT, {"reviews": 40}, "complaintmail")
    with store.reading() as connection:
        assert learnt.last(connection) == learnt.Version(2, 2, False)
        assert learnt.judge_now(connection, shipped()).learnt == Learnt(
            "2", LEARNT.bias, LEARNT.weights, LEARNT.bands, LEARNT.scale
        )
        assert (learnt.before(connection, 2), learnt.before(connection, 1)) == (1, learnt.SHIPPED)
    with store.writing(NIGHT) as writer:
        learnt.take_back(writer, 0, "dana@staff.test", stays=True)

    with store.reading() as connection:
        assert learnt.last(connection) == learnt.Version(3, 0, True)
        assert learnt.judge_now(connection, shipped()).learnt is None
        assert [learnt.has_weights(connection, version) for version in (0, 1, 2, 3, 9)] == [
            True, True, True, False, False,
        ]  # fmt: skip


def test_weights_that_somebody_edited_are_named_and_add_nothing(store: Store, tmp_path: Path) -> None:
    with store.writing(NIGHT) as writer:
        learnt.keep(writer, LEARNT, {}, "complaintmail")
    with open_casebook(store.engine.url.render_as_string(hide_password=False)) as reader:
        assert [str(one) for one in verify(reader, tmp_path / "raw")] == []
    with store.engine.begin() as connection:
        connection.execute(update(schema.learnt).values(body=zlib.compress(b'{"bias":9}')))

    with open_casebook(store.engine.url.render_as_string(hide_password=False)) as reader:
        found = [str(one) for one in verify(reader, tmp_path / "raw")]
    assert found == ["learnt 1 body: its weights are not those that were learnt"]
    with store.reading() as connection:
        assert learnt.judge_now(connection, shipped()).learnt is None


def test_a_night_learns_from_what_was_said_and_a_night_with_nothing_new_does_not(book: Book) -> None:
    assert learn_if_due(book.store, NIGHT, "Europe/London") is None
    teaches(book, 40, NIGHT - timedelta(hours=9))

    first = learn_if_due(book.store, NIGHT, "Europe/London")
    assert first is not None and first.version == 1, first
    assert learn_if_due(book.store, NIGHT + timedelta(days=1), "Europe/London") is None
    says(book, 1, "enquiry", NIGHT + timedelta(days=1))
    assert learn_if_due(book.store, NIGHT + timedelta(days=1, hours=1), "Europe/London") is None, "said today"
    assert learn_if_due(book.store, NIGHT + timedelta(days=2), "Europe/London") is not None
    assert learn_if_due(book.store, NIGHT + timedelta(days=2, hours=1), "Europe/London") is None, "once a day"


def test_the_daemon_waits_for_the_night_where_the_office_is(book: Book) -> None:
    teaches(book, 40, NIGHT - timedelta(hours=33))

    assert learn_if_due(book.store, NIGHT, "America/New_York", from_hour=23) is None
    assert learn_if_due(book.store, NIGHT, "America/New_York", from_hour=22) is not None


def test_what_was_taken_back_for_good_stays_until_somebody_says_so(book: Book) -> None:
    teaches(book, 40, NIGHT - timedelta(hours=9))
    learn_if_due(book.store, NIGHT, "Europe/London")
    with book.store.writing(NIGHT) as writer:
        learnt.take_back(writer, learnt.SHIPPED, "administrator", stays=True)
    says(book, 1, "enquiry", NIGHT + timedelta(hours=9))

    assert learn_if_due(book.store, NIGHT + timedelta(days=1), "Europe/London") is None
    assert learn(book.store, NIGHT + timedelta(days=1), by="administrator").version == 3
    with book.store.reading() as connection:
        assert learnt.last(connection) == learnt.Version(3, 3, False)


def test_nothing_learnt_is_an_event_with_its_reason(book: Book) -> None:
    says(book, takes(book, "Grozzled again.", "a@x.test", NIGHT), "complaint", NIGHT)

    lesson = learn(book.store, NIGHT)
    why = "Staff have not looked at enough mails. Complaints: 1, other mails: 0; it takes 10 of each."
    assert (lesson.version, lesson.why) == (None, why)
    with book.store.reading() as connection:
        found = connection.execute(schema.event.select().where(schema.event.c.what == "nothing_learnt")).one()
    assert why in found.detail


def test_what_was_done_counts_half_and_what_was_left_is_never_more_than_staff_have_looked_at(book: Book) -> None:
    worked = takes(book, "The room was grozzled.", "a@x.test", NIGHT - timedelta(days=30))
    said = takes(book, "All marvent, thank you.", "b@x.test", NIGHT - timedelta(days=30))
    for nth in range(5):
        takes(book, f"When does it begin? {nth}", f"q{nth}@x.test", NIGHT - timedelta(days=9), Kind.ENQUIRY, True)
    takes(book, "When does this end?", "young@x.test", NIGHT - timedelta(days=2), Kind.ENQUIRY, True)
    says(book, said, "compliment", NIGHT)
    with book.store.writing(NIGHT) as writer:
        writer.change(schema.case, {"id": 1}, {"outcome": "upheld", "status": "closed", "closed_at": NIGHT})
        writer.event("staff_outcome", by="dana@staff.test", case_id=1)
    with book.store.reading() as connection:
        found = taught.reviews(connection, NIGHT)

    assert [(one.complaint, one.weight, one.seen) for one in found] == [
        (False, 1.0, True), (True, 0.5, True), (False, 0.5, False), (False, 0.5, False),
    ]  # fmt: skip
    assert found[1].text == "The room was grozzled."
    assert worked == 1 and "young@x.test" not in {one.sender for one in found}


def test_the_last_word_counts(book: Book) -> None:
    number = takes(book, "The room was grozzled.", "a@x.test", NIGHT)
    says(book, number, "enquiry", NIGHT)
    says(book, number, "spam", NIGHT + timedelta(hours=1), by="hal@staff.test")
    with book.store.reading() as connection:
        [row] = connection.execute(schema.taught.select()).all()
    assert (row.kind, row.by) == ("spam", "hal@staff.test")


@pytest.mark.parametrize(
    ("event", "detail", "stands"),
    [
        ("staff_kind", {"back_taught": {"kind": "compliment", "by": "bea@staff.test"}},
         [("bea@staff.test", "compliment", "high")]),
        ("staff_kind", {"back_taught": {"kind": None}}, [("hal@staff.test", None, "high")]),
        ("staff_severity", {}, [("hal@staff.test", "enquiry", None)]),
        ("staff_concern", {}, [("dana@staff.test", "enquiry", "high")]),
    ],
    ids=["another word stood", "none stood", "not remembered", "a command that taught nothing"],
)  # fmt: skip
def test_what_is_taken_back_leaves_what_stood_before(
    book: Book, event: str, detail: dict[str, Any], stands: list[tuple[str | None, ...]]
) -> None:
    number = takes(book, "The room was grozzled.", "a@x.test", NIGHT)
    says(book, number, "enquiry", NIGHT)
    with book.store.writing(NIGHT) as writer:
        writer.change(schema.taught, {"message_id": number}, {"severity": "high"})
        writer.event(event, by="hal@staff.test", **detail)
    with book.store.writing(NIGHT) as writer:
        undoes = writer.connection.scalar(select(func.max(schema.event.c.id)))
        undo = Deed("", (Change({"severity": "low"}),), detail={"mail": number, "undoes": undoes})
        taught.note(writer, "undo", undo, None, "hal@staff.test")
        writer.event("staff_undone", by="hal@staff.test")

    table = schema.taught
    with book.store.reading() as connection:
        assert connection.execute(select(table.c.by, table.c.kind, table.c.severity)).all() == stands


@pytest.mark.parametrize("number", [2, 999], ids=["a robot's", "none"])
def test_of_a_mail_that_nobody_judged_nothing_is_kept(book: Book, number: int) -> None:
    takes(book, "The room was grozzled.", "a@x.test", NIGHT)
    entry, sha256 = book.arrive(BOX, mail("robot@x.test", "Away", "I am away.", 2), NIGHT)
    book.keep(NIGHT)
    message = book.message(entry, sha256, "robot@x.test", "Away", "I am away.", NIGHT)
    with book.store.writing(NIGHT) as writer:
        robot = Decision(Kind.AUTO_REPLY, True, None, "medium", (), not_answered="a robot's")
        casebook.keep_message(writer, entry, BOX, NIGHT, message, robot, None, "robot@x.test")
        writer.event("mail_taken_in", by="complaintmail", journal=entry)
    says(book, number, "complaint", NIGHT)

    with book.store.reading() as connection:
        assert connection.execute(schema.taught.select()).all() == []


def test_a_sample_of_what_was_let_go_is_the_same_whoever_asks_and_holds_nothing_that_was_looked_at(book: Book) -> None:
    numbers = [
        takes(book, f"When does it begin? {nth}", f"q{nth}@x.test", NIGHT, Kind.ENQUIRY, True) for nth in range(9)
    ]
    takes(book, "The room was grozzled.", "a@x.test", NIGHT)
    says(book, numbers[0], "enquiry", NIGHT)
    week = (NIGHT - timedelta(days=3), NIGHT + timedelta(days=3))
    with book.store.reading() as connection:
        first, again = ([row.id for row in taught.to_audit(connection, BOX, *week, 5)] for _ in range(2))
        before = taught.to_audit(connection, BOX, NIGHT - timedelta(days=9), NIGHT, 5)

    assert first == again and len(first) == 5
    assert set(first) <= set(numbers[1:]) and first != sorted(first)
    assert before == []


def test_the_report_is_the_same_from_both_databases(book: Book) -> None:
    takes(book, "The room was grozzled.", "a@x.test", NIGHT - timedelta(days=2), sure=True)
    let_go = takes(book, "Grozzled, all of it.", "b@x.test", NIGHT, Kind.ENQUIRY, True)
    says(book, 1, "complaint", NIGHT)
    says(book, let_go, "complaint", NIGHT)
    with book.store.writing(NIGHT) as writer:
        learnt.keep(writer, LEARNT, {"reviews": 2}, "complaintmail")
        learnt.looked(writer, "")
    with open_casebook(book.store.engine.url.render_as_string(hide_password=False)) as reader:
        told = local_times(ZoneInfo("Europe/London"))
        found, later = report(reader, told, None), report(reader, told, NIGHT - timedelta(days=1))

    assert (found["reviewed"], found["complaints"], found["corrected"], later["reviewed"]) == (2, 2, 1, 1)
    assert found["confusion"] == [
        {"program": "complaint", "sure": True, "complaint": 1, "compliment": 0, "enquiry": 0, "spam": 0},
        {"program": "enquiry", "sure": True, "complaint": 1, "compliment": 0, "enquiry": 0, "spam": 0},
    ]
    assert [(one["mail"], one["score"], one["case"]) for one in found["missed"]["mails"]] == [(let_go, 0.1, None)]
    assert found["bounds"] == {"open": 0.8, "release": 0.03, "release_on": True}
    assert found["learnt"]["complaint"] == [{"word": "grozzled", "weight": 1.25}]
    assert found["versions"] == [
        {
            "version": 1, "at": "2026-11-20T03:30:00+00:00", "by": "complaintmail", "uses": 1, "in_force": True,
            "stays": False, "weights_kept": True, "figures": {"reviews": 2},
        },
    ]  # fmt: skip
    assert (found["last_tried"], found["nothing_learnt_because"]) == ("2026-11-20T03:30:00+00:00", None)


def test_of_a_long_mail_as_much_is_read_as_is_judged(book: Book) -> None:
    long = "".join(f"word{nth} " for nth in range(3000))
    says(book, takes(book, long, "a@x.test", NIGHT), "complaint", NIGHT)
    with book.store.reading() as connection:
        [found] = taught.reviews(connection, NIGHT)

    assert len(found.text) < 7000
    assert readable("Hello", found.text) == readable("Hello", long)
