"""What in a policy file cannot be kept together, though each line of it is well formed.

Windows that end in the wrong order, an appeal that nobody answers, a promise that nothing keeps, days on which
nobody is there. Windows are compared by counting them from every day of the coming year, so that working days,
calendar days and months are measured alike, with the policy's own holidays and closures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from complaintmail.policy.calendar import ONE_DAY, WorkingCalendar
from complaintmail.policy.contents import SEVERITIES
from complaintmail.policy.duties import calendar_of, window_of
from complaintmail.policy.finding import Finding
from complaintmail.policy.keeping import kept_by
from complaintmail.policy.policy import Duty, Policy, Span, Unit
from complaintmail.policy.windows import add_months
from complaintmail.policy.wording import long_date

A_YEAR = 365
# What must not end after what, when both run from the same day.
BEFORE = (
    ("acknowledge", "respond", "the acknowledgement would come after the answer"),
    ("decide", "respond", "it would be decided who answers after the answer is due"),
    ("set-date", "respond", "the date of the answer would be set after it"),
    ("contact", "respond", "the first contact would come after the answer"),
    ("progress", "respond", "the first progress letter would come after the answer was due"),
    ("appeal-acknowledge", "appeal-answer", "the acknowledgement would come after the answer"),
)
OPENED_BY = {
    "appeal": "outcome",
    "appeal-acknowledge": "appeal",
    "appeal-answer": "appeal",
    "access": "access-request",
    "data-acknowledge": "data-complaint",
}
LAW = {
    "data-acknowledge": (30, "the law gives 30 days to acknowledge a complaint about personal data"),
    "access": (31, "the law gives one month to answer a request for personal data"),
}
BY_ITSELF = frozenset({"acknowledge", "appeal", "appeal-acknowledge", "data-acknowledge"})  # no person has to work


def contradictions(policy: Policy, today: date) -> tuple[Finding, ...]:
    year = _Year(policy, today)
    return (
        *_order(policy, year),
        *_severities(policy, year),
        *_starts(policy),
        *_law(policy),
        *_nobody_there(policy, year),
        *_appeals(policy),
        *_outcome(policy),
        *_unkept(policy),
    )


def place_of(policy: Policy, duty: Duty, key: str = "") -> str:
    """As messages name it: duty 3 (respond).within"""
    number = next((n for n, one in enumerate(policy.duties, start=1) if one is duty), 0)
    return f"duty {number} ({duty.kind}){'.' if key else ''}{key}"


class _Year:
    """Every day of the coming year as the day from which windows run."""

    def __init__(self, policy: Policy, today: date) -> None:
        self.calendar = calendar_of(policy)
        self.starts = [today + ahead * ONE_DAY for ahead in range(A_YEAR)]
        self._ends: dict[Span, list[date]] = {}

    def ends(self, span: Span) -> list[date]:
        if span not in self._ends:
            self._ends[span] = [last_day(span, start, self.calendar) for start in self.starts]
        return self._ends[span]

    def ends_after(self, early: Span, late: Span) -> list[date]:
        """The days from which the window that should end first ends last."""
        ends = zip(self.starts, self.ends(early), self.ends(late), strict=True)
        return [start for start, a, b in ends if a > b]

    def nobody_works(self, span: Span) -> list[date]:
        """The days from which a window is over before a day comes on which somebody works."""
        ends = zip(self.starts, self.ends(span), strict=True)
        return [start for start, end in ends if self.calendar.add_working_days(start, 1)[0] > end]


def last_day(span: Span, start: date, calendar: WorkingCalendar) -> date:
    match span.unit:
        case Unit.WORKING_DAYS:
            return calendar.add_working_days(start, span.amount)[0]
        case Unit.DAYS:
            return start + span.amount * ONE_DAY
        case _:
            return add_months(start, span.amount * (12 if span.unit is Unit.YEARS else 1))


def _levels(*duties: Duty) -> tuple[str, ...]:
    return SEVERITIES if any(duty.by_severity for duty in duties) else ("",)


def _window(policy: Policy, duty: Duty, severity: str) -> Span | None:
    return window_of(policy, duty, severity or policy.severity)[0]


def _order(policy: Policy, year: _Year) -> Iterator[Finding]:
    """Windows that end in the wrong order; what is so on some days or at one severity only can be lived with."""
    for first_kind, last_kind, what in BEFORE:
        first, last = policy.duty(first_kind), policy.duty(last_kind)
        if first is None or last is None or first.starts != last.starts:
            continue
        wrong = []
        always = True
        for severity in _levels(first, last):
            early, late = _window(policy, first, severity), _window(policy, last, severity)
            days = year.ends_after(early, late) if early is not None and late is not None else []
            always = always and len(days) == A_YEAR
            if days:
                at = f" at severity {severity}" if severity else ""
                when = f" when they run from {long_date(days[0])}" if len(days) < A_YEAR else ""
                wrong.append(f'"{early}" ends later than the "{late}" of {last_kind}{at}{when}')
        if wrong:
            place = place_of(policy, first, "by_severity" if first.by_severity else "within")
            yield Finding(place, f"{'; '.join(wrong)}: {what}", grave=always)


def _severities(policy: Policy, year: _Year) -> Iterator[Finding]:
    for duty in policy.duties:
        for (less, longer), (more, shorter) in pairwise(duty.by_severity):
            if year.ends_after(shorter, longer):
                words = f'{more} has "{shorter}" and {less} "{longer}": the more serious one would wait longer'
                yield Finding(place_of(policy, duty, "by_severity"), words, grave=True)


def _starts(policy: Policy) -> Iterator[Finding]:
    for duty in policy.duties:
        due = OPENED_BY.get(duty.kind)
        if due is not None and duty.starts != due:
            words = f'starts from {duty.starts}, and is opened by something else: write starts = "{due}"'
            yield Finding(place_of(policy, duty, "starts"), words, grave=True)
        if duty.alternate and duty.alternate == duty.role:
            words = f'"{duty.alternate}" is the role that may not do it: name another one'
            yield Finding(place_of(policy, duty, "alternate"), words, grave=True)
    if policy.duty("respond") is None:
        yield Finding("duty", 'one with kind = "respond" is missing: nobody is asked to answer a complaint')


def _law(policy: Policy) -> Iterator[Finding]:
    for kind, (most, law) in LAW.items():
        duty = policy.duty(kind)
        if duty is None:
            continue
        if duty.within is None:
            yield Finding(place_of(policy, duty, "within"), f"is missing: {law}", grave=True)
        elif (last_day(duty.within, date(2026, 1, 1), calendar_of(policy)) - date(2026, 1, 1)).days > most:
            yield Finding(place_of(policy, duty, "within"), f'"{duty.within}" is too long: {law}', grave=True)
    if policy.duty("data-acknowledge") is None:
        yield Finding("duty", f'one with kind = "data-acknowledge" is missing: {LAW["data-acknowledge"][1]}')


def _nobody_there(policy: Policy, year: _Year) -> Iterator[Finding]:
    """Windows that end before a working day comes: nobody is there to keep them, and no reminder can be met."""
    for duty in policy.duties:
        if duty.kind in BY_ITSELF or duty.rolls_forward:
            continue
        for severity in _levels(duty):
            span = _window(policy, duty, severity)
            if span is None or span.unit is Unit.WORKING_DAYS or not (days := year.nobody_works(span)):
                continue
            at = f" at severity {severity}" if severity else ""
            words = f'"{span}"{at} is over before anybody works again on {len(days)} of the next {A_YEAR} days'
            words += f", first from {long_date(days[0])}: no reminder could be met then; have somebody there"
            yield Finding(place_of(policy, duty, "by_severity" if severity else "within"), words)


def _appeals(policy: Policy) -> Iterator[Finding]:
    appeal, answer = policy.appeal, policy.duty("appeal-answer")
    if appeal is None:
        for duty in policy.duties:
            if OPENED_BY.get(duty.kind) in ("outcome", "appeal"):
                words = "there is no [appeal], so it is never opened: say who hears an appeal, or leave it out"
                yield Finding(place_of(policy, duty), words, grave=True)
        if re.search(r"\bappeal", policy.if_unhappy, re.IGNORECASE):
            yield Finding("letters.if_unhappy", "promises an appeal, and there is no [appeal] in this file", grave=True)
        return
    if answer is None:
        words = 'nobody owes an answer to it: add a [[duty]] with kind = "appeal-answer" and starts = "appeal"'
        yield Finding("appeal", words, grave=True)
    elif answer.role != appeal.role:
        words = f'"{appeal.role}" hears it, and the duty "appeal-answer" is owed by "{answer.role}": which one?'
        yield Finding("appeal.role", words, grave=True)
    respond = policy.duty("respond")
    if respond is not None and respond.role == appeal.role and not appeal.alternate:
        words = f'"{appeal.role}" answers complaints too and would judge their own answer: write alternate = "…"'
        yield Finding("appeal.role", words)


def _outcome(policy: Policy) -> Iterator[Finding]:
    outcome = policy.outcome
    for asked in (
        *outcome.asks,
        *(["copies"] if outcome.copies else []),
        *(["satisfied"] if outcome.satisfied else []),
    ):
        if not outcome.clause_of(asked):
            place = "outcome.asks" if asked in outcome.asks else f"outcome.{asked}"
            yield Finding(place, f'no clause is named for "{asked}": add {asked} = "…" to clauses')
    for told in outcome.tells:
        # Actions are recorded as they are decided; everything else is known only when somebody is asked for it.
        if told not in outcome.asks and told != "actions":
            yield Finding("outcome.tells", f'nobody is asked for "{told}", which the letter is to tell: add it to asks')


def _unkept(policy: Policy) -> Iterator[Finding]:
    kept = kept_by(policy)
    for number, clause in enumerate(policy.clauses, start=1):
        if not kept[clause.id]:
            words = 'nothing here keeps it: name it in a duty or a stage, or write by = "…" for what the program does'
            yield Finding(f"clause {number} ({clause.id})", words)
