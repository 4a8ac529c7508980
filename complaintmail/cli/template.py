"""`template list | check | show | preview | eject`: the letters. Needs no settings; where there are some, it uses the
letters and policies that they name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from complaintmail.cli.context import Context, pass_context
from complaintmail.cli.tables import format_option, show
from complaintmail.errors import LetterError

if TYPE_CHECKING:
    from complaintmail.letters.catalogue import Catalogue, Place
    from complaintmail.letters.letter import Rendered
    from complaintmail.letters.render import Letters
    from complaintmail.policy.policy import Policy

directory_option = click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Your own letters; else the directory that config.toml names.",
)
policy_option = click.option("--policy", metavar="NAME", default="", help="As this policy has it: cms, ceme, …")


@click.group()
def template() -> None:
    """Letters: where each comes from, whether it renders for every case, a sample, a copy to edit."""


@template.command("list")
@directory_option
@format_option()
@pass_context
def list_letters(context: Context, directory: Path | None, format: str) -> None:
    """Every letter of every policy, and the file that it comes from."""
    from complaintmail.letters.catalogue import NAMES, Catalogue
    from complaintmail.letters.source import read_letter

    catalogue = Catalogue(own_directory(context, directory))
    rows: list[dict[str, object]] = []
    for name in NAMES:
        for policy in policies_of(context):
            place = catalogue.find(f"{name}.md", policy.name)
            if place is None and "." in name:
                continue  # hardly a letter has a half in another language
            row: dict[str, object] = {"letter": name, "policy": policy.name, "packaged": None, "file": None}
            if place is not None:
                row |= {"packaged": place.packaged, "file": str(place.path)}
                try:
                    row["description"] = read_letter(place.path, place.name).description
                except LetterError as failed:
                    row["description"] = f"cannot be used: {failed}"
            rows.append(row)
    show(rows, ("letter", "policy", "packaged", "file", "description"), format)


@template.command("check")
@directory_option
@policy_option
@format_option()
@pass_context
def check_letters(context: Context, directory: Path | None, policy: str, format: str) -> None:
    """Render every letter for every kind of case it can meet; a line for each problem, exit 1 if there is one."""
    from complaintmail.letters.check import problems

    policies = [policy_named(context, policy)] if policy else policies_of(context)
    found = problems(letters_of(context, directory), policies)
    if format == "json":
        show([{"problem": problem} for problem in found], ("problem",), format)
    else:
        for problem in found:
            click.echo(problem)
    if found:
        sys.exit(1)
    click.echo(f"Every letter renders for every kind of case: {', '.join(p.name for p in policies)}.", err=True)


@template.command("show")
@click.argument("letter")
@policy_option
@directory_option
@pass_context
def show_letter(context: Context, letter: str, policy: str, directory: Path | None) -> None:
    """The file of LETTER (acknowledgement, received, …, or a piece such as _closing), as it is."""
    from complaintmail.letters.catalogue import Catalogue

    _, place = found(Catalogue(own_directory(context, directory)), letter, policy)
    click.echo(place.path.read_text(encoding="utf-8"), nl=False)
    click.echo(place.name, err=True)


@template.command("preview")
@click.argument("letter")
@click.option("--policy", metavar="NAME", required=True, help="As this policy has it: cms, ceme, …")
@click.option("--html", is_flag=True, help="The same as --format html.")
@click.option("--format", type=click.Choice(("text", "html", "pdf")), default="text", help="As what.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), help="A file to write.")
@click.option("--large-print", is_flag=True, help="The PDF in large print.")
@directory_option
@pass_context
def preview_letter(
    context: Context,
    letter: str,
    policy: str,
    html: bool,
    format: str,
    output: Path | None,
    large_print: bool,
    directory: Path | None,
) -> None:
    """LETTER as a complainant would get it, with made-up facts: exactly its text, its HTML, or as a PDF."""
    from complaintmail.letters.catalogue import Catalogue
    from complaintmail.letters.letter import LetterKind
    from complaintmail.letters.sample import ordinary

    name, _, language = letter.removesuffix(".md").partition(".")  # unsure.cy: in Welsh, with the English below
    of = policy_named(context, policy)
    if name not in list(LetterKind):
        raise click.UsageError(f'There is no letter "{letter}"; there are {", ".join(LetterKind)}.')
    if language:
        found(Catalogue(own_directory(context, directory)), letter, policy)
    kind = LetterKind(name)
    format = "html" if html else format
    if format == "pdf" and output is None and sys.stdout.isatty():
        raise click.UsageError("Say where to with --output FILE: a PDF is nothing for the screen.")
    rendered = letters_of(context, directory).render(
        kind, of.name, ordinary(of), paper=format == "pdf", language=language or "en"
    )
    if format == "pdf":
        shown = as_pdf(rendered, of, large_print)
    else:
        shown = (rendered.html if format == "html" else rendered.text).encode()
    with click.open_file(str(output or "-"), "wb") as file:
        file.write(shown)
    click.echo(f"Subject: {rendered.subject}\nFrom: {rendered.template}", err=True)
    if rendered.problem is not None:
        click.echo(rendered.problem, err=True)
        sys.exit(1)


def as_pdf(letter: Rendered, policy: Policy, large_print: bool) -> bytes:
    """The letter as it would be printed, to somebody who lives nowhere."""
    from complaintmail.gateways.press import ChildPress
    from complaintmail.letters.paper import paper, sheet_of
    from complaintmail.letters.sample import ordinary

    recipient = ("Robin Example", "27 Sample Road", "Exampletown", "EX1 2MP")
    head = policy.letterhead or (policy.organisation,)
    with ChildPress() as press:
        sheet = sheet_of(letter, ordinary(policy), letterhead=head, recipient=recipient, large_print=large_print)
        return paper(sheet, press)


@template.command("eject")
@click.argument("letter")
@policy_option
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), help="Where to; else config.toml says.")
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
@pass_context
def eject_letter(context: Context, letter: str, policy: str, to: Path | None, force: bool) -> None:
    """Copy the packaged LETTER to where your letters are, to edit it; the copy wins over the packaged one."""
    from complaintmail.letters.catalogue import Catalogue
    from complaintmail.policy import load

    target = to or own_directory(context, None)
    if target is None:
        raise click.UsageError("Say where to with --to DIRECTORY; there are no settings that name one.")
    if policy:
        policy_named(context, policy)
    catalogue = Catalogue()
    file, place = found(catalogue, letter, policy)
    copy = target / policy / file
    if copy.exists() and not force:
        raise click.ClickException(f"{copy}: is there already; nothing was written. --force overwrites it.")
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(place.path.read_bytes())
    click.echo(str(copy))
    others = [] if policy else [name for name in load.packaged() if (catalogue.packaged / name / file).is_file()]
    if others:
        click.echo(
            f"It is used for every policy now, also for {', '.join(others)}, which have words of their own: "
            f"for one policy alone, add --policy NAME.",
            err=True,
        )


def found(catalogue: Catalogue, letter: str, policy: str) -> tuple[str, Place]:
    """The file that LETTER names, and where it is."""
    from complaintmail.letters.catalogue import LAYOUT, NAMES, PIECE
    from complaintmail.letters.letter import LetterKind

    named = letter.endswith((".md", ".html"))
    file = letter if named else LAYOUT if letter == "_layout" else f"{letter}.md"
    if file == LAYOUT or file.removesuffix(".md") in NAMES or PIECE.fullmatch(file):
        place = catalogue.find(file, policy)
        if place is not None:
            return file, place
    raise click.UsageError(f'There is no letter "{letter}"; there are {", ".join(LetterKind)}.')


def own_directory(context: Context, directory: Path | None) -> Path | None:
    if directory is not None:
        return directory
    config = context.config_if_any()
    return None if config is None else config.templates.directory


def letters_of(context: Context, directory: Path | None) -> Letters:
    from complaintmail.letters.render import Letters

    return Letters(own_directory(context, directory))


def policies_of(context: Context) -> list[Policy]:
    """Every policy there is: the organisation's own, and the packaged ones."""
    from complaintmail.policy import load

    place = policies_directory(context)
    return [load.find(name, place) for name in sorted({*load.own(place), *load.packaged()})]


def policy_named(context: Context, name: str) -> Policy:
    from complaintmail.policy import load

    place = policies_directory(context)
    known = sorted({*load.own(place), *load.packaged()})
    if name not in known:
        raise click.UsageError(f'There is no policy "{name}"; there are {", ".join(known)}.')
    return load.find(name, place)


def policies_directory(context: Context) -> Path | None:
    config = context.config_if_any()
    return None if config is None else config.policies.directory
