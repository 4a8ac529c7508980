"""A story on days of its own: a director, a handler, a board, and a clock that the story sets.

It begins on Wednesday 18 November 2026 at noon, whatever day it is; the program is started with its clock put there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bench.crash.staff_scene import StaffScene
from tests.support.faults import Clock
from tests.support.office import a_mail, own_address
from tests.support.staff import Got

ZONE = ZoneInfo("Europe/London")
BEGINS = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


@dataclass
class ClockedScene(StaffScene):
    """What the parts share: the people, the days, and a complaint that the handler has."""

    clock: Clock = field(default_factory=lambda: Clock(BEGINS))
    seen_wrong: list[str] = field(default_factory=list)  # between two runs

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def staff(self) -> list[str]:
        return [self.dana, self.hal, self.bea]

    def _cast(self) -> None:
        self.bea = own_address("staff.test").replace("info-", "bea-")
        super()._cast()

    def _people(self) -> str:
        board = f'\n[[person]]\nname = "Bea Board"\nemail = "{self.bea}"\nroles = ["board", "directors"]\n'
        return f"{board}{super()._people()}"

    def _post(self) -> None:
        self._settings(None, None)
        self._comes(
            a_mail(self.inbox, sender=self.complainants[0], body="The room was cold, and nobody came.", date=BEGINS)
        )
        self._rests()
        self.assigns()
        self._rests()
        self._up_to_the_blow()
        self._settings(self.smtp_port, self.imap_port)

    def _comes(self, raw: bytes) -> None:
        """It lies there since now, by the story's clock."""
        self.stack.append(self.inbox, raw, self.now)
        self.mails[hashlib.sha256(raw).hexdigest()] = raw

    def command(self, *words: str) -> list[str]:
        program, module, _, *rest = self.setup.command(*words)
        return [program, module, "bench.crash.another_day", f"{self.clock.ahead.total_seconds():.3f}", *rest]

    def _clock(self) -> Clock:
        return self.clock

    def is_on(self, day: int, month: int) -> None:
        """The morning of that day in 2026: five past nine, when everybody is at work."""
        self.clock.ahead += datetime(2026, month, day, 9, 5, tzinfo=ZONE) - self.clock.now()

    def clicks(self, address: str, name: str, on: Got, label: str, words: str) -> None:
        """The link opens a mail; these are the words that they send it with."""
        _, subject, _ = on.links()[label]
        self._writes(address, name, subject, words)
