"""Commands for what ends without an investigation: settled at once, withdrawn. Both are kept, and counted apart."""

from __future__ import annotations

from collections.abc import Mapping

from complaintmail.cases.commands.table import Command, Order, the_case
from complaintmail.cases.commands.writing import by_post, letter
from complaintmail.cases.concerned import LASTING
from complaintmail.cases.deeds import Change, Deed, Effect, Trouble, Waive
from complaintmail.cases.post import LetterKind
from complaintmail.cases.scene import CaseNow, Scene
from complaintmail.cases.signed import unsigned

OUTLIVES = ("action", *LASTING)  # what was promised stays owed, and what a law gives a date for
WORDS = 3  # a body of no more words than this, the signature aside, is no letter


def settled(order: Order, scene: Scene) -> Deed | Trouble:
    """Put right on the spot: closed, its clocks void. With a text, and somewhere to send it, they get it in writing."""
    case = the_case(scene)
    if case.status == "closed":
        return Trouble(f"{case.reference} is closed already.", ("#status",))
    how = order.rest.strip()
    body = order.body.strip()
    course = {**case.course, "settled": how or " ".join(body.split())[:500] or "at once"}
    values = {"course": course}
    if _has_words(body, scene) and case.row["contact"] != "never" and _reachable(case):
        return letter(
            order, scene, LetterKind.SETTLED, "the letter that it is settled", text=body, more=(Change(values),),
            after={"how": how}, what="settled",
        )  # fmt: skip
    unsent = ""
    if _has_words(body, scene) and not _reachable(case):
        unsent = " No address of theirs is known, so no letter goes: #confirm ADDRESS with a text sends one."
    return Deed(
        f"{case.reference} is closed as settled at once. Its dates no longer count.{unsent}",
        over(case, scene, "settled", values), what="settled", back=True, detail={"how": how, "text": body},
    )  # fmt: skip


def _reachable(case: CaseNow) -> bool:
    return bool(case.row["complainant_email"]) or case.row["contact"] == "post"


def _has_words(body: str, scene: Scene) -> bool:
    own = unsigned(body, scene.person.name) if scene.person else body
    return len(own.split()) > WORDS


def over(case: CaseNow, scene: Scene, outcome: str, more: Mapping[str, object]) -> tuple[Effect, ...]:
    """Closed without a letter."""
    values = {"status": "closed", "closed_at": scene.now, "outcome": outcome, "waiting_since": None, **more}
    rest = tuple(duty.id for duty in case.duties if duty.kind not in OUTLIVES)
    effects: list[Effect] = [Change(values)]
    if rest:
        effects.append(Waive(rest, f"{scene.by} says that the complaint was {outcome}"))
    return tuple(effects)


def withdrawn(order: Order, scene: Scene) -> Deed | Trouble:
    """The complainant took it back: confirmed in writing, and only then do its dates stop."""
    case = the_case(scene)
    if case.status == "closed":
        return Trouble(f"{case.reference} is closed already.", ("#status",))
    body = order.body.strip()
    if case.row["contact"] == "never" or (by_post(case.row) and not case.row["complainant_name"]):
        return Deed(
            f"{case.reference} is closed as withdrawn. They cannot be written to, so no letter confirms it.",
            over(case, scene, "withdrawn", {}), what="withdrawn", back=True,
        )  # fmt: skip
    return letter(
        order, scene, LetterKind.WITHDRAWN, "the letter that confirms it", text=body if _has_words(body, scene) else "",
        what="withdrawn",
    )  # fmt: skip


COMMANDS = (
    Command("settled", "#settled", "closes what was put right at once; a text is sent to them", settled,
            takes_text=True),
    Command("withdrawn", "#withdrawn", "confirms to the complainant that they have withdrawn it, and closes it",
            withdrawn, needs_token=True, takes_text=True),
)  # fmt: skip
