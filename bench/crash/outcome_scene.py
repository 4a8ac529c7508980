"""An outcome: the handler's findings become a draft with its PDF, `#send` makes it the letter, and the case is closed.

Drafted        `#outcome upheld` and the findings have come; the draft is made and shown
Sent           `#send` has come; the letter goes with its PDF, the case is closed, the board and its writer hear
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from bench.crash.clocked_scene import ClockedScene

FINDINGS = "We looked at the register. Nobody came, and nobody told you.\n\nWe are sorry."
DRAFT = "Look at the letter"


@dataclass
class OutcomeScene(ClockedScene):
    """What the parts share."""

    @property
    def notices_due(self) -> dict[str, int]:
        return {"decide": 1, "handler": 1, "answer-staff": 2 + self.told_to_send, "draft": 1, "on-its-way": 0}

    @property
    def letters_due(self) -> dict[str, int]:
        return {"acknowledgement": 1, "decided": 1} | ({"outcome": 1} if self.told_to_send else {})

    @property
    def told_to_send(self) -> bool:
        """Has the handler said so?"""
        return any(b"\n#send" in raw for raw in self.mails.values())

    def finds(self) -> None:
        yours = self.got(self.hal, "Yours to deal with")
        self._replies(self.hal, "Hal Handler", yours, f"#outcome upheld\n\n{FINDINGS}")

    def sends(self) -> None:
        self._replies(self.hal, "Hal Handler", self.got(self.hal, DRAFT), "#send")

    def run_until_quiet(self, run: Callable[[], object] | None = None) -> bool:
        """After each run: a closed case has a letter that went."""

        def and_look() -> None:
            (run or self._pass)()
            self.look_between()

        if run is None:
            self.run()
            self.look_between()
        return super().run_until_quiet(and_look)

    def look_between(self) -> None:
        closed = self.books.rows("SELECT status, outcome FROM cases WHERE status = 'closed' OR outcome IS NOT NULL")
        went = self.books.rows("SELECT id FROM letter WHERE kind = 'outcome' AND state = 'sent'")
        if closed and not went:
            self.seen_wrong.append("after a run the case was closed, and no letter had gone")


class Drafted(OutcomeScene):
    resends: ClassVar[bool] = True
    copied: ClassVar[int] = 0
    letters: ClassVar[int] = 2

    @property
    def moment(self) -> str:
        return "while the draft is made"

    def _up_to_the_blow(self) -> None:
        self.finds()

    def ends(self) -> bool:
        if not self.has(self.hal, DRAFT):
            return True  # the draft is held after two doubts, and a person was told
        self.sends()
        return self._rests()


class Sent(OutcomeScene):
    letters: ClassVar[int] = 3

    @property
    def moment(self) -> str:
        return "while the letter goes and the case is closed"

    def _up_to_the_blow(self) -> None:
        self.finds()
        self._rests()
        self.sends()


OUTCOME_SCENES: tuple[type[OutcomeScene], ...] = (Drafted, Sent)
