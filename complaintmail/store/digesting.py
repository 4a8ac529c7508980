"""What the casebook holds for one person's digest: their cases, their open duties, and the mails surely no complaints.

Reads only. A case of which the person gets nothing is left out here already, and says whom it leaves out all the same,
so that the digest holds to it by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select, update
from sqlalchemy import case as sql_case

from complaintmail.cases.digest import DigestCase, DigestDuty, Released
from complaintmail.cases.kinds import OF_THE_POLICY
from complaintmail.store import schema
from complaintmail.store.record import Writer
from complaintmail.store.standing import stands_still

case, obligation, message, journal = schema.case, schema.obligation, schema.message, schema.journal
# The time for an appeal is the complainant's; what a policy owes itself has mails of its own.
NOT_ON_IT = ("appeal", *sorted(OF_THE_POLICY))
KEPT_OUT = ("suspected", "complained about")
SURELY_OTHER = ("bulk", "spam", "enquiry", "auto-reply", "bounce")
MOST = 1000  # mails that were no complaints; what is over that stands on the next day's list
READ = 20_000  # characters of such a mail in which somebody may be named
CASE_COLUMNS = (
    case.c.id, case.c.reference, case.c.policy, case.c.kind, case.c.status, case.c.subject, case.c.complainant_name,
    case.c.complainant_email, case.c.received_at, case.c.owner, case.c.handler, case.c.restricted,
)  # fmt: skip


def digest_of(
    connection: Connection,
    person_email: str,
    roles: Collection[str],
    since: datetime,
    now: datetime,
    *,
    mailboxes: Collection[str] = (),
) -> tuple[tuple[DigestCase, ...], tuple[DigestDuty, ...], tuple[Released, ...]]:
    """The person's cases, duties, and the mails let go since then. `roles`: what they hold; a duty of such a role that
    nobody was found for is theirs too. `mailboxes`: those of which what came and is surely no complaint is told to
    them, unless it names them (passes.digests)."""
    own = person_email.lower()
    return (
        tuple(_cases(connection, own, since, now)),
        tuple(_duties(connection, own, frozenset(roles))),
        tuple(_released(connection, mailboxes, now)) if mailboxes else (),
    )


def _cases(connection: Connection, own: str, since: datetime, now: datetime) -> Iterable[DigestCase]:
    wanted = or_(case.c.status == "waiting", (case.c.received_at > since) & (case.c.received_at <= now))
    asked = select(*CASE_COLUMNS).where(wanted, case.c.closed_at.is_(None)).order_by(case.c.received_at)
    rows = [row for row in connection.execute(asked) if own in (_email(row.owner), _email(row.handler))]
    out = _kept_out(connection, {row.id for row in rows})
    for row in rows:
        excluded = out.get(row.id, frozenset()) | _complainant(row)
        if own not in excluded:
            yield DigestCase(
                reference=row.reference,
                policy=row.policy,
                kind=row.kind,
                status=row.status,
                subject=row.subject,
                complainant=_name(row),
                received_at=row.received_at,
                new=row.received_at > since,
                restricted=bool(row.restricted),
                excluded=excluded,
            )


def _duties(connection: Connection, own: str, roles: frozenset[str]) -> Iterable[DigestDuty]:
    """Open duties, those of mails that are no case among them."""
    asked = (
        select(
            *CASE_COLUMNS,
            obligation.c.kind.label("duty"),
            obligation.c.clause,
            obligation.c.role,
            obligation.c.due_at,
            obligation.c.why,
            obligation.c.owner.label("owed_by"),
            obligation.c.policy_version,
            stands_still().label("still"),
        )
        .select_from(obligation.outerjoin(case, case.c.id == obligation.c.case_id))
        .where(obligation.c.state == "open", obligation.c.kind.not_in(NOT_ON_IT))
        .order_by(obligation.c.due_at, obligation.c.id)
    )
    rows = [row for row in connection.execute(asked) if _is_theirs(row, own, roles)]
    out = _kept_out(connection, {row.id for row in rows if row.id is not None})
    for row in rows:
        excluded = (out.get(row.id, frozenset()) if row.id is not None else frozenset()) | _complainant(row)
        if own not in excluded:
            yield DigestDuty(
                reference=row.reference,
                policy=row.policy or "",
                kind=row.duty,
                clause=row.clause,
                due_at=row.due_at,
                subject=row.subject or "",
                why=row.why,
                complainant=_name(row),
                status=row.status or "open",
                restricted=bool(row.restricted),
                excluded=excluded,
                still=bool(row.still),
            )


def _is_theirs(row: Any, own: str, roles: frozenset[str]) -> bool:
    owed_by = _email(row.owed_by)
    return own in (owed_by, _email(row.handler)) or (owed_by is None and row.role in roles)


def _released(connection: Connection, mailboxes: Collection[str], now: datetime) -> Iterable[Released]:
    """Those that nobody has had on a list yet, whenever they came and whoever had the lists before; people's first."""
    about = (message.c.received_at, message.c.from_address, message.c.subject, message.c.kind, message.c.reasons)
    words = sql_case((message.c.score.is_not(None), func.substr(message.c.new_text, 1, READ)), else_="")
    asked = (
        select(message.c.id, message.c.score, message.c.mailbox, words.label("words"), *about)
        .join(journal, journal.c.id == message.c.id)
        .where(
            message.c.listed_at.is_(None),
            journal.c.collected_at <= now,
            message.c.mailbox.in_(list(mailboxes)),
            message.c.kind.in_(SURELY_OTHER) | (message.c.kind == "staff") & message.c.score.is_not(None),
            message.c.sure,
            message.c.case_id.is_(None),
            message.c.duplicate_of.is_(None),
            journal.c.rule.in_(("answer", "careful")),
        )
        .order_by(message.c.score.is_(None), message.c.received_at)
        .limit(MOST)
    )
    for row in connection.execute(asked):
        why, judged = tuple(row.reasons or ()), row.score is not None
        about_it = (row.received_at, row.from_address or "", row.subject, row.kind, why)
        yield Released(*about_it, row.id, judged, row.mailbox, row.words)


def listed(writer: Writer, numbers: Collection[int]) -> None:
    """These stand on somebody's list now, which is owed in the same commit."""
    rows = sorted(numbers)
    for first in range(0, len(rows), 500):
        some = rows[first : first + 500]
        writer.execute(update(message).where(message.c.id.in_(some)).values(listed_at=writer.now))


def _kept_out(connection: Connection, cases: Collection[int]) -> dict[int, frozenset[str]]:
    """For each of these cases the staff who get nothing of it."""
    table = schema.case_person
    found: dict[int, frozenset[str]] = {}
    numbers = sorted(cases)
    for first in range(0, len(numbers), 500):
        some = numbers[first : first + 500]
        asked = select(table.c.case_id, table.c.email).where(table.c.case_id.in_(some), table.c.standing.in_(KEPT_OUT))
        for row in connection.execute(asked):
            found[row.case_id] = found.get(row.case_id, frozenset()) | {row.email.lower()}
    return found


def _email(officer: Any) -> str | None:
    found = officer.get("email") if isinstance(officer, dict) else None
    return found.lower() if found else None


def _complainant(row: Any) -> frozenset[str]:
    """Nobody deals with their own complaint, staff or not."""
    return frozenset({row.complainant_email.lower()} if row.complainant_email else ())


def _name(row: Any) -> str:
    return row.complainant_name or row.complainant_email or ""
