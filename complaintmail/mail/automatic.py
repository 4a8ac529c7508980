"""Who or what made this mail: a person, an autoresponder, a server that returns a letter, a list, a machine.

Owns the verdict `Origin`, with reasons in words that a complaints officer can read. Promises: what a header or a
report says beyond doubt decides first, words come last and carefully; a mail that may have a person's complaint in it
is never surely a machine's; no answer is owed to a machine, so one mark is enough. Never fails, whatever the mail.

The order: reports of delivery or reading, Auto-Submitted, returned mail, headers of autoresponders, lists and bulk
mail, system senders, and last the words of absence. Senders named in `forms` are websites that pass on what a person
wrote: of them only a returned mail is a machine's.
"""

from __future__ import annotations

import email.message
import re
from collections.abc import Collection

from complaintmail.mail import robots
from complaintmail.mail.absence import absence
from complaintmail.mail.grievance import grievance
from complaintmail.mail.marks import LIST_HEADERS, said
from complaintmail.mail.message import Automatic, Message, Origin
from complaintmail.mail.report import Report
from complaintmail.mail.returned import Returned

LOOP = 100  # so many Received headers and more: the mail goes in circles (RFC 5321 6.3)

_COMMENT = re.compile(r"\([^()]*\)")
_PRECEDENCES = frozenset({"auto_reply", "auto-reply", "bulk", "junk", "list"})


def origin(
    message: Message,
    report: Report | None,
    tree: email.message.Message | None = None,
    forms: Collection[str] = frozenset(),
) -> Origin:
    """The verdict on one mail. `tree` lets the last reader of bounces look at the parts; without it that one is left
    out. `forms`: addresses in lower case whose mail is what a person typed into a website."""
    return _Inquiry(message, report, tree, forms).verdict()


class _Inquiry(Returned):
    """The questions asked of one mail, in order."""

    def verdict(self) -> Origin:
        found = self.returned() or (None if self.form else self._automatic())
        return found or self._person()

    def _automatic(self) -> Origin | None:
        found = (
            self._submitted() or self._responder() or self._null() or self._listed() or self._system() or self._words()
        )
        if found is None or not found.sure:
            return found
        if found.automatic is Automatic.BULK and (other := self._elsewhere()):
            doubt = f"But answers to it go to {other}: if it is a website's form, name its sender in `forms`."
            return Origin(found.automatic, False, (*found.reasons, doubt), found.bounces)
        complaint = self.complaint()
        if complaint is None or (found.automatic is Automatic.AUTO_REPLY and self._absence()):
            return found
        doubt = f"But it speaks of dissatisfaction (“{complaint}”), so a person may be behind it."
        return Origin(found.automatic, False, (*found.reasons, doubt), found.bounces)

    def _elsewhere(self) -> str | None:
        """A Reply-To in another domain, where no list or mass mailing explains it: a form's writer, perhaps."""
        told = self.told
        if "precedence" in told or not LIST_HEADERS.keys().isdisjoint(told) or not robots.BULK_HEADERS.isdisjoint(told):
            return None
        for reply in self.message.reply_to:
            if reply.address and reply.domain != self.address.rpartition("@")[2]:
                return reply.address
        return None

    # Marks in headers

    def _submitted(self) -> Origin | None:
        value = self.told.get("auto-submitted")
        if value is None:
            return None
        bare = value
        for _ in range(3):  # comments may nest; deeper than this no program writes
            bare = _COMMENT.sub(" ", bare)
        words = bare.partition(";")[0].lower().split()
        keyword = words[0].strip('"') if words else ""
        if keyword in ("no", ""):
            return None
        if keyword == "auto-forwarded":
            return None  # a program passed it on, a person may have written it: see _person
        reason = f"Its header Auto-Submitted says {keyword}: a machine wrote it."
        if keyword in ("auto-generated", "auto-notified") and not self._absence():
            return said(Automatic.BULK, reason)
        return said(Automatic.AUTO_REPLY, reason)

    def _responder(self) -> Origin | None:
        for name, pattern in robots.RESPONDER_HEADERS.items():
            value = self.told.get(name)
            if value is not None and (pattern is None or pattern.search(value)):
                return said(Automatic.AUTO_REPLY, f"Its header {name.title()} is an autoresponder's.")
        if robots.RULES_LOOP in self.told and "all" in self.told.get("x-auto-response-suppress", "").lower():
            return said(Automatic.AUTO_REPLY, "Its headers are those of a mail server's absence note.", sure=False)
        return None

    def _null(self) -> Origin | None:
        if not self.null_path:
            return None
        complaint = self.complaint()
        return said(
            Automatic.AUTO_REPLY,
            "It has no return address (Return-Path: <>), as only machines send it; it must not be answered.",
            sure=complaint is None,
        )

    def _listed(self) -> Origin | None:
        told = self.told
        precedence = told.get("precedence", "").lower().split()
        word = next((word for word in precedence if word in _PRECEDENCES), "")
        if word in ("auto_reply", "auto-reply"):
            return said(Automatic.AUTO_REPLY, f"Its header Precedence says {word}: an autoresponder wrote it.")
        if word:
            if self._absence():
                return said(Automatic.AUTO_REPLY, f"Precedence says {word} and its words are those of an absence note.")
            return said(Automatic.BULK, f"Its header Precedence says {word}: it is not written to us alone.")
        for name, shown in LIST_HEADERS.items():
            if name in told:
                return said(Automatic.BULK, f"It has the header {shown}: it came through a mailing list.")
        if not robots.LIST_PROGRAMS.isdisjoint(told):
            return said(Automatic.BULK, "It has the headers of a mailing list program.")
        return None

    def _system(self) -> Origin | None:
        local = self.local
        if not local:
            return None
        if robots.SYSTEMS.match(local):
            return said(Automatic.BULK, f"Its sender {self.address} is a list program or a system account.")
        if robots.UNREAD.match(local):
            if self._absence():
                return said(Automatic.AUTO_REPLY, f"Its sender {self.address} reads no answers.")
            return said(Automatic.BULK, f"Its sender {self.address} says that nobody reads answers there.")
        if robots.NOTIFIERS.match(local):
            return said(Automatic.BULK, f"Its sender {self.address} is a program that sends notices.")
        for name in robots.BULK_HEADERS:
            if name in self.told and "unsubscribe" in self.message.text.lower():
                return said(
                    Automatic.BULK, f"It has the header {name.title()} and a way to unsubscribe: a mass mailing."
                )
        return None

    # Words

    def _absence(self) -> bool:
        return absence(self.message.subject, self.new(), answers=True) is not None

    def _words(self) -> Origin | None:
        message = self.message
        subject = message.subject
        text = self.new()
        note = absence(subject, text, answers=bool(message.in_reply_to))
        if note:
            return said(Automatic.AUTO_REPLY, f"It reads like an absence note (“{note.words}”).", sure=note.sure)
        if robots.RECEIPT_SUBJECT.match(subject) and (
            len(text.strip()) < 20 or robots.RECEIPT_TEXT.search(text[:2000])
        ):
            return said(Automatic.AUTO_REPLY, "It reads like a receipt for a mail that was read or delivered.")
        if robots.CALENDAR_SUBJECT.match(subject) and (
            not text.strip() or any(a.type == "text/calendar" for a in message.attachments)
        ):
            return said(Automatic.BULK, "It is a calendar's invitation or answer.")
        if robots.MACHINE_SUBJECT.match(subject):
            return said(Automatic.BULK, f"Its subject is a machine's report (“{subject[:40]}”).")
        if (robots.CHALLENGE.search(subject) or _challenges(text[:2500])) and not grievance(text):
            return said(
                Automatic.AUTO_REPLY, "It asks for a confirmation before it delivers a mail (challenge).", sure=False
            )
        return None

    # A person, who may not get an answer by itself

    def _person(self) -> Origin:
        hold = None
        reasons: tuple[str, ...] = ()
        suppress = {word.strip().lower() for word in self.told.get("x-auto-response-suppress", "").split(",")}
        if self.received >= LOOP:
            hold = "loop-suspect"
            reasons = (f"It passed {self.received} servers: it may be going in circles.",)
        elif "auto-forwarded" in self.told.get("auto-submitted", "").lower():
            hold = "a program forwarded it (Auto-Submitted: auto-forwarded)"
            reasons = (
                "Its header Auto-Submitted says auto-forwarded: a program passed on what a person may have written.",
            )
        elif suppress & {"all", "autoreply"}:
            hold = "its sender asks for no automatic reply (X-Auto-Response-Suppress)"
            reasons = (
                "Its header X-Auto-Response-Suppress asks for no automatic reply; a person may have written it.",
            )
        elif self.local in (robots.ABUSE, "postmaster"):
            hold = f"{self.local} addresses are not answered automatically"
            reasons = (f"Its sender {self.address} is a role that is never answered automatically.",)
        return Origin(Automatic.NO, True, reasons, (), hold)


def _challenges(text: str) -> bool:
    """Does it ask for a confirmation? The words are looked for first, as the pattern is slow."""
    low = text.lower()
    if "deliver" not in low and "held" not in low and "spam" not in low and "human" not in low and "sender" not in low:
        return False
    return bool(robots.CHALLENGE_TEXT.search(text))
