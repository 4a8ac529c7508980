"""What an outcome is held to, besides what every story with people is.

O1  one outcome letter, with the PDF that its writer saw
O2  the case is closed with that outcome, its answer given and its time to appeal known, exactly when the mail server
    took the letter; at no moment before
O3  the board has its copy once, and the writer hears once that it went; neither while it has not
"""

from __future__ import annotations

from bench.crash.checks import Judgement
from bench.crash.outcome_scene import OutcomeScene
from bench.crash.scene import Scene
from bench.crash.staff_checks import duties, events, to_staff
from tests.support import wire


def ended(scene: Scene, found: Judgement) -> None:
    assert isinstance(scene, OutcomeScene)
    found.broken.extend(f"O2 {what}" for what in scene.seen_wrong)
    letters = scene.books.rows("SELECT id, state FROM letter WHERE kind = 'outcome'")
    if len(letters) != scene.told_to_send:
        found.broken.append(f"O1 {len(letters)} outcome letters")
    sent = [letter["id"] for letter in letters if letter["state"] == "sent"]
    _case(scene, sent, found)
    _told(scene, bool(sent), found)
    shown = [pdf for raw in scene.stack.mails(scene.hal) for pdf in _pdfs(raw)]
    went = [_pdfs(raw) for raw in scene.stack.mails(scene.complainants[0]) if _is_outcome(raw)]
    if len(went) != len(sent) or any(pdfs != shown[-1:] or not pdfs[0].startswith(b"%PDF-") for pdfs in went):
        found.broken.append(f"O1 {len(went)} outcomes came, with {[len(pdfs) for pdfs in went]} PDFs as shown")


def _case(scene: OutcomeScene, sent: list[str], found: Judgement) -> None:
    (case,) = scene.books.rows("SELECT status, outcome, closed_at, outcome_at, appeal_by, responded_at FROM cases")
    ends = [case[name] is not None for name in ("outcome", "closed_at", "outcome_at", "appeal_by", "responded_at")]
    if ends != [bool(sent)] * len(ends) or (case["status"] == "closed") != bool(sent):
        found.broken.append(f"O2 {len(sent)} letters went, and the case is {case}")
    if sent and case["outcome"] != "upheld":
        found.broken.append(f"O2 upheld was sent, {case['outcome']} is written")
    answer = scene.books.rows("SELECT state, evidence FROM obligation WHERE kind = 'respond'")
    states = [row["state"] for row in answer]
    if states != ["met" if sent else "open"] or (sent and sent[0] not in answer[0]["evidence"]):
        found.broken.append(f"O2 {len(sent)} letters went, and the answer that is owed is {answer}")
    left = [row["kind"] for row in scene.books.rows("SELECT kind FROM obligation WHERE state = 'open'")]
    if sent and set(left) - {"attend"}:
        found.broken.append(f"O2 it was closed, and still owed are {left}")


def _told(scene: OutcomeScene, sent: bool, found: Judgement) -> None:
    credited, copies = len(events(scene, "went_outcome")), len(to_staff(scene, "copy", scene.bea))
    gone, others = len(to_staff(scene, "gone", scene.hal)), len(to_staff(scene, "copy")) - copies
    if (credited, copies, gone, others) != (sent, sent, sent, 0):
        found.broken.append(
            f"O3 {'one letter' if sent else 'no letter'} went: credited {credited} times, "
            f"{copies} copies to the board, {others} to others, its writer told {gone} times"
        )
    if sent and [row["state"] for row in duties(scene, "confirm")] == ["open"]:
        found.broken.append("O2 a closed case owes word of who deals with it")


def _is_outcome(raw: bytes) -> bool:
    return " ".join(str(wire.parsed(raw)["Subject"]).split()).startswith("The outcome of your complaint")


def _pdfs(raw: bytes) -> list[bytes]:
    return [
        bytes(part.get_payload(decode=True))
        for part in wire.parsed(raw).walk()
        if part.get_content_type() == "application/pdf"
    ]
