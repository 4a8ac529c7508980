"""Commands about what is to be done: action, done, assessment. What was promised outlives the case it came from."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from complaintmail.cases.commands.course import somebody
from complaintmail.cases.commands.table import Command, Order, the_case
from complaintmail.cases.deeds import Act, Change, Deed, Effect, Meet, Owe, Tell, Trouble
from complaintmail.cases.people import Person
from complaintmail.cases.scene import CaseNow, Scene
from complaintmail.cases.signed import unsigned
from complaintmail.policy.policy import Counted, Owed
from complaintmail.policy.windows import end_of_day
from complaintmail.policy.wording import long_date
from complaintmail.triage.action_lines import read_action

_NUMBER = re.compile(r"#?(?:no\.?\s*|number\s*)?(\d{1,4})\b[.):,;–-]*\s*", re.IGNORECASE)
RIGHT = "#action TEXT by DATE @NAME"


def action(order: Order, scene: Scene) -> Deed | Trouble:
    """Something that is to be done, by whom and until when."""
    case = the_case(scene)
    said = " ".join((order.rest.strip() or order.body.strip()).split())
    read = read_action(said, _today(scene))
    if read.problem:
        return Trouble(read.problem, (f"#action {said}",))
    if not read.text:
        return Trouble("What is to be done, by when, and who does it?", (RIGHT,))
    if read.by is None:
        who = f" @{read.who}" if read.who else ""
        return Trouble("By when is it to be done?", (f"#action {read.text} by DATE{who}",))
    if read.by < _today(scene):
        return Trouble(f"{long_date(read.by)} is past.", (f"#action {read.text} by DATE",))
    person = _whose(read.who, scene)
    if isinstance(person, Trouble):
        return replace(person, right=tuple(f"#action {read.text} by {long_date(read.by)} @{n}" for n in _names(person)))
    n = next_number(case)
    effects = _owed(scene, n, read.text, read.by, person, "action")
    return Deed(
        f"Noted as action {n} of {case.reference}: {read.text}, by {long_date(read.by)}, by {_called(person, scene)}. "
        f"#done {n} says that it is done.",
        effects, what="action", detail={"n": n, "text": read.text},
    )  # fmt: skip


def _names(trouble: Trouble) -> tuple[str, ...]:
    return tuple(line.partition(" ")[2] or "NAME" for line in trouble.right) or ("NAME",)


def _whose(said: str, scene: Scene) -> Person | Trouble | None:
    """Whose it is: who was named, else the handler, else who says so."""
    case = the_case(scene)
    person = somebody(said, scene, "#action") if said else scene.people.at(case.handler) or scene.person
    if isinstance(person, Person) and person.key in case.excluded:
        return Trouble(f"{person.name} can have no part in this case.", ("#action NAME",))
    if person is None:
        return Trouble("Who does it?", ("#action NAME",))
    return person


def _owed(scene: Scene, n: int, text: str, by: date, person: Person | None, kind: str) -> tuple[Effect, ...]:
    policy = scene.policy
    known = policy.assessment if kind == "assessment" else None
    clause = known.clause if known is not None else policy.outcome.clause_of("actions")
    counted = Counted(by, end_of_day(by, policy.timezone), f"to be done by {long_date(by)}: {text}")
    values: dict[str, Any] = {"text": text[:1000], "by": by.isoformat(), "kind": kind}
    whom = None
    if person is not None:
        values["who"] = person.email
        whom = {"name": person.name, "email": person.email, "role": "owner"}
    return Act(None, values), Owe(Owed("action", clause, policy.first, counted), round=n, who=whom)


def _called(person: Person | None, scene: Scene) -> str:
    if person is None:
        return "whoever deals with it"
    return "you" if scene.person is not None and person.key == scene.key else person.name


def next_number(case: CaseNow) -> int:
    return max((each.n for each in case.actions), default=0) + 1


def _today(scene: Scene) -> date:
    return scene.now.astimezone(ZoneInfo(scene.policy.timezone)).date()


def done(order: Order, scene: Scene) -> Deed | Trouble:
    """An action is done."""
    case = the_case(scene)
    waiting = [each for each in case.actions if each.done_at is None]
    found = _NUMBER.match(order.rest.strip())
    how = order.rest.strip()[found.end() :] if found else order.rest.strip()
    right = tuple(f"#done {each.n}" for each in waiting[:8])
    if not case.actions:
        return Trouble(f"{case.reference} has no actions.", (RIGHT,))
    if found is None and len(waiting) != 1:
        listed = "; ".join(f"{each.n}: {each.text}" for each in waiting) or "all of them are done"
        return Trouble(f"Which one is done? {listed}.", right or ("#status",))
    n = int(found[1]) if found else waiting[0].n
    which = next((each for each in case.actions if each.n == n), None)
    if which is None:
        return Trouble(f"{case.reference} has no action {n}.", right or ("#status",))
    if which.done_at is not None:
        return Trouble(f"Action {n} was done on {long_date(which.done_at.date())} already.", right or ("#status",))
    own = unsigned(order.body, scene.person.name) if scene.person else order.body
    how = how or " ".join(own.split())[:500]
    effects: list[Effect] = [Act(n, {"done_at": scene.now, "done_how": how or None})]
    if met := tuple(duty.id for duty in case.duty("action") if duty.round == n):
        effects.append(Meet(met, scene.now, f"{scene.by} says that it is done{f': {how}' if how else ''}"))
    left = len(waiting) - 1
    rest = "Nothing else is open." if not left else f"{left} more {'is' if left == 1 else 'are'} open."
    return Deed(
        f"Action {n} is done: {which.text}. {rest}", tuple(effects), what="action_done", detail={"n": n, "how": how}
    )


def assessment(order: Order, scene: Scene) -> Deed | Trouble:
    """An assessment that failed: what the policy wants done then, each with an owner and a date; who is told."""
    case, rule = the_case(scene), scene.policy.assessment
    if rule is None:
        return Trouble(
            f"{scene.policy.title} says nothing about failed assessments. Note each thing that is to be done.", (RIGHT,)
        )
    if case.course.get("assessment"):
        return Trouble(f"{case.reference} is marked as an assessment failure already.", ("#status",))
    read = read_action(f"it {order.rest.strip()}".strip(), _today(scene))
    if read.problem:
        return Trouble(read.problem, ("#assessment by DATE @NAME",))
    by = read.by or _answer_due(scene)
    if by is None or by < _today(scene):
        return Trouble("By when is it to be done?", ("#assessment by DATE @NAME",))
    person = _whose(read.who, scene)
    if isinstance(person, Trouble):
        return replace(person, right=tuple(f"#assessment by {long_date(by)} @{n}" for n in _names(person)))
    n = next_number(case)
    effects: list[Effect] = [_marked(case)]
    for ahead, text in enumerate(rule.actions):
        effects += _owed(scene, n + ahead, text, by, person, "assessment")
    told = [officer for role in rule.copies if (officer := scene.officer(role)).email]
    why = f"{scene.by} marked it as a failure in an assessment ({rule.clause})."
    effects += [Tell(str(officer.email), "assessment", why) for officer in told]
    names = ", ".join(officer.name for officer in told) or "nobody, because nobody holds that role"
    listed = "; ".join(f"{n + ahead}: {text}" for ahead, text in enumerate(rule.actions))
    return Deed(
        f"{case.reference} is marked as an assessment failure. To be done by {long_date(by)}, by "
        f"{_called(person, scene)}: {listed}. Told: {names}.",
        tuple(effects), what="assessment",
    )  # fmt: skip


def _marked(case: CaseNow) -> Effect:
    return Change({"course": {**case.course, "assessment": True}})


def _answer_due(scene: Scene) -> date | None:
    due = the_case(scene).row["respond_by"]
    return due.astimezone(ZoneInfo(scene.policy.timezone)).date() if due is not None else None


COMMANDS = (
    Command("action", "#action TEXT by DATE @WHO", "notes what is to be done, by when and by whom", action,
            takes_text=True),
    Command("done", "#done N, or #done N HOW", "says that an action is done", done, takes_text=True),
    Command("assessment", "#assessment, or #assessment by DATE @WHO",
            "marks a failure in an assessment: what the policy wants done then, and who is told", assessment),
)  # fmt: skip
