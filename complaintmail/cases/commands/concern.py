"""The command that takes back what a mail's words brought by themselves: concern off."""

from __future__ import annotations

from complaintmail.cases.commands.table import Command, Order, the_case
from complaintmail.cases.concerned import HIGH, LASTING, at_severity, outlasts
from complaintmail.cases.deeds import Change, Deed, Effect, Trouble, Waive
from complaintmail.cases.reminding import SAFEGUARDING
from complaintmail.cases.scene import CaseNow, Scene

WHICH = {"safety": ("attend",), "data": ("data-acknowledge",), "access": ("access",)}
RIGHT = ("#concern off", "#concern off safety", "#concern off data", "#concern off access")


def concern(order: Order, scene: Scene) -> Deed | Trouble:
    """Restricted, serious and the severity go back to what they were, and the duties that came with it are let go."""
    case = the_case(scene)
    off, _, rest = order.rest.strip().partition(" ")
    if off.lower() != "off":
        return Trouble("What the program saw in the mail's words can be taken back, all of it or a part.", RIGHT)
    said, _, after = rest.strip().partition(" ")
    which = said.lower().rstrip(".,:")
    reason = (after if which in WHICH else rest).strip() or " ".join(order.body.split())[:500]
    kinds = WHICH.get(which, ("attend", *LASTING))
    let_go = tuple(
        duty for duty in case.duties if duty.kind in kinds and outlasts(duty.kind, duty.role)
    )  # a question to a person that has nothing to do with it stays
    effects: list[Effect] = []
    if "attend" in kinds:
        effects += _as_before(case, scene)
    why = f"{scene.by} says that it is not so" + (f": {reason}" if reason else "")
    if let_go:
        effects.append(Waive(tuple(duty.id for duty in let_go), why))
    if not effects:
        return Trouble(f"There is nothing of that kind to take back on {case.reference}.", ("#status",))
    effects.append(Change({"course": {**case.course, "concern": why}}))
    safety = any(duty.role == SAFEGUARDING for duty in let_go)
    told = " Nobody is reminded of it any more." if safety else ""
    dates = " The date that the law gives is let go." if any(duty.kind in LASTING for duty in let_go) else ""
    return Deed(f"Noted on {case.reference}: {why}.{told}{dates}", tuple(effects), back=True, detail={"reason": reason})


def _as_before(case: CaseNow, scene: Scene) -> list[Effect]:
    row, level = case.row, scene.policy.severity
    marks = {name: False for name in ("restricted", "serious") if row[name]}
    effects: list[Effect] = [Change(marks)] if marks else []
    if marks and row["severity"] == HIGH and level != HIGH:
        effects += [Change({"severity": level}), *at_severity(case, scene.policy, level)]
    return effects


COMMANDS = (
    Command("concern", "#concern off, or #concern off safety/data/access",
            "takes back what the program saw in the mail's words: who was told, the dates of a law", concern,
            takes_text=True),
)  # fmt: skip
