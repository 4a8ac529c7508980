"""Praise has just come: it goes to the people whom it names, and to who hands it on to the others.

Only what is surely praise and nothing else. Whoever it is about is told of it as such, and suspected of nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from complaintmail.cases.changes import Decision
from complaintmail.cases.people import Person
from complaintmail.letters import praise
from complaintmail.letters.told import CaseTold
from complaintmail.mail.message import Message
from complaintmail.passes.noticing import Hung
from complaintmail.passes.praising import own_words, pass_on_new, praised_in
from complaintmail.passes.staff_papers import by_the_clock
from complaintmail.passes.telling import Subject, Telling
from complaintmail.store import scenes, schema
from complaintmail.store.praised import keep_praise
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
    own = frozenset({(row["complainant_email"] or "").lower()})  # staff who praise a colleague
    mail = Subject(entry, message.text, message.subject, hung, decision.reasons, (), cautions(message))
    case = telling.told(writer, row, mail, ())
    named, maybe = praised_in(named_in(message.new_text, people.persons), people)
    if mail.warnings:  # something in it needs a person's eye first
        named, maybe = (), (*named, *maybe)
    named = tuple(person for person in named if person.serves(policy) and person.key not in own)
    alone = replace(case, text=message.new_text.strip() or message.text)  # what they quote may be about others
    pass_on_new(writer, telling.noticing, row, alone, named, entry)
    _to_who_hands_on(telling, writer, row, case, named, maybe, own, entry, entry, hung)


def hand_on(telling: Telling, writer: Writer, case_id: int) -> None:
    """What was taken for something else, or was recorded of a call, is praise: the same follows as if it had just
    come. Whoever it may have been about is suspected no more."""
    writer.so_far()
    case, policy, people = scenes.case_now(writer.connection, case_id), telling.policy, telling.people
    mail = telling.first_mail(writer, case_id)
    told = telling.told(writer, case.row, mail, ())
    words = own_words(told)
    named, maybe = praised_in(named_in(words, people.persons), people)
    about = frozenset(email for email, standing in case.persons.items() if standing == "complained about")
    out = about | frozenset({case.complainant or ""})
    had = frozenset(str(address) for address in case.praise.get("passed_to") or ())
    named = tuple(person for person in named if person.serves(policy) and person.key not in out | had)
    for email, standing in case.persons.items():
        if standing == "suspected":
            writer.change(schema.case_person, {"case_id": case_id, "email": email}, {"standing": "cleared"})
    seq = by_the_clock(writer)
    for person in named:
        telling.noticing.put(
            writer, person.email, "praise", seq, praise.for_you(replace(told, text=words), "", ""), case_id=case_id,
            reference=case.reference, entry=mail.entry or None,
        )  # fmt: skip
    if named:
        keep_praise(writer, case_id, {"passed_to": sorted(had | {person.key for person in named})})
        writer.event("praise_passed", by="complaintmail", case_id=case_id, to=[person.key for person in named])
    maybe = tuple(person for person in maybe if person.key not in out)
    _to_who_hands_on(telling, writer, case.row, told, named, maybe, out, seq, mail.entry or None, Hung())


def _to_who_hands_on(
    telling: Telling,
    writer: Writer,
    row: Mapping[str, Any],
    case: CaseTold,
    named: Sequence[Person],
    maybe: Sequence[Person],
    out: frozenset[str],
    seq: int,
    entry: int | None,
    hung: Hung,
) -> None:
    policy, people = telling.policy, telling.people
    on = writer.now.astimezone(telling.zone).date()
    role = policy.praise.passes_to if policy.praise is not None and policy.praise.passes_to else policy.first
    officer = people.officer(policy, role, on=on, without=out)
    if officer.email is None:
        return
    had = {person.key for person in named}
    others = [(one.name, one.email) for one in people.persons if one.serves(policy) and one.key not in had | out]
    paper = praise.to_hand_on(
        case, [person.name for person in named], others, [(one.name, one.email) for one in maybe],
        policy.praise is not None and policy.praise.board,
    )  # fmt: skip
    telling.noticing.put(
        writer, officer.email, "decide", seq, paper, case_id=row["id"], reference=row["reference"], entry=entry,
        about={"entry": entry} if entry is not None else {}, enclosures=hung.enclosures,
    )  # fmt: skip
