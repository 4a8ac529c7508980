"""Praise has just come: it goes to the people whom it names, and to who hands it on to the others.

Only what is surely praise and nothing else. Whoever it is about is told of it as such, and suspected of nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from complaintmail.cases.changes import Decision
from complaintmail.letters import praise
from complaintmail.mail.message import Message
from complaintmail.passes.noticing import Hung
from complaintmail.passes.praising import pass_on_new, praised_in
from complaintmail.passes.telling import Subject, Telling
from complaintmail.store.record import Writer
from complaintmail.triage.cautions import cautions
from complaintmail.triage.named import named_in
from complaintmail.triage.verdicts import Kind


def is_praise(decision: Decision) -> bool:
    return decision.kind is Kind.COMPLIMENT and decision.sure and decision.opens is not None and not decision.attend


def praise_came(
    telling: Telling,
    writer: Writer,
    row: Mapping[str, Any],
    decision: Decision,
    message: Message,
    entry: int,
    hung: Hung,
) -> None:
    policy, people = telling.policy, telling.people
    on = writer.now.astimezone(telling.zone).date()
    own = frozenset({(row["complainant_email"] or "").lower()})  # staff who praise a colleague
    mail = Subject(entry, message.text, message.subject, hung, decision.reasons, (), cautions(message))
    case = telling.told(writer, row, mail, ())
    named, maybe = praised_in(named_in(message.new_text, people.persons), people)
    if mail.warnings:  # something in it needs a person's eye first
        named, maybe = (), (*named, *maybe)
    named = tuple(person for person in named if person.serves(policy) and person.key not in own)
    alone = replace(case, text=message.new_text.strip() or message.text)  # what they quote may be about others
    pass_on_new(writer, telling.noticing, row, alone, named, entry)
    role = policy.praise.passes_to if policy.praise is not None and policy.praise.passes_to else policy.first
    officer = people.officer(policy, role, on=on, without=own)
    if officer.email is None:
        return
    had = {person.key for person in named}
    others = [(one.name, one.email) for one in people.persons if one.serves(policy) and one.key not in had | own]
    paper = praise.to_hand_on(
        case, [person.name for person in named], others, [(one.name, one.email) for one in maybe],
        policy.praise is not None and policy.praise.board,
    )  # fmt: skip
    telling.noticing.put(
        writer, officer.email, "decide", entry, paper, case_id=row["id"], reference=row["reference"], entry=entry,
        about={"entry": entry}, enclosures=hung.enclosures,
    )  # fmt: skip
