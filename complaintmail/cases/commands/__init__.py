"""Every command that staff can give, by mail or by `act`."""

from __future__ import annotations

from complaintmail.cases.commands import (
    answering,
    appeal,
    concern,
    course,
    dating,
    elsewhere,
    keeping,
    kinds,
    language,
    meeting,
    outcome,
    praising,
    recounting,
    reviewing,
    settling,
    steps,
    talking,
)
from complaintmail.cases.commands.table import Command

ALL: tuple[Command, ...] = (
    *answering.COMMANDS,
    *dating.COMMANDS,
    *talking.COMMANDS,
    *course.COMMANDS,
    *kinds.COMMANDS,
    *language.COMMANDS,
    *steps.COMMANDS,
    *outcome.COMMANDS,
    *settling.COMMANDS,
    *appeal.COMMANDS,
    *concern.COMMANDS,
    *elsewhere.COMMANDS,
    *keeping.COMMANDS,
    *meeting.COMMANDS,
    *praising.COMMANDS,
    *recounting.COMMANDS,
    *reviewing.COMMANDS,
)
BY_NAME = {command.name: command for command in ALL}
NAMES = {command.name: command.also for command in ALL}
