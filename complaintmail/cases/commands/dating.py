"""The date of the answer, set or moved by a person. The complainant hears of it and why, before the old one is over."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from complaintmail.cases.commands.answering import when
from complaintmail.cases.commands.table import Command, Order, the_case
from complaintmail.cases.commands.writing import by_post
from complaintmail.cases.deeds import Change, Deed, Effect, Meet, Redate, Trouble, Withhold, Write
from complaintmail.cases.post import LetterKind
from complaintmail.cases.scene import CaseNow, Scene
from complaintmail.policy.policy import Counted
from complaintmail.policy.windows import end_of_day
from complaintmail.policy.wording import long_date

TELLS_A_DATE = (LetterKind.DATED, LetterKind.EXTENDED)


def due(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    found = when(order, scene, past=False)
    if isinstance(found, Trouble):
        return found
    day, reason = found
    zone = ZoneInfo(scene.policy.timezone)
    today = scene.now.astimezone(zone).date()
    if not order.rest.strip() or (day == today and reason == order.rest.strip()):
        return Trouble("Which day was agreed, and why?", ("#due 17 March because they are away",))
    reason = reason or order.body.strip()
    if day < today:
        return Trouble(f"{day.day} {day:%B %Y} is past.", ("#due DATE REASON",))
    if not reason:
        return Trouble("Please say why, and that the complainant agreed.", (f"#due {day.day} {day:%B %Y} REASON",))
    last = end_of_day(day, scene.policy.timezone)
    why = f"agreed with the complainant, says {scene.by}: {reason}"
    duties = case.duty("respond")
    effects: list[Effect] = [Change({"respond_by": last, "agreed": why})]
    effects += [Redate(duty.id, Counted(day, last, why)) for duty in duties]
    if dated := case.duty("set-date"):
        effects.append(Meet(tuple(duty.id for duty in dated), scene.now, why))
    before = promised_day(case, zone)
    told = ""
    if duties and before != day:
        told, more = told_of_it(scene, case, before, day, " ".join(reason.split()))
        effects += more
    said = f"The answer on {case.reference} is due by {day:%A} {day.day} {day:%B %Y}."
    return Deed(f"{said}{told}", tuple(effects), back=True)


def promised_day(case: CaseNow, zone: ZoneInfo) -> date | None:
    """The day that the complainant was told so far."""
    due = case.row["respond_by"]
    return due.astimezone(zone).date() if due is not None else None


def told_of_it(scene: Scene, case: CaseNow, before: date | None, day: date, reason: str) -> tuple[str, list[Effect]]:
    """The letter that says so, in place of one that has not left yet; and that it counts as extended."""
    effects: list[Effect] = []
    longer = before is not None and day > before
    if before is not None and longer:
        once = {
            "from": before.isoformat(), "to": day.isoformat(), "why": reason[:500], "by": scene.by,
            "at": scene.now.isoformat(), "in_time": scene.now <= end_of_day(before, scene.policy.timezone),
        }  # fmt: skip
        so_far = list(case.course.get("extended") or ())
        effects.append(Change({"course": {**case.course, "extended": [*so_far, once]}}))
    effects.append(Withhold(TELLS_A_DATE, "another date was given"))
    if before is not None and not longer:
        return "", effects  # sooner than promised: the answer itself will say so
    if case.row["contact"] == "never" or case.status == "closed":
        return "", effects
    kind = LetterKind.EXTENDED if longer else LetterKind.DATED
    extra = {"day": long_date(day), "reason": reason.strip().rstrip(".")}
    if before is not None:
        extra["old_day"] = long_date(before)
    at_once = before is not None and scene.now + scene.rules.hold > end_of_day(before, scene.policy.timezone)
    effects.append(Write(kind, "", at_once=at_once, extra=extra, after={"by": scene.by}))
    if by_post(case.row):
        return " The letter that tells them so is sent to you to print and to post.", effects
    late = " The old date is over already." if before is not None and before < _day(scene.now, scene) else ""
    return f" The complainant is told so by letter, with the reason as you wrote it.{late}", effects


def _day(at: datetime, scene: Scene) -> date:
    return at.astimezone(ZoneInfo(scene.policy.timezone)).date()


COMMANDS = (
    Command("due", "#due DATE REASON", "sets the date of the answer, and tells the complainant why", due,
            takes_text=True),
)  # fmt: skip
