"""Every way an IMAP server can go wrong while mail is read, waited for and filed."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from complaintmail.errors import LoginRefused, PermanentFailure, TemporaryFailure
from complaintmail.gateways.imap import ImapInbox, ImapTimeouts
from complaintmail.gateways.ports import CannotFetch, Fetched, FolderMark
from tests.support.memory import PeakMemory
from tests.support.scripted_folder import Folder, Virtual
from tests.support.scripted_imap import OFFERS, ScriptedImap

QUICK = ImapTimeouts(connect=1, read=0.5, idle=30)
MEGABYTE = 1024 * 1024


def a_mail(n: int) -> bytes:
    return b"Message-ID: <%d@complainants.test>\r\nSubject: the lift\r\n\r\nIt is stuck, %d.\r\n" % (n, n)


def a_folder(count: int = 5) -> Folder:
    return Folder({n: a_mail(n) for n in range(1, count + 1)})


@contextmanager
def an_inbox(server: ScriptedImap, **changes: Any) -> Iterator[ImapInbox]:
    told: dict[str, Any] = {"password": lambda: "secret", "timeouts": QUICK}
    inbox = ImapInbox("127.0.0.1", server.port, "none", "info@example.test", **(told | changes))
    try:
        yield inbox
    finally:
        inbox.close()


def read(inbox: ImapInbox, limit: int = 50) -> dict[int, bytes]:
    inbox.mark()
    return {one.uid: _bytes(one) for one in inbox.fetch(inbox.uids_after(0, limit))}


def _bytes(one: Fetched) -> bytes:
    raw = one.raw.read_bytes() if isinstance(one.raw, Path) else one.raw
    assert one.size == len(raw) and one.sha256 == hashlib.sha256(raw).hexdigest()
    return raw


def partly(inbox: ImapInbox) -> tuple[list[int], CannotFetch]:
    """What came, and the failure at the end that names what did not."""
    inbox.mark()
    got: list[int] = []
    with pytest.raises(CannotFetch) as failure:
        got.extend(one.uid for one in inbox.fetch(inbox.uids_after(0, 50)))
    return got, failure.value


def everything(count: int = 5, without: int = 0) -> dict[int, bytes]:
    return {n: a_mail(n) for n in range(1, count + 1) if n != without}


# Reading


def test_mails_come_whole_in_order_with_the_date_the_server_keeps() -> None:
    folder = a_folder()
    folder.received[2] = datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    with ScriptedImap(folder) as server, an_inbox(server) as inbox:
        assert inbox.mark() == FolderMark(uidvalidity=7, uidnext=6, exists=5)
        got = list(inbox.fetch([4, 2, 3]))
    assert [one.uid for one in got] == [4, 2, 3]
    assert [_bytes(one) for one in got] == [a_mail(4), a_mail(2), a_mail(3)]
    assert got[1].received_at == folder.received[2]
    assert not any("STORE" in command or "SELECT" in command or "BODY[" in command for command in server.commands)


# What one bad mail does in a batch of five; None: the others come, and UID 3 is named. Otherwise: what comes in all.
ONE_BAD_MAIL: dict[str, tuple[int, dict[int, bytes] | None]] = {
    "expunged_before_fetch": (1, everything(without=3)),
    "nil_body": (9, None),
    "empty_body": (9, None),
    "no_in_fetch": (9, None),
    "garbled_fetch": (9, None),
    "drop_fetch": (9, None),
    "bye_in_fetch": (9, None),
    "eof_mid_literal": (9, None),
    "huge_literal": (1, everything()),
    "lies_about_size": (1, everything()),
    "unsolicited_fetch": (9, everything()),
}
ONCE = {"garbled_fetch", "drop_fetch", "bye_in_fetch", "eof_mid_literal", "no_in_fetch"}


@pytest.mark.parametrize(("fault", "expected"), ONE_BAD_MAIL.items(), ids=ONE_BAD_MAIL)
def test_one_bad_mail_costs_the_others_nothing(fault: str, expected: tuple[int, dict[int, bytes] | None]) -> None:
    """F24, F25, F26, F27, BEHAVIOURS A9: gone is left out, not yet there or undeliverable is named after the others."""
    times, whole = expected
    with ScriptedImap(a_folder(), {fault: times}, bad=[3]) as server, an_inbox(server) as inbox:
        if whole is None:
            got, failure = partly(inbox)
            assert got == [1, 2, 4, 5]
            assert failure.uids == (3,) and "UID 3" in str(failure)
        else:
            assert read(inbox) == whole


@pytest.mark.parametrize("fault", sorted(ONCE))
def test_a_fault_that_passes_is_made_good_in_the_same_reading(fault: str) -> None:
    """F24, F26: the connection is made anew, and every mail comes once, whole."""
    with ScriptedImap(a_folder(), {fault: 1}, bad=[3]) as server, an_inbox(server) as inbox:
        assert read(inbox) == everything()


@pytest.mark.parametrize("fault", ["drip_in_literal", "silence_in_fetch"])
def test_a_server_that_drips_or_falls_silent_is_over_in_time(fault: str) -> None:
    """F16: one byte now and then never trips a socket's timeout; the whole command has a deadline."""
    quick = ImapTimeouts(connect=1, read=0.25, idle=30, slowest=10_000_000)
    began = time.monotonic()
    with ScriptedImap(a_folder(), {fault: 2}, bad=[3]) as server, an_inbox(server, timeouts=quick) as inbox:
        got, failure = partly(inbox)
    assert (got, failure.uids) == ([1, 2, 4, 5], (3,))
    assert time.monotonic() - began < 3


def test_a_server_that_loses_every_connection_is_not_blamed_on_the_mails() -> None:
    """After a few losses the reading ends as a plain failure: nothing is stepped over for it."""
    folder = a_folder(40)
    with ScriptedImap(folder, {"drop_fetch": 99}, bad=range(1, 41)) as server, an_inbox(server) as inbox:
        inbox.mark()
        with pytest.raises(TemporaryFailure) as failure:
            list(inbox.fetch(inbox.uids_after(0, 50)))
    assert not isinstance(failure.value, CannotFetch)
    assert server.connections < 12


def test_the_last_mail_is_not_new_when_nothing_is() -> None:
    """F25, BEHAVIOURS A11: `n:*` names the last mail even below n."""
    with ScriptedImap(a_folder()) as server, an_inbox(server) as inbox:
        inbox.mark()
        assert [inbox.uids_after(uid, 10) for uid in (3, 5, 6, 100)] == [[4, 5], [], [], []]


def test_a_mail_that_arrives_while_we_look_is_found_at_once() -> None:
    folder = a_folder()
    with ScriptedImap(folder) as server, an_inbox(server) as inbox:
        inbox.mark()
        folder.add(a_mail(6))
        assert inbox.uids_after(5, 10) == [6]


def test_uids_are_found_across_gaps_the_lowest_first() -> None:
    folder = Folder({uid: a_mail(uid) for uid in (3, 70_000, 70_001, 4_000_000)})
    with ScriptedImap(folder) as server, an_inbox(server) as inbox:
        inbox.mark()
        assert inbox.uids_after(0, 2) == [3, 70_000]
        assert inbox.uids_after(70_000, 5) == [70_001, 4_000_000]
        assert len(server.commands) < 150


def test_half_a_million_mails_cost_neither_memory_nor_traffic() -> None:
    """F29: the daily poll takes at most 10 kB, a first look at the folder no list of it."""
    body = a_mail(0)
    folder = Folder(uids=range(1, 500_001), body=body)
    with ScriptedImap(folder) as server, an_inbox(server, timeouts=ImapTimeouts(connect=1, read=10)) as inbox:
        began, memory = time.monotonic(), PeakMemory()
        mark = inbox.mark()
        assert inbox.uids_after(mark.uidnext - 1, 50) == []
        folder.uids = range(1, 500_004)
        folder.uidnext = 500_004
        assert inbox.mark().exists == 500_003
        assert [one.uid for one in inbox.fetch(inbox.uids_after(500_000, 50))] == [500_001, 500_002, 500_003]
        assert server.sent_bytes < 10_000
        assert inbox.uids_after(0, 50) == list(range(1, 51))
        assert server.sent_bytes < 30_000
        assert time.monotonic() - began < 2 and memory.grown() < 20
        folder.received = dict.fromkeys(range(400_000, 500_004), datetime(2026, 11, 9, 8, 0, tzinfo=UTC))
        assert inbox.uids_since(datetime(2026, 11, 9, 15, 0, tzinfo=UTC)) == 400_000


def test_the_first_day_is_found_by_time_not_by_the_servers_idea_of_a_day() -> None:
    folder = a_folder(6)
    west, london = timezone(timedelta(hours=-8)), UTC
    folder.received = {
        1: datetime(2026, 10, 31, 8, 0, tzinfo=UTC),
        2: datetime(2026, 10, 31, 23, 59, tzinfo=UTC),
        3: datetime(2026, 10, 31, 20, 0, tzinfo=west),  # November already, in London
        4: datetime(2026, 10, 31, 12, 0, tzinfo=UTC),
        5: datetime(2026, 11, 1, 9, 0, tzinfo=UTC),
        6: datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
    }
    with ScriptedImap(folder) as server, an_inbox(server) as inbox:
        inbox.mark()
        assert inbox.uids_since(datetime(2026, 11, 1, 12, 0, tzinfo=london)) == 3
        assert inbox.uids_since(datetime(2026, 11, 2, tzinfo=london)) == 6
        assert inbox.uids_since(datetime(2026, 11, 3, tzinfo=london)) == 7


def test_sizes_are_told_of_what_is_there() -> None:
    with ScriptedImap(a_folder()) as server, an_inbox(server) as inbox:
        inbox.mark()
        assert inbox.sizes([2, 5, 99]) == {2: len(a_mail(2)), 5: len(a_mail(5))}


# Big mails


@pytest.mark.parametrize("megabytes", [50, 300])
def test_a_big_mail_goes_to_a_file_and_memory_stays_flat(megabytes: int, tmp_path: Path) -> None:
    """F28: what grows is the file."""
    mail = Virtual(megabytes * MEGABYTE + 5)
    folder = Folder({1: a_mail(1), 2: mail, 3: a_mail(3)})
    with ScriptedImap(folder) as server, an_inbox(server, spool=tmp_path) as inbox:
        inbox.mark()
        memory = PeakMemory()
        got = {one.uid: one for one in inbox.fetch(inbox.uids_after(0, 50))}
    assert memory.grown() < 30
    assert list(got) == [1, 2, 3] and isinstance(got[2].raw, Path) and got[2].raw.parent == tmp_path
    digest = hashlib.sha256()
    for block in mail.part(0, mail.size):
        digest.update(block)
    assert (got[2].size, got[2].sha256) == (mail.size, digest.hexdigest())
    with got[2].raw.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == got[2].sha256


@pytest.mark.parametrize(("times", "whole"), [(1, True), (9, False)])
def test_a_big_mail_cut_off_goes_on_where_it_broke_or_leaves_nothing(times: int, whole: bool, tmp_path: Path) -> None:
    """F26: no file has a name that is not whole."""
    folder = Folder({1: Virtual(3 * MEGABYTE), 2: a_mail(2)})
    server = ScriptedImap(folder, {"eof_mid_literal": times}, bad=[1])
    with server, an_inbox(server, spool=tmp_path) as inbox:
        if whole:
            raw = read(inbox)
            assert raw[1] == b"".join(Virtual(3 * MEGABYTE).part(0, 3 * MEGABYTE)) and raw[2] == a_mail(2)
            return
        got, failure = partly(inbox)
    assert (got, failure.uids, list(tmp_path.iterdir())) == ([2], (1,), [])


@pytest.mark.parametrize("size", [2 * MEGABYTE + 1, 3 * MEGABYTE, 3 * MEGABYTE + 1])
def test_slices_meet_without_a_byte_lost(size: int, tmp_path: Path) -> None:
    with ScriptedImap(Folder({1: Virtual(size)})) as server, an_inbox(server, spool=tmp_path) as inbox:
        assert read(inbox) == {1: b"".join(Virtual(size).part(0, size))}


@pytest.mark.parametrize("fault", ["nil_body", "empty_body", "expunged_before_fetch"])
def test_a_big_mail_that_is_gone_or_not_there_yet_leaves_no_file(fault: str, tmp_path: Path) -> None:
    server = ScriptedImap(Folder({1: Virtual(3 * MEGABYTE)}), {fault: 9}, bad=[1])
    with server, an_inbox(server, spool=tmp_path) as inbox:
        if fault == "expunged_before_fetch":
            assert read(inbox) == {}
        else:
            assert partly(inbox)[1].uids == (1,)
    assert list(tmp_path.iterdir()) == []


# The folder's identity


def test_another_uidvalidity_stops_everything_until_it_is_looked_at() -> None:
    """F30: after a reconnect no old UID is used in the new folder."""
    folder = a_folder()
    with ScriptedImap(folder, {"drop_fetch": 1}, bad=[3]) as server, an_inbox(server) as inbox:
        inbox.mark()
        uids = inbox.uids_after(0, 50)
        folder.uidvalidity = 8
        for _ in range(2):
            with pytest.raises(TemporaryFailure, match="UIDVALIDITY"):
                list(inbox.fetch(uids))
        with pytest.raises(TemporaryFailure, match="UIDVALIDITY"):
            inbox.file([1], "Sent")
        assert "STORE" not in " ".join(server.commands)
        assert inbox.mark().uidvalidity == 8
        assert next(inbox.fetch([1])).raw == a_mail(1)


@pytest.mark.parametrize(("fault", "kind"), [("select_refused", PermanentFailure), ("bye_in_select", TemporaryFailure)])
def test_a_folder_that_cannot_be_opened_says_which(fault: str, kind: type[Exception]) -> None:
    with ScriptedImap(a_folder(), {fault: 2}) as server, an_inbox(server) as inbox:
        with pytest.raises(kind, match=rf"127\.0\.0\.1:{server.port}.*INBOX"):
            inbox.mark()
        assert server.connections == 1
        server.faults.clear()
        assert inbox.mark().exists == 5


def test_a_kept_connection_that_died_is_made_anew_by_mark() -> None:
    with ScriptedImap(a_folder()) as server, an_inbox(server) as inbox:
        inbox.mark()
        server.faults["bye_in_select"] = 1
        assert inbox.mark().exists == 5 and server.connections == 2


# Waiting


@contextmanager
def _later(seconds: float, act: Any) -> Iterator[None]:
    timer = threading.Timer(seconds, act)
    timer.start()
    try:
        yield
    finally:
        timer.join()


def _waited(inbox: ImapInbox, seconds: float) -> tuple[bool, float]:
    began = time.monotonic()
    return inbox.wait(seconds), time.monotonic() - began


def test_a_new_mail_ends_the_wait_and_is_read_over_the_same_connection() -> None:
    folder = a_folder()
    with ScriptedImap(folder) as server, an_inbox(server) as inbox:
        read(inbox)
        with _later(0.2, lambda: folder.add(a_mail(6))):
            news, took = _waited(inbox, 10)
        assert news and took < 1
        assert next(inbox.fetch(inbox.uids_after(5, 50))).raw == a_mail(6)
        assert server.connections == 1


@pytest.mark.parametrize("fault", ["bye_in_idle", "eof_in_idle", "partial_line_in_idle", "news_before_idle"])
def test_whatever_happens_in_idle_ends_the_wait_soon(fault: str) -> None:
    """F24: the next look finds out what it was."""
    with ScriptedImap(a_folder(), {fault: 1}) as server, an_inbox(server) as inbox:
        read(inbox)
        news, took = _waited(inbox, 10)
        assert news and took < 2
        assert inbox.mark().exists == 5 and inbox.uids_after(0, 9) == [1, 2, 3, 4, 5]


def test_a_server_that_only_says_it_is_still_there_wakes_nobody() -> None:
    with ScriptedImap(a_folder(), {"ok_in_idle": 1}) as server, an_inbox(server) as inbox:
        read(inbox)
        assert _waited(inbox, 0.5)[0] is False
        assert sum("IDLE" in one for one in server.commands) == 2


def test_a_silent_idle_is_given_up_when_time_is_up_and_the_mail_found_by_looking() -> None:
    """F23: the connection died without a word; the end of the wait notices."""
    folder = a_folder()
    with ScriptedImap(folder, {"silence_in_idle": 1}) as server, an_inbox(server) as inbox:
        read(inbox)
        folder.add(a_mail(6))
        news, took = _waited(inbox, 0.5)
        assert news and took < 3
        inbox.mark()
        assert inbox.uids_after(5, 9) == [6]


def test_idle_is_said_anew_before_a_router_forgets_it() -> None:
    quick = ImapTimeouts(connect=1, read=1, idle=0.2)
    with ScriptedImap(a_folder()) as server, an_inbox(server, timeouts=quick) as inbox:
        read(inbox)
        assert inbox.wait(1) is False
    assert sum("IDLE" in command for command in server.commands) >= 3


@pytest.mark.parametrize("offers", [OFFERS, tuple(one for one in OFFERS if one != "IDLE")], ids=["idle", "no idle"])
def test_the_bell_ends_the_wait_from_another_thread(offers: tuple[str, ...]) -> None:
    with ScriptedImap(a_folder(), offers=offers) as server, an_inbox(server) as inbox:
        read(inbox)
        with _later(0.2, inbox.interrupt):
            news, took = _waited(inbox, 10)
        assert not news and 0.1 < took < 1
        assert inbox.mark().exists == 5 and server.connections == 1


def test_without_idle_the_wait_is_a_sleep() -> None:
    with ScriptedImap(a_folder(), offers=("IMAP4rev1",)) as server, an_inbox(server) as inbox:
        assert _waited(inbox, 0.2)[0] is False  # not connected yet
        read(inbox)
        news, took = _waited(inbox, 0.3)
    assert not news and 0.25 < took < 1 and not any("IDLE" in command for command in server.commands)


@pytest.mark.parametrize("fault", ["eof_in_idle", "idle_refused"])
def test_a_server_that_will_not_idle_is_not_asked_in_a_circle(fault: str) -> None:
    with ScriptedImap(a_folder(), {fault: 999}) as server, an_inbox(server) as inbox:
        end = time.monotonic() + 1
        while time.monotonic() < end:
            inbox.mark()
            inbox.uids_after(5, 9)
            inbox.wait(0.3)
    assert server.connections <= 6 and len(server.commands) < 60


# Filing and finding


@pytest.mark.parametrize("offers", [OFFERS, tuple(one for one in OFFERS if one != "MOVE")], ids=["MOVE", "COPY"])
def test_evidence_is_marked_read_and_moved_and_what_is_gone_is_no_error(offers: tuple[str, ...]) -> None:
    """F34, D3: the Sent folder is made when there is none; no other mail is touched."""
    folder = a_folder()
    folder.flags[1] = {"\\Deleted"}  # a colleague's, not ours to expunge
    with ScriptedImap(folder, offers=offers) as server, an_inbox(server) as inbox:
        inbox.mark()
        inbox.file([2, 4, 99], "auto")
        assert list(folder.uids) == [1, 3, 5]
        assert [server.folders["Sent"].body(uid) for uid in server.folders["Sent"].uids] == [a_mail(2), a_mail(4)]
        inbox.file([2, 4], "auto")
        assert inbox.find("<4@complainants.test>", "auto") and not inbox.find("<4@complainants.test>", "inbox")
        assert inbox.find("<3@complainants.test>", "inbox") and not inbox.find("<3@complainants.test>", "Sent")
        assert inbox.uids_after(0, 9) == [1, 3, 5]
    assert {uid for uid, flags in folder.flags.items() if "\\Seen" in flags} == {2, 4}
    assert not any(command.split()[1] == "EXPUNGE" for command in server.commands)


def test_without_uidplus_nothing_is_expunged_at_all() -> None:
    folder = a_folder()
    with ScriptedImap(folder, offers=("IMAP4rev1",)) as server, an_inbox(server) as inbox:
        inbox.mark()
        inbox.file([2], "auto")
    assert list(folder.uids) == [1, 2, 3, 4, 5] and folder.flags[2] == {"\\Seen", "\\Deleted"}
    assert len(server.folders["Sent"].uids) == 1 and not any("EXPUNGE" in command for command in server.commands)


def test_a_folder_that_was_deleted_is_made_again() -> None:
    """F34."""
    with ScriptedImap(a_folder()) as server, an_inbox(server) as inbox:
        inbox.mark()
        inbox.file([2], "Handled")
        assert len(server.folders["Handled"].uids) == 1


@pytest.mark.parametrize("fault", ["no_in_move", "silence_in_move"])
def test_a_move_that_fails_leaves_the_mail_where_it_is_and_says_so(fault: str) -> None:
    """F24, F34: quota."""
    folder = a_folder()
    with ScriptedImap(folder, {fault: 1}) as server, an_inbox(server) as inbox:
        inbox.mark()
        with pytest.raises(TemporaryFailure, match="Sent"):
            inbox.file([2], "auto")
        assert 2 in folder.uids
        inbox.file([2], "auto")
        assert 2 not in folder.uids and len(server.folders["Sent"].uids) == 1


@pytest.mark.parametrize(
    "message_id", ["", "<a\r\nX LOGOUT>", "<\x00@x>", "<gr\u00fc\u00dfe@x>", "<a\u2028b@x>", "<" + "a" * 1000 + ">"]
)
def test_a_message_id_that_could_carry_a_command_is_never_sent(message_id: str) -> None:
    with ScriptedImap(a_folder()) as server, an_inbox(server) as inbox:
        inbox.mark()
        with pytest.raises(PermanentFailure, match="Message-ID"):
            inbox.find(message_id, "inbox")
    assert not any("SEARCH" in command for command in server.commands)


def test_quotes_and_brackets_in_a_message_id_stay_inside_it() -> None:
    odd = b'Message-ID: <a") ALL ("b@x>\r\n\r\nx\r\n'
    with ScriptedImap(Folder({1: odd, 2: a_mail(2)})) as server, an_inbox(server) as inbox:
        inbox.mark()
        assert inbox.find('<a") ALL ("b@x>', "inbox") and not inbox.find('<b") ALL ("b@x>', "inbox")


# Logging in


@pytest.mark.parametrize(
    ("faults", "kind"),
    [
        ({"login_refused": 1}, LoginRefused),
        ({"login_unavailable": 1}, TemporaryFailure),
        ({"drop_login": 1}, TemporaryFailure),
        ({"hang_connect": 1}, TemporaryFailure),
    ],
)
def test_a_login_that_fails_is_tried_once_and_named(faults: Mapping[str, int], kind: type[Exception]) -> None:
    """F16, F21: refused for good is apart from not now; the password is in no line."""
    with ScriptedImap(a_folder(), faults) as server, an_inbox(server, password=lambda: "secret") as inbox:
        with pytest.raises(kind, match=rf"127\.0\.0\.1:{server.port}") as failure:
            inbox.mark()
        assert type(failure.value) is kind and "secret" not in str(failure.value)
        assert server.connections == 1 and server.events.count("login") <= 1
        assert inbox.mark().exists == 5


@pytest.mark.parametrize(("name", "password"), [("o'hara \"x\\", 'p a"s\\s'), ("info@example.test", "pa\u00dfwort")])
def test_any_name_and_password_that_can_be_typed_works(name: str, password: str) -> None:
    with ScriptedImap(a_folder(), users={name: password}) as server:
        inbox = ImapInbox("127.0.0.1", server.port, "none", name, lambda: password, timeouts=QUICK)
        assert inbox.mark().exists == 5
        inbox.close()


def test_a_password_with_a_line_end_is_refused_before_it_is_sent() -> None:
    with (
        ScriptedImap(a_folder()) as server,
        an_inbox(server, password=lambda: "a\r\nX LOGOUT") as inbox,
        pytest.raises(LoginRefused, match="control character"),
    ):
        inbox.mark()
    assert b"LOGOUT" not in server.clear


def test_a_token_is_asked_anew_for_each_connection() -> None:
    """F22."""
    tokens = ["stale", "fresh"]
    with (
        ScriptedImap(a_folder(), users={"info@example.test": "fresh"}) as server,
        an_inbox(server, password=None, token=lambda: tokens.pop(0)) as inbox,
    ):
        with pytest.raises(LoginRefused):
            inbox.mark()
        assert inbox.mark().exists == 5


def test_a_port_where_nobody_listens_says_so() -> None:
    """F50."""
    inbox = ImapInbox("127.0.0.1", 1, "none", "x", lambda: "x", timeouts=QUICK)
    with pytest.raises(TemporaryFailure, match=r"127\.0\.0\.1:1: connection refused"):
        inbox.mark()
    assert inbox.wait(0.05) is False
    inbox.close()
