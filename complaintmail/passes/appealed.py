"""A complainant appeals in time: the stage begins in the mail's own commit, and somebody is asked to hear it."""

from __future__ import annotations

from complaintmail.cases.appeals import opened
from complaintmail.cases.deeds import Deed
from complaintmail.passes.staff_papers import Papers
from complaintmail.passes.writing import put_on_paper
from complaintmail.store import instructed, scenes
from complaintmail.store.journal import Entry
from complaintmail.store.record import Writer


def appeal_came(papers: Papers, writer: Writer, case_id: int, entry: Entry) -> None:
    """The appeal of this mail: its duties, its acknowledgement, and the question to whoever may hear it."""
    writer.so_far()
    case = scenes.case_now(writer.connection, case_id)
    if case.status == "appealed":
        return  # another mail of the same batch began it
    effects = opened(case, papers.policy, papers.people, entry.received_at, writer.now)
    deed = Deed("", effects, detail={"received_at": entry.received_at})
    by = "complaintmail"
    applied = instructed.apply(writer, deed, "appealed", case, papers.policy, papers.people, by, entry.id, actor="case")
    put_on_paper(papers, writer, case, applied, by, entry.id)
