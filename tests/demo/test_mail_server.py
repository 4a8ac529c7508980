"""The embedded mail server as mail programs meet it: imapclient, imaplib, smtplib."""

from __future__ import annotations

import imaplib
import smtplib
import socket
import threading
import time

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from complaintmail.demo.mail_server import HOST, MailServer
from complaintmail.mail.authentication import Standing, standing
from complaintmail.mail.message import Automatic
from complaintmail.mail.read import read
from tests.support.embedded import ANN, BOB, MIXED, PLAIN, send
from tests.support.paces import HUNG

# Sending


def test_a_mail_arrives_byte_for_byte_under_its_trace(server: MailServer, bob: IMAPClient) -> None:
    send(server, PLAIN)
    bob.select_folder("INBOX")
    raw = bob.fetch([1], ["BODY.PEEK[]"])[1][b"BODY[]"]

    assert raw.endswith(b"\r\n" + PLAIN)
    assert raw.startswith(b"Return-Path: <ann@post.example>\r\n")


@pytest.mark.parametrize(
    ("user", "vouched"), [(ANN, Standing.PASSED), (BOB, Standing.UNKNOWN), (None, Standing.UNKNOWN)]
)
def test_the_server_vouches_only_for_who_logged_in_as_themselves(
    server: MailServer, user: str | None, vouched: Standing
) -> None:
    send(server, PLAIN, user=user)

    assert standing(read(server.room.arrivals[0].raw), "mail.demo.example") is vouched


def test_strangers_may_write_to_accounts_and_nowhere_else(server: MailServer) -> None:
    send(server, PLAIN, user=None)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(server, PLAIN, to="nobody@post.example", user=None)

    assert [one.address for one in server.room.arrivals] == [BOB]


def test_a_letter_to_nobody_comes_back_as_a_bounce_that_we_understand(server: MailServer) -> None:
    send(server, PLAIN, to="nobody@else.example")
    (back,) = server.room.arrivals
    message = read(back.raw)
    (report,) = message.origin.bounces

    assert (back.address, back.sender) == (ANN, "")
    assert message.origin.automatic is Automatic.BOUNCE
    assert (report.recipient, report.status, report.action) == ("nobody@else.example", "5.1.1", "failed")
    assert report.original_message_id == "<one@post.example>"


def test_nothing_bounces_a_bounce(server: MailServer) -> None:
    with smtplib.SMTP(HOST, server.smtp_port) as smtp:
        smtp.login(ANN, "secret")
        smtp.sendmail("", ["nobody@else.example"], PLAIN)

    assert server.room.arrivals == []


def test_a_wrong_password_is_refused_on_both_sides(server: MailServer) -> None:
    with pytest.raises(smtplib.SMTPAuthenticationError), smtplib.SMTP(HOST, server.smtp_port) as smtp:
        smtp.login(ANN, "wrong")
    with pytest.raises(LoginError), IMAPClient(HOST, server.imap_port, ssl=False) as client:
        client.login(ANN, "wrong")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"MAIL FROM:<a@b.example>", 250),
        (b"RCPT TO:<bob@post.example>", 503),
        (b"DATA", 503),
        (b"MAIL nonsense", 501),
        (b"AUTH PLAIN !!!", 501),
        (b"AUTH MAGIC", 504),
        (b"VRFY bob", 252),
        (b"NONSENSE", 500),
        (b"\xff\xfe", 500),
    ],
)
def test_smtp_commands_out_of_order_or_unknown_get_their_code(server: MailServer, said: bytes, code: int) -> None:
    with socket.create_connection((HOST, server.smtp_port), timeout=90) as line, line.makefile("rb") as answers:
        answers.readline()
        line.sendall(said + b"\r\n")

        assert int(answers.readline()[:3]) == code


# Reading


def test_folders_and_their_uses(bob: IMAPClient) -> None:
    bob.create_folder("Früher")
    names = [name for _, _, name in bob.list_folders()]

    assert names == ["INBOX", "Sent", "Drafts", "Junk", "Trash", "Früher"]
    assert bob.find_special_folder(b"\\Sent") == "Sent"
    assert [name for _, _, name in bob.list_folders(pattern="S%")] == ["Sent"]
    assert bob.folder_status("Sent", ["MESSAGES", "UIDNEXT"]) == {b"MESSAGES": 0, b"UIDNEXT": 1}
    bob.rename_folder("Früher", "Später")
    bob.delete_folder("Später")
    assert "Später" not in [name for _, _, name in bob.list_folders()]


def test_envelope_structure_and_parts(server: MailServer, bob: IMAPClient) -> None:
    send(server, MIXED)
    bob.select_folder("INBOX", readonly=True)
    wanted = ["ENVELOPE", "BODYSTRUCTURE", "RFC822.SIZE", "BODY[1]", "BODY[2.HEADER]", "BODY[2.1]", "BODY[3.MIME]"]
    told = bob.fetch([1], [*wanted, "BODY[HEADER.FIELDS (SUBJECT)]", "BODY[TEXT]<0.6>"])[1]
    words, inside, picture = told[b"BODYSTRUCTURE"][0]

    assert told[b"ENVELOPE"].subject == b"two parts"
    assert str(told[b"ENVELOPE"].from_[0]) == "Ann <ann@post.example>"
    assert told[b"RFC822.SIZE"] == len(server.room.arrivals[0].raw)
    assert words[:2] == (b"TEXT", b"PLAIN")
    assert inside[:2] == (b"MESSAGE", b"RFC822")
    assert picture[2] == (b"NAME", b"a b.png")
    assert told[b"BODY[1]"] == b"the words"
    assert told[b"BODY[2.HEADER]"] == b"Subject: inside\r\nContent-Type: text/html\r\n\r\n"
    assert told[b"BODY[2.1]"] == b"<p>inner</p>"
    assert told[b"BODY[3.MIME]"].startswith(b"Content-Type: image/png")
    assert told[b"BODY[HEADER.FIELDS (SUBJECT)]"] == b"Subject: two parts\r\n\r\n"
    assert told[b"BODY[TEXT]<0>"] == b"nobody"


def test_reading_marks_read_and_looking_does_not(server: MailServer, bob: IMAPClient) -> None:
    send(server, PLAIN)
    bob.select_folder("INBOX")
    bob.fetch([1], ["BODY.PEEK[]"])
    before = bob.get_flags([1])[1]
    bob.fetch([1], ["BODY[]"])

    assert before == ()
    assert bob.get_flags([1])[1] == (b"\\Seen",)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("ALL", [1, 2]),
        ("UNSEEN SUBJECT parts", [2]),
        (["SUBJECT", "grüße"], [1]),
        ('HEADER Message-ID "<two@post.example>"', [2]),
        ('OR BODY "begins with a dot" TEXT "nobody reads"', [1, 2]),
        ("NOT TEXT nobody", [1]),
        ("UID 2:*", [2]),
        ("1", [1]),
        ("(FROM ann TO bob) LARGER 300", [1, 2]),
        ("SENTON 3-Nov-2026", [2]),
        ("SINCE 1-Jan-2020 NOT SENTBEFORE 3-Nov-2026", [2]),
        ("BEFORE 1-Jan-2020", []),
        ("UNKEYWORD $Junk UNFLAGGED", [1, 2]),
    ],
)
def test_search(server: MailServer, bob: IMAPClient, asked: str | list[str], found: list[int]) -> None:
    send(server, PLAIN)
    send(server, MIXED)
    bob.select_folder("INBOX")

    assert bob.search(asked, charset="UTF-8") == found


def test_copy_move_delete_and_append(server: MailServer, bob: IMAPClient) -> None:
    for raw in (PLAIN, MIXED, PLAIN):
        send(server, raw)
    bob.select_folder("INBOX")
    bob.copy([1], "Drafts")
    bob.move([2], "Sent")
    bob.add_flags([1], ["\\Deleted", "$mine"])
    bob.expunge()
    appended = bob.append("Drafts", b"Subject: d\r\n\r\n\xc3\xa9\r\n", ["\\Draft"])
    left = bob.search("ALL")
    with pytest.raises(IMAPClientError, match="TRYCREATE"):
        bob.copy([3], "Nowhere")
    bob.select_folder("Sent")

    assert left == [3]
    assert b"[APPENDUID 3 2]" in appended
    assert bob.search("SUBJECT parts") == [1]


def test_a_folder_opened_for_reading_changes_nothing(server: MailServer, bob: IMAPClient) -> None:
    send(server, PLAIN)
    bob.select_folder("INBOX", readonly=True)
    bob.fetch([1], ["BODY[]"])

    assert bob.get_flags([1])[1] == ()
    with pytest.raises(IMAPClientError, match="READ-ONLY"):
        bob.add_flags([1], ["\\Seen"])
    with pytest.raises(IMAPClientError, match="READ-ONLY"):
        bob.move([1], "Sent")
    with pytest.raises(IMAPClientError, match="READ-ONLY"):
        bob.expunge()


def test_idle_tells_of_mail_in_whole_lines_at_once(server: MailServer, bob: IMAPClient) -> None:
    bob.select_folder("INBOX")
    for number in range(1, 31):
        bob.idle()
        began = time.monotonic()
        send(server, PLAIN)
        told = bob.idle_check(timeout=90)
        took = time.monotonic() - began
        bob.idle_done()

        assert told == [(number, b"EXISTS")]
        assert took < HUNG


def test_another_client_is_told_of_what_went_and_what_was_flagged(server: MailServer, bob: IMAPClient) -> None:
    send(server, PLAIN)
    send(server, PLAIN)
    bob.select_folder("INBOX")
    with IMAPClient(HOST, server.imap_port, ssl=False) as other:
        other.login(BOB, "secret")
        other.select_folder("INBOX")
        other.move([1], "Trash")
        other.add_flags([2], ["\\Flagged"])
    _, told = bob.noop()

    assert told[0] == (1, b"EXPUNGE")
    assert told[1][:2] == (1, b"FETCH")
    assert b"\\Flagged" in told[1][2][3]


def test_imaplib_authenticates_and_uses_literals(server: MailServer) -> None:
    with imaplib.IMAP4(HOST, server.imap_port) as client:
        client.authenticate("PLAIN", lambda _: f"\0{BOB}\0secret".encode())
        kept, _ = client.append("Drafts", "(\\Draft)", None, PLAIN)
        _, (count,) = client.select("Drafts")
        _, told = client.fetch("1", "(FLAGS RFC822)")

    assert (kept, count) == ("OK", b"1")
    assert isinstance(told[0], tuple)
    assert told[0][1] == PLAIN


@pytest.mark.parametrize(
    "said",
    [
        b"x",
        b"",
        b"a1 NONSENSE",
        b"a1 SELECT INBOX",
        b"a1 FETCH 1 FLAGS",
        b"a1 LOGIN onlyone",
        b"a1 LOGIN (((",
        b'a1 LOGIN "open',
        b"a1 " + b"(" * 5000,
        b"a1 __INIT__",
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_imap_gets_a_bad_and_the_conversation_goes_on(server: MailServer, said: bytes) -> None:
    with socket.create_connection((HOST, server.imap_port), timeout=90) as line, line.makefile("rb") as answers:
        answers.readline()
        line.sendall(said + b"\r\na2 NOOP\r\n")
        first, second = answers.readline(), answers.readline()

        assert b" BAD " in first
        assert second == b"a2 OK NOOP done\r\n"


def test_a_literal_beyond_all_measure_ends_the_conversation(server: MailServer) -> None:
    with socket.create_connection((HOST, server.imap_port), timeout=90) as line, line.makefile("rb") as answers:
        answers.readline()
        line.sendall(b"a1 LOGIN {999999999}\r\n")

        assert answers.read() == b""


def test_stopping_ends_every_connection(server: MailServer) -> None:
    with MailServer() as one:
        one.room.open_account(BOB, "secret")
        client = IMAPClient(HOST, one.imap_port, ssl=False)
        client.login(BOB, "secret")
        client.select_folder("INBOX")
        client.idle()
        thread = threading.current_thread()
    client.shutdown()

    assert [other for other in threading.enumerate() if other is not thread and other.name == "mail server"] == [
        other for other in threading.enumerate() if other is server._thread
    ]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, one.imap_port), timeout=90)
