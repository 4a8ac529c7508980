"""`log --layout policy|printed`: the complaints log with the columns that the policy's own file gives it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import click

from complaintmail.cli import reading, tables
from complaintmail.cli.context import Context
from complaintmail.store import listing, log_sheet
from complaintmail.store.choosing import Chosen
from complaintmail.store.lines import Told
from complaintmail.store.reading import NoCasebook, Reader

LAYOUTS = ("policy", "printed")
TERMINAL = "a spreadsheet is no text: write it into a file, complaintmail log --format xlsx > log.xlsx"


def show_form(context: Context, layout: str, chosen: Chosen, format: str, now: datetime) -> None:
    """Print the log of one policy as its own form."""
    from complaintmail.policy import load

    config = context.config()
    names = chosen.policies or tuple(dict.fromkeys(box.policy for box in config.mailboxes))
    if len(names) != 1:
        raise click.BadParameter(f"say of which policy, with --policy: {', '.join(names)}", param_hint="--layout")
    policy = load.find(names[0], config.policies.directory)
    columns = dict(policy.log.columns if layout == "policy" else policy.log.printed)
    if not columns:
        missing = "[log]" if layout == "policy" else "[log.printed]"
        raise click.BadParameter(f"the file of {names[0]} has no {missing} with columns", param_hint="--layout")

    def ask(reader: Reader, told: Told) -> Sequence[Mapping[str, Any]]:
        cases = listing.cases(reader, told, replace(chosen, policies=names), now)
        return log_sheet.sheet(reader, list(cases), policy, columns)

    try:
        rows = reading.read(context, ask)
    except NoCasebook as none_yet:
        click.echo(str(none_yet), err=True)
        rows = ()
    if format == "xlsx":
        write_sheet(rows, list(columns))
    else:
        tables.show(rows, list(columns), format)


def write_sheet(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """A spreadsheet on stdout, never on a terminal."""
    from complaintmail.cli.xlsx import write_xlsx

    if sys.stdout.isatty():
        raise click.UsageError(TERMINAL)
    write_xlsx(rows, columns, sys.stdout.buffer)
    sys.stdout.buffer.flush()
