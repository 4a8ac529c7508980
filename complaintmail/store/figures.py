"""The rows from which a policy's figures are counted: its cases of a time and the time before, what was owed on them,
what was promised. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from complaintmail.cases.figures import ANSWERS, ActionRow, CaseRow, DutyRow, Figures, figures
from complaintmail.cases.kinds import PAUSABLE
from complaintmail.cases.people import People
from complaintmail.policy.policy import Policy
from complaintmail.store import schema

case, duty, action, person = schema.case, schema.obligation, schema.case_action, schema.case_person
AT_ONCE = 500


def figures_of(
    connection: Connection, policy: Policy, people: People, reader: str, since: date, until: date, now: datetime
) -> Figures:
    """The figures of this policy from `since` to before `until`, for this member of staff."""
    zone = ZoneInfo(policy.timezone)
    first = datetime.combine(since - (until - since), time(), zone)
    rows = list(_cases(connection, policy, reader.lower(), first, now))
    told = {row.id for row in rows if row.told}
    ids = [row.id for row in rows]
    waiting = _waiting(connection, policy) if policy.pauses else frozenset()
    return figures(
        rows,
        list(_duties(connection, ids, waiting)),
        list(_actions(connection, ids, told)),
        since=since,
        until=until,
        now=now,
        zone=zone,
        names=[one.name for one in people.persons],
    )


def _cases(connection: Connection, policy: Policy, reader: str, first: datetime, now: datetime) -> Iterator[CaseRow]:
    c = case.c
    columns = (c.id, c.kind, c.sure, c.received_at, c.area, c.channel, c.outcome, c.cause, c.complainant_email)
    asked = select(*columns, c.subject, c.summary, c.course, c.closed_at, c.restricted).where(
        c.policy == policy.name, c.received_at >= first, c.received_at <= now
    )
    rows = connection.execute(asked.order_by(c.id)).all()
    hidden = _hidden(connection, reader, [row.id for row in rows])
    for row in rows:
        course = row.course or {}
        satisfied = (course.get("satisfied") or {}).get("answer")
        who = (row.complainant_email or "").lower()
        yield CaseRow(
            id=row.id,
            kind=row.kind,
            sure=bool(row.sure),
            received_at=row.received_at,
            area=row.area or "",
            channel=row.channel,
            outcome=row.outcome or "",
            cause=row.cause or "",
            who=who,
            words=f"{row.subject} {row.summary}",
            satisfied=str(satisfied or ""),
            open=row.closed_at is None,
            appealed=bool(course.get("appealed_at")) or row.kind == "appeal",
            told=not (row.restricted or row.id in hidden or who == reader),
        )


def _waiting(connection: Connection, policy: Policy) -> frozenset[int]:
    """The cases whose days stand still, where this policy lets them."""
    asked = select(case.c.id).where(case.c.policy == policy.name, case.c.status == "waiting")
    return frozenset(connection.scalars(asked))


def _hidden(connection: Connection, reader: str, ids: Sequence[int]) -> frozenset[int]:
    """The cases of which this person may know nothing."""
    asked = select(person.c.case_id).where(person.c.email == reader, person.c.standing != "cleared")
    return frozenset(connection.scalars(asked)) & frozenset(ids)


def _duties(connection: Connection, ids: Sequence[int], waiting: Collection[int]) -> Iterator[DutyRow]:
    columns = (duty.c.case_id, duty.c.kind, duty.c.state, duty.c.due_at, duty.c.met_at)
    for some in _in_parts(ids):
        asked = select(*columns).where(duty.c.case_id.in_(some), duty.c.kind.in_(ANSWERS), duty.c.state != "void")
        for row in connection.execute(asked):
            yield DutyRow(*row, still=row.case_id in waiting and row.kind in PAUSABLE)


def _actions(connection: Connection, ids: Sequence[int], told: Collection[int]) -> Iterator[ActionRow]:
    a = action.c
    columns = (a.case_id, a.kind, a.text, a.by, a.who, a.done_at)
    for some in _in_parts(ids):
        for of, kind, text, by, who, done_at in connection.execute(select(*columns).where(a.case_id.in_(some))):
            yield ActionRow(of, kind, text, by, who, done_at is not None, of in told)


def _in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))
