"""Does a mail take longer when there are a hundred thousand cases? The same mails on a small casebook and a big one.

The big casebook is the small one many times over, each time as of other people, other mails and another month: rows in
the shapes that the store itself writes. Only the record of events is not one chain, which nothing here looks at.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from bench.figures import Line, about
from bench.ground import Ground
from bench.rate import Pass, posts, timed
from complaintmail.store.raw import RawFiles
from tests.support.casebooks import casebook

ADDRESS = "info@example.test"  # a mailbox of the casebook's own
GROWTH = 1.2
BASE = 1000
DAYS = 26  # what the small casebook spans

# How each column of a copied row comes of the one it copies: j, c, o and e are how many mails, cases, duties and events
# the small casebook has, k is the number of the copy. What is not named is the same.
TABLES: dict[str, dict[str, str]] = {
    "raw_mail": {"sha256": "other(sha256, :k)"},
    "journal": {
        "id": "id + :k * :j",
        "uid": "uid + :k * :j",
        "sha256": "other(sha256, :k)",
        "evidence_of": "lettered(evidence_of, :k)",
    },
    "cases": {
        "id": "id + :k * :c",
        "number": "number + :k * :c",
        "reference": "printf('%s-%d-%06d', prefix, year, number + :k * :c)",
        "complainant_email": "replace(complainant_email, '@', '.' || :k || '@')",
    },
    "case_address": {"case_id": "case_id + :k * :c", "address": "replace(address, '@', '.' || :k || '@')"},
    "message": {
        "id": "id + :k * :j",
        "sha256": "other(sha256, :k)",
        "message_id": "replace(message_id, '@', '.' || :k || '@')",
        "identity": "other(identity, :k)",
        "body_hash": "other(body_hash, :k)",
        "from_address": "replace(from_address, '@', '.' || :k || '@')",
        "case_id": "case_id + :k * :c",
        "duplicate_of": "duplicate_of + :k * :j",
    },
    "obligation": {"id": "id + :k * :o", "case_id": "case_id + :k * :c", "message_id": "message_id + :k * :j"},
    "letter": {
        "id": "lettered(id, :k)",
        "case_id": "case_id + :k * :c",
        "answers": "answers + :k * :j",
        "recipient": "replace(recipient, '@', '.' || :k || '@')",
        "recipient_key": "replace(recipient_key, '@', '.' || :k || '@')",
        "message_id": "replace(message_id, id, lettered(id, :k))",
    },
    "event": {"id": "id + :k * :e", "case_id": "case_id + :k * :c"},
}
NUMBERED = {"raw_mail": "rowid", "case_address": "rowid", "letter": "rowid"}


def measure(ground: Ground, *, count: int, rounds: int, cases: int, seed: int) -> list[Line]:
    small, big = ground.own_folder(), ground.own_folder()
    build(small / "complaintmail.db", big / "complaintmail.db", cases // BASE)
    ground.stack.add_user(ADDRESS)
    found: dict[Path, list[Pass]] = {small: [], big: []}
    for number in range(rounds):
        warm, measured = posts(ADDRESS, count, seed + 10 * number, 50)
        for folder in ((small, big), (big, small))[number % 2]:
            with ground.stack.imap(ADDRESS) as client:
                ground.stack.empty(ADDRESS)
                if not client.folder_exists("Waiting"):
                    client.create_folder("Waiting")
            found[folder].append(timed(ground, ground.settings(folder, ADDRESS), ADDRESS, warm, measured))
    walls, cpus = (
        [getattr(b, what) / getattr(s, what) for b, s in zip(found[big], found[small], strict=True)]
        for what in ("wall", "cpu")
    )
    return [
        Line(f"a mail with {BASE:,} cases, ms", about([one.wall for one in found[small]], "{:.2f}")),
        Line(f"a mail with {cases:,} cases, ms", about([one.wall for one in found[big]], "{:.2f}")),
        Line.at_most("their ratio", walls, GROWTH, "{:.2f}"),
        Line.at_most("their ratio in CPU", cpus, GROWTH, "{:.2f}"),
    ]


def build(small: Path, big: Path, times: int) -> None:
    """Two casebooks in which ADDRESS has not been read yet."""
    with casebook(f"sqlite:///{small}", RawFiles(small.with_name("raw"), 2_000_000), BASE):
        pass
    with sqlite3.connect(small) as book:
        book.execute("DELETE FROM mailbox_state")
        # Long ago; or each would be told of now.
        book.execute("UPDATE obligation SET missed_noticed_at = due_at, next_at = NULL")
        book.execute("UPDATE obligation SET told_at = (SELECT max(due_at) FROM obligation) WHERE kind = 'attend'")
    book.close()
    shutil.copy(small, big)
    multiply(big, times)


def multiply(path: Path, times: int) -> None:
    """Make this casebook so many times as big."""
    book = sqlite3.connect(path, isolation_level=None)
    book.create_function("other", 2, _other, deterministic=True)
    book.create_function("lettered", 2, _lettered, deterministic=True)
    book.create_function("earlier", 2, _earlier, deterministic=True)
    for pragma in ("synchronous=OFF", "journal_mode=MEMORY", "foreign_keys=OFF", "cache_size=-400000"):
        book.execute(f"PRAGMA {pragma}")
    head = book.execute("SELECT journal, case_, obligation, event FROM head").fetchone()
    many = dict(zip("jcoe", head, strict=True))
    lasts = {table: book.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0] for table in TABLES}
    book.execute("BEGIN")
    for table, changes in TABLES.items():
        columns = [row[1] for row in book.execute(f"PRAGMA table_info({table})")]
        moments = {name: f"earlier({name}, :k)" for name in columns if name == "at" or name.endswith("_at")}
        picked = ", ".join((moments | changes).get(name, f'"{name}"') for name in columns)
        copy = f"INSERT INTO {table} SELECT {picked} FROM {table} WHERE rowid <= :last"
        for k in range(1, times):
            book.execute(copy, {"k": k, "last": lasts[table], **many})
    book.execute(
        "UPDATE head SET " + ", ".join(f"{n} = {n} * :t" for n in ("journal", "case_", "obligation", "event")),
        {"t": times},
    )
    book.execute("UPDATE reference_counter SET last = last + ? * ?", (times - 1, many["c"]))
    book.execute("COMMIT")
    book.close()


def _other(digest: str | None, k: int) -> str | None:
    return None if digest is None else hashlib.sha256(f"{digest}{k}".encode()).hexdigest() if digest else ""


def _lettered(letter: str | None, k: int) -> str | None:
    if letter is None:
        return None
    return base64.b32encode(hashlib.sha256(f"{letter}{k}".encode()).digest()[:10]).decode().lower()


def _earlier(moment: str | None, k: int) -> str | None:
    if moment is None:
        return None
    then = datetime.fromisoformat(moment.removesuffix("Z")) - timedelta(days=DAYS * k)
    return then.isoformat(timespec="microseconds") + "Z"
