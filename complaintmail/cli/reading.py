"""What the commands that read share: the casebook opened for a moment, times as they are typed and shown, and what is
said where there is no casebook yet.

Nothing here imports SQLAlchemy. Rows are read whole and the database is closed before a line is printed, so that a
slow reader at the other end of a pipe keeps nobody from writing.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from complaintmail.cli import tables
from complaintmail.cli.context import Context
from complaintmail.clock import SystemClock
from complaintmail.store.lines import Listing, Told
from complaintmail.store.reading import NoCasebook, Reader, local_times, open_casebook

T = TypeVar("T")


def zone_of(context: Context) -> ZoneInfo:
    return ZoneInfo(context.config().timezone)


def now() -> datetime:
    return SystemClock().now()


def read(context: Context, ask: Callable[[Reader, Told], T]) -> T:
    """What `ask` finds in the casebook, which is closed again when this returns."""
    zone = zone_of(context)
    with open_casebook(context.config().storage.database.reveal()) as reader:
        return ask(reader, local_times(zone))


def show_list(
    context: Context,
    ask: Callable[[Reader, Told], Listing],
    format: str,
    columns: Sequence[str],
    *,
    for_people: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    for_sheets: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None,
    sheet_columns: Sequence[str] = (),
) -> None:
    """Print what `ask` finds; an empty list, and why on stderr, where there is no casebook yet."""
    try:
        rows = read(context, ask)
    except NoCasebook as none_yet:
        click.echo(str(none_yet), err=True)
        if format == "json":
            tables.show((), columns, format)
        return
    gc.disable()  # so many rows at once, none of them in a ring: looking for rings is a tenth of the time
    try:
        if format == "table":
            tables.show(map(for_people, rows), columns, format)
        elif format == "csv":
            tables.show(map(for_sheets, rows) if for_sheets else rows, sheet_columns or columns, format)
        elif format == "xlsx":
            from complaintmail.cli.log_form import write_sheet

            write_sheet(list(map(for_sheets, rows) if for_sheets else rows), sheet_columns or columns)
        elif format == "jsonl":
            sys.stdout.writelines(line + "\n" for line in rows.lines())
        else:
            tables.write_json_lines(rows.lines(), sys.stdout)
    finally:
        gc.enable()


def short(moment: str | None) -> str | None:
    """A time of a row as a table shows it: the policy's own day and minute."""
    return None if moment is None else f"{moment[:10]} {moment[11:16]}"


def name_of(officer: Mapping[str, Any] | None) -> str | None:
    return None if officer is None else officer.get("name") or officer.get("email") or officer.get("role")


def typed_moment(typed: str | None, zone: ZoneInfo, option: str, *, end: bool = False) -> datetime | None:
    """The moment that somebody typed: a day or a time, where the office is. `end`: the first moment after it."""
    if typed is None:
        return None
    try:
        if len(typed) == 10:
            day = date.fromisoformat(typed) + timedelta(days=1 if end else 0)
            return datetime.combine(day, time(), zone).astimezone(UTC)
        moment = datetime.fromisoformat(typed)
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{typed} is no date; write one as 2026-03-17, or a time as 2026-03-17T14:30", param_hint=option
        ) from None
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
    return moment.astimezone(UTC) + timedelta(microseconds=1 if end else 0)
