"""What a submission server can do to a letter, and what becomes of it (TRUST F05–F15, F50, F55)."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from bench.crash.books import moment
from tests.support.faults import (
    NOBODY,
    Clock,
    bytes_of,
    complain,
    deliver,
    letters,
    open_duties,
    post_of,
    rows,
    the_letter,
    unstaffed,
)
from tests.support.mailstack import MailStack, free_port
from tests.support.office import Setup, own_address
from tests.support.paces import met
from tests.support.scripted_smtp import Envelope

pytestmark = pytest.mark.stack

ALWAYS = 1_000_000


def test_f05_taken_but_cut_off_before_the_250_is_settled_by_the_copy(tmp_path: Path, mailstack: MailStack) -> None:
    with post_of(mailstack, {"drop_after_dot_accepted": 1}) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        jane, clock = complain(office), Clock()
        office.once(clock)
        office.once(clock)
        letter = the_letter(office)
        assert (letter["state"], letter["evidence"]) == ("sent", "bcc")
        office.once(clock.later(hours=1))
        assert len(post.envelopes) == mailstack.count(jane) == 1


def test_f06_cut_off_and_not_taken_is_sent_once_more_byte_for_byte(tmp_path: Path, mailstack: MailStack) -> None:
    with post_of(mailstack, {"drop_after_dot_rejected": 1}) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        jane, clock = complain(office), Clock()
        office.once(clock)
        office.once(clock.later(minutes=14))
        assert the_letter(office)["state"] == "doubt"
        assert len(post.envelopes) == 1
        office.once(clock.later(minutes=2))
        assert the_letter(office)["state"] == "sent"
        first, second = (envelope.data for envelope in post.envelopes)
        assert first == second == bytes_of(the_letter(office))
        assert mailstack.count(jane) == 1


def test_f06_in_doubt_twice_waits_for_a_person(tmp_path: Path, mailstack: MailStack) -> None:
    with post_of(mailstack, {"drop_after_dot_rejected": ALWAYS}) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        complain(office)
        clock = Clock()
        for _ in range(4):
            office.once(clock)
            clock.later(minutes=16)
        assert (the_letter(office)["state"], len(post.envelopes)) == ("held", 2)
        assert len(open_duties(office)) == 1


def test_f07_evidence_that_comes_ten_minutes_late_is_waited_for(tmp_path: Path, mailstack: MailStack) -> None:
    late: list[Envelope] = []
    with post_of(mailstack, {"drop_after_dot_accepted": 1}, on_accept=late.append) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        jane, clock = complain(office), Clock()
        office.once(clock)
        deliver(mailstack, late[0], to=lambda who: who == jane)
        office.once(clock.later(minutes=9))
        assert the_letter(office)["state"] == "doubt"
        deliver(mailstack, late[0], to=lambda who: who == office.address)
        office.once(clock.later(minutes=1))
        assert the_letter(office)["state"] == "sent"
        office.once(clock.later(hours=2))
        assert (len(post.envelopes), mailstack.count(jane)) == (1, 1)


def test_f08_taken_and_then_forgotten_is_told_after_a_day(tmp_path: Path, mailstack: MailStack) -> None:
    with post_of(mailstack, on_accept=lambda envelope: None) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        complain(office)
        clock = Clock()
        office.once(clock)
        assert the_letter(office)["state"] == "sent"
        office.once(clock.later(hours=23))
        assert not _told(office)
        office.once(clock.later(hours=2))
        office.once(clock.later(hours=2))
        assert len(_told(office)) == 1
        assert len(post.envelopes) == 1


def _told(office: Setup) -> list[object]:
    return list(rows(office, "SELECT detail FROM event WHERE what = 'evidence_missing'"))


def test_f09_silence_after_the_dot_is_a_doubt_and_holds_up_nobody_else(tmp_path: Path, mailstack: MailStack) -> None:

    def held_up_alone(pace: float) -> None:
        folder = tmp_path / str(pace)
        folder.mkdir()
        with post_of(mailstack, {"silence_after_dot": 1}) as post:
            timeout = f'reply_timeout = "{round(pace) + 1}s"'
            office = unstaffed(folder, mailstack, smtp_port=post.port, smtp=timeout)
            both = [complain(office), complain(office)]
            clock = Clock()
            office.once(clock)
            assert sorted(letter["state"] for letter in letters(office)) == ["doubt", "sent"]
            office.once(clock.later(minutes=16))
            assert [mailstack.count(who) for who in both] == [1, 1]
            assert len(post.envelopes) == 3

    met("silence_after_dot", held_up_alone)


@pytest.mark.parametrize("fault", ["421_connect", "421_mail", "421_rcpt1", "421_data", "421_mid_data", "421_after_dot"])
def test_f10_421_anywhere_is_tried_again_and_comes_once(tmp_path: Path, mailstack: MailStack, fault: str) -> None:
    with post_of(mailstack, {fault: 1}) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        jane, clock = complain(office), Clock()
        office.once(clock)
        assert the_letter(office)["state"] == "queued"
        office.once(clock.later(minutes=6))
        assert the_letter(office)["state"] == "sent"
        office.once(clock.later(hours=1))
        assert len(post.accepted) == mailstack.count(jane) == 1


def test_f11_greylisting_is_waited_out(tmp_path: Path, mailstack: MailStack) -> None:
    with post_of(mailstack, {"450_rcpt1": 2}) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        jane, clock = complain(office), Clock()
        office.once(clock)
        office.once(clock.later(minutes=4))
        assert len(post.envelopes) == 1
        office.once(clock.later(minutes=2))
        assert (len(post.envelopes), the_letter(office)["state"]) == (2, "queued")
        waits = moment(the_letter(office)["next_try_at"]) - clock.now()
        assert timedelta(minutes=5) <= waits <= timedelta(minutes=30)
        office.once(clock.later(minutes=30))
        assert the_letter(office)["state"] == "sent"
        assert mailstack.count(jane) == 1


def test_f12_a_refused_complainant_gets_no_data_and_a_person_the_duty(tmp_path: Path, mailstack: MailStack) -> None:
    with post_of(mailstack, {"550_rcpt1": 1}) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        jane = complain(office)
        office.once()
        office.once(Clock().later(hours=1))
        assert "DATA" not in post.commands
        assert the_letter(office)["state"] == "refused"
        (why,) = open_duties(office)
        assert "could not be delivered" in why
        assert mailstack.count(jane) == 0
        assert mailstack.count(office.address) == 1  # the complaint alone: no copy of what never left


@pytest.mark.parametrize("fault", ["450_rcpt2", "550_rcpt2"])
def test_f13_the_copys_refusal_does_not_keep_the_letter_back(tmp_path: Path, mailstack: MailStack, fault: str) -> None:
    with post_of(mailstack, {fault: 1}) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        jane, clock = complain(office), Clock()
        office.once(clock)
        assert (the_letter(office)["state"], the_letter(office)["evidence"]) == ("sent", None)
        office.once(clock.later(hours=30))
        assert len(post.accepted) == mailstack.count(jane) == 1


def test_f13_one_deferred_one_refused_only_the_deferred_is_tried_again(tmp_path: Path, mailstack: MailStack) -> None:
    with post_of(mailstack, {"450_rcpt1": 1, "550_rcpt1": 1}) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port, smtp="connections = 1")
        people = [complain(office), complain(office)]
        clock = Clock()
        office.once(clock)
        assert sorted(letter["state"] for letter in letters(office)) == ["queued", "refused"]
        (deferred,) = (letter["recipient"] for letter in letters(office) if letter["state"] == "queued")
        office.once(clock.later(minutes=6))
        assert [mailstack.count(who) for who in people] == [int(who == deferred) for who in people]
        assert len(post.envelopes) == 3


def test_f15_garbage_after_the_dot_is_a_doubt(tmp_path: Path, mailstack: MailStack) -> None:
    with post_of(mailstack, {"garbage_after_dot_accepted": 1}) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        jane, clock = complain(office), Clock()
        office.once(clock)
        office.once(clock)
        assert the_letter(office)["evidence"] == "bcc"  # settled by the copy, not by that reply
        office.once(clock.later(hours=1))
        assert len(post.envelopes) == mailstack.count(jane) == 1


@pytest.mark.parametrize("fault", ["two_replies", "huge_reply", "eight_bit_reply"])
def test_f15_an_odd_250_is_a_250_and_is_kept_short_and_clean(tmp_path: Path, mailstack: MailStack, fault: str) -> None:
    with post_of(mailstack, {fault: 1}) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        jane, clock = complain(office), Clock()
        office.once(clock)
        letter = the_letter(office)
        assert letter["state"] == "sent"
        assert len(letter["reply"]) < 2000
        assert letter["reply"].isprintable()
        office.once(clock.later(hours=1))
        assert len(post.envelopes) == mailstack.count(jane) == 1


def test_f50_nobody_listening_is_tried_again_ever_more_slowly_up_to_15_minutes(
    tmp_path: Path, mailstack: MailStack
) -> None:
    port = free_port()
    office = unstaffed(tmp_path, mailstack, smtp_port=port)
    jane, clock = complain(office), Clock()
    waits: list[timedelta] = []
    for _ in range(9):
        failures = office.once(clock)
        assert office.address in failures[0]
        at = moment(the_letter(office)["next_try_at"])
        waits.append(at - clock.now())
        clock.later(seconds=waits[-1].total_seconds() + 1)
    whole = [round(wait.total_seconds()) for wait in waits]
    assert whole == sorted(whole)
    assert waits[0] <= timedelta(seconds=15)
    assert timedelta(minutes=14) < waits[-1] <= timedelta(minutes=15)
    office.write(smtp_port=mailstack.smtp_port, extra=NOBODY)
    office.once(clock)
    mailstack.wait_for(jane, 1, seconds=10)
    assert the_letter(office)["state"] == "sent"


def test_f50_an_imap_server_that_is_gone_costs_its_own_mailbox_only(tmp_path: Path, mailstack: MailStack) -> None:
    office = unstaffed(tmp_path, mailstack, {own_address(): "cms", own_address(): "sek"})
    jane = complain(office)
    first, second = office.addresses
    settings = office.path.read_text()
    head, middle, tail = settings.partition(f'[[mailbox]]\naddress = "{second}"')
    office.path.write_text(head + middle + tail.replace(f"port = {mailstack.imap_port}", f"port = {free_port()}", 1))
    (failure,) = office.once()
    assert failure.startswith(second)
    mailstack.wait_for(jane, 1, seconds=10)
    assert the_letter(office)["mailbox"] == first


def test_f55_when_every_acknowledgement_bounces_there_is_no_loop(tmp_path: Path, mailstack: MailStack) -> None:
    def bounce(envelope: Envelope) -> None:
        deliver(mailstack, envelope, to=lambda who: who == envelope.mail_from)
        assert envelope.data is not None
        mailstack.append(envelope.mail_from, a_bounce(envelope.mail_from, envelope.rcpts[0], envelope.data))

    with post_of(mailstack, on_accept=bounce) as post:
        office = unstaffed(tmp_path, mailstack, smtp_port=post.port)
        complain(office)
        complain(office)
        clock = Clock()
        for _ in range(5):
            office.once(clock)
            clock.later(hours=1)
        assert len(post.accepted) == 2
        assert len(letters(office)) == 2
        assert all(letter["bounced_at"] for letter in letters(office))
        assert len([why for why in open_duties(office) if "undeliverable" in why]) == 2


def test_f55_when_notices_to_staff_bounce_as_well_it_comes_to_rest(tmp_path: Path, mailstack: MailStack) -> None:
    def bounce(envelope: Envelope) -> None:
        assert envelope.data is not None
        mailstack.append(envelope.mail_from, a_bounce(envelope.mail_from, envelope.rcpts[0], envelope.data))

    with post_of(mailstack, on_accept=bounce) as post:
        office = Setup(tmp_path, mailstack, smtp_port=post.port)
        complain(office)
        clock = Clock()
        for _ in range(4):
            office.once(clock)
            clock.later(minutes=20)
        so_far = len(post.accepted)
        for _ in range(3):
            office.once(clock)
            clock.later(minutes=20)
        assert len(post.accepted) == so_far
        assert len(letters(office)) == 1


def a_bounce(to: str, recipient: str, data: bytes) -> bytes:
    """As Postfix writes it."""
    headers = data.partition(b"\r\n\r\n")[0]
    return (
        (
            f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.test (Mail Delivery System)\r\nTo: {to}\r\n"
            "Subject: Undelivered Mail Returned to Sender\r\nDate: Wed, 18 Nov 2026 10:00:05 +0000\r\n"
            f"Auto-Submitted: auto-replied\r\nMessage-Id: <{uuid.uuid4().hex}@mx.example.test>\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\r\n\r\n'
            "--b1\r\nContent-Type: text/plain\r\n\r\nI am sorry to have to inform you that your message could not\r\n"
            f"be delivered.\r\n\r\n<{recipient}>: host mx said: 550 5.1.1 no such user\r\n\r\n"
            "--b1\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.test\r\n\r\n"
            f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
            "--b1\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        ).encode()
        + headers
        + b"\r\n\r\n--b1--\r\n"
    )
