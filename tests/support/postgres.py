"""A private PostgreSQL on a high port of 127.0.0.1 that a test run starts and stops itself.

    with PostgresServer() as server:
        engine = create_engine(server.fresh_database())

As root it runs as the user `postgres`, since PostgreSQL refuses root; as anybody else it runs as them. fsync is off
unless asked for: these tests kill programs, not the machine. If the test process dies, the server dies with it.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

import psycopg
from sqlalchemy import text

from complaintmail.store.engine import Store
from complaintmail.store.migrate import upgrade
from tests.support.free_ports import free_port
from tests.support.mailstack import StackUnavailable, until

# Debian keeps the server's programs out of PATH, by version.
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


class PostgresServer:
    """One cluster in one temporary directory; `url` is its first database, `fresh_database()` makes more."""

    def __init__(self, *, fsync: bool = False) -> None:
        found = shutil.which("initdb", path=os.pathsep.join([*map(str, BINARIES), os.environ.get("PATH", "")]))
        if not found:
            raise StackUnavailable(
                "these tests start their own PostgreSQL: apt-get install postgresql (no initdb found)"
            )
        self._programs = Path(found).parent
        self._fsync = fsync
        self._names = itertools.count(1)
        self._server: subprocess.Popen[bytes] | None = None
        self._shaped = ""
        self.port = free_port()
        self.directory = Path(tempfile.mkdtemp(prefix="cmpg-", dir="/tmp"))
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.directory, owner.pw_uid, owner.pw_gid)
            self._as_owner = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
        else:
            self._as_owner = ["setpriv"]

    @property
    def url(self) -> str:
        return self._url("postgres")

    def __enter__(self) -> Self:
        try:
            self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync",
                      "-D", str(self.directory / "cluster"))  # fmt: skip
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.directory),
            "fsync": "on" if self._fsync else "off",
            "max_connections": "200",
            "shared_buffers": "64MB",
        }
        words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        with (self.directory / "server.log").open("ab") as log:
            self._server = subprocess.Popen(
                [*self._as_owner, "--pdeathsig", "QUIT", str(self._programs / "postgres"),
                 "-D", str(self.directory / "cluster"), *words],
                cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until(self._answers, 90, "PostgreSQL to answer")

    def stop(self, mode: str = "fast") -> None:
        """fast: connections are cut, data is whole. immediate: as a crash; the next start recovers."""
        if self._server is not None:
            self._run("pg_ctl", "stop", "-m", mode, "-D", str(self.directory / "cluster"))
            self._server.wait(90)
            self._server = None

    def close(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self.directory, ignore_errors=True)

    def fresh_database(self) -> str:
        """The URL of a new, empty database."""
        name = f"fresh_{os.getpid()}_{next(self._names)}"
        with self._connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self._url(name)

    def shaped_database(self) -> str:
        """The URL of a new database in this program's shape, without a row: the migration is tried elsewhere."""
        if not self._shaped:
            url = self.fresh_database()
            store = Store(url)
            upgrade(store)
            with store.engine.begin() as connection:
                connection.execute(text("DELETE FROM head; DELETE FROM setting"))
            store.close()
            self._shaped = url.rpartition("/")[2]
        name = f"shaped_{os.getpid()}_{next(self._names)}"
        with self._connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self._shaped}"'.encode())
        return self._url(name)

    def drop_database(self, url: str) -> None:
        """Gone, whoever is still connected."""
        with self._connect() as connection:
            connection.execute(f'DROP DATABASE "{url.rpartition("/")[2]}" WITH (FORCE)'.encode())

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(host="127.0.0.1", port=self.port, user="postgres", dbname="postgres", autocommit=True)

    def _answers(self) -> bool:
        if self._server is not None and self._server.poll() is not None:
            raise StackUnavailable(f"PostgreSQL ended: {(self.directory / 'server.log').read_text()[-2000:]}")
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *words: str) -> None:
        ran = subprocess.run(
            [*self._as_owner, "--", str(self._programs / program), *words],
            cwd=self.directory, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if ran.returncode:
            raise StackUnavailable(f"{program} failed: {ran.stderr.strip()}")
