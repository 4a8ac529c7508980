"""The command that says what a mail is, and what is then due: kind.

The answer to "is it a complaint?" sends what is owed from now on, and never a second letter that says the same: the
whole acknowledgement where they have had only the one that is right either way, thanks for praise. What waited and is
no longer right does not go. A mail that was let go becomes a case by its number, from the day it came.
"""

from __future__ import annotations

import re

from complaintmail.cases.commands.table import Command, Order
from complaintmail.cases.concerned import outlasts
from complaintmail.cases.deeds import (
    Change,
    Deed,
    Effect,
    HandOn,
    MakeCase,
    Regard,
    Release,
    Tell,
    Trouble,
    Waive,
    Withhold,
    Write,
)
from complaintmail.cases.post import LetterKind
from complaintmail.cases.scene import CaseNow, Scene

KINDS = {
    "complaint": "complaint",
    "compliment": "compliment",
    "praise": "compliment",
    "enquiry": "enquiry",
    "inquiry": "enquiry",
    "question": "enquiry",
    "spam": "spam",
    "junk": "spam",
}
IN_WORDS = {"spam": "spam", "enquiry": "an enquiry", "compliment": "a compliment", "complaint": "a complaint"}
IN_FULL = frozenset({LetterKind.ACKNOWLEDGEMENT, LetterKind.CONCERN})  # nothing more is due to who had one of these
EITHER_WAY = (LetterKind.UNSURE, LetterKind.RECEIVED)
GOES = frozenset({"queued", "sending", "sent", "doubt"})
_MAIL = re.compile(r"([a-z]+)[.!]?(?: (?:mail |number )?#?(\d{1,9}))?[.!]?", re.IGNORECASE)


def kind(order: Order, scene: Scene) -> Deed | Trouble:
    found = _MAIL.fullmatch(" ".join(order.rest[:200].split()))
    meant = KINDS.get(found[1].lower()) if found is not None else None
    if found is None or meant is None:
        said = order.rest.strip()
        return Trouble(
            f'"{said}" is no kind of mail here.' if said else "#kind needs the kind.",
            tuple(f"#kind {one}" for one in ("complaint", "compliment", "enquiry", "spam")),
        )
    number = int(found[2]) if found[2] else scene.mail
    if number is not None:
        return _of_a_mail(number, meant)
    if scene.case is None:
        return Trouble(
            "Of which mail? Please answer a mail about its case, or give the number of the mail, as the day's list "
            "shows it.",
            (f"#kind {meant} NUMBER",),
        )
    return _complaint(scene.case, scene) if meant == "complaint" else _none(scene.case, meant, scene)


def _of_a_mail(number: int, meant: str) -> Deed:
    """A mail that is on no case: it becomes one from the day it came, or what it was taken for is confirmed."""
    if meant == "complaint":
        return Deed("", (MakeCase(number),), what="kind", detail={"mail": number, "kind": meant})
    said = f"Noted: mail {number} is {IN_WORDS[meant]}. Nothing follows from that."
    return Deed(said, (), what="kind", detail={"mail": number, "kind": meant})


def _complaint(case: CaseNow, scene: Scene) -> Deed:
    row = case.row
    effects: list[Effect] = [Change({"kind": "complaint", "sure": True})]
    said = f"{case.reference} is a complaint. Its dates run from the day it came."
    held = any(one.kind in IN_FULL and one.state == "held" for one in case.written)
    had = any(one.kind in IN_FULL and one.state in GOES for one in case.written)
    answered = row["first_human_at"] is not None or row["responded_at"] is not None
    if held:
        effects.append(Release(tuple(str(each) for each in IN_FULL)))
    elif not had and not answered and row["complainant_email"] and row["contact"] != "never":
        first = scene.officer(scene.policy.first)
        effects += [
            Withhold((*EITHER_WAY, LetterKind.THANKS), "the whole acknowledgement goes in its place"),
            Write(LetterKind.ACKNOWLEDGEMENT, after={"signs": first.email} if first.email else {}),
        ]
        said += " They are now sent the full acknowledgement."
    if row["kind"] != "complaint":
        effects.append(Tell("", "reclocked"))
    return Deed(said, tuple(effects), detail={"kind": "complaint"})


def _none(case: CaseNow, meant: str, scene: Scene) -> Deed:
    clocks = tuple(duty.id for duty in case.duties if not outlasts(duty.kind, duty.role))
    stored = "enquiry" if meant == "spam" else meant
    changed = {"kind": stored, "sure": True, "status": "closed", "closed_at": scene.now, "respond_by": None}
    effects: list[Effect] = [
        Change(changed),
        Waive(clocks, f"{scene.by} says that it is {meant}, not a complaint"),
        Withhold((LetterKind.ACKNOWLEDGEMENT, *EITHER_WAY), f"it is {IN_WORDS[meant]}"),
    ]
    said = (
        f"{case.reference} is {IN_WORDS[meant]}, not a complaint. Its dates no longer count; its reference stays taken."
    )
    if meant == "compliment" and case.row["kind"] != "compliment":
        thanked = any(one.kind == LetterKind.THANKS and one.state in GOES for one in case.written)
        if case.row["complainant_email"] and case.row["contact"] != "never" and not thanked:
            effects.append(Write(LetterKind.THANKS))
            said += " They are thanked."
        suspected = (email for email, standing in case.persons.items() if standing == "suspected")
        effects += [Regard(email, "cleared") for email in suspected]  # nobody is, of what they are praised for
        effects.append(HandOn())
    return Deed(said, tuple(effects), back=True, detail={"kind": meant})


COMMANDS = (
    Command("kind", "#kind complaint/compliment/enquiry/spam", "corrects what the mail is, and sends what is then due",
            kind, needs_case=False),
)  # fmt: skip
