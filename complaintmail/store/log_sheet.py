"""The complaints log as a policy's own form has it: each column under its heading, in words that a person would write.

Which columns there are, and how they are headed, stands in the policy's file ([log]). Reads only; imports no
SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from complaintmail.policy.policy import Policy
from complaintmail.store.lines import Shown
from complaintmail.store.listing import from_json
from complaintmail.store.reading import Reader

Case = Mapping[str, Any]
LONGEST = 300  # characters of a brief description
OUTCOMES = {"settled": "Settled at once", "withdrawn": "Withdrawn"}


def sheet(reader: Reader, cases: Sequence[Shown], policy: Policy, columns: Mapping[str, str]) -> list[Shown]:
    """These cases (as `listing.cases` tells them), one to a row, under the headings of `columns`."""
    kept = reader.rows("SELECT reference, course FROM cases")
    courses = {reference: from_json(course) or {} for reference, course in kept}
    return [
        {heading: _FIELDS[field](case, courses[case["reference"]], policy) for heading, field in columns.items()}
        for case in cases
    ]


def _day(moment: str | None) -> str:
    return moment[:10] if moment else ""


def _brief(words: object) -> str:
    text = " ".join(str(words or "").split())
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "…"


def _who(officer: Mapping[str, Any] | None) -> str:
    return str(officer.get("name") or officer.get("email") or officer.get("role") or "") if officer else ""


def _area(case: Case, course: Case, policy: Policy) -> str:
    return next((area.title for area in policy.areas if area.name == case["area"]), case["area"] or "")


def _actions(case: Case, course: Case, policy: Policy) -> str:
    return "; ".join(_action(each) for each in case["actions"])


def _action(action: Case) -> str:
    whom = f" ({action['who']})" if action["who"] else ""
    done = f", done {_day(action['done_at'])}" if action["done_at"] else f", by {action['by']}" if action["by"] else ""
    return f"{_brief(action['text'])}{whom}{done}"


def _resolution(case: Case, course: Case, policy: Policy) -> str:
    how = _brief(course.get("resolution") or course.get("settled"))
    outcome = str(case["outcome"] or "")
    came = OUTCOMES.get(outcome, outcome.capitalize())
    said = ": ".join(part for part in (came, how) if part)
    return ", ".join(part for part in (said, _day(case["closed_at"])) if part)


_FIELDS: dict[str, Callable[[Case, Case, Policy], str]] = {
    "reference": lambda case, course, policy: case["reference"],
    "received": lambda case, course, policy: _day(case["received_at"]),
    "from": lambda case, course, policy: case["complainant"]["name"] or case["complainant"]["email"] or "",
    "channel": lambda case, course, policy: case["channel"],
    "area": _area,
    "reported_to": lambda case, course, policy: _who(case["handler"] or case["owner"]),
    "description": lambda case, course, policy: _brief(case["summary"] or case["subject"]),
    "severity": lambda case, course, policy: case["severity"],
    "responded": lambda case, course, policy: _day(case["responded_at"]),
    "response": lambda case, course, policy: _brief(course.get("findings")),
    "actions": _actions,
    "outcome": lambda case, course, policy: case["outcome"] or "",
    "cause": lambda case, course, policy: _brief(case["cause"]),
    "resolution": _resolution,
    "closed": lambda case, course, policy: _day(case["closed_at"]),
    "status": lambda case, course, policy: case["status"],
}
