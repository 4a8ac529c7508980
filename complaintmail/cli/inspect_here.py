"""Who judges the mails that `inspect` is shown: this installation, where there is one, else what is shipped.

Settings that were named and cannot be used are an error, as everywhere. Settings that only lie in one of the usual
places, and cannot be used or read by whoever asks, are said on stderr, and what is shipped judges.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import click

from complaintmail.cli.context import Context
from complaintmail.errors import ComplaintmailError
from complaintmail.terminal import printable
from complaintmail.triage.judge import Judge, shipped

if TYPE_CHECKING:
    from complaintmail.config import Config
    from complaintmail.mail.message import Message
    from complaintmail.triage.judge import Learnt


@dataclass(frozen=True, slots=True)
class Place:
    """A mailbox, as its mail is judged."""

    address: str = ""
    purpose: str = "general"
    authserv_id: str | None = None
    judge: Judge = field(default_factory=shipped)


def places(context: Context) -> Sequence[Place]:
    """The mailboxes of this installation, as it judges at present; one that nobody set up where there is none."""
    from complaintmail.config import VARIABLE

    named = context.config_path is not None or bool(os.environ.get(VARIABLE))
    try:
        config = context.config_if_any()
        found = _places(config) if config is not None else []
    except ComplaintmailError as wrong:
        if named:
            raise
        for line in str(wrong).splitlines():
            click.echo(printable(line), err=True)
        click.echo("These settings cannot be used, so the mails are judged by what is shipped.", err=True)
        found = []
    return found or [Place()]


def place_of(message: Message, places: Sequence[Place]) -> Place:
    """The mailbox that this mail was sent to; the first one where it names none of them."""
    by_address = {place.address.lower(): place for place in places}
    named = [*message.delivered_to, *(one.key for one in (*message.to, *message.cc))]
    for address in named:
        local, _, domain = address.lower().rpartition("@")
        found = by_address.get(f"{local}@{domain}") or by_address.get(f"{local.partition('+')[0]}@{domain}")
        if found is not None:
            return found
    return places[0]


def _places(config: Config) -> list[Place]:
    from complaintmail.config.judging import judges_of

    judges, learnt = judges_of(config), _learnt(config)
    return [
        Place(
            box.address,
            box.purpose,
            box.imap.authserv_id,
            replace(judges[box.address] or shipped(), learnt=learnt),
        )
        for box in config.mailboxes
    ]


def _learnt(config: Config) -> Learnt | None:
    """What was learnt here and is in force; None before the first start."""
    from complaintmail.store.judged import in_force
    from complaintmail.store.reading import NoCasebook, open_casebook

    try:
        with open_casebook(config.storage.database.reveal()) as reader:
            return in_force(reader)
    except NoCasebook:
        return None
