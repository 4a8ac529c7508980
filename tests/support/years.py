"""A year in an office, for the tests of the policies' clauses: people write on days that stand in the test, one pass
follows each, and at the end the log, the duties and the letters that people got are there to be looked at.

    year = Year(folder, mailstack, "cms")
    with year.on("2026-03-17 09:30"):
        year.writes("jane", "The tutor did not come, twice.")
    year.case("jane"), year.duty("jane", "respond"), year.letter("jane"), year.said_to("jane")

Mails are put into the inbox by APPEND, so that the day of receipt is the server's; their Date header says otherwise.
The clock stands at the moment of each pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.support.mailstack import MailStack
from tests.support.office import Setup, own_address
from tests.support.story import At, Story

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Written:
    """What somebody wrote, under the name by which the test knows it."""

    raw: bytes
    sender: str
    message_id: str


@dataclass
class Year:
    """One office with the mailboxes and people that a test gives it."""

    folder: Path
    stack: MailStack
    policy: str
    roles: Mapping[str, Sequence[str]] = field(default_factory=dict)  # the name of a person: their roles
    boxes: int = 1
    box: str = ""  # more lines for each [[mailbox]]
    story: Story = field(init=False)
    written: dict[str, Written] = field(default_factory=dict)
    staff: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    _received: datetime | None = None
    _kept: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        people = ""
        for name, roles in self.roles.items():
            self.staff[name] = own_address("staff.test")
            people += f'\n[[person]]\nname = "{name}"\nemail = "{self.staff[name]}"\nroles = {list(roles)!r}\n'
        addresses = {own_address(): self.policy for _ in range(self.boxes)}
        setup = Setup(self.folder, self.stack, addresses, extra=people, box=self.box)
        self.story = Story(setup, self.stack, At(datetime(2026, 1, 1, tzinfo=UTC)))

    @property
    def inboxes(self) -> list[str]:
        return list(self.story.setup.addresses)

    # What happens

    @contextmanager
    def on(self, received: str, *, seen: str | None = None) -> Iterator[None]:
        """What is written here is received at this moment (UTC); the pass comes a minute later, or when it is seen."""
        self._received = _moment(received)
        yield
        assert self.story.clock is not None
        self.story.clock.moment = _moment(seen) if seen else self._received + MINUTE
        self.story.goes_on()
        self._received = None
        self._kept.clear()

    def somebody(self, name: str) -> str:
        """The address of somebody new, with a mailbox of their own."""
        self.people[name] = own_address("complainants.test")
        self.stack.add_user(self.people[name])
        return self.people[name]

    def writes(
        self,
        name: str,
        body: str,
        *,
        subject: str = "hello",
        sender: str | None = None,
        shown: str | None = None,
        headers: Sequence[str] = (),
        to: int = 0,
        answers: str | None = None,
        kind: str = "text/plain; charset=utf-8",
    ) -> None:
        """Somebody new writes, or whoever is `sender`; `answers`: with the Message-ID of the letter to that one."""
        sender = sender or self.somebody(name)
        message_id = f"<{name.replace(' ', '-')}.{sender}>"
        lines = [*headers, f"From: {shown or name.title()} <{sender}>", f"To: {self.inboxes[to]}"]
        lines += [f"Subject: {subject}", "Date: Thu, 19 Nov 2026 10:00:00 +0000", f"Message-ID: {message_id}"]
        if answers:
            lines.append(f"In-Reply-To: {self.letter(answers)['Message-ID']}")
        raw = "\r\n".join([*lines, "MIME-Version: 1.0", f"Content-Type: {kind}", "", *body.split("\n"), ""]).encode()
        self.written[name] = Written(raw, sender, message_id)
        self.story.drops(raw, self.inboxes[to], internaldate=self._received)

    # What came of it

    def mail(self, name: str) -> dict[str, Any]:
        """The mail as `messages` has it."""
        [found] = [one for one in self._asked("messages") if one["message_id"] == self.written[name].message_id]
        return dict(found)

    def case(self, name: str) -> dict[str, Any]:
        """The case of this mail as `show` has it."""
        reference = self.mail(name)["case"]
        assert reference, f"{name}'s mail is on no case: {self.mail(name)}"
        return dict(self._asked("show", reference))

    def log(self, *words: str) -> list[dict[str, Any]]:
        return list(self._asked("log", *words))

    def due(self, name: str) -> list[dict[str, Any]]:
        """What `due` has open on this mail's case."""
        reference = self.mail(name)["case"]
        return [duty for duty in self._asked("due") if duty["reference"] == reference]

    def duties(self, name: str, kind: str) -> list[dict[str, Any]]:
        """The obligations of this kind on this mail's case."""
        return [duty for duty in self.case(name)["obligations"] if duty["kind"] == kind]

    def duty(self, name: str, kind: str) -> dict[str, Any]:
        [found] = self.duties(name, kind)
        return found

    def letters(self, name: str) -> list[EmailMessage]:
        """What lies in this writer's mailbox, held against what was sent to them."""
        return self.story.gets(self.written[name].sender, len(self._sent_to(self.written[name].sender)))

    def letter(self, name: str) -> EmailMessage:
        [letter] = self.letters(name)
        return letter

    def said_to(self, name: str) -> str:
        """The words of the one letter to this writer, on one line; its HTML says the same."""
        letter = self.letter(name)
        part = letter.get_body(("plain",))
        assert part is not None
        return re.sub(r"\s+", " ", part.get_content()).strip()

    def holds(self) -> None:
        """Every letter as it must be on the wire, the record whole."""
        self.story.holds()

    def _sent_to(self, address: str) -> list[str]:
        return [letter.id for letter in self.story.outbox("sent") if letter.recipient == address]

    def _asked(self, *words: str) -> Any:
        if words not in self._kept:
            self._kept[words] = self.story.asks(*words)
        return self._kept[words]


def _moment(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)
