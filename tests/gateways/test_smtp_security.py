"""TLS and log-in towards a submission server: verified or nothing, and no password byte in clear."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from complaintmail.errors import ComplaintmailError, ConfigError, LoginRefused, PermanentFailure, TemporaryFailure
from complaintmail.gateways.ports import Outcome, Outgoing, Result
from complaintmail.gateways.smtp import SmtpPostbox, SmtpTimeouts
from complaintmail.gateways.tls import Security
from tests.support.certificates import CertificateAuthority
from tests.support.mailstack import MailStack
from tests.support.paces import PATIENCE
from tests.support.scripted_smtp import ScriptedSmtp

PATIENT = SmtpTimeouts(PATIENCE, PATIENCE, PATIENCE, PATIENCE, PATIENCE, goodbye=1)
USERS = {"info@example.test": "pa\u00df wort"}
LETTER = Outgoing("L1", "info@example.test", "bob@complainants.test", b"Subject: x\r\n\r\nx\r\n", "info@example.test")
SECRETS = (b"wort", base64.b64encode("\0info@example.test\0pa\u00df wort".encode()))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> CertificateAuthority:
    return CertificateAuthority(tmp_path_factory.mktemp("ca"))


@contextmanager
def a_postbox(port: int, security: Security, ca_file: Path | None, **changes: Any) -> Iterator[SmtpPostbox]:
    told: dict[str, Any] = {"username": "info@example.test", "password": lambda: USERS["info@example.test"]}
    box = SmtpPostbox("127.0.0.1", port, security, ca_file=ca_file, timeouts=PATIENT, **(told | changes))
    try:
        yield box
    finally:
        box.close()


def send(box: SmtpPostbox) -> Outcome:
    got: list[Outcome] = []
    box.send([LETTER], may_send=lambda _: True, done=got.append)
    return got[0]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_letters_go_encrypted_and_logged_in(security: Security, authority: CertificateAuthority) -> None:
    good = authority.issue("good")
    with (
        ScriptedSmtp(certificate=good, wrapped=security == "tls", users=USERS) as server,
        a_postbox(server.port, security, authority.ca_file) as box,
    ):
        assert send(box).result is Result.SENT
        assert "logged in as info@example.test" in box.check()
    assert not any(secret in server.clear for secret in SECRETS)
    assert b"MAIL" not in server.clear


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("fault", ["expired", "wrong name", "unknown authority", "old tls", "no tls at all"])
def test_a_server_that_cannot_prove_itself_gets_no_password(
    security: Security, fault: str, authority: CertificateAuthority, tmp_path: Path
) -> None:
    """F18: no fallback, no credential byte, one clear line."""
    signer = CertificateAuthority(tmp_path) if fault == "unknown authority" else authority
    certificate = signer.issue(
        "bad", expired=fault == "expired", names="DNS:other.example.test" if fault == "wrong name" else "IP:127.0.0.1"
    )
    settings: dict[str, Any] = {"wrapped": security == "tls", "certificate": certificate}
    if fault == "old tls":
        settings["newest_tls"] = ssl.TLSVersion.TLSv1_1
    if fault == "no tls at all":
        settings = {}
    with ScriptedSmtp(users=USERS, **settings) as server, a_postbox(server.port, security, authority.ca_file) as box:
        outcome = send(box)
        with pytest.raises(ComplaintmailError) as refused:
            box.check()
    assert (outcome.result, outcome.phase) == (Result.UNTRIED, "tls")
    assert f"127.0.0.1:{server.port}" in outcome.reply and outcome.reply in str(refused.value)
    assert isinstance(refused.value, PermanentFailure)
    assert "AUTH" not in " ".join(server.commands) and not any(secret in server.clear for secret in SECRETS)


def test_starttls_that_is_not_offered_is_not_done_without(authority: CertificateAuthority) -> None:
    """F19."""
    with (
        ScriptedSmtp({"no_starttls": 9}, certificate=authority.issue("good"), users=USERS) as server,
        a_postbox(server.port, "starttls", authority.ca_file) as box,
    ):
        outcome = send(box)
    assert (outcome.result, outcome.phase) == (Result.UNTRIED, "tls") and "STARTTLS" in outcome.reply
    assert [command.split()[0] for command in server.commands] == ["EHLO"]


def test_what_is_injected_behind_the_starttls_reply_is_thrown_away(authority: CertificateAuthority) -> None:
    """F20: the plaintext EHLO answer in the same packet offers other things; ours come from inside TLS."""
    with (
        ScriptedSmtp({"injected_after_starttls": 9}, certificate=authority.issue("good"), users=USERS) as server,
        a_postbox(server.port, "starttls", authority.ca_file) as box,
    ):
        assert "PIPELINING" in box.check()
        assert send(box).result is Result.SENT


def test_a_refused_login_is_one_attempt_and_every_letter_untried() -> None:
    """F21."""
    with ScriptedSmtp(users=USERS) as server, a_postbox(server.port, "none", None, password=lambda: "wrong") as box:
        got: list[Outcome] = []
        letters = [LETTER, LETTER, LETTER, LETTER]
        box.send(letters, may_send=lambda _: True, done=got.append)
        assert [(one.result, one.phase, one.code) for one in got] == [(Result.UNTRIED, "auth", 535)] * 4
        assert server.events.count("auth") == 1
        with pytest.raises(LoginRefused, match=r"info@example\.test.*535"):
            box.check()
    assert "wrong" not in got[0].reply.replace("wrong name", "")


def test_a_login_that_is_not_possible_now_is_temporary() -> None:
    with ScriptedSmtp({"454_auth": 9}, users=USERS) as server, a_postbox(server.port, "none", None) as box:
        assert send(box).result is Result.UNTRIED
        with pytest.raises(TemporaryFailure, match="454"):
            box.check()


def test_a_server_that_wants_a_login_nobody_configured_leaves_the_letter_untried() -> None:
    with ScriptedSmtp(users=USERS) as server, a_postbox(server.port, "none", None, username=None) as box:
        outcome = send(box)
    assert (outcome.result, outcome.code) == (Result.UNTRIED, 530)


def test_a_token_is_asked_anew_for_each_connection() -> None:
    """F22: an expired token is refused as a log-in; the next connection brings a fresh one."""
    tokens = ["stale", "fresh"]
    with (
        ScriptedSmtp(users={"info@example.test": "fresh"}) as server,
        a_postbox(server.port, "none", None, token=lambda: tokens.pop(0)) as box,
    ):
        assert (send(box).result, send(box).result) == (Result.UNTRIED, Result.SENT)


def test_no_plain_text_except_to_this_machine() -> None:
    for host in ("localhost", "127.0.0.1", "127.9.9.9", "::1"):
        SmtpPostbox(host, 25, "none").close()
    for host in ("smtp.example.test", "192.0.2.1", "localhost.example.test", "0.0.0.0"):
        with pytest.raises(ConfigError, match="this machine only"):
            SmtpPostbox(host, 25, "none")


def test_an_authority_file_that_is_none_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    for path in (tmp_path / "ca.pem", tmp_path / "missing.pem"):
        with pytest.raises(ConfigError, match="ca_file"):
            SmtpPostbox("127.0.0.1", 465, "tls", ca_file=path)


@pytest.mark.stack
@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_a_real_postfix_takes_the_letter_and_the_evidence(security: Security, mailstack: MailStack) -> None:
    info, bob = f"{security}@example.test", f"{security}@complainants.test"
    mailstack.add_user(info)
    mailstack.add_user(bob)
    port = mailstack.smtps_port if security == "tls" else mailstack.smtp_port
    data = b"From: %b\r\nTo: %b\r\nSubject: x\r\nMessage-ID: <1@x.test>\r\n\r\n.\r\n..dots\r\n" % (
        info.encode(),
        bob.encode(),
    )
    with a_postbox(port, security, mailstack.ca_file, username=info, password=lambda: "secret") as box:
        got: list[Outcome] = []
        letters = [Outgoing(f"L{n}", info, who, data, info) for n, who in enumerate((bob, "nobody@example.test", bob))]
        box.send(letters, may_send=lambda _: True, done=got.append)
        assert "PIPELINING" in box.check() and "DSN" in box.check()
    assert [(one.result, one.code, one.evidence) for one in got] == [
        (Result.SENT, 250, "bcc"),
        (Result.REFUSED, 550, None),
        (Result.SENT, 250, "bcc"),
    ]
    for who in (info, bob):
        mailstack.wait_for(who, 2, seconds=10)
        assert [mail.endswith(data) for mail in mailstack.mails(who)] == [True, True], mailstack.log()


@pytest.mark.stack
def test_a_real_postfix_sends_a_success_notice_under_our_envelope_id(mailstack: MailStack) -> None:
    mailstack.add_user("dsn@example.test")
    mailstack.add_user("dsn@complainants.test")
    data = b"From: dsn@example.test\r\nSubject: x\r\nMessage-ID: <1@x.test>\r\n\r\nx\r\n"
    with a_postbox(mailstack.smtp_port, "none", None, username=None) as box:
        got: list[Outcome] = []
        letter = Outgoing("L1", "dsn@example.test", "dsn@complainants.test", data, envid="CM-2026-1+ack")
        box.send([letter], may_send=lambda _: True, done=got.append)
    assert (got[0].result, got[0].evidence) == (Result.SENT, "dsn")
    mailstack.wait_for("dsn@example.test", 1, seconds=10)
    assert b"Original-Envelope-Id: CM-2026-1+ack" in mailstack.mails("dsn@example.test")[0]
