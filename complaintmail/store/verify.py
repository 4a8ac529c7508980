"""Is all that is kept whole? Each thing that is not, named by table, row and column.

Raw mails against their hashes, in the database and in files; one disposition for every mail; the chain of events, and
the tables reckoned again from it (store.reckoning); references without gaps; one acknowledgement for each case; each
letter's bytes; policies as cases were opened under them; and what the database itself can check. It changes nothing.
Columns that follow from the raw mail or from a letter's bytes (texts, subjects, attempts) are proved by those hashes
and are not compared one by one.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from complaintmail.errors import StoreError
from complaintmail.store.outbox import MEETS
from complaintmail.store.reading import Reader
from complaintmail.store.reckoning import Finding, Reckoned, compare, follow_record

BIG_ROWS = 20  # so many at once of rows that hold whole mails
FIRST_ANSWERS = (*sorted(kind for kind, met in MEETS.items() if "acknowledge" in met), "thanks")


def verify(reader: Reader, raw_files: Path) -> Iterator[Finding]:
    """Everything that is not whole; nothing when all is. Notes are told too. A database that cannot be read to its end
    is the last finding."""
    try:
        yield from _all(reader, raw_files)
    except StoreError as broken:
        yield Finding("database", "", "", str(broken))


def _all(reader: Reader, raw_files: Path) -> Iterator[Finding]:
    yield from _database(reader)
    yield from _raw_mails(reader, raw_files)
    yield from _journal(reader)
    reckoned = Reckoned()
    try:
        yield from follow_record(reader, reckoned)
        yield from compare(reader, reckoned)
    finally:
        reckoned.close()
    yield from _numbers(reader)
    yield from _references(reader)
    yield from _letters(reader)
    yield from _policies(reader)
    yield from _learnt(reader)


def counts(reader: Reader) -> dict[str, int]:
    """How much there is to be whole."""
    tables = {"mails": "journal", "cases": "cases", "letters": "letter", "events": "event"}
    return {name: reader.value(f"SELECT COUNT(*) FROM {table}") for name, table in tables.items()}


def _database(reader: Reader) -> Iterator[Finding]:
    """What the database can say of itself; PostgreSQL holds its rows to their constraints by itself."""
    if not reader.is_sqlite:
        return
    for (words,) in reader.rows("PRAGMA integrity_check(20)"):
        if words != "ok":
            yield Finding("database", "", "", str(words))
    for table, row, parent, _ in reader.rows("PRAGMA foreign_key_check"):
        yield Finding(str(table), f"row {row}", "", f"points to a row of {parent} that is not there")
    if reader.value("SELECT COUNT(*) FROM setting WHERE key = 'key'") != 1:
        yield Finding("setting", "key", "", "missing: no Message-ID of ours can be told from a forged one")


def _raw_mails(reader: Reader, folder: Path) -> Iterator[Finding]:
    known: set[str] = set()
    for sha256, size, body, path in reader.stream("SELECT sha256, size, body, path FROM raw_mail", block=BIG_ROWS):
        if path is not None:
            known.add(path)
        found = _digest_of_file(folder / path) if path is not None else _digest_of_packed(body, size)
        if found is None:
            words = (
                f"the file {folder / path} is missing or cannot be read" if path else "it has neither bytes nor a file"
            )
            yield Finding("raw_mail", sha256, "path" if path else "body", words)
        elif found[0] != sha256:
            yield Finding("raw_mail", sha256, "path" if path else "body", "its bytes are not what was received")
        elif found[1] != size:
            yield Finding("raw_mail", sha256, "size", f"is {size}, and the mail has {found[1]} bytes")
    if folder.is_dir():
        for file in sorted(folder.iterdir()):
            if file.name not in known and file.is_file():
                yield Finding("raw_mail", file.name, "", f"no mail belongs to the file {file}", note=True)


def _digest_of_packed(body: Any, size: int) -> tuple[str, int] | None:
    if body is None:
        return None
    try:
        # No more than was received: packed bytes that were tampered with may be any size.
        raw = zlib.decompressobj().decompress(bytes(body), size + 1)
    except zlib.error:
        return "", 0
    return hashlib.sha256(raw).hexdigest(), len(raw)


def _digest_of_file(path: Path) -> tuple[str, int] | None:
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
                size += len(block)
    except OSError:
        return None
    return digest.hexdigest(), size


def _journal(reader: Reader) -> Iterator[Finding]:
    """Every mail has its bytes and exactly one disposition: it was understood, or is a copy of a letter of ours."""
    rows = reader.stream(
        "SELECT j.id, j.state, j.sha256, j.evidence_of, m.id, m.sha256, r.size, l.id FROM journal j "
        "LEFT JOIN message m ON m.id = j.id LEFT JOIN raw_mail r ON r.sha256 = j.sha256 "
        "LEFT JOIN letter l ON l.id = j.evidence_of ORDER BY j.id"
    )
    last = 0
    for number, state, sha256, copy_of, understood, understood_sha256, size, letter in rows:
        row = str(number)
        if number != last + 1:
            missing = row if number == last + 2 else f"{last + 1} to {number - 1}"
            yield Finding("journal", str(number - 1) if number == last + 2 else missing, "", "missing")
        last = number
        if size is None:
            yield Finding("journal", row, "sha256", "its raw mail is missing")
        if copy_of is not None and letter is None:
            yield Finding("journal", row, "evidence_of", f"there is no letter {copy_of}")
        if understood_sha256 is not None and understood_sha256 != sha256:
            yield Finding("message", row, "sha256", "is not the hash of the mail that was received")
        ways = (understood is not None) + (copy_of is not None)
        if state == "collected" and ways:
            yield Finding("journal", row, "state", "says that it waits, and it was understood already")
        elif state != "collected" and ways != 1:
            words = (
                "was settled, and nothing came of it" if not ways else "is a mail and a copy of our own letter at once"
            )
            yield Finding("journal", row, "state", words)


def _numbers(reader: Reader) -> Iterator[Finding]:
    """The numbers that are given out next follow the last ones there are, and none is missing."""
    head = reader.rows("SELECT journal, case_, obligation, offer FROM head")
    if len(head) != 1:
        yield Finding("head", "1", "", "there is not exactly one")
        return
    for column, table, given in zip(
        ("journal", "case_", "obligation", "offer"), ("journal", "cases", "obligation", "offer"), head[0], strict=True
    ):
        count, highest = reader.rows(f"SELECT COUNT(*), COALESCE(MAX(id), 0) FROM {table}")[0]
        if highest != given:
            yield Finding("head", "1", column, f"says that the last of {table} is {given}, and it is {highest}")
        elif count != highest and table != "journal":  # those of the journal were named already
            yield Finding(table, "", "id", f"{highest - count} of {highest} numbers are missing")


def _references(reader: Reader) -> Iterator[Finding]:
    """No number of a policy's year is missing, and each reference says its own."""
    expected: dict[tuple[str, int], int] = {}
    cases = reader.stream("SELECT id, reference, prefix, year, number FROM cases ORDER BY prefix, year, number")
    for case_id, reference, prefix, year, number in cases:
        following = expected.get((prefix, year), 0) + 1
        if number != following:
            first, last = (f"{prefix}-{year}-{n:06d}" for n in (following, number - 1))
            yield Finding("cases", first if first == last else f"{first} to {last}", "", "no case has this reference")
        expected[prefix, year] = number
        if reference != f"{prefix}-{year}-{number:06d}":
            yield Finding(
                "cases", f"{case_id} ({reference})", "reference", f"its number is {prefix}-{year}-{number:06d}"
            )
    kept = {
        (prefix, year): last for prefix, year, last in reader.rows("SELECT prefix, year, last FROM reference_counter")
    }
    for prefix, year in sorted(kept.keys() | expected.keys()):
        counted, given = kept.get((prefix, year)), expected.get((prefix, year), 0)
        if counted != given:
            words = f"is {'missing' if counted is None else counted}, and the last reference is {given}"
            yield Finding("reference_counter", f"{prefix} {year}", "last", words)


def _letters(reader: Reader) -> Iterator[Finding]:
    for letter, sha256, data in reader.stream("SELECT id, sha256, data FROM letter", block=BIG_ROWS):
        try:
            digest = hashlib.sha256(zlib.decompress(bytes(data))).hexdigest()
        except zlib.error:
            digest = ""
        if digest != sha256:
            yield Finding("letter", letter, "data", "its bytes are not those that were written")
    rows = reader.rows(
        "SELECT c.id, c.reference, COUNT(*) FROM letter l JOIN cases c ON c.id = l.case_id "
        f"WHERE l.kind IN ({', '.join('?' * len(FIRST_ANSWERS))}) AND l.state <> 'cancelled' "
        "AND l.audience = 'complainant' "
        # One that is right either way, and the whole one once a person has said what the mail is; what was taken for a
        # complaint and is praise was acknowledged, and is thanked.
        "GROUP BY c.id, c.reference, c.course, "
        "CASE WHEN l.kind IN ('unsure', 'received') THEN 1 WHEN l.kind = 'thanks' THEN 2 ELSE 0 END "
        "HAVING COUNT(*) > CASE WHEN c.course LIKE ? THEN 2 ELSE 1 END "  # first spoken, then put in writing
        "ORDER BY c.id",
        (*FIRST_ANSWERS, "%put_in_writing%"),
    )
    for case_id, reference, count in rows:
        yield Finding("cases", f"{case_id} ({reference})", "", f"has {count} acknowledgements")


def _policies(reader: Reader) -> Iterator[Finding]:
    """Each case's policy is kept word for word: its version ends with the digest of its text."""
    for name, version, text in reader.rows("SELECT name, version, text FROM policy_text"):
        digest = hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]
        if not version.endswith(digest):
            yield Finding("policy_text", f"{name} {version}", "text", "is not the text that its version names")
    missing = reader.rows(
        "SELECT DISTINCT c.policy, c.policy_version FROM cases c LEFT JOIN policy_text p "
        "ON p.name = c.policy AND p.version = c.policy_version WHERE p.name IS NULL"
    )
    for name, version in missing:
        yield Finding("policy_text", f"{name} {version}", "", "missing, and cases were opened under it")


def _learnt(reader: Reader) -> Iterator[Finding]:
    """Weights that were learnt here are those that the record names by their digest."""
    for version, digest, body in reader.stream(
        "SELECT id, digest, body FROM learnt WHERE body IS NOT NULL", block=BIG_ROWS
    ):
        try:
            found = hashlib.sha256(zlib.decompress(bytes(body))).hexdigest()
        except zlib.error:
            found = ""
        if found != digest:
            yield Finding("learnt", str(version), "body", "its weights are not those that were learnt")
