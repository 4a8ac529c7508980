"""Commands about outcomes: outcome, send. A letter is drafted, looked at, and sent as it was seen, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from complaintmail.cases.commands.table import Command, Order, the_case
from complaintmail.cases.commands.writing import by_post, unreachable
from complaintmail.cases.deeds import Deed, Draft, Settle, Trouble, Write
from complaintmail.cases.ending import actions_from, is_none, learnt_from, missing, recorded
from complaintmail.cases.post import LetterKind
from complaintmail.cases.relaying import relayable
from complaintmail.cases.scene import CaseNow, OfferNow, Scene
from complaintmail.cases.whats_next import after_outcome
from complaintmail.triage import outcome_points
from complaintmail.triage.outcome_form import OutcomeForm, read_outcome

DECISIONS = {
    "upheld": "We uphold your complaint.",
    "partly upheld": "We uphold your complaint in part.",
    "not upheld": "We do not uphold your complaint.",
}
APPEAL_DECISIONS = {
    "upheld": "We uphold your appeal.",
    "partly upheld": "We uphold your appeal in part.",
    "not upheld": "We do not uphold your appeal.",
}
_SAID = {
    "uphold": "upheld", "partially upheld": "partly upheld", "part upheld": "partly upheld", "partly": "partly upheld",
    "in part": "partly upheld", "upheld in part": "partly upheld", "rejected": "not upheld", "not uphold": "not upheld",
    "dismissed": "not upheld", "unfounded": "not upheld", "withdraw": "withdrawn", "settle": "settled",
}  # fmt: skip
ANYWAY = "anyway"


def outcome(order: Order, scene: Scene) -> Deed | Trouble:
    """Drafts the letter with the text as its findings; its writer gets it to look at."""
    case = the_case(scene)
    said = " ".join(order.rest.strip().lower().rstrip(".!").split())
    form = read_outcome(order.body, scene.policy.outcome.consider)
    decision = _SAID.get(said, said) or outcome_points.overall(form.points)
    if decision in ("withdrawn", "settled"):
        from complaintmail.cases.commands import BY_NAME

        return BY_NAME[decision].act(Order(decision, "", order.body), scene)
    if decision not in DECISIONS:
        return Trouble(
            f'"{order.rest.strip()}" is no outcome.' if said else "What is the outcome?",
            tuple(f"#outcome {each}" for each in (*DECISIONS, "withdrawn", "settled")),
        )
    if refusal := unreachable(scene):
        return refusal
    if case.status == "closed":
        return Trouble(
            f"{case.reference} is closed. To send another outcome, open it again first.", ("#reopen REASON",)
        )
    return drafted(decision, form, scene)


def drafted(decision: str, form: OutcomeForm, scene: Scene, before: Mapping[str, Any] | None = None) -> Deed | Trouble:
    """The draft of this outcome, from its writer's words and what the case has already. `before`: the draft of which
    this is another one; the letter that hung on its mail stays."""
    case = the_case(scene)
    names = {person.email: person.name for person in scene.people.persons}
    ready = relayable(
        form.findings, writer_name=scene.person.name if scene.person else "", staff=names, own=scene.own,
        mailbox=scene.mailbox, complainant_name=str(case.row["complainant_name"]),
    )  # fmt: skip
    words = ready.text.strip()
    attached, entry = _letters_attached(scene), scene.entry
    if before is not None and before["attached"] and not attached:
        attached, entry = before["attached"], before["entry"]
    if not words and not attached and not any(point.why for point in form.points):
        return Trouble(
            "There are no findings in your mail: write what you found below the command, as the complainant is to "
            "read it. A letter as .docx or .pdf can be attached in their place.",
            (f"#outcome {decision}",),
        )
    lacking = (*outcome_points.lacking(form.points), *missing(scene.policy, case, form.given))
    payload = {
        "decision": decision, "words": words, "given": dict(form.given), "entry": entry if attached else None,
        "missing": list(lacking), "attached": attached, "points": outcome_points.as_json(form.points),
    }  # fmt: skip
    said = f"The letter is drafted, and was not sent. {_what_next(lacking)}"
    look = (*ready.waits, *_at_odds(decision, form.points))
    return Deed(said, (Draft(letter_of(payload, scene), payload, look, lacking),), what="outcome_drafted",
                detail={"decision": decision})  # fmt: skip


def _at_odds(decision: str, points: Sequence[outcome_points.Point]) -> tuple[str, ...]:
    """The whole says one thing and its points another: whoever wrote it should see that before the complainant does."""
    whole = outcome_points.overall(points)
    if not whole or whole == decision:
        return ()
    return (f"The complaint is {decision} as a whole, and its points are: {outcome_points.codes(points)}",)


def _what_next(lacking: tuple[str, ...]) -> str:
    if lacking:
        things = "one thing" if len(lacking) == 1 else f"{len(lacking)} things"
        return f"The policy asks for {things} more; the mail with the draft says which."
    return "It comes to you as it would go; #send sends it."


def _letters_attached(scene: Scene) -> list[str]:
    if scene.message is None:
        return []
    return [a.name for a in scene.message.attachments if a.name.lower().endswith((".docx", ".pdf", ".odt"))]


def letter_of(payload: Mapping[str, Any], scene: Scene) -> Write:
    """The letter of a draft, as it goes today."""
    case, policy = the_case(scene), scene.policy
    appealed = case.status == "appealed"
    given: Mapping[str, str] = payload["given"]
    post = by_post(case.row)
    following = after_outcome(policy, scene.now, case.row["area"], by_post=post, appealed=appealed)
    extra = {"decision": (APPEAL_DECISIONS if appealed else DECISIONS)[payload["decision"]], **following.extra()}
    for key in ("actions", "prevention", "learning"):
        said = given.get(key) or recorded(case, key)
        if key in policy.outcome.tells and said and not is_none(said):
            extra[key] = _listed(said) if key == "actions" else _without_whose(said)
    points = outcome_points.from_json(payload.get("points") or ())
    if points:
        extra["points"] = outcome_points.told(points)
    words = str(payload["words"]) or (
        "Our answer is in the letter that comes with this email." if payload["attached"] else
        "This is what we found on each point."
    )  # fmt: skip
    if "resolution" in policy.outcome.tells and given.get("resolution") and not is_none(given["resolution"]):
        words += f"\n\n{given['resolution']}"
    today = scene.now.astimezone(ZoneInfo(policy.timezone)).date()
    after: dict[str, Any] = {
        "decision": payload["decision"], "given": dict(given), "findings": payload["words"], "by": scene.by,
        "actions": [
            *actions_from(given.get("actions", ""), policy, scene.people, today, case.handler or scene.by),
            *learnt_from(given.get("learning", ""), policy, scene.people, today, case.handler or scene.by),
        ],
        "copies": copies(scene), "by_post": post, "summary": _summary(payload, case), "pdf": not payload["attached"],
        "no_question": bool(case.row["serious"]), "points": outcome_points.as_json(points),
    }  # fmt: skip
    kind = LetterKind.APPEAL_OUTCOME if appealed else LetterKind.OUTCOME
    return Write(kind, words, payload.get("entry"), None, True, extra, after)


def _listed(words: str) -> str:
    """Each thing that is done on a line of its own; who inside does it is not the complainant's business."""
    lines = [line.strip().lstrip("-*•· ") for line in words.split("\n") if line.strip()]
    return "\n".join(f"- {line.partition(' @')[0].strip()}" for line in lines)


def _without_whose(words: str) -> str:
    return "\n".join(line.partition(" @")[0].rstrip() for line in words.split("\n"))


def _summary(payload: Mapping[str, Any], case: CaseNow) -> str:
    """For those whom the policy tells: what came of it, without anybody's name."""
    given: Mapping[str, str] = payload["given"]
    parts = [f"Outcome: {payload['decision']}."]
    if points := outcome_points.from_json(payload.get("points") or ()):
        parts.append(f"Point by point: {outcome_points.codes(points)}.")
    parts += [
        f"{label}: {' '.join(given[key].split())}"
        for key, label in (("cause", "Cause"), ("actions", "Actions"), ("prevention", "Prevention"),
                           ("learning", "Learnt"), ("resolution", "Resolution"))
        if given.get(key)
    ]  # fmt: skip
    return "\n".join(parts)


def copies(scene: Scene) -> list[str]:
    """Who gets a summary once it has gone."""
    case = the_case(scene)
    area = str(case.row["area"]) if case.row["area"] else None
    found: dict[str, None] = {}
    for role in scene.policy.outcome.copies:
        held = [one for one in scene.people.holders(scene.policy, role, area) if one.key not in case.excluded]
        emails = [one.email for one in held] or [email for email in (scene.officer(role).email,) if email]
        found.update(dict.fromkeys(email for email in emails if email.lower() != scene.key))
    return list(found)


def _draft(scene: Scene) -> OfferNow | None:
    mine = [offer for offer in scene.offers if offer.kind == "draft" and "decision" in offer.payload]
    named = scene.word.letter.about.get("offer") if scene.word.letter else None
    exact = [offer for offer in mine if offer.id == named]
    here = [offer for offer in mine if scene.case is not None and offer.case_id == scene.case.id]
    return exact[-1] if exact else here[-1] if here else None


def _overtaken(offer: OfferNow, case: CaseNow) -> Trouble | None:
    """Of two drafts, by two people or of two days, one is sent: the other may say something else."""
    stage = (LetterKind.OUTCOME, LetterKind.APPEAL_OUTCOME)
    if any(each.kind in stage and each.state != "cancelled" and each.created_at > offer.made_at for each in case.going):
        why = f"Not sent: since you wrote this draft, an outcome of {case.reference} went to them."
    elif case.status == "closed":
        why = f"Not sent: {case.reference} was closed since you wrote this draft."
    else:
        return None
    again = ("#reopen REASON",) if case.status == "closed" else ("#status",)
    return Trouble(f"{why} To send another, open the case again and write it anew.", again)


def send(order: Order, scene: Scene) -> Deed | Trouble:
    """Sends the draft that was looked at."""
    case = the_case(scene)
    offer = _draft(scene)
    if offer is None:
        return Trouble(f"There is no draft of yours on {case.reference}.", ("#outcome upheld",))
    if overtaken := _overtaken(offer, case):
        return overtaken
    first, _, reason = order.rest.strip().partition(" ")
    anyway = first.lower().rstrip(":,") == ANYWAY
    reason = reason.strip() or order.body.strip()
    payload = dict(offer.payload)
    points = outcome_points.from_json(payload.get("points") or ())
    if not anyway and order.body.strip():
        form = read_outcome(order.body, scene.policy.outcome.consider)
        if form.given or form.points:  # what was missing, filled in: the draft is made anew with it
            together = outcome_points.together(points, form.points)
            filled = OutcomeForm(payload["words"], {**payload["given"], **form.given}, together)
            return drafted(payload["decision"], filled, scene, payload)
    lacking = (*outcome_points.lacking(points), *missing(scene.policy, case, payload["given"]))
    if lacking and not anyway:
        return Trouble(
            "Not sent: the policy asks for something that is not there yet. Fill in the lines, or say why it goes "
            "without them.",
            ("#send\n" + "\n".join(lacking), "#send anyway REASON"),
        )
    if anyway and not reason:
        return Trouble("Please say why it goes without what the policy asks for.", ("#send anyway REASON",))
    write = letter_of(payload, scene)
    after = dict(write.after) | {"seen": payload.get("seen", "")}
    if anyway:
        after["anyway"] = reason
    letter = Write(write.kind, write.text, write.entry, None, True, write.extra, after)
    said = "The outcome is sent to you to print and to post." if by_post(case.row) else "The outcome goes now."
    return Deed(
        said, (Settle(offer.id, "taken"), letter), what="outcome_sent", detail={"anyway": reason if anyway else ""}
    )


COMMANDS = (
    Command("outcome", "#outcome upheld/partly upheld/not upheld/withdrawn/settled",
            "drafts the outcome letter from your text and shows it to you", outcome, needs_token=True, takes_text=True),
    Command("send", "#send, or #send anyway REASON", "sends the draft that you looked at", send, needs_token=True,
            takes_text=True),
)  # fmt: skip
