"""TLS towards an IMAP server: verified or nothing, and no password byte in clear."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from complaintmail.errors import ConfigError, PermanentFailure
from complaintmail.gateways.imap import ImapInbox
from complaintmail.gateways.tls import Security
from tests.support.certificates import CertificateAuthority
from tests.support.scripted_folder import Folder
from tests.support.scripted_imap import ScriptedImap
from tests.support.scripted_inbox import PATIENT

MAIL = b"Message-ID: <1@complainants.test>\r\n\r\nIt is stuck.\r\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> CertificateAuthority:
    return CertificateAuthority(tmp_path_factory.mktemp("ca"))


def an_inbox(port: int, security: Security, ca_file: Path | None) -> ImapInbox:
    return ImapInbox(
        "127.0.0.1", port, security, "info@example.test", lambda: "secret", ca_file=ca_file, timeouts=PATIENT
    )


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mail_is_read_encrypted(security: Security, authority: CertificateAuthority) -> None:
    good = authority.issue("good")
    with ScriptedImap(Folder({1: MAIL}), certificate=good, wrapped=security == "tls") as server:
        inbox = an_inbox(server.port, security, authority.ca_file)
        assert inbox.mark().exists == 1
        assert [one.raw for one in inbox.fetch([1])] == [MAIL]
        assert inbox.wait(0.2) is False
        inbox.close()
    assert b"secret" not in server.clear and b"LOGIN" not in server.clear and b"EXAMINE" not in server.clear


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("fault", ["expired", "wrong name", "unknown authority", "old tls", "no tls at all"])
def test_a_server_that_cannot_prove_itself_gets_no_password(
    security: Security, fault: str, authority: CertificateAuthority, tmp_path: Path
) -> None:
    """F18: no fallback, no credential byte, one clear line, one connection."""
    signer = CertificateAuthority(tmp_path) if fault == "unknown authority" else authority
    certificate = signer.issue(
        "bad", expired=fault == "expired", names="DNS:other.example.test" if fault == "wrong name" else "IP:127.0.0.1"
    )
    settings: dict[str, Any] = {"wrapped": security == "tls", "certificate": certificate}
    if fault == "old tls":
        settings["newest_tls"] = ssl.TLSVersion.TLSv1_1
    if fault == "no tls at all":
        settings = {}
    with ScriptedImap(**settings) as server:
        inbox = an_inbox(server.port, security, authority.ca_file)
        with pytest.raises(PermanentFailure, match=rf"IMAP 127\.0\.0\.1:{server.port}: .*") as refused:
            inbox.mark()
        inbox.close()
    assert "\n" not in str(refused.value)
    assert "TLS" in str(refused.value) or "certificate" in str(refused.value)
    assert not any("LOGIN" in command for command in server.commands) and b"secret" not in server.clear
    assert server.connections == 1


@pytest.mark.parametrize("fault", ["no_starttls", "preauth"])
def test_starttls_is_done_or_nothing_is_said(fault: str, authority: CertificateAuthority) -> None:
    """F19: also where the server claims that we are logged in already, so that STARTTLS could not be said."""
    with ScriptedImap(Folder({1: MAIL}), {fault: 9}, certificate=authority.issue("good")) as server:
        inbox = an_inbox(server.port, "starttls", authority.ca_file)
        with pytest.raises(PermanentFailure, match="STARTTLS"):
            inbox.mark()
        inbox.close()
    assert {command.split()[1] for command in server.commands} == {"CAPABILITY"}


def test_what_is_injected_behind_the_starttls_reply_is_thrown_away(authority: CertificateAuthority) -> None:
    """F20."""
    with ScriptedImap(Folder(), {"injected_after_starttls": 9}, certificate=authority.issue("good")) as server:
        inbox = an_inbox(server.port, "starttls", authority.ca_file)
        assert inbox.mark().exists == 0
        assert inbox.uids_after(0, 9) == []
        assert inbox.wait(0.3) is False  # the injected EXISTS was no news, the injected capabilities not believed
        inbox.close()
    assert any("IDLE" in command for command in server.commands)


def test_no_plain_text_except_to_this_machine() -> None:
    for host in ("imap.example.test", "192.0.2.1", "localhost.example.test"):
        with pytest.raises(ConfigError, match="this machine only"):
            ImapInbox(host, 143, "none", "x", lambda: "x")
