"""Commands about appeals: appeal accept/decline, involved."""

from __future__ import annotations

from complaintmail.cases.appeals import asks_next, hears, opened
from complaintmail.cases.commands.answering import reply
from complaintmail.cases.commands.table import Command, Order, the_case
from complaintmail.cases.deeds import Deed, Meet, Trouble
from complaintmail.cases.scene import CaseNow, MailNow, Scene
from complaintmail.policy.windows import local_date


def appeal(order: Order, scene: Scene) -> Deed | Trouble:
    """An appeal is taken up, or it is not: a person decides, with the dates before them."""
    case, policy = the_case(scene), scene.policy
    if policy.appeal is None:
        return Trouble(
            f"{policy.title} has no appeal stage. The case can be opened again, or you can answer.",
            ("#reopen REASON", "#reply"),
        )
    if case.status == "appealed":
        return Trouble(f"The appeal on {case.reference} is being heard.", ("#status",))
    if case.row["outcome"] is None:
        return Trouble(f"{case.reference} has no outcome yet, so there is nothing to appeal against.", ("#status",))
    said = order.rest.strip().lower().split(" ")[0].rstrip(".!,")
    if said in ("decline", "refuse", "reject", "no"):
        return _declined(order, scene)
    if said not in ("accept", "yes", "hear", ""):
        return Trouble("Is the appeal accepted or declined?", ("#appeal accept", "#appeal decline"))
    mail = _appealing(scene, case)
    received = mail.received_at if mail is not None else scene.now
    late = case.row["appeal_by"] is not None and received > case.row["appeal_by"]
    officer = hears(policy, scene.people, case, local_date(scene.now, policy.timezone))
    asked = tuple(duty.id for duty in case.duty("attend"))
    met = (Meet(asked, scene.now, f"{scene.by} took up the appeal"),) if asked else ()
    who = (
        f" {officer.name} is asked to hear it."
        if officer.name
        else " Nobody is left who could hear it: please name somebody."
    )
    came = " It came late, which is on the record." if late else ""
    effects = (*opened(case, policy, scene.people, received, scene.now, late=late), *met)
    return Deed(f"The appeal on {case.reference} is taken up.{came}{who}", effects, what="appeal_accepted",
                detail={"late": late, "reason": order.body.strip()[:2000]})  # fmt: skip


def _appealing(scene: Scene, case: CaseNow) -> MailNow | None:
    """The mail that appeals: the one that was put before them, else the last of the complainant's."""
    named = scene.word.letter.about.get("entry") if scene.word.letter else None
    theirs = [mail for mail in case.mails if mail.from_address in case.addresses]
    return next((mail for mail in theirs if mail.id == named), theirs[-1] if theirs else None)


def _declined(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    if not order.body.strip():
        return Trouble(
            "Please write below the command what the complainant is to read: why it is not taken up, and where they "
            "can go.",
            ("#appeal decline",),
        )
    written = reply(Order("reply", "", order.body), scene)
    if isinstance(written, Trouble):
        return written
    asked = tuple(duty.id for duty in case.duty("attend"))
    met = (Meet(asked, scene.now, f"{scene.by} declined the appeal"),) if asked else ()
    return Deed(
        f"The appeal on {case.reference} is not taken up. {written.said}", (*written.effects, *met),
        what="appeal_declined", detail={"text": order.body.strip()[:2000]},
    )  # fmt: skip


def involved(order: Order, scene: Scene) -> Deed | Trouble:
    """Whoever is asked to hear an appeal had a part in the first answer: somebody else is asked."""
    case = the_case(scene)
    if case.status != "appealed":
        return Trouble(f"There is no appeal on {case.reference}.", ("#status",))
    effects = asks_next(case, scene.policy, scene.people, scene.now, scene.key)
    return Deed("Thank you for saying so. Somebody else is asked.", effects, what="was_involved")


COMMANDS = (
    Command("appeal", "#appeal accept/decline", "takes up an appeal, or tells the complainant why not", appeal,
            takes_text=True),
    Command("involved", "#involved", "you had a part in the first answer: somebody else hears the appeal", involved),
)  # fmt: skip
