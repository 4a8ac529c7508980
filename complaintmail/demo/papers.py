"""What a demonstration leaves to look at: its settings, the letters it sent and the mails it got, as files."""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from complaintmail.demo.smtp_server import NAME
from complaintmail.demo.story import mailbox_of
from complaintmail.policy.load import find
from complaintmail.store import journal, schema
from complaintmail.store.engine import Store
from complaintmail.store.journal import RawFiles

PASSWORD = "demo"
STAFF = (
    "Meera Castle",
    "Daniel Orchard",
    "Sian Whitlock",
    "Kofi Barnes",
    "Elena Marsh",
    "Rhys Calder",
    "Amina Yusuf",
    "Peter Lowe",
    "Grace Tennant",
    "Ivo Petrov",
)


def write_settings(path: Path, policies: Sequence[str], since: date, host: str, imap_port: int, smtp_port: int) -> None:
    """config.toml, readable by its owner alone since it holds a password."""
    words = [
        "# Written by complaintmail demo: five made-up organisations' inboxes on a mail server that lives only as long",
        "# as the demonstration does. The database stays, so every command that only reads works with this file.",
        'timezone = "Europe/London"',
        "",
        "[storage]",
        'database = "sqlite:///var/complaintmail.db"',
        *(line for policy in policies for line in _mailbox(policy, since, host, imap_port, smtp_port)),
        *(line for nth, policy in enumerate(policies) for line in _people(policy, nth)),
    ]
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(words) + "\n")


def _mailbox(policy: str, since: date, host: str, imap_port: int, smtp_port: int) -> Iterator[str]:
    address = json.dumps(mailbox_of(policy))
    yield from ("", "[[mailbox]]", f"address = {address}", f"policy = {json.dumps(policy)}", f"since = {since}")
    for kind, port in (("imap", imap_port), ("smtp", smtp_port)):
        yield from (f"[mailbox.{kind}]", f'host = "{host}"', f"port = {port}", 'security = "none"')
        yield from (f"username = {address}", f'password = "{PASSWORD}"')
        if kind == "imap":
            yield f'authserv_id = "{NAME}"'


def _people(name: str, nth: int) -> Iterator[str]:
    """Two for each policy: one for the role that a complaint goes to first, one for all others."""
    policy = find(name)
    others = [role.name for role in policy.roles if role.name != policy.first]
    for number, roles in ((2 * nth, [policy.first]), (2 * nth + 1, others)):
        person = STAFF[number % len(STAFF)]
        email = f"{person.lower().replace(' ', '.')}@staff.{name}.example"
        yield from ("", "[[person]]", f'name = "{person}"', f'email = "{email}"')
        yield from (f"roles = {json.dumps(roles)}", f'policies = ["{name}"]')


def write_out(store: Store, files: RawFiles, directory: Path) -> tuple[int, int]:
    """letters/ and mails/, as bytes went over the wire; how many of each."""
    letters, mails = directory / "letters", directory / "mails"
    for folder in (letters, mails):
        folder.mkdir(mode=0o700, exist_ok=True)
    letter, case, entry, message = schema.letter.c, schema.case.c, schema.journal.c, schema.message.c
    with store.reading() as connection:
        sent = connection.execute(
            select(letter.data, letter.kind, letter.recipient, case.reference)
            .join(schema.case, case.id == letter.case_id)
            .order_by(letter.created_at, letter.id)
        ).all()
        got = connection.execute(
            select(entry.sha256, message.kind, func.coalesce(message.from_address, "nobody"))
            .join(schema.message, message.id == entry.id)
            .order_by(entry.id)
        ).all()
        for nth, (data, kind, recipient, reference) in enumerate(sent, 1):
            (letters / f"{_safe(f'{nth:02d} {reference} {kind} to {recipient}')}.eml").write_bytes(
                zlib.decompress(data)
            )
        for nth, (sha256, kind, writer) in enumerate(got, 1):
            name = _safe(f"{nth:02d} {kind} from {writer}")
            (mails / f"{name}.eml").write_bytes(journal.raw_bytes(connection, files, sha256))
    return len(sent), len(got)


def _safe(words: str) -> str:
    return re.sub(r"[^\w.@+-]", "-", words)[:150]
