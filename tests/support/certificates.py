"""A private certificate authority for one test run, and certificates that are right or wrong in one way each.

Made with the openssl command in a few hundredths of a second; nothing here outlives the directory it is made in.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

GOOD_NAMES = "IP:127.0.0.1,IP:::1,DNS:localhost"


@dataclass(frozen=True, slots=True)
class Certificate:
    cert: Path
    key: Path


class CertificateAuthority:
    """Signs certificates for servers on this machine; `ca_file` is what a client must trust."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.ca_file = directory / "ca.pem"
        self._ca_key = directory / "ca.key"
        _openssl(
            "req", "-x509", *_new_key(self._ca_key), "-out", str(self.ca_file), "-days", "30", "-subj", "/CN=test CA",
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        )  # fmt: skip

    def issue(self, name: str, *, names: str = GOOD_NAMES, expired: bool = False) -> Certificate:
        """A server certificate for `names`; an expired one ended in 2020."""
        cert, key, request = (self._directory / f"{name}.{end}" for end in ("pem", "key", "csr"))
        _openssl("req", *_new_key(key), "-out", str(request), "-subj", f"/CN={name}")
        extensions = self._directory / f"{name}.ext"
        extensions.write_text(f"[v3]\nsubjectAltName={names}\nbasicConstraints=CA:FALSE\n")
        database = self._directory / f"{name}.db"
        database.write_text("")
        settings = self._directory / f"{name}.cnf"
        settings.write_text(
            f"[ca]\ndefault_ca=own\n[own]\ndatabase={database}\nnew_certs_dir={self._directory}\n"
            "default_md=sha256\npolicy=any\nrand_serial=yes\nunique_subject=no\nemail_in_dn=no\n[any]\ncommonName=supplied\n"
        )
        dates = ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z" if expired else "20491231000000Z"]
        _openssl(
            "ca", "-batch", "-notext", "-config", str(settings), "-in", str(request), "-out", str(cert), *dates,
            "-cert", str(self.ca_file), "-keyfile", str(self._ca_key), "-extfile", str(extensions), "-extensions", "v3",
        )  # fmt: skip
        return Certificate(cert, key)


def _new_key(path: Path) -> list[str]:
    return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(path)]


def _openssl(*words: str) -> None:
    ran = subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"openssl {words[0]} failed: {ran.stderr.strip()}")
