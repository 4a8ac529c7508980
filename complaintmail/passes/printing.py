"""Letters on paper: the PDF of a letter's own words, and letters that staff print and post.

The press fails alone: a letter whose PDF cannot be made waits for a person, and says why. When it is made, and how
often that is tried, is in `pressing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from complaintmail.cases.deeds import Draft, Write
from complaintmail.cases.people import Officer
from complaintmail.cases.post import LetterKind
from complaintmail.cases.scene import Scene
from complaintmail.letters import drafts
from complaintmail.letters.letter import Rendered
from complaintmail.letters.values import written_date
from complaintmail.mail.attachments import attachment_bytes
from complaintmail.mail.compose import Enclosure
from complaintmail.passes.staff_papers import Papers
from complaintmail.store import instructed, scenes
from complaintmail.store.record import Writer

NAMES = {LetterKind.OUTCOME: "Outcome", LetterKind.APPEAL_OUTCOME: "Appeal"}


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A letter's PDF, or why there is none. `doubts`: what of its words the PDF cannot show."""

    files: tuple[Enclosure, ...] = ()
    problem: str | None = None
    doubts: tuple[str, ...] = ()


def pdf_of(papers: Papers, writer: Writer, row: Mapping[str, Any], words: Rendered, kind: LetterKind) -> OnPaper:
    """The letter as PDF."""
    from complaintmail.letters.sheet import Sheet, plain
    from complaintmail.passes.pressing import on_paper

    policy = papers.policy
    today = writer.now.astimezone(papers.zone).date()
    name = row["complainant_name"] or ""
    lines = scenes.postal_address(writer.connection, row["id"])
    sheet = Sheet(
        organisation=policy.organisation,
        letterhead=tuple(line for line in policy.letterhead if line != policy.organisation),
        recipient=tuple(line for line in (name, *lines) if line)[:8],
        place_date=written_date(today),
        reference=row["reference"],
        subject=words.subject.replace(f"[{row['reference']}]", "").strip(),
        blocks=words.blocks or plain(words.text),
        signed=(),
        foot="",
        large_print=any("large print" in str(need).lower() for need in row["needs"] or ()),
        dated=today,
    )
    made = on_paper(sheet, papers.presses)
    if isinstance(made, str):
        return OnPaper(problem=f"its PDF could not be made: {made}")
    doubts: tuple[str, ...] = ()
    if made.unshown:
        doubts = (f"The PDF cannot show all of these: {', '.join(made.unshown[:5])}. The mail shows them as they are.",)
    file = Enclosure(f"{NAMES.get(kind, 'Letter')} {row['reference']}.pdf", "application/pdf", made.pdf)
    return OnPaper((file,), None, doubts)


def to_print(papers: Papers, writer: Writer, scene: Scene, write: Write, words: Rendered, officer: Officer) -> str:
    """The letter to who wrote it, to print and post; what follows from it waits for the day of posting."""
    assert scene.case is not None
    case = scene.case
    paper_words = words
    if not words.blocks:
        asked = Write(write.kind, write.text, write.entry, None, True, write.extra, {**write.after, "pdf": True})
        paper_words = papers.lettering.words_of(case.row, asked, papers.policy, officer, writer.now)
    pdf = pdf_of(papers, writer, case.row, paper_words, write.kind)
    payload = {"posted": True, "kind": str(write.kind), "after": dict(write.after), "text": words.text}
    number = instructed.make_offer(
        writer, case_id=case.id, mailbox=papers.mailbox, person=scene.key, kind="letter", message_id=scene.entry,
        payload=payload,
    )  # fmt: skip
    writer.event("letter_to_print", by=scene.by, case_id=case.id, offer=number, kind=str(write.kind))
    if scene.person is not None:
        told = papers.case_told(writer, case.id)
        paper = drafts.to_post(told, words.text)
        papers.send(
            writer, scene.person.email, "post", number, paper, case=case, about={"offer": number}, enclosures=pdf.files,
            entry=scene.entry,
        )  # fmt: skip
    return f" {pdf.problem[:1].upper()}{pdf.problem[1:]}." if pdf.problem else ""


def appeal_doubts(papers: Papers, draft: Draft) -> tuple[str, ...]:
    """What an attached letter should say, and its text does not."""
    if draft.letter.entry is None:
        return ()
    from complaintmail.gateways.documents import document_text

    _, message, raw = papers.raw(draft.letter.entry)
    doubts: list[str] = []
    for each in message.attachments:
        if not each.name.lower().endswith((".docx", ".pdf", ".odt")):
            continue
        text = document_text(each.name, each.type, attachment_bytes(raw, each.index))
        if text is None:
            doubts.append(f"{each.name} could not be read, so nobody has checked what it says.")
            continue
        said = " ".join(text.lower().split())
        extra = draft.letter.extra
        if extra.get("appeal_to") and "appeal" not in said:
            doubts.append(f"{each.name} does not say that they can appeal. The mail that it comes with does.")
        if extra.get("next_body") and extra["next_body"].split(" (")[0].lower().removeprefix("the ") not in said:
            doubts.append(f"{each.name} does not name {extra['next_body']}. The mail that it comes with does.")
    return tuple(doubts)
