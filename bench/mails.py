"""Mails as an organisation gets them, made up from a seed: the same seed gives the same bytes.

`mails(count, seed, to)` gives complaints from different people, each from an address of its own, as phones, Gmail,
Outlook and Apple Mail write them, some with a photo or a PDF, some answering older mail with the quote below; and a few
robots, which nobody answers. `Posted.human` tells which. No mail of anybody's is in here.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from quopri import encodestring

from bench.mail_words import FIRST, GREETINGS, HAPPENED, LAST, MATTERS, QUOTED, SIGNED, STREETS, TOWNS, WANTED

BEGIN = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
ROBOTS = 0.04


@dataclass(frozen=True, slots=True)
class Posted:
    """One mail on its way: who sends it, its bytes, and whether a person wrote it."""

    sender: str
    raw: bytes
    human: bool


def mails(count: int, seed: int, to: str, *, attachments: float = 0.12) -> Iterator[Posted]:
    """So many mails to this address; `attachments` is the share that has a photo or a PDF."""
    chance = random.Random(seed)
    for number in range(count):
        writer = _Writer(chance, seed, number, to)
        yield writer.robot() if chance.random() < ROBOTS else writer.complaint(attachments)


class _Writer:
    """One person, and the mail that they write."""

    def __init__(self, chance: random.Random, seed: int, number: int, to: str) -> None:
        self.chance, self.number, self.to = chance, number, to
        self.first, self.last = chance.choice(FIRST), chance.choice(LAST)
        # Few people share a domain of their own, many the big providers'.
        domain = chance.choice(("gmail.com", "outlook.com", "icloud.com", "yahoo.co.uk", f"home{number}.test"))
        self.address = f"{self.first}.{self.last}.{seed}.{number}@{domain}".lower()
        self.date = BEGIN + timedelta(seconds=411 * number)
        self.message_id = f"<{chance.getrandbits(128):032x}@mail.{domain}>"

    def complaint(self, attachments: float) -> Posted:
        dress = self.chance.choices((self.phone, self.gmail, self.outlook, self.apple), (30, 28, 28, 14))[0]
        matter = self.chance.choice(MATTERS)
        answers = self.chance.random() < 0.15
        subject = f"{'Re: ' if answers else ''}{self.chance.choice(('Complaint about', 'Unhappy with', 'Problem:'))} "
        subject += f"{matter}, ref {self.chance.randrange(10**6):06d}"
        kind, body = dress(self.letter(matter), self.quote() if answers else "")
        if self.chance.random() < attachments:
            kind, body = self.with_file(kind, body)
        thread = f"In-Reply-To: <{self.chance.getrandbits(64):x}@their.test>\r\n" if answers else ""
        return Posted(self.address, self.whole(subject, kind, body, thread), True)

    def letter(self, matter: str) -> list[str]:
        """Its paragraphs; no two letters are alike."""
        chance = self.chance
        happened = chance.sample(HAPPENED, chance.randint(4, 10))
        day = f"{chance.randint(1, 28)} {chance.choice(('August', 'September', 'October'))}"
        words = [s.format(day=day, n=chance.randint(2, 90), street=chance.choice(STREETS)) for s in happened]
        cut = chance.randint(1, len(words) - 1)
        return [
            chance.choice(GREETINGS),
            f"I am writing to complain about {matter}. " + " ".join(words[:cut]),
            " ".join(words[cut:]),
            chance.choice(WANTED).format(n=chance.randint(5, 400)),
            f"{chance.choice(SIGNED)}\n{self.first} {self.last}\n{chance.randint(1, 140)} {chance.choice(STREETS)}, "
            f"{chance.choice(TOWNS)}",
        ]

    def quote(self) -> str:
        lines = self.chance.sample(QUOTED, self.chance.randint(3, len(QUOTED)))
        return "\n".join(lines)

    # As programs write it: the fields of its part, and its bytes

    def phone(self, words: list[str], quote: str) -> tuple[str, bytes]:
        text = "\n\n".join(words) + "\n\nSent from my iPhone\n"
        if quote:
            text += f"\n> On {self.date:%d %b %Y}, at 09:12, Office <{self.to}> wrote:\n> \n" + _marked(quote)
        return "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", _qp(text)

    def gmail(self, words: list[str], quote: str) -> tuple[str, bytes]:
        said = f"On {self.date:%a, %d %b %Y at %H:%M}, Office <{self.to}> wrote:"
        text = "\n\n".join(words) + "\n" + (f"\n{said}\n\n{_marked(quote)}" if quote else "")
        style = ' class="gmail_default" style="font-family:arial,sans-serif;font-size:small;color:rgb(34,34,34)"'
        html = (
            '<div dir="ltr">' + "".join(f"<div{style}>{_html(p)}</div><div{style}><br></div>" for p in words) + "</div>"
        )
        if quote:
            html += (
                f'<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{_html(said)}<br></div>'
                f'<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid '
                f'rgb(204,204,204);padding-left:1ex">{_html(quote)}</blockquote></div>'
            )
        return self.alternative(text, html)

    def outlook(self, words: list[str], quote: str) -> tuple[str, bytes]:
        head = f"From: Office <{self.to}>\nSent: {self.date:%d %B %Y %H:%M}\nTo: {self.first} {self.last}\n"
        head += "Subject: Your booking\n"
        text = "\n\n".join(words) + "\n" + (f"\n{'_' * 32}\n{head}\n{quote}\n" if quote else "")
        font = "style='font-size:11.0pt;font-family:\"Calibri\",sans-serif;mso-fareast-language:EN-US'"
        body = "".join(
            f"<p class=MsoNormal><span lang=EN-GB {font}>{_html(p)}<o:p></o:p></span></p>\n"
            f"<p class=MsoNormal><span lang=EN-GB {font}><o:p>&nbsp;</o:p></span></p>\n"
            for p in words
        )
        if quote:
            body += (
                "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
                f"<p class=MsoNormal><b><span lang=EN-US>{_html(head)}</span></b></p></div>"
                f"<p class=MsoNormal>{_html(quote)}</p>"
            )
        return self.alternative(text, WORD_HEAD + body + "</div></body></html>")

    def apple(self, words: list[str], quote: str) -> tuple[str, bytes]:
        said = f"On {self.date:%d %b %Y}, at {self.date:%H:%M}, Office <{self.to}> wrote:"
        text = "\n\n".join(words) + "\n" + (f"\n> {said}\n> \n{_marked(quote)}" if quote else "")
        html = (
            '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body '
            'style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">'
        )
        html += "".join(f"<div>{_html(p)}</div><div><br></div>" for p in words)
        if quote:
            html += f'<div><br><blockquote type="cite"><div>{_html(said)}</div><br><div>{_html(quote)}</div>'
            html += "</blockquote></div>"
        return self.alternative(text, html + "</body></html>")

    def alternative(self, text: str, html: str) -> tuple[str, bytes]:
        mark = f"----=_Part_{self.chance.getrandbits(64):016x}"
        plain = b'Content-Type: text/plain; charset="UTF-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
        marked = b'Content-Type: text/html; charset="UTF-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
        body = _parts(mark, plain + _qp(text), marked + _qp(html))
        return f'Content-Type: multipart/alternative;\r\n boundary="{mark}"', body

    def with_file(self, kind: str, body: bytes) -> tuple[str, bytes]:
        mark = f"----=_Mixed_{self.chance.getrandbits(64):016x}"
        content = self.chance.randbytes(int(self.chance.triangular(50_000, 300_000, 120_000)) * 3 // 4)
        photo = self.chance.random() < 0.7
        start, name, type_ = (
            (b"\xff\xd8\xff\xe0", "IMG_{}.jpeg", "image/jpeg")
            if photo
            else (b"%PDF-1.7\n", "scan{}.pdf", "application/pdf")
        )
        name = name.format(self.chance.randrange(1000, 9999))
        head = (
            f'Content-Type: {type_}; name="{name}"\r\nContent-Disposition: attachment; filename="{name}"\r\n'
            f"Content-Transfer-Encoding: base64\r\nX-Attachment-Id: f_{self.chance.getrandbits(40):x}\r\n\r\n"
        )
        file = head.encode() + base64.encodebytes(start + content).replace(b"\n", b"\r\n")
        return f'Content-Type: multipart/mixed;\r\n boundary="{mark}"', _parts(
            mark, kind.encode() + b"\r\n\r\n" + body, file
        )

    # Robots

    def robot(self) -> Posted:
        plain = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable"
        if self.chance.random() < 0.5:
            text = f"I am out of the office until {self.chance.randint(2, 28)} December and will read your mail then.\n"
            raw = self.whole(
                f"Automatic reply: your letter {self.number}", plain, _qp(text), "Auto-Submitted: auto-replied\r\n"
            )
            return Posted(self.address, raw, False)
        news = [f"<h2>{_html(s)}</h2><p>{_html(s)} Read more on our pages.</p>" for s in self.chance.sample(QUOTED, 5)]
        kind, body = self.alternative(
            "News of the month\n\n" + "\n".join(QUOTED), WORD_HEAD + "".join(news) + "</div></body></html>"
        )
        listed = "List-Unsubscribe: <https://news.test/u>\r\nList-Id: News <news.test>\r\nPrecedence: bulk\r\n"
        return Posted(self.address, self.whole(f"Our news, number {self.number}", kind, body, listed), False)

    # The whole of it

    def whole(self, subject: str, kind: str, body: bytes, more: str) -> bytes:
        domain = self.address.partition("@")[2]
        token: Callable[[int], str] = lambda n: base64.b64encode(self.chance.randbytes(n)).decode()  # noqa: E731
        when = format_datetime(self.date)
        signature = _signature(token)
        head = (
            f"Received: from out-{self.number}.{domain} (out.{domain} [203.0.113.{self.number % 250}])\r\n"
            f"        by mx.example.test (Postfix) with ESMTPS id {token(9)[:11]}\r\n"
            f"        for <{self.to}>; {when}\r\n"
            f"Authentication-Results: mx.example.test; dkim=pass header.d={domain} header.s=s1;\r\n"
            f"        spf=pass smtp.mailfrom={self.address}; dmarc=pass header.from={domain}\r\n"
            f"Received: by 2002:a05:6000:{self.number % 9999:x} with SMTP id {token(12)}; {when}\r\n"
            f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=s1;\r\n"
            f"        t={int(self.date.timestamp())};\r\n"
            f"        h=to:subject:message-id:date:from:mime-version:from:to:cc:subject:date;\r\n"
            f"        bh={token(32)};\r\n        b={signature}\r\n"
            f"X-Gm-Message-State: {token(60)}\r\nX-Google-Smtp-Source: {token(48)}\r\n"
            f"X-Received: by 2002:adf:{self.number % 9999:x}:: with SMTP id {token(24)}; {when}\r\n"
            f"MIME-Version: 1.0\r\n{more}From: {self.first} {self.last} <{self.address}>\r\n"
            f"Date: {when}\r\nMessage-ID: {self.message_id}\r\nSubject: {subject}\r\nTo: <{self.to}>\r\n"
        )
        if "multipart" in kind:
            head = self.sealed(domain, token) + head
        return head.encode() + kind.encode() + b"\r\n\r\n" + body

    def sealed(self, domain: str, token: Callable[[int], str]) -> str:
        """What the big providers put on top of it."""
        return (
            f"ARC-Seal: i=1; a=rsa-sha256; t={int(self.date.timestamp())}; cv=none; d={domain}; s=arc-1;\r\n"
            f"        b={_signature(token)}\r\n"
            f"ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=arc-1;\r\n"
            f"        h=to:subject:message-id:date:from:mime-version:dkim-signature;\r\n"
            f"        bh={token(32)};\r\n        b={_signature(token)}\r\n"
            f"ARC-Authentication-Results: i=1; mx.{domain}; dkim=pass header.i=@{domain}; spf=pass\r\n"
            f"X-MS-Exchange-SenderADCheck: 1\r\nX-MS-Exchange-AntiSpam-Relay: 0\r\n"
            f"X-Microsoft-Antispam: BCL:0;ARA:13230040|366016|1800799024;\r\n"
            f"X-Microsoft-Antispam-Message-Info: {token(90)}\r\n        {token(54)}\r\n        {token(54)}\r\n"
        )


WORD_HEAD = (
    """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=Generator content="Word 15 (filtered medium)">
<style><!--
"""
    + "\n".join(
        f"""/* Style {name} */
@font-face {{font-family:"{name}"; panose-1:2 15 5 2 2 2 4 3 2 4;}}
p.{name}, li.{name}, div.{name} {{margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif; color:windowtext;}}
span.{name}Style17 {{mso-style-type:personal-compose; font-family:"Calibri",sans-serif; color:windowtext;}}"""
        for name in (
            "MsoNormal",
            "MsoListParagraph",
            "MsoPlainText",
            "MsoHeading",
            "MsoChpDefault",
            "MsoFooter",
            "MsoQuote",
        )
    )
    + """
@page WordSection1 {size:612.0pt 792.0pt; margin:72.0pt 72.0pt 72.0pt 72.0pt;}
div.WordSection1 {page:WordSection1;}
--></style><!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit" spidmax="1026" /></xml><![endif]--></head>
<body lang=EN-GB link="#0563C1" vlink="#954F72" style='word-wrap:break-word'><div class=WordSection1>
"""
)


def _signature(token: Callable[[int], str]) -> str:
    return "\r\n        ".join((token(45), token(45), token(45), token(45), token(45), token(33)))


def _qp(text: str) -> bytes:
    return encodestring(text.encode(), quotetabs=False).replace(b"\n", b"\r\n")


def _html(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\n", "<br>\n")


def _marked(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.split("\n"))


def _parts(mark: str, *parts: bytes) -> bytes:
    line = b"--" + mark.encode()
    return b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
