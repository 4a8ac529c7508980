"""What is known that bears on a batch of mails, loaded in a few queries for all of it.

`known_for` gives what recognising needs, `budget_for` the answers that count against the limits. Both only read, inside
the transaction that will write, so nothing changes between the look and the deed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from complaintmail.cases.afterwards import IN_WRITING
from complaintmail.cases.budget import BIG_PROVIDERS, Budget, Limits, counted_as, counted_domain, text_key
from complaintmail.mail.message import Message
from complaintmail.mail.references import case_references, letters_cited
from complaintmail.store import schema
from complaintmail.triage.known import Known, KnownCase, KnownLetter, KnownMail
from complaintmail.triage.recognise import JOIN_WITHIN

case, case_address, message_, letter = schema.case, schema.case_address, schema.message, schema.letter


def known_now(row: Mapping[str, Any], message: Message) -> KnownCase:
    """A case that this mail has just opened."""
    email = row["complainant_email"]
    return KnownCase(
        *(row["id"], row["reference"], row["policy"], row["kind"], row["status"], row["mailbox"], row["received_at"]),
        *(None, email, frozenset({email} if email else ()), row["subject"], message.new_text),
    )


def known_for(
    connection: Connection,
    messages: Sequence[tuple[Message, str | None, datetime]],
    key: bytes,
    prefixes: frozenset[str],
    recipients: frozenset[str] = frozenset(),
) -> Known:
    """What the casebook holds that bears on these mails, each given with its writer's address key and receipt; and the
    open cases of those to whom staff wrote by hand (`recipients`)."""
    known = Known()
    _load_mails(connection, messages, known)
    _load_letters(connection, messages, key, known)
    named = {r for m, _, _ in messages for r in case_references(m.subject, m.new_text, prefixes=prefixes)}
    wanted = {mail.case_id for mail in known.by_identity.values()} | {
        mail.case_id for mails in known.by_message_id.values() for mail in mails
    }
    wanted |= {found.case_id for found in known.letters.values()}
    writers = {writer for _, writer, _ in messages if writer}
    earliest = min((at for _, _, at in messages), default=None)
    recent = _recent_cases(connection, writers, earliest)
    wanted |= _asked_to_write(connection, writers)
    wanted |= _open_cases(connection, recipients)
    _load_cases(connection, {c for c in wanted if c is not None} | recent, named, known)
    _load_first_words(connection, recent, known)
    return known


def _load_mails(connection: Connection, messages: Sequence[tuple[Message, str | None, datetime]], known: Known) -> None:
    columns = (message_.c.id, message_.c.case_id, message_.c.kind, message_.c.received_at, message_.c.from_address)
    identities = {m.identity for m, _, _ in messages}
    rows = connection.execute(
        select(*columns, message_.c.identity).where(
            message_.c.identity.in_(identities), message_.c.duplicate_of.is_(None)
        )
    )
    for row in rows:
        known.by_identity[row.identity] = KnownMail(*row[:5])
    cited = {mid for m, _, _ in messages for mid in (*m.in_reply_to, *m.references)}
    if cited:
        rows = connection.execute(select(*columns, message_.c.message_id).where(message_.c.message_id.in_(cited)))
        for row in rows:
            known.by_message_id.setdefault(row.message_id, []).append(KnownMail(*row[:5]))


def _load_letters(
    connection: Connection, messages: Sequence[tuple[Message, str | None, datetime]], key: bytes, known: Known
) -> None:
    cited = {mid for m, _, _ in messages for mid in (*m.in_reply_to, *m.references)}
    reported = [bounce for m, _, _ in messages for bounce in m.origin.bounces]
    cited |= {bounce.original_message_id for bounce in reported if bounce.original_message_id}
    if not cited and not reported:
        return
    wanted = set(letters_cited(key, cited)) | {b.original_envelope_id for b in reported if b.original_envelope_id}
    aliases = connection.execute(
        select(schema.letter_alias.c.message_id, schema.letter_alias.c.letter_id).where(
            schema.letter_alias.c.message_id.in_(cited)
        )
    )
    known.aliases = {row.message_id: row.letter_id for row in aliases}
    wanted |= set(known.aliases.values())
    if wanted:
        columns = (letter.c.id, letter.c.case_id, letter.c.kind, letter.c.recipient, letter.c.state)
        for row in connection.execute(select(*columns, letter.c.about).where(letter.c.id.in_(wanted))):
            known.letters[row.id] = KnownLetter(*row[:5], row.about or {})
        merged = _merged(connection, {one.case_id for one in known.letters.values() if one.case_id is not None})
        for name, one in known.letters.items():
            if one.case_id in merged:
                known.letters[name] = replace(one, case_id=merged[one.case_id])


def _recent_cases(connection: Connection, writers: set[str], earliest: datetime | None) -> set[int]:
    if not writers or earliest is None:
        return set()
    asked = (
        select(case.c.id)
        .join(case_address, case_address.c.case_id == case.c.id)
        .where(
            case_address.c.address.in_(writers),
            case_address.c.standing == "complainant",
            case.c.received_at >= earliest - JOIN_WITHIN,
        )
    )
    return set(connection.scalars(asked))


def _asked_to_write(connection: Connection, writers: set[str]) -> set[int]:
    """Cases whose complaint was spoken, and is asked for in writing: what its writer sends next belongs there."""
    if not writers:
        return set()
    asked = select(case.c.id, case.c.course).where(
        case.c.complainant_email.in_(sorted(writers)),
        case.c.status.in_(("open", "waiting")),
        case.c.course.is_not(None),
    )
    return {row.id for row in connection.execute(asked) if row.course.get(IN_WRITING)}


def _open_cases(connection: Connection, addresses: frozenset[str]) -> set[int]:
    if not addresses:
        return set()
    asked = (
        select(case.c.id)
        .join(case_address, case_address.c.case_id == case.c.id)
        .where(
            case_address.c.address.in_(sorted(addresses)[:1000]),
            case_address.c.standing == "complainant",
            case.c.status != "closed",
        )
    )
    return set(connection.scalars(asked))


def _load_cases(connection: Connection, ids: set[int], references: set[str], known: Known) -> None:
    if not ids and not references:
        return
    columns = (
        *(case.c.id, case.c.reference, case.c.policy, case.c.kind, case.c.status, case.c.mailbox),
        *(case.c.received_at, case.c.closed_at, case.c.complainant_email, case.c.subject),
        *(case.c.outcome, case.c.appeal_by, case.c.course, case.c.responded_at),
    )
    rows = connection.execute(
        select(*columns).where(case.c.id.in_(ids) | case.c.reference.in_(references)).order_by(case.c.id)
    ).all()
    addresses: dict[int, set[str]] = {row.id: set() for row in rows}
    standings: dict[int, dict[str, str]] = {row.id: {} for row in rows}
    vouched = select(case_address.c.case_id, case_address.c.address, case_address.c.standing).where(
        case_address.c.case_id.in_(list(addresses)), case_address.c.standing != "unverified"
    )
    for named in connection.execute(vouched):
        addresses[named.case_id].add(named.address)
        standings[named.case_id][named.address] = named.standing
    for row in rows:
        known.add_case(
            KnownCase(
                id=row.id,
                reference=row.reference,
                policy=row.policy,
                kind=row.kind,
                status=row.status,
                mailbox=row.mailbox,
                received_at=row.received_at,
                closed_at=row.closed_at,
                complainant=row.complainant_email,
                addresses=frozenset(addresses[row.id]),
                subject=row.subject,
                outcome=row.outcome,
                appeal_by=row.appeal_by,
                standings=standings[row.id],
                course=row.course or {},
                responded=row.responded_at is not None,
            )
        )
    merged = _merged(connection, set(addresses))
    _load_cases(connection, set(merged.values()) - set(known.cases), set(), known)
    for row in rows:
        if row.id in merged:
            known.by_reference[row.reference] = merged[row.id]


def _merged(connection: Connection, ids: set[int]) -> dict[int, int]:
    """Where these cases went that staff put into another one: what is written about them belongs there."""
    link = schema.case_link
    asked = select(link.c.case_id, link.c.other_id).where(link.c.case_id.in_(ids), link.c.how == "merged into")
    return {row.case_id: row.other_id for row in connection.execute(asked)} if ids else {}


def _load_first_words(connection: Connection, recent: set[int], known: Known) -> None:
    """What each recent case's complainant first wrote, to see whether a fresh mail is alike."""
    if not recent:
        return
    rows = connection.execute(
        select(message_.c.case_id, message_.c.new_text)
        .where(message_.c.case_id.in_(recent))
        .order_by(message_.c.id.desc())
    )
    first = {row.case_id: row.new_text for row in rows}
    for case_id, words in first.items():
        before = known.cases[case_id]
        known.cases[case_id] = replace(before, words=words)


def budget_for(
    connection: Connection, limits: Limits, messages: Sequence[tuple[Message, str | None, datetime]], now: datetime
) -> Budget:
    """The answers already owed or sent that count against the limits."""
    budget = Budget(limits)
    names = {writer for _, writer, _ in messages if writer}
    writers = {counted_as(writer) for writer in names}
    going = letter.c.state.not_in(("held", "cancelled")) & letter.c.author.is_(None) & (letter.c.audience != "staff")
    day, hour = now - timedelta(days=1), now - timedelta(hours=1)
    rows = connection.execute(
        select(letter.c.recipient_key, func.count())
        .where(letter.c.recipient_key.in_(writers), letter.c.created_at > day, going)
        .group_by(letter.c.recipient_key)
    )
    budget.by_address.update({row[0]: row[1] for row in rows})
    domains = {counted_domain(writer) for writer in names} - BIG_PROVIDERS
    rows = connection.execute(
        select(letter.c.recipient_domain, func.count())
        .where(letter.c.recipient_domain.in_(domains), letter.c.created_at > hour, going)
        .group_by(letter.c.recipient_domain)
    )
    budget.by_domain.update({row[0]: row[1] for row in rows})
    budget.in_all = _count(connection, select(letter.c.id).where(letter.c.created_at > hour, going), limits.per_hour)
    texts = {text_key(m) for m, _, _ in messages} - {""}
    if texts:
        alike = (
            select(message_.c.body_hash, message_.c.from_address)
            .where(message_.c.body_hash.in_(texts), message_.c.received_at > day)
            .distinct()
            .limit(2000)
        )
        for row in connection.execute(alike):
            budget.note_text(row.from_address or "", row.body_hash)
    return budget


def _count(connection: Connection, asked: Any, enough: int) -> int:
    """How many, up to `enough`: no more rows are looked at than decide."""
    return int(connection.scalar(select(func.count()).select_from(asked.limit(enough).subquery())) or 0)
