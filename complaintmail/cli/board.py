"""`board`: the kind words that hang on the wall, as one page for a screen. Written whole, or not at all.

Only what somebody said yes to is in it. A page that is already there stays as it is until the new one is complete, so
that a screen that shows the file never shows half of one.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from complaintmail.cli import desk, reading
from complaintmail.cli.context import Context, pass_context

if TYPE_CHECKING:
    from complaintmail.policy.policy import Policy
    from complaintmail.store.hanging import Hangs
    from complaintmail.store.lines import Told
    from complaintmail.store.reading import Reader


@click.command(short_help="The compliments board, as one page for a screen on the wall.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the page here; without it, to the standard output.",
)
@click.option("--policy", "name", metavar="NAME", help="Only praise under this policy.")
@click.option("--title", default="Kind words", show_default=True, help="What stands above it.")
@pass_context
def board(context: Context, output: Path | None, name: str | None, title: str) -> None:
    """Write the compliments board. It needs nothing but a browser, fetches nothing, and loads itself anew."""
    from complaintmail.letters.board import MOST, Note, board_page

    shown = _policies(context, name)
    notes, in_all = _hanging(context, tuple(policy.name for policy in shown), MOST)
    organisations = {policy.organisation for policy in shown}
    page = board_page(
        [Note(one.words, one.on, one.name) for one in notes],
        organisation=organisations.pop() if len(organisations) == 1 else "",
        title=title,
        write_to=next(box.address for box in context.config().mailboxes if box.policy == shown[0].name),
        in_all=in_all,
    )
    if output is None:
        sys.stdout.write(page)
        return
    write_whole(output, page)
    click.echo(f"{output}: {in_all} on the board", err=True)


def _policies(context: Context, name: str | None) -> list[Policy]:
    """Those of the settings that show praise for all to see."""
    from complaintmail.wiring import policies_of

    there = policies_of(context.config())
    if name is not None and name not in there:
        desk.stop(f'No mailbox of the settings has the policy "{name}". There are: {", ".join(there)}.')
    chosen = [policy for key, policy in there.items() if name in (None, key)]
    shown = [policy for policy in chosen if policy.praise is not None and policy.praise.board]
    if not shown:
        of = f'The policy "{name}" has' if name else "No policy of the settings has"
        desk.stop(f"{of} a board: it needs board = true under [praise] in its file.")
    return shown


def _hanging(context: Context, policies: tuple[str, ...], most: int) -> tuple[list[Hangs], int]:
    from complaintmail.store.hanging import hanging
    from complaintmail.store.reading import NoCasebook

    zone = reading.zone_of(context)

    def ask(reader: Reader, _: Told) -> tuple[list[Hangs], int]:
        return hanging(reader, policies, zone, most)

    try:
        return reading.read(context, ask)
    except NoCasebook:
        return [], 0


def write_whole(path: Path, words: str) -> None:
    """The file is the old one or the new one, never a part of either; everybody may read it, as a web server must."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(words)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
