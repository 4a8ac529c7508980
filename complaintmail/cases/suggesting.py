"""What else may be in a mail, besides its kind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that a person may want to do about a mail. `says`: what was seen, with the words that weighed;
    `command`: what one click would do, '' where there is nothing to do but to know it."""

    what: str  # severity, area, about, appeal, withdrawal, third-party, need, points, praise, language
    says: str
    label: str = ""
    command: str = ""
    more: str = ""  # lines to fill in below the command
