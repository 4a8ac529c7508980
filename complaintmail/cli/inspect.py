"""`inspect`: what the system sees in raw mails, and what it would do with each. Needs no settings and no database.
Where there are some, it judges as that installation does.

Mails are read one after another, as they come, however many there are; one that nothing can be made of is a line with
its `error`, and the next is read all the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from complaintmail.cli.context import Context, pass_context
from complaintmail.cli.inspect_here import Place, place_of, places
from complaintmail.cli.tables import cell, format_option, show, title
from complaintmail.terminal import fitted, printable

if TYPE_CHECKING:
    from pathlib import Path

    from complaintmail.cases.changes import Decision
    from complaintmail.gateways.mail_files import MailFile
    from complaintmail.mail.message import Message

    Weighed = tuple[tuple[str, float], ...]  # words, each with its weight
    Decide = Callable[[bytes | Path], tuple[Message, Decision, Weighed, str]]

COLUMNS = ("path", "kind", "sure", "acknowledge", "from", "subject", "not_because")
FIELDS = (
    *("path", "from", "reply_to", "to", "subject", "date", "text", "new_text", "attachments", "kind"),
    *("complaint_score", "sure", "reasons", "severity", "acknowledge", "not_because", "bounce", "defects", "error"),
    *("language", "concerns", "suggestions", "weighed", "judged_by"),
)
EVERY = 100


@click.command(short_help="What is seen in raw mails.")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True)
@click.option(
    "--purpose",
    type=click.Choice(["general", "complaints"]),
    help="What the mailbox they came to is for; as the settings say, else general.",
)
@format_option("jsonl", "csv")
@pass_context
def inspect(context: Context, paths: Sequence[str], purpose: str | None, format: str) -> None:
    """What is seen in raw mails: files, folders, mbox files or - for a pipe.

    For each: who wrote, the words without what they quote, what kind of mail it is and why, whether it would be
    acknowledged and why not. Here nobody is known: that a mail answers a case or comes from staff, `messages` tells.

    Where there are settings, it is judged by their rules and by what was learnt there, as the mailbox does that it was
    sent to; else by what is shipped. Each mail says which version judged it.
    """
    failed: list[str] = []
    rows = _watched(_rows(paths, _decider(places(context), purpose), failed), sys.stderr)
    if format == "table":
        found = list(rows)
        if len(found) == 1:
            _one(found[0])
        else:
            show(found, COLUMNS)
    else:
        show(rows, FIELDS, format)
    if failed:
        for path in failed:
            click.echo(path, err=True)
        sys.exit(1)


def _rows(paths: Sequence[str], decide: Decide, failed: list[str]) -> Iterator[dict[str, Any]]:
    from complaintmail.gateways.mail_files import mail_files

    for found in mail_files(paths, sys.stdin.buffer):
        if found.error is not None:
            failed.append(f"{found.path}: {found.error}")
        yield _row(found, decide)


def _row(found: MailFile, decide: Decide) -> dict[str, Any]:
    if found.error is not None:
        return unread(found.path, found.error)
    try:
        return row_of(found.path, *decide(found.raw))
    except Exception as surprise:  # a fault of ours in one mail must not cost the user all that follow
        return unread(found.path, f"this program failed on it: {type(surprise).__name__}: {surprise}")


def _decider(places: Sequence[Place], purpose: str | None) -> Decide:
    """Reads a mail and says what would follow from it, for a house that knows no case, no letter and no staff; and
    which version would judge it."""
    from complaintmail.cases.admit import admit
    from complaintmail.cases.arrival import Arrival, House
    from complaintmail.cases.budget import Budget, Limits
    from complaintmail.cases.people import People
    from complaintmail.clock import SystemClock
    from complaintmail.gateways.reader import read_guarded
    from complaintmail.policy.load import find, packaged
    from complaintmail.triage.classify import classify
    from complaintmail.triage.known import Known
    from complaintmail.triage.recognise import Recognition, Thread

    now = SystemClock().now()
    # Some policy has to count the days; what is shown here is the same under each of them.
    policy = find(packaged()[0])
    nobody: frozenset[str] = frozenset()
    houses = {
        place.address: House(
            people=People(()), own=nobody, forms=nobody, purpose=purpose or place.purpose,
            authserv_id=place.authserv_id, key=b"", judge=place.judge, staffed=False,
        )
        for place in places
    }  # fmt: skip
    arrival = Arrival("", now, "answer", now)
    fresh = Recognition(Thread.NEW)

    def decide(raw: bytes | Path) -> tuple[Message, Decision, Weighed, str]:
        message = read_guarded(raw)
        place = place_of(message, places)
        house = houses[place.address]
        decision = admit(message, arrival, fresh, house, policy, Known(), Budget(Limits()))
        judged = decision.score is not None
        weighed = classify(message, house.purpose, place.judge, explain=True).weighed if judged else ()
        return message, decision, weighed, place.judge.version

    return decide


def row_of(path: str, message: Message, decision: Decision, weighed: Weighed, judged_by: str) -> dict[str, Any]:
    """Everything that is told of a mail."""
    acknowledge = decision.answer is not None and decision.answer.hold is None
    held = decision.answer.hold if decision.answer is not None else None
    bounces = message.origin.bounces
    bounce = next((one for one in bounces if one.action == "failed"), bounces[0] if bounces else None)
    return {
        "path": path,
        "from": next((address.address for address in message.from_ if address.address), None),
        "reply_to": next((address.address for address in message.reply_to if address.address), None),
        "to": [address.address for address in message.to if address.address],
        "subject": message.subject,
        "date": message.date,
        "text": message.text,
        "new_text": message.new_text,
        "attachments": [{"name": a.name, "type": a.type, "size": a.size} for a in message.attachments],
        "kind": str(decision.kind),
        "complaint_score": decision.score,
        "sure": decision.sure,
        "reasons": list(decision.reasons),
        "severity": decision.severity,
        "acknowledge": acknowledge,
        "not_because": None if acknowledge else held or decision.not_answered,
        "bounce": bounce and {"recipient": bounce.recipient, "status": bounce.status, "action": bounce.action},
        "defects": list(message.defects),
        "error": message.error,
        "language": decision.language,
        "concerns": [
            {"concern": str(one.concern), "words": list(one.words), "says": one.says} for one in decision.concerns
        ],
        "suggestions": [{"what": one.what, "says": one.says, "command": one.command} for one in decision.suggestions],
        "weighed": [{"word": word, "weight": round(weight, 3)} for word, weight in weighed],
        "judged_by": judged_by if decision.score is not None else None,
    }


def unread(path: str, error: str) -> dict[str, Any]:
    """The same fields for what could not be read at all."""
    nothing: dict[str, Any] = dict.fromkeys(FIELDS)
    lists: dict[str, Any] = {
        name: [] for name in ("to", "attachments", "defects", "concerns", "suggestions", "weighed")
    }
    said = {
        "path": path, "subject": "", "text": "", "new_text": "", "kind": "unreadable", "sure": False,
        "reasons": [error], "severity": "medium", "acknowledge": False, "not_because": error, "error": error,
    }  # fmt: skip
    return nothing | lists | said


def _watched(rows: Iterator[dict[str, Any]], err: Any) -> Iterator[dict[str, Any]]:
    """Says on a terminal how far it is, when the rows go elsewhere."""
    if not err.isatty() or sys.stdout.isatty():
        yield from rows
        return
    count = 0
    for count, row in enumerate(rows, 1):
        if count % EVERY == 0:
            err.write(f"\r{count} mails")
            err.flush()
        yield row
    err.write(f"\r{count} mails\n")


def _one(row: Mapping[str, Any]) -> None:
    """A single mail, whole."""
    for name, value in row.items():
        if name == "text":
            continue
        if name == "new_text":
            click.echo("\n".join(f"  | {printable(line)}" for line in value.split("\n")))
        elif name == "reasons":
            for reason in value:
                click.echo(f"{fitted('BECAUSE', 16)}  {printable(reason)}")
        elif name == "concerns":
            continue  # said among the reasons
        elif name == "suggestions":
            for one in value:
                click.echo(f"{fitted('SUGGESTED', 16)}  {printable(one['says'])}")
        elif name == "weighed":
            if value:
                words = ", ".join(f"{one['word']} {one['weight']:+.1f}" for one in value)
                click.echo(f"{fitted('WEIGHED', 16)}  {printable(words)}")
        elif name == "attachments":
            for part in value:
                click.echo(
                    f"{fitted('ATTACHED', 16)}  {printable(part['name'])} ({part['type']}, {part['size']} bytes)"
                )
        elif name == "bounce" and value:
            click.echo(f"{fitted('BOUNCE', 16)}  {', '.join(cell(part) for part in value.values())}")
        elif value not in (None, []):
            click.echo(f"{fitted(title(name), 16)}  {cell(value)}")
