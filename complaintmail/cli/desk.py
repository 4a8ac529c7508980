"""What the commands that act as staff share: whose word it is, the text given to them, the case as it stands then.

A person who is named has to be one of the settings; the case is looked up before anything is written.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

import click

from complaintmail.cli import reading
from complaintmail.cli.context import Context
from complaintmail.policy.entries import nearest
from complaintmail.terminal import printable

if TYPE_CHECKING:
    from complaintmail.cases.people import Person
    from complaintmail.store.lines import Told
    from complaintmail.store.reading import Reader

as_option = click.option(
    "--as", "who", metavar="ADDRESS", help="As this [[person]] of the settings; else as the administrator."
)


def person_of(context: Context, who: str | None) -> Person | None:
    """The person of this address; None: the administrator."""
    if who is None:
        return None
    from complaintmail.wiring import people_of

    people = people_of(context.config())
    person = people.at(who.strip())
    if person is None:
        known = [other.email for other in people.persons]
        near = nearest(who, known) if known else "no [[person]] is named there"
        stop(f"{who} is no [[person]] in the settings; {near}")
    return person


def stop(words: str) -> NoReturn:
    """What was asked for cannot be meant: one line, and exit code 2."""
    click.echo(printable(words), err=True)
    sys.exit(2)


def given(text: str) -> str:
    """What was written; `-` is what comes in."""
    if text != "-":
        return text
    stream = sys.stdin.buffer if hasattr(sys.stdin, "buffer") else None
    return stream.read().decode("utf-8", "replace") if stream else sys.stdin.read()


def standing(context: Context, reference: str, now: datetime) -> dict[str, Any]:
    """The case as it stands, with what is owed on it."""
    from complaintmail.store.page import case_page

    def ask(reader: Reader, told: Told) -> Mapping[str, Any] | None:
        return case_page(reader, told, reference, now)

    page = reading.read(context, ask)
    return {name: value for name, value in (page or {}).items() if name not in ("messages", "events")}
