"""`people`: who is named in the settings, and the letter that tells each of them what they may be asked.

`list` reads the settings, and from the casebook who was written to and who answered. `welcome` puts the letters into
the outbox, while the daemon runs or before it first does; with `--dry-run` it prints them and sends none.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from complaintmail.cli import reading
from complaintmail.cli.context import Context, pass_context
from complaintmail.cli.tables import format_option, show
from complaintmail.policy.entries import nearest
from complaintmail.terminal import printable

if TYPE_CHECKING:
    from complaintmail.cases.people import Person
    from complaintmail.config.model import Config
    from complaintmail.letters.notice import Notice

COLUMNS = ("name", "email", "roles", "areas", "policies", "deputy", "away", "hours", "welcomed", "answered")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@click.group(short_help="Who is staff; welcome: a letter to each on what they may be asked.")
def people() -> None:
    """Who is named in the settings, what they hold, and the letter that tells them what they may be asked."""


@people.command("list", short_help="Everybody named in the settings.")
@format_option("csv", "jsonl")
@pass_context
def list_people(context: Context, format: str) -> None:
    """Everybody named in the settings, with their roles and hours, and whether they answered the welcome letter."""
    config = context.config()
    states = _states(context)
    rows: list[dict[str, Any]] = []
    for person in config.people:
        welcomed, answered = states.get(person.email.lower(), (None, None))
        rows.append(
            {
                "name": person.name,
                "email": person.email,
                "roles": list(person.roles),
                "areas": list(person.areas),
                "policies": list(person.policies),
                "deputy": person.deputy,
                "away": [f"{a.first}..{a.last}" if a.first != a.last else f"{a.first}" for a in person.away],
                "hours": hours_in_words(person.hours.spans),
                "welcomed": reading.short(welcomed) if format == "table" else welcomed,
                "answered": reading.short(answered) if format == "table" else answered,
            }
        )
    show(rows, COLUMNS, format)


@people.command("welcome", short_help="A letter to each person, with a test reply.")
@click.option("--to", "addresses", metavar="ADDRESS", multiple=True, help="Only to this person; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Print the letters; send none.")
@pass_context
def send_welcome(context: Context, addresses: Sequence[str], dry_run: bool) -> None:
    """Write to each person what they may be asked and how to answer, and ask for a reply of one word."""
    config = context.config()
    letters = list(_letters(config, addresses))
    if not letters:
        click.echo("There is nobody to write to: no [[person]] is named, or no [[mailbox]] to write from.", err=True)
        sys.exit(1)
    if not dry_run:
        written = queue(context, letters)
        for person, _, _ in letters:
            said = "the letter waits for the daemon" if person.email in written else "was written to today already"
            click.echo(f"{printable(f'{person.name} <{person.email}>')}: {said}")
        return
    from complaintmail.letters.notice import written as as_mail

    for number, (person, mailbox, notice) in enumerate(letters):
        text, _ = as_mail(notice, mailbox)
        if number:
            click.echo("\n" + "=" * 72 + "\n")
        click.echo(f"From: {printable(mailbox)}\nTo: {printable(f'{person.name} <{person.email}>')}")
        click.echo(f"Subject: {printable(notice.subject)}\n")
        for line in text.splitlines():
            click.echo(printable(line))


def queue(context: Context, letters: Sequence[tuple[Person, str, Notice]]) -> list[str]:
    """Put the letters into the outbox, where the daemon finds them; to whom. Nobody is written to twice a day."""
    from complaintmail.passes.welcoming import welcome
    from complaintmail.wiring import at_the_desks

    now = reading.now()
    written: list[str] = []
    with at_the_desks(context.config(), begin=True) as intake, intake.store.writing(now) as writer:
        for person, mailbox, notice in letters:
            papers = intake.desks[mailbox].instruction.papers
            if welcome(papers, writer, person, notice):
                written.append(person.email)
    return written


def _letters(config: Config, addresses: Sequence[str]) -> Iterable[tuple[Person, str, Notice]]:
    """Who is written to, from which mailbox, and what."""
    from complaintmail.letters.welcome import welcome
    from complaintmail.wiring import people_of, policies_of

    everybody = people_of(config)
    policies = policies_of(config)
    for person in _chosen(everybody.persons, addresses, everybody.at):
        mailbox = _mailbox_for(config, person)
        if mailbox is not None:
            served = list(policies.values())
            hours = hours_in_words(person.hours)
            yield person, mailbox, welcome(person, everybody, served, mailbox, hours=hours)


def _chosen(
    everybody: Sequence[Person], addresses: Sequence[str], at: Callable[[str], Person | None]
) -> Sequence[Person]:
    if not addresses:
        return everybody
    found = [(address, at(address)) for address in addresses]
    for address, person in found:
        if person is None:
            known = [other.email for other in everybody]
            raise click.UsageError(f"{address} is no [[person]] in the settings; {nearest(address, known)}")
    return list(dict.fromkeys(person for _, person in found if person is not None))


def _mailbox_for(config: Config, person: Person) -> str | None:
    """The first mailbox of a policy that they serve, else the first of all."""
    boxes = [box for box in config.mailboxes if not person.policies or box.policy in person.policies]
    box = next(iter(boxes or config.mailboxes), None)
    return box.address if box else None


def _states(context: Context) -> dict[str, tuple[Any, Any]]:
    """When each was written to and answered; nothing while there is no casebook."""
    from complaintmail.store.reading import NoCasebook

    asked = "SELECT email, welcomed_at, welcome_answered_at FROM person_state"
    try:
        rows = reading.read(
            context, lambda reader, told: [(row[0], told(row[1]), told(row[2])) for row in reader.rows(asked)]
        )
    except NoCasebook:
        return {}
    return {email.lower(): (welcomed, answered) for email, welcomed, answered in rows}


def hours_in_words(spans: Iterable[tuple[frozenset[int], Any, Any]]) -> str:
    """As they are written in the settings: Mon-Thu 09:00-17:00, Fri 09:00-12:00."""
    return ", ".join(f"{_days(days)} {opens:%H:%M}-{closes:%H:%M}" for days, opens, closes in spans)


def _days(days: frozenset[int]) -> str:
    if len(days) == 7:
        return "Mon-Sun"
    if len(days) == 1:
        return DAYS[min(days)]
    first = next(day for day in sorted(days) if (day - 1) % 7 not in days)
    return f"{DAYS[first]}-{DAYS[(first + len(days) - 1) % 7]}"
