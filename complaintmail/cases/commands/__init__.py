"""Every command that staff can give, by mail or by `act`."""

from __future__ import annotations

from complaintmail.cases.commands import answering, course, keeping, outcome, praising
from complaintmail.cases.commands.table import Command

ALL: tuple[Command, ...] = (
    *answering.COMMANDS,
    *course.COMMANDS,
    *outcome.COMMANDS,
    *keeping.COMMANDS,
    *praising.COMMANDS,
)
BY_NAME = {command.name: command for command in ALL}
NAMES = {command.name: command.also for command in ALL}
