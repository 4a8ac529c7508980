"""What a demonstration leaves to look at: its settings, the letters it sent and the mails it got, as files."""

from __future__ import annotations

import json
import os
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Member:
    """A made-up member of staff."""

    name: str
    email: str
    roles: tuple[str, ...]


def staff_of(policy_name: str, nth: int) -> tuple[Member, Member]:
    """Two for each policy: one for the role that a complaint goes to first, one for all others."""
    policy = find(policy_name)
    others = tuple(role.name for role in policy.roles if role.name != policy.first)

    def member(number: int, roles: tuple[str, ...]) -> Member:
        name = STAFF[number % len(STAFF)]
        return Member(name, f"{name.lower().replace(' ', '.')}@staff.{policy_name}.example", roles)

    return member(2 * nth, (policy.first,)), member(2 * nth + 1, others)


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
        "",
        "[relay]",
        'hold = "0s"  # nobody wants to wait here; by default an answer can be taken back for ten minutes',
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
    for member in staff_of(name, nth):
        yield from ("", "[[person]]", f'name = "{member.name}"', f'email = "{member.email}"')
        yield from (f"roles = {json.dumps(member.roles)}", f'policies = ["{name}"]')


def write_out(store: Store, files: RawFiles, directory: Path) -> Counter[str]:
    """letters/ (to complainants), notices/ (to staff) and mails/, as bytes went over the wire; how many of each."""
    letter, case, entry, message = schema.letter.c, schema.case.c, schema.journal.c, schema.message.c
    with store.reading() as connection:
        sent = connection.execute(
            select(letter.data, letter.kind, letter.recipient, letter.audience, case.reference)
            .join(schema.case, case.id == letter.case_id)
            .order_by(letter.created_at, letter.id)
        ).all()
        got = connection.execute(
            select(entry.sha256, message.kind, func.coalesce(message.from_address, "nobody"))
            .join(schema.message, message.id == entry.id)
            .order_by(entry.id)
        ).all()
        pieces = [
            *(
                ("notices" if audience == "staff" else "letters", f"{reference} {kind} to {to}", zlib.decompress(data))
                for data, kind, to, audience, reference in sent
            ),
            *(
                ("mails", f"{kind} from {writer}", journal.raw_bytes(connection, files, sha256))
                for sha256, kind, writer in got
            ),
        ]
    written: Counter[str] = Counter()
    for name in ("letters", "notices", "mails"):
        (directory / name).mkdir(mode=0o700, exist_ok=True)
    for folder, words, data in pieces:
        written[folder] += 1
        (directory / folder / f"{_safe(f'{written[folder]:02d} {words}')}.eml").write_bytes(data)
    return written


def _safe(words: str) -> str:
    return re.sub(r"[^\w.@+-]", "-", words)[:150]
