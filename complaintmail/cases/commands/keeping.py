"""Commands that open, close and tie cases: record, close, reopen, link, split, merge, consent, undo, status, help."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from complaintmail.cases.changes import NewCase
from complaintmail.cases.commands.settling import OUTLIVES
from complaintmail.cases.commands.table import Command, Order, the_case
from complaintmail.cases.concerned import LASTING, needs_a_case
from complaintmail.cases.deeds import (
    Change,
    Deed,
    Effect,
    Meet,
    Merge,
    Open,
    Owe,
    Redate,
    Regard,
    Reopen,
    Requeue,
    Restore,
    Tell,
    Tie,
    Trouble,
    Vouch,
    Waive,
    Withhold,
)
from complaintmail.cases.ending import closing_lacks
from complaintmail.cases.post import LetterKind
from complaintmail.cases.scene import CaseNow, Scene
from complaintmail.mail.compose import address as written_address
from complaintmail.mail.grievance import grievance
from complaintmail.mail.message import Message
from complaintmail.policy.duties import owed_by, owed_on_opening
from complaintmail.policy.policy import Counted
from complaintmail.policy.wording import long_date
from complaintmail.triage.classify import classify
from complaintmail.triage.concerns import concerns
from complaintmail.triage.record_form import Recorded, read_record
from complaintmail.triage.verdicts import Kind

WHO = ("Name:", "Email:", "Phone:")  # at least one of these lines of a record is asked for
WRITTEN = ("email", "letter", "website", "social media")


def record(order: Order, scene: Scene) -> Deed | Trouble:
    """A call, a letter or a visit becomes a case; what is missing is asked back as lines to fill in."""
    zone = ZoneInfo(scene.policy.timezone)
    today = scene.now.astimezone(zone).date()
    body = "\n".join(part for part in (order.rest, order.body) if part.strip())
    found = read_record(body, today)
    missing = found.missing
    if order.settled is not None:  # who it was need not be known where nothing is left to do
        missing = tuple(line for line in missing if line not in WHO)
    if found.problems or missing:
        lines = ", ".join(line.rstrip(":") for line in missing)
        words = " ".join((*found.problems, *((f"Still to be filled in: {lines}.",) if missing else ())))
        too = () if order.settled is None else (f"#settled {order.settled}".rstrip(),)
        form = "\n".join(("#record", *too, *(f"{line} " for line in missing), "", body))
        return Trouble(f"The case was not opened yet. {words} Use the link, and add to it.", (form,))
    return recorded(found, scene, order.settled)


def recorded(found: Recorded, scene: Scene, settled: str | None = None) -> Deed:
    """The case of a form in which nothing is missing. `settled`: it was put right at once, and how."""
    zone = ZoneInfo(scene.policy.timezone)
    today = scene.now.astimezone(zone).date()
    day = found.received or today
    received = scene.now if day == today else datetime.combine(day, time(12), tzinfo=zone).astimezone(UTC)
    written = found.channel in WRITTEN
    owed = owed_on_opening(
        scene.policy, received_at=received, written=written, severity=scene.policy.severity, kind="complaint"
    )
    new = NewCase(
        kind=Kind.COMPLAINT, sure=True, complainant_name=found.name,
        complainant_email=(found.email or "").lower() or None,
        subject=found.account.split("\n", 1)[0][:120], summary=found.account[:160], severity=scene.policy.severity,
        owed=owed, channel=found.channel or "phone",
    )  # fmt: skip
    detail = {"phone": found.phone, "address": found.address, "text": found.account}
    if settled is not None:
        new = replace(new, owed=())
        sent = (
            f"{found.email} has it in writing" if found.email else "no address of theirs is known to confirm it to"
        )  # fmt: skip
        said = f"The complaint is recorded and closed as settled at once. It starts no dates; {sent}."
        opens = Open(new, received, acknowledge=False, settled=settled or "at once")
        return Deed(said, (opens,), what="recorded", detail=detail)
    if is_praise(found.account):
        return _praise_recorded(new, received, found, detail)
    told = "The complaint is recorded"
    if found.email:
        told += f", and {found.email} gets an acknowledgement"
    return Deed(
        f"{told}.", (Open(new, received, acknowledge=bool(found.email)),), what="recorded", detail=detail
    )  # fmt: skip


def is_praise(account: str) -> bool:
    """Is what was told over the telephone, or stands on a card, surely kind words and nothing else?"""
    said = classify(Message(sha256="", size=0, new_text=account, text=account), "general")
    careful = grievance(account) is None and not needs_a_case(concerns(account))
    return said.kind is Kind.COMPLIMENT and said.sure and careful


def _praise_recorded(new: NewCase, received: datetime, found: Recorded, detail: dict[str, Any]) -> Deed:
    """It is thanked and passed on as if it had come by mail, and has no dates."""
    new = replace(new, kind=Kind.COMPLIMENT, owed=())
    thanked = f", and {found.email} is thanked" if found.email else ""
    said = f"It reads like praise, so it is recorded as that and passed on{thanked}. If it is a complaint: "
    said += "#kind complaint on its case."
    return Deed(said, (Open(new, received, acknowledge=bool(found.email)),), what="recorded", detail=detail)


def close(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    if case.status == "closed":
        return Trouble(f"{case.reference} is closed already.", ("#status",))
    reason = order.rest.strip() or order.body.strip()
    owed = [duty for duty in case.duties if duty.kind in ("respond", "acknowledge", "appeal-answer")]
    if owed and not reason:
        kinds = dict.fromkeys("the answer" if d.kind != "acknowledge" else "the acknowledgement" for d in owed)
        what = f"{' and '.join(kinds)} {'is' if len(kinds) == 1 else 'are'}"
        return Trouble(
            f"Not closed: {what} still owed on {case.reference}. If it was given elsewhere, say so; if the case "
            "ends without it, say why.",
            ("#answered today HOW", "#close REASON"),
        )
    lacks = closing_lacks(scene.policy, case, {}) if case.row["kind"] in ("complaint", "appeal") else ()
    if lacks and not reason:
        what = "; ".join(f"{each} ({clause})" if clause else each for each, clause in lacks)
        return Trouble(
            f"Not closed: this is not recorded on {case.reference} yet: {what}. If it was done, say so first; if the "
            "case ends without it, say why.",
            (*(("#met\nYour notes of it here",) if "meeting" in scene.policy.closing.needs else ()), "#close REASON"),
        )
    effects: list[Effect] = [Change({"status": "closed", "closed_at": scene.now})]
    if over := tuple(duty.id for duty in case.duties if duty.kind not in OUTLIVES):
        effects.append(Waive(over, f"{scene.by} closed the case: {reason or 'all was done'}"))
    left = len(case.duty("action"))
    still = f" What was promised stays owed: {left} action{'' if left == 1 else 's'}." if left else ""
    if case.duty(*LASTING):
        still += " What they asked about their personal data stays owed, by the date that the law gives."
    return Deed(f"{case.reference} is closed.{still}", tuple(effects), back=True, detail={"reason": reason})


def reopen(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    reason = order.rest.strip() or order.body.strip()
    if case.status not in ("closed", "referred"):
        return Trouble(f"{case.reference} is not closed.", ("#status",))
    if not reason:
        return Trouble("Please say why.", ("#reopen REASON",))
    effects: list[Effect] = [Change({"status": "open", "closed_at": None})]
    if case.row["kind"] == "complaint" and case.row["responded_at"] is None and not case.duty("respond"):
        effects.append(Reopen("respond", "void"))  # closing let it go
        if asked := tuple(duty.id for duty in case.duty("attend") if "the same matter" in duty.why):
            effects.append(Meet(asked, scene.now, f"{scene.by} says that it is the same matter"))
    if case.status == "referred":
        return _back_from_elsewhere(case, scene, reason)
    return Deed(f"{case.reference} is open again.", tuple(effects), detail={"reason": reason})


def _back_from_elsewhere(case: CaseNow, scene: Scene, reason: str) -> Deed:
    """Taken up again with its history; the answer is owed from the day on which they came back."""
    theirs = [mail.received_at for mail in case.mails[1:] if mail.from_address in case.addresses]
    owed = owed_by(scene.policy, "respond", theirs[-1] if theirs else scene.now, str(case.row["severity"]))
    values: dict[str, Any] = {"status": "open", "closed_at": None}
    effects: list[Effect] = []
    told = ""
    if owed is not None and case.row["responded_at"] is None and not case.duty("respond"):
        effects.append(Owe(owed))
        if owed.counted is not None:
            values |= {"respond_by": owed.counted.due_at, "agreed": None}
            told = f" The answer is due by {long_date(owed.counted.due_on)}. {owed.counted.why}"
    if asked := tuple(duty.id for duty in case.duty("attend") if "was referred to" in duty.why):
        effects.append(Meet(asked, scene.now, f"{scene.by} takes it up again"))
    said = f"{case.reference} is taken up again, with all its history.{told}"
    return Deed(said, (Change(values), *effects), what="reopened", detail={"reason": reason})


def _other(order: Order, scene: Scene) -> CaseNow | Trouble:
    reference = order.rest.strip().strip("[]").upper()
    other = scene.others.get(reference)
    case = the_case(scene)
    if not reference:
        return Trouble("Which case? Please give its reference.", (f"#{order.name} {case.row['prefix']}-2026-000123",))
    if other is None or (scene.key in other.excluded and scene.person is not None):
        return Trouble(f"There is no case {reference}.", (f"#{order.name} REF",))
    if other.id == case.id:
        return Trouble(f"{reference} is this case itself.", (f"#{order.name} REF",))
    return other


def link(order: Order, scene: Scene) -> Deed | Trouble:
    other = _other(order, scene)
    if isinstance(other, Trouble):
        return other
    return Deed(f"{the_case(scene).reference} and {other.reference} are linked.", (Tie(other.id, "linked"),))


def merge(order: Order, scene: Scene) -> Deed | Trouble:
    case, other = the_case(scene), _other(order, scene)
    if isinstance(other, Trouble):
        return other
    if other.complainant != case.complainant:
        return Trouble(
            f"{case.reference} and {other.reference} are from different people, so they stay two cases. They can be "
            "linked.",
            (f"#link {other.reference}",),
        )
    if case.excluded != other.excluded:
        return Trouble(
            "One of the two is, or may be, about a member of staff who may know of the other, so they stay two cases. "
            "They can be linked.",
            (f"#link {other.reference}",),
        )
    effects: list[Effect] = [Merge(other.id, _earlier(case, other)), Tie(other.id, "merged into")]
    for duty in other.duties:
        mine = next((each for each in case.duty(duty.kind) if each.due_at and duty.due_at), None)
        if mine is not None and mine.due_at and duty.due_at and mine.due_at < duty.due_at:
            why = f"{mine.why} It came with {case.reference}, which was merged into this case."
            effects.append(Redate(duty.id, Counted(mine.due_at.date(), mine.due_at, why)))
    effects += [
        Change({"status": "closed", "closed_at": scene.now}),
        Waive(tuple(d.id for d in case.duties if d.kind not in OUTLIVES), f"merged into {other.reference}"),
    ]
    return Deed(
        f"{case.reference} is merged into {other.reference}, which goes on with the earlier dates of the two.",
        tuple(effects),
    )


def _earlier(case: CaseNow, other: CaseNow) -> dict[str, datetime]:
    """What was earlier on the first case than on the other."""
    names = ("received_at", "acknowledge_by", "acknowledged_at", "first_human_at", "respond_by")
    both = {name: (case.row[name], other.row[name]) for name in names}
    return {name: mine for name, (mine, theirs) in both.items() if mine and (theirs is None or mine < theirs)}


def split(order: Order, scene: Scene) -> Deed | Trouble:
    """The last mail that joined by itself becomes a case of its own, with its own clock from when it came."""
    case = the_case(scene)
    named = scene.word.letter.about.get("entry") if scene.word.letter else None
    theirs = [m for m in case.mails[1:] if m.from_address in case.addresses and m.kind in ("reply", "complaint")]
    mail = next((m for m in theirs if m.id == named), theirs[-1] if theirs else None)
    if mail is None:
        return Trouble(f"{case.reference} has one mail only; there is nothing to split off.", ("#status",))
    owed = owed_on_opening(
        scene.policy, received_at=mail.received_at, written=True, severity=scene.policy.severity, kind="complaint"
    )
    new = NewCase(
        kind=Kind.COMPLAINT, sure=True, complainant_name=str(case.row["complainant_name"]),
        complainant_email=mail.from_address, subject=mail.subject, summary=mail.subject[:160],
        severity=scene.policy.severity, owed=owed,
    )  # fmt: skip
    asked = tuple(duty.id for duty in case.duty("attend") if duty.message_id == mail.id)
    settled = (Meet(asked, scene.now, f"{scene.by} says that it is a new complaint"),) if asked else ()
    return Deed(
        f"The mail of {mail.received_at.day} {mail.received_at:%B %Y} is a case of its own now.",
        (Open(new, mail.received_at, acknowledge=True, moves=(mail.id,), tie="split from"), *settled),
        what="split",
    )


def consent(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    said = order.rest.strip().strip("<>").lower()
    try:
        third = written_address(said)
    except ValueError:
        return Trouble("Whom does the complainant allow? Please give the address.", ("#consent name@example.org",))
    asked = tuple(duty.id for duty in case.duty("attend") if third in duty.why)
    settled = (Meet(asked, scene.now, f"{scene.by} says that the complainant allows it"),) if asked else ()
    if scene.entry is None and not order.body.strip():
        return Trouble("Please say how the complainant agreed.", (f"#consent {third}",))
    return Deed(
        f"Noted: the complainant allows {third} to write about {case.reference}. Answers go to the complainant.",
        (Vouch(third, "third party"), *settled), detail={"address": third, "text": order.body.strip()},
    )  # fmt: skip


def undo(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    if not case.last:
        return Trouble("There is no command that could be taken back.", ("#status",))
    values = dict(case.last["values"])
    effects: list[Effect] = [Change(values)]
    effects += [Requeue(one["letter"], one["state"], one["reason"]) for one in case.last.get("letters", ())]
    effects += [Regard(email, standing) for email, standing in case.last.get("persons", {}).items()]
    if "handler" in values:
        effects.append(Withhold((LetterKind.DECIDED,), f"{scene.by} took back who deals with it"))
        if (owed := case.duty("confirm")) and not values["handler"]:
            effects.append(Waive(tuple(d.id for d in owed), f"{scene.by} took back who deals with it"))
    if "respond_by" in values:
        effects.append(Withhold((LetterKind.DATED, LetterKind.EXTENDED), f"{scene.by} took the new date back"))
    for duty in case.last["duties"]:
        due = datetime.fromisoformat(duty["due_at"]) if duty["due_at"] else None
        effects.append(Restore(duty["duty"], due, duty["why"]))
    if "handler" in values:
        before = str((values["handler"] or {}).get("email") or "")
        if case.handler is not None and case.handler != before.lower():
            effects.append(Tell(case.handler, "taken-over", f"{scene.by} took back that you deal with it."))
        if before:
            effects.append(Tell(before, "handler"))
    return Deed(
        f"Taken back: {case.last['said']}", tuple(effects), what="undone", detail={"undoes": case.last["event"]}
    )  # fmt: skip


def status(order: Order, scene: Scene) -> Deed | Trouble:
    return Deed("", (), what="")


def help_(order: Order, scene: Scene) -> Deed | Trouble:
    return Deed("", (), what="", detail={"help": True})


COMMANDS = (
    Command("record", "#record", "opens a case from a call, a letter or a visit", record, needs_case=False,
            takes_text=True, also=("new",)),
    Command("close", "#close, or #close REASON", "ends the case", close, needs_token=True, takes_text=True),
    Command("reopen", "#reopen REASON", "takes a closed case up again", reopen, takes_text=True),
    Command("link", "#link REF", "ties this case to another one", link),
    Command("split", "#split", "makes the last mail that was added a case of its own", split),
    Command("merge", "#merge REF", "puts this case into another one of the same person", merge, needs_token=True),
    Command("consent", "#consent ADDRESS", "the complainant allows this person to speak for them", consent,
            needs_token=True, takes_text=True),
    Command("undo", "#undo", "takes back the last command, where it can be", undo),
    Command("status", "#status", "the case as it stands", status),
    Command("help", "#help", "this list", help_, needs_case=False),
)  # fmt: skip
