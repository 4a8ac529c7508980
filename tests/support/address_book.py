"""Who has a mailbox: answers Postfix's table look-ups from memory, so that a new user needs no reload."""

from __future__ import annotations

import socketserver
import threading
from urllib.parse import unquote


class AddressBook:
    """Addresses and their domains, served by Postfix's tcp_table protocol on a port of its own."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        book = self

        class Answer(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    key = unquote(line.decode("ascii", "replace").strip().removeprefix("get "))
                    self.wfile.write(b"200 here\n" if book.knows(key) else b"500 unknown\n")

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answer)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, name="address book", daemon=True).start()

    def add(self, address: str) -> None:
        self.known |= {address.lower(), address.lower().rpartition("@")[2]}

    def knows(self, key: str) -> bool:
        """An address, with or without its +extension, or a domain of somebody's."""
        local, at, domain = key.lower().rpartition("@")
        return key.lower() in self.known or f"{local.partition('+')[0]}{at}{domain}" in self.known

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
