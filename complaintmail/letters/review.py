"""The mail to whoever owns a policy when its review is due: the figures of the year, what repeats, what to look at in
its file. And the shorter one, when nobody has looked for long whether an outside body is still there.

Names no complainant. Nothing here reads a case or a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from complaintmail.cases.figures import Figures, Kept
from complaintmail.cases.kinds import BODIES, REVIEW
from complaintmail.letters.notice import Section
from complaintmail.letters.told import Click, Paper
from complaintmail.policy.policy import Policy
from complaintmail.policy.wording import MONTHS, long_date

FIRST_LINE = "A plain reply to this mail is kept. It is sent to nobody."
SATISFIED = {"yes": "it is settled", "no": "it is not settled"}
KEPT = {"acknowledge": "Acknowledged", "respond": "Answered"}
OUTCOMES = {"upheld": "upheld", "partly upheld": "upheld in part", "not upheld": "not upheld"}


@dataclass(frozen=True, slots=True)
class Due:
    """By when, how that came about, and what `policy check` says of the file."""

    kind: str
    on: date
    why: str
    today: date
    look_at: tuple[str, ...] = ()

    @property
    def late(self) -> bool:
        return self.on < self.today


def review(policy: Policy, due: Due, told: Figures | None) -> Paper:
    """What is due, the figures, and what to look at. `told` None: there are none to give."""
    sections = [Section("", paragraphs=tuple(_asked(policy, due)))]
    if told is not None:
        sections += _figures(policy, told)
    if due.look_at:
        sections.append(Section("Please look at this in the policy's file", items=due.look_at))
    foot = "You get this because you answer for the policy."
    return Paper(_subject(policy, due), FIRST_LINE, tuple(sections), _clicks(due), foot)


def _subject(policy: Policy, due: Due) -> str:
    what = "the review of the policy" if due.kind == REVIEW else "a look at the outside bodies of the policy"
    if due.late:
        return f"Late since {_day(due)}: {what} “{policy.title}”"
    return f"Reminder: {what} “{policy.title}” is due by {_day(due)}"


def _day(due: Due) -> str:
    return f"{long_date(due.on)}"


def _asked(policy: Policy, due: Due) -> Iterator[str]:
    tense = "was" if due.late else "is"
    if due.kind == BODIES:
        yield (
            f"The policy “{policy.title}” names places outside {policy.organisation} to which a complainant can go. "
            f"Once a year somebody looks whether they are still there, under the address that the file gives. That "
            f"{tense} due by {_day(due)}: {due.why.rstrip('.')}."
        )
        yield "Put the day on which you looked as checked_on into the policy's file, or say with the link that you did."
        return
    yield (
        f"The policy “{policy.title}” {tense} to be reviewed by {_day(due)}. How that day was counted: "
        f"{due.why.rstrip('.')}."
    )
    yield (
        "Below is how it has worked in the last year. Once it has been reviewed, say so with the link, and write below "
        "it what was decided; or put the date of the next review as review_on into the policy's file. You hear of this "
        "again until then."
    )


def _clicks(due: Due) -> tuple[Click, ...]:
    if due.kind == BODIES:
        return (Click("I have looked, and it holds", "#reviewed today"),)
    return (
        Click("It was reviewed today", "#reviewed today", "What was decided: "),
        Click("It was reviewed on another day", "#reviewed DATE", "What was decided: "),
    )


# --- Figures ---------------------------------------------------------------------------------------------------------


def _figures(policy: Policy, told: Figures) -> Iterable[Section]:
    until = told.until - timedelta(days=1)
    yield Section(
        f"The figures: {long_date(told.since)} to {long_date(until)}",
        facts=(
            ("Complaints", f"{told.received} (in the year before: {told.before}); {told.still_open} still open"),
            *((KEPT[kind], _kept(kept)) for kind, kept in told.kept),
            ("Outcomes", _listed((OUTCOMES.get(code, code), n) for code, n in told.outcomes) or "none yet"),
            ("Appeals", str(told.appeals)),
            (
                "Whether it was settled",
                _listed((SATISFIED.get(a, a), n) for a, n in told.satisfied) or "nobody has said",
            ),
            ("Praise", f"{told.praise} (in the year before: {told.praise_before})"),
            ("How they came", _listed(told.channels) or "none came"),
            ("Actions", "{} done, {} open, of them {} late".format(*told.actions)),
        ),
    )
    if told.months:
        yield Section("Month by month", items=tuple(f"{_month(month)}: {_complaints(n)}" for month, n in told.months))
    if policy.areas or len(told.areas) > 1:
        yield Section("By area", items=tuple(_area(policy, *area) for area in told.areas))
    if told.causes or told.without_cause:
        yield Section("Causes", items=tuple(_causes(told)))
    if repeats := tuple(_repeats(policy, told)):
        yield Section("What repeats", items=repeats)
    if told.learning:
        yield Section("What was learnt, and is still to be put into practice", items=told.learning)


def _kept(kept: Kept) -> str:
    said = [f"{kept.in_time} in time", f"{kept.late} late"]
    if kept.waiting:
        said.append(f"{kept.waiting} still owed" + (f", of them {kept.missed} late" if kept.missed else ""))
    return ", ".join(said)


def _listed(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{n} {words}" for words, n in counts)


def _complaints(n: int) -> str:
    return f"{n} complaint{'' if n == 1 else 's'}"


def _month(month: str) -> str:
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def _titled(policy: Policy, area: str) -> str:
    return next((one.title for one in policy.areas if one.name == area), area) or "No area"


def _area(policy: Policy, area: str, complaints: int, upheld: int, praise: int) -> str:
    return f"{_titled(policy, area)}: {_complaints(complaints)}, {upheld} upheld or in part; praise: {praise}"


def _causes(told: Figures) -> Iterator[str]:
    for cause, n, before in told.causes:
        yield f"{cause}: {n} (in the year before: {before})"
    if told.without_cause:
        yield f"no cause is recorded: {told.without_cause}"


def _repeats(policy: Policy, told: Figures) -> Iterator[str]:
    if told.people_again:
        people = "1 person has" if told.people_again == 1 else f"{told.people_again} people have"
        yield f"{people} complained more than once."
    again: Sequence[str] = [cause for cause, n, _ in told.causes if n > 1]
    if again:
        yield f"The same cause more than once: {', '.join(again)}."
    for area, n, _, _ in told.areas:
        if area and told.received > 3 and n * 2 > told.received:
            yield f"More than half of all complaints are about {_titled(policy, area)}."
    if told.words:
        yield f"Words that come back: {', '.join(f'{word} ({n})' for word, n in told.words)}."
