"""The test servers themselves: they start, answer, keep mail apart and refuse strangers."""

from __future__ import annotations

import smtplib

import psycopg
import pytest

from tests.support.mailstack import MailStack
from tests.support.postgres import PostgresServer

MAIL = b"Message-ID: <1@complainants.test>\r\nSubject: the lift\r\n\r\nIt is stuck.\r\n"


@pytest.mark.stack
def test_mail_by_smtp_arrives_byte_for_byte_below_the_trace_headers(mailstack: MailStack) -> None:
    mailstack.add_user("arrives@example.test")
    mailstack.deliver("bob@complainants.test", "arrives@example.test", MAIL)
    mailstack.deliver("bob@complainants.test", "arrives+token@example.test", MAIL)
    mailstack.wait_for("arrives@example.test", 2, seconds=10)
    first, second = mailstack.mails("arrives@example.test")
    assert first.endswith(MAIL) and second.endswith(MAIL)
    assert first.startswith(b"Return-Path: <bob@complainants.test>")


@pytest.mark.stack
def test_mail_to_somebody_nobody_added_is_refused_so_nothing_leaves(mailstack: MailStack) -> None:
    for stranger in ("nobody@example.test", "bob@gone.example"):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            mailstack.deliver("bob@complainants.test", stranger, MAIL)
        assert refused.value.recipients[stranger][0] == 550


@pytest.mark.stack
def test_a_folder_is_filled_and_emptied(mailstack: MailStack) -> None:
    mailstack.add_user("filled@example.test")
    mailstack.fill("filled@example.test", [MAIL] * 300)
    mailstack.append("filled@example.test", MAIL, flags=[b"\\Seen"])
    assert mailstack.count("filled@example.test") == 301
    assert mailstack.mails("filled@example.test")[300] == MAIL
    mailstack.empty("filled@example.test")
    assert mailstack.mails("filled@example.test") == []


@pytest.mark.postgres
def test_databases_are_fresh_and_apart(postgres_server: PostgresServer) -> None:
    first, second = postgres_server.fresh_database(), postgres_server.fresh_database()
    assert first != second
    with psycopg.connect(first.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE only_here (id int)")
    with psycopg.connect(second.replace("+psycopg", "")) as connection:
        found = connection.execute("SELECT to_regclass('only_here'), current_setting('synchronous_commit')").fetchone()
    assert found == (None, "on")
    postgres_server.drop_database(first)
