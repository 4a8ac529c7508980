"""PostgreSQL fails at the worst moment: a COMMIT whose answer is lost, a server that crashes under the daemon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.cutting_proxy import CuttingProxy
from tests.support.daemons import MANY, SOON, SURE, Daemons
from tests.support.mailstack import MailStack, until
from tests.support.office import Setup, own_address
from tests.support.postgres import PostgresServer

pytestmark = [pytest.mark.stack, pytest.mark.postgres]

STEPS = {  # each by words that only its own transaction sends
    "the mail is kept": b"INSERT INTO raw_mail",
    "the case is opened": b"case_opened",
    "the letter is claimed": b"claimed_by=",
    "the letter is sent": b"letter_sent",
}


@pytest.fixture
def proxy(postgres_server: PostgresServer) -> Iterator[CuttingProxy]:
    with CuttingProxy(postgres_server.port) as proxy:
        yield proxy


def office(folder: Path, stack: MailStack, url: str) -> Daemons:
    return Daemons(Setup(folder, stack, {own_address(): "cms"}, database=url, box=SOON, smtp=SURE, extra=MANY))


@pytest.mark.parametrize("delivered", [True, False], ids=["carried out", "never arrived"])
def test_a_commit_whose_answer_is_lost_doubles_no_case_and_no_letter(
    tmp_path: Path, mailstack: MailStack, postgres_server: PostgresServer, proxy: CuttingProxy, delivered: bool
) -> None:
    with office(tmp_path, mailstack, proxy.through(postgres_server.shaped_database())) as daemons:
        one = daemons.start()
        daemons.complain()
        daemons.wait_until_answered(30)

        for cuts, (step, words) in enumerate(STEPS.items(), 1):
            proxy.cut(after=words, delivered=delivered)
            daemons.complain()
            until(lambda cuts=cuts: proxy.cuts == cuts, 30, f"the connection to be cut as {step}")  # type: ignore[misc]
            daemons.complain()
            daemons.wait_until_answered(60)

        assert one.stop() == 0
        daemons.assert_each_answered_once()


def test_a_server_that_crashes_under_the_daemon_costs_no_mail_and_doubles_none(
    tmp_path: Path, mailstack: MailStack
) -> None:
    with PostgresServer() as server, office(tmp_path, mailstack, server.fresh_database()) as daemons:
        one = daemons.start()
        for _ in range(2):
            for _ in range(5):
                daemons.complain()
            server.stop("immediate")
            daemons.complain()
            server.start()
        daemons.complain()

        daemons.wait_until_answered(90)
        assert one.runs
        assert one.stop() == 0
        daemons.assert_each_answered_once()


def change_over(server: PostgresServer, name: str, change: str) -> None:
    """Change this database for every session, those that there are included: they are ended."""
    with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" {change}'.encode())
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))


def test_a_server_that_is_read_only_for_a_while_is_waited_for(
    tmp_path: Path, mailstack: MailStack, postgres_server: PostgresServer
) -> None:
    """As after a failover to a standby that is not promoted yet."""
    with office(tmp_path, mailstack, postgres_server.shaped_database()) as daemons:
        one = daemons.start()
        daemons.complain()
        daemons.wait_until_answered(30)
        name = daemons.setup.database.rpartition("/")[2]

        change_over(postgres_server, name, "SET default_transaction_read_only = on")
        daemons.complain()
        until(lambda: "read-only" in one.log(), 30, "the daemon to notice")
        change_over(postgres_server, name, "RESET default_transaction_read_only")

        daemons.wait_until_answered(90)
        assert one.stop() == 0
        daemons.assert_each_answered_once()
