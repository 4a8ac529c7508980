"""The one way this program speaks TLS, and the only place where plain text is allowed.

Promises: TLS 1.2 or newer, the server's certificate and name always verified; `none` only to this machine itself.
"""

from __future__ import annotations

import ipaddress
import ssl
from pathlib import Path
from typing import Literal

from complaintmail.errors import ConfigError

Security = Literal["tls", "starttls", "none"]


def client_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """Trusts the system's authorities, or those in `ca_file` and no others."""
    try:
        context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except (OSError, ssl.SSLError) as wrong:
        raise ConfigError(f"ca_file {ca_file} cannot be used: {wrong}") from wrong
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def require_safe(security: Security, host: str, port: int) -> None:
    """Refuse to send a password or a complaint in clear over a network."""
    if security == "none" and not is_loopback(host):
        raise ConfigError(
            f'security = "none" is for a server on this machine only, and {host}:{port} is not: use "tls" or "starttls"'
        )


def is_loopback(host: str) -> bool:
    # Names other than localhost are not looked up: what a name means can change between the check and the connection.
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def trust_problem(error: BaseException) -> str | None:
    """What was wrong with the server's TLS, with a hint; None when that was not it."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return (
                f"its certificate was not accepted: {seen.verify_message}"
                " (is host the name in the certificate? a private authority goes in ca_file)"
            )
        if isinstance(seen, ssl.SSLError):
            return f"no TLS 1.2 or newer came about: {seen.reason or seen} (is this the port, and security, for TLS?)"
        seen = seen.__cause__ or seen.__context__
    return None
