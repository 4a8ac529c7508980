"""An outcome as its writer put it down: the findings, and below them what the policy asks for, each under its label.

Owns that reading. "Actions:", "Cause:", "Learning:" … at the start of a line begin a part; it goes on until the next
label. What stands above the first label, or under "Findings:", is what the complainant is told. A line that ends a
prompt of the policy ("Should a procedure be changed?") is a label too. The points of a complaint are read by
`outcome_points`. Linear time, never fails, nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from complaintmail.triage.outcome_points import Point, is_point, read_points

FINDINGS, POINTS = "findings", "points"
_LABELS = {
    label: key
    for key, labels in {
        FINDINGS: ("findings", "what we found", "answer", "letter", "outcome", "report"),
        POINTS: ("points", "point by point", "each point", "on each point", "the points of the complaint"),
        "actions": ("actions", "action", "what we do", "what we will do", "what was done", "actions taken"),
        "learning": ("learning", "learnt", "what we learnt", "lessons", "lessons learnt", "lessons learned"),
        "cause": ("cause", "causes", "root cause", "what caused it"),
        "prevention": ("prevention", "preventing it", "preventive action", "preventive actions",
                       "so that it does not happen again"),
        "legislation": ("legislation", "law", "guidance", "legislation and guidance", "law and guidance"),
        "consultation": ("consultation", "consulted", "whom we consulted"),
        "meeting": ("meeting", "met", "meeting with the complainant"),
        "resolution": ("resolution", "resolved", "how it was resolved"),
        "considered": ("considered",),
    }.items()
    for label in labels
}  # fmt: skip
_LINE = re.compile(r"^[\s>*_•·-]{0,8}([^\W\d_][\w' ]{0,40}?)[\s*_]{0,4}[:：][\s*_]{0,4}(.*)$")
_BLANK = re.compile(r"^[\W_]*(?:tbc|to follow|\.{2,}|…)?[\W_]*$", re.IGNORECASE)
_MARK = re.compile(r"[^\w ]+")


@dataclass(frozen=True, slots=True)
class OutcomeForm:
    findings: str
    given: Mapping[str, str] = field(default_factory=dict)  # by what is asked for; a prompt by its own words
    points: tuple[Point, ...] = ()


def read_outcome(body: str, prompts: Sequence[str] = ()) -> OutcomeForm:
    """What stands in the mail, part by part."""
    asked = {_bare(prompt): prompt for prompt in prompts}
    parts: dict[str, list[str]] = {FINDINGS: []}
    at = FINDINGS
    for line in body.replace("\r\n", "\n").split("\n"):
        key, rest = _label(line, asked)
        if is_point(line):
            at = POINTS
            parts.setdefault(at, []).append(line)
        elif key:
            at = key
            parts.setdefault(at, [])
            if rest:
                parts[at].append(rest)
        else:
            parts[at].append(line)
    said = {key: "\n".join(lines).strip() for key, lines in parts.items()}
    points = read_points(said.pop(POINTS, ""))
    given = {key: words for key, words in said.items() if key != FINDINGS and not _BLANK.match(words)}
    return OutcomeForm(said[FINDINGS], given, points)


def _label(line: str, asked: Mapping[str, str]) -> tuple[str, str]:
    if "?" in line and asked:
        question, _, rest = line.partition("?")
        if (prompt := asked.get(_bare(question))) is not None:
            return prompt, rest.strip().lstrip(":").strip()
    found = _LINE.match(line[:2000])
    if found is None:
        return "", ""
    key = _LABELS.get(" ".join(found[1].lower().split()), "")
    return key, (found[2] + line[2000:]).strip() if key else ""


def _bare(words: str) -> str:
    return " ".join(_MARK.sub(" ", words.lower()).split())
