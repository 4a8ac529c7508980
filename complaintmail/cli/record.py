"""`record`: a complaint that came by telephone, by post, over a counter or elsewhere becomes a case.

The same deed as a mail of staff with #record: the case is opened with its clocks, whoever decides is told, and the
complainant gets an acknowledgement where an address is known. On a terminal what is missing is asked for; in a pipe
each missing thing is a line on stderr, and the exit code is 2.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from complaintmail.cli import desk, reading
from complaintmail.cli.context import Context, pass_context
from complaintmail.cli.tables import format_option, show_one
from complaintmail.terminal import printable

if TYPE_CHECKING:
    from datetime import date

    from complaintmail.config.model import Mailbox
    from complaintmail.triage.record_form import Recorded

CHANNELS = "phone, letter, in person, social media, website or email"


@dataclass
class Form:
    """What was given; empty where it was not."""

    name: str
    email: str
    phone: str
    address: str
    channel: str
    received: str
    account: str


@click.command(short_help="A complaint by phone, letter, in person, social media or website.")
@click.argument("account", metavar="[-]", required=False)
@click.option("--name", default="", help="Who complains.")
@click.option("--email", default="", metavar="ADDRESS", help="Where they get an acknowledgement, and answers.")
@click.option("--phone", default="", help="Their telephone number.")
@click.option("--address", default="", help="Their postal address.")
@click.option("--channel", default="", metavar="HOW", help=f"How it came: {CHANNELS}; phone if nothing is said.")
@click.option("--received", default="", metavar="DATE", help="When it came; today if nothing is said.")
@click.option("--policy", default=None, metavar="NAME", help="Under which policy, where mailboxes have several.")
@click.option(
    "--mailbox", default=None, metavar="ADDRESS", help="Which mailbox it belongs to, where there are several."
)
@click.option("--text", default="", metavar="WORDS", help="What they complain of; - reads it from the standard input.")
@desk.as_option
@format_option()
@pass_context
def record(
    context: Context,
    account: str | None,
    name: str,
    email: str,
    phone: str,
    address: str,
    channel: str,
    received: str,
    policy: str | None,
    mailbox: str | None,
    text: str,
    who: str | None,
    format: str,
) -> None:
    """Open a case for a complaint that did not come by mail, and print its reference."""
    person = desk.person_of(context, who)
    if account and text:
        desk.stop("The account is given twice: as --text, and after the options.")
    form = Form(name, email, phone, address, channel, received, desk.given(text or account or ""))
    if sys.stdin is not None and sys.stdin.isatty():
        _ask(form)
    problems: list[str] = []
    box = _mailbox(context, policy, mailbox, problems)
    found = _read(context, form, problems)
    if problems or box is None:
        for problem in problems:
            click.echo(printable(problem), err=True)
        sys.exit(2)
    from complaintmail.cases.deeds import Trouble
    from complaintmail.passes.at_the_shell import record as do
    from complaintmail.wiring import at_the_desks

    with at_the_desks(context.config(), begin=True) as intake, intake.store.writing(reading.now()) as writer:
        came = do(intake.desks[box.address].instruction, writer, found, person)
    if isinstance(came, Trouble):
        click.echo(printable(came.words), err=True)
        sys.exit(1)
    if format == "json":
        show_one(desk.standing(context, came, reading.now()), format)
        return
    click.echo(came)
    if found.email:
        click.echo(f"An acknowledgement to {printable(found.email)} waits for the daemon.", err=True)
    else:
        click.echo("No mail address is known, so no acknowledgement goes: please reach them another way.", err=True)


def _ask(form: Form) -> None:
    """What is missing is asked for, where somebody sits there to answer."""
    if not (form.name or form.email or form.phone):
        form.name = _asked("Who complains (name)")
        form.email = _asked("Their mail address, if they gave one")
        form.phone = _asked("Their telephone number, if they gave one")
    if not form.channel:
        form.channel = _asked(f"How it came: {CHANNELS}", "phone")
    if not form.received:
        form.received = _asked("When it came", "today")
    if not form.account.strip():
        click.echo("What they complain of; end with a line with a single full stop:", err=True)
        form.account = "\n".join(_lines())


def _asked(question: str, by_default: str = "") -> str:
    answer: str = click.prompt(question, default=by_default, show_default=bool(by_default), err=True)
    return answer.strip()


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        if line.rstrip("\r\n") == ".":
            return
        yield line.rstrip("\r\n")


def _mailbox(context: Context, policy: str | None, mailbox: str | None, problems: list[str]) -> Mailbox | None:
    """The one mailbox that is meant."""
    boxes = context.config().mailboxes
    if not boxes:
        problems.append("there is no [[mailbox]] in the settings")
        return None
    meant = [
        box
        for box in boxes
        if (policy is None or box.policy == policy) and (mailbox is None or box.address.lower() == mailbox.lower())
    ]
    if meant and (len(meant) == 1 or policy is not None):
        return meant[0]
    listed = ", ".join(f"{box.address} ({box.policy})" for box in boxes)
    if meant:
        problems.append(f"which mailbox does it belong to? Give --policy or --mailbox; there are {listed}")
    else:
        problems.append(f"there is no mailbox {mailbox or f'under the policy {policy}'}; there are {listed}")
    return None


def _read(context: Context, form: Form, problems: list[str]) -> Recorded:
    from complaintmail.mail.compose import address as written_address
    from complaintmail.triage.record_form import Recorded, channel_of

    if not (form.name.strip() or form.email.strip() or form.phone.strip()):
        problems.append("who complains is missing: give --name, --email or --phone")
    if not form.account.strip():
        problems.append("what they complain of is missing: give --text, or - and the words on the standard input")
    email = form.email.strip()
    if email:
        try:
            email = written_address(email, utf8=True)
        except ValueError:
            problems.append(f"--email: {email} is not a mail address")
    channel = channel_of(form.channel) if form.channel.strip() else "phone"
    if channel is None:
        problems.append(f"--channel: {form.channel} is no channel; use {CHANNELS}")
    return Recorded(
        name=" ".join(form.name.split()),
        email=email,
        phone=form.phone.strip(),
        address=form.address.strip(),
        channel=channel or "",
        received=_day(context, form.received, problems),
        account=form.account.strip(),
    )


def _day(context: Context, typed: str, problems: list[str]) -> date | None:
    if not typed.strip():
        return None
    from complaintmail.triage.dates import day_in

    today = reading.now().astimezone(reading.zone_of(context)).date()
    day, _, problem = day_in(typed, today, past=True)
    if day is None or problem:
        problems.append(f"--received: {problem or f'{typed} is no date; write one as 17 March, or 2026-03-17'}")
    elif day > today:
        problems.append(f"--received: {typed} is still to come")
    return day
