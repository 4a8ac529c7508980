"""Letters with a person's words in them: owed when their command is obeyed, credited when the mail server took them.

Where the complainant is reached by post, the letter goes to its writer as a PDF to print, and what follows from it
waits until they say when it was posted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from complaintmail.cases.afterwards import ANSWERS, IN_PERSON, Gone, follows
from complaintmail.cases.commands.writing import by_post
from complaintmail.cases.deeds import Draft, Tell, Write
from complaintmail.cases.people import Officer
from complaintmail.cases.post import AUTOMATIC, LetterKind
from complaintmail.cases.scene import CaseNow, Scene
from complaintmail.letters import drafts, transcripts
from complaintmail.passes.printing import OnPaper, appeal_doubts, pdf_of, to_print
from complaintmail.passes.staff_papers import Papers, by_the_clock
from complaintmail.store import crediting, instructed, scenes, schema
from complaintmail.store.record import Writer

LEFT = ("sending", "sent", "doubt")


def write_letter(papers: Papers, writer: Writer, scene: Scene, write: Write, row: Mapping[str, Any]) -> str:
    """Owe this letter. Its writer sees it as it goes, and can take it back until then."""
    assert scene.case is not None
    case = scene.case
    officer = signs(papers, scene, case, write.after.get("signs"))
    if write.kind is LetterKind.PASSED_ON:
        write = _with_their_words(papers, writer, case, write)
    if write.to is None and by_post(row):
        write = replace(write, extra={**write.extra, "on_paper": "yes"})
    words = papers.lettering.words_of(row, write, papers.policy, officer, writer.now)
    if write.after.get("seen") and write.after["seen"] != seal(words.text):
        return _look_again(papers, writer, scene, write, row)
    if write.kind in AUTOMATIC and any(one.text == words.text and one.state in LEFT for one in case.written):
        return " They have had a letter with these words already, so none goes."
    if write.to is None and by_post(row):
        return to_print(papers, writer, scene, write, words, officer)
    hold = timedelta() if write.at_once or write.kind in AUTOMATIC else scene.rules.hold
    enclosures = papers.enclosed(write.entry) if write.entry is not None else ()
    held = None
    if write.after.get("pdf"):
        pdf = pdf_of(papers, writer, row, words, write.kind)
        enclosures, held = (*enclosures, *pdf.files), pdf.problem
    papers.lettering.with_words(
        writer, row, write, case.mails, papers.policy, officer, author=scene.by, enclosures=enclosures,
        not_before=writer.now + hold if hold else None, hold=held,
    )  # fmt: skip
    if held:
        papers.put_to_first(writer, case, f"its answer waits for a person: {held}")
        return f" It could not go yet: {held}."
    if write.to is not None and write.to not in case.addresses:
        instructed.vouch(writer, case, write.to, "consulted")
    if hold and scene.person is not None:
        told = papers.case_told(writer, case.id)
        paper = transcripts.on_its_way(told, words.text, writer.now + hold, "", to=write.to or "")
        seq = scene.entry or by_the_clock(writer)
        papers.send(writer, scene.person.email, "on-its-way", seq, paper, case=case, entry=scene.entry)
    return ""


def show_draft(papers: Papers, writer: Writer, scene: Scene, draft: Draft, row: Mapping[str, Any]) -> str:
    """The finished letter and its PDF, to who wrote it; nothing goes before they have said so."""
    assert scene.case is not None
    case = scene.case
    letter = draft.letter
    if by_post(row):
        letter = replace(letter, extra={**letter.extra, "on_paper": "yes"})
    words = papers.lettering.words_of(row, letter, papers.policy, signs(papers, scene, case), writer.now)
    pdf = OnPaper()
    if draft.letter.after.get("pdf"):
        pdf = pdf_of(papers, writer, row, words, draft.letter.kind)
    for offer in scene.offers:  # a newer draft stands in the older one's place
        if offer.kind == "draft" and offer.case_id == case.id and offer.person == scene.key:
            writer.change(schema.offer, {"id": offer.id}, {"state": "withdrawn", "settled_at": writer.now})
    payload = dict(draft.payload) | {"seen": seal(words.text), "text": words.text}
    number = instructed.make_offer(
        writer, case_id=case.id, mailbox=papers.mailbox, person=scene.key, kind="draft", message_id=scene.entry,
        payload=payload,
    )  # fmt: skip
    writer.event("letter_drafted", by=scene.by, case_id=case.id, offer=number, kind=str(draft.letter.kind))
    if scene.person is None:
        return ""
    why = (*draft.why, *appeal_doubts(papers, draft), *pdf.doubts, *((f"{pdf.problem}.",) if pdf.problem else ()))
    told = papers.case_told(writer, case.id)
    paper = drafts.draft(told, words.text, why, draft.missing, str(draft.payload["decision"]), by_post(row))
    hung = pdf.files or (papers.enclosed(draft.letter.entry) if draft.letter.entry is not None else ())
    papers.send(
        writer, scene.person.email, "draft", number, paper, case=case, about={"offer": number},
        in_reply_to=scene.message.message_id if scene.message else None, entry=scene.entry, enclosures=hung,
    )  # fmt: skip
    return ""


def _look_again(papers: Papers, writer: Writer, scene: Scene, write: Write, row: Mapping[str, Any]) -> str:
    """A day went by since it was looked at, and a date in it is another now: its writer sees it again first."""
    payload = {
        "decision": write.after["decision"], "words": write.after["findings"], "given": write.after["given"],
        "entry": write.entry, "missing": [], "attached": [],
    }  # fmt: skip
    why = ("Since you looked at it, a date in it has moved. Please look once more.",)
    show_draft(papers, writer, scene, Draft(write, payload, why), row)
    return " A date in it has moved since you looked at it, so it was NOT sent: you have it once more."


def seal(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _with_their_words(papers: Papers, writer: Writer, case: CaseNow, write: Write) -> Write:
    """What is passed on is their own mail, with what hung on it."""
    mail = papers.telling.first_mail(writer, case.id)
    return replace(write, extra={**write.extra, "account": mail.text}, entry=mail.entry or None)


def signs(papers: Papers, scene: Scene, case: CaseNow, named: str | None = None) -> Officer:
    """In whose name it is: who was named for it, who wrote it, else who deals with the case."""
    person = papers.people.at(named) or scene.person or papers.people.at(case.handler)
    if person is None:
        return Officer("", "")
    role = next((each for each in person.roles if papers.policy.role(each) is not None), "")
    known = papers.policy.role(role)
    return Officer(role, known.title if known else "", person.name, person.email)


def letter_went(writer: Writer, papers: Papers, letter_id: str, row: Any, *, telling: bool = True) -> None:
    """What follows from a letter that the mail server took; its writer hears when it went. Not `telling`: only what
    follows, and nobody hears of it."""
    letter = schema.letter
    evidence = f"letter {letter_id}: {row.reply or 'accepted'}"
    kind = LetterKind(row.kind)
    writer.execute(update(letter).where(letter.c.id == letter_id).values(told_at=writer.now))
    gone = Gone(kind, row.about or {}, row.sent_at, row.author, evidence)
    went(writer, papers, row.case_id, gone, row.audience, seq=row.seq, telling=telling)
    if not telling:
        return
    author = papers.people.at(row.author)
    writer.so_far()
    case = scenes.case_now(writer.connection, row.case_id)
    if author is not None and author.key not in case.excluded:
        told = papers.case_told(writer, row.case_id)
        paper = transcripts.letter_has_gone(told, row.text, row.sent_at)
        papers.send(writer, author.email, "gone", row.seq, paper, case=case)


def went(
    writer: Writer,
    papers: Papers,
    case_id: int,
    gone: Gone,
    audience: str = "complainant",
    seq: int | None = None,
    *,
    telling: bool = True,
) -> None:
    """Everything that holds once this letter is theirs. `seq`: the letter's, for what is told of it."""
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
    if telling:
        put_on_paper(papers, writer, case, applied, gone.by, seq)


def put_on_paper(
    papers: Papers, writer: Writer, case: CaseNow, applied: instructed.Applied, by: str, entry: int | None = None
) -> None:
    """What a deed that no mail of staff's caused calls for: notices, and letters that go by themselves."""
    for paper in applied.paper:
        match paper:
            case Tell():
                papers.tell_of(writer, case, paper, entry or by_the_clock(writer))
            case Write() if paper.to is not None or not by_post(applied.row):
                days = int(paper.after.get("in_days") or 0)
                papers.lettering.with_words(
                    writer, applied.row, paper, case.mails, papers.policy, _handler_signs(papers, case), author=by,
                    not_before=writer.now + timedelta(days=days) if days else None,
                )  # fmt: skip
            case _:
                pass


def _handler_signs(papers: Papers, case: CaseNow) -> Officer:
    person = papers.people.at(case.handler)
    return Officer("", "", person.name, person.email) if person is not None else Officer("", "")
