"""Our own letters coming back: evidence copies, delivery reports, bounces.

A copy is known by its keyed `Complaint-Letter` header or Message-ID, and by its body being ours: whoever got a letter
knows its ids, so the ids alone hide nothing from intake. A copy proves that the server took the letter; it settles a
doubt, and waits (`filing = wanted`) to be moved to the Sent folder.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from complaintmail.cases.people import Officer
from complaintmail.cases.post import ANSWER, LetterKind
from complaintmail.mail.message import Message
from complaintmail.mail.references import LETTER_HEADER, letter_of, letter_of_header
from complaintmail.policy.policy import Policy
from complaintmail.store import casebook, outbox, schema
from complaintmail.store.record import Writer

letter, letter_alias, journal = schema.letter, schema.letter_alias, schema.journal

_MARK = re.compile(rb"^" + LETTER_HEADER.encode() + rb":[ \t]*([^\r\n]{1,80})", re.IGNORECASE | re.MULTILINE)
_ID = re.compile(rb"^message-id:[ \t]*(?:\r?\n[ \t]+)?(<[^<>\s]{1,400}>)", re.IGNORECASE | re.MULTILINE)
_HEAD = 65_536
_SPACE = re.compile(r"\s+")
ENDS = frozenset({ANSWER, LetterKind.OUTCOME})  # letters that are the answer that the policy promises
FOOTER = 2000  # characters that a server may have added to a copy


def claimed_letter(key: bytes, raw: bytes) -> str | None:
    """The letter that these bytes say they are a copy of, if the mark is ours."""
    end = raw.find(b"\r\n\r\n", 0, _HEAD)
    head = raw[: end if end >= 0 else _HEAD].partition(b"\n\n")[0]
    if b"omplaint-" not in head and b"<cm." not in head:
        return None
    marked = _MARK.search(head)
    if marked and (found := letter_of_header(key, marked.group(1).decode("ascii", "replace"))):
        return found
    named = _ID.search(head)
    return letter_of(key, named.group(1).decode("ascii", "replace")) if named else None


@dataclass(frozen=True, slots=True)
class Candidate:
    entry_id: int
    letter_id: str
    raw: bytes
    sent: bool = False  # it lies in the Sent folder already: there is nothing to file


def true_copies(
    connection: Connection, candidates: Sequence[Candidate], read: Callable[[Candidate], Message]
) -> set[int]:
    """Which of these mails are copies of the letters whose marks they bear. `read` is asked for those few alone that
    come from us with a body that is not ours to the byte: a server may have added a footer."""
    if not candidates:
        return set()
    wanted = {candidate.letter_id for candidate in candidates}
    rows = connection.execute(
        select(letter.c.id, letter.c.mailbox, letter.c.data, letter.c.text).where(letter.c.id.in_(wanted))
    )
    ours = {row.id: row for row in rows}
    return {one.entry_id for one in candidates if one.letter_id in ours and _is_copy(one, ours[one.letter_id], read)}


def _is_copy(one: Candidate, row: Any, read: Callable[[Candidate], Message]) -> bool:
    data = zlib.decompress(row.data)
    if _body(one.raw) == _body(data):
        return True
    if len(one.raw) > len(data) * 3 + 20_000:
        return False
    message = read(one)
    if message.writer is None or message.writer.key != row.mailbox.lower():
        return False
    said, seen = _SPACE.sub(" ", row.text).strip(), _SPACE.sub(" ", message.text).strip()
    return said in seen and len(seen) - len(said) < FOOTER


def _body(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2].rstrip()


def settle_copies(writer: Writer, copied: Sequence[Candidate]) -> None:
    """Write what these copies prove, and that they wait to be filed."""
    if not copied:
        return
    rows = {
        row.id: row
        for row in writer.connection.execute(
            select(
                *(letter.c.id, letter.c.case_id, letter.c.kind, letter.c.state, letter.c.answers),
                *(letter.c.message_id, letter.c.evidence_at, letter.c.sent_at),
            ).where(letter.c.id.in_({candidate.letter_id for candidate in copied}))
        )
    }
    proved: set[str] = set()
    for candidate in copied:
        if candidate.letter_id not in proved:
            proved.add(candidate.letter_id)
            how = "a copy lies in the Sent folder" if candidate.sent else "evidence copy"
            _prove(writer, rows[candidate.letter_id], how, candidate)
    writer.execute(
        update(journal)
        .where(journal.c.id == bindparam("key"))
        .values(evidence_of=bindparam("of"), filing=bindparam("to_file")),
        [
            {"key": candidate.entry_id, "of": candidate.letter_id, "to_file": None if candidate.sent else "wanted"}
            for candidate in copied
        ],
    )
    writer.event("copies_recognised", by="complaintmail", journal=sorted(one.entry_id for one in copied))


def _prove(writer: Writer, row: Any, how: str, candidate: Candidate | None) -> None:
    """This letter was accepted: settle it if it was in doubt, and keep when the proof came."""
    if candidate is not None:
        head = candidate.raw[:_HEAD].partition(b"\r\n\r\n")[0]
        seen = _ID.search(head)
        theirs = seen.group(1).decode("ascii", "replace") if seen else row.message_id
        if theirs != row.message_id and len(theirs) <= 998:
            there = writer.connection.scalar(
                select(letter_alias.c.letter_id).where(letter_alias.c.message_id == theirs)
            )
            if there is None:
                writer.execute(insert(letter_alias).values(message_id=theirs, letter_id=row.id))
    if row.state in ("sending", "doubt", "queued", "held") and row.sent_at is None:
        outbox.mark_sent(
            writer,
            row.id,
            row.case_id,
            row.kind,
            row.answers,
            reply=None,
            evidence="sent" if candidate is not None and candidate.sent else "bcc",
            sent_at=writer.now,
            found=how,
        )
    elif row.evidence_at is None:
        writer.change(letter, {"id": row.id}, {"evidence_at": writer.now})
        writer.event("evidence_found", by="complaintmail", case_id=row.case_id, letter=row.id, how=how)


def delivered(writer: Writer, letter_id: str) -> None:
    """A delivery report came for this letter: another server took it over."""
    writer.so_far()  # the same batch may have brought its copy
    row = _letter(writer, letter_id)
    if row is not None:
        _prove(writer, row, "delivery report", None)


def bounced(writer: Writer, letter_id: str, said: str, policy: Policy, officer: Officer) -> None:
    """This letter could not be delivered: its duty opens again for a person, with the same deadline."""
    writer.so_far()  # the same batch may have brought its copy
    row = _letter(writer, letter_id)
    if row is None or row.bounced_at is not None:
        return
    if row.sent_at is None:
        _prove(writer, row, "bounce", None)
        writer.so_far()  # what it has just met is opened again below
    writer.change(letter, {"id": letter_id}, {"bounced_at": writer.now})
    why = f"its answer came back undeliverable ({said[:300]}): reach them another way"
    casebook.owe_undelivered(writer, letter_id, why, policy, officer)
    if row.kind in outbox.MEETS:
        if _open_again(writer, row.case_id, letter_id, policy):  # else a person's word acknowledged it, and still does
            writer.change(schema.case, {"id": row.case_id}, {"acknowledged_at": None})
    elif row.kind in ENDS and _open_again(writer, row.case_id, letter_id, policy):
        writer.change(schema.case, {"id": row.case_id}, {"responded_at": None})
    writer.event("letter_bounced", by="complaintmail", case_id=row.case_id, letter=letter_id, said=said[:500])


def _open_again(writer: Writer, case_id: int, letter_id: str, policy: Policy) -> int:
    """What the policy wanted of this letter is owed again: nobody received it. (That it waited is over for good.) How
    many duties that were."""
    duty = schema.obligation
    met_by_it = select(duty.c.id, duty.c.due_at).where(
        duty.c.case_id == case_id,
        duty.c.kind != "attend",
        duty.c.state == "met",
        duty.c.evidence.like(f"letter {letter_id}:%"),
    )
    found = writer.connection.execute(met_by_it).all()
    for row in found:
        again = {"state": "open", "met_at": None, "evidence": None}
        writer.change(duty, {"id": row.id}, again | casebook.spoken_of(writer, row.id, row.due_at, policy))
    return len(found)


def _letter(writer: Writer, letter_id: str) -> Any:
    return writer.connection.execute(
        select(
            *(letter.c.id, letter.c.case_id, letter.c.kind, letter.c.state, letter.c.answers, letter.c.message_id),
            *(letter.c.evidence_at, letter.c.sent_at, letter.c.bounced_at, letter.c.due_at, letter.c.mailbox),
        ).where(letter.c.id == letter_id)
    ).first()
