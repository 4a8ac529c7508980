"""A duty that nobody meets in time: its reminders, the word that it is late, and the link that ends them.

An answer is due by Wednesday 2 December. Its handler hears of it on Monday 30 November and on that Wednesday; on
Thursday they and the board hear that it is late.

    Reminded       the first reminder is sent; its last day and the day after come when the crash is over
    Overdue        it is late, and two people hear so
    Met            the first link of the reminder has been clicked
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bench.crash.clocked_scene import ClockedScene
from tests.support import wire
from tests.support.staff import Got

ALREADY = "I have already answered"
BY_TELEPHONE = "#answered today by telephone\n"
SPOKEN = ("Reminder:", "Late since")


@dataclass
class ReminderScene(ClockedScene):
    """What the parts share."""

    said: ClassVar[dict[str, tuple[int, int]]] = {}  # who: how many reminders, how many words that it is late
    missed: ClassVar[int] = 1  # how often it is written down that its last moment went by
    copied: ClassVar[int] = 0
    resends: ClassVar[bool] = True

    @property
    def notices_due(self) -> dict[str, int]:
        return {"decide": 1, "handler": 1, "answer-staff": 1 + self.clicked, "on-its-way": 0}

    @property
    def clicked(self) -> bool:
        return any(BY_TELEPHONE.strip().encode() in raw for raw in self.mails.values())

    def says_it_was_answered(self) -> None:
        """The first link of the first of these notices that reached the handler, where one did."""
        mails = [Got(raw, wire.parsed(raw)) for raw in self.stack.mails(self.hal)]
        notice = next((one for one in mails if " ".join(one.subject.split()).startswith(SPOKEN)), None)
        if notice is not None:
            assert next(iter(notice.links())) == ALREADY
            self.clicks(self.hal, "Hal Handler", notice, ALREADY, BY_TELEPHONE)

    def later(self, day: int, month: int) -> bool:
        self.is_on(day, month)
        return self._rests()


class Reminded(ReminderScene):
    letters: ClassVar[int] = 2
    said: ClassVar[dict[str, tuple[int, int]]] = {"hal": (2, 1), "bea": (0, 1)}

    @property
    def moment(self) -> str:
        return "while a reminder goes"

    def _up_to_the_blow(self) -> None:
        self.is_on(30, 11)

    def ends(self) -> bool:
        quiet = self.later(2, 12) and self.later(3, 12)
        self.says_it_was_answered()
        return quiet and self._rests() and self.later(10, 12)


class Overdue(ReminderScene):
    letters: ClassVar[int] = 3
    said: ClassVar[dict[str, tuple[int, int]]] = {"hal": (1, 1), "bea": (0, 1)}

    @property
    def moment(self) -> str:
        return "while it is said to be late"

    def _up_to_the_blow(self) -> None:
        self.later(30, 11)
        self.is_on(3, 12)

    def ends(self) -> bool:
        self.says_it_was_answered()
        return self._rests() and self.later(10, 12)


class Met(ReminderScene):
    letters: ClassVar[int] = 1
    said: ClassVar[dict[str, tuple[int, int]]] = {"hal": (1, 0)}
    missed: ClassVar[int] = 0

    @property
    def moment(self) -> str:
        return "while the reminder's first link is obeyed"

    def _up_to_the_blow(self) -> None:
        self.later(30, 11)
        self.says_it_was_answered()

    def ends(self) -> bool:
        return self.later(3, 12)


REMINDER_SCENES: tuple[type[ReminderScene], ...] = (Reminded, Overdue, Met)
