"""Matters on their way: a lasting office for each policy, and what lies with whom and stands in its log.

office = offices("sek")                          # the fixture of tests/flows/conftest.py
notice = complains(office, "jane@one.test", "…")   # each test has a complainant of its own
orders(office, notice, "#ask\n…")
writes_back(office, "jane@one.test", newest(office, "jane@one.test"), "…")
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.bureau import AT_ONCE, Bureau, a_bureau, answering, reply
from tests.support.doors import ADDRESS
from tests.support.office import a_mail
from tests.support.staff import Got

Offices = Callable[[str], Bureau]
ROLES = {
    "cms": ["operations-director", "policy-owner"],
    "cim": ["policy-owner", "complaints-manager", "department-manager"],
    "sek": ["manager", "director", "policy-owner"],
    "ace": ["operations-director", "policy-owner", "area-manager", "area-director"],
    "ceme": ["operations-director", "policy-owner"],
}
ABE = '\n[[person]]\nname = "Abe Award"\nemail = "abe@staff.test"\nroles = ["awarding-body"]\n'


def an_office_for(policy: str, folder: Path) -> Bureau:
    roles = ", ".join(f'"{role}"' for role in ROLES[policy])
    dana = f'\n[[person]]\nname = "Dana"\nemail = "dana@staff.test"\nroles = [{roles}]\n'
    return a_bureau(folder, policy=policy, staff=dana + ABE, extra=AT_ONCE)


def case_of(bureau: Bureau, email: str) -> dict[str, Any]:
    names = ("id", "reference", "status", "respond_by", "outcome", "closed_at", "course", "channel", "handler")
    [row] = bureau.rows(f"SELECT {', '.join(names)} FROM cases WHERE complainant_email = ?", email)
    case = dict(zip(names, row, strict=True))
    return case | {"course": json.loads(case["course"] or "{}")}


def duties(bureau: Bureau, email: str) -> dict[str, str]:
    """Each duty of the case, by its kind: its state."""
    asked = "SELECT o.kind, o.state FROM obligation o JOIN cases c ON c.id = o.case_id WHERE c.complainant_email = ?"
    return dict(bureau.rows(f"{asked} ORDER BY o.id", email))


def last_day(bureau: Bureau, email: str, kind: str) -> str:
    asked = "SELECT o.due_at FROM obligation o JOIN cases c ON c.id = o.case_id WHERE c.complainant_email = ?"
    [(due,)] = bureau.rows(f"{asked} AND o.kind = ? ORDER BY o.id DESC LIMIT 1", email, kind)
    return str(due)[:10]


def newest(bureau: Bureau, who: str, begins: str = "") -> Got:
    found = [got for got in bureau.all_to(who) if got.subject.startswith(begins) or got.about == begins]
    assert found, f"nothing to {who} that begins with {begins!r}: {[got.subject for got in bureau.all_to(who)]}"
    return found[-1]


def said(got: Got) -> str:
    return " ".join(got.words.split())


def unquoted(got: Got) -> str:
    """Its words on one line, whoever is quoted."""
    return " ".join(got.words.replace("\r\n", "\n").replace("\n> ", "\n").split())


def complains(bureau: Bureau, email: str, words: str, subject: str = "A complaint") -> Got:
    """A new case; the notice of it to who decides."""
    bureau.complains(words, email, subject=subject)
    return newest(bureau, "dana")


def orders(bureau: Bureau, notice: Got, words: str) -> Got:
    """Dana writes this; what came back to her."""
    bureau.takes(reply("dana", notice, words))
    return newest(bureau, "dana")


def writes_back(bureau: Bureau, email: str, got: Got, words: str) -> None:
    headers = [f"{name}: {value}" for name, value in answering(got)]
    bureau.takes(a_mail(ADDRESS, sender=email, subject=f"Re: {got.subject}", body=words, headers=headers))
