"""What a duty that is spoken of is held to, besides what every story with people is.

R1  each step is said once, to whom it belongs: who owes the answer, and the board when it is late; to nobody else
R2  that it is late is written down once
R3  the reminder's first link meets it once, and nothing is said of it after that
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from bench.crash.books import Row, moment
from bench.crash.checks import Judgement
from bench.crash.reminder_scene import ReminderScene
from bench.crash.scene import Scene
from bench.crash.staff_checks import events, to_staff


def reminded(scene: Scene, found: Judgement) -> None:
    assert isinstance(scene, ReminderScene)
    duties = scene.books.rows("SELECT id, state, met_at, evidence FROM obligation WHERE kind = 'respond'")
    if len(duties) != 1:
        found.broken.append(f"R3 {len(duties)} answers are owed for one complaint")
        return
    duty = duties[0]
    said = [row for row in to_staff(scene) if row["kind"] in ("reminder", "overdue") and _about(row) == duty["id"]]
    times = Counter((row["recipient"], row["kind"]) for row in said)
    due = {
        (getattr(scene, who), kind): n
        for who, numbers in scene.said.items()
        for kind, n in zip(("reminder", "overdue"), numbers, strict=True)
        if n
    }
    if times != due:
        found.broken.append(f"R1 of the answer was said {dict(times)}, not {due}")
    steps = Counter((row["recipient"], row["seq"]) for row in said)
    found.broken.extend(f"R1 {n} notices of the step {step}" for step, n in steps.items() if n > 1)
    missed = sum(
        json.loads(row["detail"]).get("duty") in ("respond", duty["id"]) for row in events(scene, "duty_missed")
    )
    if missed != scene.missed:
        found.broken.append(f"R2 that it is late was written down {missed} times")
    _met(scene, duty, said, found)


def _met(scene: ReminderScene, duty: Row, said: list[Row], found: Judgement) -> None:
    credited = len(events(scene, "staff_answered_elsewhere"))
    if duty["state"] != ("met" if scene.clicked else "open") or credited != scene.clicked:
        found.broken.append(f"R3 the answer is {duty['state']}, credited {credited} times")
    if duty["state"] != "met":
        return
    if "by telephone" not in str(duty["evidence"]):
        found.broken.append(f"R3 it was met by {duty['evidence']}")
    after = [row["kind"] for row in said if moment(row["created_at"]) > moment(duty["met_at"])]
    if after:
        found.broken.append(f"R3 after it was met was said {after}")


def _about(row: Row) -> Any:
    about = json.loads(row["about"]) if isinstance(row["about"], str) else row["about"]
    return (about or {}).get("duty")
