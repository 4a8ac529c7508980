"""Staff at work in memory: the real program between two doors, without a mail server, for many mails in little time.

bureau = a_bureau(tmp_path)               # dana decides, hal investigates, bea sits on the board
bureau.complains("The room was cold.")
[notice] = bureau.gets("dana")            # what has come to them since they last looked
bureau.comes(reply(bureau, "dana", notice, "#assign Hal"))
bureau.passes()
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.policy import SMTP
from itertools import count
from pathlib import Path
from typing import Any

from complaintmail.cases.arrival import Ask
from complaintmail.passes.office import Office
from complaintmail.passes.once import run_once
from tests.support import wire
from tests.support.doors import ADDRESS, At, MemoryInbox, MemoryPostbox, an_office
from tests.support.office import a_mail
from tests.support.shaped import shaped
from tests.support.staff import Got

NAMES = {"dana": "Dana", "hal": "Hal Handler", "bea": "Bea Board"}
JANE = "jane@complainants.test"
COLLEAGUES = {
    "hal": '\n[[person]]\nname = "Hal Handler"\nemail = "hal@staff.test"\nroles = ["investigator"]\n',
    "bea": '\n[[person]]\nname = "Bea Board"\nemail = "bea@staff.test"\nroles = ["board", "directors"]\n',
}
AT_ONCE = '[relay]\nhold = "0s"\nconfirm = "never"\n'
_numbers = count(1)


def address_of(who: str) -> str:
    return who if "@" in who else f"{who}@staff.test"


@dataclass
class Bureau:
    """An office, its people, and what lies with each of them."""

    folder: Path
    office: Office
    inbox: MemoryInbox
    postbox: MemoryPostbox
    clock: At
    seen: dict[str, int] = field(default_factory=dict)

    def complains(self, words: str, sender: str = JANE, **more: Any) -> bytes:
        """Somebody writes, and one pass is made."""
        raw = a_mail(ADDRESS, sender=sender, body=words, **more)
        self.comes(raw)
        self.passes()
        return raw

    def comes(self, raw: bytes) -> None:
        self.inbox.deliver(raw)

    def passes(self) -> None:
        assert run_once(self.office) == []

    def takes(self, *raws: bytes) -> None:
        """These come, and one pass is made."""
        for raw in raws:
            self.comes(raw)
        self.passes()

    def all_to(self, who: str) -> list[Got]:
        """Every mail that went to them."""
        raws = [letter.data for letter in self.postbox.taken if letter.recipient.lower() == address_of(who)]
        return [Got(raw, wire.parsed(raw)) for raw in raws]

    def gets(self, who: str) -> list[Got]:
        """What came to them since they last looked."""
        mails = self.all_to(who)
        before = self.seen.get(who, 0)
        self.seen[who] = len(mails)
        return mails[before:]

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "cm.db")) as database:
            return database.execute(sql, params).fetchall()

    def told(self, what: str) -> list[dict[str, Any]]:
        """The events of that name, in full."""
        return [json.loads(row[0]) for row in self.rows("SELECT detail FROM event WHERE what = ? ORDER BY id", what)]

    def state(self, cases: int = 1_000_000) -> dict[str, list[tuple[Any, ...]]]:
        """What a mail that may change nothing must leave as it is, on the first so many cases. Not in it: what is put
        before a person, mail to staff, notes, and what waits for their word whether a mail is theirs."""
        return {
            "cases": self.rows("SELECT * FROM cases WHERE id <= ? ORDER BY id", cases),
            "duties": self.rows("SELECT * FROM obligation WHERE kind <> 'attend' AND case_id <= ? ORDER BY id", cases),
            "regarded": self.rows("SELECT * FROM case_person WHERE case_id <= ? ORDER BY 1, 2", cases),
            "vouched": self.rows(
                "SELECT * FROM case_address WHERE standing <> 'unverified' AND case_id <= ? ORDER BY 1, 2", cases
            ),
            "tied": self.rows("SELECT * FROM case_link ORDER BY 1, 2"),
            "offers": self.rows("SELECT id, state FROM offer WHERE kind <> 'confirm' ORDER BY id"),
            "letters": self.rows(
                "SELECT id, state, text FROM letter WHERE audience <> 'staff' AND case_id <= ? ORDER BY id", cases
            ),
            "deeds": self.rows(
                "SELECT id, what, by FROM event WHERE what LIKE 'staff_%' "
                "AND what NOT IN ('staff_mail_held', 'staff_mail_taken_in', 'staff_note') ORDER BY id"
            ),
        }

    def judges(self, ask: Ask) -> None:
        """Whoever says what a mail is, from now on."""
        desks = self.office.intake.desks
        desks[ADDRESS] = replace(desks[ADDRESS], house=replace(desks[ADDRESS].house, ask=ask))

    def given_to_hal(self, words: str) -> Got:
        """Somebody complains, and dana gives it to hal: the notice that he answers."""
        self.complains(words)
        self.takes(reply("dana", self.gets("dana")[0], "#assign Hal"))
        return next(got for got in self.gets("hal") if "Yours to deal with" in got.subject)

    def outgoing(self, *, staff: bool = True) -> Iterable[tuple[str, bytes]]:
        """Every letter ever made: to whom, and its bytes."""
        chosen = "" if staff else " WHERE audience <> 'staff'"
        for recipient, data in self.rows(f"SELECT recipient, data FROM letter{chosen}"):
            yield recipient, zlib.decompress(data)


def a_bureau(
    folder: Path,
    *,
    box: str = "plus_addressing = true",
    extra: str = AT_ONCE,
    without: Collection[str] = (),
    **more: Any,
) -> Bureau:
    """An office on this folder, without those who have left; open it again for another life of the program."""
    people = "".join(words for who, words in COLLEAGUES.items() if who not in without)
    if not (folder / "cm.db").exists():
        (folder / "cm.db").write_bytes(shaped())
    office, inbox, postbox, clock = an_office(folder, box=box, extra=f"{extra}{people}", **more)
    return Bureau(folder, office, inbox, postbox, clock)


def a_letter(
    sender: str,
    subject: str,
    words: str,
    *,
    to: str = ADDRESS,
    headers: Iterable[tuple[str, str]] = (),
    html: str | None = None,
) -> EmailMessage:
    """A mail by a member of staff, or by whoever says so; still to be changed."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{NAMES.get(sender, sender.partition('@')[0].title())} <{address_of(sender)}>"
    mail["To"] = to
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{next(_numbers)}.written@mails.test>"
    mail["Date"] = "Wed, 18 Nov 2026 12:00:00 +0000"
    for name, value in headers:
        mail[name] = value
    mail.set_content(words)
    if html is not None:
        mail.add_alternative(html, subtype="html")
    return mail


def answering(got: Got) -> list[tuple[str, str]]:
    return [("In-Reply-To", got.message_id), ("References", got.message_id)]


def reply(who: str, got: Got, words: str, *, sender: str | None = None, quotes: bool = True, **more: Any) -> bytes:
    """Replies as mail programs do: to the address that the notice gives, the notice quoted below."""
    quoted = "".join(f"> {line}\n" for line in got.words.splitlines()) if quotes else ""
    body = f"{words}\n\nOn 18/11/2026 12:00, {ADDRESS} wrote:\n{quoted}" if quotes else f"{words}\n"
    mail = a_letter(sender or who, f"Re: {got.subject}", body, headers=answering(got), **more)
    return mail.as_bytes()


def click(who: str, got: Got, label: str, *, sender: str | None = None, body: str | None = None) -> bytes:
    """Clicks a link and sends the mail that it opens."""
    to, subject, words = got.links()[label]
    return a_letter(sender or who, subject, words if body is None else body, to=to).as_bytes()
