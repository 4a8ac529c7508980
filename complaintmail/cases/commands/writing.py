"""A letter with a member of staff's words in it, from any command that writes one: looked at first where an answer
would be, then on its way with the same hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from complaintmail.cases.commands.answering import crossing, first_time
from complaintmail.cases.commands.table import Order, the_case
from complaintmail.cases.deeds import Deed, Effect, ShowBack, Trouble, Write
from complaintmail.cases.post import LetterKind
from complaintmail.cases.relaying import relayable
from complaintmail.cases.scene import Scene


def letter(
    order: Order,
    scene: Scene,
    kind: LetterKind,
    called: str,
    *,
    text: str | None = None,
    needs_text: str = "",
    to: str | None = None,
    also: tuple[str, ...] = (),
    extra: Mapping[str, str] | None = None,
    after: Mapping[str, Any] | None = None,
    calendar: str = "",
    more: tuple[Effect, ...] = (),
    what: str = "",
) -> Deed | Trouble:
    """The deed that owes this letter. `called`: what it is, as in "your question"; `text`: their words, else the text
    of the mail; `needs_text`: what to say where there are none; `also`: others who get the same; `more`: what
    changes at once, whether it waits or not.
    """
    case = the_case(scene)
    if to is None and (refusal := unreachable(scene)):
        return refusal
    names = {person.email: person.name for person in scene.people.persons}
    words = order.body if text is None else text
    ready = relayable(
        words, writer_name=scene.person.name if scene.person else "", staff=names, own=scene.own,
        mailbox=scene.mailbox, complainant_name=str(case.row["complainant_name"]) if to is None else "",
    )  # fmt: skip
    said = ready.text.strip()
    if not said and needs_text:
        return Trouble(needs_text, (f"#{order.name}{' ' + order.rest.strip() if order.rest.strip() else ''}",))
    about = dict(after or {}) | ({"by": scene.by} if scene.by else {})
    write = Write(kind, said, scene.entry, to, extra=dict(extra or {}), after=about, calendar=calendar)
    others = tuple(replace(write, to=other) for other in also)
    why = () if not said else (*ready.waits, *(crossing(scene) if to is None else ()), *first_time(scene))
    if why:
        payload = {
            "kind": str(kind), "text": said, "entry": scene.entry, "to": to, "extra": write.extra, "after": about,
            "calendar": calendar, "what": what or order.name, "also": list(also),
        }  # fmt: skip
        return Deed(f"{called[:1].upper()}{called[1:]} was not sent yet.", (*more, ShowBack("letter", payload, why)))
    taken = f" Taken out: {', '.join(ready.taken_out)}." if ready.taken_out else ""
    whom = ", ".join((to, *also)) if to is not None else None
    return Deed(f"{goes(scene, called, whom)}{taken}", (*more, write, *others), what=what)


def unreachable(scene: Scene) -> Trouble | None:
    case = the_case(scene)
    if case.row["contact"] == "never":
        return Trouble(f"The complainant of {case.reference} asked not to be written to.", ("#contact email",))
    return None


def goes(scene: Scene, called: str, to: str | None = None) -> str:
    case = the_case(scene)
    whom = to or case.row["complainant_name"] or case.row["complainant_email"] or "the complainant"
    begins = f"{called[:1].upper()}{called[1:]} goes to {whom}"
    if to is None and by_post(case.row):
        return f"{called[:1].upper()}{called[1:]} is sent to you as a letter to print and to post"
    if not scene.rules.hold:
        return f"{begins} now."
    at = (scene.now + scene.rules.hold).astimezone(ZoneInfo(scene.policy.timezone))
    return f"{begins} at {at:%H:%M}. Until then #stop takes it back."


def by_post(row: Mapping[str, Any]) -> bool:
    """Is a letter to this complainant a printed one?"""
    return row["contact"] == "post" or not row["complainant_email"]
