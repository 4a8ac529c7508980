"""For tests of faults: a clock that can be set, a submission server that delivers what it takes, and the books.

with post_of(mailstack, {"drop_after_dot_accepted": 1}) as post:
    office = unstaffed(tmp_path, mailstack, smtp_port=post.port)

Where nobody has a role nobody is told of a case: each fault meets the letter to the complainant that it is meant for.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.crash.books import Books, Row, unpacked
from complaintmail.clock import SystemClock
from tests.support.mailstack import MailStack
from tests.support.office import Setup, a_mail, own_address
from tests.support.scripted_smtp import Envelope, ScriptedSmtp


class Clock:
    """The machine's clock, and as much before or after it as a test wants."""

    def __init__(self, at: datetime | None = None) -> None:
        self._system = SystemClock()
        self.ahead = timedelta(0) if at is None else at - self._system.now()

    def now(self) -> datetime:
        return self._system.now() + self.ahead

    def monotonic(self) -> float:
        return self._system.monotonic() + self.ahead.total_seconds()

    def later(self, **by: float) -> Clock:
        self.ahead += timedelta(**by)
        return self


NOBODY = ""


def unstaffed(folder: Path, stack: MailStack, policies: Mapping[str, str] | None = None, **more: Any) -> Setup:
    """An office in which nobody has a role: its only mail is to complainants."""
    return Setup(folder, stack, policies, **({"extra": NOBODY} | more))


def deliver(stack: MailStack, envelope: Envelope, *, to: Callable[[str], bool] = lambda _: True) -> None:
    """Into the mailboxes of those of its recipients that `to` names, before this returns."""
    assert envelope.data is not None
    # smtplib reads one reply after the dot, LMTP gives one for each recipient: so one at a time.
    with smtplib.LMTP(str(stack.directory / "dovecot" / "lmtp")) as lmtp:
        for recipient in filter(to, envelope.rcpts):
            lmtp.sendmail(envelope.mail_from, [recipient], envelope.data)


def post_of(stack: MailStack, faults: Mapping[str, int] | None = None, **more: Any) -> ScriptedSmtp:
    """A scripted server that delivers what it accepts, unless `on_accept` says otherwise."""
    more.setdefault("on_accept", lambda envelope: deliver(stack, envelope))
    return ScriptedSmtp(faults, **more)


def complain(office: Setup, *, at: datetime | None = None, **more: Any) -> str:
    """A new complainant's mail in the inbox; their address."""
    who = own_address("complainants.test")
    office.stack.add_user(who)
    office.stack.append(office.address, a_mail(office.address, sender=who, **more), at)
    return who


def rows(office: Setup, query: str) -> list[Row]:
    return Books(office.database).rows(query)


def letters(office: Setup) -> list[Row]:
    """Those to complainants."""
    return rows(office, "SELECT * FROM letter WHERE audience <> 'staff' ORDER BY created_at, id")


def notices(office: Setup) -> list[Row]:
    """Those to staff."""
    return rows(office, "SELECT * FROM letter WHERE audience = 'staff' ORDER BY created_at, id")


def told_of(office: Setup) -> list[int]:
    """The cases of which whoever decides about new ones has been told, each as often as they were."""
    return sorted(each["case_id"] for each in notices(office) if (each["kind"], each["state"]) == ("decide", "sent"))


def the_letter(office: Setup) -> Row:
    (letter,) = letters(office)
    return letter


def bytes_of(letter: Row) -> bytes:
    return unpacked(letter["data"])


def open_duties(office: Setup, kind: str = "attend") -> list[str]:
    """Why each is owed."""
    return [str(x["why"]) for x in rows(office, f"SELECT why FROM obligation WHERE state = 'open' AND kind = '{kind}'")]
