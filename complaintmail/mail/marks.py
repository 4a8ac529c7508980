"""The marks of one mail that tell who or what made it, gathered once.

Owns `Marks`: one pass over the headers, and the few facts that every question needs. Judges nothing by itself.
"""

from __future__ import annotations

import email.message
from collections.abc import Collection

from complaintmail.mail import robots
from complaintmail.mail.grievance import grievance
from complaintmail.mail.message import Automatic, Bounce, Message, Origin
from complaintmail.mail.report import Report

LIST_HEADERS = {
    f"list-{name}": f"List-{name.capitalize() if name != 'id' else 'Id'}"
    for name in ("id", "help", "subscribe", "unsubscribe", "post", "owner", "archive")
}
_TOLD = frozenset(
    {"auto-submitted", "precedence", "x-auto-response-suppress", "x-failed-recipients", "content-type", *LIST_HEADERS,
     *robots.RESPONDER_HEADERS, *robots.BULK_HEADERS, *robots.LIST_PROGRAMS, robots.RULES_LOOP}
)  # fmt: skip


def said(kind: Automatic, reason: str, *, sure: bool = True, bounces: tuple[Bounce, ...] = ()) -> Origin:
    return Origin(kind, sure, (reason,), bounces)


class Marks:
    """The facts of one mail. `told` holds the headers that matter, by lower-case name."""

    def __init__(
        self, message: Message, report: Report | None, tree: email.message.Message | None, forms: Collection[str]
    ) -> None:
        self.message = message
        self.report = report
        self.tree = tree
        told: dict[str, str] = {}
        received = 0
        for name, value in message.headers:
            if name == "received":
                received += 1
            elif name in _TOLD:
                told[name] = f"{told[name]} {value}" if name == "precedence" and name in told else told.get(name, value)
        self.told = told
        self.received = received
        writer = message.from_[0] if message.from_ else message.sender
        self.address = writer.address.lower() if writer else ""
        self.name = writer.name.lower() if writer else ""
        self.local = self.address.rpartition("@")[0].partition("+")[0]
        path = message.return_path
        self.null_path = path is not None and (not path or bool(robots.DAEMONS.match(path.partition("@")[0].lower())))
        self.form = bool(forms) and self.address in forms

    def complaint(self) -> str | None:
        message = self.message
        text = self.new()
        if message.in_reply_to or ":" in message.subject[:24]:
            return grievance(text)  # the subject is ours, and says "complaint"
        return grievance(f"{message.subject}\n{text}")

    def new(self) -> str:
        return self.message.new_text or self.message.text

    def daemon(self) -> bool:
        local = self.local or self.name.replace(" ", "-")
        return bool(
            robots.DAEMONS.match(local)
            or robots.POSTMASTER.match(local)
            or (self.name and robots.DAEMONS.match(self.name.replace(" ", "-")))
        )
