"""Commands that say what a case is and who has it: assign, severity, area, cause, about, need, serious."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from complaintmail.cases.appeals import involved as had_part
from complaintmail.cases.commands.table import Command, Order, the_case
from complaintmail.cases.commands.writing import by_post
from complaintmail.cases.deeds import (
    Change,
    Deed,
    Effect,
    Meet,
    Owe,
    Recall,
    Redate,
    Regard,
    Reopen,
    Tell,
    Trouble,
    Waive,
    Withhold,
    Write,
)  # fmt: skip
from complaintmail.cases.people import Person
from complaintmail.cases.post import LetterKind
from complaintmail.cases.scene import Scene
from complaintmail.policy.duties import owed_by
from complaintmail.triage.naming import who

SEVERITIES = ("low", "medium", "high")


def somebody(words: str, scene: Scene, command: str) -> Person | Trouble:
    """The one member of staff meant by these words; whoever may have nothing of this case is not named either."""
    if words.strip().lower().rstrip(".!") in ("me", "myself", "to me") and scene.person is not None:
        return scene.person
    found = who(words, scene.people.persons)
    if len(found) == 1:
        person = scene.people.at(found[0].email)
        assert person is not None
        return person
    if not words.strip():
        return Trouble(f"{command} needs a name or an address.", (f"{command} NAME",))
    if not found:
        known = ", ".join(person.name for person in scene.people.persons[:12])
        return Trouble(f'Nobody here is called "{words.strip()}". These people are known: {known}.', (f"{command} ",))
    return Trouble(
        f'"{words.strip()}" may be {" or ".join(one.name for one in found)}.',
        tuple(f"{command} {one.email}" for one in found),
    )


def assign(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    person = somebody(order.rest, scene, "#assign")
    if isinstance(person, Trouble):
        return person
    if person.email.lower() in case.excluded:
        others = [one.name for one in scene.people.persons if one.email.lower() not in case.excluded]
        return Trouble(
            f"{person.name} cannot have this case: it is, or may be, about them.",
            tuple(f"#assign {n}" for n in others[:3]),
        )
    if case.status == "appealed" and person.key in had_part(case):
        others = [one.name for one in scene.people.persons if one.key not in case.excluded | had_part(case)]
        return Trouble(
            f"{person.name} had a part in the first answer on {case.reference}, so somebody else hears the appeal.",
            tuple(f"#assign {name}" for name in others[:4]),
        )
    away = f" They are away today{_deputy(person, scene)}." if person.is_away(scene.now.date()) else ""
    role = next((r for r in person.roles if scene.policy.role(r) is not None), "handler")
    handler = {"name": person.name, "email": person.email, "role": role}
    effects: list[Effect] = [Change(_moved(case.row, {"handler": handler}))]
    if decided := case.duty("decide"):
        effects.append(Meet(tuple(d.id for d in decided), scene.now, f"{scene.by} named {person.name} to deal with it"))
    told, letters = _decided(scene, person)
    effects += letters
    effects.append(Tell(person.email, "handler"))
    before = case.row["handler"]
    if before and before.get("email") and str(before["email"]).lower() != person.email.lower():
        effects.append(Tell(str(before["email"]), "taken-over", f"{person.name} deals with it from now on."))
    return Deed(f"{case.reference} is now with {person.name}.{away}{told}", tuple(effects), back=True)


def _decided(scene: Scene, person: Person) -> tuple[str, tuple[Effect, ...]]:
    """Where the policy promises it, the complainant hears once who looks into it, in that person's name."""
    case = the_case(scene)
    row, owed = case.row, owed_by(scene.policy, "confirm", scene.now, case.row["severity"])
    told = any(going.kind == LetterKind.DECIDED and going.state != "queued" for going in case.going
               if going.state != "cancelled")  # fmt: skip
    if owed is None or told or row["kind"] != "complaint" or case.status not in ("new", "open", "waiting"):
        return "", ()
    if row["contact"] == "never" or row["responded_at"] is not None:
        return "", ()
    effects: list[Effect] = [Withhold((LetterKind.DECIDED,), "somebody else looks into it")]
    if not case.duty("confirm"):
        effects.append(Owe(owed))
    effects.append(Write(LetterKind.DECIDED, after={"by": scene.by, "signs": person.email}))
    how = "is sent to you to print and to post" if by_post(row) else "goes to the complainant"
    return f" A letter in their name that says so {how}.", tuple(effects)


def _deputy(person: Person, scene: Scene) -> str:
    deputy = scene.people.at(person.deputy) if person.deputy else None
    return f", and {deputy.name} is their deputy" if deputy else ""


def _moved(row: Any, values: dict[str, Any]) -> dict[str, Any]:
    """A new case that somebody has is open."""
    return values | ({"status": "open"} if row["status"] == "new" else {})


def severity(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    said = order.rest.strip().lower().rstrip(".!")
    level = {"l": "low", "m": "medium", "h": "high", "med": "medium"}.get(said, said)
    if level not in SEVERITIES:
        return Trouble("A severity is low, medium or high.", tuple(f"#severity {one}" for one in SEVERITIES))
    before = case.row["severity"]
    effects: list[Effect] = [Change({"severity": level})]
    told = f"The severity of {case.reference} is now {level} (it was {before})."
    for duty in case.duty("respond"):
        owed = owed_by(scene.policy, "respond", case.row["received_at"], level)
        if owed is None or owed.counted is None or case.row["agreed"] or owed.counted.due_at == duty.due_at:
            continue
        if duty.due_at is not None and duty.due_at < scene.now:
            told += " The answer was already late, so its date stays as it was."
            continue
        effects += [Redate(duty.id, owed.counted), Change({"respond_by": owed.counted.due_at})]
        told += f" The answer is due by {_day(owed.counted.due_on)}: {owed.counted.why}"
    moved = any(isinstance(effect, Redate) for effect in effects)
    if moved and case.handler is not None and case.handler != scene.key:
        effects.append(Tell(str(case.row["handler"]["email"]), "moved", told))
    return Deed(told, tuple(effects), back=True)


def _day(day: Any) -> str:
    return f"{day.day} {day:%B %Y}"


def area(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    said = order.rest.strip().lower()
    if said in ("none", "no area", "unknown"):
        cleared = (Change({"area": None}), Tell("", "re-owned"))
        return Deed(f"{case.reference} belongs to no area.", cleared, back=True)
    areas = scene.policy.areas
    found = [a for a in areas if said and said in (a.name.lower(), a.title.lower())] or [
        a for a in areas if said and (a.name.lower().startswith(said) or said in a.title.lower())
    ]
    if len(found) != 1:
        known = ", ".join(a.title for a in areas) or "none; areas are named in the policy file"
        return Trouble(
            f'"{order.rest.strip()}" is no area here. The areas: {known}.', tuple(f"#area {a.name}" for a in areas[:6])
        )
    said = f"{case.reference} belongs to {found[0].title}."
    change, manager = Change({"area": found[0].name}), _manager(scene, found[0].name)
    there = replace(scene, case=replace(case, row={**case.row, "area": found[0].name}))
    given = assign(Order("assign", manager.email, ""), there) if manager is not None else None
    if not isinstance(given, Deed):
        return Deed(said, (change, Tell("", "re-owned")), back=True)
    return Deed(f"{said} {given.said}", (change, *given.effects, Tell("", "re-owned")), back=True)


def _manager(scene: Scene, area: str) -> Person | None:
    """Who deals with what is about this area, where the policy has somebody answer for it and nobody has it yet."""
    case, owed = the_case(scene), scene.policy.duty("respond")
    role = scene.policy.role(owed.role) if owed is not None else None
    if role is None or not role.by_area or case.handler is not None or case.status not in ("new", "open", "waiting"):
        return None
    on = scene.now.date()
    officer = scene.people.officer(scene.policy, role.name, area=area, on=on, without=case.excluded)
    named = scene.people.holders(scene.policy, role.name, area)
    person = scene.people.at(officer.email)
    return person if person is not None and person in named else None


def cause(order: Order, scene: Scene) -> Deed | Trouble:
    words = order.rest.strip() or order.body.strip()
    if not words:
        return Trouble("What was the cause? Please say it in a few words.", ("#cause ",))
    return Deed(f"The cause is noted: {words}", (Change({"cause": words[:2000]}),), back=True)


def about(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    words = order.rest.strip()
    nobody = words.lower().rstrip(".!") in ("nobody", "no one", "no-one", "none")
    if nobody:
        suspected = [email for email, standing in case.persons.items() if standing == "suspected"]
        names = ", ".join(_name(email, scene) for email in suspected) or "nobody"
        return Deed(
            f"{case.reference} is about no member of staff. Cleared: {names}.",
            tuple(Regard(email, "cleared") for email in suspected),
        )
    person = somebody(words, scene, "#about")
    if isinstance(person, Trouble):
        return person
    key = person.email.lower()
    effects: list[Effect] = [Regard(key, "complained about")]
    waiting = tuple(going.id for going in case.going if going.state == "queued" and going.author.lower() == key)
    if waiting:
        effects.append(Recall(waiting))
    told = f"{case.reference} is about {person.name}, who gets nothing of it from now on."
    if case.handler == key:
        effects += [Change({"handler": None, "status": "new"}), Reopen("decide")]
        effects.append(Withhold((LetterKind.DECIDED,), f"it is about {person.name}"))
        if owed := tuple(duty.id for duty in case.duty("confirm")):
            effects.append(Waive(owed, f"{person.name} does not deal with it any more"))
        told += " They dealt with it until now, so somebody else has to be named: #assign NAME"
    effects.append(Tell("", "re-owned"))
    return Deed(told, tuple(effects))


def _name(email: str, scene: Scene) -> str:
    person = scene.people.at(email)
    return person.name if person else email


def need(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    words = order.rest.strip() or order.body.strip()
    if not words:
        return Trouble("What do they need? For example large print, or a phone call instead of mail.", ("#need ",))
    needs = [*(case.row["needs"] or ()), words[:300]]
    return Deed(f"Noted for every mail on {case.reference}: they need {words}", (Change({"needs": needs}),), back=True)


def serious(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    role = scene.policy.serious or scene.policy.owner
    area = str(case.row["area"]) if case.row["area"] else None
    told = [one for one in scene.people.holders(scene.policy, role, area) if one.key not in case.excluded]
    emails = [one.email for one in told] or [email for email in (scene.officer(role).email,) if email]
    names = ", ".join(_name(email, scene) for email in emails) or "nobody, because nobody holds that role"
    tell = tuple(Tell(email, "serious", f"{scene.by} marked it as serious.") for email in emails)
    return Deed(
        f"{case.reference} is marked as serious. Told at once: {names}.", (Change({"serious": True}), *tell), back=True
    )


def restrict(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    return Deed(
        f"{case.reference} is restricted: lists and digests name nobody.", (Change({"restricted": True}),), back=True
    )


def mine(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    attends = tuple(duty.id for duty in case.duty("attend"))
    return Deed(
        f"Thank you. It is noted that you are seeing to {case.reference}.",
        (Meet(attends, scene.now, f"{scene.by} is seeing to it"),) if attends else (),
    )


COMMANDS = (
    Command("assign", "#assign me, or #assign NAME", "names who deals with the case; they get everything", assign),
    Command("severity", "#severity low/medium/high", "sets how serious it is, and moves what depends on it", severity,
            also=("priority",)),
    Command("area", "#area NAME, or #area none", "sets which part of the organisation it is about", area),
    Command("cause", "#cause TEXT", "notes what caused it", cause, takes_text=True),
    Command("about", "#about NAME, or #about nobody",
            "this member of staff is complained about and gets nothing of it from now on", about),
    Command("need", "#need TEXT", "notes an access need: large print, phone, interpreter, advocate", need,
            takes_text=True),
    Command("serious", "#serious", "marks a serious case and tells at once whom the policy names for that", serious),
    Command("restrict", "#restrict", "keeps names out of lists and digests", restrict),
    Command("mine", "#mine", "says that you are seeing to it", mine),
)  # fmt: skip
