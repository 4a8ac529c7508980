"""A letter's PDF is made while no transaction is open: the press may take its time, and hang, without anybody waiting
for the database.

    with_paper(work): work runs up to the first letter that wants a PDF, and is undone; the PDF is made; work runs again

What `work` changes must therefore be one transaction, which ends with it or not at all. A press that fails is tried
three times; then the letter has a problem in place of its PDF, and a person is asked. The same letter gives the same
file each time.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

from complaintmail.errors import PaperError
from complaintmail.gateways.ports import Press
from complaintmail.letters.sheet import Sheet
from complaintmail.log import Log

if TYPE_CHECKING:
    from complaintmail.letters.paper import Printed

log = Log("pressing")
TRIES = 3
SECONDS = 10  # a letter takes a third of one
MOST = 200  # letters of one transaction; with more than that something asks without an end

Presses = Callable[[], AbstractContextManager[Press]]
T = TypeVar("T")
_made: ContextVar[dict[Sheet, Printed | str] | None] = ContextVar("made", default=None)


class PaperWanted(Exception):
    """What is going on needs this letter's PDF first."""

    def __init__(self, sheet: Sheet, presses: Presses) -> None:
        super().__init__("a letter's PDF is wanted")
        self.sheet, self.presses = sheet, presses


def child_press() -> AbstractContextManager[Press]:
    from complaintmail.gateways.press import ChildPress  # typst is loaded where a PDF is wanted, in a child

    return ChildPress(seconds=SECONDS)


def with_paper(work: Callable[[], T]) -> T:
    """What `work` gives, with the PDFs that it wants."""
    made: dict[Sheet, Printed | str] = {}
    token = _made.set(made)
    try:
        for _ in range(MOST):
            try:
                return work()
            except PaperWanted as wanted:
                made[wanted.sheet] = pressed(wanted.sheet, wanted.presses)
        return work()
    finally:
        _made.reset(token)


def on_paper(sheet: Sheet, presses: Presses) -> Printed | str:
    """The letter as PDF: made already, or wanted of whoever began this. Where nobody can be asked, made at once."""
    made = _made.get()
    if made is None:
        return pressed(sheet, presses)
    found = made.get(sheet)
    if found is None:
        raise PaperWanted(sheet, presses)
    return found


def pressed(sheet: Sheet, presses: Presses) -> Printed | str:
    """The letter as PDF, or why there is none."""
    from complaintmail.letters.paper import printed

    why = ""
    for tried in range(1, TRIES + 1):
        try:
            with presses() as press:
                return printed(sheet, press)
        except PaperError as failed:
            why = str(failed)
            log.warning("not_pressed", reference=sheet.reference, tried=tried, why=why)
    return why
