"""What one transaction writes about the same row twice, and what two lives write about the same mail."""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

import pytest
from sqlalchemy import select, update

from complaintmail.cases.post import Result
from complaintmail.gateways.reader import read_guarded
from complaintmail.mail.message import Message
from complaintmail.passes.office import Office
from complaintmail.passes.once import run_once
from complaintmail.store import outbox, schema
from tests.support.doors import At, MemoryInbox, MemoryPostbox
from tests.support.office import a_mail


class Open(Protocol):
    def __call__(self, **more: Any) -> tuple[Office, MemoryInbox, MemoryPostbox, At]: ...


def _duties(office: Office) -> dict[str, str]:
    duty = schema.obligation.c
    with office.store.reading() as connection:
        return {row.kind: row.state for row in connection.execute(select(duty.kind, duty.state).order_by(duty.id))}


def _bounce(message_id: str, recipient: str) -> bytes:
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.complainants.test\r\nTo: info@example.test\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <{uuid.uuid4().hex}@mx.complainants.test>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.complainants.test\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nFrom: info@example.test\r\n\r\n"
        "--b--\r\n"
    ).encode()


def _message_id(data: bytes) -> str:
    [line] = [line for line in data.split(b"\r\n") if line.startswith(b"Message-ID:")]
    return line.partition(b":")[2].strip().decode()


def test_a_bounce_taken_in_beside_the_evidence_copy_leaves_the_duty_open(opened: Open) -> None:
    office, inbox, postbox, clock = opened()
    inbox.deliver(a_mail("info@example.test"))
    postbox.answer = lambda _: Result.DOUBT
    assert run_once(office) == []
    [letter] = postbox.tried
    clock.on(minutes=1)

    inbox.deliver(letter.data)
    inbox.deliver(_bounce(_message_id(letter.data), "jane@complainants.test"))
    assert run_once(office) == []

    assert _duties(office)["acknowledge"] == "open"
    assert _duties(office)["attend"] == "open"


def test_a_bounce_of_a_letter_held_after_two_doubts_is_understood(opened: Open) -> None:
    office, inbox, postbox, clock = opened()
    inbox.deliver(a_mail("info@example.test"))
    postbox.answer = lambda _: Result.DOUBT
    for _ in range(3):
        assert run_once(office) == []
        clock.on(hours=1)
    inbox.deliver(_bounce(_message_id(postbox.tried[0].data), "jane@complainants.test"))

    assert run_once(office) == []

    with office.store.reading() as connection:
        assert list(connection.scalars(select(schema.journal.c.state).order_by(schema.journal.c.id)))[-1] == "settled"
    assert _duties(office)["acknowledge"] == "open"
    assert _duties(office)["attend"] == "open"


def test_a_mail_that_another_daemon_understood_meanwhile_is_left_alone(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, inbox, _, _ = opened()
    inbox.deliver(a_mail("info@example.test"))
    for work in office.works:
        work.collector.run()
    real: Callable[..., Message] = read_guarded
    other = [True]

    def meanwhile(raw: Any, **more: Any) -> Message:
        read = real(raw, **more)
        if other:
            other.clear()
            office.intake.run(["info@example.test"])
        return read

    monkeypatch.setattr("complaintmail.passes.intake.read_guarded", meanwhile)
    office.intake.run(["info@example.test"])

    with office.store.reading() as connection:
        assert connection.scalars(select(schema.journal.c.state)).all() == ["settled"]
        assert len(connection.execute(select(schema.case.c.id)).all()) == 1


def test_a_raw_mail_whose_bytes_are_damaged_becomes_a_case_and_stops_nothing(opened: Open) -> None:
    office, inbox, postbox, clock = opened()
    inbox.deliver(a_mail("info@example.test"))
    for work in office.works:
        work.collector.run()
    raw = schema.raw_mail
    with office.store.writing(clock.now()) as writer:
        writer.execute(update(raw).values(body=zlib.compress(b"x" * 5000)[:20]))
    office.intake.files.at_hand.take(_only_sha(office))
    inbox.deliver(a_mail("info@example.test", sender="bob@other.test", body="Another matter: my refund never came."))

    assert run_once(office) == []

    assert [letter.recipient for letter in postbox.taken] == ["bob@other.test"]
    with office.store.reading() as connection:
        assert set(connection.scalars(select(schema.case.c.kind))) == {"unreadable", "complaint"}


def _only_sha(office: Office) -> str:
    with office.store.reading() as connection:
        return str(connection.scalar(select(schema.raw_mail.c.sha256)))


def test_a_letter_released_after_a_week_has_its_five_days_from_then(opened: Open) -> None:
    office, inbox, postbox, clock = opened()
    inbox.deliver(a_mail("info@example.test", headers=("X-Auto-Response-Suppress: AutoReply",)))
    assert run_once(office) == []
    assert postbox.tried == []
    clock.on(days=7)
    with office.store.writing(clock.now()) as writer:
        letter = writer.connection.scalar(select(schema.letter.c.id))
        assert letter is not None and outbox.by_hand(writer, letter, "release", "admin") is None
    postbox.answer = lambda _: Result.LATER

    assert run_once(office) == []

    with office.store.reading() as connection:
        row = connection.execute(select(schema.letter.c.state, schema.letter.c.next_try_at)).one()
    assert row.state == "queued" and row.next_try_at - clock.now() < timedelta(hours=1)


def test_what_the_server_answered_is_kept_though_the_evidence_came_first(opened: Open) -> None:
    office, inbox, postbox, _ = opened()
    inbox.deliver(a_mail("info@example.test"))

    def overtaken(letter: Any) -> Result:
        """The copy is collected and understood before the batch's outcomes are written."""
        inbox.deliver(letter.data)
        for work in office.works:
            work.collector.run()
        office.intake.run(["info@example.test"])
        return Result.SENT

    postbox.answer, postbox.inbox = overtaken, None
    assert run_once(office) == []

    with office.store.reading() as connection:
        row = connection.execute(select(schema.letter.c.state, schema.letter.c.reply)).one()
    assert (row.state, row.reply) == ("sent", "250 as the test says")
