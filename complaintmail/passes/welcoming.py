"""The letter that tells a member of staff what they may be asked, owed as any other. Its yes shows that mail reaches
them and that their answers reach us."""

from __future__ import annotations

from complaintmail.cases.people import Person
from complaintmail.letters.notice import Notice
from complaintmail.letters.notices import Click, Paper
from complaintmail.passes.staff_papers import Papers
from complaintmail.store import instructed, outbox
from complaintmail.store.record import Writer

KIND = "welcome"
YES = (Click("Reply yes", "#yes"),)


def welcome(papers: Papers, writer: Writer, person: Person, notice: Notice) -> bool:
    """Owe them the letter; False where they were written to today already."""
    today = writer.now.astimezone(papers.zone).date().toordinal()
    if outbox.is_owed(writer.connection, KIND, today, person.email):
        return False
    paper = Paper(notice.subject, notice.first_line, notice.sections, YES, notice.foot)
    papers.send(writer, person.email, KIND, today, paper, about={"welcome": True})
    instructed.person_state(writer, person.key, {"welcomed_at": writer.now})
    return True
