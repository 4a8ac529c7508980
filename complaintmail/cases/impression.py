"""What a mail says by itself, before anybody asks what it belongs to.

Owns that first look: the words that concerns and suggestions look for, the concerns, and what the mail is. It needs no
database, so a whole batch is looked at before any of it is written down. A mail that answers another is mostly of a
case, where nobody asks what it is: that is left to whoever does. Never fails. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from complaintmail.cases.arrival import House
from complaintmail.cases.concerned import seen_in
from complaintmail.cases.judging import judged
from complaintmail.cases.suggesting import UNREAD, looked_through
from complaintmail.mail.message import Automatic, Message
from complaintmail.policy.policy import Policy
from complaintmail.triage.concerns import Found
from complaintmail.triage.needles import Said
from complaintmail.triage.verdicts import Classification


@dataclass(frozen=True, slots=True)
class Impression:
    said: Said = UNREAD
    seen: tuple[Found, ...] = ()
    verdict: Classification | None = None  # None: nobody has asked yet

    def asked(self, message: Message, house: House, policy: Policy) -> Classification:
        """What it is; whoever judges is asked once for each mail."""
        return self.verdict or judged(message, house, policy)


def first_impression(message: Message, house: House, policy: Policy) -> Impression:
    is_form = message.writer is not None and message.writer.key in house.forms
    if message.origin.automatic is not Automatic.NO and not is_form:
        return Impression()
    said = looked_through(message)
    answers = bool(message.references or message.in_reply_to)
    return Impression(said or UNREAD, seen_in(message, said), None if answers else judged(message, house, policy))
