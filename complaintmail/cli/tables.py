"""Prints rows, for people and for programs: one place, so that every command's output behaves alike.

A table fits the terminal where it can (a pipe gets all of every cell): long words are cut, then times to their day, and
what has to be typed again, a case's reference, never. Times are short and local there. JSON and CSV carry every
value whole, times as ISO 8601 with their offset; a list in JSON has a line for each row. Text from outside can neither
steer the terminal (controls become escapes) nor be a formula in a spreadsheet (a leading `'` in CSV).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from typing import IO, Any

import click

from complaintmail.terminal import fitted, printable, width

NARROWEST = 8  # a column is cut no narrower than this ...
LEGIBLE = 12  # ... and than this only when times are cut to their day already
TYPED = ("reference", "case", "id")  # what somebody types again is never cut
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")


def format_option(*others: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--format table|json`, and those of csv and jsonl that suit the command; the parameter's name is `format`."""
    return click.option(
        "--format",
        "format",
        type=click.Choice(["table", "json", *others]),
        default="table",
        show_default=True,
        help="For people, or for programs.",
    )


def show(
    rows: Iterable[Mapping[str, object]],
    columns: Sequence[str],
    format: str = "table",
    out: IO[str] | None = None,
) -> None:
    """Print `rows`. A table and CSV have exactly `columns`; JSON and JSON lines have all that a row holds."""
    out = sys.stdout if out is None else out
    if format == "json":
        write_json(rows, out)
    elif format == "jsonl":
        line = one_line_json()
        out.writelines(line(row) + "\n" for row in rows)
    elif format == "csv":
        write_csv(rows, columns, out)
    else:
        write_table(list(rows), columns, out)


def show_one(facts: Mapping[str, object], format: str = "table", out: IO[str] | None = None) -> None:
    """Print one thing: its JSON object, or a line for each fact."""
    out = sys.stdout if out is None else out
    if format in ("json", "jsonl"):
        out.write(as_json(dict(facts), indent=None if format == "jsonl" else 2) + "\n")
        return
    longest = max((width(name) for name in facts), default=0)
    for name, value in facts.items():
        out.write(f"{fitted(title(name), longest)}  {cell(value)}".rstrip() + "\n")


def as_json(value: object, indent: int | None = 2) -> str:
    """JSON as INTERFACE.md has it: letters as themselves, times as ISO 8601 with offset."""
    import json

    return json.dumps(value, indent=indent, ensure_ascii=False, default=plain)


def one_line_json() -> Callable[[object], str]:
    """The same for many values, each on one line: without indentation, which costs ten times as much."""
    import json

    return json.JSONEncoder(ensure_ascii=False, default=plain).encode


def write_json(rows: Iterable[Mapping[str, object]], out: IO[str]) -> None:
    """A list with a line for each row."""
    write_json_lines(map(one_line_json(), rows), out)


def write_json_lines(lines: Iterable[str], out: IO[str]) -> None:
    """The same where each row is a line of JSON already."""
    before = "["
    for line in lines:
        out.write(f"{before}\n{line}")
        before = ","
    out.write("[]\n" if before == "[" else "\n]\n")


def plain(value: object) -> object:
    """What JSON does not know, in terms that it does."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError(f"a time without its offset: {value!r}")
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (tuple, set, frozenset)):
        return list(value)
    return str(value)


def write_csv(rows: Iterable[Mapping[str, object]], columns: Sequence[str], out: IO[str]) -> None:
    import csv

    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([harmless(row.get(column)) for column in columns])


def harmless(value: object) -> str:
    """A CSV cell that a spreadsheet takes for text: a leading `'` where it would see a formula."""
    if type(value) is str and value[:1].isalnum() and "\x00" not in value:
        return value
    if value is None:
        return ""
    if isinstance(value, (bool, int, float)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    text = as_json(value, indent=None) if isinstance(value, (Mapping, list, tuple)) else str(plain(value))
    text = text.replace("\x00", "")
    return "'" + text if text.lstrip(" ")[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") and text else text


def write_table(rows: Sequence[Mapping[str, object]], columns: Sequence[str], out: IO[str]) -> None:
    shown = [_column(column, rows) for column in columns]
    widths = [_widest(texts) for texts in shown]
    room = terminal_width(out)
    if room is not None:
        room -= 2 * (len(widths) - 1)
        times = [n for n, name in enumerate(columns) if name.endswith(("_at", "_by"))]
        free = [n for n, name in enumerate(columns) if n not in times and name not in TYPED]
        if sum(shrunk(widths, room, free, LEGIBLE)) > room:
            for n in times:
                shown[n][1:] = [text[:10] if _TIME.fullmatch(text) else text for text in shown[n][1:]]
                widths[n] = min(widths[n], max(NARROWEST, _widest(shown[n][1:] or [""])))
        widths = shrunk(widths, room, free, NARROWEST)
    fits = map(_padded, shown, widths)
    out.writelines("  ".join(line).rstrip() + "\n" for line in zip(*fits, strict=True))


# Column by column, with the plain case decided at once: a log of thousands of rows is not to be waited for.


def _column(name: str, rows: Sequence[Mapping[str, object]]) -> list[str]:
    values = [row.get(name) for row in rows]
    return [title(name), *[v if type(v) is str and v.isprintable() else cell(v) for v in values]]


def _widest(texts: list[str]) -> int:
    return max(map(len if all(map(str.isascii, texts)) else width, texts))


def _padded(texts: list[str], columns: int) -> list[str]:
    return [text.ljust(columns) if len(text) <= columns and text.isascii() else fitted(text, columns) for text in texts]


def shrunk(widths: Sequence[int], room: int, free: Sequence[int], narrowest: int) -> list[int]:
    """Take from the widest of the free columns, a step at a time, until all fit or none can give more."""
    now = list(widths)
    while free and sum(now) > room:
        widest = max(free, key=now.__getitem__)
        if now[widest] <= narrowest:
            break
        others = max((now[n] for n in free if n != widest), default=0)
        spare = sum(now) - room
        now[widest] = max(narrowest, now[widest] - spare, min(others, now[widest]) - 1)
    return now


def terminal_width(out: IO[str]) -> int | None:
    """The columns there are; None where it is no terminal and nothing needs cutting."""
    try:
        if not out.isatty():
            return None
    except ValueError:
        return None
    import shutil  # brings every compressor there is with it

    return shutil.get_terminal_size().columns


def title(column: str) -> str:
    return column.replace("_", " ").upper() if column == column.lower() else column  # a policy's own heading stays


def cell(value: object) -> str:
    """A value in one printable line, short enough for a table."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return printable(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return short_time(value)
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, Mapping):
        return cell(value.get("name") or value.get("email") or ", ".join(map(str, value)))
    if isinstance(value, (list, tuple)):
        return ", ".join(map(cell, value))
    return printable(str(plain(value)))


def short_time(moment: datetime) -> str:
    """In the zone of whoever reads the table; programs ask for JSON."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
