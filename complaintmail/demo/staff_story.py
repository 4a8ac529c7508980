"""The second half of the story: staff learn of a complaint by mail, give it away and answer it, by plain replies.

What they are shown to get is read out of their mailboxes; what came of their words, out of the database.
"""

from __future__ import annotations

import email
import email.policy
import html
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from itertools import takewhile

from complaintmail.demo.fates import Sent
from complaintmail.demo.papers import Member
from complaintmail.demo.postroom import Arrival
from complaintmail.demo.stage import Played, Stage
from complaintmail.demo.story import Written
from complaintmail.demo.telling import Teller, tell_mail, tell_word
from complaintmail.errors import TemporaryFailure
from complaintmail.letters.notices import NOTE

ANSWER = """\
Dear {complainant},

I am sorry. I have looked into what happened, and you are
right: it should not have. It was put right today, and from
now on I see to it myself.

{handler}"""
OUTCOME = """\
#outcome upheld

We have looked into what you told us and spoken with those who
were there. You were right, and we are sorry. What was wrong is
put right."""
THANKS = """\
Dear {handler},

Thank you. May I have that as a letter on paper too?

{complainant}"""
LINKS_SHOWN = 4
ON_THE_WIRE = email.policy.SMTP.clone(max_line_length=200)  # no subject is folded before its first word


class StaffStory:
    """Played on one case. `now` dates what people write, `pause` comes before each mail."""

    def __init__(self, stage: Stage, teller: Teller, now: Callable[[], datetime], pause: Callable[[], None]) -> None:
        self._stage, self._teller, self._now, self._pause = stage, teller, now, pause

    def play(self, policy: str, complainant: Written, complaint: Played) -> None:
        """From the notice of this complaint to the complainant's word on the answer."""
        director, handler = self._stage.staff[policy]
        reference = complaint.fate.reference or ""
        notice = self._notice(complaint, director.email)
        first_name = handler.name.split()[0]
        if self._stage.standing(reference).handler:  # the policy names one from the start: only a command is an order
            given = self._replies(director, notice, f"#assign {first_name}")
        else:
            asked = self._replies(director, notice, f"Please give this to {first_name}.")
            given = self._replies(director, self._hears(asked, director), "yes")
        self._stands(reference)
        yours = self._notice(given, handler.email)
        words = ANSWER.format(complainant=complainant.name, handler=handler.name)
        shown = self._replies(handler, yours, words)
        self._replies(handler, self._hears(shown, handler), "yes")
        answer = self._stage.answered(reference)
        self._show(answer, "the answer", whole=True)
        self._stands(reference, answered=True)
        thanks = THANKS.format(complainant=complainant.name, handler=handler.name)
        again = self._writes(complainant.name, complainant.address, answer, thanks)
        self._outcome(policy, reference, handler, self._notice(again, handler.email))

    def _outcome(self, policy: str, reference: str, handler: Member, notice: Arrival) -> None:
        """The final letter: drafted from a reply, looked at, sent by one word."""
        asked = self._stage.asked_of_outcomes(policy)
        words = "\n".join((OUTCOME, *(f"{line}none, because this is a demonstration" for line in asked)))
        drafted = self._replies(handler, notice, words)
        theirs = (one for one in drafted.fate.told if one.recipient.lower() == handler.email)
        arrival = self._stage.delivered(next(one for one in theirs if "Look at" in one.subject))
        self._show(arrival, "the letter to look at")
        self._replies(handler, arrival, "#send")
        self._show(self._stage.answered(reference, "outcome"), "the outcome", whole=True)
        case = self._stage.ended(reference)
        self._teller.fact("case", f"{reference} is {case.status}: {case.outcome}", fg="green")

    def _notice(self, played: Played, to: str) -> Arrival:
        """What this member of staff was sent because of a mail, shown as it lies in their mailbox."""
        notice = self._stage.delivered(_sent_to(played, to))
        self._show(notice, "a notice")
        return notice

    def _hears(self, played: Played, member: Member) -> Arrival:
        return self._stage.delivered(_sent_to(played, member.email))

    def _replies(self, member: Member, notice: Arrival, words: str) -> Played:
        played = self._writes(member.name, member.email, notice, words)
        for letter in played.fate.told:
            if letter.recipient.lower() == member.email:
                heard = _read(self._stage.delivered(letter).raw)
                self._teller.fact("comes back", str(heard["Subject"]))
                if (said := first_words(heard)) != NOTE:
                    self._teller.fact("it says", said)
        return played

    def _writes(self, name: str, address: str, answers: Arrival, words: str) -> Played:
        """A plain reply, with the mail quoted below it as mail programs do."""
        self._pause()
        at = self._now()
        mailbox = parseaddr(str(_read(answers.raw)["From"]))[1]
        played = self._stage.send(reply(name, address, answers.raw, words, at), mailbox)
        tell_word(self._teller, at, played, words)
        return played

    def _show(self, arrival: Arrival, what: str, *, whole: bool = False) -> None:
        self._pause()
        mail = _read(arrival.raw)
        tell_mail(self._teller, self._now(), mail, what)
        self._teller.letter("it says", _text(mail).strip() if whole else first_words(mail))
        if links := link_names(mail):
            more = f" and {len(links) - LINKS_SHOWN} more" if len(links) > LINKS_SHOWN else ""
            self._teller.fact("links", f"{', '.join(f'“{name}”' for name in links[:LINKS_SHOWN])}{more}")

    def _stands(self, reference: str, *, answered: bool = False) -> None:
        case = self._stage.standing(reference, answered=answered)
        who = f"{case.handler} deals with it" if case.handler else "nobody deals with it yet"
        said = f"{reference} is {case.status}; {who}" + ("; the answer is credited" if case.answered else "")
        self._teller.fact("case", said, fg="green")


def reply(name: str, address: str, answered: bytes, words: str, at: datetime) -> Written:
    """What a mail program makes of a plain reply."""
    theirs = _read(answered)
    mail = EmailMessage()
    subject = str(theirs["Subject"])
    mail["From"], mail["To"] = f"{name} <{address}>", str(theirs["From"])
    mail["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{secrets.token_hex(10)}@{address.rpartition('@')[2]}>"
    mail["In-Reply-To"] = mail["References"] = str(theirs["Message-ID"])
    quoted = "\n".join(f"> {line}".rstrip() for line in _text(theirs).splitlines())
    mail.set_content(f"{words}\n\nOn {at:%d/%m/%Y, %H:%M}, {theirs['From']} wrote:\n{quoted}\n")
    return Written(name, address, str(mail["Subject"]), str(mail["Message-ID"]), mail.as_bytes(policy=ON_THE_WIRE))


def first_words(mail: EmailMessage) -> str:
    """A notice's first line: where a plain reply to it goes."""
    return " ".join(takewhile(str.strip, _text(mail).splitlines()))


def link_names(mail: EmailMessage) -> list[str]:
    """What the one-click links of a notice are called, in order."""
    body = mail.get_body(("html",))
    found = re.findall(r'<a href="mailto:[^>]*>(.*?)</a>', body.get_content(), re.DOTALL) if body is not None else []
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", "", name)).split()) for name in found]


def _sent_to(played: Played, address: str) -> Sent:
    found = next((letter for letter in played.fate.told if letter.recipient.lower() == address), None)
    if found is None:
        raise TemporaryFailure(f"{address} was told nothing")
    return found


def _read(raw: bytes) -> EmailMessage:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""
