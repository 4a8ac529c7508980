"""What happens to a mailbox behind our back, and that nobody is answered twice for it (TRUST F30–F33, F53)."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.faults import complain, letters, rows, told_of
from tests.support.mailstack import MailStack, until
from tests.support.office import Setup, a_mail, own_address, stop

pytestmark = pytest.mark.stack


def cases(office: Setup) -> int:
    return len(rows(office, "SELECT id FROM cases"))


def delivered(stack: MailStack, *people: str) -> list[int]:
    for who in people:
        stack.wait_for(who, 1, seconds=10)
    return [stack.count(who) for who in people]


def new_uidvalidity(stack: MailStack, address: str, value: int) -> None:
    stack.doveadm("mailbox", "update", "--uid-validity", str(value), "-u", address, "INBOX")


def test_f30_a_new_uidvalidity_while_stopped_answers_nobody_again(tmp_path: Path, mailstack: MailStack) -> None:
    office = Setup(tmp_path, mailstack)
    jane, bob = complain(office), complain(office)
    office.once()
    new_uidvalidity(mailstack, office.address, 4242)
    zoe = complain(office)
    office.once()
    office.once()
    assert delivered(mailstack, jane, bob, zoe) == [1, 1, 1]
    assert (cases(office), len(letters(office))) == (3, 3)
    assert told_of(office) == [1, 2, 3]


def test_f30_a_new_uidvalidity_while_running_answers_nobody_again(tmp_path: Path, mailstack: MailStack) -> None:
    office = Setup(tmp_path, mailstack, box='poll = "1s"')
    jane = complain(office)
    daemon = office.daemon()
    try:
        delivered(mailstack, jane)
        new_uidvalidity(mailstack, office.address, 4243)
        zoe = complain(office)
        assert delivered(mailstack, jane, zoe) == [1, 1]
        until(lambda: "mailbox_rebuilt" in office.log() or len(_validities(office)) > 1, 10, "the rescan")
        until(lambda: len(told_of(office)) == 2, 10, "the notices to staff")
    finally:
        stop(daemon)
    assert (cases(office), len(letters(office))) == (2, 2)
    assert told_of(office) == [1, 2]
    assert mailstack.count(jane) == 1


def _validities(office: Setup) -> set[int]:
    return {row["uidvalidity"] for row in rows(office, "SELECT uidvalidity FROM journal WHERE folder = 'INBOX'")}


def renumber(stack: MailStack, address: str, mails: list[bytes]) -> None:
    """The folder as a restored backup leaves it: other UIDs, the same UIDVALIDITY."""
    with stack.imap(address) as client:
        uidvalidity = client.select_folder("INBOX", readonly=True)[b"UIDVALIDITY"]
    local, _, domain = address.partition("@")
    shutil.rmtree(stack.directory / "mail" / domain / local)
    for raw in mails:
        stack.append(address, raw)
    new_uidvalidity(stack, address, uidvalidity)


@pytest.mark.parametrize(
    "restored",
    [
        pytest.param(lambda mails, new: [*reversed(mails), new], id="in another order"),
        pytest.param(lambda mails, new: [new], id="with fewer mails"),
    ],
)
def test_f31_renumbered_uids_under_the_same_uidvalidity_lose_nobody(
    tmp_path: Path, mailstack: MailStack, restored: Callable[[list[bytes], bytes], list[bytes]]
) -> None:
    office = Setup(tmp_path, mailstack)
    jane = complain(office, body="I am unhappy with the course. " * 40)
    bob = complain(office)
    office.once()
    delivered(mailstack, jane, bob)
    zoe = own_address("complainants.test")
    mailstack.add_user(zoe)
    theirs = [raw for raw in mailstack.mails(office.address) if b"Complaint-Letter" not in raw]
    renumber(mailstack, office.address, restored(theirs, a_mail(office.address, sender=zoe)))
    office.once()
    office.once()
    assert delivered(mailstack, jane, bob, zoe) == [1, 1, 1]
    assert (cases(office), len(letters(office))) == (3, 3)
    assert told_of(office) == [1, 2, 3]


def test_f32_a_mail_moved_away_and_back_is_the_same_mail(tmp_path: Path, mailstack: MailStack) -> None:
    office = Setup(tmp_path, mailstack)
    jane = complain(office)
    office.once()
    with mailstack.imap(office.address) as client:
        client.create_folder("Elsewhere")
        client.select_folder("INBOX")
        client.move(client.search(["FROM", jane]), "Elsewhere")
    office.once()
    with mailstack.imap(office.address) as client:
        client.select_folder("Elsewhere")
        client.move(client.search(), "INBOX")
    office.once()
    office.once()
    assert delivered(mailstack, jane) == [1]
    assert (cases(office), len(letters(office))) == (1, 1)
    assert told_of(office) == [1]


def test_f33_delivered_twice_and_to_both_inboxes_is_one_case(tmp_path: Path, mailstack: MailStack) -> None:
    office = Setup(tmp_path, mailstack, {own_address(): "cms", own_address(): "cms"})
    first, second = office.addresses
    jane = own_address("complainants.test")
    mailstack.add_user(jane)
    raw = a_mail(f"{first}, {second}", sender=jane)
    for inbox in (first, first, second):
        trace = f"Received: from mx{uuid.uuid4().hex[:4]}.example.test by mx.example.test; {_now()}\r\n"
        mailstack.append(inbox, trace.encode() + raw)
    office.once()
    mailstack.append(second, b"Received: from late.example.test by mx.example.test; " + _now().encode() + b"\r\n" + raw)
    office.once()
    assert delivered(mailstack, jane) == [1]
    assert (cases(office), len(letters(office))) == (1, 1)
    assert told_of(office) == [1]
    kept = rows(office, "SELECT sha256 FROM journal WHERE evidence_of IS NULL")
    assert len({row["sha256"] for row in kept}) == len(kept) == 4  # each delivery is kept as it came


def _now() -> str:
    return datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")


POISONS = {
    "nested 3,000 deep": b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(3000)
    ),
    "a subject of 200 KB": b"Subject:" + b" =?utf-8?q?" + b"a" * 60 + b"?=\r\n" * 1 + b" =?utf-8?q?bbbb?=\r\n" * 12_000,
    "400 open parentheses": b"From: " + b"(" * 400 + b"x@y.example\r\nSubject: x\r\n\r\nhello\r\n",
    "not a mail at all": bytes(range(1, 256)) * 40,
    "an impossible charset": b"From: a@b.example\r\nContent-Type: text/plain; charset=x-nope\r\n\r\n\xff\xfe\r\n",
}


@pytest.mark.parametrize("poison", POISONS)
def test_f53_a_poison_mail_comes_first_and_the_next_is_acknowledged(
    tmp_path: Path, mailstack: MailStack, poison: str
) -> None:
    office = Setup(tmp_path, mailstack)
    mailstack.append(office.address, POISONS[poison])
    jane = complain(office)
    office.once()
    assert delivered(mailstack, jane) == [1]
    office.once()
    states = [row["state"] for row in rows(office, "SELECT state FROM journal ORDER BY id")]
    assert "collected" not in states
    assert len(rows(office, "SELECT id FROM message")) == 2


def test_a_copy_that_is_kept_as_a_file_is_recognised_all_the_same(tmp_path: Path, mailstack: MailStack) -> None:
    office = Setup(tmp_path, mailstack)
    office.path.write_text(office.path.read_text().replace("[storage]\n", '[storage]\nlarge = "1KB"\n', 1))
    jane = complain(office)
    office.once()
    assert delivered(mailstack, jane) == [1]
    for _ in range(50):  # the pass may have filed the copy already, or it is still on its way
        if letters(office)[0]["evidence_at"] is not None:
            break
        office.once()
    assert letters(office)[0]["evidence_at"] is not None
    assert mailstack.count(office.address, "Sent") == 1
