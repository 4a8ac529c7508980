"""A TCP proxy before PostgreSQL that cuts a connection around a COMMIT: the two generals, on demand.

    with CuttingProxy(server.port) as proxy:
        proxy.cut(after=b"UPDATE letter")      # the next COMMIT on a connection that said this
        …
        proxy.cuts                              # how often it did

The COMMIT reaches the server and is carried out; its answer never reaches the client. With `delivered=False` the
COMMIT never arrives either, so that the transaction is rolled back.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self

COMMIT = b"COMMIT"
ANSWERED_WITHIN = 5.0


class CuttingProxy:
    """Passes everything on until told to cut; `port` is where clients connect."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._turn = threading.Lock()
        self._after: bytes | None = None
        self._delivered = True
        self._skip = 0
        self.commits = 0
        self.cuts = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._serve, name="cutting proxy", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in list(self._open):
            _close(one)

    def through(self, url: str) -> str:
        """The same database, by way of this proxy."""
        return url.replace(f":{self._server_port}/", f":{self.port}/")

    def cut(self, *, after: bytes = b"", skip: int = 0, delivered: bool = True) -> None:
        """Cut at a COMMIT of a transaction that said `after`, once `skip` such have passed."""
        with self._turn:
            self._after, self._skip, self._delivered = after, skip, delivered

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._server_port), timeout=90)
        except OSError:
            _close(client)
            return
        server.settimeout(None)
        self._open |= {client, server}
        silent = threading.Event()
        answered = threading.Event()
        threading.Thread(target=self._answers, args=(server, client, silent, answered), daemon=True).start()
        said = b""
        with contextlib.suppress(OSError):
            while words := client.recv(65536):
                said += words
                if COMMIT in words and self._strikes(said):
                    silent.set()
                    if self._delivered:
                        server.sendall(words)
                        answered.wait(ANSWERED_WITHIN)
                    self.cuts += 1
                    break
                if COMMIT in words:
                    said = b""
                server.sendall(words)
        for one in (client, server):
            self._open.discard(one)
            _close(one)

    def _answers(
        self, server: socket.socket, client: socket.socket, silent: threading.Event, answered: threading.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while words := server.recv(65536):
                if silent.is_set():
                    answered.set()
                else:
                    client.sendall(words)
        _close(client)

    def _strikes(self, said: bytes) -> bool:
        """Is it this COMMIT?"""
        with self._turn:
            self.commits += 1
            if self._after is None or self._after not in said:
                return False
            if self._skip:
                self._skip -= 1
                return False
            self._after = None
            return True


def _close(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
