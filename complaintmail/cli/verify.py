"""`verify`: whether all that is kept is whole; a line for each thing that is not, and exit 1."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from complaintmail.cli.context import Context, pass_context
from complaintmail.cli.tables import format_option, show_one
from complaintmail.terminal import printable

if TYPE_CHECKING:
    from complaintmail.store.reading import Reader


@click.command(short_help="Whether all that is kept is whole.")
@format_option()
@pass_context
def verify(context: Context, format: str) -> None:
    """The database, the raw mails and the chain of events: says what is not whole, by table, row and column.

    A daemon may go on meanwhile: what is looked at is the state of the moment when this began.
    """
    from complaintmail.errors import StoreError
    from complaintmail.store.reading import NoCasebook
    from complaintmail.store.reckoning import Finding
    from complaintmail.store.verify import counts
    from complaintmail.store.verify import verify as look

    storage = context.config().storage
    found: list[Finding] = []
    much: dict[str, int] = {}

    def said(finding: Finding) -> None:
        found.append(finding)
        if format == "table":
            click.echo(printable(str(finding)), err=finding.note)

    try:
        with _still(context) as reader:
            for finding in look(reader, storage.raw_files):
                said(finding)
            much = {} if found and found[-1].table == "database" else counts(reader)
    except NoCasebook:
        raise
    except StoreError as broken:  # so badly that it cannot be opened, or not be counted
        said(Finding("database", "", "", str(broken)))
    wrong = [finding for finding in found if not finding.note]
    if format == "json":
        rows = [{"table": f.table, "row": f.row, "column": f.column, "what": f.words, "note": f.note} for f in found]
        show_one({"whole": not wrong, "problems": [r for r in rows if not r["note"]]}
                 | {"notes": [r for r in rows if r["note"]], "checked": much}, format)  # fmt: skip
    else:
        amount = ", ".join(f"{number} {name}" for name, number in much.items())
        click.echo(
            f"NOT whole: {len(wrong)} found{f' in {amount}' if amount else ''}" if wrong else f"whole: {amount}",
            err=bool(wrong),
        )
    sys.exit(1 if wrong else 0)


def _still(context: Context) -> Reader:
    """The casebook as it is at this moment. Of SQLite's file a copy, where there is room for one: whoever reads the
    file itself for long keeps the daemon from writing."""
    from complaintmail.store.health import free_bytes
    from complaintmail.store.reading import SqliteReader, open_casebook

    database = context.config().storage.database
    reader = open_casebook(database.reveal())
    if isinstance(reader, SqliteReader) and database.file is not None:
        room = free_bytes(database.file.parent)
        if room is not None and room > 2 * database.file.stat().st_size:
            with reader:
                return reader.copied()
    return reader
