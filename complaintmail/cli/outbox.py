"""`outbox`: the letters that are not sent, one of them as it would leave, and a person's word on them.

Listing reads only. `retry`, `cancel` and `release` write the letter's row and the record while the daemon runs; its
next look finds them. Each letter is answered for: what was done, or why it could not be, and then the exit code is 1.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from complaintmail.cli import reading
from complaintmail.cli.context import Context, pass_context
from complaintmail.cli.reading import short
from complaintmail.cli.tables import format_option, show
from complaintmail.store import listing

if TYPE_CHECKING:
    from complaintmail.store.lines import Told
    from complaintmail.store.reading import Reader

COLUMNS = ("id", "case", "for", "kind", "to", "state", "reason", "due_at", "next_try_at", "attempts", "subject")
DONE = {"retry": "queued again", "release": "released", "cancel": "cancelled"}
# What `--all` takes. A letter in doubt may have arrived: to send it again, somebody has to name it.
TAKES = {
    "retry": ("queued", "refused"),
    "release": ("held",),
    "cancel": ("queued", "held", "doubt", "refused"),
}


@click.group(invoke_without_command=True, short_help="What waits, failed, is in doubt or is held.")
@click.option("--all", "everything", is_flag=True, help="Cancelled letters too.")
@format_option("csv", "jsonl")
@pass_context
@click.pass_context
def outbox(call: click.Context, context: Context, everything: bool, format: str) -> None:
    """Letters that are not sent: what needs a person first, then what goes by itself."""
    if call.invoked_subcommand is not None:
        return
    reading.show_list(
        context,
        lambda reader, told: listing.letters(reader, told, everything=everything),
        format,
        COLUMNS,
        for_people=_letter_for_people,
    )


def _letter_for_people(letter: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**letter, "due_at": short(letter["due_at"]), "next_try_at": short(letter["next_try_at"])}


@outbox.command("show", short_help="One letter; --raw: its exact bytes.")
@click.argument("letter", metavar="ID")
@click.option("--raw", is_flag=True, help="The exact bytes that leave, and nothing else.")
@pass_context
def show_letter(context: Context, letter: str, raw: bool) -> None:
    """The letter with this id, sent or not, as it leaves."""

    def ask(reader: Reader, _: Told) -> bytes | None:
        packed = reader.value("SELECT data FROM letter WHERE id = ?", (letter.lower(),))
        if packed is None:
            return None
        import zlib

        return zlib.decompress(packed)

    data = reading.read(context, ask)
    if data is None:
        click.echo(_no_such(letter), err=True)
        sys.exit(1)
    if raw:
        sys.stdout.buffer.write(data)
        return
    from complaintmail.terminal import printable

    for line in data.decode("utf-8", "replace").replace("\r\n", "\n").rstrip("\n").split("\n"):
        click.echo(printable(line))


def _no_such(letter: str) -> str:
    return f"There is no letter {letter}; complaintmail outbox lists those that wait."


def _word(word: str, says: str) -> None:
    """One of the words that a person can say about letters."""

    @outbox.command(word, short_help=says)
    @click.argument("letters", metavar="ID…", nargs=-1)
    @click.option("--all", "everything", is_flag=True, help="All that it can be done with, instead of naming them.")
    @click.option("--mailbox", metavar="ADDRESS", help="With --all: only those of this mailbox.")
    @click.option("--reason", metavar="WORDS", help='With --all: only those whose reason holds these words ("brake").')
    @click.option("--as", "who", metavar="ADDRESS", default="administrator", help="Who says so, for the record.")
    @format_option()
    @pass_context
    def say(
        context: Context,
        letters: tuple[str, ...],
        everything: bool,
        mailbox: str | None,
        reason: str | None,
        who: str,
        format: str,
    ) -> None:
        if everything == bool(letters):
            raise click.UsageError(f"Name the letters by their ids, or say --all: complaintmail outbox {word} ID…")
        if (mailbox or reason) and not everything:
            raise click.UsageError("--mailbox and --reason choose among --all; a letter named by its id is chosen.")
        wanted = (
            _chosen(context, word, mailbox, reason) if everything else tuple(dict.fromkeys(map(str.lower, letters)))
        )
        rows = _do(context, word, wanted, who)
        show(rows, ("id", "done", "problem"), format)
        if any(row["problem"] for row in rows):
            sys.exit(1)

    say.help = f"{says} The daemon need not stop for it."


for _name, _says in (
    ("retry", "Try these letters again now."),
    ("cancel", "Never send these letters."),
    ("release", "Let these held letters go."),
):
    _word(_name, _says)


def _chosen(context: Context, word: str, mailbox: str | None, reason: str | None) -> tuple[str, ...]:
    def ask(reader: Reader, told: Told) -> tuple[str, ...]:
        return tuple(
            letter["id"]
            for letter in listing.letters(reader, told, everything=False)
            if letter["state"] in TAKES[word]
            and (mailbox is None or letter["mailbox"].lower() == mailbox.lower())
            and (reason is None or reason.lower() in (letter["reason"] or "").lower())
        )

    return reading.read(context, ask)


def _do(context: Context, word: str, letters: tuple[str, ...], who: str) -> list[dict[str, str]]:
    if not letters:
        click.echo(f"There is no letter to {word}.", err=True)
        return []
    reading.read(context, lambda reader, told: None)  # no database yet is said, and none is made
    from complaintmail.errors import StoreError
    from complaintmail.store.engine import Store
    from complaintmail.store.migrate import is_current
    from complaintmail.store.outbox import by_hand

    store = Store(context.config().storage.database.reveal())
    try:
        if not is_current(store):
            raise StoreError("the database is of another version of complaintmail; complaintmail run migrates it")
        with store.writing(reading.now()) as writer:
            problems = {letter: by_hand(writer, letter, word, who) for letter in letters}
    finally:
        store.close()
    return [
        {"id": letter, "done": "" if problem else DONE[word], "problem": problem or ""}
        for letter, problem in problems.items()
    ]
