"""An invented policy, as an organisation that nobody thought of would write it, and small moments in time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

HARBOUR = """
version = "2026-03"
title = "How to grumble"
organisation = "The Harbour Ferry"
prefix = "HF"
nation = "scotland"
severity = "low"

[[clause]]
id = "HF-1"
heading = "Hearing you"
says = "We write back within three working days."

[[clause]]
id = "HF-2"
heading = "Answering you"
says = "We answer within a month, sooner when it is serious."

[[role]]
name = "harbour-master"
title = "Harbour Master"

[[role]]
name = "purser"
title = "Purser"
falls_to = "harbour-master"

[[duty]]
kind = "acknowledge"
clause = "HF-1"
role = "purser"
within = "3 working days"

[[duty]]
kind = "respond"
clause = "HF-2"
role = "harbour-master"
by_severity = { low = "1 month", medium = "10 working days", high = "2 days" }

[[closure]]
from = 2026-12-24
to = 2026-12-31
why = "no sailings"

[letters]
deals = "Your letter lies with {person}."
next_step = "You hear from us again within {acknowledge}."
"""


def written(directory: Path, name: str = "harbour", text: str = HARBOUR) -> Path:
    path = directory / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def at(words: str) -> datetime:
    """2026-08-28 17:45, on London's clocks."""
    return datetime.fromisoformat(words).replace(tzinfo=LONDON)
