"""#recount: the open dates of a case, counted again by the policy file as it is now. They keep theirs until then."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from complaintmail.cases.commands.dating import promised_day, told_of_it
from complaintmail.cases.commands.table import Command, Order, the_case
from complaintmail.cases.deeds import Change, Deed, Effect, Redate, Trouble
from complaintmail.cases.recounting import moved
from complaintmail.cases.scene import Scene
from complaintmail.policy.wording import long_date

COLUMNS = {"acknowledge": "acknowledge_by", "respond": "respond_by"}
WHAT = {"respond": "The answer", "acknowledge": "The acknowledgement", "decide": "The decision on who deals with it"}
REASON = "our working days have changed"


def recount(order: Order, scene: Scene) -> Deed | Trouble:
    case, policy = the_case(scene), scene.policy
    if case.row["policy"] != policy.name:
        return Trouble(f"{case.reference} is under another policy than this mailbox.", ("#due DATE REASON",))
    found = moved(
        policy, case.row["received_at"], str(case.row["severity"]), case.duties, scene.now,
        agreed=bool(case.row["agreed"]),
    )  # fmt: skip
    changes: dict[str, Any] = {"policy_version": policy.version, "pauses": policy.pauses}
    effects: list[Effect] = []
    said: list[str] = []
    for one in found:
        effects.append(Redate(one.duty, one.counted))
        what = WHAT.get(one.kind, f"The {one.kind.replace('-', ' ')}")
        said.append(f"{what} is due by {long_date(one.counted.due_on)}: {one.counted.why}")
        if one.kind in COLUMNS:
            changes[COLUMNS[one.kind]] = one.counted.due_at
        if one.kind == "respond":
            before = promised_day(case, ZoneInfo(policy.timezone))
            told, more = told_of_it(scene, case, before, one.counted.due_on, REASON)
            said += [told.strip()] if told else []
            effects += more
    if not found:
        said.append("No open date of it would be another one; it counts by the present policy file from now on.")
    words = " ".join(said)
    return Deed(f"{case.reference}: {words}", (Change(changes), *effects), back=True, what="recounted")


COMMANDS = (
    Command("recount", "#recount", "counts the open dates again, by the policy file as it is now", recount),
)  # fmt: skip
