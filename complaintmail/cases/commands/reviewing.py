"""#reviewed: whoever owns a policy says that it was reviewed, on which day, and what was decided."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from complaintmail.cases.commands.answering import when
from complaintmail.cases.commands.table import Command, Order
from complaintmail.cases.deeds import Deed, Meet, Trouble
from complaintmail.cases.scene import Scene
from complaintmail.cases.signed import unsigned
from complaintmail.policy.wording import long_date

ASKED = "What was decided:"


def reviewed(order: Order, scene: Scene) -> Deed | Trouble:
    """It answers the mail that asked for it: that says which review."""
    about = scene.word.letter.about if scene.word.letter else {}
    if not isinstance(about.get("duty"), int) or not about.get("review"):
        return Trouble("Which review? Please answer the mail that asks for it.", ("#reviewed today",))
    found = when(order, scene, past=True)
    if isinstance(found, Trouble):
        return found
    day, more = found
    zone = ZoneInfo(scene.policy.timezone)
    today = scene.now.astimezone(zone).date()
    if day > today:
        return Trouble(f"{long_date(day)} has not come yet.", ("#reviewed today",))
    body = unsigned(order.body, scene.person.name) if scene.person else order.body
    decided = "\n".join(part for part in (more, body.strip().removeprefix(ASKED).strip()) if part)
    at = scene.now if day == today else datetime.combine(day, time(12), tzinfo=zone).astimezone(UTC)
    what = "The policy was reviewed" if about["review"] == "policy-review" else "The outside bodies were looked at"
    return Deed(
        f"Thank you. {what} on {long_date(day)}; that is recorded. The policy's file stays as it is.",
        (Meet((about["duty"],), at, f"{scene.by} says that it was done on {long_date(day)}"),),
        what="policy_reviewed", detail={"day": day.isoformat(), "decided": decided, "review": about["review"]},
    )  # fmt: skip


COMMANDS = (
    Command("reviewed", "#reviewed, or #reviewed DATE", "says that the policy was reviewed, and what was decided",
            reviewed, needs_case=False, takes_text=True),
)  # fmt: skip
