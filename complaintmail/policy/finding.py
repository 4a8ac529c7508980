"""What is wrong, or should be looked at, in a policy file: the place, and in one line what and what would be right."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    place: str  # as places.line_of reads it
    says: str
    grave: bool = False  # the policy cannot be kept as it stands

    def __str__(self) -> str:
        return f"{self.place}: {self.says}"
