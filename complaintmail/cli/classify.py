"""`classify`: how the mails were judged and what staff said of them; what was learnt from it, now or taken back.

`report` reads only. `learn` and `undo` write one row and one event while the daemon runs; its next mail is judged by
them. Each says what came of it; nothing learnt, or nothing to take back, is exit 1 with the reason.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from complaintmail.cli import reading
from complaintmail.cli.context import Context, pass_context
from complaintmail.cli.tables import format_option, show, show_one
from complaintmail.terminal import printable

if TYPE_CHECKING:
    from complaintmail.store.engine import Store
    from complaintmail.store.lines import Told
    from complaintmail.store.reading import Reader

who_option = click.option(
    "--as", "who", metavar="ADDRESS", default="administrator", help="Who says so, for the record."
)


@click.group(short_help="How mails were judged, what was learnt; takes it back.")
def classify() -> None:
    """How the mails were judged, what staff corrected, what was learnt from it."""


@classify.command(short_help="How the mails were judged beside what staff said.")
@click.option("--since", metavar="DATE", help="Only mails that came on or after this day.")
@format_option()
@pass_context
def report(context: Context, since: str | None, format: str) -> None:
    """What the program made of the mails that staff have looked at, and what staff made of them.

    Also: how far its scores can be believed, which complaints it let go or would have, the words that were corrected
    most, what was learnt here, and each version of that.
    """
    first = reading.typed_moment(since, reading.zone_of(context), "--since")

    def ask(reader: Reader, told: Told) -> dict[str, Any]:
        from complaintmail.store.judged import report as judged

        return judged(reader, told, first)

    found = reading.read(context, ask)
    if format == "json":
        show_one(found, "json")
        return
    for line in _lines(found):
        click.echo(printable(line))
    for title, rows, columns in _tables(found):
        if rows:
            click.echo(f"\n{title}")
            show(rows, columns)


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    bounds = found["bounds"]
    yield (
        f"Mails that staff have looked at: {found['reviewed']}, of them complaints: {found['complaints']}; "
        f"judged otherwise by the program: {found['corrected']}."
    )
    if found["calibration"]["because"]:
        yield f"A score cannot be read as a probability yet: {found['calibration']['because']}."
    else:
        yield f"Scores are probabilities, calibrated here; off by {found['calibration']['off_by']:.2f} on average."
    letting_go = f"below {bounds['release']:.2f}" if bounds["release_on"] else "never by its score alone"
    yield f"A mail is surely a complaint from a score of {bounds['open']:.2f} on, and let go {letting_go}."
    missed = found["missed"]["count"]
    yield f"Complaints that were let go, or score below {bounds['release']:.2f}: {missed}."
    severity = found["severity"]
    if severity["set"]:
        yield f"Severity: set {severity['set']} times, raised {severity['raised']}, lowered {severity['lowered']}."
    if found["nothing_learnt_because"]:
        yield f"Last tried {reading.short(found['last_tried'])}, and nothing learnt: {found['nothing_learnt_because']}"


def _tables(found: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]], tuple[str, ...]]]:
    said = ("complaint", "compliment", "enquiry", "spam")
    yield "What the program said, by what staff said", found["confusion"], ("program", "sure", *said)
    bins = [{**one, "scores": f"{one['from']:.1f} to {one['to']:.1f}"} for one in found["calibration"]["bins"]]
    yield "Scores, and how many were complaints", bins, ("scores", "mails", "complaints")
    low = [{**one, "received_at": reading.short(one["received_at"])} for one in found["missed"]["mails"]]
    yield "Complaints that score low", low, ("mail", "case", "received_at", "from", "subject", "score")
    yield "Words of the mails that were corrected", found["corrected_words"], ("word", "towards", "mails")
    learnt = [{**one, "towards": way.replace("_", " ")} for way, some in found["learnt"].items() for one in some]
    yield "The strongest words that were learnt here", learnt, ("word", "towards", "weight")
    yield "Versions, the first is in force", [_version(one) for one in found["versions"]], (
        "version", "at", "by", "weights_of", "mails", "told_apart",
    )  # fmt: skip


def _version(one: Mapping[str, Any]) -> dict[str, Any]:
    figures = one["figures"]
    aside = figures.get("aside", {})
    before, after = (aside.get(when, {}).get("told_apart") for when in ("before", "after"))
    return {
        "version": one["version"],
        "at": reading.short(one["at"]),
        "by": one["by"],
        "weights_of": f"{one['uses']}{', and stays' if one['stays'] else ''}",
        "mails": figures.get("reviews"),
        "told_apart": None if before is None or after is None else f"{before:.3f} before, {after:.3f} after",
    }


@classify.command(short_help="Learn now from what staff said.")
@who_option
@pass_context
def learn(context: Context, who: str) -> None:
    """Learn now from all that staff have said, as it is done each night; also after an undo that stays."""
    from complaintmail.config.judging import judges_of
    from complaintmail.passes.learn import learn as learn_now

    judges = judges_of(context.config())
    rules = {address: judge.rules for address, judge in judges.items() if judge is not None}
    with _store(context) as store:
        lesson = learn_now(store, reading.now(), rules, by=who)
    if lesson.version is None:
        click.echo(f"Nothing was learnt. {lesson.why}", err=True)
        sys.exit(1)
    reviews, complaints = lesson.figures["reviews"], lesson.figures["complaints"]
    click.echo(f"Version {lesson.version} is in force, learnt from {reviews} mails, {complaints} of them complaints.")


@classify.command(short_help="Take back what was learnt.")
@click.argument("version", metavar="[VERSION]", required=False)
@click.option("--stay", is_flag=True, help="Learn nothing more until classify learn.")
@who_option
@pass_context
def undo(context: Context, version: str | None, stay: bool, who: str) -> None:
    """Go back to the version before the present one, to VERSION, or to what is shipped (0, or "shipped").

    It holds from the next mail on. The next night on which staff have said something more learns from all of it again,
    unless --stay keeps it so.
    """
    from complaintmail.store import learnt

    wanted = _version_named(version)
    with _store(context) as store, store.writing(reading.now()) as writer:
        now = learnt.last(writer.connection)
        to = learnt.before(writer.connection, now.uses) if wanted is None else wanted
        problem = None
        if now.uses == to and now.stays == stay:
            problem = "Nothing is learnt yet, or all was taken back." if to == 0 else f"Version {to} is in force."
        elif not learnt.has_weights(writer.connection, to):
            problem = f"There are no weights of a version {to}; complaintmail classify report lists the versions."
        else:
            learnt.take_back(writer, to, who, stays=stay)
    if problem is not None:
        click.echo(problem, err=True)
        sys.exit(1)
    click.echo("The shipped weights alone are in force." if to == 0 else f"The weights of version {to} are in force.")
    if stay:
        click.echo("Nothing more is learnt until complaintmail classify learn.")
    else:
        click.echo("The next night on which staff have said something more learns from all of it again.")


def _version_named(said: str | None) -> int | None:
    if said is None:
        return None
    if said.lower() == "shipped":
        return 0
    if not said.isascii() or not said.isdigit() or len(said) > 9:
        raise click.BadParameter(f'{said} is no version; write its number, or "shipped"', param_hint="VERSION")
    return int(said)


@contextmanager
def _store(context: Context) -> Iterator[Store]:
    """The database, which has to be there and of this version."""
    reading.read(context, lambda reader, told: None)  # no database yet is said, and none is made
    from complaintmail.errors import StoreError
    from complaintmail.store.engine import Store
    from complaintmail.store.migrate import is_current

    store = Store(context.config().storage.database.reveal())
    try:
        if not is_current(store):
            raise StoreError("the database is of another version of complaintmail; complaintmail run migrates it")
        yield store
    finally:
        store.close()
