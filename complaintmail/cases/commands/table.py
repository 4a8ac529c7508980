"""What a command is: its name, how it is written, what it does in a sentence, and the function that does it.

Adding a command is one `Command` in one of the modules beside this one, and its module in `commands.ALL`. The help
text, the nearest form of a misspelt one and the check of who may give it all come from here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from complaintmail.cases.deeds import Deed, Trouble
from complaintmail.cases.scene import CaseNow, Scene


@dataclass(frozen=True, slots=True)
class Order:
    """One command as it was given: what follows it on its line, and the text of the mail."""

    name: str
    rest: str
    body: str
    settled: str | None = None  # with a #record: what was said beside a #settled in the same mail


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    usage: str  # as it is written, with its blanks in capitals
    says: str  # what it does, for people
    act: Callable[[Order, Scene], Deed | Trouble]
    also: tuple[str, ...] = ()  # other words for it
    needs_case: bool = True
    needs_token: bool = False  # a mail server's word for the sender is not enough
    takes_text: bool = False  # the rest of the mail belongs to it


def the_case(scene: Scene) -> CaseNow:
    """The case of a command that needs one; whoever gives such a command was asked for it before."""
    assert scene.case is not None
    return scene.case
