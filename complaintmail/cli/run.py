"""`complaintmail run`: the daemon, or one pass."""

from __future__ import annotations

import os
import signal
import sys
import threading

import click

from complaintmail.cli.context import Context, pass_context


@click.command(help="Watch the mailboxes and keep the policy's promises.")
@click.option("--once", is_flag=True, help="Make one pass (fetch, decide, send what is due) and exit.")
@pass_context
def run(context: Context, once: bool) -> None:
    from complaintmail.log import set_up
    from complaintmail.wiring import build

    set_up(context.verbose)
    os.umask(0o077)  # raw mails, the database and all else are for this user alone
    config = context.config()
    stop = threading.Event()
    office = build(config, stopping=stop.is_set)
    try:
        if once:
            from complaintmail.passes.once import run_once

            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())  # finish what is in the middle, begin nothing new
            failures = run_once(office)
            for line in failures:
                click.echo(line, err=True)
            sys.exit(1 if failures else 0)
        from complaintmail.daemon import Daemon
        from complaintmail.monitor import serve

        with serve(config):
            code = Daemon(office, stop).run()
        sys.exit(code)
    finally:
        office.close()
