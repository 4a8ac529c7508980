"""The guide for staff says what is true: its commands are those that there are, its subjects those that come."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from complaintmail.cases.commands import ALL, BY_NAME
from complaintmail.letters import appeals, audit, concerns, daily, drafts, notices, praise, reminders, transcripts

MODULES = (appeals, audit, concerns, daily, drafts, notices, praise, reminders, transcripts)
ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "staff-guide.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"(?m)^\| `(#[^`]+)` \|", GUIDE)
SUBJECTS = re.findall(r"(?m)^\| ([A-Z][^|]+?) \| ", GUIDE)


def test_every_command_that_it_names_is_there() -> None:
    known = {word for command in ALL for word in (command.name, *command.also)}
    named = set(re.findall(r"#([a-z][a-z-]*)", GUIDE))

    assert named - known == set()


def test_it_shows_thirteen_commands_as_the_table_has_them() -> None:
    usages = {command.usage for command in ALL}

    assert len(COMMANDS) == 13
    assert set(COMMANDS) - usages == set()


@pytest.mark.parametrize("name", ["assign", "reply", "yes", "stop", "note", "answered", "called", "close", "help"])
def test_what_staff_need_every_day_is_among_them(name: str) -> None:
    assert BY_NAME[name].usage in COMMANDS


def test_every_subject_that_it_names_is_one_that_comes() -> None:
    written = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in MODULES)
    unknown = [subject for subject in SUBJECTS if f'"{subject}' not in written.replace("{what}", "")]

    assert len(SUBJECTS) > 8
    assert unknown == []


def test_it_fits_on_one_page() -> None:
    assert len(GUIDE.splitlines()) <= 85
    assert len(re.findall(r"[A-Za-z]\S*", GUIDE)) <= 980
