"""The folder for sent mail as a folder that is read: found by itself, missing, gone, refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from complaintmail.errors import PermanentFailure
from complaintmail.gateways.imap import ImapInbox
from complaintmail.gateways.ports import NoSuchFolder
from tests.support.scripted_folder import Folder
from tests.support.scripted_imap import ScriptedImap
from tests.support.scripted_inbox import PATIENT

HAND = b"Message-ID: <hand@staff.test>\r\nSubject: Re: the lift\r\n\r\nIt runs again.\r\n"


@contextmanager
def the_sent_folder(server: ScriptedImap, folder: str = "auto") -> Iterator[ImapInbox]:
    inbox = ImapInbox("127.0.0.1", server.port, "none", "info@example.test", lambda: "secret", folder, timeouts=PATIENT)
    try:
        yield inbox
    finally:
        inbox.close()


def after(inbox: ImapInbox, uid: int) -> list[bytes]:
    return [mail.raw for mail in inbox.fetch(inbox.uids_after(uid, 50)) if isinstance(mail.raw, bytes)]


def test_it_is_found_by_its_usual_name_and_only_what_is_new_is_read() -> None:
    with ScriptedImap(Folder({1: b"x"})) as server, the_sent_folder(server) as inbox:
        server.folders["Sent"] = Folder(uids=range(1, 5001), body=b"old")
        mark = inbox.mark()
        server.folders["Sent"].add(HAND)
        inbox.mark()

        assert (mark.uidnext, after(inbox, mark.uidnext - 1)) == (5001, [HAND])
        assert [line for line in server.commands if "FETCH" in line and "BODY" in line and " 5001" not in line] == []
        assert not any(" SELECT " in line for line in server.commands)


def test_one_that_is_missing_is_said_and_found_when_it_is_there() -> None:
    with ScriptedImap(Folder()) as server, the_sent_folder(server) as inbox:
        for _ in range(2):
            with pytest.raises(NoSuchFolder, match="no folder for sent mail is there"):
                inbox.mark()
        server.folders["Sent"] = Folder({1: HAND})

        assert (inbox.mark().exists, after(inbox, 0)) == (1, [HAND])
        assert server.connections == 1


def test_one_that_was_renamed_is_looked_for_again() -> None:
    with ScriptedImap(Folder()) as server, the_sent_folder(server) as inbox:
        server.folders["Sent"] = Folder()
        inbox.mark()
        server.folders["Sent Items"] = server.folders.pop("Sent")
        server.folders["Sent Items"].add(HAND)
        with pytest.raises(PermanentFailure, match="opening the folder Sent was refused"):
            inbox.mark()

        assert (inbox.mark().exists, after(inbox, 0)) == (1, [HAND])


def test_a_lost_connection_is_made_anew() -> None:
    with ScriptedImap(Folder(), {"bye_in_select": 0}) as server, the_sent_folder(server) as inbox:
        server.folders["Sent"] = Folder({1: HAND})
        inbox.mark()
        server.faults["bye_in_select"] = 1

        assert inbox.mark().exists == 1
        assert server.connections == 2


def test_a_named_one_that_is_not_there_is_refused_by_its_name() -> None:
    with (
        ScriptedImap(Folder()) as server,
        the_sent_folder(server, "Ausgang") as inbox,
        pytest.raises(PermanentFailure, match="Ausgang"),
    ):
        inbox.mark()


def test_none_is_no_folder_to_move_to_or_look_in() -> None:
    folder = Folder({1: HAND})
    with ScriptedImap(folder) as server, the_sent_folder(server, "INBOX") as inbox:
        inbox.mark()
        inbox.file([1], "none")

        assert (list(folder.uids), folder.flags[1]) == ([1], {"\\Seen"})
        assert inbox.find("<hand@staff.test>", "none") is False
