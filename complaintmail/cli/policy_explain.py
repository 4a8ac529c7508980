"""`policy explain`: a policy clause by clause in plain English, with worked dates; `--beside`: next to its own text.

For whoever signs the policy file: each clause has what it says, what the program does for it, by which day, how its
words are read, and who agreed to that. Nothing is decided here and nothing is written.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from complaintmail.cli.context import Context, pass_context
from complaintmail.cli.policy_files import directory_option, named, own_directory
from complaintmail.cli.tables import format_option, show_one
from complaintmail.errors import PolicyError
from complaintmail.terminal import printable

if TYPE_CHECKING:
    from datetime import date

    from complaintmail.policy.beside import Beside
    from complaintmail.policy.explaining import Explained, WorkedDate
    from complaintmail.policy.policy import Policy, Reading

WIDTH = 100
LABEL = 13
NO_SENTENCE = "no sentence of it was found that says this"


@click.command("explain")
@click.argument("name", metavar="NAME|PATH")
@click.option(
    "--from", "start", type=click.DateTime(["%Y-%m-%d"]), help="The day from which dates are worked out; else today."
)
@click.option(
    "--beside",
    "text_path",
    metavar="POLICY.txt",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your written policy as plain text: each sentence beside its clause, and those that no clause covers.",
)
@directory_option
@format_option()
@pass_context
def explain_policy(
    context: Context, name: str, start: datetime | None, text_path: Path | None, directory: Path | None, format: str
) -> None:
    """A policy in plain English, clause by clause, with worked dates, readings, and who agreed to them."""
    from complaintmail.cli.policy_mechanisms import missing
    from complaintmail.clock import SystemClock
    from complaintmail.policy.beside import beside
    from complaintmail.policy.explaining import explain

    policy = named(name, own_directory(context, directory))
    day = start.date() if start is not None else SystemClock().now().astimezone().date()
    sentences = beside(policy, _text(text_path)) if text_path is not None else None
    explained = explain(policy, day, missing())
    if format == "json":
        show_one(_as_data(policy, day, explained, sentences), format)
        return
    for line in _lines(policy, day, explained, sentences):
        click.echo(printable(line))


def _text(path: Path) -> str:
    raw = path.read_bytes()
    if b"\0" in raw or raw.startswith((b"%PDF", b"PK")):
        raise PolicyError(f"{path}: is no plain text: save the policy as text (.txt) first")
    return raw.decode("utf-8", errors="replace").removeprefix("\ufeff")


# --- for people --------------------------------------------------------------------------------------------------


def _lines(
    policy: Policy, day: date, explained: Iterable[Explained], sentences: tuple[Beside, ...] | None
) -> Iterator[str]:
    from complaintmail.policy.explaining import our_settings
    from complaintmail.policy.wording import long_date

    yield f"{policy.organisation}: {policy.title}, version {policy.version}"
    yield from _wrapped(
        f"Days are worked out from {long_date(day)}, as if what opens them fell on it; they can be kept until the end "
        "of their last day. Whoever has something to do is asked for it by mail, reminded before it is due, and when "
        f"it is late the next one up hears of it: {_ladder(policy)}."
    )
    for one in explained:
        yield from ("", f"{one.clause.id}, under “{one.clause.heading}”")
        yield from _entry("The law" if one.clause.law else "It says", one.clause.says)
        if sentences is not None and not one.clause.law:
            own = [found.sentence for found in sentences if one.clause.id in found.clauses]
            for sentence in own:
                yield from _entry("Your text", f"line {sentence.line}: {sentence.text}")
            if not own:
                yield from _entry("Your text", NO_SENTENCE)
        for does in one.does or ("Nothing in this file keeps it.",):
            yield from _entry("What happens", does)
        for worked in one.dates:
            yield from _entry("By", f"{long_date(worked.due_on)} ({_about(worked)}): {worked.why}")
        for reading in one.readings:
            yield from _entry("Read as", _reading(reading))
    yield from ("", "What the text leaves open and this file settles")
    for setting in our_settings(policy):
        yield from _entry("-", setting)
    if sentences is not None:
        yield from _uncovered(sentences)


def _ladder(policy: Policy) -> str:
    steps = [role.title for step in policy.ladder if (role := policy.role(step)) is not None]
    return ", then ".join(steps) or "the policy's owner"


def _about(worked: WorkedDate) -> str:
    kind = worked.what.replace("-", " ")
    return f"{kind}, when {worked.severity}" if worked.severity else kind


def _reading(reading: Reading) -> str:
    agreed = "Not agreed to yet by the policy's owner."
    if reading.approved_by and reading.approved_on:
        agreed = f"Agreed to by {reading.approved_by} on {reading.approved_on}."
    return f"“{reading.words}”: {reading.chosen} {reading.consequence} {agreed}"


def _uncovered(sentences: tuple[Beside, ...]) -> Iterator[str]:
    left = [found.sentence for found in sentences if not found.clauses]
    yield ""
    if not left:
        yield "Every sentence of your text has a clause."
        return
    yield "Sentences of your text that no clause covers"
    yield from _wrapped("Some may be aims that ask for nothing; a promise among them is one that nobody keeps.")
    for sentence in left:
        yield from _entry(f"line {sentence.line}", sentence.text)


def _entry(label: str, words: str) -> Iterator[str]:
    before = f"  {label:<{LABEL}}"
    yield from textwrap.wrap(
        words, WIDTH, initial_indent=before, subsequent_indent=" " * len(before), break_on_hyphens=False
    )


def _wrapped(words: str) -> Iterator[str]:
    yield from textwrap.wrap(words, WIDTH, break_on_hyphens=False)


# --- for programs ------------------------------------------------------------------------------------------------


def _as_data(
    policy: Policy, day: date, explained: Iterable[Explained], sentences: tuple[Beside, ...] | None
) -> dict[str, object]:
    from complaintmail.policy.explaining import our_settings

    clauses = []
    for one in explained:
        row: dict[str, object] = {
            "id": one.clause.id,
            "heading": one.clause.heading,
            "says": one.clause.says,
            "law": one.clause.law,
            "does": list(one.does),
            "dates": [asdict(worked) for worked in one.dates],
            "readings": [asdict(reading) for reading in one.readings],
        }
        if sentences is not None:
            own = [found.sentence for found in sentences if one.clause.id in found.clauses]
            row["beside"] = [{"line": sentence.line, "text": sentence.text} for sentence in own]
        clauses.append(row)
    whole: dict[str, object] = {
        "policy": policy.name,
        "organisation": policy.organisation,
        "title": policy.title,
        "version": policy.version,
        "from": day,
        "ladder": list(policy.ladder),
        "clauses": clauses,
        "our_settings": list(our_settings(policy)),
    }
    if sentences is not None:
        whole["uncovered"] = [
            {"line": found.sentence.line, "text": found.sentence.text} for found in sentences if not found.clauses
        ]
    return whole
