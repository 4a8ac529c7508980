"""What the scenes with people are held to, besides what every scene is: commands, notices, the answer, its credit.

S1  the command was obeyed once: one event, one handler, the duty to decide met once
S2  one case, one answer, one word of who deals with it; each reached the complainant once, byte for byte, or is held
    and a person was told
S3  it was credited once, and its writer was told once that it went
S4  each notice is with its reader; a second copy only of one that was in doubt, and then the same bytes
S5  what #stop was told is true: taken back, and it never arrives; too late, and it arrives once
"""

from __future__ import annotations

import json
from collections import Counter

from bench.crash.books import Row
from bench.crash.checks import Judgement, Look, copies_filed, dispositions, same_bytes
from bench.crash.scene import Scene
from bench.crash.staff_scene import StaffScene
from tests.support import wire
from tests.support.staff import Got


def commands(scene: Scene, found: Judgement) -> None:
    assert isinstance(scene, StaffScene)
    cases = scene.books.rows("SELECT id, handler, complainant_email FROM cases")
    if len(cases) != 1 or cases[0]["complainant_email"] != scene.complainants[0]:
        found.broken.append(f"S2 {len(cases)} cases for one complaint")
        return
    handler = cases[0]["handler"]
    named = json.loads(handler) if isinstance(handler, str) else handler
    if not named or named.get("email") != scene.hal:
        found.broken.append(f"S1 the case's handler is {handler}")
    obeyed = times(scene, "staff_assign")
    if obeyed != 1:
        found.broken.append(f"S1 the case was given away {obeyed} times")
    decided = [row["state"] for row in duties(scene, "decide")]
    if decided != ["met"]:
        found.broken.append(f"S1 the duty to decide is {decided}")
    taken_in = scene.books.rows("SELECT id FROM message WHERE kind = 'staff' AND case_id IS NOT NULL")
    if len(taken_in) != len(scene.mails) - 1:
        found.broken.append(f"S1 {len(taken_in)} of {len(scene.mails) - 1} mails by staff are on the case")


def answer(scene: Scene, found: Judgement) -> None:
    assert isinstance(scene, StaffScene)
    letters = scene.books.rows("SELECT * FROM letter WHERE audience <> 'staff'")
    strays = {letter["recipient"] for letter in letters} - set(scene.complainants)
    if strays:
        found.broken.append(f"I5 letters to {sorted(strays)}")
    delivered = by_id(scene, scene.complainants[0])
    found.twice += sum(max(0, len(raws) - 1) for raws in delivered.values())
    unknown = set(delivered) - {letter["message_id"] for letter in letters}
    if unknown:
        found.broken.append(f"S2 the complainant got mails that are no letters: {sorted(unknown)}")
    kinds = Counter(letter["kind"] for letter in letters)
    if kinds != scene.letters_due:
        found.broken.append(f"S2 the letters to the complainant are {dict(kinds)}")
    for letter in letters:
        found.resent += letter["resends"]
        raws = delivered.get(letter["message_id"], [])
        if not all(same_bytes(raw, letter) for raw in raws):
            found.broken.append(f"S2 the {letter['kind']} that came is not, byte for byte, the one that is kept")
        _one_letter(scene, letter, len(raws), found)
    copies_filed(scene, letters, found)


def _one_letter(scene: StaffScene, letter: Row, copies: int, found: Judgement) -> None:
    state, kind = letter["state"], letter["kind"]
    if copies > 1:
        found.broken.append(f"S2 {copies} copies of the {kind} were delivered")
    told = any(row["state"] == "open" and "doubt" in row["why"] for row in duties(scene, "attend"))
    if state == "held" and told:
        found.doubt += 1
        if copies:
            found.broken.append(f"S2 the {kind} arrived, and yet it is held")
    elif state == "cancelled" and scene.stops:
        if copies:
            found.broken.append("S5 the answer was taken back, and it arrived")
    elif _overtaken(scene, letter) and told and not copies:
        found.doubt += 1
    elif state != "sent" or copies != 1:
        found.lost += not copies
        found.broken.append(f"S2 the {kind} is {state}, {copies} copies were delivered")
    if kind == "decided":
        _confirmed(scene, letter, found)
    if kind == "answer":
        _credit(scene, state, found)
        if scene.stops:
            _said_of_stop(scene, state, found)


def _overtaken(scene: StaffScene, letter: Row) -> bool:
    """It was held after a doubt, and then the handler's own answer said more than it could."""
    moot = letter["kind"] == "decided" and letter["state"] == "cancelled" and scene.told_to_answer
    return moot and scene.hal in str(letter["reason"])


def _confirmed(scene: StaffScene, letter: Row, found: Judgement) -> None:
    """Whoever gave the case away hears that the complainant was told who deals with it; with that it is done."""
    met = [row["state"] for row in duties(scene, "confirm")]
    gone, sent = len(to_staff(scene, "gone", scene.dana)), letter["state"] == "sent"
    if (met == ["met"]) != (sent or _overtaken(scene, letter)) or len(met) != 1 or gone != sent:
        found.broken.append(f"S3 the letter “decided” is {letter['state']}; its duty is {met}, told of {gone} times")


def _credit(scene: StaffScene, state: str, found: Judgement) -> None:
    met = [row["state"] for row in duties(scene, "respond")]
    went, gone = times(scene, "answer_went"), len(to_staff(scene, "gone", scene.hal))
    due = int(state == "sent")
    if met != ["met" if due else "open"] or went != due or gone != due:
        found.broken.append(f"S3 the answer is {state}; its duty is {met}, credited {went} times, told of {gone} times")


def _said_of_stop(scene: StaffScene, state: str, found: Judgement) -> None:
    said = [Got(raw, wire.parsed(raw)).words for raws in by_id(scene, scene.hal).values() for raw in raws[:1]]
    said = [" ".join(one.split()) for one in said]
    back = sum("was taken back" in one for one in said)
    late = sum("is too late" in one or "may be too late" in one for one in said)
    # The paper that told of it may itself be held after two doubts.
    heard = len(to_staff(scene, "answer-staff", scene.hal, ("sent",)))
    if (back, late) not in ((1, 0), (0, 1)) and heard:
        found.broken.append(f"S5 #stop was answered {back} times “taken back”, {late} times “too late”")
    if (back and state != "cancelled") or (late and state == "cancelled"):
        found.broken.append(f"S5 #stop was told otherwise than it is: the answer is {state}")


def notices(scene: Scene, found: Judgement) -> None:
    assert isinstance(scene, StaffScene)
    letters = to_staff(scene)
    once = Counter((letter["recipient"], letter["kind"], letter["seq"]) for letter in letters)
    found.broken.extend(f"S4 {n} letters for the notice {key}" for key, n in once.items() if n > 1)
    for kind, n in scene.notices_due.items():
        there = sum(letter["kind"] == kind for letter in letters)
        if there != n:
            found.broken.append(f"S4 {there} notices “{kind}”, not {n}")
    doubted = {json.loads(row["detail"])["letter"] for row in events(scene, "letter_in_doubt")}
    boxes = {address: by_id(scene, address) for address in scene.staff}
    for address, box in boxes.items():
        ours = {letter["message_id"] for letter in letters if letter["recipient"] == address}
        found.broken.extend(f"S4 {address} got a mail that is no notice: {other}" for other in set(box) - ours)
    for letter in letters:
        _one_notice(scene, letter, boxes.get(letter["recipient"], {}).get(letter["message_id"], []), doubted, found)


def _one_notice(scene: StaffScene, letter: Row, raws: list[bytes], doubted: set[str], found: Judgement) -> None:
    what, state, resends = f"the notice “{letter['kind']}”", letter["state"], letter["resends"]
    found.notices_resent += resends
    if not all(same_bytes(raw, letter) for raw in raws):
        found.broken.append(f"S4 {what} came otherwise than it is kept")
    if len(raws) > 1:
        found.notices_twice += 1
        if len(raws) > 2 or letter["id"] not in doubted or resends != 1:
            found.broken.append(f"S4 {len(raws)} copies of {what}, sent again {resends} times")
    if state == "held" and any(row["state"] == "open" for row in duties(scene, "attend")):
        found.doubt += 1
    elif state != "sent" or not raws:
        found.lost += 1
        found.broken.append(f"S4 {what} is {state}, {len(raws)} copies were delivered")


def by_id(scene: Scene, address: str) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for raw in scene.stack.mails(address):
        found.setdefault(str(wire.parsed(raw)["Message-ID"]).strip(), []).append(raw)
    return found


def duties(scene: Scene, kind: str) -> list[Row]:
    return scene.books.rows(f"SELECT id, state, why FROM obligation WHERE kind = '{kind}' ORDER BY id")


def to_staff(scene: Scene, kind: str = "", to: str = "", states: tuple[str, ...] = ()) -> list[Row]:
    rows = scene.books.rows("SELECT * FROM letter WHERE audience = 'staff' ORDER BY created_at, id")
    return [
        row
        for row in rows
        if kind in ("", row["kind"]) and to in ("", row["recipient"]) and (not states or row["state"] in states)
    ]


def events(scene: Scene, what: str) -> list[Row]:
    return scene.books.rows(f"SELECT detail FROM event WHERE what = '{what}' ORDER BY id")


def times(scene: Scene, what: str) -> int:
    return len(events(scene, what))


STAFF_LOOKS: tuple[Look, ...] = (dispositions, commands, answer, notices)
