"""A letter, rendered: the same words as text and as HTML, and where they came from."""

from __future__ import annotations

from dataclasses import dataclass

from complaintmail.cases.post import LetterKind as LetterKind


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str
    template: str  # where it came from: "packaged acknowledgement.md", "/etc/…/acknowledgement.md", "built-in"
    problem: str | None = None  # why the built-in letter stands in for the template, for the admin
