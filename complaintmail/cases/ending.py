"""The end of a stage: what an outcome still lacks before it may go, and what is so once it has gone.

What the policy asks for is asked for once, by name; a reason in its place is an answer too. A case is closed when the
outcome is theirs, unless the policy wants something first. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from complaintmail.cases.afterwards import Gone
from complaintmail.cases.deeds import Act, Change, Deed, Effect, Meet, Owe, Tell, Waive, Write
from complaintmail.cases.people import People
from complaintmail.cases.post import LetterKind
from complaintmail.cases.scene import CaseNow
from complaintmail.cases.whats_next import after_outcome, deemed
from complaintmail.policy.policy import Counted, Owed, Policy
from complaintmail.policy.windows import add_months, end_of_day
from complaintmail.policy.wording import long_date
from complaintmail.triage.action_lines import read_action
from complaintmail.triage.naming import who

ASKED = {
    "actions": ("Actions", "what is done about it, by whom and by when"),
    "learning": ("Learning", "what was learnt"),
    "cause": ("Cause", "what caused it"),
    "prevention": ("Prevention", "what is done so that it does not happen again"),
    "legislation": ("Legislation", "which law or guidance was taken into account"),
    "consultation": ("Consultation", "whom you consulted, and what they said"),
    "meeting": ("Meeting", "when you met or spoke with the complainant"),
    "resolution": ("Resolution", "how it was resolved"),
}
ENDS = ("respond", "appeal-answer")  # duties that the outcome meets
LAST = frozenset({"action", "attend", "data-acknowledge", "access", "appeal-acknowledge"})  # that outlive it
LEARNT_WITHIN = 3  # months until what was learnt is to be put into practice, where no day is named
_MARK = re.compile(r"\s*(?:[-*•·–]|\d{1,2}[.)])\s+")
DAYS_UNTIL_ASKED = 7  # after an outcome, whether it settled the matter


def missing(policy: Policy, case: CaseNow, given: Mapping[str, str]) -> tuple[str, ...]:
    """The lines that the policy asks for and nobody has filled in yet, each as it is to be written."""
    return lines_asked(policy, frozenset(key for key in (*ASKED, *given) if given.get(key) or recorded(case, key)))


def lines_asked(policy: Policy, there: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """What the policy asks for with an outcome, without what is there already."""
    lines: list[str] = []
    for key in policy.outcome.asks:
        if key == "considered":
            lines += [f"{prompt} " for prompt in policy.outcome.consider if prompt not in there]
        elif key not in there:
            lines.append(f"{ASKED[key][0]}: ")
    return tuple(lines)


def recorded(case: CaseNow, key: str) -> str:
    """What the case has already of a thing that an outcome needs."""
    if key == "cause":
        return str(case.row["cause"] or "")
    if key == "actions":
        return "\n".join(f"- {action.text}" for action in case.actions if action.kind == "action")
    return str(case.course.get(key) or "")


def closing_lacks(policy: Policy, case: CaseNow, given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What the policy wants before the case is closed: what, and by which clause."""
    lacks: list[tuple[str, str]] = []
    for need in policy.closing.needs:
        if need == "meeting" and not (given.get("meeting") or case.course.get("meeting")):
            lacks.append(("the meeting or talk with the complainant at the end", policy.closing.clause_of(need)))
        if need == "log":
            lacks += [(what, policy.closing.clause_of(need)) for what in _log_gaps(policy, case, given)]
    return tuple(lacks)


def _log_gaps(policy: Policy, case: CaseNow, given: Mapping[str, str]) -> list[str]:
    gaps = []
    if policy.areas and not case.row["area"]:
        gaps.append("the area (#area NAME)")
    if not (given.get("actions") or recorded(case, "actions")):
        gaps.append("the actions taken and by whom (#action)")
    if not (given.get("resolution") or recorded(case, "resolution")):
        gaps.append("how it was resolved")
    return gaps


def actions_from(words: str, policy: Policy, people: People, today: Any, by: str) -> list[dict[str, Any]]:
    """Each line of the actions as something that is to be done, by whom and until when."""
    found: list[dict[str, Any]] = []
    for line in words.split("\n"):
        if not line.strip() or line.strip().lower().startswith(("none", "n/a", "no action")):
            continue
        read = read_action(line, today)
        persons = who(read.who, people.persons) if read.who else ()
        whom = persons[0].email if len(persons) == 1 else None
        if read.text:
            day = read.by.isoformat() if read.by else None
            found.append({"text": read.text, "by": day, "who": whom or by, "kind": "action"})
    return found


def is_none(words: str) -> bool:
    """Is it said that there is nothing to say?"""
    return words.strip().lower().startswith(("none", "n/a", "not needed", "no "))


def learnt_from(words: str, policy: Policy, people: People, today: date, by: str) -> list[dict[str, Any]]:
    """Each thing that was learnt as a point of the improvement plan, with an owner and a day. Lines that begin with a
    mark or a number are points of their own; others are one."""
    if not words.strip() or is_none(words):
        return []
    found: list[dict[str, Any]] = []
    for point in _points(words):
        read = read_action(point, today)
        persons = who(read.who, people.persons) if read.who else ()
        day = read.by or add_months(today, LEARNT_WITHIN)
        whom = persons[0].email if len(persons) == 1 else by
        text = read.text if not read.problem else point
        if text:
            found.append({"text": text[:1000], "by": day.isoformat(), "who": whom, "kind": "learning"})
    return found


def _points(words: str) -> list[str]:
    points: list[str] = []
    for line in words.split("\n"):
        marked = _MARK.match(line)
        if marked is not None or not points:
            points.append(line[marked.end() :] if marked else line)
        else:
            points[-1] += f" {line.strip()}"
    return points


def outcome_gone(gone: Gone, case: CaseNow, policy: Policy) -> Deed:
    """The outcome is theirs: the stage is over."""
    after = gone.after
    appealed = gone.kind is LetterKind.APPEAL_OUTCOME
    by_post = bool(after.get("by_post"))
    given: Mapping[str, str] = after.get("given") or {}
    received = deemed(policy, gone.at, by_post=by_post)
    following = after_outcome(policy, gone.at, case.row["area"], by_post=by_post, appealed=appealed)
    course = dict(case.course) | {key: words for key, words in given.items() if key not in ("cause", "actions")}
    course["findings"] = str(after.get("findings", ""))[:4000]
    course["involved"] = sorted({*course.get("involved", ()), gone.by.lower(), *filter(None, (case.handler,))})
    points = list(after.get("points") or ())
    if points:
        course["appeal_points" if appealed else "points"] = points
    if appealed:
        course["appeal_outcome"] = after.get("decision")
    values: dict[str, Any] = {
        "outcome_at": received, "appeal_by": following.appeal_by, "course": course, "waiting_since": None,
    }  # fmt: skip
    if not appealed:
        values["outcome"] = after.get("decision")
    if given.get("cause"):
        values["cause"] = given["cause"][:2000]
    lacks = closing_lacks(policy, case, given) if not after.get("anyway") else ()
    if not lacks:
        values |= {"status": "closed", "closed_at": gone.at}
    effects: list[Effect] = [Change(values)]
    if met := tuple(duty.id for duty in case.duty(*ENDS)):
        effects.append(Meet(met, gone.at, gone.evidence))
    over = tuple(
        d.id for d in case.duties if d.kind not in LAST and d.kind not in ENDS and not (lacks and d.kind == "meeting")
    )
    if over:
        effects.append(Waive(over, "the outcome was sent"))
    effects += _actions(after.get("actions") or (), case, policy)
    if lacks:
        what = "; ".join(need for need, _ in lacks)
        effects.append(Owe(Owed("close", lacks[0][1], policy.first, None)))
        effects.append(
            Tell(
                case.handler or "",
                "lacks",
                f"The outcome has gone. The case stays open until this is recorded: {what}.",
            )
        )
    for email in after.get("copies") or ():
        effects.append(Tell(email, "copy", str(after.get("summary", ""))))
    if policy.outcome.satisfied and not appealed and not after.get("no_question") and case.complainant:
        effects.append(Write(LetterKind.SATISFIED, after={"in_days": DAYS_UNTIL_ASKED}))
    detail: dict[str, Any] = {"decision": after.get("decision"), "by_post": by_post}
    if points:
        detail["points"] = {str(point["n"]): point["finding"] for point in points}
    return Deed("", tuple(effects), what="outcome", detail=detail)


def _actions(actions: Sequence[Mapping[str, Any]], case: CaseNow, policy: Policy) -> list[Effect]:
    """What was promised in the letter or learnt, each a dated duty of its own that outlives the case."""
    effects: list[Effect] = []
    n = max((action.n for action in case.actions), default=0)
    for each in actions:
        n += 1
        effects.append(Act(None, dict(each)))
        effects.append(owe_action(policy, n, each))
    return effects


def owe_action(policy: Policy, n: int, action: Mapping[str, Any]) -> Owe:
    """The duty to do it, of whoever said they would."""
    by, learnt = action.get("by"), action.get("kind") == "learning"
    counted = None
    if by:
        day = datetime.fromisoformat(str(by)).date()
        what = "to be put into practice" if learnt else "promised for"
        counted = Counted(
            day, end_of_day(day, policy.timezone), f"{what} {'by ' * learnt}{long_date(day)}: {action['text']}"
        )
    clause = policy.outcome.clause_of("learning" if learnt else "actions")
    whom = {"name": str(action["who"]), "email": str(action["who"]), "role": "owner"} if action.get("who") else None
    return Owe(Owed("action", clause, policy.first, counted), round=n, who=whom)
