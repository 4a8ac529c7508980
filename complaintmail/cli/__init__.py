"""The command line: thin commands over plain functions, each imported only when it is called.

Owns the frame around every command: finding it, the exit code (0 well, 1 what was asked did not come out well,
2 wrong usage or unusable settings), and what is said when something goes wrong: one clear line each on stderr,
a traceback only with -v. Data goes to stdout as UTF-8 whatever the locale says; a reader that went away is no news.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from complaintmail import __version__
from complaintmail.cli.context import Context
from complaintmail.errors import ComplaintmailError, ConfigError, PolicyError
from complaintmail.terminal import printable

# command → (where it is, what --help says of it): help imports none of them.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("complaintmail.cli.demo:demo", "Show the whole thing on this machine, with nothing set up."),
    "init": ("complaintmail.cli.init:init", "Write a config.toml and the folders beside it."),
    "check": ("complaintmail.cli.check:check", "Try everything that run needs; a line each."),
    "run": ("complaintmail.cli.run:run", "The daemon; --once makes one pass and ends."),
    "inspect": ("complaintmail.cli.inspect:inspect", "What is seen in raw mails: files, folders, mbox or -."),
    "log": ("complaintmail.cli.casebook:log", "The complaints log."),
    "messages": ("complaintmail.cli.casebook:messages", "Every mail taken in, and what came of it."),
    "show": ("complaintmail.cli.casebook:show", "One case: facts, messages, obligations, events."),
    "due": ("complaintmail.cli.casebook:due", "Open obligations, soonest first."),
    "record": ("complaintmail.cli.record:record", "A complaint by phone, letter, in person, social media or website."),
    "act": ("complaintmail.cli.act:act", "The staff commands from the shell: act REF '#assign me'."),
    "outbox": ("complaintmail.cli.outbox:outbox", "What waits, failed, is in doubt or held; retry, cancel, release."),
    "board": ("complaintmail.cli.board:board", "The compliments board, as one page for a screen on the wall."),
    "classify": ("complaintmail.cli.classify:classify", "How mails were judged, what was learnt; undo takes it back."),
    "people": ("complaintmail.cli.people:people", "Who is staff; welcome: a letter to each on what they may be asked."),
    "policy": ("complaintmail.cli.policy:policy", "Policies as data and as plain English with worked dates."),
    "template": ("complaintmail.cli.template:template", "Letters: where each comes from, whether it renders."),
    "verify": ("complaintmail.cli.verify:verify", "Whether all that is kept is whole; says what is not."),
    "status": ("complaintmail.cli.status:status", "Is it healthy? Exit 1 when not."),
}


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and turns every end into its exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        found = getattr(import_module(module), name)
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            meant = f' Did you mean "{near[0]}"?' if near else " See complaintmail --help."
            raise click.UsageError(f'There is no command "{printable(args[0])}".{meant}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in COMMANDS.items()])

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        speak_utf8()
        extra.setdefault("prog_name", "complaintmail")
        words = list(sys.argv[1:] if args is None else args)
        try:
            try:
                return super().main(words, *rest, **extra)
            finally:
                sys.stdout.flush()
        except (ConfigError, PolicyError) as wrong:
            for problem in wrong.problems:
                tell(problem)
            sys.exit(2 if isinstance(wrong, ConfigError) else 1)
        except ComplaintmailError as failed:
            show_traceback(words)
            tell(str(failed) or type(failed).__name__)
            sys.exit(1)
        except BrokenPipeError:
            forget_stdout()
            sys.exit(1)
        except OSError as failed:
            forget_stdout()
            show_traceback(words)
            where = f"{failed.filename}: " if failed.filename else ""
            tell(f"complaintmail: {where}{failed.strerror or failed}")
            sys.exit(1)
        except Exception as surprise:  # the program's edge: one line for people, and exit 1
            show_traceback(words)
            tell(
                f"complaintmail: something unexpected went wrong ({type(surprise).__name__}: {first_line(surprise)}). "
                f"Please report it with the version ({__version__}), the command, and what it says with -v."
            )
            sys.exit(1)


def first_line(failure: BaseException) -> str:
    return next(iter(str(failure).splitlines()), "")


def tell(line: str) -> None:
    """One line to stderr; when even that is gone there is nobody left to tell."""
    try:
        click.echo(printable(line), err=True)
    except OSError:
        pass


def show_traceback(words: Sequence[str]) -> None:
    """With -v, which stands before the command: what a developer needs. Never the values of variables."""
    for word in words:
        if word in COMMANDS:
            return
        if word == "--verbose" or (word.startswith("-v") and not word.startswith("--")):
            import traceback

            traceback.print_exc(file=sys.stderr)
            return


def speak_utf8() -> None:
    """A locale without UTF-8 must cost no word of a complaint; what is no text at all is shown as escapes."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def forget_stdout() -> None:
    """The reader went away; without this, Python complains of it once more on its way out."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        pass


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "config_path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Settings; else $COMPLAINTMAIL_CONFIG, ./config.toml, /etc/complaintmail/config.toml.",
)
@click.option("-v", "--verbose", count=True, help="Say more on stderr; tracebacks when something goes wrong.")
@click.version_option(__version__, prog_name="complaintmail")
@click.pass_context
def main(ctx: click.Context, config_path: Path | None, verbose: int) -> None:
    """Keeps the promises of a complaints policy, from a shared inbox."""
    ctx.obj = Context(config_path, verbose)
