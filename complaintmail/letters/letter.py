"""A letter, rendered: the same words as text and as HTML, and where they came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from complaintmail.cases.post import LetterKind as LetterKind

if TYPE_CHECKING:
    from complaintmail.letters.sheet import Block


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str
    template: str  # where it came from: "packaged acknowledgement.md", "/etc/…/acknowledgement.md", "built-in"
    problem: str | None = None  # why the built-in letter stands in for the template, for the admin
    blocks: tuple[Block, ...] = ()  # the same words for paper, where they were asked for
