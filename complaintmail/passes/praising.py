"""Praise on paper: kind words to the people they are about, and the board's words to who keeps it.

What hangs is made here from the giver's own words, without names, and kept as it was shown: a yes is good for those
words alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from complaintmail.cases.anonymous import without_names
from complaintmail.cases.commands.praising import fingerprint
from complaintmail.cases.deeds import AskBoard
from complaintmail.cases.people import People, Person
from complaintmail.cases.scene import CaseNow, Scene
from complaintmail.letters import praise
from complaintmail.letters.notices import CaseTold
from complaintmail.mail.reply import split
from complaintmail.passes.noticing import Noticing
from complaintmail.passes.staff_papers import Papers, by_the_clock
from complaintmail.policy.policy import Policy
from complaintmail.store import instructed, schema
from complaintmail.store.praised import keep_praise
from complaintmail.store.record import Writer
from complaintmail.triage.named import Mention

HANG = "#board hang"


def own_words(told: CaseTold) -> str:
    """What the giver wrote, without what their mail quotes: that may be about others."""
    return split(told.text, told.subject).new.strip() or told.text


def praised_in(mentions: Sequence[Mention], people: People) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """Whom kind words name for certain, and whom they may name: one word that two people share decides nothing."""
    shared = [mention.words.casefold() for mention in mentions if not mention.sure]
    sure: list[Person] = []
    maybe: list[Person] = []
    for mention in mentions:
        person = people.at(mention.email)
        if person is not None:
            alone = mention.sure or shared.count(mention.words.casefold()) == 1
            (sure if alone else maybe).append(person)
    return tuple(sure), tuple(maybe)


def pass_on_new(
    writer: Writer, noticing: Noticing, row: Mapping[str, Any], case: CaseTold, to: Sequence[Person], entry: int
) -> None:
    """A compliment that has just come goes to the people whom it names."""
    for person in to:
        noticing.put(
            writer, person.email, "praise", entry, praise.for_you(case, "", ""), case_id=row["id"],
            reference=row["reference"], entry=entry,
        )  # fmt: skip
    if to:
        keep_praise(writer, row["id"], {"passed_to": sorted(person.key for person in to)})
        writer.event("praise_passed", by="complaintmail", case_id=row["id"], to=[person.key for person in to])


def pass_on(papers: Papers, writer: Writer, case: CaseNow | None, to: Sequence[str], words: str, by: str) -> None:
    """A colleague says whom kind words are about."""
    assert case is not None
    told = papers.case_told(writer, case.id)
    told = replace(told, text=own_words(told))
    author = papers.people.at(by)
    for email in to:
        passed_by = author.name if author is not None and author.key != email.lower() else ""
        papers.send(
            writer, email, "praise", by_the_clock(writer), praise.for_you(told, words, passed_by), case=case
        )  # fmt: skip


def ask_board(papers: Papers, writer: Writer, scene: Scene, ask: AskBoard) -> str:
    """Show who keeps the board the words as they would hang; an earlier question is void."""
    assert scene.case is not None
    case = scene.case
    told = papers.case_told(writer, case.id)
    bare = without_names(
        ask.words or own_words(told), giver=str(case.row["complainant_name"]), giver_email=case.complainant or "",
        staff=papers.people.persons, known=_known(papers.policy),
    )  # fmt: skip
    _withdraw(writer, case.id)
    if not bare.words.strip(" …."):
        writer.event("board_without_words", by="complaintmail", case_id=case.id)
        return " Without names nothing is left of them, so please write what shall hang: #board with the words below."
    name = str(case.row["complainant_name"]).strip() if ask.named else ""
    kept = {
        "words": bare.words, "named": name, "consent": ask.consent or None, "board": "asked", "shown_at": None,
        "by": scene.by,
    }  # fmt: skip
    keep_praise(writer, case.id, kept)
    line = f"{HANG} {fingerprint(kept)}"
    number = instructed.make_offer(
        writer, case_id=case.id, mailbox=papers.mailbox, person=ask.keeper.lower(), kind="orders",
        message_id=scene.entry, payload={"lines": [line], "text": bare.words},
    )  # fmt: skip
    writer.event("board_shown", by="complaintmail", case_id=case.id, offer=number, whom=ask.keeper)
    if papers.people.at(ask.keeper) is None:
        return f' "{bare.words}" waits for a #yes.'
    asked_by = scene.person.name if scene.person is not None and scene.key != ask.keeper.lower() else ""
    paper = praise.to_hang(told, bare.words, name, bare.taken_out, bare.doubts, asked_by)
    papers.send(writer, ask.keeper, "board", number, paper, case=case, about={"offer": number}, entry=scene.entry)
    return ""


def _withdraw(writer: Writer, case_id: int) -> None:
    offer = schema.offer
    asked = select(offer.c.id, offer.c.payload).where(
        offer.c.case_id == case_id, offer.c.kind == "orders", offer.c.state == "open"
    )
    for row in writer.connection.execute(asked).all():
        if str((row.payload.get("lines") or [""])[0]).startswith(HANG):
            writer.change(offer, {"id": row.id}, {"state": "withdrawn", "settled_at": writer.now})


def _known(policy: Policy) -> tuple[str, ...]:
    """Capitals that are the organisation's own."""
    return (policy.organisation, *(area.title for area in policy.areas), *(role.title for role in policy.roles))
