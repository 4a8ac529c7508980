"""`status`: is it healthy? The same that the daemon serves as /healthz; exit 1 when it is not."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click

from complaintmail.cli import reading
from complaintmail.cli.context import Context, pass_context
from complaintmail.cli.reading import short
from complaintmail.cli.tables import format_option, show, show_one
from complaintmail.terminal import printable

COLUMNS = ("address", "policy", "last_pass_at", "last_good_at", "backlog", "state")


@click.command(short_help="Is it healthy? Exit 1 when not.")
@format_option()
@pass_context
def status(context: Context, format: str) -> None:
    """The last pass of each mailbox, what waits, what is overdue, and every problem in a sentence."""
    from complaintmail.store.health import look

    found = look(context.config(), reading.now())
    told = found.as_json()
    if format == "json":
        show_one(told, format)
    else:
        _for_people(told)
    sys.exit(0 if found.healthy else 1)


def _for_people(told: Mapping[str, Any]) -> None:
    click.echo("healthy" if told["healthy"] else "NOT healthy")
    for problem in told["problems"]:
        click.echo(f"  - {printable(problem)}")
    click.echo("")
    show(list(_mailboxes(told["mailboxes"])), COLUMNS)
    click.echo("")
    letters = ", ".join(f"{count} {state}" for state, count in told["outbox"].items() if count)
    click.echo(f"letters not sent: {letters or 'none'}")
    click.echo(f"overdue: {told['overdue']}")


def _mailboxes(mailboxes: list[Mapping[str, Any]]) -> Iterator[Mapping[str, object]]:
    for box in mailboxes:
        yield {
            **box,
            "last_pass_at": short(box["last_pass_at"]) or "never",
            "last_good_at": short(box["last_good_at"]) or "never",
            "state": f"failing since {short(box['failing_since'])}: {box['failure']}" if box["failing_since"] else "",
        }
