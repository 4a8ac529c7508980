"""`complaintmail demo`: the whole thing on this machine, with nothing set up. It writes to one folder and nowhere
else, listens on this machine only, and leaves nothing running."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from complaintmail.cli.context import Context, pass_context


@click.command()
@click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep its files there (a new or empty folder); by default in a new one among the temporary files.",
)
@click.option("--policy", "only", metavar="NAME", help="Show this packaged policy alone.")
@click.option("--keep-running", is_flag=True, help="Go on until Ctrl-C, so that a mail program can log in.")
@pass_context
def demo(context: Context, directory: Path | None, only: str | None, keep_running: bool) -> None:
    """Show the whole thing on this machine, with nothing set up.

    Mails come to five inboxes on an embedded mail server, one for each packaged policy; you see what becomes of each.
    It ends by itself after some seconds and leaves a folder to look at.
    """
    from complaintmail.demo.performance import perform
    from complaintmail.policy.load import packaged

    if only is not None and only not in packaged():
        raise click.BadParameter(f"there are {', '.join(packaged())}", param_hint="--policy")
    if directory is not None and directory.exists() and any(directory.iterdir()):
        raise click.BadParameter(f"{directory} is not empty; name a new folder", param_hint="--directory")
    sys.exit(perform(directory, (only,) if only else packaged(), keep_running, context.verbose))
