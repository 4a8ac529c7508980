"""`complaintmail init`: from a few answers to a folder that `run` can use.

Writes config.toml (readable by its owner alone), policies/ with the chosen policy to edit, templates/ and, when a
password was typed, secrets/. Overwrites nothing: where a config.toml is already, nothing at all is written. The
answers are read as settings before anything is written, so that a wrong one is told in the settings' own words.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import click

from complaintmail.cli.context import Context, pass_context
from complaintmail.errors import ComplaintmailError


@dataclass(frozen=True, slots=True)
class Answers:
    address: str
    policy: str
    imap_host: str
    imap_security: str
    smtp_host: str
    smtp_security: str
    username: str
    password_file: str
    password: str  # typed: goes into password_file; '' when that is there already or comes later
    person: str
    email: str
    timezone: str


@click.command(short_help="Write a config.toml and the folders beside it.")
@click.option("--directory", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Where to write.")
@click.option("--address", help="The inbox that complaints come to.")
@click.option("--policy", help="The policy they fall under: cms, ceme, cim, sek, ace or your own file's name.")
@click.option("--imap-host", help="The server that the inbox is on.")
@click.option("--imap-security", type=click.Choice(["tls", "starttls", "none"]), default="tls", show_default=True)
@click.option("--smtp-host", help="The server that mail is sent through.")
@click.option("--smtp-security", type=click.Choice(["tls", "starttls", "none"]), default="tls", show_default=True)
@click.option("--username", help="The name to log in with; by default the address.")
@click.option("--password-file", help="A file that holds the password; by default one in secrets/.")
@click.option("--person", help="The name of the member of staff who deals with complaints first.")
@click.option("--email", help="That person's address.")
@click.option("--timezone", default="Europe/London", show_default=True)
@click.option("--check/--no-check", default=True, help="Try the settings at the end.")
@pass_context
def init(ctx: Context, /, directory: Path, check: bool, **given: str | None) -> None:
    """Write a config.toml, the policy to edit and the folders beside it.

    Asks for what the options leave open: nothing, when --address, --policy, --imap-host and --smtp-host are given.
    """
    path = directory / "config.toml"
    if path.exists() or path.is_symlink():
        raise ComplaintmailError(
            f"{path}: is there already and is left as it is; name another place with --directory, or edit it and run "
            "complaintmail check"
        )
    if (secret := given["password_file"]) and Path(secret).is_file() and not (directory / secret).exists():
        given["password_file"] = str(Path(secret).absolute())  # seen from here, as any option of a shell is
    answers = ask(given)
    write(directory, answers)
    click.echo(f"Written: {path}, with policies/ and templates/ beside it.", err=True)
    if check:
        try_out(ctx, path)
    in_place = directory.resolve() == Path.cwd()
    command = "complaintmail" if in_place else f"complaintmail --config {path}"
    if not answers.person:
        click.echo(f"Name your staff under [[person]] in {path}: nobody holds a role yet.", err=True)
    if not (answers.password or (directory / answers.password_file).exists()):
        click.echo(f"Put the mailbox's password into {directory / answers.password_file} (chmod 600).", err=True)
    click.echo(f"Next: {command} check, and when all is well: {command} run", err=True)


def ask(given: dict[str, str | None]) -> Answers:
    """What the options left open, from whoever sits there."""
    asking = not all(given[name] for name in ("address", "policy", "imap_host", "smtp_host"))
    answers = {name: answer or "" for name, answer in given.items()}
    try:
        if asking:
            _ask_for_all(answers)
        password = ""
        if asking and not given["password_file"]:
            words = "Its password (not shown; empty: you put it into the file yourself)"
            password = click.prompt(words, default="", hide_input=True, show_default=False, err=True)
    except click.Abort:
        missing = [f"--{name.replace('_', '-')}" for name in ("address", "policy", "imap_host", "smtp_host")]
        raise click.UsageError(f"Nobody answers: give {', '.join(missing)} as options.") from None
    answers["username"] = answers["username"] or answers["address"]
    answers["password_file"] = answers["password_file"] or f"secrets/{answers['address'].partition('@')[0]}"
    return Answers(**answers, password=password)


def _ask_for_all(answers: dict[str, str]) -> None:
    from complaintmail.policy.load import packaged

    def want(name: str, words: str, default: str | None = None) -> None:
        answers[name] = answers[name] or click.prompt(words, default=default, err=True)

    want("address", "The inbox that complaints come to (its address)")
    domain = answers["address"].rpartition("@")[2]
    want("policy", f"The policy they fall under ({', '.join(packaged())}, or your own file's name)")
    want("imap_host", "The server that the inbox is on (IMAP)", f"imap.{domain}")
    want("smtp_host", "The server that mail is sent through (SMTP)", f"smtp.{domain}")
    want("username", "The name to log in with", answers["address"])
    want("person", "Who deals with complaints first (a name; empty: later)", "")
    if answers["person"]:
        want("email", "That person's address")


def write(directory: Path, answers: Answers) -> None:
    """All of the files, once the settings are seen to be sound."""
    from complaintmail.config import parse
    from complaintmail.policy.load import PACKAGED

    packaged = PACKAGED / f"{answers.policy}.toml"
    own = directory / "policies" / f"{answers.policy}.toml"
    words = settings(answers, first_role(answers.policy, directory))
    parse(words, directory / "config.toml")
    for folder in (directory, directory / "policies", directory / "templates"):
        folder.mkdir(parents=True, exist_ok=True)
    if not own.exists():
        own.write_bytes(packaged.read_bytes())
    secret = directory / answers.password_file
    if not secret.parent.exists():
        secret.parent.mkdir(mode=0o700, parents=True)
    if answers.password:
        write_private(secret, answers.password + "\n")
    write_private(directory / "config.toml", words)


def first_role(policy: str, directory: Path) -> str:
    """The role that a new complaint goes to; says it when there is no such policy."""
    from complaintmail.policy.load import find

    return find(policy, directory / "policies").first


def write_private(path: Path, words: str) -> None:
    """A new file that its owner alone can read, from its first moment on."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(words)


def settings(answers: Answers, role: str) -> str:
    """config.toml in the words of its commented example, with what was answered."""
    quoted = {name: json.dumps(getattr(answers, name), ensure_ascii=False) for name in Answers.__slots__}
    login = f"username = {quoted['username']}\npassword_file = {quoted['password_file']}\n"
    # A server on this machine that is spoken to in the clear asks for no login.
    smtp_login = "" if answers.smtp_security == "none" else login
    person = (
        f"\n[[person]]\nname = {quoted['person']}\nemail = {quoted['email']}\nroles = [{json.dumps(role)}]\n"
        if answers.person
        else f'\n# [[person]]                    # your staff; this policy turns to "{role}" first\n'
        f'# name = "A. Person"\n# email = "person@example.test"\n# roles = [{json.dumps(role)}]\n'
    )
    return (
        "# Written by complaintmail init. Every other setting, with its default: config.example.toml.\n"
        f"timezone = {quoted['timezone']}\n\n[[mailbox]]\naddress = {quoted['address']}\npolicy = {quoted['policy']}"
        '\nsince = "now"                     # mail from before the first start is never answered\n'
        f"[mailbox.imap]\nhost = {quoted['imap_host']}\nsecurity = {quoted['imap_security']}\n{login}"
        f"[mailbox.smtp]\nhost = {quoted['smtp_host']}\nsecurity = {quoted['smtp_security']}\n{smtp_login}{person}"
    )


def try_out(ctx: Context, path: Path) -> None:
    """`complaintmail check` on what was written. What it finds is for reading: the files stand all the same."""
    from complaintmail.cli.check import check

    try:
        with check.make_context("check", [], obj=Context(path, ctx.verbose)) as inner:
            check.invoke(inner)
    except (click.exceptions.Exit, SystemExit):
        pass
