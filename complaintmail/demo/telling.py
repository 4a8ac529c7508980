"""How the demonstration is told: lines for a terminal of any width, plain text in a pipe.

Everything said of a mail comes from the program's own records. What was written by others (names, subjects, reasons
that quote a mail) is made printable first.
"""

from __future__ import annotations

import email
import email.policy
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from typing import IO

import click

from complaintmail.demo.fates import Fate, Owed, Sent
from complaintmail.demo.stage import Played
from complaintmail.policy.wording import long_date
from complaintmail.terminal import printable

WIDEST = 92
LABEL = 14
MAIL_WIDTH = 72  # at which our letters are broken
DUTIES = {
    "respond": "answer by",
    "decide": "decided by",
    "contact": "contact by",
    "set-date": "date set by",
    "progress": "progress by",
}


class Teller:
    """Writes to `out`; colours and pauses only where a person watches."""

    def __init__(self, out: IO[str] | None = None) -> None:
        self._out = out or sys.stdout
        self.watched = self._out.isatty()
        self._colours = self.watched and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        columns = shutil.get_terminal_size((80, 24)).columns if self.watched else 80
        self._width = max(40, min(WIDEST, columns - 1))

    def say(self, words: str = "", **style: bool | str) -> None:
        """A paragraph, wrapped."""
        for line in self._wrapped(words, self._width) or [""]:
            self._line(self._styled(line, **style))

    def heading(self, words: str) -> None:
        self.say()
        self.say(words, bold=True)

    def command(self, words: str) -> None:
        """Never wrapped, so that it can be copied."""
        self._line("  " + self._styled(words, fg="cyan"))

    def fact(self, label: str, words: str, **style: bool | str) -> None:
        """A word in front, what it says beside it."""
        room = self._width - LABEL
        first, *rest = self._wrapped(printable(words), room) or [""]
        self._line(self._styled(f"{label:>{LABEL - 2}}", dim=True) + "  " + self._styled(first, **style))
        for line in rest:
            self._line(" " * LABEL + self._styled(line, **style))

    def letter(self, label: str, words: str) -> None:
        """A word in front; beside it what somebody wrote, line by line; a line that was broken for a mail goes on."""
        for line in _unbroken(words.splitlines()):
            if line.strip():
                self.fact(label, line)
            else:
                self._line("")
            label = ""

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Two columns, the first as wide as it needs to be."""
        listed = list(rows)
        wide = max((len(name) for name, _ in listed), default=0) + 4
        for name, words in listed:
            first, *rest = self._wrapped(words, max(20, self._width - wide)) or [""]
            self._line(f"  {self._styled(f'{name:<{wide - 2}}', bold=True)}{first}")
            for line in rest:
                self._line(" " * wide + line)

    def mail(self, raw: bytes) -> None:
        """A whole mail as its reader sees it: the headers that matter, and its text."""
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        for name in ("From", "To", "Subject", "Date", "In-Reply-To", "Auto-Submitted", "Complaint-Reference"):
            value = mail[name]
            if value is not None:
                self._line(f"  {self._bar} {self._styled(f'{name}:', dim=True)} {printable(str(value))}")
        text = mail.get_body(("plain",))
        assert text is not None
        for line in ["", *text.get_content().rstrip().splitlines()]:
            self._line(f"  {self._bar} {printable(line)}".rstrip())

    def _wrapped(self, words: str, width: int) -> list[str]:
        """No word is broken: paths and addresses are there to be copied."""
        return textwrap.wrap(words, width, break_on_hyphens=False, break_long_words=False)

    @property
    def _bar(self) -> str:
        return self._styled("|", dim=True)

    def _styled(self, words: str, **style: bool | str) -> str:
        if not (self._colours and words):
            return words
        return click.style(words, **{name: value for name, value in style.items() if value})  # type: ignore[arg-type]

    def _line(self, line: str) -> None:
        self._out.write(line.rstrip() + "\n")
        self._out.flush()


def _unbroken(lines: list[str]) -> list[str]:
    """Lines whose next word would not have fitted into a mail's width are one with the next."""
    whole: list[str] = []
    before = ""
    for line in lines:
        if before and line and len(before) + 1 + len(line.split(" ")[0]) > MAIL_WIDTH:
            whole[-1] += f" {line}"
        else:
            whole.append(line)
        before = line
    return whole


def tell(teller: Teller, at: datetime, what: str, played: Played) -> None:
    """One mail and what became of it."""
    mail = email.message_from_bytes(played.arrival.raw, policy=email.policy.default)
    fate = played.fate
    teller.say()
    name, address = parseaddr(str(mail["From"] or ""))
    to = f"{name or address or 'somebody'} to {played.arrival.address}" + (f": {what}" if what else "")
    teller.fact(f"{at:%H:%M:%S}", to, bold=True)
    teller.fact("subject", str(mail["Subject"] or "none"))
    teller.fact("seen as", _seen_as(fate))
    if fate.reference is not None:
        teller.fact("case", _case(fate), fg="green" if fate.opened else "")
    _tell_answer(teller, played)
    _tell_owed(teller, fate.owed)


def tell_mail(teller: Teller, at: datetime, mail: EmailMessage, what: str) -> None:
    """A mail of ours, as it lies in somebody's mailbox."""
    teller.say()
    name, address = parseaddr(str(mail["From"] or ""))
    teller.fact(f"{at:%H:%M:%S}", f"{name or address} to {mail['To']}: {what}", bold=True)
    teller.fact("subject", str(mail["Subject"]))


def tell_word(teller: Teller, at: datetime, played: Played, words: str) -> None:
    """A plain reply: what was typed above the quotation, and what the program took it for."""
    mail = email.message_from_bytes(played.arrival.raw, policy=email.policy.default)
    name, address = parseaddr(str(mail["From"] or ""))
    teller.say()
    teller.fact(f"{at:%H:%M:%S}", f"{name or address} to {played.arrival.address}: a plain reply", bold=True)
    teller.letter("writes", words)


def tell_told(teller: Teller, told: Sequence[Sent]) -> None:
    """Who among staff was sent what because of a mail."""
    for letter in told:
        teller.fact("told", f"{letter.recipient}: {letter.subject}")


def _seen_as(fate: Fate) -> str:
    sure = "" if fate.sure else ", not surely"
    return f"{fate.kind}{sure}. " + " ".join(_sentence(reason) for reason in fate.reasons)


def _sentence(words: str) -> str:
    words = words.strip()
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "?", "!")) else ".")


def _case(fate: Fate) -> str:
    if fate.opened:
        return f"{fate.reference} opened" + (f"; it goes to {fate.owner}" if fate.owner else "")
    return f"{fate.reference}, open already"


def _tell_answer(teller: Teller, played: Played) -> None:
    fate = played.fate
    if played.answered_after is not None and fate.letter is not None:
        teller.fact("answered", f"after {played.answered_after:.2f} s: {fate.letter.subject}", fg="green")
    elif fate.letter is not None:
        teller.fact("answer", f"{fate.letter.state}: {fate.letter.reason or 'no reason kept'}", fg="yellow")
    elif fate.not_answered:
        teller.fact("not answered", _sentence(fate.not_answered), fg="yellow")


def _tell_owed(teller: Teller, owed: Sequence[Owed]) -> None:
    """What people owe now: the answer, or what comes before it; and whatever was put to a person besides."""
    by_kind = {one.kind: one for one in owed if one.kind != "acknowledge"}
    answer = by_kind.get("respond")
    if answer is not None and answer.due_at is not None:
        by_kind = {kind: one for kind, one in by_kind.items() if kind in ("respond", "attend")}
    for kind, one in by_kind.items():
        if kind == "attend":
            teller.fact("for a person", f"{one.who}: {_sentence(one.why)}", fg="yellow")
        elif one.due_at is not None:
            teller.fact(DUTIES.get(kind, f"{kind} by"), f"{long_date(one.due_at.date())} ({one.who})")
            teller.fact("counted", one.why)
        else:
            teller.fact(DUTIES.get(kind, f"{kind} by"), "no date yet: a person sets it")
