"""Where a complainant can go after our answer, as the policy has it: an appeal with its last day, then outside bodies.

Pure. A body that has closed is never named; one that serves other areas than the case's is not named either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from complaintmail.policy.duties import counts_as_received, owed_from, window_of
from complaintmail.policy.policy import OutsideBody, Policy
from complaintmail.policy.windows import end_of_day, local_date
from complaintmail.policy.wording import long_date

NATIONS = {
    "england": "England", "wales": "Wales", "scotland": "Scotland", "northern-ireland": "Northern Ireland",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WhatsNext:
    """For a letter, in words; '' where there is nothing."""

    appeal_to: str = ""
    appeal_within: str = ""
    last_day: str = ""
    appeal_by: datetime | None = None
    next_body: str = ""
    next_contact: str = ""

    def extra(self) -> dict[str, str]:
        names = ("appeal_to", "appeal_within", "last_day", "next_body", "next_contact")
        return {name: value for name in names if (value := getattr(self, name))}


def after_outcome(policy: Policy, sent_at: datetime, area: str | None, *, by_post: bool, appealed: bool) -> WhatsNext:
    """What the final letter of this stage says about the next one."""
    appeal = policy.appeal
    if appealed:
        body, contact = _bodies(policy, area, appeal.next if appeal else "")
        return WhatsNext(next_body=body, next_contact=contact)
    if appeal is None:
        body, contact = _bodies(policy, area, "")
        return WhatsNext(next_body=_with_ladder(policy, body), next_contact=contact)
    received = counts_as_received(policy, sent_at, by_post=by_post)
    last = last_day(policy, received)
    role = policy.role(appeal.role)
    answer = policy.duty("appeal-answer")
    within = window_of(policy, answer, policy.severity)[0] if answer is not None else None
    body, contact = _bodies(policy, area, appeal.next) if appeal.next else ("", "")
    return WhatsNext(
        appeal_to=f"our {role.title}" if role else "somebody who had no part in this answer",
        appeal_within=str(within) if within else "",
        last_day=long_date(last) if last else "",
        appeal_by=end_of_day(last, policy.timezone) if last else None,
        next_body=body,
        next_contact=contact,
    )


def last_day(policy: Policy, received: date) -> date | None:
    """The last day of an appeal in time; None where the policy sets none."""
    owed = owed_from(policy, "appeal", received, policy.severity)
    if owed is not None and owed.counted is not None:
        return owed.counted.due_on
    if policy.appeal is None or policy.appeal.within is None:
        return None
    from complaintmail.policy.duties import calendar_of
    from complaintmail.policy.windows import count_from

    return count_from(policy.appeal.within, received, calendar_of(policy), policy.timezone).due_on


def deemed(policy: Policy, sent_at: datetime, *, by_post: bool) -> datetime:
    """The moment from which a letter counts as received."""
    if not by_post:
        return sent_at
    day = counts_as_received(policy, sent_at, by_post=True)
    return end_of_day(day, policy.timezone) if day != local_date(sent_at, policy.timezone) else sent_at


def _bodies(policy: Policy, area: str | None, named: str) -> tuple[str, str]:
    """Who they are and how to reach them."""
    role = policy.role(named) if named else None
    if role is not None:
        return f"our {role.title}", ""
    known_areas = {each.name for each in policy.areas}
    fit = [body for body in policy.bodies if body.closed_on is None and _fits(body, area, known_areas)]
    if named and policy.body(named) is not None:
        narrower = [body for body in fit if body.serves and set(body.serves) & known_areas]
        fit = narrower or [body for body in fit if body.name == named] or fit
    names = [_named(body) for body in fit]
    said = " or ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)
    contact = "; ".join(f"{body.name}: {body.contact}" if len(fit) > 1 else body.contact for body in fit)
    return said, contact


def _fits(body: OutsideBody, area: str | None, areas: set[str]) -> bool:
    own = set(body.serves) & areas
    return not own or (area is not None and area in own)


def _named(body: OutsideBody) -> str:
    where = [NATIONS[each] for each in body.serves if each in NATIONS]
    return f"{body.name} (for {' and '.join(where)})" if where else _article(body.name)


def _article(name: str) -> str:
    """ "The awarding organisation" inside a sentence."""
    return f"the {name[4:]}" if name.startswith("The ") else name


def _with_ladder(policy: Policy, bodies: str) -> str:
    """Where no appeal is promised, the next rung of the policy's ladder, and then outside bodies."""
    above = [role for name in policy.ladder[1:] if (role := policy.role(name)) is not None]
    rung = f"our {above[0].title}" if above else ""
    return " and to ".join(part for part in (rung, bodies) if part)
