"""One whole demonstration, for every test that only looks at it; and the embedded mail server by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from imapclient import IMAPClient

from complaintmail.demo.mail_server import HOST, MailServer
from tests.support.demo import Seen, see
from tests.support.embedded import ANN, BOB


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    return see(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as one:
        for address in (ANN, BOB):
            one.room.open_account(address, "secret")
        yield one


@pytest.fixture
def bob(server: MailServer) -> Iterator[IMAPClient]:
    client = IMAPClient(HOST, server.imap_port, ssl=False, timeout=90)
    client.login(BOB, "secret")
    yield client
    client.logout()
