"""Which mail is this, and on which case? (TRUST "Decided": threading; INTERFACE §3.)

A mail joins a case by our own keyed Message-IDs; by another Message-ID of the case, or the reference, only when its
writer's address is already on that case. Anything else merely suggests a case, to a person. A fresh mail alike in
words, or with attachments only, joins provisionally within a day. Pure: `Known` says what the casebook holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from complaintmail.mail.message import Message
from complaintmail.mail.references import case_references, letters_cited
from complaintmail.triage.known import Known, KnownCase, KnownMail

JOIN_WITHIN = timedelta(days=1)
FEW_WORDS = 25  # a mail with attachments and no more words than this brings something after
ALIKE = 0.5


class Thread(StrEnum):
    """How a mail stands to the cases there are."""

    NEW = "new"  # nothing ties it to a case
    AGAIN = "again"  # the same mail came before
    JOINS = "joins"  # its writer is on the case that it cites
    STRANGER = "stranger"  # cites our own letter, but its writer is not on that case
    ALIKE = "alike"  # joins provisionally: same writer, within a day, alike or attachments only
    SUGGESTS = "suggests"  # names a case that its writer is not on


@dataclass(frozen=True, slots=True)
class Recognition:
    thread: Thread
    case_id: int | None = None
    again: KnownMail | None = None
    suggested: tuple[str, ...] = ()  # references of other cases that it names, for a person to look at
    reasons: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()  # letters of ours that it cites


def recognise(
    message: Message,
    writer: str | None,
    received_at: datetime,
    policy: str,
    known: Known,
    key: bytes,
    prefixes: frozenset[str],
) -> Recognition:
    """How this mail stands to the cases we know; `writer` is the address key of who wrote it, as far as known."""
    if message.identity in known.by_identity:
        before = known.by_identity[message.identity]
        return Recognition(
            Thread.AGAIN, before.case_id, before, reasons=(f"the same mail came before, on {_day(before.received_at)}",)
        )
    cited_ids = (*message.in_reply_to, *reversed(message.references))
    letters = cited_letters(cited_ids, known, key)
    about = [known.letters[letter].case_id for letter in letters if letter in known.letters]
    cited = [case_id for case_id in about if case_id is not None]  # a digest is about no case
    named = [
        known.by_reference[reference]
        for reference in case_references(message.subject, message.new_text, prefixes=prefixes)
        if reference in known.by_reference
    ]
    if cited:
        return _by_own_letter(writer, cited, named, letters, known)
    by_message_id = [
        mail.case_id for mid in cited_ids for mail in known.by_message_id.get(mid, ()) if mail.case_id is not None
    ]
    candidates = [case_id for case_id in (*by_message_id, *named) if case_id in known.cases]
    for case_id in candidates:
        if writer and writer in known.cases[case_id].addresses:
            others = _references(known, [other for other in candidates if other != case_id])
            how = "cites a mail of the case" if case_id in by_message_id else "names the reference"
            return Recognition(
                Thread.JOINS, case_id, suggested=others, reasons=(f"its writer is on the case and it {how}",)
            )
    asked = next((case for case in known.cases.values() if _in_writing(case, writer, policy)), None)
    if asked is not None:
        return Recognition(Thread.JOINS, asked.id, reasons=("its writer was asked to put a complaint in writing",))
    alike = _alike(message, writer, received_at, policy, known)
    if alike is not None:
        return alike
    if candidates:
        names = _references(known, candidates)
        why = f"it names {', '.join(names)}, but its writer's address is not on that case"
        return Recognition(Thread.SUGGESTS, None, suggested=names, reasons=(why,))
    return Recognition(Thread.NEW)


def _in_writing(case: KnownCase, writer: str | None, policy: str) -> bool:
    """Is what this person writes next the complaint that they were asked for?"""
    asked = bool(case.course.get("in-writing")) and case.status in ("open", "waiting")
    return asked and writer is not None and case.complainant == writer and case.policy == policy


def cited_letters(message_ids: tuple[str, ...], known: Known, key: bytes) -> tuple[str, ...]:
    """Letters of ours among these Message-IDs: by their keyed mark, or by the id that a server gave them instead."""
    aliased = tuple(known.aliases[mid] for mid in message_ids if mid in known.aliases)
    return tuple(dict.fromkeys((*letters_cited(key, message_ids), *aliased)))


def _by_own_letter(
    writer: str | None, cited: list[int], named: list[int], letters: tuple[str, ...], known: Known
) -> Recognition:
    case_id = next((c for c in cited if writer and writer in known.cases[c].addresses), cited[0])
    others = _references(known, [other for other in (*cited, *named) if other != case_id])
    if writer and writer in known.cases[case_id].addresses:
        reasons = ["it answers our own letter"]
        if others:
            reasons.append(f"it also names {', '.join(others)}: the letter it answers decides, a person should look")
        return Recognition(Thread.JOINS, case_id, suggested=others, reasons=tuple(reasons), letters=letters)
    why = "it answers our own letter, but from an address that is not on the case"
    return Recognition(Thread.STRANGER, case_id, suggested=others, reasons=(why,), letters=letters)


def _alike(
    message: Message, writer: str | None, received_at: datetime, policy: str, known: Known
) -> Recognition | None:
    for case_id in reversed(known.by_address.get(writer or "", ())):
        case = known.cases[case_id]
        if case.policy != policy or case.status == "closed" or case.kind not in ("complaint", "appeal"):
            continue
        if abs(received_at - case.received_at) > JOIN_WITHIN:
            continue
        why = _likeness(message, case)
        if why:
            return Recognition(Thread.ALIKE, case_id, reasons=(f"{why}; same writer, within a day",))
    return None


def _likeness(message: Message, case: KnownCase) -> str | None:
    words = _words(message.new_text)
    if message.attachments and len(words) <= FEW_WORDS:
        return "it brings attachments and hardly a word"
    first = _words(case.words)
    if len(words) >= 5 and len(first) >= 5:
        shared = len(words & first)
        if shared / len(words | first) >= ALIKE or shared / min(len(words), len(first)) >= 0.8:
            return "its words are much the same as the complaint's"
    if not words and not message.attachments:
        return "it says nothing new"
    return None


_WORD = re.compile(r"\w{3,}")


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text[:20_000].lower()))


def _references(known: Known, case_ids: list[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(known.cases[case_id].reference for case_id in case_ids if case_id in known.cases))


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
