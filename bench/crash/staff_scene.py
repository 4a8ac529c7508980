"""The same world with people: a complaint, a director who gives it away by mail, a handler whose reply answers it.

Each scene is one part of that story, and is struck in the run that works on that part; what comes before is played
unharmed, what comes after is played once the crash is over:

    GivenAway      the director's `#assign` has come
    Answered       the handler's reply to their notice has come; it goes to the complainant at once
    TakenBack      the answer is held for a moment, and `#stop` has come in time
    TooLate        the answer is about to leave; `#stop` comes after the crash
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import ClassVar

from bench.crash.scene import Scene
from complaintmail.clock import Clock
from complaintmail.errors import ComplaintmailError
from tests.support import wire
from tests.support.office import a_mail, own_address
from tests.support.staff import Got

HELD = 1.5  # seconds for which an answer can be taken back, where #stop comes
ANSWER = "Dear Jane,\n\nI am sorry that nobody came. We have sent the money back to you.\n\nHal Handler"


@dataclass
class StaffScene(Scene):
    """What the parts share: the people, their mailboxes, and the complaint that is in."""

    hold: ClassVar[float] = 0.0
    stops: ClassVar[bool] = False
    resends: ClassVar[bool] = False
    copied: ClassVar[int] = 1

    @property
    def everybody(self) -> list[str]:
        return [*self.complainants, *self.staff]

    @property
    def staff(self) -> list[str]:
        return [self.dana, self.hal]

    @property
    def notices_due(self) -> dict[str, int]:
        """Of each kind that this story has, how many."""
        return {"decide": 1, "handler": 1, "answer-staff": 1 + self.stops, "on-its-way": 2 * self.stops}

    def _cast(self) -> None:
        self.complainants = [own_address("complainants.test")]
        self.dana, self.hal = (own_address("staff.test").replace("info-", f"{who}-") for who in ("dana", "hal"))
        for address in self.everybody:
            self.stack.add_user(address)

    def _people(self) -> str:
        roles = '["operations-director", "policy-owner", "manager", "complaints-manager", "director"]'
        people = (("Dana Director", self.dana, roles), ("Hal Handler", self.hal, '["investigator"]'))
        persons = "".join(f'\n[[person]]\nname = "{n}"\nemail = "{e}"\nroles = {r}\n' for n, e, r in people)
        return f'{persons}\n[relay]\nhold = "{self.hold:g}s"\nconfirm = "never"\n'

    def _post(self) -> None:
        """What comes before the blow goes straight to the servers, and no moment of it is counted."""
        self._settings(None, None)
        self._comes(a_mail(self.inbox, sender=self.complainants[0], body="The room was cold, and nobody came."))
        self._rests()
        self._up_to_the_blow()
        self._settings(self.smtp_port, self.imap_port)

    def _up_to_the_blow(self) -> None:
        raise NotImplementedError

    @property
    def letters_due(self) -> dict[str, int]:
        """Of each kind to the complainant, how many."""
        return {"acknowledgement": 1, "decided": 1} | ({"answer": 1} if self.told_to_answer else {})

    # What people do

    def assigns(self) -> None:
        self._replies(self.dana, "Dana Director", self.got(self.dana, "please decide"), "#assign Hal Handler")

    def answers(self) -> None:
        self._replies(self.hal, "Hal Handler", self.got(self.hal, "Yours to deal with"), ANSWER)

    def stops_it(self) -> None:
        self._replies(self.hal, "Hal Handler", self.got(self.hal, "on its way"), "#stop")

    def got(self, address: str, subject: str) -> Got:
        """The notice in their mailbox that has these words in its subject."""
        found = [Got(raw, wire.parsed(raw)) for raw in self.stack.mails(address)]
        return next(one for one in found if subject in " ".join(one.subject.split()))

    def has(self, address: str, subject: str) -> bool:
        return any(subject in " ".join(str(wire.parsed(raw)["Subject"]).split()) for raw in self.stack.mails(address))

    @property
    def told_to_answer(self) -> bool:
        """Has the handler had the notice that they answer?"""
        return any(b"We have sent the money back" in raw for raw in self.mails.values())

    def _replies(self, address: str, name: str, to: Got, words: str) -> None:
        """As a mail program does: the words, then the mail quoted."""
        quoted = "".join(f"> {line}\n" for line in to.words.splitlines())
        whole = f"{words}\n\nOn 21/11/2026 10:00, {self.inbox} wrote:\n{quoted}"
        self._writes(
            address, name, f"Re: {to.subject}", whole, {"In-Reply-To": to.message_id, "References": to.message_id}
        )

    def _writes(self, address: str, name: str, subject: str, words: str, more: Mapping[str, str] | None = None) -> None:
        mail = EmailMessage()
        mail["From"] = f"{name} <{address}>"
        mail["To"] = self.inbox
        mail["Subject"] = subject
        mail["Message-ID"] = make_msgid(uuid.uuid4().hex[:8], domain="staff.test")
        mail["Date"] = format_datetime(self.now)
        for header, value in (more or {}).items():
            mail[header] = value
        mail.set_content(words)
        self._comes(mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def run_until_quiet(self, run: Callable[[], object] | None = None) -> bool:
        """The first start after a crash is the program as it is installed; the waiting is done in this process."""
        if run is None:
            self.run()
        return super().run_until_quiet(run or self._pass)

    def _rests(self) -> bool:
        return self.run_until_quiet(self._pass)

    def _clock(self) -> Clock | None:
        """The machine's."""

    def _pass(self) -> None:
        """A pass of the same program in this process."""
        try:
            failed = self.setup.once(self._clock())
        except ComplaintmailError as failure:
            failed = [str(failure)]
        self.notes.extend(f"a pass in the sweep's own process: {why}" for why in failed)


class GivenAway(StaffScene):
    resends: ClassVar[bool] = True
    letters: ClassVar[int] = 3

    @property
    def moment(self) -> str:
        return "while #assign is obeyed"

    def _up_to_the_blow(self) -> None:
        self.assigns()

    def ends(self) -> bool:
        if not self.has(self.hal, "Yours to deal with"):
            return True  # the notice is held after two doubts, and a person was told
        self.answers()
        return self._rests()


class Answered(StaffScene):
    @property
    def moment(self) -> str:
        return "while the handler's answer goes"

    def _up_to_the_blow(self) -> None:
        self.assigns()
        self._rests()
        self.answers()


class TakenBack(StaffScene):
    hold: ClassVar[float] = HELD
    stops: ClassVar[bool] = True
    letters: ClassVar[int] = 1
    copied: ClassVar[int] = 0

    @property
    def moment(self) -> str:
        return "while #stop is obeyed"

    def _up_to_the_blow(self) -> None:
        self.assigns()
        self._rests()
        self.answers()
        self._pass()  # it is held now, and its writer knows
        self._let_the_post_through()
        self.stops_it()


class TooLate(StaffScene):
    hold: ClassVar[float] = HELD
    stops: ClassVar[bool] = True

    @property
    def moment(self) -> str:
        return "while the answer leaves, #stop after it"

    def _up_to_the_blow(self) -> None:
        self.assigns()
        self._rests()
        self.answers()
        self._pass()
        self._let_the_post_through()
        time.sleep(HELD)

    def goes_on(self) -> None:
        self.stops_it()


STAFF_SCENES: tuple[type[StaffScene], ...] = (GivenAway, Answered, TakenBack, TooLate)
