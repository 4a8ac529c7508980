"""Members of staff at work: they get notices, reply to them as mail programs do, and click on links.

office = at_work(tell)                    # dana decides, hal investigates, bea sits on the board
office.complains(jane, "…")               # comes in, and one pass
(notice,) = office.gets("dana")           # what came since they last looked
office.replies("dana", notice, "#assign Hal")
office.clicks("dana", notice, "Deal with it yourself")
"""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support import wire
from tests.support.office import own_address
from tests.support.story import Story

PEOPLE = {
    "dana": ("Dana Director", ["operations-director", "policy-owner", "manager", "complaints-manager", "director"]),
    "hal": ("Hal Handler", ["investigator", "department-manager"]),
    "bea": ("Bea Board", ["board", "directors"]),
}


@dataclass(frozen=True)
class Got:
    """A mail as it lies in somebody's mailbox."""

    raw: bytes
    mail: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"])

    @property
    def about(self) -> str:
        """What its subject says it is; "to decide" for what somebody has to decide on, however sure the program is."""
        heading, _, asks = self.subject.partition(" [")
        return "to decide" if "]: please decide" in asks else heading

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"])

    @property
    def words(self) -> str:
        part = self.mail.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def html(self) -> str:
        part = self.mail.get_body(("html",))
        assert part is not None
        return str(part.get_content())

    def links(self) -> dict[str, tuple[str, str, str]]:
        """Its one-click links: label → address, subject, body. As a browser reads them, out of the HTML."""
        found = {}
        for target, label in re.findall(r'<a [^>]*href="(mailto:[^"]+)"[^>]*>(.*?)</a>', self.html, re.DOTALL):
            parts = urlsplit(target.replace("&amp;", "&"))
            asked = parse_qs(parts.query.replace("+", "%2B"))
            plain = html.unescape(re.sub(r"<[^>]+>|\s+", " ", label)).strip()
            found[plain] = (unquote(parts.path), asked["subject"][0], asked.get("body", [""])[0].replace("\r\n", "\n"))
        return found


@dataclass
class Staff:
    """The office's people, over a story."""

    story: Story
    addresses: dict[str, str]
    seen: dict[str, int] = field(default_factory=dict)

    def address(self, who: str) -> str:
        return self.addresses[who]

    def gets(self, who: str, seconds: float = 15.0) -> list[Got]:
        """What has come to them since they last looked: as many as were sent."""
        address = self.addresses.get(who, who)
        rows = self.story.rows("SELECT COUNT(*) FROM letter WHERE recipient = ? AND state = 'sent'", address)
        want = int(rows[0][0])
        before = self.seen.get(who, 0)
        if want:
            self.story.stack.wait_for(address, want, seconds=seconds)
        raws = self.story.stack.mails(address)[before:]
        self.seen[who] = before + len(raws)
        return [Got(raw, wire.parsed(raw)) for raw in raws]

    def complains(self, sender: str, words: str, **more: Any) -> bytes:
        raw = self.story.complains(sender, body=words, **more)
        self.story.goes_on()
        return raw

    def replies(self, who: str, got: Got, words: str, *, sender: str | None = None, **more: Any) -> bytes:
        """Replies as Thunderbird does: the words, then the mail quoted; one pass."""
        quoted = "".join(f"> {line}\n" for line in got.words.splitlines())
        body = f"{words}\n\nOn 21/11/2026 10:00, {self.story.inbox} wrote:\n{quoted}"
        headers = {"In-Reply-To": got.message_id, "References": got.message_id}
        return self.writes(who, f"Re: {got.subject}", body, headers=headers, sender=sender, **more)

    def clicks(self, who: str, got: Got, label: str, change: Callable[[str], str] = lambda body: body) -> bytes:
        """Clicks a link and sends the mail that it opens, as it is or filled in. No In-Reply-To, as Gmail has it."""
        to, subject, body = got.links()[label]
        return self.writes(who, subject, change(body), to=to)

    def writes(
        self,
        who: str,
        subject: str,
        body: str,
        *,
        to: str | None = None,
        cc: Sequence[str] = (),
        headers: dict[str, str] | None = None,
        sender: str | None = None,
        attachments: Sequence[tuple[str, str, bytes]] = (),
        goes_on: bool = True,
    ) -> bytes:
        address = sender or self.addresses.get(who, who)
        mail = EmailMessage()
        mail["From"] = f"{PEOPLE.get(who, (who, []))[0]} <{address}>"
        mail["To"] = to or self.story.inbox
        if cc:
            mail["Cc"] = ", ".join(cc)
        mail["Subject"] = subject
        mail["Message-ID"] = make_msgid(uuid.uuid4().hex[:8], domain="staff.test")
        mail["Date"] = "Sat, 21 Nov 2026 10:00:00 +0000"
        for name, value in (headers or {}).items():
            mail[name] = value
        mail.set_content(body)
        for name, kind, data in attachments:
            maintype, _, subtype = kind.partition("/")
            mail.add_attachment(data, maintype=maintype, subtype=subtype, filename=name)
        raw = mail.as_bytes()
        boxes = [self.story.inbox, *(one for one in cc if one != self.story.inbox)]
        if to is not None and to != self.story.inbox and "+" not in to:
            boxes.append(to)
        self.story.posts(raw, address, boxes)
        if goes_on:
            self.story.goes_on()
        return raw

    def case(self) -> dict[str, Any]:
        """The only case there is."""
        (case,) = self.story.cases()
        return case


def at_work(
    tell: Callable[..., Story], *, policy: str = "cms", relay: str = 'hold = "0s"', more: str = "", **settings: Any
) -> Staff:
    """An office with people who have mailboxes."""
    addresses = {who: own_address("staff.test").replace("info-", f"{who}-") for who in PEOPLE}
    persons = "".join(
        f'\n[[person]]\nname = "{name}"\nemail = "{addresses[who]}"\nroles = {roles!r}\n'.replace("'", '"')
        for who, (name, roles) in PEOPLE.items()
    )
    story = tell({own_address(): policy}, extra=f"{persons}\n[relay]\n{relay}\n{more}", **settings)
    for address in addresses.values():
        story.stack.add_user(address)
    return Staff(story, addresses)
