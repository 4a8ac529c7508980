"""Only a true copy of a letter of ours is taken for evidence: its marks are known to whoever received it."""

from __future__ import annotations

import zlib

from sqlalchemy import create_engine

from complaintmail.mail.message import Address, Message
from complaintmail.store.copies import Candidate, true_copies

LETTER = b"From: info@example.test\r\nSubject: x\r\n\r\nThank you for writing.\r\nYours sincerely\r\n"


def _found(raw: bytes, message: Message) -> set[int]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE letter (id TEXT, mailbox TEXT, data BLOB, text TEXT)")
        connection.exec_driver_sql(
            "INSERT INTO letter VALUES ('a', 'info@example.test', ?, ?)",
            (zlib.compress(LETTER), "Thank you for writing.\nYours sincerely"),
        )
        return true_copies(connection, [Candidate(7, "a", raw)], lambda _one: message)


def _message(sender: str, text: str) -> Message:
    return Message(sha256="0" * 64, size=1, from_=(Address("", sender),), text=text)


def test_the_same_body_below_new_trace_headers_is_a_copy() -> None:
    raw = b"Received: from mx\r\n" + LETTER.replace(b"\r\n", b"\n")

    assert _found(raw, _message("nobody@x.test", "")) == {7}


def test_a_footer_that_our_server_added_is_allowed_for() -> None:
    said = "Thank you for writing. Yours sincerely\n\nThis mail is confidential."

    assert _found(LETTER + b"\r\nThis mail is confidential.\r\n", _message("info@example.test", said)) == {7}


def test_a_complainant_who_sends_our_letter_back_with_words_of_their_own_is_read() -> None:
    said = "I am still unhappy. Thank you for writing. Yours sincerely"
    raw = b"From: jane@complainants.test\r\n\r\nI am still unhappy.\r\n" + LETTER.partition(b"\r\n\r\n")[2]

    assert _found(raw, _message("jane@complainants.test", said)) == set()
