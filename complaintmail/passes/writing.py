"""Letters with a person's words in them: owed when their command is obeyed, credited when the mail server took them.

Where the complainant is reached by post, the letter goes to its writer as a PDF to print, and what follows from it
waits until they say when it was posted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from complaintmail.cases.afterwards import ANSWERS, IN_PERSON, Gone, follows
from complaintmail.cases.commands.writing import by_post
from complaintmail.cases.deeds import Tell, Write
from complaintmail.cases.people import Officer
from complaintmail.cases.post import AUTOMATIC, LetterKind
from complaintmail.cases.scene import CaseNow, Scene
from complaintmail.letters import transcripts
from complaintmail.passes.staff_papers import Papers, by_the_clock
from complaintmail.store import crediting, instructed, scenes, schema
from complaintmail.store.record import Writer


def write_letter(papers: Papers, writer: Writer, scene: Scene, write: Write, row: Mapping[str, Any]) -> str:
    """Owe this letter. Its writer sees it as it goes, and can take it back until then."""
    assert scene.case is not None
    case = scene.case
    hold = timedelta() if write.at_once or write.kind in AUTOMATIC else scene.rules.hold
    officer = signs(papers, scene, case)
    if write.to is None and by_post(row):
        return _to_print(papers, writer, scene, write, row, officer)
    enclosures = papers.enclosed(write.entry) if write.entry is not None else ()
    words = papers.lettering.with_words(
        writer, row, write, case.mails, papers.policy, officer, author=scene.by, enclosures=enclosures,
        not_before=writer.now + hold if hold else None, entry=scene.entry,
    )  # fmt: skip
    if write.to is not None:
        instructed.vouch(writer, case, write.to, "consulted")
    if hold and scene.person is not None:
        told = papers.case_told(writer, case.id)
        paper = transcripts.on_its_way(told, words.text, writer.now + hold, "", to=write.to or "")
        seq = scene.entry or by_the_clock(writer)
        papers.send(writer, scene.person.email, "on-its-way", seq, paper, case=case, entry=scene.entry)
    return ""


def signs(papers: Papers, scene: Scene, case: CaseNow) -> Officer:
    """In whose name it is: who wrote it, else who deals with the case."""
    person = scene.person or papers.people.at(case.handler)
    if person is None:
        return Officer("", "")
    role = next((each for each in person.roles if papers.policy.role(each) is not None), "")
    known = papers.policy.role(role)
    return Officer(role, known.title if known else "", person.name, person.email)


def _to_print(
    papers: Papers, writer: Writer, scene: Scene, write: Write, row: Mapping[str, Any], officer: Officer
) -> str:
    from complaintmail.passes.printing import to_print  # a PDF is made only where one is needed

    return to_print(papers, writer, scene, write, row, officer)


def letter_went(writer: Writer, papers: Papers, letter_id: str, row: Any) -> None:
    """What follows from a letter that the mail server took; its writer hears when it went."""
    letter = schema.letter
    evidence = f"letter {letter_id}: {row.reply or 'accepted'}"
    kind = LetterKind(row.kind)
    writer.execute(update(letter).where(letter.c.id == letter_id).values(told_at=writer.now))
    gone = Gone(kind, row.about or {}, row.sent_at, row.author, evidence)
    went(writer, papers, row.case_id, gone, row.audience)
    author = papers.people.at(row.author)
    writer.so_far()
    case = scenes.case_now(writer.connection, row.case_id)
    if author is not None and author.key not in case.excluded:
        told = papers.case_told(writer, row.case_id)
        paper = transcripts.letter_has_gone(told, row.text, row.sent_at)
        papers.send(writer, author.email, "gone", row.seq, paper, case=case)


def went(writer: Writer, papers: Papers, case_id: int, gone: Gone, audience: str = "complainant") -> None:
    """Everything that holds once this letter is theirs."""
    writer.so_far()
    case = scenes.case_now(writer.connection, case_id)
    deed = follows(gone, case, papers.policy)
    if gone.kind in IN_PERSON and audience == "complainant":
        counts = gone.kind in ANSWERS
        crediting.credit_answer(writer, case_id, gone.at, gone.evidence, gone.by, counts=counts)
        writer.so_far()
    if deed is None:
        writer.event("letter_went", by=gone.by, case_id=case_id, kind=str(gone.kind))
        return
    applied = instructed.apply(
        writer, deed, f"{gone.kind}_went", case, papers.policy, papers.people, gone.by, None, actor="went"
    )
    for paper in applied.paper:
        match paper:
            case Tell():
                papers.tell_of(writer, case, paper, by_the_clock(writer))
            case Write():
                papers.lettering.with_words(
                    writer, applied.row, paper, case.mails, papers.policy, _handler_signs(papers, case),
                    author=gone.by, not_before=_not_before(paper, gone.at), entry=None,
                )  # fmt: skip


def _handler_signs(papers: Papers, case: CaseNow) -> Officer:
    person = papers.people.at(case.handler)
    return Officer("", "", person.name, person.email) if person is not None else Officer("", "")


def _not_before(write: Write, at: datetime) -> datetime | None:
    days = write.after.get("in_days")
    return at + timedelta(days=int(days)) if days else None
