"""What the scripted SMTP and IMAP servers share: threads, sockets, named faults that run out, and hooks at events."""

from __future__ import annotations

import select
import socket
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Self

from tests.support.certificates import Certificate

ALWAYS = 1_000_000


class Gone(Exception):
    """This connection is over, by script or because the client left."""


class ScriptedServer:
    """Listens on 127.0.0.1; one thread for each connection. `faults` maps a name to how often it strikes."""

    def __init__(
        self,
        faults: Mapping[str, int] | None = None,
        *,
        hooks: Mapping[str, Callable[[], object]] | None = None,
        certificate: Certificate | None = None,
        wrapped: bool = False,
        newest_tls: ssl.TLSVersion | None = None,
    ) -> None:
        self.faults = dict(faults or {})
        self.hooks = dict(hooks or {})
        self.events: list[str] = []
        self.clear = b""  # every byte a client sent unencrypted
        self.connections = 0
        self._wrapped = wrapped
        self._tls: ssl.SSLContext | None = None
        if certificate is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate.cert, certificate.key)
            if newest_tls is not None:
                with warnings.catch_warnings():  # that old ones are deprecated is the point
                    warnings.simplefilter("ignore", DeprecationWarning)
                    self._tls.minimum_version = ssl.TLSVersion.TLSv1
                    self._tls.maximum_version = newest_tls
                self._tls.set_ciphers("ALL:@SECLEVEL=0")
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True, name=type(self).__name__).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._listener.close()
        for sock in self._open:
            Talk.end(sock)

    def strikes(self, fault: str) -> bool:
        """Is this fault due? Counts it when it is."""
        with self._lock:
            left = self.faults.get(fault, 0)
            if left > 0:
                self.faults[fault] = left - 1
            return left > 0

    def at(self, event: str) -> None:
        """A named moment: recorded, and its hook called in this server's thread."""
        with self._lock:
            self.events.append(event)
        hook = self.hooks.get(event)
        if hook is not None:
            hook()

    def pause(self, seconds: float) -> None:
        """Say nothing; over at once when the server stops."""
        if self._stopping.wait(seconds):
            raise Gone

    def converse(self, talk: Talk) -> None:
        raise NotImplementedError

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self.connections += 1
                self._open.append(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        talk = Talk(self, sock)
        try:
            if self.strikes("hang_connect"):
                self.pause(3600)
            if self._wrapped:
                talk.encrypt()
            self.converse(talk)
        except (Gone, OSError, ValueError, IndexError):
            pass  # over, or what came was no command of this protocol
        finally:
            talk.hang_up()

    @property
    def tls(self) -> ssl.SSLContext | None:
        return self._tls


class Talk:
    """One connection: lines in, bytes out."""

    def __init__(self, server: ScriptedServer, sock: socket.socket) -> None:
        self.server, self.sock = server, sock
        self.encrypted = False
        self._reader = sock.makefile("rb")

    def encrypt(self) -> None:
        assert self.server.tls is not None
        self.sock = self.server.tls.wrap_socket(self.sock, server_side=True)
        self.server._open.append(self.sock)
        self._reader = self.sock.makefile("rb")
        self.encrypted = True

    def line(self) -> bytes:
        got = self._reader.readline(1_000_000)
        self._record(got)
        if not got.endswith(b"\n"):
            raise Gone
        return got

    def read(self, size: int) -> bytes:
        got = self._reader.read(size)
        self._record(got)
        if len(got) < size:
            raise Gone
        return got

    def say(self, words: bytes) -> None:
        self.sock.sendall(words)

    def drip(self, words: bytes, gap: float) -> None:
        """One byte now and then: no pause is long, and it never ends."""
        for one in words:
            self.sock.sendall(bytes([one]))
            self.server.pause(gap)

    def quiet(self) -> bool:
        """Has the client nothing more to say for now?"""
        if isinstance(self.sock, ssl.SSLSocket) and self.sock.pending():
            return False
        return not select.select([self.sock], [], [], 0.02)[0]

    def hang_up(self) -> None:
        self.end(self.sock)

    @staticmethod
    def end(sock: socket.socket) -> None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        sock.close()

    def _record(self, got: bytes) -> None:
        if not self.encrypted:
            self.server.clear += got


def eventually(true: Callable[[], bool], seconds: float = 90) -> None:
    """For what a server thread notices a moment later; a busy machine may stand still for a while."""
    seconds = max(seconds, 60)
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError("it did not come about")
        time.sleep(0.005)
