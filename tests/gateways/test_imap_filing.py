"""Every way an IMAP server can go wrong while mail is filed, or before anybody is let in."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from complaintmail.errors import LoginRefused, PermanentFailure, TemporaryFailure
from complaintmail.gateways.imap import ImapInbox
from tests.support.paces import met
from tests.support.scripted_folder import Folder
from tests.support.scripted_imap import OFFERS, ScriptedImap
from tests.support.scripted_inbox import PATIENT, a_folder, a_mail, an_inbox, brief

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

    def left(pace: float) -> None:
        folder = a_folder()
        with ScriptedImap(folder, {fault: 1}) as server, an_inbox(server, timeouts=brief(pace)) as inbox:
            inbox.mark()
            with pytest.raises(TemporaryFailure, match="Sent"):
                inbox.file([2], "auto")
            assert 2 in folder.uids
            inbox.file([2], "auto")
            assert 2 not in folder.uids and len(server.folders["Sent"].uids) == 1

    met(fault, left)


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

    def tried_once(pace: float) -> None:
        timeouts = brief(pace, connect=pace)
        with ScriptedImap(a_folder(), faults) as server, an_inbox(server, timeouts=timeouts) as inbox:
            with pytest.raises(kind, match=rf"127\.0\.0\.1:{server.port}") as failure:
                inbox.mark()
            assert type(failure.value) is kind and "secret" not in str(failure.value)
            assert server.connections == 1 and server.events.count("login") <= 1
            assert inbox.mark().exists == 5

    met(next(iter(faults)), tried_once)


@pytest.mark.parametrize(("name", "password"), [("o'hara \"x\\", 'p a"s\\s'), ("info@example.test", "pa\u00dfwort")])
def test_any_name_and_password_that_can_be_typed_works(name: str, password: str) -> None:
    with ScriptedImap(a_folder(), users={name: password}) as server:
        inbox = ImapInbox("127.0.0.1", server.port, "none", name, lambda: password, timeouts=PATIENT)
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
    inbox = ImapInbox("127.0.0.1", 1, "none", "x", lambda: "x", timeouts=PATIENT)
    with pytest.raises(TemporaryFailure, match=r"127\.0\.0\.1:1: connection refused"):
        inbox.mark()
    assert inbox.wait(0.05) is False
    inbox.close()
