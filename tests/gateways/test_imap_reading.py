"""Every way an IMAP server can go wrong while mail is read."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from complaintmail.errors import PermanentFailure, TemporaryFailure
from complaintmail.gateways.ports import CannotFetch, FolderMark
from tests.support.memory import PeakMemory
from tests.support.paces import met
from tests.support.scripted_folder import Folder, Virtual
from tests.support.scripted_imap import ScriptedImap
from tests.support.scripted_inbox import a_folder, a_mail, an_inbox, brief, bytes_of, everything, partly, read

MEGABYTE = 1024 * 1024


def test_mails_come_whole_in_order_with_the_date_the_server_keeps() -> None:
    folder = a_folder()
    folder.received[2] = datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    with ScriptedImap(folder) as server, an_inbox(server) as inbox:
        assert inbox.mark() == FolderMark(uidvalidity=7, uidnext=6, exists=5)
        got = list(inbox.fetch([4, 2, 3]))
    assert [one.uid for one in got] == [4, 2, 3]
    assert [bytes_of(one) for one in got] == [a_mail(4), a_mail(2), a_mail(3)]
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

    def over_in_time(pace: float) -> None:
        server = ScriptedImap(a_folder(), {fault: 2}, bad=[3], gap=pace / 3)
        with server, an_inbox(server, timeouts=brief(pace, slowest=10_000_000)) as inbox:
            got, failure = partly(inbox)
        assert (got, failure.uids) == ([1, 2, 4, 5], (3,))

    met(fault, over_in_time)


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
    with ScriptedImap(folder) as server, an_inbox(server) as inbox:
        memory = PeakMemory()
        mark = inbox.mark()
        assert inbox.uids_after(mark.uidnext - 1, 50) == []
        folder.uids = range(1, 500_004)
        folder.uidnext = 500_004
        assert inbox.mark().exists == 500_003
        assert [one.uid for one in inbox.fetch(inbox.uids_after(500_000, 50))] == [500_001, 500_002, 500_003]
        assert server.sent_bytes < 10_000
        assert inbox.uids_after(0, 50) == list(range(1, 51))
        assert server.sent_bytes < 30_000
        assert memory.grown() < 20
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


def test_a_big_mail_goes_to_a_file_and_memory_stays_flat(tmp_path: Path) -> None:
    """F28: what grows is the file."""
    mail = Virtual(100 * MEGABYTE + 5)
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
