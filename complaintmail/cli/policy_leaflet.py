"""`policy leaflet`: the page for the public on how to complain, made from the policy's file as HTML and PDF.

`--for staff` makes the page for everybody who works there instead: what to do when somebody complains.

Nothing is fetched and nothing is sent. A file is replaced as a whole or not at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from complaintmail.cli.context import Context, pass_context
from complaintmail.cli.policy_files import directory_option, named, own_directory

if TYPE_CHECKING:
    from complaintmail.policy.leaflet import Leaflet
    from complaintmail.policy.policy import Policy


@click.command("leaflet")
@click.argument("name", metavar="NAME|PATH")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR|FILE",
    help="A folder for the page and its PDF, or one file that ends in .html or .pdf; else the page goes to stdout.",
)
@click.option(
    "--address",
    "addresses",
    multiple=True,
    metavar="EMAIL",
    help="Where complaints are read; else the mailboxes of config.toml that keep this policy.",
)
@click.option(
    "--for",
    "readers",
    type=click.Choice(["public", "staff"]),
    default="public",
    show_default=True,
    help="Who reads it: everybody outside, or everybody who works there.",
)
@click.option("--large-print", is_flag=True, help="In large letters.")
@directory_option
@pass_context
def leaflet_of_policy(
    context: Context,
    name: str,
    output: Path | None,
    addresses: tuple[str, ...],
    readers: str,
    large_print: bool,
    directory: Path | None,
) -> None:
    """A page for the public: how to complain, what happens by when, and where to go next; as HTML and PDF.

    Or a page for staff: what to do when somebody complains.
    """
    from complaintmail.cli.policy_leaflet_page import page
    from complaintmail.clock import SystemClock
    from complaintmail.policy.leaflet import leaflet
    from complaintmail.policy.staff_page import staff_page

    policy = named(name, own_directory(context, directory))
    known = addresses or _mailboxes(context, policy)
    if not known:
        click.echo("No address for complaints is known for this policy: name it with --address.", err=True)
    made = (staff_page if readers == "staff" else leaflet)(policy, known, SystemClock().now().astimezone().date())
    html = page(made, large_print=large_print)
    if output is None:
        click.echo(html, nl=False)
        return
    what = "complaints-for-staff" if readers == "staff" else "how-to-complain"
    stem = f"{what}-{policy.name}{'-large-print' if large_print else ''}"
    is_file = output.suffix.lower() in (".html", ".htm", ".pdf") and not output.is_dir()
    files = [output] if is_file else [output / f"{stem}.html", output / f"{stem}.pdf"]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        pdf = file.suffix.lower() == ".pdf"
        _replace(file, _pdf(policy, made, large_print) if pdf else html.encode("utf-8"))
        click.echo(str(file))


def _mailboxes(context: Context, policy: Policy) -> tuple[str, ...]:
    config = context.config_if_any()
    return tuple(box.address for box in config.mailboxes if box.policy == policy.name) if config is not None else ()


def _pdf(policy: Policy, made: Leaflet, large_print: bool) -> bytes:
    from complaintmail.cli.policy_leaflet_page import sheet
    from complaintmail.gateways.press import ChildPress
    from complaintmail.letters.paper import paper

    with ChildPress() as press:
        return paper(sheet(made, policy, large_print=large_print), press)


def _replace(file: Path, data: bytes) -> None:
    before = file.with_name(f".{file.name}.new")
    before.write_bytes(data)
    before.replace(file)
