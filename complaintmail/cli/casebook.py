"""`log`, `messages`, `show` and `due`: the casebook as it stands. They read only, and answer at once."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from complaintmail.cli import reading
from complaintmail.cli.context import Context, pass_context
from complaintmail.cli.log_form import LAYOUTS, show_form
from complaintmail.cli.reading import name_of, short
from complaintmail.cli.tables import format_option, show_one
from complaintmail.store import listing
from complaintmail.store.choosing import Chosen

if TYPE_CHECKING:
    from complaintmail.store.lines import Shown, Told
    from complaintmail.store.reading import Reader

STATUSES = ("new", "open", "waiting", "referred", "appealed", "closed")
CASE_KINDS = ("complaint", "compliment", "enquiry", "appeal", "unreadable")
MAIL_KINDS = (
    *("complaint", "compliment", "enquiry", "appeal", "reply", "staff"),
    *("auto-reply", "bounce", "bulk", "spam", "unreadable"),
)
LOG_COLUMNS = (
    *("reference", "status", "kind", "received_at", "complainant", "subject", "owner"),
    *("acknowledged_at", "respond_by", "overdue"),
)
LOG_SHEET = (
    *("reference", "policy", "kind", "status", "channel", "mailbox", "received_at", "complainant_name"),
    *("complainant_email", "subject", "summary", "area", "severity", "owner", "handler", "acknowledge_by"),
    *("acknowledged_at", "respond_by", "responded_at", "first_human_at", "outcome", "cause", "closed_at", "overdue"),
)
MAIL_COLUMNS = ("received_at", "from", "subject", "kind", "sure", "case", "answer")
MAIL_SHEET = (
    *("sha256", "message_id", "mailbox", "received_at", "from", "subject", "kind", "complaint_score", "sure"),
    *("reasons", "case", "answered_with", "not_answered_because"),
)
DUE_COLUMNS = ("due_at", "overdue", "reference", "kind", "clause", "owner", "why")
DUE_FIELDS = ("reference", "kind", "clause", "due_at", "owner", "overdue")

since_option = click.option("--since", metavar="DATE", help="Received on this day or later (2026-03-17).")
until_option = click.option("--until", metavar="DATE", help="Received on this day or before.")


@click.command(short_help="The complaints log.")
@click.option("--policy", "policies", multiple=True, metavar="NAME", help="Under this policy (repeat for several).")
@since_option
@until_option
@click.option("--status", "statuses", multiple=True, type=click.Choice(STATUSES), help="In this state.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice((*CASE_KINDS, "all")), help="Of this kind, or of all kinds."
)
@click.option("--text", metavar="WORDS", help="With these words in it, or in a mail on it.")
@click.option(
    "--layout", type=click.Choice(LAYOUTS), help="With the columns of the policy's own log, or of its printed form."
)
@format_option("csv", "jsonl", "xlsx")
@pass_context
def log(
    context: Context,
    policies: tuple[str, ...],
    since: str | None,
    until: str | None,
    statuses: tuple[str, ...],
    kinds: tuple[str, ...],
    text: str | None,
    layout: str | None,
    format: str,
) -> None:
    """The complaints log, oldest first: complaints, appeals and what is still unsure, unless --kind says otherwise."""
    zone = reading.zone_of(context)
    chosen = Chosen(
        policies=policies,
        statuses=statuses,
        kinds=CASE_KINDS if "all" in kinds else kinds,
        since=reading.typed_moment(since, zone, "--since"),
        until=reading.typed_moment(until, zone, "--until", end=True),
        text=text,
    )
    _known_policies(context, policies)
    now = reading.now()
    if layout is not None:
        show_form(context, layout, chosen, format, now)
        return
    reading.show_list(
        context,
        lambda reader, told: listing.cases(reader, told, chosen, now),
        format,
        LOG_COLUMNS,
        for_people=_case_for_people,
        for_sheets=_case_for_sheets,
        sheet_columns=LOG_SHEET,
    )


def _known_policies(context: Context, names: tuple[str, ...]) -> None:
    """A mistyped name would look like a log without a complaint."""
    if not names:
        return
    from complaintmail.policy.load import own, packaged

    config = context.config()
    known = {*packaged(), *own(config.policies.directory), *(box.policy for box in config.mailboxes)}
    for name in names:
        if name not in known:
            raise click.BadParameter(
                f"there is no policy {name}; there are {', '.join(sorted(known))}", param_hint="--policy"
            )


def _case_for_people(case: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "reference": case["reference"],
        "status": case["status"],
        "kind": case["kind"],
        "received_at": short(case["received_at"]),
        "complainant": case["complainant"]["name"] or case["complainant"]["email"],
        "subject": case["subject"],
        "owner": name_of(case["handler"] or case["owner"]),
        "acknowledged_at": short(case["acknowledged_at"]),
        "respond_by": short(case["respond_by"]),
        "overdue": "overdue" if case["overdue"] else "",
    }


def _case_for_sheets(case: Mapping[str, Any]) -> Mapping[str, Any]:
    """One value to a cell."""
    return {
        **case,
        "complainant_name": case["complainant"]["name"],
        "complainant_email": case["complainant"]["email"],
        "owner": name_of(case["owner"]),
        "handler": name_of(case["handler"]),
    }


@click.command(short_help="Every mail taken in, and what came of it.")
@since_option
@until_option
@click.option("--kind", "kinds", multiple=True, type=click.Choice(MAIL_KINDS), help="Of this kind.")
@click.option("--case", "case", metavar="REF", help="On this case.")
@click.option("--text", metavar="WORDS", help="With these words in it.")
@click.option("--mailbox", metavar="ADDRESS", help="That came to this mailbox.")
@format_option("csv", "jsonl")
@pass_context
def messages(
    context: Context,
    since: str | None,
    until: str | None,
    kinds: tuple[str, ...],
    case: str | None,
    text: str | None,
    mailbox: str | None,
    format: str,
) -> None:
    """Every mail taken in, oldest first: its kind and why, its case, its answer or why there is none."""
    from complaintmail.store.page import plain_reference

    zone = reading.zone_of(context)
    chosen = Chosen(
        kinds=kinds,
        since=reading.typed_moment(since, zone, "--since"),
        until=reading.typed_moment(until, zone, "--until", end=True),
        text=text,
        mailbox=_own_mailbox(context, mailbox),
        case=plain_reference(case) if case else None,
    )
    reading.show_list(
        context,
        lambda reader, told: listing.mails(reader, told, chosen),
        format,
        MAIL_COLUMNS,
        for_people=_mail_for_people,
        sheet_columns=MAIL_SHEET,
    )


def _own_mailbox(context: Context, address: str | None) -> str | None:
    """The address as the settings write it."""
    box = context.config().mailbox(address) if address else None
    return box.address if box else address


def _mail_for_people(mail: Mapping[str, Any]) -> Mapping[str, Any]:
    because = mail["not_answered_because"]
    return {
        "received_at": short(mail["received_at"]),
        "from": mail["from"],
        "subject": mail["subject"],
        "kind": mail["kind"],
        "sure": "" if mail["sure"] else "unsure",
        "case": mail["case"],
        "answer": "answered" if mail["answered_with"] else f"none: {because}",
    }


@click.command(short_help="Open obligations, soonest first.")
@format_option("csv", "jsonl")
@pass_context
def due(context: Context, format: str) -> None:
    """What is owed, soonest first; what is past its last moment is marked, what has no date yet comes last."""
    now = reading.now()

    reading.show_list(
        context,
        lambda reader, told: listing.duties(reader, told, now),
        format,
        DUE_COLUMNS,
        for_people=_duty_for_people,
        for_sheets=lambda duty: {**duty, "owner": name_of(duty["owner"])},
        sheet_columns=DUE_FIELDS,
    )


def _duty_for_people(duty: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **duty,
        "due_at": short(duty["due_at"]) or "no date yet",
        "owner": name_of(duty["owner"]),
        "overdue": "overdue" if duty["overdue"] else "",
    }


@click.command(short_help="One case: facts, messages, obligations, events.")
@click.argument("reference", metavar="REF")
@format_option()
@pass_context
def show(context: Context, reference: str, format: str) -> None:
    """The case with the reference REF, in capitals or not."""
    from complaintmail.store.page import case_page, nearest_reference

    now = reading.now()
    near: list[str | None] = []

    def ask(reader: Reader, told: Told) -> Shown | None:
        page = case_page(reader, told, reference, now)
        if page is None:
            near.append(nearest_reference(reader, reference))
        return page

    page = reading.read(context, ask)
    if page is None:
        meant = f" The nearest is {near[0]}." if near[0] else " There is no case at all yet."
        click.echo(f"There is no case {reference.strip()}.{meant}", err=True)
        sys.exit(1)
    if format == "json":
        show_one(page, format)
        return
    from complaintmail.cli.page import write_page

    write_page(page, sys.stdout)
