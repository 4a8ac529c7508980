"""A policy in plain English, clause by clause: what it says, what is done for it, by which day, and how it is read.

Everything is derived from the policy's file; the days are counted from one day, and each has the sentence that says
how it was counted. Nothing here decides anything.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from complaintmail.policy.contents import SEVERITIES, STARTS
from complaintmail.policy.duties import calendar_of, window_of
from complaintmail.policy.keeping import kept_by
from complaintmail.policy.mechanisms import MECHANISMS
from complaintmail.policy.policy import Clause, Duty, Policy, Reading, Referral
from complaintmail.policy.stages import ASKS, NEEDS
from complaintmail.policy.windows import count_from
from complaintmail.policy.wording import joined

DOES = {
    "acknowledge": "sees to it that the complaint is acknowledged",
    "decide": "decides who deals with it, and how",
    "confirm": "tells the complainant, in their own name, that they deal with it",
    "set-date": "sets the date of the answer, and the complainant is told it",
    "contact": "speaks with the complainant",
    "respond": "answers the complaint",
    "progress": "tells the complainant how far it is, as long as there is no outcome",
    "appeal-acknowledge": "acknowledges the appeal",
    "appeal-answer": "answers the appeal",
    "access": "hands over what is recorded about the person who asks",
    "data-acknowledge": "acknowledges a complaint about how personal data is used",
    "action": "does what was decided",
    "consult": "asks whom the matter touches",
    "meeting": "meets or speaks with the complainant",
    "satisfaction": "asks whether the answer settled the matter",
    "report": "hands in the record of what was done",
    "review": "looks over every case, open and closed",
}
NUMBERED = re.compile(r"(duty|referral) (\d+) ")


@dataclass(frozen=True, slots=True)
class WorkedDate:
    """One window counted from the day that was asked for."""

    what: str  # the duty's kind
    severity: str  # '' where it is the same for all
    starts: str  # what opens it
    due_on: date
    why: str


@dataclass(frozen=True, slots=True)
class Explained:
    clause: Clause
    does: tuple[str, ...]
    dates: tuple[WorkedDate, ...]
    readings: tuple[Reading, ...]


def explain(policy: Policy, day: date, missing: Collection[str] = ()) -> tuple[Explained, ...]:
    """Each clause of the policy, in its order. `day`: the day from which its windows are counted. `missing`: the
    mechanisms that this version does not have, or not whole."""
    kept = kept_by(policy)
    return tuple(
        Explained(
            clause,
            tuple(_does(policy, place, missing) for place in _once(policy, kept[clause.id])),
            tuple(_dates(policy, clause, day)),
            tuple(reading for reading in policy.readings if reading.clause == clause.id),
        )
        for clause in policy.clauses
    )


def _once(policy: Policy, places: Sequence[str]) -> Iterator[str]:
    """What the letter tells is said once, also where the file names the clause for each part of it."""
    told = {f"outcome.{each}" for each in policy.outcome.tells if each not in policy.outcome.asks}
    yield from (place for place in places if place not in told or "outcome.tells" not in places)


def our_settings(policy: Policy) -> tuple[str, ...]:
    """What the policy's text leaves open and this file settles."""
    found = [f"{sentence_of(policy, duty)} ({duty.clause})" for duty in policy.duties if duty.ours]
    found.append(f"A letter by post counts as received {policy.post_takes} after it was posted.")
    found.append(f"A complaint is taken to be of {policy.severity} severity until somebody says otherwise.")
    waiting = "stand still" if policy.pauses else "go on"
    found.append(f"While an answer of the complainant's is waited for, the days {waiting}.")
    if policy.retention is None:
        found.append("Nothing is ever erased: this file names no time after which a closed case would be.")
    else:
        found.append(f"The papers of a case are to be kept for {policy.retention} after it is closed.")
    if policy.duty("appeal") is None and policy.appeal is not None:
        found.append("An appeal may come at any time: this file names no window.")
    return tuple(found)


def sentence_of(policy: Policy, duty: Duty) -> str:
    """One duty, as a person would tell it."""
    start = STARTS.get(duty.starts, duty.starts)
    if duty.kind == "appeal":
        return f"The complainant may appeal {_window(duty, start)}."
    words = f"{_title(policy, duty.role)}: {DOES.get(duty.kind, duty.kind)}"
    words += f", {_window(duty, start)}" if duty.within or duty.by_severity else ""
    if not duty.within and not duty.by_severity:
        words += ", by the day that a person sets" if duty.kind == "respond" else ""
    words += f", and again every {duty.repeats}" if duty.repeats else ""
    words += ", for complaints in writing" if duty.needs_writing else ""
    words += "; an end on a day that nobody works moves to the next working day" if duty.rolls_forward else ""
    words += f". Where they may not, it is for: {_title(policy, duty.alternate)}" if duty.alternate else ""
    by_itself = " The letter goes at once, by itself." if duty.kind == "acknowledge" else ""
    return f"{words}.{by_itself}"


def _window(duty: Duty, start: str) -> str:
    if duty.by_severity:
        return f"within {joined([f'{span} when {level}' for level, span in duty.by_severity])}, from {start}"
    if duty.within is not None and duty.within.amount == 0:
        return "on the same day, or on the next one that is worked"
    return f"within {duty.within} of {start}" if duty.within else "at any time"


def _title(policy: Policy, role_name: str) -> str:
    role = policy.role(role_name)
    return role.title if role else role_name


def _dates(policy: Policy, clause: Clause, day: date) -> Iterator[WorkedDate]:
    for duty in policy.duties:
        if duty.clause != clause.id:
            continue
        for severity in SEVERITIES if duty.by_severity else ("",):
            span, _ = window_of(policy, duty, severity or policy.severity)
            if span is None:
                continue
            counted = count_from(
                span,
                day,
                calendar_of(policy),
                policy.timezone,
                day_zero=STARTS.get(duty.starts, duty.starts),
                rolls_forward=duty.rolls_forward,
            )
            why = f"{counted.why} Note: {counted.warning}." if counted.warning else counted.why
            yield WorkedDate(duty.kind, severity, duty.starts, counted.due_on, why)


def _does(policy: Policy, place: str, missing: Collection[str]) -> str:
    """What is done at a place of `kept_by`."""
    numbered = NUMBERED.match(place)
    if numbered is not None and numbered[1] == "duty":
        duty = policy.duties[int(numbered[2]) - 1]
        return f"{sentence_of(policy, duty)}{' Our setting: the policy leaves the time open.' if duty.ours else ''}"
    if numbered is not None:
        return _referral(policy.referrals[int(numbered[2]) - 1])
    stage, _, key = place.partition(".")
    match stage:
        case "outcome":
            return _outcome(policy, key)
        case "closing":
            return f"A case is closed only once {NEEDS[key]}."
        case "praise" if key == "board":
            keeper = _title(policy, policy.praise.keeper) if policy.praise and policy.praise.keeper else ""
            by = f"the {keeper}" if keeper else "somebody"
            return f"Praise hangs on a board, without names, once {by} has looked at the words and said yes."
        case _ if place.startswith("by "):
            name = place.removeprefix("by ")
            return MECHANISMS[name].does + (" This version does not do that yet." if name in missing else "")
        case _:
            return _stage(policy, stage)


def _referral(referral: Referral) -> str:
    known = "What our own staff write" if referral.staff else f"A mail that names {_either(referral.words)}"
    then = (
        f"the mail is passed on to {referral.address} and its sender told" if referral.address else "the sender is told"
    )
    return f"{known} may belong to {referral.to}: a member of staff is asked, and on their word {then}."


def _either(words: Sequence[str]) -> str:
    """a, b or c"""
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _outcome(policy: Policy, key: str) -> str:
    outcome = policy.outcome
    match key:
        case "copies":
            titles = joined([_title(policy, role) for role in outcome.copies])
            return f"Once the outcome has gone, a summary without names goes to: {titles}."
        case "satisfied":
            return "After the outcome the complainant is asked whether it settled the matter; the answer is recorded."
        case "tells":
            return f"The letter with the outcome tells {'; '.join(ASKS[told] for told in outcome.tells)}."
        case "consider":
            return f"Whoever writes the outcome answers a line each: {' '.join(outcome.consider)}"
        case _ if key in outcome.asks:
            return f"Whoever writes the outcome is asked for {ASKS[key]}; it goes only with that, or with a reason."
        case _:
            return f"The letter with the outcome tells {ASKS[key]}."


def _stage(policy: Policy, stage: str) -> str:
    if stage == "appeal" and policy.appeal is not None:
        appeal = policy.appeal
        words = f"An appeal is heard by: {_title(policy, appeal.role)}."
        if appeal.alternate:
            words += f" Where they had a part in the answer: {_title(policy, appeal.alternate)}."
        words += f" After that: {_title(policy, appeal.next)}." if appeal.next else ""
        return words if appeal.within else words + " The complainant may appeal at any time."
    if stage == "end" and policy.end is not None:
        times = {0: "never", 1: "once at most", 2: "twice at most"}.get(
            policy.end.answers, f"{policy.end.answers} times at most"
        )
        return f"Further mail on a finished matter is kept and shown to the policy's owner, and answered {times}."
    if stage == "assessment" and policy.assessment is not None:
        told = joined([_title(policy, role) for role in policy.assessment.copies])
        actions = "; ".join(policy.assessment.actions)
        return f"A case marked as a failed assessment gets these actions: {actions}." + (
            f" Told: {told}." if told else ""
        )
    if stage == "praise" and policy.praise is not None:
        by = _title(policy, policy.praise.passes_to) if policy.praise.passes_to else "whoever gets new complaints"
        return f"Praise goes at once to the staff whom it names; where it names nobody for certain, handed on by: {by}."
    if stage == "log":
        return f"The log can be had with the columns of the policy: {joined([name for name, _ in policy.log.columns])}."
    if stage == "share" and policy.share is not None:
        return (
            f"A summary without names may be shared with {joined(policy.share.whom)}, on the word of a member of staff."
        )
    return ""
