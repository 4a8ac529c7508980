"""What is so once the mail server has taken a letter with a person's words in it.

Nothing of this holds while the letter waits: a case is not closed by an outcome that nobody has sent. `follows` gives
it as a `Deed`, in the words of the record. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from complaintmail.cases.concerned import LASTING
from complaintmail.cases.deeds import Change, Deed, Effect, Meet, Owe, Waive
from complaintmail.cases.post import LetterKind
from complaintmail.cases.scene import CaseNow
from complaintmail.policy.duties import owed_again
from complaintmail.policy.policy import Owed, Policy
from complaintmail.policy.windows import local_date
from complaintmail.policy.wording import long_date

# Letters whose words a person wrote to the complainant: the first of them is the first human word.
IN_PERSON = frozenset(
    {
        LetterKind.ASK, LetterKind.PROGRESS, LetterKind.CONFIRM, LetterKind.ASK_IN_WRITING, LetterKind.MEETING,
        LetterKind.REFERRED, LetterKind.WITHDRAWN, LetterKind.SETTLED, LetterKind.OUTCOME, LetterKind.APPEAL_OUTCOME,
        LetterKind.DECIDED,
    }
)  # fmt: skip
# Letters that are the answer which the policy promises.
ANSWERS = frozenset({LetterKind.OUTCOME, LetterKind.WITHDRAWN})
WAITS_FOR, CONSULTATION, CONSULTING = "waits_for", "consultation", "consulting"  # what is noted of a case on its way
IN_WRITING = "in-writing"  # a duty of nobody's: the complaint in writing is waited for


@dataclass(frozen=True, slots=True)
class Gone:
    """A letter that has gone: which, when, whose, and what its command left for now."""

    kind: LetterKind
    after: Mapping[str, Any]
    at: datetime
    by: str
    evidence: str


def follows(gone: Gone, case: CaseNow, policy: Policy) -> Deed | None:
    """What this letter's going changes; None for nothing but the credit that every word of a person's has."""
    match gone.kind:
        case LetterKind.ASK | LetterKind.CONSULT:
            return _consulted(gone, case, policy) if gone.after.get("consulted") else _waits(gone, case)
        case LetterKind.ASK_IN_WRITING:
            asked = Owe(Owed(IN_WRITING, str(gone.after.get("clause", "")), policy.first, None))
            waiting = _waits(gone, case, {IN_WRITING: True})
            return Deed("", (*waiting.effects, *(() if case.duty(IN_WRITING) else (asked,))), what="asked_in_writing")
        case LetterKind.DATED | LetterKind.EXTENDED:
            return Deed("", (), what="date_told")
        case LetterKind.SHARE:
            shared = [*(case.course.get("shared") or ()), {"with": gone.after.get("with"), "at": gone.at.isoformat()}]
            return Deed("", (Change({"course": {**case.course, "shared": shared}}),), what="shared")
        case LetterKind.PROGRESS:
            return _progressed(gone, case, policy)
        case LetterKind.DECIDED:
            return _met(gone, case, ("confirm",), "handler_confirmed")
        case LetterKind.REFERRED:
            return _referred(gone, case)
        case LetterKind.SETTLED | LetterKind.WITHDRAWN:
            return _ended(gone, case, "settled" if gone.kind is LetterKind.SETTLED else "withdrawn")
        case LetterKind.OUTCOME | LetterKind.APPEAL_OUTCOME:
            from complaintmail.cases.ending import outcome_gone

            return outcome_gone(gone, case, policy)
    return None


def _waits(gone: Gone, case: CaseNow, course: Mapping[str, Any] | None = None) -> Deed:
    """The complainant's answer is waited for, or a third party's; `course`: what else is noted on the way."""
    noted = {**case.course, WAITS_FOR: gone.after.get("consulted") or case.complainant or "", **(course or {})}
    values: dict[str, Any] = {"course": noted}
    if case.status in ("new", "open"):
        values |= {"status": "waiting", "waiting_since": gone.at}
    return Deed("", (Change(values),), what="waits" if "status" in values else "asked")


def _consulted(gone: Gone, case: CaseNow, policy: Policy) -> Deed:
    """Whom the matter touches was asked: an outcome can say so."""
    whom = str(gone.after["consulted"])
    who = "the complainant" if whom == case.complainant else whom
    asked = f"{who} was asked on {long_date(local_date(gone.at, policy.timezone))}"
    return _waits(gone, case, {CONSULTATION: consultations(case, asked), CONSULTING: whom})


def consultations(case: CaseNow, more: str) -> str:
    """Whom the matter touches was asked, and answered: so far, and what has come to it."""
    so_far = str(case.course.get(CONSULTATION) or "")
    return "; ".join(part for part in (so_far, more) if part)


def _met(gone: Gone, case: CaseNow, kinds: tuple[str, ...], what: str) -> Deed:
    duties = tuple(duty.id for duty in case.duty(*kinds))
    return Deed("", (Meet(duties, gone.at, gone.evidence),) if duties else (), what=what)


def _progressed(gone: Gone, case: CaseNow, policy: Policy) -> Deed:
    """A word in between was owed: the next is, so long after this one."""
    effects: list[Effect] = []
    if duties := tuple(duty.id for duty in case.duty("progress")):
        effects.append(Meet(duties, gone.at, gone.evidence))
    again = owed_again(policy, "progress", gone.at)
    if again is not None and duties and case.row["responded_at"] is None:
        effects.append(Owe(again))
    return Deed("", tuple(effects), what="progress_told")


def _referred(gone: Gone, case: CaseNow) -> Deed:
    where = str(gone.after.get("where", ""))
    rest = tuple(duty.id for duty in case.duties if duty.kind not in ("attend", "action", *LASTING))
    course = {**case.course, "referred_to": where}
    effects: list[Effect] = [Change({"status": "referred", "waiting_since": None, "course": course})]
    if rest:
        effects.append(Waive(rest, f"referred to {where}"))
    return Deed("", tuple(effects), what="referred", detail={"where": where, "clause": gone.after.get("clause", "")})


def _ended(gone: Gone, case: CaseNow, outcome: str) -> Deed:
    """It ended without an investigation: kept, closed, and nothing more is owed on it but what was promised."""
    if case.status == "closed" and case.row["outcome"] == outcome:
        return Deed("", (), what=f"told_{outcome}")
    met = ("acknowledge", "contact", "respond") if outcome == "withdrawn" else ()  # settled at once, none ever counted
    rest = tuple(duty.id for duty in case.duties if duty.kind not in ("action", *LASTING, *met))
    effects: list[Effect] = [
        Change({"status": "closed", "closed_at": gone.at, "outcome": outcome, "waiting_since": None})
    ]
    if done := tuple(duty.id for duty in case.duty(*met)):
        effects.append(Meet(done, gone.at, gone.evidence))
    if rest:
        effects.append(Waive(rest, f"the complaint was {outcome}"))
    return Deed("", tuple(effects), what=f"ended_{outcome}")
