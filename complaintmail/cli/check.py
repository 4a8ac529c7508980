"""`check`: all that `run` needs, tried before it runs; a line each. Changes nothing and sends nothing.

A failure is what keeps `run` from its work (exit 1); a warning is what somebody should look at.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from complaintmail.cli.context import Context, pass_context
from complaintmail.cli.tables import format_option, show
from complaintmail.terminal import printable

if TYPE_CHECKING:
    from complaintmail.cli.checks import Line


@click.command(short_help="Try everything that run needs; a line each.")
@click.option("--offline", is_flag=True, help="Leave out the mail servers.")
@format_option()
@pass_context
def check(context: Context, offline: bool, format: str) -> None:
    """Try everything that run needs: settings, policies, people, letters, the database, and a login to every mail
    server. Nothing is sent and nothing is changed."""
    lines: list[Line] = []
    for line in _lines(context, offline):
        lines.append(line)
        if format == "table":
            click.echo(printable(f"{line.verdict:<8} {line.what}: {line.says}"))
    if format == "json":
        rows = [{"verdict": line.verdict, "what": line.what, "says": line.says} for line in lines]
        show(rows, ("verdict", "what", "says"), format)
    sys.exit(1 if any(line.verdict == "failure" for line in lines) else 0)


def _lines(context: Context, offline: bool) -> Iterator[Line]:
    from complaintmail.cli import checks
    from complaintmail.clock import SystemClock

    config = context.config()
    yield from checks.settings(config)
    now = SystemClock().now()
    policies = []
    for lines, policy in checks.policies(config, now):
        yield from lines
        policies += [policy] if policy else []
    yield from checks.rules(config)
    yield from checks.people(config, policies, now)
    yield from checks.letters(config, policies)
    yield from checks.storage(config)
    yield from checks.welcomes(config, now)
    yield from checks.doors(config)
    if not offline:
        yield from checks.servers(config)
